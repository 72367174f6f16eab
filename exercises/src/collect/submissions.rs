//! Whose work there is, and where.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::outcome::Outcome;

/// The folder of one learner.
#[derive(Debug)]
pub struct Submission {
    /// The folder's name.
    pub learner: String,
    /// The folder with `exercise1/` and so on.
    exercises: PathBuf,
}

impl Submission {
    /// The learner's folder of an exercise, if it is there.
    pub fn exercise(&self, number: u32) -> Option<PathBuf> {
        let folder = self.exercises.join(format!("exercise{number}"));
        folder.is_dir().then_some(folder)
    }

    /// What the learner's own `workbook` wrote when it graded an exercise last.
    pub fn reported(&self, number: u32) -> Option<Outcome> {
        let path = self
            .exercises
            .join(format!(".workbook/outcome{number}.json"));
        serde_json::from_str(&fs::read_to_string(path).ok()?).ok()
    }
}

/// Find the learners: each of these folders is one's, or holds one's in each folder.
pub fn find(folders: &[PathBuf]) -> Result<Vec<Submission>> {
    let mut found = BTreeMap::new();
    for folder in folders {
        let folder = folder
            .canonicalize()
            .with_context(|| format!("no folder {}", folder.display()))?;
        if exercises_in(&folder).is_some() {
            add(&mut found, &folder)?;
            continue;
        }
        let before = found.len();
        let entries = fs::read_dir(&folder)
            .with_context(|| format!("{} cannot be listed", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                add(&mut found, &path)?;
            }
        }
        ensure!(
            found.len() > before,
            "{} holds no learner's folder: one with exercise1/ or exercises/exercise1/ and so on",
            folder.display()
        );
    }
    Ok(found.into_values().collect())
}

fn add(found: &mut BTreeMap<String, Submission>, folder: &Path) -> Result<()> {
    let Some(exercises) = exercises_in(folder) else {
        return Ok(()); // a folder of something else
    };
    let name = folder.file_name().context("a folder has a name")?;
    let learner = name
        .to_str()
        .with_context(|| format!("the name {name:?} is not text"))?
        .to_owned();
    if let Some(other) = found.get(&learner) {
        bail!(
            "two folders for the learner {learner}: {} and {}",
            other.exercises.display(),
            exercises.display()
        );
    }
    let submission = Submission {
        learner: learner.clone(),
        exercises,
    };
    found.insert(learner, submission);
    Ok(())
}

/// Where a learner's folder keeps the exercises, if it is one.
fn exercises_in(folder: &Path) -> Option<PathBuf> {
    let mut places = [folder.join("exercises"), folder.to_path_buf()].into_iter();
    places.find(|place| {
        let entries = fs::read_dir(place).into_iter().flatten().flatten();
        entries.into_iter().any(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name == ".workbook"
                || (name.strip_prefix("exercise"))
                    .is_some_and(|rest| rest.parse::<u32>().is_ok() && entry.path().is_dir())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(paths: &[&str]) -> tempfile::TempDir {
        let top = tempfile::tempdir().unwrap();
        for path in paths {
            fs::create_dir_all(top.path().join(path)).unwrap();
        }
        top
    }

    fn learners(folders: &[PathBuf]) -> Vec<String> {
        let found = find(folders).unwrap();
        found.into_iter().map(|each| each.learner).collect()
    }

    #[test]
    fn learners_are_found_in_either_layout() {
        let top = tree(&[
            "class/ada/exercises/exercise1",
            "class/ben/exercise2",
            "class/notes",
            "cleo/exercise1",
        ]);
        let folders = [top.path().join("class"), top.path().join("cleo")];
        assert_eq!(learners(&folders), ["ada", "ben", "cleo"]);
    }

    #[test]
    fn two_folders_of_one_learner_are_refused() {
        let top = tree(&["a/ada/exercise1", "b/ada/exercise1"]);
        let error = find(&[top.path().join("a"), top.path().join("b")]).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("two folders for the learner ada")
        );
    }

    #[test]
    fn a_folder_without_learners_is_an_error() {
        let top = tree(&["class/notes"]);
        let error = find(&[top.path().join("class")]).unwrap_err();
        assert!(error.to_string().contains("holds no learner's folder"));
    }
}
