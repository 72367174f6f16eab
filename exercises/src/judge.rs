//! Grades one folder: starts the judge, and listens to what it reports.
//!
//! The judge is Python that we wrote. It never runs a learner's code itself, so what
//! arrives here is its word alone.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::json;

use crate::outcome::{Build, Outcome, Test};
use crate::place::Place;
use crate::sandbox::isolation::Isolation;

/// What there is to grade, and how.
#[derive(Debug, Clone)]
pub struct Job {
    /// The exercise.
    pub exercise: u32,
    /// The folder with a learner's files.
    pub submission: PathBuf,
    /// The tests that the learner has.
    pub tests: PathBuf,
    /// Those that the learner has not.
    pub hidden_tests: Option<PathBuf>,
    /// The walls.
    pub isolation: Isolation,
}

impl Job {
    /// Grade the folder `submission` as this exercise of this checkout.
    pub fn new(place: &Place, exercise: u32, submission: &Path, isolation: Isolation) -> Self {
        Self {
            exercise,
            submission: submission.to_path_buf(),
            tests: place.starter(exercise).join("tests.py"),
            hidden_tests: place.hidden_tests(exercise),
            isolation,
        }
    }
}

/// A line of the judge.
#[derive(Debug, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Event {
    Copied { left_out: Vec<String> },
    Build(Build),
    Begin { name: String },
    Test(Test),
    Done,
}

/// What is going on, for who watches.
#[derive(Debug)]
pub enum Progress<'a> {
    /// A build ended.
    Built(&'a Build),
    /// A test ended.
    Tested(&'a Test),
}

/// Grade, and call `progress` for each thing done.
pub fn grade(place: &Place, job: &Job, mut progress: impl FnMut(Progress<'_>)) -> Result<Outcome> {
    let started = Instant::now();
    let mut outcome = Outcome {
        exercise: job.exercise,
        seconds: 0.0,
        isolation: job.isolation.describe().to_owned(),
        left_out: Vec::new(),
        builds: Vec::new(),
        tests: Vec::new(),
    };
    listen(place, job, &mut outcome, &mut progress)?;
    outcome.seconds = started.elapsed().as_secs_f64();
    Ok(outcome)
}

fn listen(
    place: &Place,
    job: &Job,
    outcome: &mut Outcome,
    progress: &mut impl FnMut(Progress<'_>),
) -> Result<()> {
    let specification = json!({
        "workbook": std::env::current_exe()?,
        "checkout": place.root(),
        "isolation": job.isolation,
        "submission": job.submission,
        "tests": job.tests,
        "hidden_tests": job.hidden_tests,
        "jobs": std::thread::available_parallelism().map_or(1, |n| n.get().min(4)),
    });
    let mut judge = Command::new(place.python()?)
        .args(["-P", "-s", "-m", "judge"])
        .env("PYTHONPATH", place.exercises())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start the judge")?;
    let (stdin, stdout, stderr) = (judge.stdin.take(), judge.stdout.take(), judge.stderr.take());
    serde_json::to_writer(stdin.context("no stdin")?, &specification)?;
    let mut stderr = stderr.context("no stderr")?;
    let said = std::thread::spawn(move || {
        let mut text = String::new();
        let _ = stderr.read_to_string(&mut text);
        text
    });
    let mut done = false;
    let mut open = HashSet::new();
    for line in BufReader::new(stdout.context("no stdout")?).lines() {
        let line = line?;
        let event = serde_json::from_str(&line).with_context(|| format!("the judge: {line}"))?;
        match event {
            Event::Copied { left_out } => outcome.left_out = left_out,
            Event::Build(build) => {
                progress(Progress::Built(&build));
                outcome.builds.push(build);
            }
            Event::Begin { name } => {
                open.insert(name);
            }
            Event::Test(test) => {
                open.remove(&test.name);
                progress(Progress::Tested(&test));
                outcome.tests.push(test);
            }
            Event::Done => done = true,
        }
    }
    let status = judge.wait()?;
    let said = said.join().unwrap_or_default();
    if !done || !status.success() {
        bail!("the judge stopped ({status}): {}", said.trim());
    }
    Ok(())
}
