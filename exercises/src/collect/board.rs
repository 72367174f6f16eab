//! The board: who is where, which tests most fail, and how long grading took.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use askama::Template;
use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;

use super::ledger::Ledger;
use super::submissions::Submission;
use crate::outcome::Outcome;
use crate::progress::write_whole;
use crate::registry::Exercise;
use crate::show::number;

/// How many of the tests that most fail are shown.
const MOST: usize = 10;

/// Everything on the board, ready to be shown.
#[derive(Debug, Template)]
#[template(path = "board.html")]
pub struct Board {
    exercises: Vec<Column>,
    learners: Vec<Learner>,
    hardest: Vec<Hardest>,
    possible: String,
    passed_all: usize,
    /// Graded here, or what the learners' own programs wrote.
    source: &'static str,
}

/// An exercise, as a column.
#[derive(Debug)]
struct Column {
    number: u32,
    title: String,
    points: String,
    handed_in: usize,
    passed: usize,
    seconds: String,
}

/// A line of the board.
#[derive(Debug)]
struct Learner {
    name: String,
    points: f64,
    total: String,
    cells: Vec<Cell>,
}

#[derive(Debug)]
struct Cell {
    class: &'static str,
    text: String,
    title: String,
}

/// A test, and how many fail it.
#[derive(Debug)]
struct Hardest {
    exercise: u32,
    test: String,
    idea: String,
    failed: usize,
    of: usize,
}

/// A line of the CSV file.
#[derive(Debug, Serialize)]
struct Row<'a> {
    learner: &'a str,
    exercise: u32,
    points: f64,
    possible: f64,
    passed: bool,
    tests_passing: usize,
    tests: usize,
    first_failing: String,
    seconds: f64,
    source: &'static str,
}

impl Board {
    /// Make the board from what was graded here, or from what learners report.
    pub fn new(
        submissions: &[Submission],
        exercises: &[&Exercise],
        ledger: &Ledger,
        graded: bool,
    ) -> (Self, Vec<Vec<Option<Outcome>>>) {
        let outcomes: Vec<Vec<Option<Outcome>>> = (submissions.iter())
            .map(|submission| {
                (exercises.iter())
                    .map(|exercise| outcome(submission, exercise, ledger, graded))
                    .collect()
            })
            .collect();
        let columns = (exercises.iter().enumerate())
            .map(|(index, exercise)| {
                column(
                    exercise,
                    outcomes.iter().filter_map(|row| row[index].as_ref()),
                )
            })
            .collect();
        let mut learners: Vec<Learner> = (submissions.iter().zip(&outcomes))
            .map(|(submission, row)| learner(submission, row))
            .collect();
        learners.sort_by(|a, b| (b.points.total_cmp(&a.points)).then_with(|| a.name.cmp(&b.name)));
        let passed_all = (outcomes.iter())
            .filter(|row| row.iter().all(|o| o.as_ref().is_some_and(Outcome::passed)))
            .count();
        let board = Self {
            exercises: columns,
            learners,
            hardest: hardest(outcomes.iter().flatten().flatten()),
            possible: number(exercises.iter().map(|exercise| exercise.points).sum()),
            passed_all,
            source: source(graded),
        };
        (board, outcomes)
    }

    /// The board for a terminal.
    pub fn text(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        let mut header = vec!["learner".to_owned(), format!("of {}", self.possible)];
        header.extend(self.exercises.iter().map(|each| each.number.to_string()));
        table.set_header(header);
        for learner in &self.learners {
            let mut row = vec![learner.name.clone(), learner.total.clone()];
            row.extend(learner.cells.iter().map(|cell| cell.text.clone()));
            table.add_row(row);
        }
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        let mut text = format!("{table}\n");
        let _ = writeln!(
            text,
            "{} learners, {} with everything passed; {}",
            self.learners.len(),
            self.passed_all,
            self.source
        );
        for column in &self.exercises {
            let _ = writeln!(
                text,
                "exercise {}: {} handed in, {} passed, {}",
                column.number, column.handed_in, column.passed, column.seconds
            );
        }
        if !self.hardest.is_empty() {
            text += "most fail:\n";
        }
        for each in &self.hardest {
            let _ = writeln!(
                text,
                "  {:>3} of {:<3} exercise {}, {}",
                each.failed, each.of, each.exercise, each.test
            );
        }
        text
    }

