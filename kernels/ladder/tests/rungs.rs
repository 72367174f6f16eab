//! The rungs beside the kernel, bit for bit, and the roofs beside plain sums.

use heat::{Element, evolve, evolve_steps_simple};
use ladder::c::{ladder_compute, ladder_plan, ladder_rung, ladder_single, ladder_stream};
use ladder::roofs::{Arithmetic, Arrays, Stream, compute, stream};
use ladder::rungs::{Grids, Numbers, RUNGS};
use ndarray::Array2;
use proptest::prelude::*;

fn bits(grid: &Array2<f64>) -> Vec<u64> {
    grid.iter().map(|value| value.to_bits()).collect()
}

fn any_field() -> impl Strategy<Value = Array2<f64>> {
    (0_usize..12, 0_usize..40).prop_flat_map(|(nx, ny)| {
        prop::collection::vec(-100.0..100.0, nx * ny)
            .prop_map(move |cells| Array2::from_shape_vec((nx, ny), cells).unwrap())
    })
}

proptest! {
    #[test]
    fn each_rung_has_the_bits_of_the_kernel(start in any_field(), steps in 0_u64..7) {
        let numbers = Numbers::default();
        for (index, (name, run)) in RUNGS.into_iter().enumerate() {
            let (mut want, mut partner) = (start.clone(), start.clone());
            if index == 0 {
                for _ in 0..steps {
                    evolve(want.view_mut(), partner.view_mut(), &numbers.diffusion).unwrap();
                }
            } else {
                evolve_steps_simple(
                    want.view_mut(), partner.view_mut(), steps, &numbers.diffusion,
                ).unwrap();
            }
            let (mut u, mut p) = (start.clone(), start.clone());
            run(&mut Grids { u: u.view_mut(), u_previous: p.view_mut() }, steps, &numbers);
            prop_assert_eq!(bits(&u), bits(&want), "{}, u", name);
            prop_assert_eq!(bits(&p), bits(&want), "{}, u_previous", name);
        }
    }

    #[test]
    fn memory_loops_do_what_they_say(n in 0_usize..300, threads in 0_usize..4) {
        let values = |scale: f64| (0..n).map(|i| scale * i as f64).collect::<Vec<_>>();
        let (mut a, mut b, mut c) = (values(1.0), values(10.0), vec![0.0; n]);
        let mut run = |kind| {
            let arrays = Arrays { a: &mut a, b: &mut b, c: &mut c };
            stream(kind, arrays, threads, 2)
        };
        let sum = run(Stream::Sum);
        run(Stream::Triad);
        prop_assert_eq!(sum, a.iter().sum::<f64>());
        prop_assert!(c.iter().enumerate().all(|(i, c)| *c == 31.0 * i as f64));
        let arrays = Arrays { a: &mut a, b: &mut b, c: &mut c };
        let _ = stream(Stream::Scale, arrays, threads, 1);
        prop_assert!(b.iter().enumerate().all(|(i, b)| *b == 3.0 * i as f64));
    }
}

#[test]
fn operations_are_counted_for_all_threads() {
    for arithmetic in [Arithmetic::Fused, Arithmetic::Separate] {
        let one = compute(arithmetic, 1, 1000);
        assert!(one >= 2.0 * 12.0 * 1000.0, "{one}");
        assert_eq!(compute(arithmetic, 3, 1000), 3.0 * one);
    }
    assert_eq!(ladder_compute(1, 2, 10), compute(Arithmetic::Fused, 2, 10));
}

#[test]
fn the_c_functions_call_the_same() {
    let numbers = Numbers::default();
    let start = heat::field::mug(30, 40).unwrap();
    for (index, (_, run)) in RUNGS.into_iter().enumerate() {
        let (mut want, mut partner) = (start.clone(), start.clone());
        let mut grids = Grids {
            u: want.view_mut(),
            u_previous: partner.view_mut(),
        };
        run(&mut grids, 5, &numbers);
        let (mut u, mut p) = (start.clone(), start.clone());
        // SAFETY: two arrays of 30 x 40 values that this test owns.
        let status = unsafe { ladder_rung(index, u.as_mut_ptr(), p.as_mut_ptr(), 30, 40, 5) };
        assert_eq!(status, 0);
        assert_eq!(bits(&u), bits(&want));
    }
    let mut u = start.mapv(f32::from_f64);
    let mut p = u.clone();
    // SAFETY: two arrays of 30 x 40 values that this test owns.
    let status = unsafe { ladder_single(u.as_mut_ptr(), p.as_mut_ptr(), 30, 40, 5, 2) };
    assert_eq!(status, 0);
    assert!(u != start.mapv(f32::from_f64) && u == p);

    let mut plan = [0; 4];
    // SAFETY: four values that this test owns.
    unsafe { ladder_plan(4000, 4000, 1000, 2, plan.as_mut_ptr()) };
    assert!(plan[0] > 1 && plan[3] == 2, "{plan:?}");
}

#[test]
fn what_there_is_not_is_a_status() {
    let mut values = [1.0; 4];
    let at = values.as_mut_ptr();
    // SAFETY: a number beyond the last is refused before the grids are looked at.
    assert_eq!(unsafe { ladder_rung(RUNGS.len(), at, at, 2, 2, 1) }, 1);
    // SAFETY: the same for the memory loops.
    assert_eq!(unsafe { ladder_stream(3, at, at, at, 4, 1, 1) }, 1);
}
