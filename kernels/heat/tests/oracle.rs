//! Both ways to step beside loops that follow the formula word by word.

use heat::{Diffusion, HeatError, evolve, evolve_steps, field};
use ndarray::{Array2, s};
use proptest::prelude::*;

/// The published step, cell by cell, in the published order.
fn oracle(u: &mut Array2<f64>, p: &mut Array2<f64>, a: f64, dt: f64, dx2: f64, dy2: f64) {
    let (nx, ny) = u.dim();
    for i in 1..nx.saturating_sub(1) {
        for j in 1..ny.saturating_sub(1) {
            u[[i, j]] = p[[i, j]]
                + a * dt
                    * ((p[[i + 1, j]] - 2.0 * p[[i, j]] + p[[i - 1, j]]) / dx2
                        + (p[[i, j + 1]] - 2.0 * p[[i, j]] + p[[i, j - 1]]) / dy2);
        }
    }
    p.assign(u);
}

fn bits(grid: &Array2<f64>) -> Vec<u64> {
    grid.iter().map(|v| v.to_bits()).collect()
}

#[derive(Debug, Clone)]
struct Case {
    u: Array2<f64>,
    p: Array2<f64>,
    a: f64,
    dt: f64,
    dx2: f64,
    dy2: f64,
}

/// Any rectangle, empty ones and single rows and columns included. The two
/// grids start different, so a wrong boundary shows.
fn any_case() -> impl Strategy<Value = Case> {
    (
        0_usize..40,
        0_usize..70,
        0.01..2.0,
        0.1..1.0,
        0.001..1.0,
        0.001..1.0,
    )
        .prop_flat_map(|(nx, ny, a, part, dx2, dy2)| {
            let cells = || prop::collection::vec(-100.0..100.0, nx * ny);
            (cells(), cells()).prop_map(move |(u, p)| Case {
                u: Array2::from_shape_vec((nx, ny), u).unwrap(),
                p: Array2::from_shape_vec((nx, ny), p).unwrap(),
                a,
                dt: part * Diffusion::largest_stable_dt(a, dx2, dy2),
                dx2,
                dy2,
            })
        })
}

proptest! {
    #[test]
    fn evolve_has_the_bits_of_the_published_step(case in any_case()) {
        let Case { mut u, mut p, a, dt, dx2, dy2 } = case;
        let (mut want_u, mut want_p) = (u.clone(), p.clone());
        let diffusion = Diffusion::new(a, dt, dx2, dy2).unwrap();
        for _ in 0..3 {
            oracle(&mut want_u, &mut want_p, a, dt, dx2, dy2);
            evolve(u.view_mut(), p.view_mut(), &diffusion).unwrap();
        }
        prop_assert_eq!(bits(&u), bits(&want_u));
        prop_assert_eq!(bits(&p), bits(&want_p));
    }

    #[test]
    fn many_steps_in_one_call_agree_with_one_at_a_time(case in any_case(), steps in 0_u64..9) {
        let Case { mut u, mut p, a, dt, dx2, dy2 } = case;
        let (mut want_u, mut want_p) = (u.clone(), p.clone());
        for _ in 0..steps {
            oracle(&mut want_u, &mut want_p, a, dt, dx2, dy2);
        }
        let diffusion = Diffusion::new(a, dt, dx2, dy2).unwrap();
        evolve_steps(u.view_mut(), p.view_mut(), steps, &diffusion).unwrap();
        // A stable step averages values of size 100 with weights that sum to
        // one: each step rounds a handful of times, so errors stay below
        // steps * 10 * 100 * 2^-52.
        for (got, want) in u.iter().zip(&want_u).chain(p.iter().zip(&want_p)) {
            prop_assert!((got - want).abs() < 1e-11, "{} {}", got, want);
        }
    }

    #[test]
    fn a_stable_step_makes_no_new_extremes(case in any_case()) {
        let Case { mut p, a, dt, dx2, dy2, .. } = case;
        let mut u = p.clone();
        let highest = p.iter().fold(f64::MIN, |m, v| m.max(*v));
        let lowest = p.iter().fold(f64::MAX, |m, v| m.min(*v));
        evolve_steps(u.view_mut(), p.view_mut(), 20, &Diffusion::new(a, dt, dx2, dy2).unwrap())
            .unwrap();
        prop_assert!(u.iter().all(|v| *v <= highest + 1e-9 && *v >= lowest - 1e-9));
    }

    #[test]
    fn a_field_survives_being_written_and_read(case in any_case()) {
        let text = field::to_text(case.u.view());
        prop_assert_eq!(bits(&field::from_text(&text).unwrap()), bits(&case.u));
    }

    #[test]
    fn reading_any_text_is_a_field_or_an_error(text in "[#0-9 .e\\-\n a-zé]{0,60}") {
        // No panic, whatever the file holds.
        let _ = field::from_text(&text);
    }
}

