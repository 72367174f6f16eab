//! A field to start from, and its text format.

use ndarray::Ix2;
use numpy::{IntoPyArray, PyArray2};
use pyo3::prelude::*;

use crate::array::{count, read_only};
use crate::error::{KernelMemoryError, Raise};

/// Draw a mug of hot coffee in a cool room: nx rows x ny columns, in Celsius.
#[pyfunction]
pub(crate) fn mug(py: Python<'_>, nx: i64, ny: i64) -> Result<Bound<'_, PyArray2<f64>>, Raise> {
    // More cells than a 64-bit machine can address are refused before any
    // memory is asked for.
    let (rows, columns) = (count(nx, "nx")?, count(ny, "ny")?);
    let shape = (usize::try_from(rows).ok())
        .zip(usize::try_from(columns).ok())
        .filter(|(rows, columns)| rows.checked_mul(*columns).is_some_and(|n| n < 1 << 40));
    let Some((rows, columns)) = shape else {
        return Err(KernelMemoryError::new_err(format!(
            "a field of {nx} x {ny} cells is larger than the limit of 2^40 cells"
        ))
        .into());
    };
    // Below the limit there may still be too little memory, and where Rust
    // takes memory for granted it ends the process: so ask first. The black
    // box keeps the compiler from dropping a question without a use.
    let mut cells = Vec::<f64>::new();
    let refused = cells.try_reserve_exact(rows * columns).is_err();
    drop(std::hint::black_box(cells));
    if refused {
        return Err(KernelMemoryError::new_err(format!(
            "there is no memory for a field of {nx} x {ny} cells"
        ))
        .into());
    }
    Ok(py
        .detach(|| ::heat::field::mug(rows, columns))
        .into_pyarray(py))
}

/// Return the field as text: the header "# nx ny", then a line a row.
#[pyfunction]
pub(crate) fn field_to_text(field: &Bound<'_, PyAny>) -> Result<String, Raise> {
    Ok(::heat::field::to_text(
        read_only::<Ix2>(field, "field")?.as_array(),
    ))
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
