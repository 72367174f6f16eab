//! Grades one folder: starts the judge, and listens to what it reports.
//!
//! The judge is Python that we wrote. It never runs a learner's code itself, so what
//! arrives here is its word alone.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, geteuid, kill_process};
use serde::Deserialize;
use serde_json::json;

use crate::outcome::{Build, Failure, Kind, Outcome, Test};
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
    Begin(Begun),
    Test(Test),
    Done,
}

/// A test that is being run.
#[derive(Debug, Clone, Deserialize)]
struct Begun {
    name: String,
    idea: String,
    points: f64,
    hidden: bool,
}

impl Begun {
    /// Its result, when the judge did not live to give one.
    fn stopped(self, said: &str) -> Test {
        Test {
            name: self.name,
            idea: self.idea,
            points: self.points,
            hidden: self.hidden,
            seconds: 0.0,
            failure: Some(Failure {
                kind: Kind::Error,
                message: format!("the judge stopped while it ran this test ({said})"),
                expected: None,
                got: None,
                details: String::new(),
                lines: Vec::new(),
                crash: None,
                blocked_by: None,
            }),
            output: String::new(),
            code: String::new(),
        }
    }
}

/// What is going on, for who watches.
#[derive(Debug)]
pub enum Progress<'a> {
    /// A build ended.
    Built(&'a Build),
    /// A test ended.
    Tested(&'a Test),
}

/// Ends a grading from another thread.
#[derive(Debug, Default)]
pub struct Cancel(Mutex<Running>);

#[derive(Debug, Default)]
struct Running {
    cancelled: bool,
    judge: Option<Pid>,
}

impl Cancel {
    /// End it now, with everything that runs for it.
    pub fn now(&self) {
        let mut running = self.lock();
        running.cancelled = true;
        if let Some(judge) = running.judge {
            // The judge ends its sandboxes and takes its folder away.
            let _ = kill_process(judge, Signal::TERM);
        }
    }

    fn cancelled(&self) -> bool {
        self.lock().cancelled
    }

    fn began(&self, judge: &Child) {
        self.lock().judge = i32::try_from(judge.id()).ok().and_then(Pid::from_raw);
    }

    fn ended(&self) {
        self.lock().judge = None;
    }

    fn lock(&self) -> MutexGuard<'_, Running> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Grade, and call `progress` for each thing done.
pub fn grade(place: &Place, job: &Job, progress: impl FnMut(Progress<'_>)) -> Result<Outcome> {
    grade_until(&Cancel::default(), place, job, progress)
}

/// The same, until another thread ends it.
pub fn grade_until(
    cancel: &Cancel,
    place: &Place,
    job: &Job,
    mut progress: impl FnMut(Progress<'_>),
) -> Result<Outcome> {
    let started = Instant::now();
    let mut outcome = Outcome {
        exercise: job.exercise,
        seconds: 0.0,
        isolation: job.isolation.describe().to_owned(),
        left_out: Vec::new(),
        builds: Vec::new(),
        tests: Vec::new(),
    };
    let mut jobs = match job.isolation {
        // Without a namespace or a user of their own, all tests share the number of
        // processes that the kernel allows: a bomb in one would starve the others.
        Isolation::Landlock | Isolation::None if !geteuid().is_root() => 1,
        _ => std::thread::available_parallelism().map_or(1, |n| n.get().min(4)),
    };
    // Should the judge itself stop, which no submission is known to reach, the rest is
    // graded all the same: one test at a time, so that the one that did it is known.
    loop {
        ensure!(!cancel.cancelled(), "cancelled");
        let stopped = listen(place, job, jobs, cancel, &mut outcome, &mut progress)?;
        ensure!(!cancel.cancelled(), "cancelled");
        let Some(Stopped { said, open }) = stopped else {
            break;
        };
        match open.as_slice() {
            [] => bail!("the judge stopped: {said}"),
            [test] => {
                let test = test.clone().stopped(&said);
                progress(Progress::Tested(&test));
                outcome.tests.push(test);
            }
            _ => {}
        }
        jobs = 1;
    }
    outcome.seconds = started.elapsed().as_secs_f64();
    Ok(outcome)
}

/// The judge ended before its work was done.
#[derive(Debug)]
struct Stopped {
    said: String,
    open: Vec<Begun>,
}

fn listen(
    place: &Place,
    job: &Job,
    jobs: usize,
    cancel: &Cancel,
    outcome: &mut Outcome,
    progress: &mut impl FnMut(Progress<'_>),
) -> Result<Option<Stopped>> {
    let skip: Vec<&str> = outcome
        .tests
        .iter()
        .map(|test| test.name.as_str())
        .collect();
    // Ours, so that it goes away however the judge ends.
    let scratch = tempfile::Builder::new().prefix("workbook-").tempdir()?;
    let specification = json!({
        "scratch": scratch.path(),
        "workbook": std::env::current_exe()?,
        "checkout": place.root(),
        "isolation": job.isolation,
        "submission": job.submission,
        "tests": job.tests,
        "hidden_tests": job.hidden_tests,
        "skip": skip,
        "jobs": jobs,
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
    cancel.began(&judge);
    let (stdin, stdout, stderr) = (judge.stdin.take(), judge.stdout.take(), judge.stderr.take());
    serde_json::to_writer(stdin.context("no stdin")?, &specification)?;
    let mut stderr = stderr.context("no stderr")?;
    let said = std::thread::spawn(move || {
        let mut text = String::new();
        let _ = stderr.read_to_string(&mut text);
        text
    });
    outcome.builds.clear();
    let mut done = false;
    let mut open: Vec<Begun> = Vec::new();
    for line in BufReader::new(stdout.context("no stdout")?).lines() {
        match serde_json::from_str(&line?) {
            Ok(Event::Copied { left_out }) => outcome.left_out = left_out,
            Ok(Event::Build(build)) => {
                progress(Progress::Built(&build));
                outcome.builds.push(build);
            }
            Ok(Event::Begin(begun)) => open.push(begun),
            Ok(Event::Test(test)) => {
                open.retain(|begun| begun.name != test.name);
                progress(Progress::Tested(&test));
                outcome.tests.push(test);
            }
            Ok(Event::Done) => done = true,
            Err(error) => {
                // A line that is not ours ends this judge.
                judge.kill()?;
                cancel.ended();
                judge.wait()?;
                let said = format!("it said what is no event: {error}");
                return Ok(Some(Stopped { said, open }));
            }
        }
    }
    // Its number may be another's as soon as we have waited for it.
    cancel.ended();
    let status = judge.wait()?;
    let said = said.join().unwrap_or_default();
    if done && status.success() {
        return Ok(None);
    }
    let last = said.trim().lines().last().unwrap_or_default();
    Ok(Some(Stopped {
        said: format!("{status}: {last}"),
        open,
    }))
}
