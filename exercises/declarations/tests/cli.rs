//! The command: what it prints, in which format, and with which exit status.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A file of its own for one test.
fn file(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_declarations"))
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn clean_is_0() {
    file("right.py", "ffi.cdef('void fibo(int *a, int *b);')\n");
    let output = run(&["right.py"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        text(output.stdout),
        "1 function and 0 structs compared with kernels.h: no difference.\n"
    );
}

#[test]
fn a_difference_is_1_and_both_declarations_are_shown() {
    file("wrong.py", "ffi.cdef('void fibo(int *a, double *b);')\n");
    let output = run(&["wrong.py"]);
    assert_eq!(output.status.code(), Some(1));
    let shown = text(output.stdout);
    for part in [
        "wrong.py:1:29: fibo, parameter 2: wrong type\n",
        "    yours:  void fibo(int *a, double *b)\n",
        "    header: void fibo(int *a, int *b)  (kernels.h:",
        "1 function and 0 structs compared with kernels.h: 1 difference.\n",
    ] {
        assert!(shown.contains(part), "{part:?} is not in\n{shown}");
    }
    assert!(
        shown.lines().all(|line| line.chars().count() <= 80),
        "{shown}"
    );
}

#[test]
fn the_report_can_be_json() {
    file("json.py", "ffi.cdef('void fibo(int *a, double *b);')\n");
    let output = run(&["--format", "json", "json.py"]);
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let finding = &report["findings"][0];
    assert_eq!(report["files"][0], "json.py");
    assert_eq!(finding["kind"], "wrong-type");
    assert_eq!(finding["severity"], "difference");
    assert_eq!(finding["line"], 1);
    assert_eq!(finding["column"], 29);
    assert_eq!(finding["header"], "void fibo(int *a, int *b)");
}

#[test]
fn another_header_and_several_files() {
    file("one.h", "double area(double width, double height);\n");
    file("one.txt", "double area(double width, double height);\n");
    file(
        "one.rs",
        "extern \"C\" { fn area(width: f64, height: f32) -> f64; }\n",
    );
    let output = run(&["--header", "one.h", "one.txt", "one.rs"]);
    assert_eq!(output.status.code(), Some(1));
    let shown = text(output.stdout);
    assert!(shown.contains("one.rs:1:34: area, parameter 2"), "{shown}");
    assert!(shown.contains("2 functions and 0 structs compared with one.h: 1 difference"));
}

#[test]
fn what_cannot_be_read_is_2() {
    let output = run(&["no-such-file.py"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(output.stderr).contains("no-such-file.py"));

    std::fs::write(
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("bytes.py"),
        [0xff, 0xfe],
    )
    .unwrap();
    assert_eq!(run(&["bytes.py"]).status.code(), Some(2));

    file("empty.h", "#define X 1\n");
    let output = run(&["--header", "empty.h", "empty.h"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(output.stderr).contains("empty.h"));
    assert_eq!(run(&[]).status.code(), Some(2));
}

#[test]
fn help_says_what_the_exit_status_means() {
    let output = run(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(output.stdout).contains("Exit status: 0"));
}
