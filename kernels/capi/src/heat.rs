//! The heat equation, checked.

use ::heat::Diffusion;

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
/// Returns `KERNELS_OK`, or `_ERROR_NULL`, `_ALIGNMENT`, `_SIZE`, `_OVERLAP`,
/// `_PARAMETER`, and `_UNSTABLE` when `dt > dx2*dy2 / (2*a*(dx2 + dy2))`; then
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
/// of `kernels_evolve`.
///
/// Arguments, threads and statuses are those of `kernels_evolve`, and
/// `_ERROR_SIZE` when `steps` is negative.
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
) -> i32 {
    guard(|| {
        // SAFETY: the caller promises two grids of nx * ny doubles.
        let (u, u_previous) = unsafe { convert::grids(u, u_previous, nx, ny) }?;
        let steps = convert::count::<u8>(steps, "steps")? as u64;
        Ok(::heat::evolve_steps(
            u,
            u_previous,
            steps,
            &Diffusion::new(a, dt, dx2, dy2)?,
        )?)
    })
}

/// The longest stable time step: `dx2*dy2 / (2*a*(dx2 + dy2))`.
///
/// - `out_dt`: room for one double, yours; not null.
///
/// Returns `KERNELS_OK`, or `_ERROR_NULL`, `_ALIGNMENT`, `_PARAMETER`.
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
