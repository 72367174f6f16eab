//! The heat equation.

use ::heat::{Diffusion, HeatError};
use ndarray::Ix2;
use numpy::PyUntypedArrayMethods;
use pyo3::prelude::*;

use crate::array::{count, maybe_detached, read_write};
use crate::error::Raise;

fn diffusion(a: f64, dt: f64, dx2: f64, dy2: f64, check: bool) -> Result<Diffusion, HeatError> {
    if check {
        Diffusion::new(a, dt, dx2, dy2)
    } else {
        Ok(Diffusion::unchecked(a, dt, dx2, dy2))
    }
}

/// Take one classic step: u from u_previous, then u_previous becomes a copy.
///
/// Both are float64 arrays of one shape (nx rows, ny columns), C-ordered. The
/// result equals the published C and Python bit for bit. a is the diffusion
/// constant, dt the time step, dx2 and dy2 the squared distances between rows
/// and between columns. With check_stability=False any dt is taken.
#[pyfunction]
#[pyo3(signature = (u, u_previous, a, dt, dx2, dy2, *, check_stability = true))]
pub(crate) fn evolve(
    u: &Bound<'_, PyAny>,
    u_previous: &Bound<'_, PyAny>,
    a: f64,
    dt: f64,
    dx2: f64,
    dy2: f64,
    check_stability: bool,
) -> Result<(), Raise> {
    let mut new = read_write::<Ix2>(u, "u")?;
    let mut old = read_write::<Ix2>(u_previous, "u_previous")?;
    let cells = new.len();
    let (new, old) = (new.as_array_mut(), old.as_array_mut());
    let diffusion = diffusion(a, dt, dx2, dy2, check_stability)?;
    Ok(maybe_detached(u.py(), cells, || {
        ::heat::evolve(new, old, &diffusion)
    })?)
}

/// Take many steps in one call, with the divisions done once.
///
/// As if evolve had been called steps times, up to rounding in the last bits.
#[pyfunction]
#[pyo3(signature = (u, u_previous, steps, a, dt, dx2, dy2, *, check_stability = true))]
#[expect(
    clippy::too_many_arguments,
    reason = "the arguments of evolve, and steps"
)]
pub(crate) fn evolve_steps(
    u: &Bound<'_, PyAny>,
    u_previous: &Bound<'_, PyAny>,
    steps: i64,
    a: f64,
    dt: f64,
    dx2: f64,
    dy2: f64,
    check_stability: bool,
) -> Result<(), Raise> {
    let mut new = read_write::<Ix2>(u, "u")?;
    let mut old = read_write::<Ix2>(u_previous, "u_previous")?;
    let steps = count(steps, "steps")?;
    let updates = new
        .len()
        .saturating_mul(usize::try_from(steps).unwrap_or(usize::MAX));
    let (new, old) = (new.as_array_mut(), old.as_array_mut());
    let diffusion = diffusion(a, dt, dx2, dy2, check_stability)?;
    Ok(maybe_detached(u.py(), updates, || {
        ::heat::evolve_steps(new, old, steps, &diffusion)
    })?)
}

/// Return the longest stable time step, dx2*dy2 / (2*a*(dx2 + dy2)).
#[pyfunction]
pub(crate) fn largest_stable_dt(a: f64, dx2: f64, dy2: f64) -> Result<f64, Raise> {
    // A time step of 0 is always stable: this checks the other three.
    Diffusion::new(a, 0.0, dx2, dy2)?;
    Ok(Diffusion::largest_stable_dt(a, dx2, dy2))
}
