//! Part 1: raw pointers, as C passes them. Nothing is promised, so look before you go.

use crate::{ERROR_NULL, ERROR_PARAMETER, ERROR_SIZE, OK};

/// Exchanges `*a` and `*b`. They may be the same number.
///
/// # Safety
///
/// - `a` and `b` are null, or each points to a double that is ours for the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn raw_swap(a: *mut f64, b: *mut f64) -> i32 {
    // Through raw pointers this is right even when a is b: both numbers are read before
    // one is written. With `&mut *a` and `&mut *b` it would be undefined behaviour.
    // SAFETY: not null, and the caller promises doubles that are ours.
    unsafe {
        let (x, y) = (*a, *b);
        *a = y;
        *b = x;
    }
    OK
}

/// Writes the sum of `values[0]`, `values[stride]`, `values[2 * stride]` ... to `*out_sum`,
/// and touches none of the `n` numbers between them.
///
/// # Safety
///
/// - `values` is null, or points to `n` doubles that nobody writes meanwhile.
/// - `out_sum` is null, or points to room for one double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn raw_sum_strided(
    values: *const f64,
    n: i64,
    stride: i64,
    out_sum: *mut f64,
) -> i32 {
    if values.is_null() || out_sum.is_null() {
        return ERROR_NULL;
    }
    // A negative i64 becomes no usize: the conversion is the check.
    let Ok(n) = usize::try_from(n) else {
        return ERROR_SIZE;
    };
    let stride = match usize::try_from(stride) {
        Ok(stride) if stride > 0 => stride,
        _ => return ERROR_PARAMETER,
    };
    let mut sum = 0.0;
    let mut i = 0;
    while i < n {
        // `add` counts in doubles, not in bytes.
        // SAFETY: i < n, and the caller promises n doubles.
        sum += unsafe { *values.add(i) };
        // i + stride may be too large for the type. Then it is also larger than n.
        i = i.saturating_add(stride);
    }
    // Only now: a call that is refused writes nothing.
    // SAFETY: not null, and the caller promises room for one double.
    unsafe { *out_sum = sum };
    OK
}

/// Writes the quotient and the remainder of two ints, rounded towards zero: two results,
/// so both go through out-parameters. Where there is no result, nothing is written.
///
/// # Safety
///
/// - `out_quotient` and `out_remainder` are null, or each points to room for a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn raw_divide(
    dividend: i64,
    divisor: i64,
    out_quotient: *mut i64,
    out_remainder: *mut i64,
) -> i32 {
    if out_quotient.is_null() || out_remainder.is_null() {
        return ERROR_NULL;
    }
    // None for a divisor of 0, and for i64::MIN / -1, which does not fit. A plain `/`
    // panics for both, and a panic may not go through C.
    let Some(quotient) = dividend.checked_div(divisor) else {
        return ERROR_PARAMETER;
    };
    // SAFETY: neither is null, and the caller promises room for a number in each.
    unsafe {
        *out_quotient = quotient;
        *out_remainder = dividend % divisor;
    }
    OK
}
