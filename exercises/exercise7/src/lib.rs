//! Temperatures, as a Python module written in Rust.

use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// The lowest temperature there is, in degrees Celsius.
const ABSOLUTE_ZERO: f64 = -273.15;

// TODO 1: make a Python function of it: an attribute is missing, and the result.
/// Return a temperature in Kelvin: 0 is absolute zero, and the degrees are as large.
fn kelvin(celsius: f64) -> PyResult<f64> {
    todo!("TODO 1: compute the temperature {celsius} in Kelvin")
}

// TODO 2: make a Python class of it, with
// - Gauge(name): a new gauge that has seen nothing yet,
// - gauge.name, and gauge.highest: the highest temperature so far, or None,
// - gauge.record(celsius): take in one temperature,
// - len(gauge): how many temperatures it took in.
/// The highest of temperatures that arrive one by one.
struct Gauge {
    name: String,
    highest: Option<f64>,
    count: usize,
}

// TODO 3: with create_exception!, make an exception BelowAbsoluteZero, which is a
// ValueError. kelvin and record raise it, with a message that names the value and the
// limit.

/// Temperatures.
#[pymodule]
mod gauge {
    // TODO: what Python sees. One line for each, as in `use super::kelvin;`.
}
