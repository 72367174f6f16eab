//! The course's classic symbols, with their published signatures.
//!
//! They replace a C library of the same functions without a change to the
//! lesson that calls it. They cannot report an error; where C would crash or
//! compute nonsense (a null pointer, a negative size), these change nothing
//! and leave a message for `kernels_last_error`.

use std::cell::Cell;
use std::ffi::c_int;
use std::slice;

use ::heat::Diffusion;

use crate::convert;
use crate::status::guard;

/// `a[i] += b[i]` for `i` from 0 to `n - 1`, in this order.
///
/// - `a`, `b`: `n` doubles each, yours, borrowed for the call. They may overlap
///   or be the same. May be null only when `n` is 0.
/// - Threads: nobody else may use `a` or write `b` meanwhile.
///
/// # Safety
///
/// - `a` points to `n` doubles that nobody else reads or writes meanwhile.
/// - `b` points to `n` doubles that nobody else writes meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn add(a: *mut f64, b: *mut f64, n: c_int) {
    guard(|| {
        let count = convert::count::<f64>(n.into(), "n")?;
        if convert::overlap(a, count, b, count) {
            convert::check(a, "a")?;
            convert::check(b, "b")?;
            // SAFETY: not null and aligned, checked above; the caller promises
            // `n` doubles; a shared slice of cells may overlap another one.
            let a = unsafe { slice::from_raw_parts(a.cast::<Cell<f64>>(), count) };
            // SAFETY: as above.
            let b = unsafe { slice::from_raw_parts(b.cast::<Cell<f64>>(), count) };
            return Ok(::add::add_overlapping(a, b)?);
        }
        // SAFETY: the caller promises `n` doubles, and they do not overlap `b`.
        let a = unsafe { convert::slice_mut(a, n.into(), "a") }?;
        // SAFETY: the caller promises `n` doubles, and nobody writes them.
        let b = unsafe { convert::slice(b, n.into(), "b") }?;
        Ok(::add::add(a, b)?)
    });
}

/// One Fibonacci step: `(*a, *b)` becomes `(*b, *a + *b)`.
///
/// When the sum does not fit in an `int`, nothing is changed.
///
/// - `a`, `b`: one int each, yours, borrowed for the call; not null, and not
///   the same one.
///
/// # Safety
///
/// - `a` and `b` are null, or each points to an int that nobody else reads or
///   writes meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fibo(a: *mut c_int, b: *mut c_int) {
    guard(|| {
        convert::apart((a, 1, "a"), (b, 1, "b"))?;
        // SAFETY: the caller promises an int or null, and it is not `b`.
        let a = unsafe { convert::reference(a, "a") }?;
        // SAFETY: the caller promises an int or null, and it is not `a`.
        let b = unsafe { convert::reference(b, "b") }?;
        (*a, *b) = ::fibonacci::step(*a, *b)?;
        Ok(())
    });
}

/// One step of the heat equation: the interior of `u` from `u_previous`, then
/// `u_previous` becomes a copy of `u`. No check of stability.
///
/// Operations are those of the published C, in the same order, with two
/// divisions a cell: the results are equal bit for bit. Rows are `ny` apart
/// (the published C has `nx` there, which is right on squares only).
///
/// - `u`, `u_previous`: `nx * ny` doubles each, row by row, yours, borrowed for
///   the call; they must not overlap. May be null only when `nx * ny` is 0.
/// - Threads: nobody else may use the two grids meanwhile.
///
/// # Safety
///
/// - `u` and `u_previous` each point to `nx * ny` doubles that nobody else
///   reads or writes meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evolve(
    u: *mut f64,
    u_previous: *mut f64,
    nx: c_int,
    ny: c_int,
    a: f64,
    dt: f64,
    dx2: f64,
    dy2: f64,
) {
    guard(|| {
        // SAFETY: the caller promises two grids of nx * ny doubles.
        let (u, u_previous) = unsafe { convert::grids(u, u_previous, nx.into(), ny.into()) }?;
        let diffusion = Diffusion::unchecked(a, dt, dx2, dy2);
        Ok(::heat::evolve(u, u_previous, &diffusion)?)
    });
}
