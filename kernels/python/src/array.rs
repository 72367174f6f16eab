//! NumPy arrays as borrowed Rust views, or the exception that says why not.

use ndarray::Dimension;
use numpy::{
    BorrowError, PyArray, PyArrayDescrMethods, PyArrayMethods, PyReadonlyArray, PyReadwriteArray,
    PyUntypedArray, PyUntypedArrayMethods,
};
use pyo3::prelude::*;

use crate::error::{
    ArrayTypeError, DtypeError, LayoutError, OverlapError, Raise, ReadOnlyError, ShapeError,
    SizeError,
};

/// From this many element updates on, other Python threads may run meanwhile.
/// Letting go of the interpreter and taking it back costs some 50 ns; this
/// much work takes a hundred times as long.
pub(crate) const LONG_WORK: usize = 16_384;

/// Runs `work`, detached from the interpreter when it is long.
pub(crate) fn maybe_detached<T, F>(py: Python<'_>, updates: usize, work: F) -> T
where
    F: FnOnce() -> T + Send,
    T: Send,
{
    if updates >= LONG_WORK {
        py.detach(work)
    } else {
        work()
    }
}

/// Borrows `object` for writing: a C-ordered `f64` array of the dimension `D`.
pub(crate) fn read_write<'py, D: Dimension>(
    object: &Bound<'py, PyAny>,
    name: &str,
) -> Result<PyReadwriteArray<'py, f64, D>, Raise> {
    let array = typed::<D>(object, name)?;
    match array.try_readwrite() {
        Err(BorrowError::AlreadyBorrowed) if array.is_empty() => unshared(array).try_readwrite(),
        borrowed => borrowed,
    }
    .map_err(|error| refused(&error, name))
}

/// Borrows `object` for reading: a C-ordered `f64` array of the dimension `D`.
pub(crate) fn read_only<'py, D: Dimension>(
    object: &Bound<'py, PyAny>,
    name: &str,
) -> Result<PyReadonlyArray<'py, f64, D>, Raise> {
    let array = typed::<D>(object, name)?;
    match array.try_readonly() {
        Err(BorrowError::AlreadyBorrowed) if array.is_empty() => unshared(array).try_readonly(),
        borrowed => borrowed,
    }
    .map_err(|error| refused(&error, name))
}

/// Another array of the same shape, for an empty one that has the address of an
/// array in use: it shares no memory, but the list of arrays in use tells only
/// addresses.
fn unshared<'py, D: Dimension>(empty: &Bound<'py, PyArray<f64, D>>) -> Bound<'py, PyArray<f64, D>> {
    PyArray::zeros(empty.py(), empty.dims(), false)
}

fn typed<'a, 'py, D: Dimension>(
    object: &'a Bound<'py, PyAny>,
    name: &str,
) -> Result<&'a Bound<'py, PyArray<f64, D>>, Raise> {
    let Ok(array) = object.cast::<PyArray<f64, D>>() else {
        return Err(wrong_kind::<D>(object, name));
    };
    // An aligned address matters on its own: NumPy makes arrays inside packed
    // records that start between two doubles.
    if !array.is_c_contiguous() || !array.data().is_aligned() {
        return Err(LayoutError::new_err(format!(
            "{name} is not stored row by row without gaps (C order, aligned): \
             pass numpy.ascontiguousarray({name})"
        ))
        .into());
    }
    Ok(array)
}

/// Why `object` is no `f64` array of the dimension `D`.
fn wrong_kind<D: Dimension>(object: &Bound<'_, PyAny>, name: &str) -> Raise {
    let Ok(array) = object.cast::<PyUntypedArray>() else {
        let kind = object.get_type();
        return ArrayTypeError::new_err(format!(
            "{name} is a {kind}: it must be a numpy.ndarray",
            kind = kind
                .name()
                .map_or_else(|_| "?".to_owned(), |name| name.to_string())
        ))
        .into();
    };
    let dtype = array.dtype();
    if !dtype.is_equiv_to(&numpy::dtype::<f64>(object.py())) {
        return DtypeError::new_err(format!("{name} has dtype {dtype}: it must be float64")).into();
    }
    ShapeError::new_err(format!(
        "{name} has {found} dimensions: it must have {wanted}",
        found = array.ndim(),
        wanted = D::NDIM.unwrap_or_default()
    ))
    .into()
}

fn refused(error: &BorrowError, name: &str) -> Raise {
    match error {
        BorrowError::NotWriteable => {
            ReadOnlyError::new_err(format!("{name} is read-only: it is written to")).into()
        }
        // The other array of the call, or one that another thread works on.
        _ => OverlapError::new_err(format!(
            "{name} overlaps another array in use: it must be separate memory"
        ))
        .into(),
    }
}

/// A count that Python passed as an int.
pub(crate) fn count(n: i64, name: &str) -> Result<u64, Raise> {
    u64::try_from(n).map_err(|_| {
        SizeError::new_err(format!("{name} = {n} is negative: it must be 0 or more")).into()
    })
}

/// A count of things in memory.
pub(crate) fn size(n: i64, name: &str) -> Result<usize, Raise> {
    let count = count(n, name)?;
    usize::try_from(count)
        .map_err(|_| SizeError::new_err(format!("{name} = {n} is too large")).into())
}
