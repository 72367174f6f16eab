//! One tile, many steps: read, compute in the cache, write.
//!
//! The module `skew` says what happens here; this one does it. The rows in
//! flight live in a [`Window`], and [`Trip`] moves it down the tile.

use std::ops::Range;

use ndarray::ArrayViewMut2;
use pulp::{Simd, WithSimd};

use crate::Element;
use crate::grid::Weights;
use crate::lanes::{lanes, load, store};
use crate::tiles::Tiles;

/// Rows that one level takes before the next has its turn. They are computed
/// together: what is loaded for one of them is there for its neighbours too.
/// (Measured: with 8 it is no faster, for the registers are full.)
const ROWS: usize = 4;

/// Bytes of a line of the cache. The widest vector is as long.
const LINE: usize = 64;

/// Memory is told apart by these many lines: a load may be held up by a store
/// to another address that looks the same in its last 12 bits.
const LINES_TOLD_APART: usize = 64;

/// How far apart, in lines, the rows of one update look in those bits: as far as
/// the processor's loads run ahead of its stores.
const LINES_AHEAD: usize = 8;

const fn cells_in_a_line<E>() -> usize {
    LINE / size_of::<E>()
}

/// Slots of a window for `depth` steps: of `depth + 1` levels the newest rows,
/// [`ROWS`] of them new, and the row above each.
const fn slots(depth: usize) -> usize {
    2 * depth + ROWS
}

/// Cells of a slot for `columns` columns.
///
/// ```text
/// |- - - - - - - 0|1 2 3 4 5 6 7 8|9 ...          |- - - - - - - -|
///                  a whole number of lines         one to spare
/// ```
///
/// Column 1, where the interior starts, begins a line, and the last line is
/// computed to its end: no remainder, and most loads and all stores never
/// straddle two lines. Lines more are added until no two rows of one update
/// look as if they were in the same place.
fn stride<E>(columns: usize) -> usize {
    let looks_the_same = |lines: &usize| {
        (1..ROWS + 2)
            .map(|rows| rows * lines % LINES_TOLD_APART)
            .any(|apart| apart.min(LINES_TOLD_APART - apart) < LINES_AHEAD)
    };
    let least = (columns - 2).div_ceil(cells_in_a_line::<E>()) + 2;
    let lines = (least..).find(|lines| !looks_the_same(lines));
    lines.expect("one of 64 in a row will do") * cells_in_a_line::<E>()
}

/// Columns that a tile of `width` columns reads.
fn columns_read(depth: usize, width: usize, ny: usize) -> usize {
    width.saturating_add(depth.saturating_mul(2)).min(ny)
}

/// Scratch memory of one thread.
pub(crate) fn window_bytes<E>(depth: usize, width: usize, ny: usize) -> usize {
    slots(depth) * stride::<E>(columns_read(depth, width, ny).max(3)) * size_of::<E>() + LINE
}

/// The rows in flight of one thread.
pub(crate) struct Window<E> {
    cells: Vec<E>,
    /// The first cell that begins a line.
    start: usize,
}

impl<E: Element> Window<E> {
    /// For tiles of up to `width` columns, in a grid of `ny`.
    pub(crate) fn new(depth: usize, width: usize, ny: usize) -> Self {
        let cells = vec![E::default(); window_bytes::<E>(depth, width, ny) / size_of::<E>()];
        // Where the lines begin is a matter of speed alone, so an address
        // that is not a multiple of the cell's size does no harm.
        let address = cells.as_ptr() as usize;
        let start = (address.next_multiple_of(LINE) - address) / size_of::<E>();
        Self { cells, start }
    }
}

/// One trip of one tile. A value and not a closure, for the reason that stands
/// in `step.rs`.
pub(crate) struct Trip<'a, 'g, E> {
    pub(crate) tile: usize,
    pub(crate) old: &'a Tiles<'g, E>,
    /// The tile of the other grid, to be written.
    pub(crate) new: &'a mut ArrayViewMut2<'g, E>,
    pub(crate) depth: usize,
    pub(crate) weights: Weights<E>,
    pub(crate) window: &'a mut Window<E>,
}

