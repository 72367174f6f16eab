//! Many steps for one trip through memory.
//!
//! A plain sweep reads and writes the whole grid for every step, and a large
//! grid comes from main memory each time. Here a row that has been read takes
//! part in `depth` steps before it is written. Call the rows after t steps
//! *level* t. Row i of level t needs the rows i-1, i, i+1 of level t-1, so each
//! level may follow one row behind the level before it:
//!
//! ```text
//! for each row e that is read:
//!     for t in 1..=depth:
//!         compute row e - t of level t
//!     write row e - depth of level depth
//! ```
//!
//! The rows in flight live in a *window*, a ring of rows in the cache. Once row
//! i of level t is known, nobody needs row i-1 of level t-1 any more, and the
//! new row takes its place. That is the one trick here: row i of level t sits
//! in slot i - t. Each level stands one slot higher than the level before it,
//! and a window of about 2 x depth rows is enough.
//!
//! A window as wide as the grid would leave the cache, so the grid is cut into
//! tiles (see [`Plan`]). All tiles read one grid and each writes its own part
//! of the other: threads share them without waiting for each other. A tile
//! reads `depth` cells more on each side, and what it computes there goes
//! wrong from the outside by one cell a step, which never reaches the part
//! that is written. (The names in the literature: time skewing, and tiles with
//! ghost zones. See M. Wittmann, G. Hager, J. Treibig, G. Wellein, *Leveraging
//! shared caches for parallel temporal blocking of stencil codes on multicore
//! processors and clusters*, Parallel Processing Letters 20 (2010), where the
//! trick with the slots is the "compressed grid".)

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use ndarray::{ArrayView1, ArrayViewMut2, Axis};
use pulp::{Arch, Simd, WithSimd};

use crate::grid::{Grid, Weights};
use crate::{Diffusion, Element, HeatError, Plan};

/// `steps` steps in one call: as if [`evolve`](crate::evolve) had been called
/// `steps` times, up to rounding in the last bits.
///
/// Both grids are `nx` rows x `ny` columns of `f64` or of `f32`, row by row.
/// The divisions are done once, before the loop, and instead of copying the
/// field after each step the two grids change roles:
///
/// ```text
/// cx = a*dt/dx2,  cy = a*dt/dy2,  c = 1 - 2 cx - 2 cy
/// repeat, reading p and writing q, and then with p and q swapped:
///     q[i,j] = c p[i,j] + cx (p[i-1,j] + p[i+1,j]) + cy (p[i,j-1] + p[i,j+1])
/// ```
///
/// The weights are computed in `f64` and rounded once to the type of the
/// cells. The result has the bits of this formula on every machine and with
/// any number of threads (a NaN stays a NaN, but its payload may differ): it is
/// that of [`evolve_steps_simple`](crate::evolve_steps_simple). The work is cut
/// as [`Plan::automatic`] says, and takes up to 4 MiB of scratch memory.
///
/// On return both grids hold the field after the last step. With `steps` = 0
/// nothing changes.
///
/// # Errors
///
/// [`HeatError::Shape`] when the shapes differ, [`HeatError::Layout`] when a
/// grid is not stored row by row without gaps. Nothing is changed then.
///
/// ```
/// use heat::{Diffusion, evolve_steps, field};
/// let dt = Diffusion::largest_stable_dt(0.5, 1e-4, 1e-4);
/// let diffusion = Diffusion::new(0.5, dt, 1e-4, 1e-4)?;
/// let mut u = field::mug(200, 200).expect("a small field");
/// let mut u_previous = u.clone();
/// evolve_steps(u.view_mut(), u_previous.view_mut(), 500, &diffusion)?;
/// assert!(u[[120, 90]] < 85.0);
/// assert_eq!(u, u_previous);
/// # Ok::<(), heat::HeatError>(())
/// ```
pub fn evolve_steps<E: Element>(
    u: ArrayViewMut2<'_, E>,
    u_previous: ArrayViewMut2<'_, E>,
    steps: u64,
    diffusion: &Diffusion,
) -> Result<(), HeatError> {
    let (nx, ny) = u.dim();
    let plan = Plan::automatic::<E>(nx, ny, steps);
    evolve_steps_with(u, u_previous, steps, diffusion, &plan)
}

