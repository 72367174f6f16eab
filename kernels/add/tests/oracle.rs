//! The fast `add` beside one that nobody can get wrong.

use std::cell::Cell;

use add::{AddError, add, add_floats, add_ints, add_overlapping};
use proptest::prelude::*;

fn oracle(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut sum = Vec::new();
    for i in 0..a.len() {
        sum.push(a[i] + b[i]);
    }
    sum
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|v| v.to_bits()).collect()
}

fn any_pair() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    (0_usize..300).prop_flat_map(|n| {
        (
            prop::collection::vec(prop::num::f64::ANY, n),
            prop::collection::vec(prop::num::f64::ANY, n),
        )
    })
}

proptest! {
    #[test]
    fn same_bits_as_the_oracle((a, b) in any_pair()) {
        let want = oracle(&a, &b);
        let mut got = a.clone();
        add(&mut got, &b).unwrap();
        // NaN payloads are not specified by IEEE 754: compare NaN with NaN.
        for (g, w) in got.iter().zip(&want) {
            prop_assert!(g.to_bits() == w.to_bits() || (g.is_nan() && w.is_nan()), "{} {}", g, w);
        }
    }

    #[test]
    fn cells_and_slices_agree(
        (a, b) in (0_usize..200).prop_flat_map(|n| (
            prop::collection::vec(-1e9..1e9, n), prop::collection::vec(-1e9..1e9, n)))
    ) {
        let mut plain = a.clone();
        add(&mut plain, &b).unwrap();
        let (mut a, mut b) = (a, b);
        add_overlapping(
            Cell::from_mut(&mut a[..]).as_slice_of_cells(),
            Cell::from_mut(&mut b[..]).as_slice_of_cells(),
        ).unwrap();
        prop_assert_eq!(bits(&a), bits(&plain));
    }

    #[test]
    fn ints_never_wrap(a: i32, b: i32) {
        prop_assert_eq!(i128::from(add_ints(a, b)), i128::from(a) + i128::from(b));
    }

    #[test]
    fn floats_are_the_processors_own(a: f64, b: f64) {
        prop_assert_eq!(add_floats(a, b).to_bits(), (a + b).to_bits());
    }
}

#[test]
fn an_array_may_be_added_to_itself() {
    let mut a = [1.0, 2.0, 3.0];
    let cells = Cell::from_mut(&mut a[..]).as_slice_of_cells();
    add_overlapping(cells, cells).unwrap();
    assert_eq!(a, [2.0, 4.0, 6.0]);
}

#[test]
fn a_shifted_overlap_runs_from_first_to_last() {
    // Like the C loop: each sum is seen by the next.
    let mut a = [1.0; 5];
    let cells = Cell::from_mut(&mut a[..]).as_slice_of_cells();
    add_overlapping(&cells[1..], &cells[..4]).unwrap();
    assert_eq!(a, [1.0, 2.0, 3.0, 4.0, 5.0]);
}

#[test]
fn different_lengths_change_nothing_and_say_both() {
    let mut a = [1.0, 2.0, 3.0];
    let error = add(&mut a, &[1.0]).unwrap_err();
    assert_eq!(error, AddError::Length { a: 3, b: 1 });
    assert_eq!(
        error.to_string(),
        "a has 3 elements and b has 1: the lengths must be equal"
    );
    assert_eq!(a, [1.0, 2.0, 3.0]);
}

#[test]
fn nothing_plus_nothing() {
    add(&mut [], &[]).unwrap();
}
