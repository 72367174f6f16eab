//! The figures of scaling: what they say, and what they do when something is missing.

mod common;

use common::{draw_document, light, retain, scaling, words};
use fig::Error;
use fig::figures::Drawing;
use fig::source::Origin;
use serde_json::Value;

fn drawn(value: &Value) -> Vec<Drawing> {
    draw_document("scaling", value, Origin::ThisMachine).unwrap()
}

#[test]
fn both_figures_are_drawn_in_both_themes() {
    let names: Vec<String> = drawn(&scaling()).into_iter().map(|d| d.file_name).collect();
    assert_eq!(
        names,
        [
            "scaling-light.svg",
            "scaling-dark.svg",
            "halo-light.svg",
            "halo-dark.svg"
        ]
    );
}

#[test]
fn gains_are_the_time_of_one_thread_over_the_time_of_the_many() {
    let mut value = scaling();
    for m in value["measurements"].as_array_mut().unwrap() {
        if m["case"] == "strong" && m["mode"] == "mpi-2" {
            for key in ["q1", "median", "q3"] {
                m[key] = (4e-3 / 1.73).into();
            }
        }
    }
    let drawings = drawn(&value);
    let found = words(light(&drawings, "scaling"));
    assert!(found.contains(&"1.73".to_owned()), "{found:?}");
    let found = words(light(&drawings, "halo"));
    assert!(
        found.contains(&"threads, 2, no exchange: 500 µs".to_owned()),
        "{found:?}"
    );
    assert!(found.contains(&"8.16 ms".to_owned()), "{found:?}");
}

#[test]
fn what_failed_is_named_and_the_rest_is_drawn() {
    let mut value = scaling();
    for mode in value["modes"].as_array_mut().unwrap() {
        if mode["system"] == "dask" {
            mode["status"] = "failed".into();
        }
    }
    retain(&mut value, "measurements", |m| {
        !m["mode"].as_str().unwrap().starts_with("dask")
    });
    for figure in ["scaling", "halo"] {
        let drawings = drawn(&value);
        let found = words(light(&drawings, figure)).join("\n");
        assert!(found.contains("dask, 2 (failed)"), "{found}");
    }
}

#[test]
fn without_one_thread_there_is_nothing_to_compare_with() {
    let mut value = scaling();
    retain(&mut value, "measurements", |m| m["mode"] != "threads-1");
    let error = draw_document("scaling", &value, Origin::Record).unwrap_err();
    assert!(
        matches!(
            error,
            Error::NoData {
                figure: "scaling",
                ..
            }
        ),
        "{error}"
    );
}
