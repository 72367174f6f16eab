//! Fibonacci numbers: the step `(a, b) -> (b, a + b)`, the n-th number, and
//! the sequence.
//!
//! Counting starts at F(0) = 0, F(1) = 1 (OEIS A000045). The numbers outgrow
//! every fixed type soon: F(47) does not fit in an `i32`, F(94) not in a `u64`.
//! That is why overflow is an error here and not a wrapped number.
//!
//! The step is far cheaper than any call between languages. A loop over it
//! from Python therefore measures the call, and that is what it is for.
#![forbid(unsafe_code)]

mod error;

pub use error::FibonacciError;

use num_traits::{CheckedAdd, One, Zero};

/// The largest n for which F(n) fits in a `u64`.
pub const LARGEST_N_U64: u64 = 93;

/// One step: `(a, b)` becomes `(b, a + b)`.
///
/// # Errors
///
/// [`FibonacciError::StepOverflow`] when `a + b` does not fit in `T`.
///
/// ```
/// assert_eq!(fibonacci::step(5_i32, 8), Ok((8, 13)));
/// assert!(fibonacci::step(i32::MAX, 1).is_err());
/// ```
pub fn step<T>(a: T, b: T) -> Result<(T, T), FibonacciError>
where
    T: CheckedAdd + Copy + Into<i128>,
{
    match a.checked_add(&b) {
        Some(sum) => Ok((b, sum)),
        None => Err(FibonacciError::StepOverflow {
            a: a.into(),
            b: b.into(),
            type_name: std::any::type_name::<T>(),
        }),
    }
}

/// F(n), in any integer type `T`.
///
/// # Errors
///
/// [`FibonacciError::Overflow`], which names n and the type, when F(n) does
/// not fit in `T`.
///
/// ```
/// assert_eq!(fibonacci::nth::<u64>(93), Ok(12_200_160_415_121_876_738));
/// assert!(fibonacci::nth::<u64>(94).is_err());
/// ```
pub fn nth<T>(n: u64) -> Result<T, FibonacciError>
where
    T: CheckedAdd + Copy + Zero + One,
{
    let overflow = || FibonacciError::Overflow {
        n,
        type_name: std::any::type_name::<T>(),
    };
    if n == 0 {
        return Ok(T::zero());
    }
    let (mut previous, mut current) = (T::zero(), T::one());
    // n - 1 steps from (F(0), F(1)), and no further: computing one more than
    // asked for would refuse the largest number that fits.
    for _ in 1..n {
        let next = previous.checked_add(&current).ok_or_else(overflow)?;
        (previous, current) = (current, next);
    }
    Ok(current)
}

/// F(0), F(1), ... F(n - 1): the first `n` numbers.
///
/// # Errors
///
/// [`FibonacciError::Overflow`], which names the first index that does not
/// fit and the type.
pub fn sequence<T>(n: u64) -> Result<Vec<T>, FibonacciError>
where
    T: CheckedAdd + Copy + Zero + One,
{
    // No fixed-size integer holds 200 of them, so a huge n must not reserve
    // memory before it is refused.
    let mut numbers = Vec::with_capacity(usize::try_from(n.min(200)).unwrap_or(200));
    let (mut current, mut next) = (T::zero(), Some(T::one()));
    for index in 0..n {
        numbers.push(current);
        if index + 1 < n {
            let following = next.ok_or(FibonacciError::Overflow {
                n: index + 1,
                type_name: std::any::type_name::<T>(),
            })?;
            next = current.checked_add(&following);
            current = following;
        }
    }
    Ok(numbers)
}
