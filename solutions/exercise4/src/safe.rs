//! Part 2: the same three ideas, with types that keep the promises.
//!
//! Unsafe code is forbidden in this file, so nothing can be read through a raw pointer.
#![forbid(unsafe_code)]

// Two `&mut` are never null and never one number: the compiler sees to it where this is
// called. So the check for null and the question "are they the same?" moved to the skin.
/// Exchanges two numbers.
pub fn swap(a: &mut f64, b: &mut f64) {
    std::mem::swap(a, b);
}

// A slice is an address and a length, so there is no n that could be wrong, and no
// negative one. The stride of 0 is a mistake of value, which a type cannot take away.
/// The sum of every `stride`-th number, starting with the first.
pub fn sum_strided(values: &[f64], stride: usize) -> Option<f64> {
    if stride == 0 {
        return None;
    }
    // Not `sum()`, which starts from -0.0: no numbers should sum to 0.0.
    let sum = values.iter().step_by(stride).fold(0.0, |sum, x| sum + x);
    Some(sum)
}

// A tuple holds both results, and Option says "there may be none": no out-parameter, and
// no number that means an error.
/// Quotient and remainder, rounded towards zero.
pub fn divide(dividend: i64, divisor: i64) -> Option<(i64, i64)> {
    Some((
        dividend.checked_div(divisor)?,
        dividend.checked_rem(divisor)?,
    ))
}
