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

/// A time in nanoseconds, whatever its size.
#[must_use]
pub fn nanoseconds(seconds: f64) -> String {
    format!("{} ns", three_digits(seconds * 1e9))
}

/// A rate with its prefix: `12.3 M`, `1.23 G`; a zero has none.
#[must_use]
pub fn rate(per_second: f64) -> String {
    for (prefix, size) in [("G", 1e9), ("M", 1e6), ("k", 1e3)] {
        if per_second >= 0.9995 * size {
            return format!("{} {prefix}", three_digits(per_second / size));
        }
    }
    three_digits(per_second)
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
        assert_eq!(nanoseconds(1.5e-6), "1,500 ns");
    }

    #[test]
    fn rates_carry_a_prefix() {
        assert_eq!(rate(1.234e9), "1.23 G");
        assert_eq!(rate(12.34e6), "12.3 M");
        assert_eq!(rate(0.0), "0");
    }

    #[test]
    fn powers_are_raised_from_the_fourth() {
        assert_eq!(power_of_ten(3), "1000");
        assert_eq!(power_of_ten(7), "10⁷");
        assert_eq!(power_of_ten(12), "10¹²");
    }
}
