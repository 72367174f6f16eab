//! One step, and many in the plainest way.

use ndarray::ArrayViewMut2;
use pulp::{Arch, Simd, WithSimd};

use crate::grid::{Grid, Weights};
use crate::{Diffusion, Element, HeatError};

/// One classic step: `u` becomes the field one `dt` after `u_previous`, and
/// then `u_previous` a copy of `u`.
///
/// ```text
/// for every interior cell (i, j), with p = u_previous:
///     u[i,j] = p[i,j] + a*dt * ( (p[i+1,j] - 2 p[i,j] + p[i-1,j]) / dx2
///                              + (p[i,j+1] - 2 p[i,j] + p[i,j-1]) / dy2 )
/// u_previous = u                     (all cells, the boundary of u included)
/// ```
///
/// Both grids are `nx` x `ny`, row by row. Operations stand in exactly this
/// order, with two divisions a cell and no fused multiply-add, so the result
/// equals the published C and pure Python bit for bit.
///
/// # Errors
///
/// [`HeatError::Shape`] when the shapes differ, [`HeatError::Layout`] when a
/// grid is not stored row by row without gaps. Nothing is changed then.
pub fn evolve(
    mut u: ArrayViewMut2<'_, f64>,
    mut u_previous: ArrayViewMut2<'_, f64>,
    diffusion: &Diffusion,
) -> Result<(), HeatError> {
    let (new, old) = Grid::pair(&mut u, &mut u_previous)?;
    if new.cells.is_empty() {
        return Ok(()); // there may be very many rows of nothing
    }
    Arch::new().dispatch(ClassicStep {
        new,
        old,
        diffusion,
    });
    Ok(())
}

/// The classic step as a value that can be compiled once per vector width.
///
/// A closure would do, and be shorter, but the compiler does not always inline
/// one into the function that has the wide vectors, and then it has none.
struct ClassicStep<'a> {
    new: Grid<'a, f64>,
    old: Grid<'a, f64>,
    diffusion: &'a Diffusion,
}

impl WithSimd for ClassicStep<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self {
            mut new, mut old, ..
        } = self;
        let Diffusion { a, dt, dx2, dy2 } = *self.diffusion;
        let a_dt = a * dt; // `a * dt * (...)` reads from the left in C and Python
        for i in 1..new.nx.max(1) - 1 {
            let [above, here, below] = old.three_rows(i);
            classic_row(new.row_mut(i), above, here, below, a_dt, dx2, dy2);
            // Row i - 1 of the old field has served its last neighbour:
            // copy the new one over it while both are in the cache.
            old.row_mut(i - 1).copy_from_slice(new.row(i - 1));
        }
        for i in new.nx.max(2) - 2..new.nx {
            old.row_mut(i).copy_from_slice(new.row(i));
        }
    }
}

/// The same as [`evolve_steps`](crate::evolve_steps), bit for bit, in the
/// plainest way: one sweep over the whole grid a step.
///
/// It is here to be read, to be measured beside the fast one, and to tell
/// whether the fast one is right.
///
/// # Errors
///
/// Those of [`evolve`].
pub fn evolve_steps_simple<E: Element>(
    mut u: ArrayViewMut2<'_, E>,
    mut u_previous: ArrayViewMut2<'_, E>,
    steps: u64,
    diffusion: &Diffusion,
) -> Result<(), HeatError> {
    let (mut new, mut old) = Grid::pair(&mut u, &mut u_previous)?;
    if steps == 0 || new.cells.is_empty() {
        return Ok(());
    }
    let weights = Weights::new(diffusion);
    sweep(&mut new, &old, weights);
    // From here on the boundary is that of `u`, as it is after one `evolve`.
    old.copy_boundary_from(&new);
    for _ in 1..steps {
        std::mem::swap(&mut new, &mut old);
        sweep(&mut new, &old, weights);
    }
    old.cells.copy_from_slice(new.cells);
    Ok(())
}

/// All interior rows, with premultiplied weights.
fn sweep<E: Element>(new: &mut Grid<'_, E>, old: &Grid<'_, E>, weights: Weights<E>) {
    for i in 1..new.nx.max(1) - 1 {
        let [above, here, below] = old.three_rows(i);
        weighted_row(new.row_mut(i), above, here, below, weights);
    }
}

/// The interior of one row, in the published order of operations.
#[inline(always)]
fn classic_row(
    out: &mut [f64],
    above: &[f64],
    here: &[f64],
    below: &[f64],
    a_dt: f64,
    dx2: f64,
    dy2: f64,
) {
    let Some(row) = Interior::new(out, above, here, below) else {
        return;
    };
    for j in 0..row.out.len() {
        let p = row.here[j];
        row.out[j] = p + a_dt
            * ((row.below[j] - 2.0 * p + row.above[j]) / dx2
                + (row.right[j] - 2.0 * p + row.left[j]) / dy2);
    }
}

/// The interior of one row, premultiplied.
fn weighted_row<E: Element>(
    out: &mut [E],
    above: &[E],
    here: &[E],
    below: &[E],
    weights: Weights<E>,
) {
    let Some(row) = Interior::new(out, above, here, below) else {
        return;
    };
    for j in 0..row.out.len() {
        row.out[j] = weights.centre * row.here[j]
            + weights.cx * (row.above[j] + row.below[j])
            + weights.cy * (row.left[j] + row.right[j]);
    }
}

/// The five neighbours of a row's interior as slices of one length, so that
/// the compiler drops the bounds checks and uses vectors.
struct Interior<'a, E> {
    out: &'a mut [E],
    above: &'a [E],
    here: &'a [E],
    below: &'a [E],
    left: &'a [E],
    right: &'a [E],
}

impl<'a, E> Interior<'a, E> {
    /// `None` when the row is all boundary.
    #[inline(always)]
    fn new(out: &'a mut [E], above: &'a [E], here: &'a [E], below: &'a [E]) -> Option<Self> {
        let n = out.len().checked_sub(2)?;
        Some(Self {
            out: &mut out[1..][..n],
            above: &above[1..][..n],
            here: &here[1..][..n],
            below: &below[1..][..n],
            left: &here[..n],
            right: &here[2..][..n],
        })
    }
}
