//! Temperatures, as a Python module: the smallest of each thing that PyO3 has.

use numpy::{PyArrayDyn, PyArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Return a temperature in Fahrenheit.
#[pyfunction]
fn fahrenheit(celsius: f64) -> f64 {
    celsius * 9.0 / 5.0 + 32.0
}

/// Return a line of text such as "mug: 80.0 C".
#[pyfunction]
#[pyo3(signature = (name, celsius, *, digits = 1))]
fn label(name: &str, celsius: f64, digits: u8) -> String {
    let digits = usize::from(digits);
    format!("{name}: {celsius:.digits$} C")
}

/// Return the number in a text such as "80.5 C".
#[pyfunction]
fn parse(text: &str) -> PyResult<f64> {
    let number = text.trim_end_matches('C').trim();
    match number.parse() {
        Ok(celsius) => Ok(celsius),
        Err(_) => Err(PyValueError::new_err(format!(
            "{text:?} is no temperature: write it as \"80.5 C\""
        ))),
    }
}

/// The mean of temperatures that arrive one by one.
#[pyclass(module = "hello_pyo3")]
struct Thermometer {
    /// Where it hangs.
    #[pyo3(get)]
    name: String,
    sum: f64,
    count: usize,
}

#[pymethods]
impl Thermometer {
    #[new]
    fn new(name: String) -> Self {
        Self {
            name,
            sum: 0.0,
            count: 0,
        }
    }

    /// Take in one temperature.
    fn record(&mut self, celsius: f64) {
        self.sum += celsius;
        self.count += 1;
    }

    /// The mean so far, or None before the first temperature.
    #[getter]
    fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }

    fn __len__(&self) -> usize {
        self.count
    }
}

/// Make every number of a float64 array warmer, in place.
#[pyfunction]
fn warm(field: &Bound<'_, PyArrayDyn<f64>>, degrees: f64) -> PyResult<()> {
    let mut borrowed = field.try_readwrite()?;
    for celsius in borrowed.as_array_mut() {
        *celsius += degrees;
    }
    Ok(())
}

/// Temperatures, in Rust.
#[pymodule]
mod hello_pyo3 {
    #[pymodule_export]
    use super::{Thermometer, fahrenheit, label, parse, warm};
}
