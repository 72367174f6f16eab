//! What was graded: a file for each exercise of each learner, so that nothing is lost
//! and nothing is counted twice, whenever the grading ends.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::Task;
use crate::outcome::Outcome;
use crate::place::Place;
use crate::progress::write_whole;
use crate::registry::Exercise;

/// The folder of what was graded.
#[derive(Debug)]
pub struct Ledger(PathBuf);

/// One file of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Of the submission and of its tests: another digest is graded anew.
    digest: String,
    /// What came out.
    pub outcome: Outcome,
}

impl Ledger {
    /// The ledger of a board's folder.
    pub fn new(into: &Path) -> Self {
        Self(into.join("graded"))
    }

    fn path(&self, learner: &str, exercise: u32) -> PathBuf {
        self.0
            .join(learner)
            .join(format!("exercise{exercise}.json"))
    }

    /// What was graded last for an exercise of a learner.
    pub fn read(&self, learner: &str, exercise: u32) -> Option<Entry> {
        let text = fs::read_to_string(self.path(learner, exercise)).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Whether this very submission was graded with these very tests.
    pub fn has(&self, learner: &str, exercise: u32, digest: &str) -> bool {
        (self.read(learner, exercise)).is_some_and(|entry| entry.digest == digest)
    }

    /// Take down what came out, in one piece.
    pub fn write(&self, task: &Task<'_>, outcome: &Outcome) -> Result<()> {
        let entry = Entry {
            digest: task.digest.clone(),
            outcome: outcome.clone(),
        };
        let path = self.path(&task.submission.learner, task.exercise.number);
        write_whole(&path, &serde_json::to_string_pretty(&entry)?)
    }
}

/// A number that changes with any file of a submission, and with the tests.
pub fn digest(place: &Place, exercise: &Exercise, folder: &Path) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    hash_folder(folder, folder, &mut hasher)?;
    let number = exercise.number;
    let tests = Some(place.starter(number).join("tests.py"));
    for path in [tests, place.hidden_tests(number)].into_iter().flatten() {
        fs::read(&path)
            .with_context(|| format!("cannot read {}", path.display()))?
            .hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn hash_folder(top: &Path, folder: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        let kind = entry.file_type()?;
        path.strip_prefix(top)?.hash(hasher);
        if kind.is_dir() {
            hash_folder(top, &path, hasher)?;
        } else if kind.is_file() {
            fs::read(&path)
                .with_context(|| format!("cannot read {}", path.display()))?
                .hash(hasher);
        }
    }
    Ok(())
}
