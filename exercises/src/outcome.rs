//! What came of grading: plain data, as the judge reports it and as it is kept.

use serde::{Deserialize, Serialize};

/// A line of a learner's file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The file, from the exercise's folder.
    pub file: String,
    /// From 1; 0 if unknown.
    pub line: u32,
    /// What stands there.
    #[serde(default)]
    pub code: Option<String>,
}

/// A fatal signal, and what AddressSanitizer said about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Crash {
    /// SIGSEGV and the like.
    pub signal: String,
    /// What was wrong, in the sanitizer's words: heap-buffer-overflow.
    #[serde(default)]
    pub sanitizer: Option<String>,
}

/// A wrong answer ("fail"), or none at all ("error").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// There was an answer, and it is wrong.
    Fail,
    /// There was no answer.
    Error,
}

/// Why a build or a test failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// Wrong answer or none.
    pub kind: Kind,
    /// What happened.
    pub message: String,
    /// What should have come.
    pub expected: Option<String>,
    /// What came.
    pub got: Option<String>,
    /// A compiler's or a panic's own words.
    pub details: String,
    /// Lines of the learner's that took part; the last is where it happened.
    #[serde(rename = "where")]
    pub lines: Vec<Line>,
    /// A crash of native code.
    pub crash: Option<Crash>,
    /// The build that failed, so that the test could not run.
    pub blocked_by: Option<String>,
}

/// A build.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Build {
    /// Its name.
    pub name: String,
    /// How long it took.
    pub seconds: f64,
    /// What it printed.
    pub output: String,
    /// Why it failed.
    pub failure: Option<Failure>,
}

/// A test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Test {
    /// Its name.
    pub name: String,
    /// The idea behind it.
    pub idea: String,
    /// What it is worth.
    pub points: f64,
    /// Not in the learner's tree; only its idea is shown.
    pub hidden: bool,
    /// How long it took.
    pub seconds: f64,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// What the learner's code printed.
    pub output: String,
    /// The test's own code.
    pub code: String,
}

impl Build {
    /// The name as words.
    pub fn title(&self) -> String {
        self.name.replace('_', " ")
    }
}

impl Test {
    /// The points that count.
    pub fn earned(&self) -> f64 {
        if self.failure.is_none() {
            self.points
        } else {
            0.0
        }
    }

    /// Its own failure: not that of a build it waits for.
    pub fn problem(&self) -> Option<&Failure> {
        self.failure
            .as_ref()
            .filter(|failure| failure.blocked_by.is_none())
    }

    /// The name as words.
    pub fn title(&self) -> String {
        self.name.replace('_', " ")
    }
}

/// One grading of one exercise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The exercise's number.
    pub exercise: u32,
    /// How long all of it took.
    pub seconds: f64,
    /// The walls it ran behind, in words.
    pub isolation: String,
    /// Files that were not graded, and why.
    pub left_out: Vec<String>,
    /// The builds.
    pub builds: Vec<Build>,
    /// The tests.
    pub tests: Vec<Test>,
}

impl Outcome {
    /// Points that were reached.
    pub fn earned(&self) -> f64 {
        self.tests.iter().map(Test::earned).sum()
    }

    /// Points that can be reached.
    pub fn possible(&self) -> f64 {
        self.tests.iter().map(|test| test.points).sum()
    }

    /// Every test passes.
    pub fn passed(&self) -> bool {
        !self.tests.is_empty() && self.tests.iter().all(|test| test.failure.is_none())
    }

    /// How many tests pass.
    pub fn passing(&self) -> usize {
        self.tests
            .iter()
            .filter(|test| test.failure.is_none())
            .count()
    }
}
