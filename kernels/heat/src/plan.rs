//! How the many-step function cuts its work.

use std::num::NonZero;
use std::thread::available_parallelism;

use crate::trip::window_bytes;

/// How [`evolve_steps_with`](crate::evolve_steps_with) cuts its work. It
/// changes the time and the memory, never the result.
///
/// The grid is cut into tiles of `height` rows x `width` columns. Each tile
/// takes `depth` steps while it is in the cache, and reads `depth` more cells
/// on each side that is not the edge of the grid: the heat that can reach it
/// in `depth` steps. Those cells are computed by the neighbours too, so a tile
/// should be a good deal larger than it is deep.
///
/// A number below 1 counts as 1, and one beyond the grid as the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Steps for one trip of the grid through memory.
    pub depth: usize,
    /// Rows of a tile.
    pub height: usize,
    /// Columns of a tile.
    pub width: usize,
    /// Threads that share the tiles, the calling one included.
    pub threads: usize,
}

/// All threads together use no more scratch memory than this.
const SCRATCH: usize = 4 << 20; // bytes

/// Steps a tile takes at a time, where memory, the grid and the number of steps
/// allow. The rows in flight of one thread, about twice as many, then take about
/// a megabyte: a cache of the second level on the newest machines, and of the
/// third on others, which is hardly slower. The sizes of the caches are not asked
/// for: there is no portable way to ask.
const DEPTH: usize = 64;

/// Bytes of a tile's row for each step it takes: 16 cells of `f64`. A tile is a
/// good deal wider than it is deep, for it computes up to `depth` cells too many on
/// each side.
const ROW: usize = 128;

/// A tile is at least so many times higher than it is deep, for the same reason.
const HEIGHT: usize = 4;

/// Updates of a cell that are worth a thread: starting one costs some ten
/// microseconds, and these take about a hundred.
const WORTH_A_THREAD: u64 = 1 << 19;

/// Steps that count when a thread's worth is looked at. A longer call has more
/// work, but threads on a small grid wait for each other more than they work.
const COUNTED_STEPS: u64 = 32;

impl Plan {
    /// A plan for `steps` steps on `nx` rows x `ny` columns of cells of type
    /// `E`, with as many threads as there are cores free to use, fewer when
    /// the work is small.
    #[must_use]
    pub fn automatic<E>(nx: usize, ny: usize, steps: u64) -> Self {
        // To ask for the cores means to read files on Linux: not for a grid
        // that stays on one thread anyway.
        let threads = match worthwhile_threads(nx, ny, steps) {
            1 => 1,
            _ => available_parallelism().map_or(1, usize::from),
        };
        Self::for_threads::<E>(nx, ny, steps, threads)
    }

    /// The plan for a caller who may have said how many threads to use: `None`
    /// is [`Plan::automatic`].
    #[must_use]
    pub fn for_caller<E>(
        (nx, ny): (usize, usize),
        steps: u64,
        threads: Option<NonZero<usize>>,
    ) -> Self {
        match threads {
            None => Self::automatic::<E>(nx, ny, steps),
            Some(threads) => Self::for_threads::<E>(nx, ny, steps, threads.get()),
        }
    }

    /// The same for no more than `threads` threads.
    #[must_use]
    pub fn for_threads<E>(nx: usize, ny: usize, steps: u64, threads: usize) -> Self {
        let threads = threads.clamp(1, worthwhile_threads(nx, ny, steps));
        let (rows, columns) = (nx.saturating_sub(2).max(1), ny.saturating_sub(2).max(1));
        let width = |depth: usize| ROW * depth / size_of::<E>().max(1);
        let fits = |depth: &usize| {
            // Where the strips are too few for the threads, the rows are cut too.
            let bands = threads.div_ceil(columns.div_ceil(width(*depth)));
            let high_enough = bands == 1 || rows >= HEIGHT * depth * bands;
            high_enough && threads * window_bytes::<E>(*depth, width(*depth), ny) <= SCRATCH
        };
        let depth = (1..=DEPTH).rev().find(fits).unwrap_or(1);
        let strips = columns.div_ceil(width(depth));
        let depth = usize::try_from(steps).map_or(depth, |steps| depth.min(steps.max(1)));
        let bands = bands(rows, strips, depth, threads);
        Self {
            depth,
            height: rows.div_ceil(bands),
            width: columns.div_ceil(strips),
            threads,
        }
    }

    /// The scratch memory this plan takes for rows of `ny` cells of type `E`,
    /// in bytes: about `threads * 2 depth * (width + 2 depth)` cells.
    #[must_use]
    pub fn scratch_bytes<E>(&self, ny: usize) -> usize {
        self.threads.max(1) * window_bytes::<E>(self.depth.max(1), self.width.max(1), ny)
    }
}

/// How many times to cut the rows.
fn bands(rows: usize, strips: usize, depth: usize, threads: usize) -> usize {
    if threads == 1 {
        return 1;
    }
    // Some tiles for each thread, so that one that is held up does not hold up
    // all, and as many for each as for any other.
    let wanted = (4 * threads).div_ceil(strips);
    let most = (rows / (HEIGHT * depth)).max(1);
    let even = |bands: &usize| (bands * strips).is_multiple_of(threads);
    (wanted..=most)
        .find(even)
        .or_else(|| (1..=wanted.min(most)).rev().find(even))
        .unwrap_or(wanted.min(most))
}

/// How many threads have enough to do.
fn worthwhile_threads(nx: usize, ny: usize, steps: u64) -> usize {
    let updates = (nx as u64)
        .saturating_mul(ny as u64)
        .saturating_mul(steps.min(COUNTED_STEPS));
    usize::try_from(updates / WORTH_A_THREAD).map_or(usize::MAX, |threads| threads.max(1))
}