#[test]
fn a_rectangle_is_not_a_square() {
    // The published C strides rows by nx, which is right on squares only. On
    // this 3 x 5 grid a wrong stride reads other cells.
    let p = Array2::from_shape_fn((3, 5), |(i, j)| (10 * i + j * j) as f64);
    let (mut u, mut p2) = (p.clone(), p.clone());
    evolve(
        u.view_mut(),
        p2.view_mut(),
        &Diffusion::new(1.0, 0.25, 1.0, 1.0).unwrap(),
    )
    .unwrap();
    // Second differences: 0 along i, 2 along j.
    for j in 1..4 {
        assert_eq!(u[[1, j]], p[[1, j]] + 0.25 * 2.0);
    }
    assert_eq!(u, p2);
}

#[test]
fn no_steps_change_nothing() {
    let (mut u, mut p) = (Array2::<f64>::zeros((4, 4)), Array2::ones((4, 4)));
    let diffusion = Diffusion::new(1.0, 0.1, 1.0, 1.0).unwrap();
    evolve_steps(u.view_mut(), p.view_mut(), 0, &diffusion).unwrap();
    assert_eq!(u, Array2::<f64>::zeros((4, 4)));
    assert_eq!(p, Array2::<f64>::ones((4, 4)));
}

#[test]
fn wrong_shapes_and_layouts_are_refused_and_change_nothing() {
    let diffusion = Diffusion::new(1.0, 0.1, 1.0, 1.0).unwrap();
    let (mut u, mut p) = (Array2::zeros((4, 5)), Array2::ones((5, 4)));
    let error = evolve(u.view_mut(), p.view_mut(), &diffusion).unwrap_err();
    assert_eq!(
        error.to_string(),
        "u is 4 x 5 and u_previous is 5 x 4: the shapes must be equal"
    );
    assert_eq!(u, Array2::<f64>::zeros((4, 5)));

    let mut columns = p.clone().reversed_axes();
    let error = evolve(u.view_mut(), columns.view_mut(), &diffusion).unwrap_err();
    assert_eq!(error, HeatError::Layout { name: "u_previous" });
    let mut wide = Array2::zeros((4, 10));
    let gaps = wide.slice_mut(s![.., ..5]);
    let error = evolve_steps(gaps, u.view_mut(), 3, &diffusion).unwrap_err();
    assert_eq!(error, HeatError::Layout { name: "u" });
}

#[test]
fn the_stability_limit_is_the_last_step_that_is_allowed() {
    let limit = Diffusion::largest_stable_dt(0.5, 1e-4, 1e-4);
    assert_eq!(limit, 1e-4 * 1e-4 / (2.0 * 0.5 * (1e-4 + 1e-4)));
    Diffusion::new(0.5, limit, 1e-4, 1e-4).unwrap();
    let error = Diffusion::new(0.5, limit * 1.001, 1e-4, 1e-4).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("stability limit") && text.contains(&limit.to_string()),
        "{text}"
    );
    // Nothing flows for a = 0: every step is stable.
    Diffusion::new(0.0, 1e300, 1.0, 1.0).unwrap();
}

#[test]
fn beyond_the_limit_the_unchecked_way_blows_up() {
    let mut u = field::mug(20, 20).unwrap();
    let mut p = u.clone();
    let dt = 1.5 * Diffusion::largest_stable_dt(0.5, 1.0, 1.0);
    evolve_steps(
        u.view_mut(),
        p.view_mut(),
        200,
        &Diffusion::unchecked(0.5, dt, 1.0, 1.0),
    )
    .unwrap();
    let largest = u.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    assert!(largest > 1e6 || largest.is_nan(), "{largest}");
}

#[test]
fn every_parameter_is_checked_by_name() {
    for (position, name) in ["a", "dt", "dx2", "dy2"].into_iter().enumerate() {
        for bad in [f64::NAN, f64::INFINITY, -1.0] {
            let mut values = [0.5, 0.1, 1.0, 1.0];
            values[position] = bad;
            let [a, dt, dx2, dy2] = values;
            let error = Diffusion::new(a, dt, dx2, dy2).unwrap_err();
            assert!(
                matches!(error, HeatError::Parameter { name: n, .. } if n == name),
                "{error}"
            );
        }
    }
    assert!(Diffusion::new(0.5, 0.1, 0.0, 1.0).is_err());
}
