//! Part 1: raw pointers, as C passes them. Nothing is promised, so look before you go.

use crate::{ERROR_NULL, ERROR_PARAMETER, ERROR_SIZE, OK};

/// Exchanges `*a` and `*b`. They may be the same number.
///
/// # Safety
///
/// - `a` and `b` are null, or each points to a double that is ours for the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn raw_swap(a: *mut f64, b: *mut f64) -> i32 {
    // TODO 1: return ERROR_NULL if one of them is null. Else exchange the numbers.
    let _ = (a, b, ERROR_NULL, OK);
    todo!("TODO 1: exchange two numbers")
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
    // TODO 2: refuse null pointers (ERROR_NULL), a negative n (ERROR_SIZE) and a stride
    // below 1 (ERROR_PARAMETER). Then walk: `values.add(i)` is the address of number i.
    let _ = (values, n, stride, out_sum, ERROR_SIZE, ERROR_PARAMETER);
    todo!("TODO 2: walk with a stride")
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
    // TODO 3: refuse null pointers (ERROR_NULL), and a division without a result
    // (ERROR_PARAMETER). Else write both results.
    let _ = (dividend, divisor, out_quotient, out_remainder);
    todo!("TODO 3: two results through pointers")
}
