//! The heat equation, checked.

use std::num::NonZero;

use ::heat::{Diffusion, Plan};

use crate::convert::{self, Out};
use crate::status::guard;

/// One step of the heat equation, as the classic `evolve` does it, checked.
///
/// - `u`, `u_previous`: `nx * ny` doubles each, row by row, yours, borrowed for
///   the call; they must not overlap. May be null only when `nx * ny` is 0.
/// - `a`: diffusion constant; `dt`: time step; `dx2`, `dy2`: squared distances
///   between rows and between columns.
/// - Threads: nobody else may use the two grids meanwhile.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
/// `KERNELS_ERROR_SIZE`, `KERNELS_ERROR_OVERLAP`, `KERNELS_ERROR_PARAMETER`,
/// and `KERNELS_ERROR_UNSTABLE` when `dt > dx2*dy2 / (2*a*(dx2 + dy2))`; then
/// nothing is changed.
///
/// # Safety
///
/// - `u` and `u_previous` each point to `nx * ny` doubles that nobody else
///   reads or writes meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_evolve(
    u: *mut f64,
    u_previous: *mut f64,
    nx: i64,
    ny: i64,
    a: f64,
    dt: f64,
    dx2: f64,
    dy2: f64,
) -> i32 {
    guard(|| {
        // SAFETY: the caller promises two grids of nx * ny doubles.
        let (u, u_previous) = unsafe { convert::grids(u, u_previous, nx, ny) }?;
        Ok(::heat::evolve(
            u,
            u_previous,
            &Diffusion::new(a, dt, dx2, dy2)?,
        )?)
    })
}

/// `steps` steps in one call, with the divisions done once. On return both
/// grids hold the field after the last step; the last bits differ from those
/// of `kernels_evolve`, and do not depend on `threads`.
///
/// - `threads`: how many threads may work, this one included; 0 for as many as
///   are worth it. All are done when the call returns.
///
/// Arguments, threads and statuses are those of `kernels_evolve`; a negative
/// `steps` or `threads` is `KERNELS_ERROR_SIZE`.
///
/// # Safety
///
/// - `u` and `u_previous` each point to `nx * ny` doubles that nobody else
///   reads or writes meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_evolve_steps(
    u: *mut f64,
    u_previous: *mut f64,
    nx: i64,
    ny: i64,
    steps: i64,
    a: f64,
    dt: f64,
    dx2: f64,
    dy2: f64,
    threads: i64,
) -> i32 {
    guard(|| {
        // SAFETY: the caller promises two grids of nx * ny doubles.
        let (u, u_previous) = unsafe { convert::grids(u, u_previous, nx, ny) }?;
        let steps = convert::count::<u8>(steps, "steps")? as u64;
        let threads = convert::count::<u8>(threads, "threads")?;
        let plan = Plan::for_caller::<f64>(u.dim(), steps, NonZero::new(threads));
        let diffusion = Diffusion::new(a, dt, dx2, dy2)?;
        Ok(::heat::evolve_steps_with(
            u, u_previous, steps, &diffusion, &plan,
        )?)
    })
}

/// The longest stable time step: `dx2*dy2 / (2*a*(dx2 + dy2))`.
///
/// - `out_dt`: room for one double, yours; not null.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
/// `KERNELS_ERROR_PARAMETER`.
///
/// # Safety
///
/// - `out_dt` is null, or points to memory for one double that this call may
///   write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_largest_stable_dt(
    a: f64,
    dx2: f64,
    dy2: f64,
    out_dt: *mut f64,
) -> i32 {
    guard(|| {
        // SAFETY: the caller promises room for one double, or null.
        let out = unsafe { Out::new(out_dt, "out_dt") }?;
        // A time step of 0 is always stable: this checks the other three.
        Diffusion::new(a, 0.0, dx2, dy2)?;
        out.write(Diffusion::largest_stable_dt(a, dx2, dy2));
        Ok(())
    })
}
