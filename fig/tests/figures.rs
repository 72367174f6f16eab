//! What the figures show.

mod common;

use common::{FIGURES, awkward, draw, drawings, five_modes, light, retain, sample, words};
use fig::Error;
use fig::source::Origin;
use serde_json::{Value, json};

#[test]
fn each_figure_is_drawn_in_both_themes() {
    let names: Vec<String> = drawings(&sample())
        .into_iter()
        .map(|drawing| drawing.file_name)
        .collect();
    assert_eq!(
        names,
        [
            "overhead-light.svg",
            "overhead-dark.svg",
            "size-light.svg",
            "size-dark.svg",
            "heat-light.svg",
            "heat-dark.svg",
        ]
    );
}

#[test]
fn the_themes_differ_in_colour_alone() {
    let drawings = drawings(&sample());
    for pair in drawings.chunks(2) {
        assert_ne!(pair[0].svg, pair[1].svg);
        assert_eq!(words(&pair[0].svg), words(&pair[1].svg));
    }
}

#[test]
fn a_screen_reader_gets_a_title_and_a_sentence() {
    for drawing in drawings(&sample()) {
        let document = roxmltree::Document::parse(&drawing.svg).unwrap();
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"));
        let labels = root.attribute("aria-labelledby").unwrap();
        for (name, id) in ["title", "desc"].iter().zip(labels.split(' ')) {
            let node = root.children().find(|node| node.has_tag_name(*name));
            let node = node.unwrap();
            assert_eq!(node.attribute("id"), Some(id));
            assert!(!node.text().unwrap().is_empty());
        }
        let desc = root.children().find(|node| node.has_tag_name("desc"));
        assert!(desc.unwrap().text().unwrap().ends_with('.'));
    }
}

/// The cases each figure shows.
fn shows(figure: &str, case: &str) -> bool {
    match figure {
        "overhead" => ["noop", "add_ints", "add_floats"].contains(&case),
        "size" => case == "array_add",
        _ => case.starts_with("heat_"),
    }
}

#[test]
fn each_measured_mode_is_named_with_its_value() {
    for value in [sample(), five_modes()] {
        let drawings = drawings(&value);
        for figure in FIGURES {
            let words = words(light(&drawings, figure));
            for mode in value["modes"].as_array().unwrap() {
                let measured = value["measurements"].as_array().unwrap().iter().any(|m| {
                    m["mode"] == mode["name"] && shows(figure, m["case"].as_str().unwrap())
                });
                let dagger = if mode["deprecated"] == true {
                    " †"
                } else {
                    ""
                };
                let title = format!("{}{dagger}", mode["title"].as_str().unwrap());
                assert_eq!(words.contains(&title), measured, "{figure}: {title}");
            }
        }
    }
}

#[test]
fn values_are_the_medians_of_the_file() {
    let mut value = sample();
    for m in value["measurements"].as_array_mut().unwrap() {
        if m["mode"] == "ctypes" {
            set_time(m);
        }
    }
    let drawings = drawings(&value);
    let overhead = words(light(&drawings, "overhead"));
    assert!(overhead.contains(&"567 ns".to_owned()), "{overhead:?}");
    let size = words(light(&drawings, "size"));
    assert!(size.contains(&"5.67 µs".to_owned()), "{size:?}");
    // 200 x 200 cells in 10 µs, 4000 x 4000 cells in 10 ms.
    let heat = words(light(&drawings, "heat"));
    assert!(heat.contains(&"4 G".to_owned()), "{heat:?}");
    assert!(heat.contains(&"1.6 G".to_owned()), "{heat:?}");
}

fn set_time(m: &mut Value) {
    let time = match m["case"].as_str().unwrap() {
        "noop" => 567e-9,
        "array_add" if m["n"] == 1 => 5.67e-6,
        "heat_200_classic" => 10e-6,
        "heat_4000_steps" => 10e-3,
        _ => return,
    };
    for (key, factor) in [("q1", 0.8), ("median", 1.0), ("q3", 1.3)] {
        m[key] = (time * factor).into();
    }
}

/// Where each of `names` first stands among the words of a figure.
fn places(value: &Value, figure: &str, names: &[&str]) -> Vec<usize> {
    let words = words(light(&drawings(value), figure));
    let place = |name: &&str| words.iter().position(|word| word == name);
    names.iter().map(|name| place(name).unwrap()).collect()
}

