//! The clever way to take many steps beside the plain one, and the plain one
//! beside the formula: bit for bit.

use std::fmt::Debug;

use heat::{
    Diffusion, Element, HeatError, Plan, evolve_steps, evolve_steps_simple, evolve_steps_with,
    field,
};
use ndarray::{Array2, s};
use proptest::prelude::*;

/// A cell whose bits can be looked at. All NaN count as one: the payload of a
/// sum of two is that of one of them, and the compiler may swap them.
trait Cell: Element + Debug {
    fn bits(self) -> u64;
}

impl Cell for f64 {
    fn bits(self) -> u64 {
        if self.is_nan() {
            u64::MAX
        } else {
            self.to_bits()
        }
    }
}

impl Cell for f32 {
    fn bits(self) -> u64 {
        if self.is_nan() {
            u64::MAX
        } else {
            self.to_bits().into()
        }
    }
}

fn bits<E: Cell>(grid: &Array2<E>) -> Vec<u64> {
    grid.iter().map(|v| v.bits()).collect()
}

/// Ordinary temperatures, and now and then a number that is not ordinary.
fn any_value() -> impl Strategy<Value = f64> {
    prop_oneof![
        60 => -100.0..100.0,
        1 => prop::sample::select(vec![
            f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 0.0, 5e-324, 1e-40, 1e300, 3e38,
        ]),
    ]
}

#[derive(Debug, Clone)]
struct Case {
    u: Array2<f64>,
    p: Array2<f64>,
    diffusion: Diffusion,
}

/// Any rectangle up to the given size, empty ones and single rows and columns
/// included. In half of the cases the two grids have the same boundary.
fn any_case(nx: usize, ny: usize) -> impl Strategy<Value = Case> {
    let sizes = prop_oneof![
        (0..nx, 0..ny),
        (0..ny, 0..nx),
        (0_usize..5, 0..2 * ny),
        (0..2 * ny, 0_usize..5),
    ];
    let numbers = (0.01..2.0, 0.1..1.0, 0.001..1.0, 0.001..1.0);
    (sizes, numbers, any::<bool>()).prop_flat_map(|((nx, ny), (a, part, dx2, dy2), same)| {
        let cells = || prop::collection::vec(any_value(), nx * ny);
        (cells(), cells()).prop_map(move |(u, p)| {
            let u = Array2::from_shape_vec((nx, ny), u).unwrap();
            let mut p = Array2::from_shape_vec((nx, ny), p).unwrap();
            if same {
                let inside = p.clone();
                p.assign(&u);
                if nx > 2 && ny > 2 {
                    let inner = s![1..nx - 1, 1..ny - 1];
                    p.slice_mut(inner).assign(&inside.slice(inner));
                }
            }
            let dt = part * Diffusion::largest_stable_dt(a, dx2, dy2);
            let diffusion = Diffusion::new(a, dt, dx2, dy2).unwrap();
            Case { u, p, diffusion }
        })
    })
}

fn any_plan() -> impl Strategy<Value = Plan> {
    (0_usize..20, 0_usize..60, 0_usize..150, 0_usize..5).prop_map(
        |(depth, height, width, threads)| Plan {
            depth,
            height,
            width,
            threads,
        },
    )
}

fn cast<E: Cell>(grid: &Array2<f64>) -> Array2<E> {
    grid.mapv(E::from_f64)
}

fn plan_changes_no_bit<E: Cell>(case: &Case, steps: u64, plan: &Plan) -> Result<(), TestCaseError> {
    let (mut u, mut p) = (cast::<E>(&case.u), cast::<E>(&case.p));
    let (mut want_u, mut want_p) = (u.clone(), p.clone());
    evolve_steps_simple(want_u.view_mut(), want_p.view_mut(), steps, &case.diffusion).unwrap();
    evolve_steps_with(u.view_mut(), p.view_mut(), steps, &case.diffusion, plan).unwrap();
    prop_assert_eq!(bits(&u), bits(&want_u));
    prop_assert_eq!(bits(&p), bits(&want_p));
    Ok(())
}

