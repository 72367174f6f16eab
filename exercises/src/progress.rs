//! What this learner has done so far, in a file that survives restarts.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::outcome::Outcome;
use crate::place::Place;

/// What is known of one exercise.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// The most points reached.
    pub best: f64,
    /// It passed once.
    pub passed: bool,
    /// How often it was run.
    pub runs: u32,
    /// How many hints were read.
    pub hints: usize,
}

/// All of it.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// By number of the exercise.
    pub exercises: BTreeMap<u32, Record>,
}

impl Progress {
    /// Read what there is. A file that is damaged is set aside, and said so.
    pub fn read(place: &Place) -> Result<Self> {
        let path = file(place);
        let Ok(text) = fs::read_to_string(&path) else {
            return Ok(Self::default());
        };
        match serde_json::from_str(&text) {
            Ok(progress) => Ok(progress),
            Err(error) => {
                let aside = path.with_extension("damaged.json");
                fs::rename(&path, &aside)?;
                eprintln!(
                    "note: {} is damaged ({error}); it is now {}, and progress starts anew",
                    path.display(),
                    aside.display()
                );
                Ok(Self::default())
            }
        }
    }

    /// Write it, in one piece.
    pub fn write(&self, place: &Place) -> Result<()> {
        write_whole(&file(place), &serde_json::to_string_pretty(self)?)
    }

    /// The record of an exercise.
    pub fn of(&self, exercise: u32) -> Record {
        self.exercises.get(&exercise).cloned().unwrap_or_default()
    }

    /// Take note of a grading, and keep its outcome for the report.
    pub fn add(&mut self, place: &Place, outcome: &Outcome) -> Result<()> {
        let record = self.exercises.entry(outcome.exercise).or_default();
        record.runs += 1;
        record.best = record.best.max(outcome.earned());
        record.passed |= outcome.passed();
        let path = outcome_file(place, outcome.exercise);
        write_whole(&path, &serde_json::to_string_pretty(outcome)?)?;
        self.write(place)
    }
}

/// The last outcome of an exercise.
pub fn last_outcome(place: &Place, exercise: u32) -> Option<Outcome> {
    let text = fs::read_to_string(outcome_file(place, exercise)).ok()?;
    serde_json::from_str(&text).ok()
}

fn file(place: &Place) -> PathBuf {
    place.state().join("progress.json")
}

fn outcome_file(place: &Place, exercise: u32) -> PathBuf {
    place.state().join(format!("outcome{exercise}.json"))
}

/// Write a file so that nobody ever sees half of it.
pub fn write_whole(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().context("a file is in a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {folder:?}"))?;
    let new = tempfile::NamedTempFile::new_in(folder)?;
    fs::write(new.path(), text)?;
    new.persist(path)
        .with_context(|| format!("cannot write {path:?}"))?;
    Ok(())
}
