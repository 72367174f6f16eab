//! One step, and many.

use ndarray::ArrayViewMut2;

use crate::{Diffusion, HeatError};

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
    let (mut new, mut old) = Grid::pair(&mut u, &mut u_previous)?;
    let Diffusion { a, dt, dx2, dy2 } = *diffusion;
    let a_dt = a * dt; // `a * dt * (...)` reads from the left in C and Python
    pulp::Arch::new().dispatch(
        #[inline(always)]
        || {
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
        },
    );
    Ok(())
}

/// `steps` steps in one call: as if [`evolve`] had been called `steps` times,
/// up to rounding in the last bits.
///
/// The divisions are done once, before the loop, and instead of copying the
/// field after each step the two grids change roles:
///
/// ```text
/// cx = a*dt/dx2,  cy = a*dt/dy2,  c = 1 - 2 cx - 2 cy
/// repeat, reading p and writing q, and then with p and q swapped:
///     q[i,j] = c p[i,j] + cx (p[i-1,j] + p[i+1,j]) + cy (p[i,j-1] + p[i,j+1])
/// ```
///
/// On return both grids hold the field after the last step. With `steps` = 0
/// nothing changes.
///
/// # Errors
///
/// Those of [`evolve`].
pub fn evolve_steps(
    mut u: ArrayViewMut2<'_, f64>,
    mut u_previous: ArrayViewMut2<'_, f64>,
    steps: u64,
    diffusion: &Diffusion,
) -> Result<(), HeatError> {
    let (mut new, mut old) = Grid::pair(&mut u, &mut u_previous)?;
    if steps == 0 {
        return Ok(());
    }
    let weights = Weights::new(diffusion);
    pulp::Arch::new().dispatch(
        #[inline(always)]
        || sweep(&mut new, &old, &weights),
    );
    // From here on the boundary is that of `u`, as it is after one `evolve`.
    old.copy_boundary_from(&new);
    for _ in 1..steps {
        std::mem::swap(&mut new, &mut old);
        pulp::Arch::new().dispatch(
            #[inline(always)]
            || sweep(&mut new, &old, &weights),
        );
    }
    old.cells.copy_from_slice(new.cells);
    Ok(())
}

/// The premultiplied weights of the stencil.
struct Weights {
    centre: f64,
    /// For the neighbours in the rows above and below.
    cx: f64,
    /// For the neighbours in the columns left and right.
    cy: f64,
}

impl Weights {
    fn new(diffusion: &Diffusion) -> Self {
        let Diffusion { a, dt, dx2, dy2 } = *diffusion;
        let (cx, cy) = (a * dt / dx2, a * dt / dy2);
        Self {
            centre: 1.0 - 2.0 * cx - 2.0 * cy,
            cx,
            cy,
        }
    }
}

/// A rectangle of cells, row by row without gaps.
struct Grid<'a> {
    cells: &'a mut [f64],
    nx: usize,
    ny: usize,
}

impl<'a> Grid<'a> {
    /// Two grids of one shape, or what is wrong with them.
    fn pair(
        u: &'a mut ArrayViewMut2<'_, f64>,
        u_previous: &'a mut ArrayViewMut2<'_, f64>,
    ) -> Result<(Self, Self), HeatError> {
        if u.dim() != u_previous.dim() {
            return Err(HeatError::Shape {
                u: u.dim(),
                u_previous: u_previous.dim(),
            });
        }
        Ok((Self::new(u, "u")?, Self::new(u_previous, "u_previous")?))
    }

    fn new(view: &'a mut ArrayViewMut2<'_, f64>, name: &'static str) -> Result<Self, HeatError> {
        let (nx, ny) = view.dim();
        let cells = view.as_slice_mut().ok_or(HeatError::Layout { name })?;
        Ok(Self { cells, nx, ny })
    }

    #[inline(always)]
    fn row(&self, i: usize) -> &[f64] {
        &self.cells[i * self.ny..(i + 1) * self.ny]
    }

    #[inline(always)]
    fn row_mut(&mut self, i: usize) -> &mut [f64] {
        &mut self.cells[i * self.ny..(i + 1) * self.ny]
    }

    #[inline(always)]
    fn three_rows(&self, i: usize) -> [&[f64]; 3] {
        [self.row(i - 1), self.row(i), self.row(i + 1)]
    }

    fn copy_boundary_from(&mut self, other: &Self) {
        let (nx, ny) = (self.nx, self.ny);
        if nx == 0 || ny == 0 {
            return;
        }
        for i in [0, nx - 1] {
            self.row_mut(i).copy_from_slice(other.row(i));
        }
        for i in 0..nx {
            for j in [i * ny, i * ny + ny - 1] {
                self.cells[j] = other.cells[j];
            }
        }
    }
}

/// All interior rows, with premultiplied weights.
#[inline(always)]
fn sweep(new: &mut Grid<'_>, old: &Grid<'_>, weights: &Weights) {
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
#[inline(always)]
fn weighted_row(out: &mut [f64], above: &[f64], here: &[f64], below: &[f64], weights: &Weights) {
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
struct Interior<'a> {
    out: &'a mut [f64],
    above: &'a [f64],
    here: &'a [f64],
    below: &'a [f64],
    left: &'a [f64],
    right: &'a [f64],
}

impl<'a> Interior<'a> {
    /// `None` when the row is all boundary.
    #[inline(always)]
    fn new(
        out: &'a mut [f64],
        above: &'a [f64],
        here: &'a [f64],
        below: &'a [f64],
    ) -> Option<Self> {
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
