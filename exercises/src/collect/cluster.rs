//! The same grading on a Dask cluster: a Python program of ours speaks to the
//! scheduler, takes tasks as lines of JSON, and gives each outcome back as a line.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use indicatif::ProgressBar;
use serde::Deserialize;
use serde_json::json;

use super::ledger::Ledger;
use super::{Failed, Task, step};
use crate::outcome::Outcome;
use crate::place::Place;

#[derive(Debug, Deserialize)]
struct Answer {
    task: usize,
    outcome: Option<Outcome>,
    error: Option<String>,
}

/// Grade the tasks on the cluster; write down each outcome as it comes.
pub fn grade<'a>(
    place: &Place,
    ledger: &Ledger,
    tasks: &[Task<'a>],
    scheduler: &str,
    bar: &ProgressBar,
) -> Result<Failed<'a>> {
    if tasks.is_empty() {
        return Ok(Vec::new());
    }
    let mut client = Command::new(place.python()?)
        .arg(place.exercises().join("cluster.py"))
        .arg(scheduler)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start the Dask client")?;
    let mut stdin = client.stdin.take().context("no stdin")?;
    for (number, task) in tasks.iter().enumerate() {
        let exercise = task.exercise.number;
        let folder = task.submission.exercise(exercise);
        let line = json!({
            "task": number,
            "program": std::env::current_exe()?,
            "checkout": place.root(),
            "exercise": exercise,
            "folder": folder.context("the folder is gone")?,
        });
        writeln!(stdin, "{line}").context("the Dask client ended early")?;
    }
    drop(stdin);
    let mut open: Vec<bool> = vec![true; tasks.len()];
    let mut failed = Vec::new();
    for line in BufReader::new(client.stdout.take().context("no stdout")?).lines() {
        let line = line?;
        let answer: Answer =
            serde_json::from_str(&line).with_context(|| format!("the Dask client: {line}"))?;
        let task = (tasks.get(answer.task)).with_context(|| format!("the Dask client: {line}"))?;
        if !std::mem::replace(&mut open[answer.task], false) {
            bail!("the Dask client answered task {} twice", answer.task);
        }
        match (answer.outcome, answer.error) {
            (Some(outcome), _) => ledger.write(task, &outcome)?,
            (None, error) => failed.push((task.clone(), error.unwrap_or_default())),
        }
        step(bar, &task.submission.learner);
    }
    let status = client.wait()?;
    let missing = open.iter().filter(|open| **open).count();
    if missing > 0 || !status.success() {
        bail!(
            "the Dask client ended ({status}) with {missing} of {} not graded; the same command \
             goes on from there",
            tasks.len()
        );
    }
    Ok(failed)
}
