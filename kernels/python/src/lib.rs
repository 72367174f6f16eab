//! The PyO3 skin: every kernel as a Python function or class.
//!
//! A function here converts its arguments, calls the kernel, and converts the
//! result back. NumPy arrays are borrowed, never copied. While one thread works
//! on an array, a call on the same array from another thread is refused with
//! `OverlapError`; ctypes and cffi would let both write. Python's classes for
//! mistakes live in `ffi_workbook/errors.py`; [`error`] picks the class.

mod addition;
mod array;
mod error;
mod fibonacci;
mod field;
mod heat;
mod pointers;
#[cfg(all(feature = "short-copy", target_arch = "x86_64", target_os = "linux"))]
mod short_copy;

use pyo3::pymodule;

/// Rust kernels, called through PyO3.
#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::addition::{add, add_floats, add_ints, noop};
    #[pymodule_export]
    use crate::fibonacci::{fibonacci, fibonacci_sequence, fibonacci_step};
    #[pymodule_export]
    use crate::field::{field_from_text, field_to_text, mug};
    #[pymodule_export]
    use crate::heat::{evolve, evolve_steps, largest_stable_dt};
    #[pymodule_export]
    use crate::pointers::{
        PyReading, PyRunningStatistics, divide, filled, greet, integrate, largest, panic,
        sum_strided,
    };
}
