//! The figure of who else runs.

mod common;

use common::{race, words};
use fig::figures::{Subject, draw_all};
use fig::source::Origin;
use serde_json::{Value, json};

fn document() -> Value {
    let mode = |name: &str, title: &str, kind: &str, status: &str| json!({"name": name, "title": title, "kind": kind, "status": status});
    let row = |mode: &str, median: f64| {
        json!({"case": "heat_4000", "mode": mode, "n": null, "median": median,
               "q1": 0.9 * median, "q3": 1.1 * median})
    };
    json!({
        "schema": 1, "measured_at": "2000-01-01T00:00:00+00:00", "quick": false,
        "machine": {"cpu": "test data, not measured"},
        "modes": [
            mode("slow", "slow, with a long name: -O3 -march=native", "comparison", "ok"),
            mode("ours-2", "evolve_steps, 2 threads", "native", "ok"),
            mode("copy", "np.copyto of the grid", "python", "ok"),
            mode("away", "somebody else", "comparison", "absent"),
            mode("caller", "only calls", "comparison", "ok"),
        ],
        "cases": [
            {"name": "heat_4000", "title": "a step", "group": "heat", "grid": [4000, 4000]},
            {"name": "noop", "title": "a call", "group": "call"},
        ],
        "measurements": [
            row("slow", 0.25), row("ours-2", 0.003), row("copy", 0.01),
            {"case": "noop", "mode": "caller", "n": null,
             "median": 2e-8, "q1": 2e-8, "q3": 2e-8},
        ],
    })
}

fn drawn(document: &Value) -> Vec<fig::figures::Drawing> {
    let race = race(document);
    let subject = Subject {
        race: &race,
        origin: Origin::Record,
    };
    draw_all("peers", subject).unwrap()
}

#[test]
fn the_fastest_is_on_top_and_the_copy_is_a_line() {
    let drawings = drawn(&document());
    let names: Vec<&str> = drawings.iter().map(|d| d.file_name.as_str()).collect();
    assert_eq!(names, ["peers-light.svg", "peers-dark.svg"]);
    for drawing in &drawings {
        let words = words(&drawing.svg);
        let at = |text: &str| words.iter().position(|word| word == text);
        let long = "slow, with a long name: -O3 -march=native";
        assert!(at("evolve_steps, 2 threads").unwrap() < at(long).unwrap());
        assert!(at("3 ms").is_some() && at("250 ms").is_some(), "{words:?}");
        assert!(at("copy the grid once: 10 ms").is_some(), "{words:?}");
        // The copy is no row, and who only makes calls has no step.
        assert_eq!(at("np.copyto of the grid"), None);
        assert_eq!(at("only calls"), None);
        assert!(
            at("Not run: somebody else (absent).").is_some(),
            "{words:?}"
        );
    }
}

#[test]
fn without_a_step_there_is_no_figure() {
    let mut document = document();
    document["measurements"] = json!([]);
    let race = race(&document);
    let subject = Subject {
        race: &race,
        origin: Origin::Record,
    };
    let error = draw_all("peers", subject).unwrap_err();
    assert!(error.to_string().contains("heat_4000"), "{error}");
}
