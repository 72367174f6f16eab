//! `exercises.toml`: which exercises there are.

use std::{fmt, fs};

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};

use crate::place::Place;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    exercise: Vec<Exercise>,
}

/// What a learner writes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Python, with declarations of C in it.
    Python,
    /// Rust, built by cargo.
    Rust,
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Python => "Python",
            Self::Rust => "Rust",
        })
    }
}

/// One exercise.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    /// Its number: the folder is `exercise{number}`.
    pub number: u32,
    /// A short name without spaces.
    pub name: String,
    /// A heading, with a verb.
    pub title: String,
    /// The lesson to read, as a path from the root.
    pub lesson: String,
    /// How long it takes.
    pub minutes: u32,
    /// What is written.
    pub language: Language,
    /// The sum of the tests' points, hidden ones included.
    pub points: f64,
    /// A mild hint, and a strong one.
    pub hints: [String; 2],
    /// The files the learner edits.
    pub edit: Vec<String>,
    /// How the starter fails.
    pub starter: Intended,
}

/// A failure that must come: in which test, and with which words.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intended {
    /// The name of the test.
    pub fails: String,
    /// A part of what the learner is told.
    pub says: String,
}

/// All exercises, in order of their numbers.
#[derive(Debug)]
pub struct Registry(Vec<Exercise>);

impl Registry {
    /// Read and check the file.
    pub fn read(place: &Place) -> Result<Self> {
        let path = place.registry();
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {path:?}"))?;
        Self::parse(&text).with_context(|| path.display().to_string())
    }

    fn parse(text: &str) -> Result<Self> {
        let file: File = toml::from_str(text)?;
        let exercises = file.exercise;
        for pair in exercises.windows(2) {
            ensure!(
                pair[0].number < pair[1].number,
                "exercise {} stands before exercise {}: numbers must rise",
                pair[0].number,
                pair[1].number
            );
        }
        for exercise in &exercises {
            let Exercise {
                number,
                minutes,
                points,
                edit,
                hints,
                ..
            } = exercise;
            ensure!(*minutes > 0, "exercise {number}: minutes must not be 0");
            ensure!(
                *points > 0.0,
                "exercise {number}: points must be above 0, not {points}"
            );
            ensure!(
                !edit.is_empty(),
                "exercise {number}: there must be a file to edit"
            );
            ensure!(
                hints.iter().all(|hint| !hint.trim().is_empty()),
                "exercise {number}: a hint is empty"
            );
        }
        Ok(Self(exercises))
    }

    /// All of them.
    pub fn all(&self) -> &[Exercise] {
        &self.0
    }

    /// Those of these numbers, or all if there is no number.
    pub fn chosen(&self, numbers: &[u32]) -> Result<Vec<&Exercise>> {
        if numbers.is_empty() {
            return Ok(self.0.iter().collect());
        }
        numbers.iter().map(|number| self.get(*number)).collect()
    }

    /// The exercise of this number.
    pub fn get(&self, number: u32) -> Result<&Exercise> {
        let Some(found) = self.0.iter().find(|exercise| exercise.number == number) else {
            let numbers: Vec<String> = self.0.iter().map(|e| e.number.to_string()).collect();
            bail!(
                "there is no exercise {number}; there are {}",
                numbers.join(", ")
            )
        };
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::Registry;

    const ONE: &str = r#"
[[exercise]]
number = 1
name = "fibonacci-api"
title = "Do it"
lesson = "lessons/x.md"
minutes = 10
language = "python"
points = 10
hints = ["mild", "strong"]
edit = ["fib.py"]
starter = { fails = "a", says = "b" }
"#;

    #[test]
    fn reads_an_exercise() {
        let registry = Registry::parse(ONE).unwrap();
        assert_eq!(registry.get(1).unwrap().name, "fibonacci-api");
        let error = registry.get(7).unwrap_err().to_string();
        assert_eq!(error, "there is no exercise 7; there are 1");
    }

    #[test]
    fn refuses_what_is_wrong_and_names_it() {
        for (from, to, says) in [
            ("minutes = 10", "minutes = 0", "minutes must not be 0"),
            ("points = 10", "points = -1", "above 0, not -1"),
            ("edit = [\"fib.py\"]", "edit = []", "a file to edit"),
            ("\"mild\"", "\" \"", "a hint is empty"),
            ("minutes", "minuets", "unknown field `minuets`"),
        ] {
            let error = format!("{:#}", Registry::parse(&ONE.replace(from, to)).unwrap_err());
            assert!(error.contains(says), "{error}");
        }
        let twice = format!("{ONE}{ONE}");
        let error = Registry::parse(&twice).unwrap_err().to_string();
        assert!(error.contains("numbers must rise"), "{error}");
    }
}