    /// Write `board.html` and `board.csv`; return where they are.
    pub fn write(
        &self,
        into: &Path,
        submissions: &[Submission],
        outcomes: &[Vec<Option<Outcome>>],
    ) -> Result<[PathBuf; 2]> {
        let (page, csv) = (into.join("board.html"), into.join("board.csv"));
        write_whole(&page, &self.render()?)?;
        let mut writer = csv::Writer::from_writer(Vec::new());
        for (submission, row) in submissions.iter().zip(outcomes) {
            for outcome in row.iter().flatten() {
                writer.serialize(self.row(&submission.learner, outcome))?;
            }
        }
        let bytes = writer
            .into_inner()
            .context("the CSV could not be written")?;
        write_whole(&csv, &String::from_utf8(bytes)?)?;
        Ok([page, csv])
    }

    fn row<'a>(&self, learner: &'a str, outcome: &Outcome) -> Row<'a> {
        let failing = outcome.tests.iter().find(|test| test.failure.is_some());
        Row {
            learner,
            exercise: outcome.exercise,
            points: outcome.earned(),
            possible: outcome.possible(),
            passed: outcome.passed(),
            tests_passing: outcome.passing(),
            tests: outcome.tests.len(),
            first_failing: failing.map(|test| test.title()).unwrap_or_default(),
            seconds: outcome.seconds,
            source: self.source,
        }
    }
}

fn source(graded: bool) -> &'static str {
    if graded {
        "graded here"
    } else {
        "as the learners' own programs report"
    }
}

fn outcome(
    submission: &Submission,
    exercise: &Exercise,
    ledger: &Ledger,
    graded: bool,
) -> Option<Outcome> {
    if graded {
        submission.exercise(exercise.number)?;
        let entry = ledger.read(&submission.learner, exercise.number)?;
        Some(entry.outcome)
    } else {
        submission.reported(exercise.number)
    }
}

fn column<'a>(exercise: &Exercise, outcomes: impl Iterator<Item = &'a Outcome>) -> Column {
    let (mut seconds, mut passed) = (Vec::new(), 0);
    for outcome in outcomes {
        seconds.push(outcome.seconds);
        passed += usize::from(outcome.passed());
    }
    seconds.sort_by(f64::total_cmp);
    Column {
        number: exercise.number,
        title: exercise.title.clone(),
        points: number(exercise.points),
        handed_in: seconds.len(),
        passed,
        seconds: match (seconds.get(seconds.len() / 2), seconds.last()) {
            (Some(median), Some(longest)) => {
                format!("graded in {median:.1} s (median), {longest:.1} s (longest)")
            }
            _ => "none graded".to_owned(),
        },
    }
}

fn learner(submission: &Submission, row: &[Option<Outcome>]) -> Learner {
    let cells = (row.iter())
        .map(|outcome| match outcome {
            None => Cell {
                class: "none",
                text: String::new(),
                title: "not handed in".to_owned(),
            },
            Some(outcome) => Cell {
                class: if outcome.passed() { "passed" } else { "begun" },
                text: number(outcome.earned()),
                title: format!(
                    "{} of {} tests pass",
                    outcome.passing(),
                    outcome.tests.len()
                ),
            },
        })
        .collect();
    let points = row.iter().flatten().map(Outcome::earned).sum();
    Learner {
        name: submission.learner.clone(),
        points,
        total: number(points),
        cells,
    }
}

fn hardest<'a>(outcomes: impl Iterator<Item = &'a Outcome>) -> Vec<Hardest> {
    let mut tests: BTreeMap<(u32, &str), Hardest> = BTreeMap::new();
    for outcome in outcomes {
        for test in &outcome.tests {
            let each = (tests.entry((outcome.exercise, &test.name))).or_insert_with(|| Hardest {
                exercise: outcome.exercise,
                test: test.title(),
                idea: test.idea.clone(),
                failed: 0,
                of: 0,
            });
            each.of += 1;
            each.failed += usize::from(test.failure.is_some());
        }
    }
    let mut found: Vec<Hardest> = tests.into_values().filter(|each| each.failed > 0).collect();
    found.sort_by_key(|each| std::cmp::Reverse(each.failed));
    found.truncate(MOST);
    found
}
