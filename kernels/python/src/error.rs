//! Kernel errors as Python exceptions.

use pyo3::PyErr;

mod python {
    #![allow(
        missing_docs,
        reason = "the macro writes the items; errors.py documents them"
    )]
    use pyo3::import_exception;

    import_exception!(ffi_workbook.errors, ArrayTypeError);
    import_exception!(ffi_workbook.errors, DtypeError);
    import_exception!(ffi_workbook.errors, FieldFormatError);
    import_exception!(ffi_workbook.errors, KernelDivisionError);
    import_exception!(ffi_workbook.errors, KernelMemoryError);
    import_exception!(ffi_workbook.errors, KernelOverflowError);
    import_exception!(ffi_workbook.errors, LayoutError);
    import_exception!(ffi_workbook.errors, OverlapError);
    import_exception!(ffi_workbook.errors, ParameterError);
    import_exception!(ffi_workbook.errors, ReadOnlyError);
    import_exception!(ffi_workbook.errors, ShapeError);
    import_exception!(ffi_workbook.errors, SizeError);
    import_exception!(ffi_workbook.errors, StabilityError);
}

pub(crate) use python::*;

/// A Python exception to raise. `?` makes one of any kernel's error.
pub(crate) struct Raise(PyErr);

impl From<Raise> for PyErr {
    fn from(raise: Raise) -> Self {
        raise.0
    }
}

impl From<PyErr> for Raise {
    fn from(error: PyErr) -> Self {
        Self(error)
    }
}

impl From<::add::AddError> for Raise {
    fn from(error: ::add::AddError) -> Self {
        Self(ShapeError::new_err(error.to_string()))
    }
}

impl From<::fibonacci::FibonacciError> for Raise {
    fn from(error: ::fibonacci::FibonacciError) -> Self {
        Self(KernelOverflowError::new_err(error.to_string()))
    }
}

impl From<::heat::HeatError> for Raise {
    fn from(error: ::heat::HeatError) -> Self {
        use ::heat::HeatError as E;
        let message = error.to_string();
        Self(match error {
            E::Shape { .. } => ShapeError::new_err(message),
            E::Layout { .. } => LayoutError::new_err(message),
            E::Parameter { .. } => ParameterError::new_err(message),
            E::Unstable { .. } => StabilityError::new_err(message),
        })
    }
}

impl From<::heat::FieldError> for Raise {
    fn from(error: ::heat::FieldError) -> Self {
        Self(FieldFormatError::new_err(error.to_string()))
    }
}

impl From<::heat::FieldSizeError> for Raise {
    fn from(error: ::heat::FieldSizeError) -> Self {
        Self(KernelMemoryError::new_err(error.to_string()))
    }
}

impl From<::pointers::PointerError> for Raise {
    fn from(error: ::pointers::PointerError) -> Self {
        use ::pointers::PointerError as E;
        let message = error.to_string();
        Self(match error {
            E::DivisionByZero { .. } => KernelDivisionError::new_err(message),
            E::QuotientOverflow { .. } | E::Samples { .. } => KernelOverflowError::new_err(message),
            E::Memory { .. } => KernelMemoryError::new_err(message),
            E::Empty => SizeError::new_err(message),
            E::Stride
            | E::NegativeSamples { .. }
            | E::NameLength { .. }
            | E::Intervals
            | E::Bounds { .. }
            | E::TooFew { .. } => ParameterError::new_err(message),
        })
    }
}
