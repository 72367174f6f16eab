//! Fibonacci numbers as `uint64_t`; F(93) is the largest that fits.

use crate::convert::{self, Out};
use crate::status::guard;

/// One Fibonacci step: `(*a, *b)` becomes `(*b, *a + *b)`.
///
/// - `a`, `b`: one number each, yours, borrowed for the call; not null, and not
///   the same one.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
/// `KERNELS_ERROR_OVERLAP`, and `KERNELS_ERROR_OVERFLOW` when the sum does not
/// fit; then nothing is changed.
///
/// # Safety
///
/// - `a` and `b` are null, or each points to a number that nobody else reads
///   or writes meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_fibonacci_step(a: *mut u64, b: *mut u64) -> i32 {
    guard(|| {
        convert::apart((a.cast_const(), 1, "a"), (b.cast_const(), 1, "b"))?;
        // SAFETY: the caller promises a number or null, and it is not `b`.
        let a = unsafe { convert::reference(a, "a") }?;
        // SAFETY: the caller promises a number or null, and it is not `a`.
        let b = unsafe { convert::reference(b, "b") }?;
        (*a, *b) = ::fibonacci::step(*a, *b)?;
        Ok(())
    })
}

/// F(n), with F(0) = 0 and F(1) = 1.
///
/// - `out_number`: room for one number, yours; not null.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
/// `KERNELS_ERROR_SIZE` for a negative n, and `KERNELS_ERROR_OVERFLOW` for an
/// n above 93.
///
/// # Safety
///
/// - `out_number` is null, or points to memory for one number that this call
///   may write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_fibonacci(n: i64, out_number: *mut u64) -> i32 {
    guard(|| {
        // SAFETY: the caller promises room for one number, or null.
        let out = unsafe { Out::new(out_number, "out_number") }?;
        let n = convert::count::<u8>(n, "n")?;
        out.write(::fibonacci::nth(n as u64)?);
        Ok(())
    })
}

/// F(0), F(1), ... F(n - 1): the first `n` numbers.
///
/// - `out_numbers`: room for `n` numbers, yours. May be null only when `n` is
///   0.
///
/// Returns `KERNELS_OK`, or `KERNELS_ERROR_NULL`, `KERNELS_ERROR_ALIGNMENT`,
/// `KERNELS_ERROR_SIZE` for a negative n, and `KERNELS_ERROR_OVERFLOW` for an
/// n above 94; then nothing is written.
///
/// # Safety
///
/// - `out_numbers` points to memory for `n` numbers that this call may write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kernels_fibonacci_sequence(n: i64, out_numbers: *mut u64) -> i32 {
    guard(|| {
        let count = convert::count::<u64>(n, "n")?;
        let numbers = ::fibonacci::sequence::<u64>(count as u64)?;
        // SAFETY: the caller promises room for `n` numbers.
        unsafe { convert::copy_out(&numbers, out_numbers, "out_numbers") }
    })
}