#[test]
fn modes_are_sorted_by_time() {
    let value = sample();
    for (figure, names) in [
        ("overhead", ["raw C API", "PyO3", "cffi API", "ctypes"]),
        ("size", ["ctypes", "cffi API", "NumPy", "Python"]),
        ("heat", ["PyO3", "ctypes", "NumPy", "Python"]),
    ] {
        assert!(places(&value, figure, &names).is_sorted(), "{figure}");
    }
}

#[test]
fn the_order_of_the_measurements_does_not_matter() {
    let mut value = sample();
    let forwards = drawings(&value);
    value["measurements"].as_array_mut().unwrap().reverse();
    for (one, other) in forwards.iter().zip(drawings(&value)) {
        assert!(one.svg == other.svg, "{}", one.file_name);
    }
}

#[test]
fn a_fit_is_dashed_beyond_its_sizes() {
    let mut value = sample();
    let mut lines = |n_max: u32| {
        for fit in value["fits"].as_array_mut().unwrap() {
            fit["n_max"] = n_max.into();
        }
        let drawings = drawings(&value);
        light(&drawings, "size").matches("<polyline").count()
    };
    // A solid line is one element, and each dash is one.
    assert!(lines(1000) > lines(100_000));
    assert!(lines(100_000) > lines(10_000_000));
}

#[test]
fn the_classic_variant_is_pale() {
    let pale = |kept: &str| {
        let mut value = sample();
        retain(&mut value, "measurements", |m| {
            let case = m["case"].as_str().unwrap();
            !case.starts_with("heat") || case.ends_with(kept)
        });
        let drawings = drawings(&value);
        light(&drawings, "heat").matches("opacity=\"0.3\"").count()
    };
    // One of them is in the key.
    assert_eq!(pale("steps"), 1);
    assert!(pale("classic") > 12);
}

#[test]
fn the_raw_c_api_and_the_copy_are_named() {
    let mut value = sample();
    for m in value["measurements"].as_array_mut().unwrap() {
        if m["mode"] == "capi" && m["case"] == "noop" {
            m["median"] = 12.3e-9.into();
        }
    }
    value["limits"] = json!([{"grid": [4000, 4000], "median": 0.016}]);
    let drawings = drawings(&value);
    let overhead = words(light(&drawings, "overhead"));
    assert!(overhead.contains(&"raw C API: 12.3 ns".to_owned()));
    let heat = words(light(&drawings, "heat"));
    let limits: Vec<_> = heat.iter().filter(|text| text.contains("copy")).collect();
    assert_eq!(limits, ["copy the grid once: 1 G"]);
}

/// The places of the dots of one colour in a light figure, in its units.
fn dots(svg: &str, color: &str) -> Vec<f64> {
    let document = roxmltree::Document::parse(svg).unwrap();
    document
        .descendants()
        .filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "circle")))
        .filter(|node| node.attribute("fill") == Some(color))
        .map(|node| node.attribute("cx").unwrap().parse().unwrap())
        .collect()
}

#[test]
fn a_factor_in_a_call_is_a_distance() {
    let at = |nanoseconds: f64| {
        let mut value = sample();
        for m in value["measurements"].as_array_mut().unwrap() {
            if m["mode"] == "pyo3" && m["case"] == "noop" {
                for key in ["q1", "median", "q3"] {
                    m[key] = (nanoseconds * 1e-9).into();
                }
            }
        }
        let drawings = drawings(&value);
        dots(light(&drawings, "overhead"), "#C0281C")[0]
    };
    let (short, long) = (at(40.0) - at(20.0), at(160.0) - at(80.0));
    assert!(short > 20.0, "{short}");
    assert!((short - long).abs() < 2.0, "{short} and {long}");
}

#[test]
fn calls_are_dots_and_not_bars() {
    let drawings = drawings(&sample());
    let svg = light(&drawings, "overhead");
    // Pale or full, a bar has the colour of its mode.
    for color in ["#C0281C", "#00695C", "#868E98"] {
        assert!(!dots(svg, color).is_empty(), "{color}");
        let bar = |line: &str| line.starts_with("<rect") && line.contains(color);
        assert!(!svg.lines().any(bar), "{color}");
    }
}

