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

/// No slice may have more bytes than this.
const LARGEST: usize = isize::MAX as usize;

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
    if u.is_null() || u_previous.is_null() {
        return ERROR_NULL;
    }
    // A negative i64 becomes no usize: the conversion is the check. `as` would make a huge
    // number of it.
    let (Ok(nx), Ok(ny)) = (usize::try_from(nx), usize::try_from(ny)) else {
        return ERROR_SIZE;
    };
    let Some(bytes) = nx
        .checked_mul(ny)
        .and_then(|cells| cells.checked_mul(size_of::<f64>()))
        .filter(|&bytes| bytes <= LARGEST)
    else {
        return ERROR_SIZE;
    };
    // Two `&mut` to one number are undefined behaviour, whatever the kernel does with them.
    if u.addr().abs_diff(u_previous.addr()) < bytes {
        return ERROR_OVERLAP;
    }
    let cells = bytes / size_of::<f64>();
    // SAFETY: neither is null, the length fits, and they are apart. That there are so many
    // doubles, ours for the call, is what the caller promises.
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
    // NumPy lets two arrays share memory; two `&mut` may not. rust-numpy keeps a list of what
    // is borrowed, and looks when the call happens.
    let mut new = u.try_readwrite().map_err(|error| refused(&error, "u"))?;
    let mut old = u_previous
        .try_readwrite()
        .map_err(|error| refused(&error, "u_previous"))?;
    if u.shape() != u_previous.shape() {
        return Err(PyValueError::new_err(format!(
            "u has the shape {:?} and u_previous has {:?}: they must be the same",
            u.shape(),
            u_previous.shape()
        )));
    }
    // as_slice_mut is content with an array that is stored column by column, as Fortran does:
    // it has no gaps either. The kernel would take its columns for rows.
    if !(u.is_c_contiguous() && u_previous.is_c_contiguous()) {
        return Err(PyValueError::new_err(
            "the grids must be stored row by row without gaps: numpy.ascontiguousarray",
        ));
    }
    let (nx, ny) = (u.shape()[0], u.shape()[1]);
    let (new, old) = (new.as_slice_mut()?, old.as_slice_mut()?);
    // The slices are plain Rust, so the kernel needs no GIL, and other threads may have it.
    u.py()
        .detach(|| kernel::evolve(new, old, nx, ny, a, dt, dx2, dy2));
    Ok(())
}

/// The heat equation, with a kernel of your own.
#[pymodule(name = "own_heat")]
mod module {
    #[pymodule_export]
    use super::evolve;
}
