//! The way from the classic step to the fast one, a rung at a time. Each adds
//! one idea to the one before it, and all but the first give the same bits.
//! Up to the third they are compiled for the vectors that every machine of the
//! kind has; `heat::evolve` is the first with the widest.

use heat::{Diffusion, Plan, evolve_steps_simple, evolve_steps_with};
use ndarray::Array2;
use pulp::{Arch, Simd, WithSimd};

/// Two grids of `f64`: the field and its scratch partner.
pub struct Pair {
    pub u: Array2<f64>,
    pub p: Array2<f64>,
}

/// What a rung does: so many steps.
pub type Run = fn(&mut Pair, u64, &Numbers);

/// The parameters, checked for the kernel and bare for the loops written here.
pub struct Numbers {
    pub diffusion: Diffusion,
    a_dt: f64,
    /// The distance between rows squared, and between columns too.
    d2: f64,
}

impl Numbers {
    pub fn new() -> Self {
        let (a, d2) = (0.5, 1e-4);
        let dt = 0.9 * Diffusion::largest_stable_dt(a, d2, d2);
        Self {
            diffusion: Diffusion::new(a, dt, d2, d2).expect("0.9 of the limit is stable"),
            a_dt: a * dt,
            d2,
        }
    }
}

pub const RUNGS: [(&str, Run); 6] = [
    ("1-classic", classic),
    ("2-hoisted", hoisted),
    ("3-swapped", swapped),
    ("4-vectors", vectors),
    ("5-skewed", skewed),
    ("6-threads", threads),
];

/// Two divisions a cell, and a copy of the field after each step.
fn classic(pair: &mut Pair, steps: u64, numbers: &Numbers) {
    let Numbers { a_dt, d2, .. } = *numbers;
    for _ in 0..steps {
        sweep(&mut pair.u, &pair.p, |p, above, below, left, right| {
            p + a_dt * ((below - 2.0 * p + above) / d2 + (right - 2.0 * p + left) / d2)
        });
        pair.p.assign(&pair.u);
    }
}

/// No division in the loop; still the copy.
fn hoisted(pair: &mut Pair, steps: u64, numbers: &Numbers) {
    for _ in 0..steps {
        weighted_sweep(&mut pair.u, &pair.p, numbers);
        pair.p.assign(&pair.u);
    }
}

/// The grids change roles: no copy but the last.
fn swapped(pair: &mut Pair, steps: u64, numbers: &Numbers) {
    let Pair { u, p } = pair;
    evolve_steps_simple(u.view_mut(), p.view_mut(), steps, &numbers.diffusion).expect("one shape");
}

/// The same sweep, compiled for the widest vectors that the machine has.
fn vectors(pair: &mut Pair, steps: u64, numbers: &Numbers) {
    for _ in 0..steps {
        let Pair { u, p } = &mut *pair;
        Arch::new().dispatch(Wide { u, p, numbers });
        std::mem::swap(u, p); // the new field is in `p` now
    }
    pair.u.assign(&pair.p);
}

/// Many steps for one trip through memory.
fn skewed(pair: &mut Pair, steps: u64, numbers: &Numbers) {
    with_threads(pair, steps, numbers, 1);
}

/// The same on two threads.
fn threads(pair: &mut Pair, steps: u64, numbers: &Numbers) {
    with_threads(pair, steps, numbers, 2);
}

fn with_threads(pair: &mut Pair, steps: u64, numbers: &Numbers, threads: usize) {
    let Pair { u, p } = pair;
    let (nx, ny) = u.dim();
    let plan = Plan::for_threads::<f64>(nx, ny, steps, threads);
    evolve_steps_with(u.view_mut(), p.view_mut(), steps, &numbers.diffusion, &plan)
        .expect("one shape");
}

struct Wide<'a> {
    u: &'a mut Array2<f64>,
    p: &'a Array2<f64>,
    numbers: &'a Numbers,
}

impl WithSimd for Wide<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        weighted_sweep(self.u, self.p, self.numbers);
    }
}

#[inline(always)]
fn weighted_sweep(u: &mut Array2<f64>, p: &Array2<f64>, numbers: &Numbers) {
    let cx = numbers.a_dt / numbers.d2;
    let cy = cx;
    let c = 1.0 - 2.0 * cx - 2.0 * cy;
    sweep(u, p, |p, above, below, left, right| {
        c * p + cx * (above + below) + cy * (left + right)
    });
}

/// `u = new(p, above, below, left, right)` for all interior cells.
#[inline(always)]
fn sweep(
    u: &mut Array2<f64>,
    p: &Array2<f64>,
    new: impl Fn(f64, f64, f64, f64, f64) -> f64 + Copy,
) {
    let (nx, ny) = u.dim();
    let (Some(u), Some(p)) = (u.as_slice_mut(), p.as_slice()) else {
        unreachable!("both grids are stored row by row");
    };
    let n = ny - 2;
    for first in (1..nx - 1).map(|i| i * ny + 1) {
        let out = &mut u[first..][..n];
        let (above, below) = (&p[first - ny..][..n], &p[first + ny..][..n]);
        let (left, right) = (&p[first - 1..][..n], &p[first + 1..][..n]);
        let here = &p[first..][..n];
        for j in 0..n {
            out[j] = new(here[j], above[j], below[j], left[j], right[j]);
        }
    }
}