#[test]
fn the_ticks_of_the_calls_are_1_2_5() {
    let mut value = sample();
    retain(&mut value, "measurements", |m| {
        m["case"] != "noop" && m["case"] != "add_floats"
            || ["capi", "python"].contains(&m["mode"].as_str().unwrap())
    });
    // Three panels, from 12 ns to 480 ns.
    for m in value["measurements"].as_array_mut().unwrap() {
        let time = match m["mode"].as_str().unwrap() {
            "capi" => 12e-9,
            _ => 480e-9,
        };
        if shows("overhead", m["case"].as_str().unwrap()) {
            for key in ["q1", "median", "q3"] {
                m[key] = time.into();
            }
        }
    }
    let words = words(light(&drawings(&value), "overhead"));
    let ticks = ["10 ns", "20", "50", "100", "200", "500 ns"];
    let panel = words.windows(ticks.len()).filter(|run| *run == ticks);
    assert_eq!(panel.count(), 3, "{words:?}");
}

#[test]
fn rates_have_one_unit() {
    for value in [sample(), five_modes()] {
        let words = words(light(&drawings(&value), "heat"));
        let rates = words.iter().filter(|text| text.ends_with(" G"));
        assert!(rates.count() > 10, "{words:?}");
        let other = |text: &&String| text.ends_with(" M") || text.ends_with(" k");
        assert_eq!(words.iter().find(other), None);
    }
}

#[test]
fn a_bar_beyond_the_copy_is_explained() {
    let explained = |copy_seconds: f64| {
        let mut value = sample();
        value["limits"] = json!([{"grid": [4000, 4000], "median": copy_seconds}]);
        let words = words(light(&drawings(&value), "heat"));
        words.contains(
            &"Bars pass the line where many steps share one trip through memory.".to_owned(),
        )
    };
    assert!(explained(1.0));
    assert!(!explained(1e-6));
}

#[test]
fn modes_for_comparison_are_faint_in_the_plot() {
    let drawings = drawings(&sample());
    let lines = |color: &str| {
        let line = |line: &&str| line.starts_with("<polyline") && line.contains(color);
        light(&drawings, "size").lines().filter(line).count()
    };
    // Half of the grey and half of the page; the grey itself is in the names.
    assert!(
        lines("#C2C6CB") > 5 * lines("#868E98"),
        "{}",
        lines("#C2C6CB")
    );
}

#[test]
fn only_useful_crossovers_are_marked() {
    let mut value = sample();
    value["crossovers"] = json!([
        crossover("python", "pyo3", Some(5.0)),
        crossover("python", "numpy", Some(15.0)),
        crossover("python", "ctypes", Some(95.1)),
        // For comparison only, between two native modes, and nowhere.
        crossover("numpy", "cython", Some(40.0)),
        crossover("ctypes", "pyo3", Some(50.0)),
        crossover("numpy", "ctypes", None),
    ]);
    let marked: Vec<_> = words(light(&drawings(&value), "size"))
        .into_iter()
        .filter(|text| text.contains(" beats "))
        .collect();
    assert_eq!(
        marked,
        [
            "PyO3 beats Python from n = 5",
            "ctypes beats Python from n = 96"
        ]
    );
}

#[test]
fn crossovers_out_of_range_are_left_out() {
    let mut value = sample();
    value["crossovers"] = json!([
        crossover("python", "pyo3", Some(0.0)),
        crossover("python", "numpy", Some(-3.0)),
        crossover("numpy", "ctypes", Some(1e12)),
        crossover("numpy", "no such mode", Some(100.0)),
    ]);
    let words = words(light(&drawings(&value), "size"));
    assert!(!words.iter().any(|text| text.contains(" beats ")));
    assert!(!words.iter().any(|text| text.contains("crossover")));
}

fn crossover(below: &str, above: &str, n: Option<f64>) -> Value {
    json!({"case": "array_add", "below": below, "above": above, "n": n, "ci": null})
}

#[test]
fn modes_that_did_not_run_are_told() {
    let mut value = sample();
    for mode in value["modes"].as_array_mut().unwrap() {
        if mode["name"] == "numba" {
            mode["status"] = "failed".into();
        }
    }
    retain(&mut value, "measurements", |m| m["mode"] != "numba");
    for drawing in drawings(&value) {
        let words = words(&drawing.svg).join(" ");
        assert!(words.contains("Not run: Numba (failed), published C module (absent)."));
    }
}

