//! Where things are in the checkout.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The checkout, and every path in it that the workbook uses.
#[derive(Debug, Clone)]
pub struct Place {
    root: PathBuf,
}

impl Place {
    /// Look upwards from `start` for the folder with `exercises/exercises.toml`.
    pub fn find(start: &Path) -> Result<Self> {
        let start = start
            .canonicalize()
            .with_context(|| format!("no folder {start:?}"))?;
        for root in start.ancestors() {
            if root.join("exercises/exercises.toml").is_file() {
                return Ok(Self {
                    root: root.to_path_buf(),
                });
            }
        }
        bail!(
            "{} is not in a checkout: no exercises/exercises.toml above it",
            start.display()
        )
    }

    /// The top folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of all exercises.
    pub fn exercises(&self) -> PathBuf {
        self.root.join("exercises")
    }

    /// The registry.
    pub fn registry(&self) -> PathBuf {
        self.exercises().join("exercises.toml")
    }

    /// What the learner edits.
    pub fn starter(&self, number: u32) -> PathBuf {
        self.exercises().join(format!("exercise{number}"))
    }

    /// Copies of the starters in a learner's tree; a checkout has git instead.
    pub fn pristine(&self, number: u32) -> PathBuf {
        self.exercises().join(format!(".starters/exercise{number}"))
    }

    /// The solution's files.
    pub fn solution(&self, number: u32) -> PathBuf {
        self.root.join(format!("solutions/exercise{number}"))
    }

    /// The tests that learners do not have. Absent in a learner's tree.
    pub fn hidden_tests(&self, number: u32) -> Option<PathBuf> {
        let path = self
            .exercises()
            .join(format!("hidden/exercise{number}/tests.py"));
        path.is_file().then_some(path)
    }

    /// The wrong answers: a folder each.
    pub fn wrong_answers(&self, number: u32) -> PathBuf {
        self.exercises().join(format!("wrong/exercise{number}"))
    }

    /// What this learner did: not in version control.
    pub fn state(&self) -> PathBuf {
        self.exercises().join(".workbook")
    }

    /// The interpreter of the environment that `make build` made.
    pub fn python(&self) -> Result<PathBuf> {
        let path = self.root.join(".venv/bin/python");
        if !path.is_file() {
            bail!("{} is missing: run `make build`", path.display());
        }
        Ok(path)
    }
}
