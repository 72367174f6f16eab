//! Coffee and milk. Knows neither C nor Python; both libraries are made of this file.

/// The temperature of coffee and milk poured together, or None if that cannot be: an amount
/// below 0, or nothing in the mug.
pub fn mix(
    coffee_grams: f64,
    coffee_celsius: f64,
    milk_grams: f64,
    milk_celsius: f64,
) -> Option<f64> {
    let grams = coffee_grams + milk_grams;
    let possible = coffee_grams >= 0.0 && milk_grams >= 0.0 && grams > 0.0 && grams.is_finite();
    possible.then(|| (coffee_grams * coffee_celsius + milk_grams * milk_celsius) / grams)
}

/// The place of the highest temperature, the first one if there are several; None of none.
pub fn warmest(celsius: &[f64]) -> Option<usize> {
    let mut best = None;
    for (index, &here) in celsius.iter().enumerate() {
        if best.is_none_or(|(_, highest)| here > highest) {
            best = Some((index, here));
        }
    }
    best.map(|(index, _)| index)
}
