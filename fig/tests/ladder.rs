//! The figures of the ladder, from made-up numbers.

use std::path::Path;

use fig::Error;
use fig::figures::{Drawing, Subject, draw_all};
use fig::race::Race;
use fig::source::Origin;
use fig::text;
use roxmltree::{Document, Node};
use serde_json::{Value, json};

const RUNGS: [(&str, &str, f64, f64); 6] = [
    ("published", "published loop", 4.0, 0.344),
    ("hoisted", "division hoisted", 3.2, 0.219),
    ("swapped", "swap, no copy", 1.6, 0.438),
    ("vectors", "widest vectors", 1.0, 0.438),
    ("skew-1", "skewed, 1 thread", 0.4, 13.2),
    ("skew-2", "skewed, 2 threads", 0.2, 12.9),
];

/// Made-up nanoseconds a cell on three grids; on the large one as in `RUNGS`.
fn sample() -> Value {
    let mut modes = vec![json!({
        "name": "copyto", "title": "np.copyto", "kind": "comparison", "status": "ok"
    })];
    let mut cases = Vec::new();
    let mut measurements = Vec::new();
    for (name, title, ..) in RUNGS {
        modes.push(json!({"name": name, "title": title, "kind": "native", "status": "ok"}));
    }
    for side in [200_u32, 1000, 4000] {
        let case = format!("heat_{side}");
        cases.push(json!({
            "name": case, "title": "one step", "group": "ladder", "grid": [side, side]
        }));
        let copy = ("copyto", "", 0.9, 0.0);
        for (mode, _, cell, _) in RUNGS.into_iter().chain([copy]) {
            let time = cell * 1e-9 * f64::from(side * side);
            measurements.push(json!({
                "case": case, "mode": mode, "n": null,
                "median": time, "q1": 0.97 * time, "q3": 1.08 * time
            }));
        }
    }
    let rungs: Vec<Value> = RUNGS
        .into_iter()
        .map(|(mode, _, cell, intensity)| {
            json!({"mode": mode, "intensity": intensity, "gflops": 7.0 / cell})
        })
        .collect();
    json!({
        "schema": 1, "measured_at": "2000-01-01", "quick": false,
        "machine": {
            "cpu": "test data, not measured", "l2_bytes": 1 << 20, "l3_bytes": 32 << 20
        },
        "modes": modes, "cases": cases, "measurements": measurements,
        "roofline": {
            "bandwidth": {
                "memory": {"scale": {"1": 18.0, "2": 26.0}},
                "l2": {"scale": {"1": 110.0, "2": 210.0}}
            },
            "flops": {"separate": {"1": 58.0, "2": 115.0}},
            "grid": [4000, 4000], "rungs": rungs
        }
    })
}

fn draw(value: &Value) -> Result<Vec<Drawing>, Error> {
    let race = Race::parse(&value.to_string(), Path::new("ladder.json"))?;
    let subject = Subject {
        race: &race,
        origin: Origin::ThisMachine,
    };
    draw_all("ladder", subject)
}

fn words(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    let texts = document
        .descendants()
        .filter(|node| node.tag_name().name() == "text");
    texts
        .map(|node| node.text().unwrap_or_default().to_owned())
        .collect()
}

fn light(drawings: &[Drawing], name: &str) -> String {
    let name = format!("{name}-light.svg");
    drawings
        .iter()
        .find(|drawing| drawing.file_name == name)
        .unwrap()
        .svg
        .clone()
}

#[test]
fn each_figure_is_drawn_light_and_dark() {
    let names: Vec<String> = draw(&sample())
        .unwrap()
        .into_iter()
        .map(|drawing| drawing.file_name)
        .collect();
    let want = ["ladder", "roofline", "scaling-by-size"]
        .iter()
        .flat_map(|name| [format!("{name}-light.svg"), format!("{name}-dark.svg")]);
    assert_eq!(names, want.collect::<Vec<_>>());
}

#[test]
fn a_rung_has_its_time_and_its_gain() {
    let found = words(&light(&draw(&sample()).unwrap(), "ladder"));
    for expected in [
        "4 ns",
        "3.2 ns, gain 1.2",
        "0.4 ns, gain 2.5",
        "copy the grid once: 0.9 ns",
        "4000 × 4000 cells",
    ] {
        assert!(
            found.iter().any(|word| word == expected),
            "{expected}: {found:?}"
        );
    }
}

