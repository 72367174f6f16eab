//! How an outcome looks in a terminal.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use crate::outcome::{Build, Failure, Outcome, Test};
use crate::registry::Exercise;

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const HEADING: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();
const IDEA: Style = AnsiColor::Cyan.on_default();

/// The heading above everything.
pub fn heading(exercise: &Exercise) -> String {
    let Exercise {
        number,
        title,
        minutes,
        ..
    } = exercise;
    format!("{HEADING}Exercise {number}: {title}{HEADING:#} {QUIET}({minutes} minutes){QUIET:#}\n")
}

/// A build that failed; nothing for one that did not.
pub fn build(build: &Build) -> String {
    let Some(problem) = &build.failure else {
        return String::new();
    };
    format!(
        "{BAD}✗ build: {}{BAD:#}\n{}",
        build.title(),
        failure(problem)
    )
}

/// A test in one line, with its failure below it.
pub fn test(test: &Test) -> String {
    let (title, points) = (test.title(), number(test.points));
    match &test.failure {
        None => format!("{GOOD}✓{GOOD:#} {title} {QUIET}{points}/{points}{QUIET:#}\n"),
        Some(Failure {
            blocked_by: Some(build),
            ..
        }) => {
            let build = build.replace('_', " ");
            format!("{QUIET}· {title} 0/{points} (waits for the build: {build}){QUIET:#}\n")
        }
        Some(problem) => {
            let mut text = format!("{BAD}✗{BAD:#} {title} {QUIET}0/{points}{QUIET:#}\n");
            text += &failure(problem);
            let _ = writeln!(text, "    idea      {IDEA}{}{IDEA:#}", indent(&test.idea));
            let output = test.output.trim_end();
            if !output.is_empty() {
                let _ = writeln!(text, "    {QUIET}your code printed{QUIET:#}");
                let _ = writeln!(text, "      {}", lines(output, 8).replace('\n', "\n      "));
            }
            text
        }
    }
}

fn failure(failure: &Failure) -> String {
    let mut text = format!("    {}\n", indent(&failure.message));
    for (name, value) in [("expected", &failure.expected), ("got", &failure.got)] {
        if let Some(value) = value {
            let _ = writeln!(text, "    {name:<9} {}", indent(value));
        }
    }
    if let Some(line) = failure.lines.last() {
        let code = line.code.as_deref().unwrap_or_default().trim();
        let _ = writeln!(
            text,
            "    at        {}:{}  {QUIET}{code}{QUIET:#}",
            line.file, line.line
        );
    }
    if !failure.details.is_empty() {
        let _ = writeln!(
            text,
            "      {}",
            lines(&failure.details, 40).replace('\n', "\n      ")
        );
    }
    text
}

/// The last lines: points, and what to do next.
pub fn summary(exercise: &Exercise, outcome: &Outcome) -> String {
    let mut text = String::new();
    for file in &outcome.left_out {
        let _ = writeln!(text, "note: not graded: {file}");
    }
    let (earned, possible) = (number(outcome.earned()), number(outcome.possible()));
    let number = exercise.number;
    let style = if outcome.passed() { GOOD } else { BAD };
    let _ = writeln!(
        text,
        "\n{style}{earned} of {possible} points{style:#}, {} of {} tests {QUIET}({:.1} s){QUIET:#}",
        outcome.passing(),
        outcome.tests.len(),
        outcome.seconds
    );
    let apart = exercise.points - outcome.possible();
    if apart > 0.0 {
        let (apart, all) = (self::number(apart), self::number(exercise.points));
        let _ = writeln!(
            text,
            "{QUIET}{apart} of the exercise's {all} points are for tests that your instructor has{QUIET:#}"
        );
    }
    if outcome.passed() {
        let _ = writeln!(
            text,
            "Well done. Compare with ours: workbook solution {number}"
        );
    } else {
        let files = exercise.edit.join(", ");
        let _ = writeln!(text, "Edit exercises/exercise{number}/: {files}");
        let _ = writeln!(
            text,
            "Read {}, or ask: workbook hint {number}",
            exercise.lesson
        );
    }
    text
}

/// 2 and not 2.0.
pub fn number(points: f64) -> String {
    let text = format!("{points:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn indent(text: &str) -> String {
    text.replace('\n', "\n              ")
}

/// The first lines of a long text, and how many are missing.
fn lines(text: &str, most: usize) -> String {
    let all: Vec<&str> = text.lines().collect();
    if all.len() <= most {
        return all.join("\n");
    }
    format!(
        "{}\n... and {} more lines",
        all[..most].join("\n"),
        all.len() - most
    )
}
