//! The safe kernels under the pointer lessons.
//!
//! Each function here is what one lesson passes across the border: a swap, a
//! walk with a stride, a second result, a pointer into the caller's memory, a
//! struct, a string, a callback, a handle. In Rust they need no pointer at
//! all: references, slices, `Option` and closures say the same, and the
//! compiler checks it. The C skin adds the pointers, and with them the list
//! of what a caller must promise.
#![forbid(unsafe_code)]

mod error;
mod reading;
mod statistics;

pub use error::PointerError;
pub use reading::Reading;
pub use statistics::RunningStatistics;

use std::cell::Cell;

/// The longest name [`greet`] accepts, in bytes of UTF-8.
pub const LONGEST_NAME: usize = 1000;

/// Exchanges two numbers. Both cells may be the same one.
pub fn swap(a: &Cell<f64>, b: &Cell<f64>) {
    a.swap(b);
}

/// The sum of every `stride`-th number, starting with the first.
///
/// With `stride` = number of columns, that is a column of a row-major grid.
///
/// # Errors
///
/// [`PointerError::Stride`] when `stride` is 0: the walk would never end.
///
/// ```
/// assert_eq!(pointers::sum_strided(&[1.0, 2.0, 3.0, 4.0, 5.0], 2), Ok(9.0));
/// ```
pub fn sum_strided(values: &[f64], stride: usize) -> Result<f64, PointerError> {
    if stride == 0 {
        return Err(PointerError::Stride);
    }
    // Not `sum()`, which starts from -0.0: nothing at all should sum to 0.0.
    Ok(values
        .iter()
        .step_by(stride)
        .fold(0.0, |sum, value| sum + value))
}

/// Quotient and remainder, rounded towards zero as in C: two results, so one
/// of them needs an out-parameter in C.
///
/// # Errors
///
/// [`PointerError::DivisionByZero`], and [`PointerError::QuotientOverflow`]
/// for the one division whose quotient does not fit: `i64::MIN / -1`.
///
/// ```
/// assert_eq!(pointers::divide(-7, 2), Ok((-3, -1)));
/// ```
pub fn divide(dividend: i64, divisor: i64) -> Result<(i64, i64), PointerError> {
    if divisor == 0 {
        return Err(PointerError::DivisionByZero { dividend });
    }
    match (dividend.checked_div(divisor), dividend.checked_rem(divisor)) {
        (Some(quotient), Some(remainder)) => Ok((quotient, remainder)),
        _ => Err(PointerError::QuotientOverflow { dividend, divisor }),
    }
}

/// A reference to the largest number; to the first of them where several are
/// equal. Numbers are in the total order of IEEE 754, where a NaN with the
/// sign bit clear is above infinity.
///
/// # Errors
///
/// [`PointerError::Empty`] when there are no numbers.
///
/// ```
/// let values = [3.0, 8.0, 5.0];
/// assert!(std::ptr::eq(pointers::largest(&values)?, &values[1]));
/// # Ok::<(), pointers::PointerError>(())
/// ```
pub fn largest(values: &[f64]) -> Result<&f64, PointerError> {
    let mut largest = values.first().ok_or(PointerError::Empty)?;
    for value in values {
        if value.total_cmp(largest).is_gt() {
            largest = value;
        }
    }
    Ok(largest)
}

/// A greeting for `name`, in a string of its own. Who frees it? In Rust, its
/// owner going out of scope; across the border, whoever the header names.
///
/// # Errors
///
/// [`PointerError::NameLength`] when the name is empty or longer than
/// [`LONGEST_NAME`] bytes.
///
/// ```
/// assert_eq!(pointers::greet("Ada")?, "Hello, Ada!");
/// # Ok::<(), pointers::PointerError>(())
/// ```
pub fn greet(name: &str) -> Result<String, PointerError> {
    if name.is_empty() || name.len() > LONGEST_NAME {
        return Err(PointerError::NameLength { length: name.len() });
    }
    Ok(format!("Hello, {name}!"))
}

/// The integral of `f` from `low` to `high` by the trapezoidal rule on
/// `intervals` equal intervals: `f` is called `intervals + 1` times, from
/// `low` upwards.
///
/// ```text
/// h = (high - low) / n
/// integral = h * ( f(low)/2 + f(low + h) + ... + f(high)/2 )
/// ```
///
/// # Errors
///
/// [`PointerError::Intervals`] when `intervals` is 0,
/// [`PointerError::Bounds`] when a bound is not finite, and the error of the
/// first call of `f` that fails; `f` is not called again after it.
pub fn integrate<E>(
    mut f: impl FnMut(f64) -> Result<f64, E>,
    low: f64,
    high: f64,
    intervals: u32,
) -> Result<f64, E>
where
    E: From<PointerError>,
{
    if intervals == 0 {
        return Err(PointerError::Intervals.into());
    }
    if !(low.is_finite() && high.is_finite()) {
        return Err(PointerError::Bounds { low, high }.into());
    }
    let h = (high - low) / f64::from(intervals);
    let mut sum = f(low)? / 2.0;
    for k in 1..intervals {
        sum += f(low + f64::from(k) * h)?;
    }
    sum += f(high)? / 2.0;
    Ok(sum * h)
}

/// `count` numbers, all `value`: a buffer to hand out and take back.
///
/// # Errors
///
/// [`PointerError::Memory`] when there is not that much memory.
pub fn filled(count: usize, value: f64) -> Result<Box<[f64]>, PointerError> {
    let mut numbers = Vec::new();
    numbers
        .try_reserve_exact(count)
        .map_err(|_| PointerError::Memory { count })?;
    numbers.resize(count, value);
    Ok(numbers.into_boxed_slice())
}