/// [`evolve_steps`] with a plan of your own: the same result, in another time.
///
/// # Errors
///
/// Those of [`evolve_steps`].
pub fn evolve_steps_with<E: Element>(
    mut u: ArrayViewMut2<'_, E>,
    mut u_previous: ArrayViewMut2<'_, E>,
    steps: u64,
    diffusion: &Diffusion,
    plan: &Plan,
) -> Result<(), HeatError> {
    let (mut new, mut old) = Grid::pair(&mut u, &mut u_previous)?;
    if steps == 0 {
        return Ok(());
    }
    if new.nx < 3 || new.ny < 3 {
        old.cells.copy_from_slice(new.cells); // all boundary
        return Ok(());
    }
    let weights = Weights::new(diffusion);
    let mut team = Team::new(plan, steps, new.nx, new.ny);
    let mut left = steps;
    // After one step the boundary is that of `u` for good. Where it is not so
    // from the start, the first step goes alone.
    if !old.has_the_boundary_of(&new) {
        team.advance(&mut new, &old, 1, weights);
        old.copy_boundary_from(&new);
        std::mem::swap(&mut new, &mut old);
        left -= 1;
    }
    // The field is in `old` now. In equal parts, none deeper than planned:
    // 33 steps of depth at most 32 are 17 and 16.
    while left > 0 {
        let trips = left.div_ceil(team.depth as u64);
        let depth = usize::try_from(left.div_ceil(trips)).unwrap_or(team.depth);
        team.advance(&mut new, &old, depth, weights);
        std::mem::swap(&mut new, &mut old);
        left -= depth as u64;
    }
    new.cells.copy_from_slice(old.cells);
    Ok(())
}

/// The threads, as many as windows, and what they need to know of the plan.
struct Team<E> {
    windows: Vec<Window<E>>,
    depth: usize,
    height: usize,
    width: usize,
}

impl<E: Element> Team<E> {
    /// For grids of 3 x 3 or more and one step or more.
    fn new(plan: &Plan, steps: u64, nx: usize, ny: usize) -> Self {
        let steps = usize::try_from(steps).unwrap_or(usize::MAX);
        let depth = plan.depth.clamp(1, steps);
        let height = plan.height.clamp(1, nx - 2);
        let width = plan.width.clamp(1, ny - 2);
        let tiles = (nx - 2).div_ceil(height) * (ny - 2).div_ceil(width);
        Self {
            windows: (0..plan.threads.clamp(1, tiles))
                .map(|_| Window::new(depth, width, ny))
                .collect(),
            depth,
            height,
            width,
        }
    }

    /// The interior of `new` becomes that of `old` after `depth` steps.
    fn advance(
        &mut self,
        new: &mut Grid<'_, E>,
        old: &Grid<'_, E>,
        depth: usize,
        weights: Weights<E>,
    ) {
        let mut tiles = Vec::new();
        let mut inside = interior(new);
        let mut row = 1;
        for band in inside.axis_chunks_iter_mut(Axis(0), self.height) {
            let height = band.nrows();
            let mut column = 1;
            let mut rest = band;
            while rest.ncols() > 0 {
                let width = self.width.min(rest.ncols());
                let (out, right) = rest.split_at(Axis(1), width);
                tiles.push(Tile { row, column, out });
                column += width;
                rest = right;
            }
            row += height;
        }
        share(tiles, &mut self.windows, |tile, window| {
            Arch::new().dispatch(Trip {
                tile,
                old,
                depth,
                weights,
                window,
            });
        });
    }
}

