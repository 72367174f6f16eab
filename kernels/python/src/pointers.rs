//! The pointer lessons, as Python sees them: no pointers at all.

use ::pointers::{Reading, RunningStatistics};
use ndarray::Ix1;
use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;

use crate::array::{maybe_detached, read_only, size};
use crate::error::Raise;

/// Return the sum of every stride-th number, starting with the first.
#[pyfunction]
pub(crate) fn sum_strided(values: &Bound<'_, PyAny>, stride: i64) -> Result<f64, Raise> {
    let array = read_only::<Ix1>(values, "values")?;
    let stride = size(stride, "stride")?;
    let numbers = array.as_array();
    let numbers = numbers.as_slice().unwrap_or_default();
    Ok(maybe_detached(values.py(), numbers.len(), || {
        ::pointers::sum_strided(numbers, stride)
    })?)
}

/// Return (quotient, remainder), rounded towards zero as in C.
#[pyfunction]
pub(crate) fn divide(dividend: i64, divisor: i64) -> Result<(i64, i64), Raise> {
    Ok(::pointers::divide(dividend, divisor)?)
}

/// Return the largest number.
#[pyfunction]
pub(crate) fn largest(values: &Bound<'_, PyAny>) -> Result<f64, Raise> {
    let array = read_only::<Ix1>(values, "values")?;
    let numbers = array.as_array();
    let numbers = numbers.as_slice().unwrap_or_default();
    Ok(*maybe_detached(values.py(), numbers.len(), || {
        ::pointers::largest(numbers)
    })?)
}

/// Return a greeting for a name of 1 to 1000 bytes.
#[pyfunction]
pub(crate) fn greet(name: &str) -> Result<String, Raise> {
    Ok(::pointers::greet(name)?)
}

/// Integrate function(x) from low to high by the trapezoidal rule.
///
/// An exception raised by the function ends the work and reaches the caller.
#[pyfunction]
pub(crate) fn integrate(
    function: &Bound<'_, PyAny>,
    low: f64,
    high: f64,
    intervals: u32,
) -> Result<f64, Raise> {
    let f = |x: f64| -> Result<f64, Raise> { Ok(function.call1((x,))?.extract()?) };
    ::pointers::integrate(f, low, high, intervals)
}

/// Return a new float64 array of count numbers, all of them value.
#[pyfunction]
pub(crate) fn filled(
    py: Python<'_>,
    count: i64,
    value: f64,
) -> Result<Bound<'_, PyArray1<f64>>, Raise> {
    let n = size(count, "count")?;
    let numbers = maybe_detached(py, n, || ::pointers::filled(n, value))?;
    Ok(numbers.into_pyarray(py))
}

/// Panic inside Rust, for the lesson on what that looks like from Python.
#[pyfunction]
pub(crate) fn panic(message: &str) {
    panic!("{message}");
}

/// One sensor's reading: its number, mean temperature, and sample count.
#[pyclass(name = "Reading", module = "ffi_workbook", eq, get_all, set_all)]
#[derive(Clone, PartialEq)]
pub(crate) struct PyReading {
    sensor: u8,
    celsius: f64,
    samples: i32,
}

impl From<Reading> for PyReading {
    fn from(reading: Reading) -> Self {
        let Reading {
            sensor,
            celsius,
            samples,
        } = reading;
        Self {
            sensor,
            celsius,
            samples,
        }
    }
}

impl From<&PyReading> for Reading {
    fn from(reading: &PyReading) -> Self {
        let PyReading {
            sensor,
            celsius,
            samples,
        } = *reading;
        Self {
            sensor,
            celsius,
            samples,
        }
    }
}

#[pymethods]
impl PyReading {
    #[new]
    #[pyo3(signature = (sensor, celsius = 0.0, samples = 0))]
    fn new(sensor: u8, celsius: f64, samples: i32) -> Self {
        Self {
            sensor,
            celsius,
            samples,
        }
    }

    /// Return a copy that is warmer by degrees.
    fn warmed(&self, degrees: f64) -> Self {
        Reading::from(self).warmed(degrees).into()
    }

    /// Take one more sample into the mean.
    fn record(&mut self, celsius: f64) -> Result<(), Raise> {
        let mut reading = Reading::from(&*self);
        reading.record(celsius)?;
        *self = reading.into();
        Ok(())
    }

    fn __repr__(&self) -> String {
        let Self {
            sensor,
            celsius,
            samples,
        } = self;
        format!("Reading(sensor={sensor}, celsius={celsius:?}, samples={samples})")
    }
}

/// Mean and variance of numbers that arrive one by one.
#[pyclass(name = "RunningStatistics", module = "ffi_workbook")]
pub(crate) struct PyRunningStatistics(RunningStatistics);

#[pymethods]
impl PyRunningStatistics {
    #[new]
    fn new() -> Self {
        Self(RunningStatistics::new())
    }

    /// Take in one number.
    #[pyo3(signature = (value, /))]
    fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    /// How many numbers were pushed.
    #[getter]
    fn count(&self) -> u64 {
        self.0.count()
    }

    /// The mean; needs at least one number.
    #[getter]
    fn mean(&self) -> Result<f64, Raise> {
        Ok(self.0.mean()?)
    }

    /// The sample variance; needs at least two numbers.
    #[getter]
    fn variance(&self) -> Result<f64, Raise> {
        Ok(self.0.variance()?)
    }
}
