//! Addition.

use ndarray::Ix1;
use pyo3::prelude::*;

use crate::array::{maybe_detached, read_only, read_write};
use crate::error::Raise;

/// Do nothing. What a caller measures here is the call.
#[pyfunction]
pub(crate) fn noop() {
    ::add::noop();
}

/// Return a + b for two ints of at most 32 bits.
#[pyfunction]
#[pyo3(signature = (a, b, /))]
pub(crate) fn add_ints(a: i32, b: i32) -> i64 {
    ::add::add_ints(a, b)
}

/// Return a + b for two floats.
#[pyfunction]
#[pyo3(signature = (a, b, /))]
pub(crate) fn add_floats(a: f64, b: f64) -> f64 {
    ::add::add_floats(a, b)
}

/// Add b to a in place: two float64 arrays of one dimension and equal length.
#[pyfunction]
pub(crate) fn add(a: &Bound<'_, PyAny>, b: &Bound<'_, PyAny>) -> Result<(), Raise> {
    let mut sum = read_write::<Ix1>(a, "a")?;
    let term = read_only::<Ix1>(b, "b")?;
    let mut sum = sum.as_array_mut();
    let term = term.as_array();
    // Both are C-ordered, so both are slices.
    let (Some(x), Some(y)) = (sum.as_slice_mut(), term.as_slice()) else {
        return Ok(());
    };
    Ok(maybe_detached(a.py(), x.len(), || ::add::add(x, y))?)
}
