//! What both ways to step share: the rectangle, and its five-point rows.

use ndarray::ArrayViewMut2;

use crate::{Diffusion, Element, HeatError};

/// A rectangle of cells, row by row without gaps.
pub(crate) struct Grid<'a, E> {
    pub(crate) cells: &'a mut [E],
    pub(crate) nx: usize,
    pub(crate) ny: usize,
}

impl<'a, E: Element> Grid<'a, E> {
    /// Two grids of one shape, or what is wrong with them.
    pub(crate) fn pair(
        u: &'a mut ArrayViewMut2<'_, E>,
        u_previous: &'a mut ArrayViewMut2<'_, E>,
    ) -> Result<(Self, Self), HeatError> {
        if u.dim() != u_previous.dim() {
            return Err(HeatError::Shape {
                u: u.dim(),
                u_previous: u_previous.dim(),
            });
        }
        Ok((Self::new(u, "u")?, Self::new(u_previous, "u_previous")?))
    }

    fn new(view: &'a mut ArrayViewMut2<'_, E>, name: &'static str) -> Result<Self, HeatError> {
        let (nx, ny) = view.dim();
        let cells = view.as_slice_mut().ok_or(HeatError::Layout { name })?;
        Ok(Self { cells, nx, ny })
    }

    #[inline(always)]
    pub(crate) fn row(&self, i: usize) -> &[E] {
        &self.cells[i * self.ny..(i + 1) * self.ny]
    }

    #[inline(always)]
    pub(crate) fn row_mut(&mut self, i: usize) -> &mut [E] {
        &mut self.cells[i * self.ny..(i + 1) * self.ny]
    }

    #[inline(always)]
    pub(crate) fn three_rows(&self, i: usize) -> [&[E]; 3] {
        [self.row(i - 1), self.row(i), self.row(i + 1)]
    }

    pub(crate) fn copy_boundary_from(&mut self, other: &Self) {
        for j in boundary(self.nx, self.ny) {
            self.cells[j] = other.cells[j];
        }
    }

    pub(crate) fn has_the_boundary_of(&self, other: &Self) -> bool {
        boundary(self.nx, self.ny).all(|j| self.cells[j].same_bits(other.cells[j]))
    }
}

/// The places of the outermost cells in a rectangle stored row by row.
fn boundary(nx: usize, ny: usize) -> impl Iterator<Item = usize> {
    let last_row = nx.saturating_sub(1) * ny;
    let rows = (0..ny).flat_map(move |j| [j, last_row + j]);
    let columns = (0..nx).flat_map(move |i| [i * ny, i * ny + ny.saturating_sub(1)]);
    let cells = nx * ny; // none: then the lines above name cells that are not there
    rows.chain(columns).filter(move |_| cells > 0)
}

/// The premultiplied weights of the stencil, rounded once to the cell's type.
#[derive(Clone, Copy)]
pub(crate) struct Weights<E> {
    pub(crate) centre: E,
    /// For the neighbours in the rows above and below.
    pub(crate) cx: E,
    /// For the neighbours in the columns left and right.
    pub(crate) cy: E,
}

impl<E: Element> Weights<E> {
    pub(crate) fn new(diffusion: &Diffusion) -> Self {
        let Diffusion { a, dt, dx2, dy2 } = *diffusion;
        let (cx, cy) = (a * dt / dx2, a * dt / dy2);
        Self {
            centre: E::from_f64(1.0 - 2.0 * cx - 2.0 * cy),
            cx: E::from_f64(cx),
            cy: E::from_f64(cy),
        }
    }
}
