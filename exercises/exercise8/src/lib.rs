//! A loop over the caller's own NumPy array.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Move every number of a towards the one of target in the same place, in place:
/// a[i] += rate * (target[i] - a[i]), so many steps.
// TODO 1: take `&Bound<'_, PyArray1<f64>>` (from the crate numpy) in place of the two Vec,
// borrow them with try_readwrite and try_readonly, and loop over their views.
#[pyfunction]
fn relax(
    py: Python<'_>,
    mut a: Vec<f64>,
    target: Vec<f64>,
    rate: f64,
    steps: usize,
) -> PyResult<()> {
    // TODO 2: refuse arrays of different length, and what cannot be borrowed.
    if !rate.is_finite() {
        return Err(PyValueError::new_err(format!(
            "rate is {rate}: it must be finite"
        )));
    }
    // TODO 3: run the loop in py.detach(|| ...).
    let _ = py;
    for _ in 0..steps {
        for (x, y) in a.iter_mut().zip(&target) {
            *x += rate * (y - *x);
        }
    }
    Ok(())
}

/// A loop over the caller's own NumPy array.
#[pymodule(name = "relax")]
mod module {
    #[pymodule_export]
    use super::relax;
}
