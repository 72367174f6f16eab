//! The heat equation.

use std::num::NonZero;

use ::heat::{Diffusion, HeatError, Plan};
use ndarray::Ix2;
use numpy::PyUntypedArrayMethods;
use pyo3::prelude::*;

use crate::array::{count, maybe_detached, read_write};
use crate::error::{Raise, SizeError};

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
/// threads says how many threads may work; None is as many as are worth it.
/// Ctrl-C ends it between two steps; both grids then hold the field so far.
#[pyfunction]
#[pyo3(signature = (
    u, u_previous, steps, a, dt, dx2, dy2, *, threads = None, check_stability = true
))]
#[expect(
    clippy::too_many_arguments,
    reason = "the arguments of evolve, steps and threads"
)]
pub(crate) fn evolve_steps(
    u: &Bound<'_, PyAny>,
    u_previous: &Bound<'_, PyAny>,
    steps: i64,
    a: f64,
    dt: f64,
    dx2: f64,
    dy2: f64,
    threads: Option<i64>,
    check_stability: bool,
) -> Result<(), Raise> {
    let mut new = read_write::<Ix2>(u, "u")?;
    let mut old = read_write::<Ix2>(u_previous, "u_previous")?;
    let steps = count(steps, "steps")?;
    let threads = threads.map(positive).transpose()?;
    let (mut new, mut old) = (new.as_array_mut(), old.as_array_mut());
    let diffusion = diffusion(a, dt, dx2, dy2, check_stability)?;
    let trip = Plan::for_caller::<f64>(new.dim(), steps, threads).depth as u64;
    let at_a_time = trips_between_signals(new.dim(), trip).saturating_mul(trip);
    let mut left = steps;
    loop {
        let part = left.min(at_a_time);
        let plan = Plan::for_caller::<f64>(new.dim(), part, threads);
        let (u_now, old_now) = (new.view_mut(), old.view_mut());
        let updates = updates_of(u_now.len(), part);
        maybe_detached(u.py(), updates, || {
            ::heat::evolve_steps_with(u_now, old_now, part, &diffusion, &plan)
        })?;
        left -= part;
        if left == 0 {
            return Ok(());
        }
        // Ctrl-C: the grids hold the field after the steps taken so far.
        u.py().check_signals()?;
    }
}

fn updates_of(cells: usize, steps: u64) -> usize {
    cells.saturating_mul(usize::try_from(steps).unwrap_or(usize::MAX))
}

/// How many trips of `steps` steps to make before asking whether the user
/// pressed Ctrl-C: some tenths of a second on a grid that fits in memory a few
/// times. Each stop copies the grid once more, so there are not too few. The bits
/// of the result do not depend on where it stops.
fn trips_between_signals((nx, ny): (usize, usize), steps: u64) -> u64 {
    const UPDATES: u64 = 1 << 31;
    if nx < 3 || ny < 3 {
        return u64::MAX; // all boundary: nothing to wait for
    }
    let updates = (nx as u64).saturating_mul(ny as u64).saturating_mul(steps);
    (UPDATES / updates.max(1)).max(2)
}

fn positive(threads: i64) -> Result<NonZero<usize>, Raise> {
    (usize::try_from(threads).ok())
        .and_then(NonZero::new)
        .ok_or_else(|| SizeError::new_err(format!("threads = {threads} must be 1 or more")).into())
}

/// Return the longest stable time step, dx2*dy2 / (2*a*(dx2 + dy2)).
#[pyfunction]
pub(crate) fn largest_stable_dt(a: f64, dx2: f64, dy2: f64) -> Result<f64, Raise> {
    // A time step of 0 is always stable: this checks the other three.
    Diffusion::new(a, 0.0, dx2, dy2)?;
    Ok(Diffusion::largest_stable_dt(a, dx2, dy2))
}
