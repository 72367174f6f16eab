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
    draw_document("race", value, origin)
}

/// The figures of one measured file.
pub fn draw_document(name: &str, value: &Value, origin: Origin) -> Result<Vec<Drawing>, Error> {
    let race = race(value);
    draw_all(
        name,
        Subject {
            race: &race,
            origin,
        },
    )
}

/// A made-up scaling file: threads, MPI and Dask, up to twice the two cores.
pub fn scaling() -> Value {
    let mut modes = Vec::new();
    let mut measurements = Vec::new();
    let mut add = |case: &str, mode: &str, time: f64| {
        measurements.push(serde_json::json!({
            "case": case, "mode": mode, "n": null,
            "median": time, "q1": time * 0.9, "q3": time * 1.2
        }));
    };
    for (system, cost, counts) in [
        ("threads", 1.0, vec![1, 2]),
        ("mpi", 1.02, vec![1, 2, 4]),
        ("dask", 1.6, vec![1, 2, 4]),
    ] {
        for count in counts {
            let name = format!("{system}-{count}");
            let cores = f64::from(2.min(count));
            add("strong", &name, 4e-3 * cost / cores);
            if system != "threads" || count == 1 {
                add("weak", &name, 2e-3 * cost * f64::from(count) / cores);
            }
            if system == "threads" {
                add("halo_none", &name, 1e-3 / cores);
            } else if count == 2 {
                for halo in [1, 4, 16, 32] {
                    add(
                        &format!("halo_{halo}"),
                        &name,
                        8e-3 * cost / f64::from(halo),
                    );
                }
            }
            modes.push(serde_json::json!({
                "name": name, "title": format!("{system}, {count}"), "kind": "native",
                "deprecated": false, "status": "ok", "reason": null,
                "system": system, "processes": count, "oversubscribed": count > 2
            }));
        }
    }
    let mut cases = vec![
        serde_json::json!({"name": "strong", "title": "4000 x 4000 cells, shared", "group": "strong"}),
        serde_json::json!({"name": "weak", "title": "2000 x 4000 for each", "group": "weak"}),
        serde_json::json!({"name": "halo_none", "title": "none", "group": "halo", "grid": [20, 20]}),
    ];
    for halo in [1, 4, 16, 32] {
        cases.push(serde_json::json!({
            "name": format!("halo_{halo}"), "title": "halo", "group": "halo",
            "grid": [20, 20], "halo": halo
        }));
    }
    serde_json::json!({
        "schema": 1, "measured_at": "2000-01-01T00:00:00+00:00", "quick": true,
        "machine": {"cpu": "test data, not measured", "warnings": ["one"]},
        "modes": modes, "cases": cases, "measurements": measurements
    })
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
