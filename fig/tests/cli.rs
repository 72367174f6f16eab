//! The command: which file it takes, what it prints, how it fails.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::{SAMPLE, sample};

/// An empty folder of its own for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(folder.join("fig/records")).unwrap();
    folder
}

fn run(folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fig"))
        .current_dir(folder)
        .output()
        .unwrap()
}

fn lines(output: &Output) -> Vec<String> {
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// The message of a run that must fail.
fn message(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn sample_of(day: &str) -> String {
    let mut value = sample();
    value["measured_at"] = format!("{day}T01:02:03+00:00").into();
    value.to_string()
}

/// A committed record of that day.
fn record(folder: &Path, day: &str, name: &str) {
    let day_folder = folder.join("fig/records").join(day);
    fs::create_dir_all(&day_folder).unwrap();
    fs::write(day_folder.join(name), sample_of(day)).unwrap();
}

#[test]
fn the_race_of_this_machine_comes_first() {
    let folder = folder("machine");
    fs::write(folder.join("fig/race.json"), sample_of("2026-11-20")).unwrap();
    record(&folder, "2027-01-01", "race.json");
    let lines = lines(&run(&folder));
    assert_eq!(
        lines[0],
        "figures from this machine's run of 2026-11-20 (fig/race.json)"
    );
    assert_eq!(lines.len(), 7);
    for line in &lines[1..] {
        let svg = fs::read_to_string(folder.join(line)).unwrap();
        assert!(svg.contains("measured 2026-11-20"), "{line}");
    }
}

#[test]
fn else_the_newest_record_is_drawn() {
    let folder = folder("records");
    for day in ["2026-02-01", "2026-11-20", "2025-12-31"] {
        record(&folder, day, "race.json");
    }
    // Newer, and neither is a record of a full race.
    record(&folder, "2027-01-01", "race-quick.json");
    fs::write(folder.join("fig/records/README.md"), "no record").unwrap();
    let lines = lines(&run(&folder));
    assert_eq!(
        lines[0],
        "figures from the committed record fig/records/2026-11-20/race.json"
    );
    let svg = fs::read_to_string(folder.join("fig/heat-dark.svg")).unwrap();
    assert!(svg.contains("measured 2026-11-20"));
    assert!(svg.contains("committed record"));
}

#[test]
fn the_three_places_can_be_chosen() {
    let folder = folder("chosen");
    fs::create_dir(folder.join("mine")).unwrap();
    fs::write(folder.join("mine/race.json"), SAMPLE).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_fig"))
        .current_dir(&folder)
        .args(["--measured", "mine", "--out", "new/pictures"])
        .output()
        .unwrap();
    assert!(lines(&output)[0].ends_with("(mine/race.json)"));
    assert!(folder.join("new/pictures/size-light.svg").exists());
}

#[test]
fn only_records_can_be_asked_for() {
    let folder = folder("only-records");
    fs::write(folder.join("fig/race.json"), sample_of("2027-01-01")).unwrap();
    record(&folder, "2026-11-20", "race.json");
    let output = Command::new(env!("CARGO_BIN_EXE_fig"))
        .current_dir(&folder)
        .arg("--only-records")
        .output()
        .unwrap();
    assert!(lines(&output)[0].ends_with("2026-11-20/race.json"));
}

#[test]
fn two_runs_write_the_same_bytes() {
    let folder = folder("same");
    fs::write(folder.join("fig/race.json"), SAMPLE).unwrap();
    let figure = folder.join("fig/size-light.svg");
    lines(&run(&folder));
    let first = fs::read(&figure).unwrap();
    lines(&run(&folder));
    assert_eq!(first, fs::read(&figure).unwrap());
}

#[test]
fn with_no_file_both_places_are_named() {
    let folder = folder("empty");
    let text = message(&run(&folder));
    assert!(text.contains("race.json in fig"), "{text}");
    assert!(text.contains("fig/records"), "{text}");
    fs::remove_dir_all(folder.join("fig")).unwrap();
    assert_eq!(message(&run(&folder)), text);
}

#[test]
fn a_broken_race_file_is_not_passed_over() {
    let folder = folder("broken");
    fs::write(folder.join("fig/race.json"), "{\n\"schema\": }").unwrap();
    record(&folder, "2026-11-20", "race.json");
    let text = message(&run(&folder));
    assert_eq!(
        text,
        "fig: fig/race.json, line 2, column 11: expected value\n"
    );
    assert!(!folder.join("fig/size-light.svg").exists());
}

#[test]
fn on_an_error_no_figure_is_replaced() {
    let folder = folder("all-or-none");
    let mut value = sample();
    common::retain(&mut value, "measurements", |m| m["case"] != "array_add");
    fs::write(folder.join("fig/race.json"), value.to_string()).unwrap();
    let text = message(&run(&folder));
    assert!(text.contains("array_add"), "{text}");
    assert!(!folder.join("fig/overhead-light.svg").exists());
}
