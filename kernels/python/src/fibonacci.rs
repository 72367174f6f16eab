//! Fibonacci numbers.

use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;

use crate::array::count;
use crate::error::Raise;

/// Return (b, a + b): one Fibonacci step.
#[pyfunction]
#[pyo3(signature = (a, b, /))]
pub(crate) fn fibonacci_step(a: u64, b: u64) -> Result<(u64, u64), Raise> {
    Ok(::fibonacci::step(a, b)?)
}

/// Return F(n), with F(0) = 0 and F(1) = 1. The largest n is 93.
#[pyfunction]
pub(crate) fn fibonacci(n: i64) -> Result<u64, Raise> {
    Ok(::fibonacci::nth(count(n, "n")?)?)
}

/// Return F(0), ... F(n - 1) as a uint64 array. The largest n is 94.
#[pyfunction]
pub(crate) fn fibonacci_sequence(
    py: Python<'_>,
    n: i64,
) -> Result<Bound<'_, PyArray1<u64>>, Raise> {
    Ok(::fibonacci::sequence(count(n, "n")?)?.into_pyarray(py))
}