/// Does `work` on all tiles, on as many threads as there are windows. Each takes
/// the next tile until none is left.
fn share<'a, E: Element + 'a>(
    tiles: Vec<Tile<'a, E>>,
    windows: &mut [Window<E>],
    work: impl Fn(Tile<'a, E>, &mut Window<E>) + Sync,
) {
    let queue = Mutex::new(tiles.into_iter());
    let run = |window: &mut Window<E>| {
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(tile) = next else { break };
            work(tile, window);
        }
    };
    let Some((mine, others)) = windows.split_first_mut() else {
        return;
    };
    std::thread::scope(|scope| {
        for window in others {
            // Where the system has no thread to give, the others do its work.
            let _ = std::thread::Builder::new().spawn_scoped(scope, || run(window));
        }
        run(mine);
    });
}

/// All cells but the outermost, of a grid of 3 x 3 or more.
fn interior<'a, E>(grid: &'a mut Grid<'_, E>) -> ArrayViewMut2<'a, E> {
    let (nx, ny) = (grid.nx, grid.ny);
    let whole =
        ArrayViewMut2::from_shape((nx, ny), &mut *grid.cells).expect("a grid has nx * ny cells");
    let (_, below) = whole.split_at(Axis(0), 1);
    let (rows, _) = below.split_at(Axis(0), nx - 2);
    let (_, right) = rows.split_at(Axis(1), 1);
    right.split_at(Axis(1), ny - 2).0
}

/// A part of the interior: where it starts in the grid, and its cells.
struct Tile<'a, E> {
    row: usize,
    column: usize,
    out: ArrayViewMut2<'a, E>,
}

/// Rows that one level takes before the next has its turn. With a few at a
/// time most of them are still in the first cache when the next level reads
/// them; with too many, none is.
const ROWS: usize = 4;

/// A vector of 64 bytes is the widest there is.
const VECTOR: usize = 64; // bytes

const fn lanes<E>() -> usize {
    VECTOR / size_of::<E>()
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
///                  a whole number of vectors        one to spare
/// ```
///
/// Column 1, where the interior starts, begins a vector, and the last vector
/// is computed to its end: no remainder, and three of the five reads and the
/// write never straddle two lines of the cache.
const fn stride<E>(columns: usize) -> usize {
    (columns - 2).next_multiple_of(lanes::<E>()) + 2 * lanes::<E>()
}

/// Columns that a tile of `width` columns reads.
fn columns_read(depth: usize, width: usize, ny: usize) -> usize {
    width.saturating_add(depth.saturating_mul(2)).min(ny)
}

/// Scratch memory of one thread.
pub(crate) fn window_bytes<E>(depth: usize, width: usize, ny: usize) -> usize {
    slots(depth) * stride::<E>(columns_read(depth, width, ny).max(3)) * size_of::<E>() + VECTOR
}

/// The rows in flight of one thread.
struct Window<E> {
    cells: Vec<E>,
    /// The first cell that begins a vector.
    start: usize,
}

impl<E: Element> Window<E> {
    fn new(depth: usize, width: usize, ny: usize) -> Self {
        let cells = vec![E::default(); window_bytes::<E>(depth, width, ny) / size_of::<E>()];
        // Where the vectors begin is a matter of speed alone, so an address
        // that is not a multiple of the cell's size does no harm.
        let address = cells.as_ptr() as usize;
        let start = (address.next_multiple_of(VECTOR) - address) / size_of::<E>();
        Self { cells, start }
    }
}

/// One trip of one tile: read, `depth` steps, write. A value and not a closure,
/// for the reason that stands in `step.rs`.
struct Trip<'a, 'w, E> {
    tile: Tile<'a, E>,
    old: &'a Grid<'a, E>,
    depth: usize,
    weights: Weights<E>,
    window: &'w mut Window<E>,
}

impl<E: Element> WithSimd for Trip<'_, '_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self {
            mut tile,
            old,
            depth,
            weights,
            window,
        } = self;
        let (out_rows, out_columns) = tile.out.dim();
        // What is read: the tile and `depth` cells around it, within the grid.
        // From here on rows and columns count from the corner of that.
        let top = tile.row.saturating_sub(depth);
        let bottom = (tile.row + out_rows + depth).min(old.nx);
        let left = tile.column.saturating_sub(depth);
        let right = (tile.column + out_columns + depth).min(old.ny);
        let (height, width) = (bottom - top, right - left);
        let (first_row, first_column) = (tile.row - top, tile.column - left);

        // The edges of what is read that are edges of the grid stay as they
        // are; from each other edge a level knows one cell less than the level
        // before it.
        let known = |t: usize, at_start: bool, at_end: bool, n: usize| {
            let start = if at_start { 0 } else { t };
            start..if at_end { n } else { n - t }
        };
        let rows_known = |t| known(t, top == 0, bottom == old.nx, height);
        let is_edge = |i| top + i == 0 || top + i == old.nx - 1;

        let stride = stride::<E>(width);
        let slots = slots(depth);
        let ring = &mut window.cells[window.start..][..slots * stride];
        let column_0 = lanes::<E>() - 1;

        // read: rows that have been read. Level t has then its rows up to
        // read - t, and past the last row the higher levels catch up.
        let mut read = 0;
        while read < first_row + out_rows + depth {
            // The rows of level t whose turn it is.
            let turn = |t: usize| read.saturating_sub(t)..(read + ROWS).saturating_sub(t);

            for i in both(turn(0), 0..height) {
                let row = &old.row(top + i)[left..right];
                let slot = &mut ring[slot(i + depth, slots, stride)];
                slot[column_0..][..width].copy_from_slice(row);
                // The rest of the last vector is computed and thrown away:
                // fill it with numbers of ordinary size, for small ones slow
                // some processors down.
                slot[column_0 + width..].fill(row[width - 1]);
            }

            for t in 1..=depth {
                let columns = known(t, left == 0, right == old.ny, width);
                for i in both(turn(t), rows_known(t)) {
                    // Row i of level t goes where row i - 1 of level t - 1 is.
                    let k = i + depth - t;
                    let places = [k, k + 1, k + 2].map(|k| slot(k, slots, stride));
                    let [above, here, below] = ring
                        .get_disjoint_mut(places)
                        .expect("a window has more than three slots");
                    if is_edge(i) {
                        above.copy_from_slice(here);
                    } else {
                        update(above, here, below, &columns, weights);
                        for edge in [column_0, column_0 + width - 1] {
                            above[edge] = here[edge];
                        }
                    }
                }
            }

            for i in both(turn(depth), first_row..first_row + out_rows) {
                let row = &ring[slot(i, slots, stride)][column_0 + first_column..];
                tile.out
                    .row_mut(i - first_row)
                    .assign(&ArrayView1::from(&row[..out_columns]));
            }
            read += ROWS;
        }
    }
}

