//! A field to start from, and its text format.

use ndarray::Ix2;
use numpy::{IntoPyArray, PyArray2};
use pyo3::prelude::*;

use crate::array::{maybe_detached, read_only, size};
use crate::error::Raise;

/// Draw a mug of hot coffee in a cool room: nx rows x ny columns, in Celsius.
#[pyfunction]
pub(crate) fn mug(py: Python<'_>, nx: i64, ny: i64) -> Result<Bound<'_, PyArray2<f64>>, Raise> {
    let (rows, columns) = (size(nx, "nx")?, size(ny, "ny")?);
    Ok(py
        .detach(|| ::heat::field::mug(rows, columns))?
        .into_pyarray(py))
}

/// Return the field as text: the header "# nx ny", then a line a row.
#[pyfunction]
pub(crate) fn field_to_text(field: &Bound<'_, PyAny>) -> Result<String, Raise> {
    let view = read_only::<Ix2>(field, "field")?;
    let cells = view.as_array();
    Ok(maybe_detached(field.py(), cells.len(), || {
        ::heat::field::to_text(cells)
    }))
}

/// Return the field that a text holds; a broken text names line and column.
#[pyfunction]
pub(crate) fn field_from_text<'py>(
    py: Python<'py>,
    text: &str,
) -> Result<Bound<'py, PyArray2<f64>>, Raise> {
    Ok(py
        .detach(|| ::heat::field::from_text(text))?
        .into_pyarray(py))
}
