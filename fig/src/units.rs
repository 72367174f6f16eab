//! Numbers as a reader wants them: a unit that fits, three digits at most.

/// At most three significant digits, thousands parted by commas: `0.0123`,
/// `1.23`, `12.3`, `123`, `1,230`.
#[must_use]
pub fn three_digits(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    // Through the scientific form, so that 9.996 becomes 10 and not 10.00.
    let rounded: f64 = format!("{value:.2e}").parse().unwrap_or(value);
    group_thousands(&rounded.to_string())
}

/// The same with two digits: `1.2`, `12`, `120`.
#[must_use]
pub fn two_digits(value: f64) -> String {
    let rounded: f64 = format!("{value:.1e}").parse().unwrap_or(value);
    three_digits(rounded)
}

fn group_thousands(number: &str) -> String {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let mut grouped = String::new();
    for (index, digit) in whole.char_indices() {
        let left = whole.len() - index;
        if index > 0 && left.is_multiple_of(3) && !grouped.ends_with('-') {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if !fraction.is_empty() {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    grouped
}

/// A time in the unit that fits, from `ns` to `s`.
#[must_use]
pub fn time(seconds: f64) -> String {
    let units = [("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)];
    for (unit, size) in units {
        // 0.9995 rounds to 1.00: it belongs to the larger unit already.
        if seconds >= 0.9995 * size {
            return format!("{} {unit}", three_digits(seconds / size));
        }
    }
    format!("{} ns", three_digits(seconds * 1e9))
}

/// A size rounded up to a whole number, and above 100 to two digits: what is
/// true from `n` on is true from the rounded size on.
#[must_use]
pub fn size_from(n: f64) -> String {
    let whole = n.ceil().max(1.0);
    let step = if whole > 100.0 {
        10_f64.powf(whole.log10().floor() - 1.0)
    } else {
        1.0
    };
    // The slack is for a quotient that is whole but for its last bit.
    three_digits((whole / step - 1e-9).ceil() * step)
}

/// A power of ten for an axis: `1`, `10`, `100`, `1000`, then `10⁴`.
#[must_use]
pub fn power_of_ten(exponent: u32) -> String {
    if exponent < 4 {
        return 10_u32.pow(exponent).to_string();
    }
    let digits = exponent.to_string();
    let raised = digits.chars().map(|digit| match digit {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        _ => '⁹',
    });
    std::iter::once("10".to_owned())
        .chain(raised.map(String::from))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_and_no_more() {
        let cases = [
            (0.012_345, "0.0123"),
            (1.0, "1"),
            (1.2345, "1.23"),
            (9.996, "10"),
            (123.4, "123"),
            (1234.0, "1,230"),
            (1_234_567.0, "1,230,000"),
        ];
        for (value, text) in cases {
            assert_eq!(three_digits(value), text);
        }
    }

    #[test]
    fn two_digits_and_no_more() {
        for (value, text) in [(1.04, "1"), (1.16, "1.2"), (11.6, "12"), (0.983, "0.98")] {
            assert_eq!(two_digits(value), text);
        }
    }

    #[test]
    fn the_unit_fits_the_time() {
        let cases = [
            (3.12e-8, "31.2 ns"),
            (9.999e-7, "1 µs"),
            (1.5e-6, "1.5 µs"),
            (0.012, "12 ms"),
            (2.5, "2.5 s"),
        ];
        for (seconds, text) in cases {
            assert_eq!(time(seconds), text);
        }
    }

    #[test]
    fn a_size_is_rounded_up() {
        let cases = [
            (0.2, "1"),
            (5.0, "5"),
            (30.0, "30"),
            (30.1, "31"),
            (99.2, "100"),
            (100.0, "100"),
            (101.0, "110"),
            (7300.0, "7,300"),
            (7304.0, "7,400"),
            (12_080.0, "13,000"),
            (1e7, "10,000,000"),
        ];
        for (n, text) in cases {
            assert_eq!(size_from(n), text);
        }
    }

    #[test]
    fn powers_are_raised_from_the_fourth() {
        assert_eq!(power_of_ten(3), "1000");
        assert_eq!(power_of_ten(7), "10⁷");
        assert_eq!(power_of_ten(12), "10¹²");
    }
}