/// Where slot `k` of the ring is.
#[inline(always)]
fn slot(k: usize, slots: usize, stride: usize) -> Range<usize> {
    let start = k % slots * stride;
    start..start + stride
}

/// What is in both ranges.
#[inline(always)]
fn both(a: Range<usize>, b: Range<usize>) -> Range<usize> {
    a.start.max(b.start)..a.end.min(b.end)
}

/// One row, one step further, over the row above it. Whole vectors, so also
/// some cells on either side of `columns`.
///
/// ```text
/// above[j] = c here[j] + cx (above[j] + below[j]) + cy (here[j-1] + here[j+1])
/// ```
#[inline(always)]
fn update<E: Element>(
    above: &mut [E],
    here: &[E],
    below: &[E],
    columns: &Range<usize>,
    weights: Weights<E>,
) {
    let lanes = lanes::<E>();
    // Column j is at j + lanes - 1, and its vector starts at the next multiple
    // of `lanes` from j. The first vector holds the edge alone.
    let start = columns.start.next_multiple_of(lanes).max(lanes);
    let end = (columns.end + lanes - 1)
        .next_multiple_of(lanes)
        .min(above.len() - lanes);
    let n = end - start;
    let above = &mut above[start..][..n];
    let below = &below[start..][..n];
    let left = &here[start - 1..][..n];
    let right = &here[start + 1..][..n];
    let here = &here[start..][..n];
    for j in 0..n {
        above[j] = weights.centre * here[j]
            + weights.cx * (above[j] + below[j])
            + weights.cy * (left[j] + right[j]);
    }
}