#[test]
fn the_foot_tells_where_the_numbers_come_from() {
    let mut value = sample();
    let foot = |value: &Value, origin| {
        let drawings = draw(value, origin).unwrap();
        let feet: Vec<String> = drawings
            .iter()
            .map(|drawing| words(&drawing.svg).pop().unwrap())
            .collect();
        assert!(feet.iter().all(|line| *line == feet[0]));
        feet[0].clone()
    };
    assert_eq!(
        foot(&value, Origin::ThisMachine),
        "measured 2000-01-01 on test data, not measured, this machine"
    );
    value["quick"] = true.into();
    assert_eq!(
        foot(&value, Origin::Record),
        "measured 2000-01-01 on test data, not measured, committed record, quick run"
    );
}

#[test]
fn the_first_warning_is_told_where_it_fits() {
    let mut value = sample();
    let mut foot = |warnings: Value| {
        value["machine"]["warnings"] = warnings;
        words(light(&drawings(&value), "heat"))
    };
    let load = "other work is running: load 1.6 on 2 cores";
    let one = foot(json!([load]));
    assert!(one.contains(&format!("noise: {load}")), "{one:?}");
    let three = foot(json!([load, "b", "c"]));
    assert!(three.contains(&format!("noise: {load} (and 2 more)")));
    let long = foot(json!([load.repeat(9), "b", "c"]));
    assert!(!long.iter().any(|text| text.starts_with("noise")));
    let last = long.last().unwrap();
    assert!(last.ends_with(", 3 warnings in the file"), "{last}");
    assert!(!foot(json!([])).iter().any(|text| text.contains("noise")));
}

#[test]
fn keys_that_no_figure_needs_are_ignored() {
    let mut value = sample();
    let plain = drawings(&value);
    value["noise"] = json!({"load": 1.6});
    value["by_hand"] = json!([1, "two"]);
    value["machine"]["noise"] = json!(null);
    for m in value["measurements"].as_array_mut().unwrap() {
        m["process_medians"] = json!([1e-9]);
    }
    for (one, other) in plain.iter().zip(drawings(&value)) {
        assert!(one.svg == other.svg, "{}", one.file_name);
    }
}

#[test]
fn fits_and_limits_may_be_missing() {
    let mut value = sample();
    for list in ["fits", "crossovers", "limits"] {
        value.as_object_mut().unwrap().remove(list);
    }
    assert_eq!(drawings(&value).len(), 6);
}

#[test]
fn a_fit_below_zero_is_drawn_where_it_has_a_place() {
    let mut value = sample();
    for fit in value["fits"].as_array_mut().unwrap() {
        fit["overhead"] = (-1e-6).into();
    }
    for drawing in drawings(&value) {
        assert!(!drawing.svg.contains("NaN"));
        assert!(!drawing.svg.contains("2147483"), "a place off the sheet");
    }
}

#[test]
fn one_measurement_a_figure_is_enough() {
    let mut value = sample();
    retain(&mut value, "measurements", |m| {
        m["mode"] == "pyo3"
            && (m["case"] == "noop" || m["case"] == "heat_200_steps" || m["n"] == 10)
    });
    for figure in FIGURES {
        let words = words(light(&drawings(&value), figure));
        assert!(words.contains(&"PyO3".to_owned()));
    }
}

#[test]
fn an_empty_figure_is_an_error_that_names_the_cases() {
    let wanted = [
        ("overhead", "the cases noop, add_ints and add_floats"),
        ("size", "the case array_add"),
        (
            "heat",
            "the cases heat_200_classic, heat_200_steps, heat_4000_classic and heat_4000_steps",
        ),
    ];
    for (figure, cases) in wanted {
        let mut value = sample();
        retain(&mut value, "measurements", |m| {
            !shows(figure, m["case"].as_str().unwrap())
        });
        let error = draw(&value, Origin::Record).unwrap_err();
        assert!(matches!(error, Error::NoData { .. }), "{error}");
        assert_eq!(
            error.to_string(),
            format!("nothing to draw in the figure \"{figure}\": no measurement of {cases}")
        );
    }
}

#[test]
fn names_with_xml_in_them_stay_text() {
    let mut value = awkward();
    value["modes"][0]["title"] = "<b>&\"py\"</b>".into();
    value["cases"][0]["title"] = "1 < 2 & 3".into();
    for drawing in drawings(&value) {
        assert!(words(&drawing.svg).contains(&"<b>&\"py\"</b>".to_owned()));
    }
}
