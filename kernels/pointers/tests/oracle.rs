//! Each kernel beside a slow, obvious version.

use std::cell::Cell;

use pointers::{
    PointerError, Reading, RunningStatistics, divide, filled, greet, integrate, largest,
    sum_strided, swap,
};
use proptest::prelude::*;

proptest! {
    #[test]
    fn swap_exchanges(a: f64, b: f64) {
        let (x, y) = (Cell::new(a), Cell::new(b));
        swap(&x, &y);
        prop_assert_eq!((x.get().to_bits(), y.get().to_bits()), (b.to_bits(), a.to_bits()));
    }

    #[test]
    fn a_strided_sum_is_an_indexed_sum(
        values in prop::collection::vec(-1e6..1e6, 0..100), stride in 1_usize..200
    ) {
        let mut want = 0.0;
        let mut i = 0;
        while i < values.len() {
            want += values[i];
            i += stride;
        }
        prop_assert_eq!(sum_strided(&values, stride).unwrap(), want);
    }

    #[test]
    fn quotient_and_remainder_put_together_again(a: i64, b: i64) {
        match divide(a, b) {
            Ok((q, r)) => {
                prop_assert_eq!(i128::from(q) * i128::from(b) + i128::from(r), i128::from(a));
                prop_assert!(r.unsigned_abs() < b.unsigned_abs());
            }
            Err(_) => prop_assert!(b == 0 || (a == i64::MIN && b == -1)),
        }
    }

    #[test]
    fn the_largest_is_in_the_array(values in prop::collection::vec(prop::num::f64::NORMAL, 1..50)) {
        let found = largest(&values).unwrap();
        prop_assert!(values.iter().all(|v| v <= found));
        prop_assert!(values.iter().any(|v| std::ptr::eq(v, found)));
    }

    #[test]
    fn statistics_agree_with_two_passes(values in prop::collection::vec(-1e3..1e3, 2..100)) {
        let mut running = RunningStatistics::new();
        values.iter().for_each(|v| running.push(*v));
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
        prop_assert_eq!(running.count(), values.len() as u64);
        prop_assert!((running.mean().unwrap() - mean).abs() < 1e-9);
        prop_assert!((running.variance().unwrap() - variance).abs() < 1e-6);
    }

    #[test]
    fn a_mean_reading_is_the_mean(samples in prop::collection::vec(-50.0..50.0, 1..40)) {
        let mut reading = Reading { sensor: 7, celsius: 0.0, samples: 0 };
        for sample in &samples {
            reading.record(*sample).unwrap();
        }
        let mean = samples.iter().sum::<f64>() / samples.len() as f64;
        prop_assert!((reading.celsius - mean).abs() < 1e-9);
        prop_assert_eq!(usize::try_from(reading.samples), Ok(samples.len()));
    }
}

#[test]
fn a_cell_swapped_with_itself_stays() {
    let x = Cell::new(3.0);
    swap(&x, &x);
    assert_eq!(x.get(), 3.0);
}

#[test]
fn straight_lines_are_integrated_exactly_and_points_are_visited_in_order() {
    let mut visited = Vec::new();
    let area = integrate(
        |x| {
            visited.push(x);
            Ok::<_, PointerError>(2.0 * x)
        },
        0.0,
        4.0,
        4,
    );
    assert_eq!(area, Ok(16.0));
    assert_eq!(visited, [0.0, 1.0, 2.0, 3.0, 4.0]);
}

#[test]
fn a_parabola_is_integrated_to_second_order() {
    let area = |n| integrate(|x| Ok::<_, PointerError>(x * x), 0.0, 1.0, n).unwrap() - 1.0 / 3.0;
    let ratio = area(100) / area(200);
    assert!((ratio - 4.0).abs() < 1e-3, "{ratio}");
}

#[test]
fn a_failing_function_is_not_called_again() {
    let mut calls = 0;
    let result = integrate(
        |x| {
            calls += 1;
            if x < 0.5 {
                Ok(x)
            } else {
                Err(PointerError::Empty)
            }
        },
        0.0,
        1.0,
        10,
    );
    assert_eq!(result, Err(PointerError::Empty));
    assert_eq!(calls, 6);
}

#[test]
fn by_value_leaves_the_original_alone() {
    let reading = Reading {
        sensor: 1,
        celsius: 20.0,
        samples: 3,
    };
    let warm = reading.warmed(1.5);
    assert_eq!(
        (reading.celsius, warm.celsius, warm.samples),
        (20.0, 21.5, 3)
    );
}

#[test]
fn every_mistake_has_its_message() {
    let text = |e: PointerError| e.to_string();
    assert_eq!(
        text(sum_strided(&[1.0], 0).unwrap_err()),
        "stride is 0: it must be at least 1"
    );
    assert_eq!(
        text(divide(7, 0).unwrap_err()),
        "7 / 0: the divisor must not be 0"
    );
    assert_eq!(
        text(divide(i64::MIN, -1).unwrap_err()),
        "-9223372036854775808 / -1 does not fit in i64"
    );
    assert_eq!(
        text(largest(&[]).unwrap_err()),
        "the array has 0 elements: it must have at least 1"
    );
    assert_eq!(
        text(greet("").unwrap_err()),
        "the name has 0 bytes: it must have 1 to 1000"
    );
    assert!(greet(&"x".repeat(1000)).is_ok());
    assert!(greet(&"x".repeat(1001)).is_err());
    let none = |_| Ok::<_, PointerError>(0.0);
    assert_eq!(
        text(integrate(none, 0.0, 1.0, 0).unwrap_err()),
        "intervals is 0: it must be at least 1"
    );
    assert_eq!(
        text(integrate(none, 0.0, f64::INFINITY, 1).unwrap_err()),
        "the bounds are 0 and inf: both must be finite"
    );
    let mut full = Reading {
        sensor: 0,
        celsius: 1.0,
        samples: i32::MAX,
    };
    assert_eq!(
        text(full.record(9.0).unwrap_err()),
        "2147483647 samples and 1 more do not fit in i32"
    );
    assert_eq!(full.celsius, 1.0);
    assert_eq!(
        text(filled(usize::MAX, 0.0).unwrap_err()),
        "there is no memory for 18446744073709551615 numbers of 8 bytes"
    );
    assert_eq!(
        text(RunningStatistics::new().mean().unwrap_err()),
        "the statistics hold 0 numbers: this needs at least 1"
    );
}

#[test]
fn a_buffer_is_filled() {
    assert_eq!(*filled(3, 2.5).unwrap(), [2.5, 2.5, 2.5]);
    assert!(filled(0, 1.0).unwrap().is_empty());
}

#[test]
fn a_negative_count_of_samples_is_refused() {
    let mut reading = Reading {
        sensor: 1,
        celsius: 20.0,
        samples: -1,
    };
    let error = reading.record(9.0).unwrap_err();
    assert_eq!(
        error.to_string(),
        "samples = -1 is negative: it must be 0 or more"
    );
    assert_eq!(reading.celsius, 20.0);
}

#[test]
fn nothing_sums_to_plain_zero() {
    assert!(sum_strided(&[], 1).unwrap().is_sign_positive());
}