#[test]
fn the_roofline_names_its_roofs_and_its_rungs() {
    let found = words(&light(&draw(&sample()).unwrap(), "roofline"));
    for expected in [
        "main memory, 1 thread: 18 GB/s",
        "second cache, 2 threads: 210 GB/s",
        "arithmetic, 2 threads: 115 Gflop/s",
        "skewed, 2 threads: 35",
        "widest vectors: 7",
    ] {
        assert!(
            found.iter().any(|word| word == expected),
            "{expected}: {found:?}"
        );
    }
}

#[test]
fn the_sizes_have_the_caches_marked() {
    let found = words(&light(&draw(&sample()).unwrap(), "scaling-by-size"));
    for expected in [
        "L2 cache is full",
        "L3 cache is full",
        "4,000",
        "np.copyto: 0.9 ns",
    ] {
        assert!(
            found.iter().any(|word| word == expected),
            "{expected}: {found:?}"
        );
    }
    // Without the sizes of the caches there are no such lines.
    let mut value = sample();
    value["machine"] = json!({"cpu": "unknown"});
    let found = words(&light(&draw(&value).unwrap(), "scaling-by-size"));
    assert!(
        !found.iter().any(|word| word.contains("cache is full")),
        "{found:?}"
    );
}

#[test]
fn what_cannot_be_drawn_is_an_error() {
    let mut value = sample();
    value["measurements"] = json!([]);
    let error = draw(&value).unwrap_err().to_string();
    assert!(
        error.contains("\"ladder\"") && error.contains("heat_4000"),
        "{error}"
    );
    for missing in ["bandwidth", "flops", "rungs"] {
        let mut value = sample();
        value["roofline"][missing] = if missing == "rungs" {
            json!([])
        } else {
            json!({})
        };
        let error = draw(&value).unwrap_err().to_string();
        assert!(error.contains("\"roofline\""), "{missing}: {error}");
    }
}

/// Left, right, top and bottom of a text, in pixels.
fn place(node: Node<'_, '_>, scale: f64) -> [f64; 4] {
    let number = |name| node.attribute(name).unwrap().parse::<f64>().unwrap() * scale;
    let (x, y, size) = (number("x"), number("y"), number("font-size"));
    let bold = node.attribute("font-weight") == Some("bold");
    let width = text::width(node.text().unwrap(), size, bold);
    let left = match node.attribute("text-anchor").unwrap() {
        "start" => x,
        "middle" => x - width / 2.0,
        _ => x - width,
    };
    [left, left + width, y - size / 2.0, y + size / 2.0]
}

/// Also where all rungs are equally fast, and where one size alone was measured.
#[test]
fn no_text_is_cut_off_or_covers_another() {
    let mut equal = sample();
    for m in equal["measurements"].as_array_mut().unwrap() {
        for key in ["median", "q1", "q3"] {
            m[key] = 0.01.into();
        }
    }
    for rung in equal["roofline"]["rungs"].as_array_mut().unwrap() {
        rung["gflops"] = 5.0.into();
    }
    let mut one_size = sample();
    for list in ["cases", "measurements"] {
        let key = if list == "cases" { "name" } else { "case" };
        one_size[list]
            .as_array_mut()
            .unwrap()
            .retain(|row| row[key] == "heat_4000");
    }
    for value in [sample(), equal, one_size] {
        for drawing in draw(&value).unwrap() {
            let name = &drawing.file_name;
            let document = Document::parse(&drawing.svg).unwrap();
            let root = document.root_element();
            let view: Vec<f64> = (root.attribute("viewBox").unwrap().split(' '))
                .map(|number| number.parse().unwrap())
                .collect();
            let scale = 960.0 / view[2];
            let texts: Vec<(String, [f64; 4])> = document
                .descendants()
                .filter(|node| node.tag_name().name() == "text")
                .map(|node| (node.text().unwrap().to_owned(), place(node, scale)))
                .collect();
            for (index, (words, [left, right, top, bottom])) in texts.iter().enumerate() {
                assert!(*left >= 0.0 && *right <= 960.0, "{name}: cut off {words}");
                assert!(
                    *top >= 0.0 && *bottom <= view[3] * scale,
                    "{name}: cut off {words}"
                );
                for (other, place) in &texts[index + 1..] {
                    let apart = *right <= place[0]
                        || place[1] <= *left
                        || *bottom <= place[2]
                        || place[3] <= *top;
                    assert!(apart, "{name}: {words} on {other}");
                }
            }
        }
    }
}
