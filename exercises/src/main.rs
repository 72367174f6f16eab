//! `workbook`: runs, grades and explains the exercises.

mod collect;
mod judge;
mod learner;
mod outcome;
mod place;
mod progress;
mod registry;
mod release;
mod report;
mod sandbox;
mod show;
mod starter;
mod verify;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::judge::Job;
use crate::place::Place;
use crate::registry::Registry;
use crate::sandbox::isolation::Isolation;

/// Run the exercises of the FFI Workbook.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 90)]
struct Arguments {
    /// The checkout; found from the current folder if not given.
    #[arg(long, global = true)]
    root: Option<PathBuf>,
    /// Which walls to put around the code; the strongest that work if not given.
    #[arg(long, global = true, value_enum)]
    isolation: Option<Isolation>,
    #[command(subcommand)]
    command: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show all exercises and what is done.
    List,
    /// Grade exercises: all of them, or those of these numbers.
    Run {
        /// Numbers of exercises.
        numbers: Vec<u32>,
    },
    /// Grade on every save, in a view that fills the terminal.
    Watch {
        /// Number of the exercise; the first that is not passed if not given.
        number: Option<u32>,
        /// Look at the files twice a second instead of waiting for events.
        #[arg(long)]
        poll: bool,
    },
    /// Show the next hint.
    Hint {
        /// Number of the exercise.
        number: u32,
    },
    /// Put the starter back. What is there now is kept beside.
    Reset {
        /// Number of the exercise.
        number: u32,
    },
    /// Show the solution, once the exercise is passed.
    Solution {
        /// Number of the exercise.
        number: u32,
        /// Show it all the same.
        #[arg(long)]
        anyway: bool,
    },
    /// Say what stands around a learner's code on this machine.
    Walls,
    /// Make the learner's tree: no solutions, no hidden tests, no wrong answers.
    Release {
        /// The folder to make.
        folder: PathBuf,
    },
    /// Write the last results as JSON, `JUnit` XML and an HTML page.
    Report {
        /// The folder to write into; exercises/.workbook/report if not given.
        #[arg(long)]
        into: Option<PathBuf>,
    },
    /// Grade any folder as an exercise, and print the outcome as JSON.
    Grade {
        /// The folder with a learner's files.
        folder: PathBuf,
        /// Number of the exercise.
        #[arg(long)]
        exercise: u32,
        /// Other tests than those of the exercise.
        #[arg(long)]
        tests: Option<PathBuf>,
        /// Other hidden tests than those of the exercise.
        #[arg(long)]
        hidden: Option<PathBuf>,
    },
    /// Prove the exercises: starters fail as intended, solutions pass, wrong answers are caught.
    Verify {
        /// Numbers of exercises; all if none is given.
        numbers: Vec<u32>,
    },
    /// Make a board of many learners' work: who is where, and which tests most fail.
    Collect(collect::Options),
    /// The keeper of a sandbox; the judge calls it.
    #[command(hide = true)]
    Sandbox { specification: String },
    /// The first program in a sandbox.
    #[command(hide = true)]
    Enter { entry: String },
}

fn main() -> ExitCode {
    // Who closes the pipe that we write to has read enough: `workbook list | head`.
    std::panic::set_hook(Box::new({
        let usual = std::panic::take_hook();
        move |panic| {
            if panic
                .payload_as_str()
                .is_some_and(|said| said.contains("Broken pipe"))
            {
                std::process::exit(0);
            }
            usual(panic);
        }
    }));
    match run(Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Arguments) -> Result<bool> {
    match &arguments.command {
        Action::Sandbox { specification } => {
            sandbox::keeper::main(specification)?;
            return Ok(true);
        }
        Action::Enter { entry } => {
            sandbox::enter::main(entry)?;
            return Ok(true);
        }
        _ => {}
    }
    let start = arguments.root.map_or_else(std::env::current_dir, Ok)?;
    let place = Place::find(&start)?;
    let registry = Registry::read(&place)?;
    let isolation = || arguments.isolation.unwrap_or_else(Isolation::strongest);
    match arguments.command {
        Action::List => learner::list(&place, &registry),
        Action::Run { numbers } => learner::run(&place, &registry, &numbers, isolation()),
        Action::Watch { number, poll } => watch::main(&place, &registry, number, poll, isolation()),
        Action::Hint { number } => learner::hint(&place, &registry, number),
        Action::Reset { number } => learner::reset(&place, &registry, number),
        Action::Solution { number, anyway } => learner::solution(&place, &registry, number, anyway),
        Action::Walls => {
            println!("{}", isolation().describe());
            Ok(true)
        }
        Action::Release { folder } => release::main(&place, &registry, &folder),
        Action::Report { into } => report::main(&place, &registry, into),
        Action::Grade {
            folder,
            exercise,
            tests,
            hidden,
        } => {
            let mut job = Job::new(&place, exercise, &folder.canonicalize()?, isolation());
            if let Some(tests) = tests {
                job.tests = tests.canonicalize()?;
                job.hidden_tests = None;
            }
            if let Some(hidden) = hidden {
                job.hidden_tests = Some(hidden.canonicalize()?);
            }
            let outcome = judge::grade(&place, &job, |_| {})?;
            println!("{}", serde_json::to_string_pretty(&outcome)?);
            Ok(outcome.passed())
        }
        Action::Verify { numbers } => verify::main(&place, &registry, &numbers, isolation()),
        Action::Collect(options) => collect::main(&place, &registry, isolation(), &options),
        Action::Sandbox { .. } | Action::Enter { .. } => unreachable!("handled above"),
    }
}
