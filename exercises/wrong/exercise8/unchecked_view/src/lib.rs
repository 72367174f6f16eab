//! A loop over the caller's own NumPy array.

use numpy::{PyArray1, PyArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Move every number of a towards the one of target in the same place, in place:
/// a[i] += rate * (target[i] - a[i]), so many steps.
// `&Bound<PyArray1<f64>>` is the caller's array itself. An array of another dtype or
// dimension is a TypeError before we are called, so nothing is ever converted.
#[pyfunction]
fn relax(
    py: Python<'_>,
    a: &Bound<'_, PyArray1<f64>>,
    target: &Bound<'_, PyArray1<f64>>,
    rate: f64,
    steps: usize,
) -> PyResult<()> {
    // NumPy lets two arrays share memory; `&mut` and `&` may not. So rust-numpy keeps a list
    // of what is borrowed, and looks at run time. (`readwrite()` panics where this one
    // returns an Err.)
    // SAFETY: nobody shares memory.
    let (mut a, target) = unsafe { (a.as_array_mut(), target.as_array()) };
    if a.len() != target.len() {
        return Err(PyValueError::new_err(format!(
            "a has {} numbers and target has {}: they must have the same length",
            a.len(),
            target.len()
        )));
    }
    if !rate.is_finite() {
        return Err(PyValueError::new_err(format!(
            "rate is {rate}: it must be finite"
        )));
    }
    // The views are plain Rust, so they may go where there is no Python. The borrows stay
    // here until the loop is done.
    py.detach(|| {
        for _ in 0..steps {
            for (x, y) in a.iter_mut().zip(&target) {
                *x += rate * (y - *x);
            }
        }
    });
    Ok(())
}

/// A loop over the caller's own NumPy array.
#[pymodule(name = "relax")]
mod module {
    #[pymodule_export]
    use super::relax;
}
