//! A grid cut into tiles that threads share: all may read any tile, and one at
//! a time writes one.

use std::ops::Range;
use std::sync::{PoisonError, RwLock, RwLockWriteGuard};

use ndarray::{ArrayViewMut2, Axis};

use crate::Element;
use crate::grid::Grid;

/// How the interior of a grid of 3 x 3 or more is cut, into bands of rows and
/// strips of columns. Tile 0 is the first of the first band.
#[derive(Clone, Copy)]
pub(crate) struct Cut {
    rows: Pieces,
    columns: Pieces,
}

impl Cut {
    /// Tiles of `height` x `width` cells; those at the far edges may be smaller.
    pub(crate) fn new((nx, ny): (usize, usize), height: usize, width: usize) -> Self {
        Self {
            rows: Pieces::new(nx, height),
            columns: Pieces::new(ny, width),
        }
    }

    /// Rows and columns of the whole grid.
    pub(crate) fn shape(self) -> (usize, usize) {
        (self.rows.cells, self.columns.cells)
    }

    pub(crate) fn tiles(self) -> usize {
        self.rows.count() * self.columns.count()
    }

    /// The rows and the columns of a tile's interior cells.
    pub(crate) fn interior(self, tile: usize) -> (Range<usize>, Range<usize>) {
        let (band, strip) = self.place(tile);
        (self.rows.interior(band), self.columns.interior(strip))
    }

    /// The first row and the first column of a tile, edges of the grid included.
    pub(crate) fn corner(self, tile: usize) -> (usize, usize) {
        let (band, strip) = self.place(tile);
        (self.rows.whole(band).start, self.columns.whole(strip).start)
    }

    fn place(self, tile: usize) -> (usize, usize) {
        (tile / self.columns.count(), tile % self.columns.count())
    }
}

/// One side of a grid in pieces. The first and the last piece have the edge of
/// the grid too.
#[derive(Clone, Copy)]
struct Pieces {
    cells: usize,
    size: usize,
}

impl Pieces {
    fn new(cells: usize, size: usize) -> Self {
        let size = size.clamp(1, cells - 2);
        Self { cells, size }
    }

    fn count(self) -> usize {
        (self.cells - 2).div_ceil(self.size)
    }

    fn of(self, cell: usize) -> usize {
        (cell.saturating_sub(1) / self.size).min(self.count() - 1)
    }

    fn interior(self, piece: usize) -> Range<usize> {
        let start = 1 + piece * self.size;
        start..(start + self.size).min(self.cells - 1)
    }

    fn whole(self, piece: usize) -> Range<usize> {
        let Range { start, end } = self.interior(piece);
        let at_the_start = piece == 0;
        let at_the_end = piece + 1 == self.count();
        start - usize::from(at_the_start)..end + usize::from(at_the_end)
    }
}

/// A grid behind a lock for each tile. No lock is ever waited for where the
/// threads agree who writes which tile, and when.
pub(crate) struct Tiles<'g, E> {
    tiles: Vec<RwLock<ArrayViewMut2<'g, E>>>,
    pub(crate) cut: Cut,
}

impl<'g, E: Element> Tiles<'g, E> {
    pub(crate) fn new(grid: &'g mut Grid<'_, E>, cut: Cut) -> Self {
        let mut tiles = Vec::with_capacity(cut.tiles());
        let shape = (grid.nx, grid.ny);
        let mut below =
            ArrayViewMut2::from_shape(shape, grid.cells).expect("a grid has nx * ny cells");
        for band in 0..cut.rows.count() {
            let (mut right, rest) = below.split_at(Axis(0), cut.rows.whole(band).len());
            below = rest;
            for strip in 0..cut.columns.count() {
                let (tile, rest) = right.split_at(Axis(1), cut.columns.whole(strip).len());
                right = rest;
                tiles.push(RwLock::new(tile));
            }
        }
        Self { tiles, cut }
    }

    /// A tile to be written, edges of the grid included.
    pub(crate) fn write(&self, tile: usize) -> RwLockWriteGuard<'_, ArrayViewMut2<'g, E>> {
        self.tiles[tile]
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes `into` the cells of row `i` in `columns`.
    pub(crate) fn copy_row(&self, i: usize, columns: Range<usize>, into: &mut [E]) {
        let Cut {
            rows,
            columns: strips,
        } = self.cut;
        let band = rows.of(i);
        let first_row = rows.whole(band).start;
        let (mut start, mut into) = (columns.start, into);
        while start < columns.end {
            let strip = strips.of(start);
            let whole = strips.whole(strip);
            let end = whole.end.min(columns.end);
            let tile = self.tiles[band * strips.count() + strip]
                .read()
                .unwrap_or_else(PoisonError::into_inner);
            let row = tile.row(i - first_row);
            let row = row.to_slice().expect("a row is stored without gaps");
            let (part, rest) = into.split_at_mut(end - start);
            part.copy_from_slice(&row[start - whole.start..end - whole.start]);
            (start, into) = (end, rest);
        }
    }

    /// Makes a tile that of `other`, which is cut in the same way.
    pub(crate) fn copy_tile(&self, tile: usize, other: &Self) {
        let from = other.tiles[tile]
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        self.write(tile).assign(&from);
    }
}
