//! The rungs below the kernel. The first gives the same bits as `heat::evolve`,
//! and each other one the same as `heat::evolve_steps`.
//!
//! The first three are compiled for the vectors that every machine of the kind
//! has; the fourth is the first with the widest vectors of this machine.

use heat::Diffusion;
use ndarray::ArrayViewMut2;
use pulp::{Arch, Simd, WithSimd};

/// The field, and its partner of the same shape and with the same outermost
/// rows and columns.
pub struct Grids<'a> {
    /// `nx` rows of `ny` columns, row by row.
    pub u: ArrayViewMut2<'a, f64>,
    /// The same field, one step ago.
    pub u_previous: ArrayViewMut2<'a, f64>,
}

/// What a rung does: so many steps. Both grids then hold the field.
pub type Run = fn(&mut Grids<'_>, u64, &Numbers);

/// The rungs with their names, from the slowest to the fastest.
pub const RUNGS: [(&str, Run); 4] = [
    ("published", published),
    ("hoisted", hoisted),
    ("swapped", swapped),
    ("vectors", vectors),
];

/// The parameters of the published exercise, checked for the kernel and bare
/// for the loops written here.
pub struct Numbers {
    /// The same numbers, checked.
    pub diffusion: Diffusion,
    a_dt: f64,
    /// The distance between rows squared, and between columns too.
    d2: f64,
}

impl Default for Numbers {
    fn default() -> Self {
        let (a, d2) = (0.5, 1e-4);
        let dt = Diffusion::largest_stable_dt(a, d2, d2);
        Self {
            diffusion: Diffusion::new(a, dt, d2, d2).expect("the limit itself is stable"),
            a_dt: a * dt,
            d2,
        }
    }
}

/// Rung 1: two divisions a cell, and a copy of the field after each step.
pub fn published(grids: &mut Grids<'_>, steps: u64, numbers: &Numbers) {
    let Numbers { a_dt, d2, .. } = *numbers;
    for _ in 0..steps {
        for_each_row(grids, |row| {
            for j in 0..row.new.len() {
                let here = row.here[j];
                row.new[j] = here
                    + a_dt
                        * ((row.below[j] - 2.0 * here + row.above[j]) / d2
                            + (row.right[j] - 2.0 * here + row.left[j]) / d2);
            }
        });
        grids.u_previous.assign(&grids.u);
    }
}

/// Rung 2: no division is left in the loop. The copy still is.
pub fn hoisted(grids: &mut Grids<'_>, steps: u64, numbers: &Numbers) {
    for _ in 0..steps {
        weighted_sweep(grids, numbers);
        grids.u_previous.assign(&grids.u);
    }
}

/// Rung 3: the grids change roles, so no copy but the last.
pub fn swapped(grids: &mut Grids<'_>, steps: u64, numbers: &Numbers) {
    for _ in 0..steps {
        weighted_sweep(grids, numbers);
        std::mem::swap(&mut grids.u, &mut grids.u_previous);
    }
    // The field is in `u_previous` now: put the names back, and copy it once.
    finish(grids, steps);
}

/// Rung 4: the same loop, compiled for the widest vectors of this machine.
pub fn vectors(grids: &mut Grids<'_>, steps: u64, numbers: &Numbers) {
    for _ in 0..steps {
        Arch::new().dispatch(Wide { grids, numbers });
        std::mem::swap(&mut grids.u, &mut grids.u_previous);
    }
    finish(grids, steps);
}

/// A sweep as a value, which `pulp` compiles once for each kind of vector and
/// runs in the version that fits the processor.
struct Wide<'g, 'a> {
    grids: &'g mut Grids<'a>,
    numbers: &'g Numbers,
}

impl WithSimd for Wide<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        weighted_sweep(self.grids, self.numbers);
    }
}

/// After an odd number of swaps the names are the wrong way round.
fn finish(grids: &mut Grids<'_>, steps: u64) {
    if steps % 2 == 1 {
        std::mem::swap(&mut grids.u, &mut grids.u_previous);
        grids.u_previous.assign(&grids.u);
    } else {
        grids.u.assign(&grids.u_previous);
    }
}

/// One step with premultiplied weights.
#[inline(always)]
fn weighted_sweep(grids: &mut Grids<'_>, numbers: &Numbers) {
    let cx = numbers.a_dt / numbers.d2;
    let cy = numbers.a_dt / numbers.d2;
    let centre = 1.0 - 2.0 * cx - 2.0 * cy;
    for_each_row(grids, |row| {
        for j in 0..row.new.len() {
            row.new[j] = centre * row.here[j]
                + cx * (row.above[j] + row.below[j])
                + cy * (row.left[j] + row.right[j]);
        }
    });
}

/// The interior of one row, and its neighbours: six slices of one length.
struct Row<'a> {
    new: &'a mut [f64],
    here: &'a [f64],
    above: &'a [f64],
    below: &'a [f64],
    left: &'a [f64],
    right: &'a [f64],
}

/// Calls `update` with each interior row of `u`.
#[inline(always)]
fn for_each_row(grids: &mut Grids<'_>, update: impl Fn(Row<'_>)) {
    let (nx, ny) = grids.u.dim();
    let (Some(u), Some(p)) = (grids.u.as_slice_mut(), grids.u_previous.as_slice()) else {
        unreachable!("both grids are stored row by row");
    };
    if nx < 3 || ny < 3 {
        return; // all boundary
    }
    let n = ny - 2;
    for first in (1..nx - 1).map(|i| i * ny + 1) {
        update(Row {
            new: &mut u[first..][..n],
            here: &p[first..][..n],
            above: &p[first - ny..][..n],
            below: &p[first + ny..][..n],
            left: &p[first - 1..][..n],
            right: &p[first + 1..][..n],
        });
    }
}
