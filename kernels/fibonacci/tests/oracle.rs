//! The kernel beside big-number arithmetic that cannot overflow in range.

use fibonacci::{FibonacciError, LARGEST_N_U64, nth, sequence, step};
use proptest::prelude::*;

/// F(n) by its definition, in a type with room to spare (F(186) fits in u128).
fn oracle(n: u64) -> u128 {
    let (mut a, mut b) = (0_u128, 1_u128);
    for _ in 0..n {
        (a, b) = (b, a + b);
    }
    a
}

#[test]
fn the_first_numbers() {
    assert_eq!(
        sequence::<u64>(11).unwrap(),
        [0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55]
    );
    assert_eq!(sequence::<u64>(0).unwrap(), [0_u64; 0]);
    assert_eq!(sequence::<u8>(1).unwrap(), [0]);
}

#[test]
fn every_n_that_fits_and_the_first_that_does_not() {
    for n in 0..=LARGEST_N_U64 {
        assert_eq!(u128::from(nth::<u64>(n).unwrap()), oracle(n), "n = {n}");
    }
    assert!(oracle(LARGEST_N_U64 + 1) > u128::from(u64::MAX));
    let error = nth::<u64>(LARGEST_N_U64 + 1).unwrap_err();
    assert_eq!(error.to_string(), "fibonacci(94) does not fit in u64");
    assert_eq!(nth::<i32>(46), Ok(1_836_311_903));
    assert_eq!(
        nth::<i32>(47).unwrap_err().to_string(),
        "fibonacci(47) does not fit in i32"
    );
}

#[test]
fn the_sequence_stops_at_the_first_that_does_not_fit() {
    assert_eq!(sequence::<u64>(94).unwrap().len(), 94);
    assert_eq!(
        sequence::<u64>(95),
        Err(FibonacciError::Overflow {
            n: 94,
            type_name: "u64"
        })
    );
    // A huge count is refused at once and reserves nothing.
    assert!(sequence::<u64>(u64::MAX).is_err());
}

#[test]
fn a_huge_n_is_refused_at_once() {
    assert!(nth::<u64>(u64::MAX).is_err());
}

#[test]
fn an_overflowing_step_names_its_numbers_and_type() {
    assert_eq!(
        step(i32::MAX, 1).unwrap_err().to_string(),
        "fibonacci step: 2147483647 + 1 does not fit in i32"
    );
}

proptest! {
    #[test]
    fn a_step_is_a_sum_or_an_error(a: i32, b: i32) {
        let sum = i64::from(a) + i64::from(b);
        match step(a, b) {
            Ok((first, second)) => {
                prop_assert_eq!(first, b);
                prop_assert_eq!(i64::from(second), sum);
            }
            Err(_) => prop_assert!(i32::try_from(sum).is_err()),
        }
    }

    #[test]
    fn sequence_and_nth_agree(n in 1_u64..=93) {
        let all = sequence::<u64>(n + 1).unwrap();
        prop_assert_eq!(all.last().copied(), nth::<u64>(n).ok());
    }
}
