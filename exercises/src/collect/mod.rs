//! Many learners' work: grade it, unattended and resumable, and make a board of it.

mod board;
mod cluster;
mod ledger;
mod submissions;

use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anstream::{print, println};
use anyhow::{Context, Result, ensure};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::judge::{self, Job};
use crate::outcome::Outcome;
use crate::place::Place;
use crate::registry::{Exercise, Registry};
use crate::sandbox::isolation::Isolation;
use board::Board;
use ledger::Ledger;
use submissions::Submission;

/// What `workbook collect` is told.
#[derive(Debug, Args)]
pub struct Options {
    /// Folders: a learner's each, or one folder with a learner's in each of its folders.
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    /// Grade what they wrote, here; without it, their own result files are read.
    #[arg(long)]
    grade: bool,
    /// Only these exercises.
    #[arg(long = "exercise")]
    exercises: Vec<u32>,
    /// Where the board goes, and what was graded: the same folder resumes.
    #[arg(long, default_value = "collected")]
    into: PathBuf,
    /// How many submissions to grade at once; as many as there are cores if not given.
    #[arg(long)]
    jobs: Option<NonZero<usize>>,
    /// Hand the grading to the Dask cluster with this scheduler (tcp://host:8786). All
    /// its workers must see the checkout and the folders at the same paths.
    #[arg(long, requires = "grade")]
    dask: Option<String>,
}

/// One exercise of one learner, to be graded.
#[derive(Debug, Clone)]
struct Task<'a> {
    submission: &'a Submission,
    exercise: &'a Exercise,
    digest: String,
}

/// Collect, and write the board. True if everything could be graded.
pub fn main(
    place: &Place,
    registry: &Registry,
    isolation: Isolation,
    options: &Options,
) -> Result<bool> {
    let exercises = registry.chosen(&options.exercises)?;
    let submissions = submissions::find(&options.folders)?;
    let ledger = Ledger::new(&options.into);
    let mut failed = Vec::new();
    if options.grade {
        let mut tasks = Vec::new();
        let mut graded = 0_u64;
        for submission in &submissions {
            for exercise in &exercises {
                let Some(folder) = submission.exercise(exercise.number) else {
                    continue;
                };
                let digest = ledger::digest(place, exercise, &folder)?;
                if ledger.has(&submission.learner, exercise.number, &digest) {
                    graded += 1;
                } else {
                    tasks.push(Task {
                        submission,
                        exercise,
                        digest,
                    });
                }
            }
        }
        if graded > 0 {
            println!("{graded} graded before and unchanged: they are not graded again");
        }
        let bar = bar(graded, tasks.len())?;
        failed = match &options.dask {
            Some(scheduler) => cluster::grade(place, &ledger, &tasks, scheduler, &bar)?,
            None => grade_here(place, &ledger, &tasks, isolation, options.jobs, &bar)?,
        };
        bar.finish_and_clear();
    }
    let (board, outcomes) = Board::new(&submissions, &exercises, &ledger, options.grade);
    print!("{}", board.text());
    for path in board.write(&options.into, &submissions, &outcomes)? {
        println!("{}", path.display());
    }
    for (task, error) in &failed {
        println!(
            "not graded: {}, exercise {}: {error}",
            task.submission.learner, task.exercise.number
        );
    }
    Ok(failed.is_empty())
}

/// Tasks that could not be graded, and why.
type Failed<'a> = Vec<(Task<'a>, String)>;

/// One more task is done. Where there is no terminal for the bar, a line now and then.
fn step(bar: &ProgressBar, learner: &str) {
    bar.set_message(learner.to_owned());
    bar.inc(1);
    let (done, all) = (bar.position(), bar.length().unwrap_or_default());
    if bar.is_hidden() && (done == all || done % 10 == 0) {
        println!("{done}/{all} graded");
    }
}

fn bar(graded: u64, tasks: usize) -> Result<ProgressBar> {
    let bar = ProgressBar::new(graded + tasks as u64).with_position(graded);
    bar.set_style(ProgressStyle::with_template(
        "{bar:40} {pos}/{len} graded, {elapsed} so far, {eta} to go  {msg}",
    )?);
    bar.reset_eta();
    Ok(bar)
}

/// Grade on this machine, several at once. What is done is written down at once, so
/// that an end at any time loses only what was under way.
fn grade_here<'a>(
    place: &Place,
    ledger: &Ledger,
    tasks: &[Task<'a>],
    isolation: Isolation,
    jobs: Option<NonZero<usize>>,
    bar: &ProgressBar,
) -> Result<Failed<'a>> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..jobs.map_or(cores, NonZero::get) {
            scope.spawn(|| {
                while let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let graded = grade_one(place, task, isolation)
                        .and_then(|outcome| ledger.write(task, &outcome));
                    if let Err(error) = graded {
                        let mut failed = failed.lock().unwrap_or_else(|e| e.into_inner());
                        failed.push((task.clone(), format!("{error:#}")));
                    }
                    step(bar, &task.submission.learner);
                }
            });
        }
    });
    Ok(failed.into_inner().unwrap_or_else(|e| e.into_inner()))
}

fn grade_one(place: &Place, task: &Task<'_>, isolation: Isolation) -> Result<Outcome> {
    let number = task.exercise.number;
    let folder = task.submission.exercise(number);
    let folder = folder.context("the folder is gone")?;
    let outcome = judge::grade(place, &Job::new(place, number, &folder, isolation), |_| {})?;
    ensure!(!outcome.tests.is_empty(), "no test was run");
    Ok(outcome)
}
