//! The rungs and the roofs as C functions, for `ffi_workbook.race.ladder`.
//!
//! A status of 0 is success; 1 is an argument that names nothing here. This skin
//! serves one measuring program, so what that program proves is not checked twice.

use std::slice;

use heat::{Diffusion, Plan, evolve_steps_with};
use ndarray::ArrayViewMut2;

use crate::roofs::{Arithmetic, Arrays, Stream, compute, stream};
use crate::rungs::{Grids, Numbers, RUNGS};

const OK: i32 = 0;
const UNKNOWN: i32 = 1;

/// `steps` steps of rung number `rung`, from 0, on two grids of `nx` x `ny` cells.
///
/// # Safety
///
/// - `u` and `u_previous` each point to `nx * ny` values that nothing else uses
///   during the call, and the two do not overlap.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ladder_rung(
    rung: usize,
    u: *mut f64,
    u_previous: *mut f64,
    nx: usize,
    ny: usize,
    steps: u64,
) -> i32 {
    let Some((_, run)) = RUNGS.get(rung) else {
        return UNKNOWN;
    };
    let mut grids = Grids {
        // SAFETY: the caller's promise on `u`.
        u: unsafe { grid(u, nx, ny) },
        // SAFETY: the caller's promise on `u_previous`.
        u_previous: unsafe { grid(u_previous, nx, ny) },
    };
    run(&mut grids, steps, &Numbers::default());
    OK
}

/// `steps` steps of the kernel in single precision.
///
/// # Safety
///
/// - Those of [`ladder_rung`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ladder_single(
    u: *mut f32,
    u_previous: *mut f32,
    nx: usize,
    ny: usize,
    steps: u64,
    threads: usize,
) -> i32 {
    let diffusion: Diffusion = Numbers::default().diffusion;
    let plan = Plan::for_threads::<f32>(nx, ny, steps, threads);
    // SAFETY: the caller's promise on `u`.
    let u = unsafe { grid(u, nx, ny) };
    // SAFETY: the caller's promise on `u_previous`.
    let u_previous = unsafe { grid(u_previous, nx, ny) };
    match evolve_steps_with(u, u_previous, steps, &diffusion, &plan) {
        Ok(()) => OK,
        Err(_) => UNKNOWN,
    }
}

/// How the kernel cuts its work on a grid of `f64`: depth, height and width of a
/// tile, and threads.
///
/// # Safety
///
/// - `out_plan` points to four values that nothing else uses during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ladder_plan(
    nx: usize,
    ny: usize,
    steps: u64,
    threads: usize,
    out_plan: *mut usize,
) {
    let plan = Plan::for_threads::<f64>(nx, ny, steps, threads);
    // SAFETY: the caller's promise.
    let out = unsafe { slice::from_raw_parts_mut(out_plan, 4) };
    out.copy_from_slice(&[plan.depth, plan.height, plan.width, plan.threads]);
}

/// A loop that moves memory: 0 is scale, 1 triad, 2 sum.
///
/// # Safety
///
/// - `a`, `b` and `c` each point to `n` values that nothing else uses during the
///   call, and they do not overlap.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ladder_stream(
    kind: u32,
    a: *mut f64,
    b: *mut f64,
    c: *mut f64,
    n: usize,
    threads: usize,
    repeats: u64,
) -> i32 {
    let kind = match kind {
        0 => Stream::Scale,
        1 => Stream::Triad,
        2 => Stream::Sum,
        _ => return UNKNOWN,
    };
    let arrays = Arrays {
        // SAFETY: the caller's promise on `a`.
        a: unsafe { slice::from_raw_parts_mut(a, n) },
        // SAFETY: the caller's promise on `b`.
        b: unsafe { slice::from_raw_parts_mut(b, n) },
        // SAFETY: the caller's promise on `c`.
        c: unsafe { slice::from_raw_parts_mut(c, n) },
    };
    std::hint::black_box(stream(kind, arrays, threads, repeats));
    OK
}

/// Operations made by chains of multiplications and additions; `fused` is 0 or 1.
#[unsafe(no_mangle)]
pub extern "C" fn ladder_compute(fused: u32, threads: usize, rounds: u64) -> f64 {
    let arithmetic = match fused {
        0 => Arithmetic::Separate,
        _ => Arithmetic::Fused,
    };
    compute(arithmetic, threads, rounds)
}

/// # Safety
///
/// - `cells` points to `nx * ny` values that nothing else uses during `'a`.
unsafe fn grid<'a, E>(cells: *mut E, nx: usize, ny: usize) -> ArrayViewMut2<'a, E> {
    // SAFETY: the caller's promise.
    let cells = unsafe { slice::from_raw_parts_mut(cells, nx * ny) };
    ArrayViewMut2::from_shape((nx, ny), cells).expect("as many cells as the shape has")
}
