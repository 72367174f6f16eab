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
//! of the other: within a trip no thread waits for another. A tile
//! reads `depth` cells more on each side, and what it computes there goes
//! wrong from the outside by one cell a step, which never reaches the part
//! that is written. (The names in the literature: time skewing, and tiles with
//! ghost zones. See M. Wittmann, G. Hager, J. Treibig, G. Wellein, *Leveraging
//! shared caches for parallel temporal blocking of stencil codes on multicore
//! processors and clusters*, Parallel Processing Letters 20 (2010), where the
//! trick with the slots is the "compressed grid".)

use ndarray::ArrayViewMut2;
use pulp::Arch;

use crate::grid::{Grid, Weights};
use crate::lanes::with_vectors;
use crate::team::{Barrier, Member, Shares};
use crate::tiles::{Cut, Tiles};
use crate::trip::{Trip, Window};
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
    u: ArrayViewMut2<'_, E>,
    u_previous: ArrayViewMut2<'_, E>,
    steps: u64,
    diffusion: &Diffusion,
    plan: &Plan,
) -> Result<(), HeatError> {
    evolve_steps_on(Arch::new(), u, u_previous, steps, diffusion, plan)
}

/// The same with the vectors of `arch`.
fn evolve_steps_on<E: Element>(
    arch: Arch,
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
    // After one step the boundary is that of `u` for good. Where it is not so
    // from the start, the first step goes alone.
    let alone = u64::from(!old.has_the_boundary_of(&new));
    for steps in [alone, steps - alone] {
        if steps > 0 {
            advance(arch, &mut new, &mut old, steps, weights, plan);
        }
    }
    Ok(())
}

/// Both grids become the field in `old` after `steps` steps, with the boundary
/// of `new`. They are 3 x 3 or more, and the boundaries differ at most when
/// `steps` is 1.
fn advance<E: Element>(
    arch: Arch,
    new: &mut Grid<'_, E>,
    old: &mut Grid<'_, E>,
    steps: u64,
    weights: Weights<E>,
    plan: &Plan,
) {
    let ny = new.ny;
    let depth = plan.depth.max(1) as u64;
    let deepest = usize::try_from(depth.min(steps)).expect("a depth is a usize");
    let cut = Cut::new((new.nx, ny), plan.height, plan.width);
    let width = plan.width.clamp(1, ny - 2);
    let threads = plan.threads.clamp(1, cut.tiles());

    let grids = [Tiles::new(new, cut), Tiles::new(old, cut)];
    let shares = Shares::new(cut.tiles(), threads);
    let barrier = Barrier::new(threads);
    let run = |thread: usize, member: Member<'_>| {
        let mut window = Window::new(deepest, width, ny);
        let [mut new, mut old] = [&grids[0], &grids[1]];
        let mut left = steps;
        while left > 0 {
            // In equal parts, none deeper than planned: 33 steps of depth at
            // most 32 are 17 and 16.
            let depth = left.div_ceil(left.div_ceil(depth));
            for tile in shares.of(thread) {
                let trip = Trip {
                    tile,
                    old,
                    new: &mut new.write(tile),
                    depth: usize::try_from(depth).expect("no more than the plan's"),
                    weights,
                    window: &mut window,
                };
                with_vectors(arch, trip);
            }
            if !member.wait(|| shares.begin()) {
                return;
            }
            std::mem::swap(&mut new, &mut old);
            left -= depth;
        }
        // The field is in `old` now.
        for tile in shares.of(thread) {
            new.copy_tile(tile, old);
        }
    };
    std::thread::scope(|scope| {
        for thread in 1..threads {
            let (run, member) = (&run, barrier.member());
            let started =
                std::thread::Builder::new().spawn_scoped(scope, move || run(thread, member));
            // Where the system has no thread to give, the others do its work.
            if started.is_err() {
                barrier.without_one();
            }
        }
        run(0, barrier.member());
    });
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::evolve_steps_simple;

    /// Everything that this machine can run, and not only the best.
    fn all_vectors() -> Vec<Arch> {
        let mut all = vec![Arch::Scalar, Arch::new()];
        #[cfg(target_arch = "x86_64")]
        all.extend(pulp::x86::V3::try_new().map(Arch::V3));
        all
    }

    fn every_vector_gives_the_same_bits<E: Element + std::fmt::Debug>() {
        let diffusion = Diffusion::new(0.5, 0.3, 0.7, 1.3).unwrap();
        let plan = Plan {
            depth: 7,
            height: 30,
            width: 40,
            threads: 2,
        };
        for shape in [(3, 3), (11, 90), (70, 41)] {
            let start = Array2::from_shape_fn(shape, |(i, j)| {
                E::from_f64(((i * 31 + j * 17) % 23) as f64 - 5.0)
            });
            let (mut want, mut want_previous) = (start.clone(), start.clone());
            let views = (want.view_mut(), want_previous.view_mut());
            evolve_steps_simple(views.0, views.1, 20, &diffusion).unwrap();
            for arch in all_vectors() {
                let (mut u, mut p) = (start.clone(), start.clone());
                evolve_steps_on(arch, u.view_mut(), p.view_mut(), 20, &diffusion, &plan).unwrap();
                for (cell, wanted) in u.iter().chain(&p).zip(want.iter().chain(&want_previous)) {
                    assert!(cell.same_bits(*wanted), "{cell:?}, not {wanted:?}");
                }
            }
        }
    }

    #[test]
    fn every_vector_of_doubles_gives_the_same_bits() {
        every_vector_gives_the_same_bits::<f64>();
    }

    #[test]
    fn every_vector_of_singles_gives_the_same_bits() {
        every_vector_gives_the_same_bits::<f32>();
    }
}
