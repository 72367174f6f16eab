//! Files that are missing, broken or of another schema.

mod common;

use std::path::Path;

use common::{SAMPLE, sample};
use fig::Error;
use fig::race::Race;
use serde_json::Value;

fn parse(text: &str) -> Error {
    Race::parse(text, Path::new("fig/race.json")).unwrap_err()
}

fn parse_value(value: &Value) -> String {
    let error = parse(&value.to_string());
    assert!(matches!(error, Error::Value { .. }), "{error}");
    error.to_string()
}

#[test]
fn broken_json_names_file_line_and_column() {
    let error = parse("{\n  \"schema\": 1,\n  \"quick\": yes\n}");
    assert!(matches!(
        error,
        Error::Json {
            line: 3,
            column: 12,
            ..
        }
    ));
    assert_eq!(
        error.to_string(),
        "fig/race.json, line 3, column 12: expected value"
    );
}

#[test]
fn a_file_cut_off_is_broken_json() {
    let error = parse(&SAMPLE[..SAMPLE.len() / 2]);
    assert!(matches!(error, Error::Json { .. }), "{error}");
}

#[test]
fn a_missing_key_is_named() {
    for key in ["schema", "measured_at", "machine", "modes", "measurements"] {
        let mut value = sample();
        value.as_object_mut().unwrap().remove(key);
        let error = parse(&value.to_string());
        assert!(matches!(error, Error::Json { .. }), "{error}");
        assert!(error.to_string().contains(key), "{error}");
    }
}

#[test]
fn another_schema_is_named_even_if_nothing_else_fits() {
    let error = parse("{\"schema\": 2, \"races\": []}");
    assert!(matches!(error, Error::Schema { found: 2, .. }));
    assert_eq!(
        error.to_string(),
        "fig/race.json has schema 2, but only schema 1 is known here"
    );
}

#[test]
fn a_time_that_cannot_be_is_an_error() {
    for key in ["median", "q1", "q3"] {
        let mut value = sample();
        value["measurements"][0][key] = 0.0.into();
        let message = parse_value(&value);
        assert!(message.contains("\"noop\" in mode \"python\""), "{message}");
        assert!(message.contains("must be above 0"), "{message}");
    }
    let mut value = sample();
    value["limits"][0]["median"] = (-1.0).into();
    assert!(parse_value(&value).contains("the limit of 200 x 200"));
}

#[test]
fn a_measurement_of_something_unlisted_is_an_error() {
    for (key, list) in [("case", "cases"), ("mode", "modes")] {
        let mut value = sample();
        value["measurements"][0][key] = "nothing".into();
        let message = parse_value(&value);
        assert!(message.contains(list), "{message}");
    }
    let mut value = sample();
    value["measurements"][0]["n"] = 0.into();
    assert!(parse_value(&value).contains("at least 1"));
}

#[test]
fn unknown_keys_are_ignored() {
    let mut value = sample();
    value["new"] = "in schema 1".into();
    value["machine"]["new"] = 5.into();
    assert!(Race::parse(&value.to_string(), Path::new("race.json")).is_ok());
}
