//! The made-up sample race, and ways to change it.

#![allow(dead_code, reason = "each test file uses a part of this module")]

use std::path::Path;

use fig::Error;
use fig::figures::{Drawing, Subject, draw_all};
use fig::race::Race;
use fig::source::Origin;
use serde_json::Value;

pub const SAMPLE: &str = include_str!("../data/sample.json");

/// The sample as a JSON value, to be changed and then drawn.
pub fn sample() -> Value {
    serde_json::from_str(SAMPLE).unwrap()
}

pub fn race(value: &Value) -> Race {
    Race::parse(&value.to_string(), Path::new("sample.json")).unwrap()
}

pub fn drawings(value: &Value) -> Vec<Drawing> {
    draw(value, Origin::ThisMachine).unwrap()
}

pub fn draw(value: &Value, origin: Origin) -> Result<Vec<Drawing>, Error> {
    let race = race(value);
    draw_all(
        "race",
        Subject {
            race: &race,
            origin,
        },
    )
}

/// The entries of a list that `keep` accepts.
pub fn retain(value: &mut Value, list: &str, keep: impl Fn(&Value) -> bool) {
    value[list].as_array_mut().unwrap().retain(keep);
}

/// All words that a reader of the figure sees.
pub fn words(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).unwrap();
    document
        .descendants()
        .filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "text")))
        .map(|node| node.text().unwrap_or_default().to_owned())
        .collect()
}

/// The names of the figures, without their theme.
pub const FIGURES: [&str; 3] = ["overhead", "size", "heat"];

/// The drawing of a figure on a light page.
pub fn light<'a>(drawings: &'a [Drawing], figure: &str) -> &'a str {
    let name = format!("{figure}-light.svg");
    let found = drawings.iter().find(|drawing| drawing.file_name == name);
    &found.unwrap().svg
}

/// The sample as a quick run with few modes, sizes and quartiles far apart,
/// long names, and crossovers in places where no curve is.
pub fn awkward() -> Value {
    let mut value = sample();
    value["quick"] = true.into();
    value["machine"]["warnings"] = serde_json::json!(["one", "two"]);
    value["machine"]["cpu"] = "a made-up processor whose name goes on ".repeat(5).into();
    retain(&mut value, "measurements", |m| {
        m["mode"] != "capi" && m["n"] != 10 && m["n"] != 10_000_000
    });
    for m in value["measurements"].as_array_mut().unwrap() {
        m["q3"] = (m["median"].as_f64().unwrap() * 1.6).into();
    }
    // The copy line at the far right of its panel.
    value["limits"][1]["median"] = 1e-3.into();
    add_long_name(&mut value);
    for case in value["cases"].as_array_mut().unwrap() {
        case["title"] = format!(
            "{} and so on and on, for a long while, to the end of the line",
            case["title"]
        )
        .into();
    }
    for n in [0.0, 1e-3, 4e4, 9e5, 1e12] {
        let crossover = serde_json::json!({
            "case": "array_add", "below": "python", "above": "long", "n": n, "ci": [0.0, 1e99]
        });
        value["crossovers"].as_array_mut().unwrap().push(crossover);
    }
    value
}

fn add_long_name(value: &mut Value) {
    let mode = serde_json::json!({
        "name": "long", "title": "a mode with a title far too long for any column",
        "kind": "native", "deprecated": true, "status": "ok", "reason": null
    });
    value["modes"].as_array_mut().unwrap().push(mode);
    let measurements = value["measurements"].as_array_mut().unwrap();
    for (case, n) in [
        ("array_add", Some(16)),
        ("array_add", Some(4096)),
        ("noop", None),
    ] {
        measurements.push(serde_json::json!({
            "case": case, "mode": "long", "n": n, "samples": [],
            "median": 3.3e-5, "q1": 3.2e-5, "q3": 3.4e-5
        }));
    }
}

/// The sample with the five modes that a small installation has.
pub fn five_modes() -> Value {
    let kept = ["python", "numpy", "ctypes", "cffi-api", "pyo3"];
    let mut value = sample();
    retain(&mut value, "modes", |mode| {
        kept.contains(&mode["name"].as_str().unwrap())
    });
    retain(&mut value, "measurements", |m| {
        kept.contains(&m["mode"].as_str().unwrap())
    });
    value
}