proptest! {
    #[test]
    fn the_plain_way_has_the_bits_of_the_formula(
        case in any_case(20, 30),
        steps in 0_u64..6,
        (a, dt, dx2, dy2) in (0.01..2.0, 0.001..1.0, 0.01..1.0, 0.01..1.0),
    ) {
        let Case { mut u, mut p, .. } = case;
        let (cx, cy) = (a * dt / dx2, a * dt / dy2);
        let c = 1.0 - 2.0 * cx - 2.0 * cy;
        let (mut want, mut old) = (u.clone(), p.clone());
        let (nx, ny) = u.dim();
        for _ in 0..steps {
            for i in 1..nx.saturating_sub(1) {
                for j in 1..ny.saturating_sub(1) {
                    want[[i, j]] = c * old[[i, j]]
                        + cx * (old[[i - 1, j]] + old[[i + 1, j]])
                        + cy * (old[[i, j - 1]] + old[[i, j + 1]]);
                }
            }
            old.assign(&want);
        }
        let diffusion = Diffusion::unchecked(a, dt, dx2, dy2);
        evolve_steps_simple(u.view_mut(), p.view_mut(), steps, &diffusion).unwrap();
        prop_assert_eq!(bits(&u), bits(&want));
        prop_assert_eq!(bits(&p), bits(&old));
    }

    #[test]
    fn no_plan_changes_a_bit(case in any_case(40, 120), steps in 0_u64..50, plan in any_plan()) {
        plan_changes_no_bit::<f64>(&case, steps, &plan)?;
        plan_changes_no_bit::<f32>(&case, steps, &plan)?;
    }

    #[test]
    fn automatic_plans_keep_within_4_mib_and_cover_the_grid(
        nx in 0_usize..100_000,
        ny in 0_usize..100_000,
        steps in 0_u64..1000,
        threads in 0_usize..300,
    ) {
        let plan = Plan::for_threads::<f64>(nx, ny, steps, threads);
        prop_assert!(plan.scratch_bytes::<f64>(ny) <= 4 << 20, "{:?}", plan);
        let plan = Plan::for_threads::<f32>(nx, ny, steps, threads);
        prop_assert!(plan.scratch_bytes::<f32>(ny) <= 4 << 20, "{:?}", plan);
        prop_assert!(plan.threads <= threads.max(1) && plan.depth as u64 <= steps.max(1));
        prop_assert!(plan.height >= 1 && plan.width >= 1, "{:?}", plan);
    }
}

#[test]
fn the_automatic_plan_changes_no_bit() {
    // The last has work for two threads and is wider than a tile.
    for (nx, ny, steps) in [(3, 3, 100), (200, 200, 33), (120, 1300, 40)] {
        let case = Case {
            u: field::mug(nx, ny).unwrap(),
            p: field::mug(nx, ny).unwrap(),
            diffusion: Diffusion::new(0.5, 0.4, 1.0, 1.0).unwrap(),
        };
        let (mut u, mut p) = (case.u.clone(), case.p.clone());
        let (mut want_u, mut want_p) = (u.clone(), p.clone());
        evolve_steps_simple(want_u.view_mut(), want_p.view_mut(), steps, &case.diffusion).unwrap();
        evolve_steps(u.view_mut(), p.view_mut(), steps, &case.diffusion).unwrap();
        assert_ne!(u, case.u);
        assert_eq!(bits(&u), bits(&want_u), "{nx} x {ny}");
        assert_eq!(bits(&p), bits(&want_p), "{nx} x {ny}");
        for threads in [1, 2, 3] {
            let plan = Plan::for_threads::<f32>(nx, ny, steps, threads);
            plan_changes_no_bit::<f32>(&case, steps, &plan).unwrap();
        }
    }
}

#[test]
fn small_grids_stay_on_one_thread() {
    assert_eq!(Plan::for_threads::<f64>(100, 100, 1000, 8).threads, 1);
    assert_eq!(Plan::for_threads::<f64>(200, 200, 1000, 8).threads, 2);
    assert_eq!(Plan::for_threads::<f64>(4000, 4000, 1000, 8).threads, 8);
    assert_eq!(Plan::automatic::<f64>(100, 100, 1000).threads, 1);
}

#[test]
fn each_thread_has_as_many_tiles_as_any_other() {
    for n in [200_usize, 300, 500, 1000, 2000, 4000, 16_000] {
        let plan = Plan::for_threads::<f64>(n, n, 1000, 2);
        let tiles = (n - 2).div_ceil(plan.height) * (n - 2).div_ceil(plan.width);
        assert!(tiles >= 2 && tiles % 2 == 0, "{n}: {plan:?}");
    }
}

#[test]
fn all_heat_in_one_cell_spreads_one_cell_a_step() {
    // What a tile gets wrong at its rim must not reach what it writes: after
    // n steps the cells further than n away are still exactly zero, and those
    // at distance n are not.
    let (n, steps) = (41, 12);
    let mut u = Array2::<f64>::zeros((n, n));
    u[[20, 20]] = 1.0;
    let mut p = u.clone();
    let plan = Plan {
        depth: 5,
        height: 7,
        width: 6,
        threads: 2,
    };
    let diffusion = Diffusion::new(1.0, 0.2, 1.0, 1.0).unwrap();
    evolve_steps_with(u.view_mut(), p.view_mut(), steps, &diffusion, &plan).unwrap();
    for ((i, j), value) in u.indexed_iter() {
        let distance = i.abs_diff(20) + j.abs_diff(20);
        assert_eq!(
            *value > 0.0,
            distance as u64 <= steps,
            "({i}, {j}): {value}"
        );
    }
}

#[test]
fn single_precision_checks_shapes_and_layouts_too() {
    let diffusion = Diffusion::new(1.0, 0.1, 1.0, 1.0).unwrap();
    let (mut u, mut p) = (Array2::<f32>::zeros((4, 5)), Array2::<f32>::ones((5, 4)));
    let error = evolve_steps(u.view_mut(), p.view_mut(), 3, &diffusion).unwrap_err();
    assert!(
        matches!(error, HeatError::Shape { u: (4, 5), .. }),
        "{error}"
    );
    let columns = p.view_mut().reversed_axes();
    let error = evolve_steps(u.view_mut(), columns, 3, &diffusion).unwrap_err();
    assert_eq!(error, HeatError::Layout { name: "u_previous" });
    assert_eq!(u, Array2::<f32>::zeros((4, 5)));
}