impl<E: Element> WithSimd for Trip<'_, '_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            tile,
            old,
            new,
            depth,
            weights,
            window,
        } = self;
        let (nx, ny) = old.cut.shape();
        let (rows, columns) = old.cut.interior(tile);
        let corner = old.cut.corner(tile);
        // What is read: the tile and `depth` cells around it, within the grid.
        // From here on rows and columns count from the corner of that.
        let top = rows.start.saturating_sub(depth);
        let bottom = (rows.end + depth).min(nx);
        let left = columns.start.saturating_sub(depth);
        let right = (columns.end + depth).min(ny);
        let (height, width) = (bottom - top, right - left);
        let wanted = rows.start - top..rows.end - top;

        // The edges of what is read that are edges of the grid stay as they
        // are; from each other edge a level knows one cell less than the level
        // before it.
        let known = |t: usize, at_start: bool, at_end: bool, n: usize| {
            let start = if at_start { 0 } else { t };
            start..if at_end { n } else { n - t }
        };
        let rows_known = |t| known(t, top == 0, bottom == nx, height);
        let last_row = if bottom == nx { height - 1 } else { height };

        let stride = stride::<E>(width);
        let slots = slots(depth);
        let ring = &mut window.cells[window.start..][..slots * stride];
        let column_0 = cells_in_a_line::<E>() - 1;
        let edges = [column_0, column_0 + width - 1];

        // read: rows that have been read. Level t has then its rows up to
        // read - t, and past the last row the higher levels catch up.
        let mut read = 0;
        while read < wanted.end + depth {
            // The rows of level t whose turn it is.
            let turn = |t: usize| read.saturating_sub(t)..(read + ROWS).saturating_sub(t);

            for i in both(turn(0), 0..height) {
                let [slot] = rows_from(ring, (i + depth) % slots, stride);
                let cells = &mut slot[column_0..];
                old.copy_row(top + i, left..right, &mut cells[..width]);
                // The rest of the last line is computed and thrown away: fill
                // it with numbers of ordinary size, for small ones slow some
                // processors down.
                let last = cells[width - 1];
                cells[width..].fill(last);
            }

            for t in 1..=depth {
                let columns = known(t, left == 0, right == ny, width);
                let mut rows = both(turn(t), rows_known(t));
                while !rows.is_empty() {
                    let i = rows.start;
                    // Row i of level t goes where row i - 1 of level t - 1 is.
                    let k = (i + depth - t) % slots;
                    let at_an_edge = top + i == 0 || i == last_row;
                    let together = rows.end.min(last_row).saturating_sub(i);
                    rows.start += match together {
                        _ if at_an_edge => {
                            let [above, here] = rows_from(ring, k, stride);
                            above.copy_from_slice(here);
                            1
                        }
                        4.. => {
                            let rows: [_; 6] = rows_from(ring, k, stride);
                            update(simd, rows, &columns, edges, weights)
                        }
                        2.. => {
                            let rows: [_; 4] = rows_from(ring, k, stride);
                            update(simd, rows, &columns, edges, weights)
                        }
                        _ => {
                            let rows: [_; 3] = rows_from(ring, k, stride);
                            update(simd, rows, &columns, edges, weights)
                        }
                    };
                }
            }

            for i in both(turn(depth), wanted.clone()) {
                let [slot] = rows_from(ring, i % slots, stride);
                let cells = &slot[column_0 + columns.start - left..][..columns.len()];
                let mut row = new.row_mut(top + i - corner.0);
                let row = row.as_slice_mut().expect("a row is stored without gaps");
                row[columns.start - corner.1..][..columns.len()].copy_from_slice(cells);
            }
            read += ROWS;
        }
    }
}

/// The rows in slot `k` and after it. The ring goes on with slot 0.
#[inline(always)]
fn rows_from<E, const N: usize>(ring: &mut [E], k: usize, stride: usize) -> [&mut [E]; N] {
    let (mut low, mut rest) = ring.split_at_mut(k * stride);
    std::array::from_fn(|_| {
        if rest.is_empty() {
            rest = std::mem::take(&mut low);
        }
        let (row, after) = std::mem::take(&mut rest).split_at_mut(stride);
        rest = after;
        row
    })
}

/// What is in both ranges.
#[inline(always)]
fn both(a: Range<usize>, b: Range<usize>) -> Range<usize> {
    a.start.max(b.start)..a.end.min(b.end)
}

/// All rows but the outer two, one step further, each over the row above it.
/// Returns how many these are. Whole lines, so also some cells on either side
/// of `columns`; the cells at `edges` stay what they are.
///
/// ```text
/// above[j] = c here[j] + cx (above[j] + below[j]) + cy (here[j-1] + here[j+1])
/// ```
#[inline(always)]
fn update<E: Element, S: Simd, const N: usize>(
    simd: S,
    mut rows: [&mut [E]; N],
    columns: &Range<usize>,
    [left_edge, right_edge]: [usize; 2],
    weights: Weights<E>,
) -> usize {
    let step = lanes::<E, S>();
    let line = cells_in_a_line::<E>();
    // Column j is at j + line - 1, and its line starts at the next multiple
    // of `line` from j. The first line holds the edge alone.
    let start = columns.start.next_multiple_of(line).max(line);
    let end = (columns.end + line - 1)
        .next_multiple_of(line)
        .min(rows[0].len() - line);

    let right_edges: [E; N] = std::array::from_fn(|r| rows[r][right_edge]);
    // Not known before: or the compiler makes these vectors once for the whole
    // trip, has no registers to keep them in, and loads them for each four cells.
    let weights = std::hint::black_box(weights);
    let [centre, cx, cy] =
        [weights.centre, weights.cx, weights.cy].map(|weight| E::splat(simd, weight));
    let first = E::first_lane(simd);
    // Each row is written over while the row below it is still to be read: its
    // cells on the right are in memory, and the last cell on the left is here.
    let mut before: [E::Vector<S>; N] =
        std::array::from_fn(|r| E::rotate(simd, load::<E, S>(rows[r], start - step)));
    {
        let n = end - start;
        let cells: [&mut [E]; N] = rows.each_mut().map(|row| &mut row[start..][..n + 1]);
        let mut j = 0;
        while j + step < n + 1 {
            let here: [E::Vector<S>; N] = std::array::from_fn(|r| load::<E, S>(cells[r], j));
            let mut next = here;
            for r in 1..N - 1 {
                let rotated = E::rotate(simd, here[r]);
                let left = E::select(simd, first, before[r], rotated);
                before[r] = rotated;
                let right = load::<E, S>(cells[r], j + 1);
                let vertical = E::sum(simd, here[r - 1], here[r + 1]);
                let horizontal = E::sum(simd, left, right);
                let sum = E::sum(
                    simd,
                    E::product(simd, centre, here[r]),
                    E::product(simd, cx, vertical),
                );
                next[r] = E::sum(simd, sum, E::product(simd, cy, horizontal));
            }
            for r in 1..N - 1 {
                store::<E, S>(cells[r - 1], j, next[r]);
            }
            j += step;
        }
    }
    for r in 1..N - 1 {
        rows[r - 1][left_edge] = rows[r][left_edge];
        rows[r - 1][right_edge] = right_edges[r];
    }
    N - 2
}
