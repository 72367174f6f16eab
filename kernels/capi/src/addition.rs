//! Addition: of arrays, and of two numbers for timing the call itself.

use crate::convert;
use crate::status::guard;

/// Does nothing. What a caller measures here is the call.
#[unsafe(no_mangle)]
pub extern "C" fn kernels_noop() {
    ::add::noop();
}

/// The sum of two ints. It always fits, so there is no status.
#[unsafe(no_mangle)]
pub extern "C" fn kernels_add_ints(a: i32, b: i32) -> i64 {
    ::add::add_ints(a, b)
}

/// The sum of two doubles. It cannot fail, so there is no status.
#[unsafe(no_mangle)]
pub extern "C" fn kernels_add_floats(a: f64, b: f64) -> f64 {
    ::add::add_floats(a, b)
}

/// `a[i] += b[i]` for `n` doubles.
///
/// - `a`, `b`: `n` doubles each, yours, borrowed for the call; they must not
///   overlap. May be null only when `n` is 0.
/// - Threads: nobody else may use `a` or write `b` meanwhile.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
/// `KERNELS_ERROR_SIZE`, `KERNELS_ERROR_OVERLAP`; then `a` is unchanged.
///
/// # Safety
///
/// - `a` points to `n` doubles that nobody else reads or writes meanwhile.
/// - `b` points to `n` doubles that nobody else writes meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_add(a: *mut f64, b: *const f64, n: i64) -> i32 {
    guard(|| {
        convert::apart((a.cast_const(), n, "a"), (b, n, "b"))?;
        // SAFETY: the caller promises `n` doubles; they do not overlap `b`.
        let a = unsafe { convert::slice_mut(a, n, "a") }?;
        // SAFETY: the caller promises `n` doubles; they do not overlap `a`.
        let b = unsafe { convert::slice(b, n, "b") }?;
        Ok(::add::add(a, b)?)
    })
}
