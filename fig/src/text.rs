//! How wide a text is, and where labels go that would else overlap.
//!
//! No font library is linked: the reader's browser picks the font. Widths are
//! therefore estimates, taken from a wide sans-serif face, so that a narrower
//! one leaves a gap instead of an overlap.

/// The estimated width of `text` in pixels, at `size` pixels.
#[must_use]
pub fn width(text: &str, size: f64, bold: bool) -> f64 {
    let ems: f64 = text.chars().map(ems).sum();
    ems * size * if bold { 1.1 } else { 1.0 }
}

/// The width of one character, in units of the font size.
fn ems(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | 'I' | '\'' | '|' => 0.3,
        ' ' | '.' | ',' | ':' | ';' | '·' => 0.34,
        'f' | 't' | 'r' | '(' | ')' | '-' | '/' | '!' | '[' | ']' => 0.42,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' => 0.99,
        '+' | '=' | '<' | '>' | '×' | 'N' | 'O' | 'Q' | 'G' | 'D' | 'H' | 'U' => 0.84,
        '⁰'..='⁹' | '¹' | '²' | '³' => 0.42,
        'A'..='Z' => 0.7,
        _ => 0.64,
    }
}

/// `text`, cut and ended with `…` if it is wider than `limit` pixels.
#[must_use]
pub fn shorten(text: &str, size: f64, bold: bool, limit: f64) -> String {
    if width(text, size, bold) <= limit {
        return text.to_owned();
    }
    let mut kept: Vec<char> = text.chars().collect();
    while kept.pop().is_some() {
        let short: String = kept.iter().chain(['…'].iter()).collect();
        if width(&short, size, bold) <= limit {
            return short;
        }
    }
    String::new()
}

/// `text` in lines no wider than `limit` pixels, broken at spaces.
#[must_use]
pub fn wrap(text: &str, size: f64, limit: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size, false) <= limit => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Moves `wanted` positions as little as possible, so that neighbours are at
/// least `gap` apart and all lie in `low..=high` as far as they fit.
///
/// `wanted` is in rising order, and so is the answer.
///
/// With `g[i] = i * gap`, the answer less `g` must rise. The nearest rising
/// sequence to `wanted - g` is found by pooling: neighbours that fall are
/// replaced by their mean until none falls.
#[must_use]
pub fn spread(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let offsets: Vec<f64> = (0_u32..)
        .map(|index| f64::from(index) * gap)
        .take(wanted.len())
        .collect();
    let pools = pool(
        wanted
            .iter()
            .zip(&offsets)
            .map(|(want, offset)| want - offset),
    );
    let top = high - offsets.last().copied().unwrap_or(0.0);
    pools
        .iter()
        .flat_map(|pool| std::iter::repeat_n(pool.mean(), pool.count))
        .zip(&offsets)
        .map(|(place, offset)| place.min(top).max(low) + offset)
        .collect()
}

struct Pool {
    sum: f64,
    weight: f64,
    count: usize,
}

impl Pool {
    fn mean(&self) -> f64 {
        self.sum / self.weight
    }
}

fn pool(values: impl Iterator<Item = f64>) -> Vec<Pool> {
    let mut pools: Vec<Pool> = Vec::new();
    for value in values {
        let mut last = Pool {
            sum: value,
            weight: 1.0,
            count: 1,
        };
        while let Some(before) = pools.pop_if(|before| before.mean() > last.mean()) {
            last.sum += before.sum;
            last.weight += before.weight;
            last.count += before.count;
        }
        pools.push(last);
    }
    pools
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_far_apart_stay() {
        assert_eq!(spread(&[10.0, 50.0], 20.0, 0.0, 100.0), [10.0, 50.0]);
    }

    #[test]
    fn labels_that_meet_part_around_their_middle() {
        assert_eq!(
            spread(&[50.0, 50.0, 50.0], 20.0, 0.0, 100.0),
            [30.0, 50.0, 70.0]
        );
    }

    #[test]
    fn labels_stay_in_their_range() {
        assert_eq!(spread(&[1.0, 2.0], 20.0, 0.0, 100.0), [0.0, 20.0]);
        assert_eq!(spread(&[98.0, 99.0], 20.0, 0.0, 100.0), [80.0, 100.0]);
    }

    #[test]
    fn a_long_text_is_cut() {
        let short = shorten("a processor with a long name", 13.0, false, 80.0);
        assert!(short.ends_with('…'), "{short}");
        assert!(width(&short, 13.0, false) <= 80.0);
        assert_eq!(shorten("short", 13.0, false, 80.0), "short");
    }

    #[test]
    fn wrapped_lines_fit_and_lose_no_word() {
        let text = "numba failed, nanobind absent, cython absent";
        let lines = wrap(text, 13.0, 150.0);
        assert!(lines.len() > 1);
        assert!(lines.iter().all(|line| width(line, 13.0, false) <= 150.0));
        assert_eq!(lines.join(" "), text);
    }
}
