//! Two skins over one kernel: a function for C, and a module for Python.

mod kernel;

use numpy::{BorrowError, PyArray2, PyArrayMethods, PyUntypedArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// All went well.
pub const OK: i32 = 0;
/// A pointer is null.
pub const ERROR_NULL: i32 = 1;
/// A size is negative, or there is no memory for so many numbers.
pub const ERROR_SIZE: i32 = 3;
/// The two grids share memory.
pub const ERROR_OVERLAP: i32 = 4;

/// Mode 1: one step of the heat equation, for C. On an error, nothing is changed.
///
/// # Safety
///
/// - `u` and `u_previous` are null, or each points to nx * ny doubles that are ours for the
///   call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn own_evolve(
    u: *mut f64,
    u_previous: *mut f64,
    nx: i64,
    ny: i64,
    a: f64,
    dt: f64,
    dx2: f64,
    dy2: f64,
) -> i32 {
    // TODO 2: this believes everything. Return ERROR_NULL, ERROR_SIZE or ERROR_OVERLAP before
    // a slice is made of what cannot be one. Then the lines below are right.
    let (nx, ny) = (nx as usize, ny as usize);
    let cells = nx * ny;
    // SAFETY: none yet. Say here what your checks prove, and what the caller promises.
    let (u, u_previous) = unsafe {
        (
            std::slice::from_raw_parts_mut(u, cells),
            std::slice::from_raw_parts_mut(u_previous, cells),
        )
    };
    kernel::evolve(u, u_previous, nx, ny, a, dt, dx2, dy2);
    OK
}

/// Why an array cannot be borrowed, for the caller.
fn refused(error: &BorrowError, name: &str) -> PyErr {
    PyValueError::new_err(match error {
        BorrowError::NotWriteable => format!("{name} is read-only: it is written to"),
        _ => format!("{name} shares memory with the other grid"),
    })
}

/// Mode 2: one step of the heat equation, for Python.
#[pyfunction]
fn evolve(
    u: &Bound<'_, PyArray2<f64>>,
    u_previous: &Bound<'_, PyArray2<f64>>,
    a: f64,
    dt: f64,
    dx2: f64,
    dy2: f64,
) -> PyResult<()> {
    // TODO 4: borrow both arrays with try_readwrite (`refused` makes the exception). Refuse,
    // with a ValueError, different shapes, and what !is_c_contiguous(). Then as_slice_mut()
    // gives what the kernel takes.
    let _ = (u.shape(), u_previous.shape(), u.try_readwrite(), refused);
    let _ = (a, dt, dx2, dy2);
    todo!("TODO 4: the skin for Python")
}

/// The heat equation, with a kernel of your own.
#[pymodule(name = "own_heat")]
mod module {
    #[pymodule_export]
    use super::evolve;
}
