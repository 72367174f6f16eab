//! How the many-step function cuts its work.

use std::num::NonZero;
use std::thread::available_parallelism;

use crate::skew::window_bytes;

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

/// Steps a tile takes at a time, where memory and the number of steps allow.
/// The rows in flight, about twice as many, then stay in a cache of the second
/// level: 512 KiB or more a core on the machines of the last ten years. The
/// size is not asked for: there is no portable way to ask, and the time hardly
/// changes within a factor of two on either side.
const DEPTH: usize = 32;

/// Bytes of a tile's row: a handful of them share a cache of the first level.
const ROW: usize = 5 << 10;

/// Updates of a cell that are worth a thread: starting one costs some ten
/// microseconds, and these take more than a hundred.
const WORTH_A_THREAD: u64 = 1 << 19;

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
        // Depth and width shrink together: a tile stays as many times wider
        // than it is deep.
        let mut depth = DEPTH;
        let mut width = ROW / size_of::<E>().max(1);
        while depth > 1 && threads * window_bytes::<E>(depth, width, ny) > SCRATCH {
            depth /= 2;
            width /= 2;
        }
        let depth = usize::try_from(steps).map_or(depth, |steps| depth.min(steps.max(1)));
        let strips = columns.div_ceil(width);
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
    let even = |bands: &usize| (bands * strips).is_multiple_of(threads);
    // Not so low that a good part of a tile is computed twice; but rather a bit of
    // that than a thread without work.
    let a_thread_each = if rows >= 3 * depth * threads {
        threads
    } else {
        1
    };
    let most = (rows / (4 * depth)).max(a_thread_each);
    (wanted..=most)
        .find(even)
        .or_else(|| (1..=wanted.min(most)).rev().find(even))
        .unwrap_or(wanted.min(most))
}

/// How many threads have enough to do.
fn worthwhile_threads(nx: usize, ny: usize, steps: u64) -> usize {
    let updates = (nx as u64)
        .saturating_mul(ny as u64)
        .saturating_mul(steps.min(DEPTH as u64));
    usize::try_from(updates / WORTH_A_THREAD).map_or(usize::MAX, |threads| threads.max(1))
}
