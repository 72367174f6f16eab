//! Add one array to another, in place: `a[i] += b[i]`.
//!
//! This is the smallest kernel that touches memory. It does one addition for
//! every two numbers it reads, so on large arrays it measures the memory and
//! not the processor; on small arrays it measures the call. That makes it the
//! right kernel for finding what a call costs, and the wrong one for finding
//! how fast a language can compute.
#![forbid(unsafe_code)]

mod error;

pub use error::AddError;

use std::cell::Cell;

use pulp::{Arch, Simd, WithSimd};

/// From this many elements on, asking the processor which vectors it has
/// (a few nanoseconds) pays for itself.
const WORTH_A_DISPATCH: usize = 64;

/// Adds `b` to `a`, element by element, in place.
///
/// Both are `f64` slices of the same length. Every sum is rounded once, so the
/// result does not depend on the processor.
///
/// # Errors
///
/// [`AddError::Length`] when the lengths differ; `a` is then unchanged.
///
/// ```
/// let mut a = [1.0, 2.0];
/// add::add(&mut a, &[10.0, 20.0])?;
/// assert_eq!(a, [11.0, 22.0]);
/// # Ok::<(), add::AddError>(())
/// ```
pub fn add(a: &mut [f64], b: &[f64]) -> Result<(), AddError> {
    check_lengths(a.len(), b.len())?;
    if a.len() < WORTH_A_DISPATCH {
        add_equal_lengths(a, b);
    } else {
        Arch::new().dispatch(EqualLengths { a, b });
    }
    Ok(())
}

/// Adds `b` to `a` where the two may be the same memory, or overlap.
///
/// C allows `add(a, a, n)`; `&mut [f64]` beside `&[f64]` does not. A slice of
/// [`Cell`]s says the same thing in safe Rust: elements are read and written
/// one after the other, from the first to the last, and a write may change
/// what is read later.
///
/// # Errors
///
/// [`AddError::Length`] when the lengths differ; `a` is then unchanged.
pub fn add_overlapping(a: &[Cell<f64>], b: &[Cell<f64>]) -> Result<(), AddError> {
    check_lengths(a.len(), b.len())?;
    for (x, y) in a.iter().zip(b) {
        x.set(x.get() + y.get());
    }
    Ok(())
}

fn check_lengths(a: usize, b: usize) -> Result<(), AddError> {
    if a == b {
        Ok(())
    } else {
        Err(AddError::Length { a, b })
    }
}

/// The loop as a value that can be compiled once per vector width. (The compiler
/// does not always inline a closure into the function that has the wide vectors.)
struct EqualLengths<'a> {
    a: &'a mut [f64],
    b: &'a [f64],
}

impl WithSimd for EqualLengths<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        add_equal_lengths(self.a, self.b);
    }
}

#[inline(always)]
fn add_equal_lengths(a: &mut [f64], b: &[f64]) {
    for (x, y) in a.iter_mut().zip(b) {
        *x += y;
    }
}

/// Adds two whole numbers. The sum of two `i32` always fits in an `i64`.
///
/// The race times this one: it does nothing worth its call.
#[must_use]
pub fn add_ints(a: i32, b: i32) -> i64 {
    i64::from(a) + i64::from(b)
}

/// Adds two floating-point numbers (IEEE 754 binary64, rounded to nearest).
#[must_use]
pub fn add_floats(a: f64, b: f64) -> f64 {
    a + b
}

/// Does nothing. What remains when this is called is the call.
pub fn noop() {}
