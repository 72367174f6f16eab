//! Temperatures, as a Python module written in Rust.

use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// The lowest temperature there is, in degrees Celsius.
const ABSOLUTE_ZERO: f64 = -273.15;

// A class of its own: a caller can catch exactly this mistake. And a ValueError: who does
// not know our class can catch it too.
create_exception!(
    gauge,
    BelowAbsoluteZero,
    PyValueError,
    "A temperature that cannot be."
);

/// Refuses what is no temperature. One place for the check, so that both callers agree.
fn checked(celsius: f64) -> PyResult<f64> {
    // Not `celsius < ABSOLUTE_ZERO`: that is false for NaN, which would get through.
    if celsius >= ABSOLUTE_ZERO {
        Ok(celsius)
    } else {
        Err(BelowAbsoluteZero::new_err(format!(
            "{celsius} is below {ABSOLUTE_ZERO}, the lowest temperature there is"
        )))
    }
}

/// Return a temperature in Kelvin: 0 is absolute zero, and the degrees are as large.
#[pyfunction]
fn kelvin(celsius: f64) -> PyResult<f64> {
    // `?` hands the Err to PyO3, which raises it. A panic would become a PanicException,
    // which `except Exception` does not catch.
    Ok(checked(celsius)? - ABSOLUTE_ZERO)
}

/// The highest of temperatures that arrive one by one.
#[pyclass(module = "gauge")]
struct Gauge {
    #[pyo3(get)]
    name: String,
    // None, and not 0 or -inf, before the first temperature: Python sees None.
    #[pyo3(get)]
    highest: Option<f64>,
    count: usize,
}

#[pymethods]
impl Gauge {
    #[new]
    fn new(name: String) -> Self {
        Self {
            name,
            highest: None,
            count: 0,
        }
    }

    /// Take in one temperature.
    fn record(&mut self, celsius: f64) -> PyResult<()> {
        // The check stands first: if it fails, nothing has changed yet.
        let celsius = checked(celsius)?;
        self.highest = Some(self.highest.map_or(celsius, |highest| highest.max(celsius)));
        self.count += 1;
        Ok(())
    }

    fn __len__(&self) -> usize {
        self.count
    }
}

/// Temperatures.
#[pymodule]
mod gauge {
    #[pymodule_export]
    use super::{BelowAbsoluteZero, Gauge, kelvin};
}
