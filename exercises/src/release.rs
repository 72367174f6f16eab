//! The learner's tree: what is in version control, without what gives answers away.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anstream::println;
use anyhow::{Context, Result, ensure};

use crate::place::Place;
use crate::registry::Registry;

/// Folders that a learner does not get. `exercises/tests` and `exercises/assignments`
/// are the instructor's tools, and name the answers.
const KEPT_BACK: [&str; 6] = [
    "solutions",
    "exercises/hidden",
    "exercises/wrong",
    "exercises/tests",
    "exercises/assignments",
    ".ci",
];

/// In every tree that we made; a folder without it is never removed.
const MARK: &str = ".learners-tree";

/// Make the tree in `folder`. What an earlier call made there is replaced.
pub fn main(place: &Place, registry: &Registry, folder: &Path) -> Result<bool> {
    ensure!(
        place.root().join(".git").exists(),
        "{} is not a git checkout: there is no telling which files belong to it",
        place.root().display()
    );
    if folder.exists() {
        ensure!(
            folder.join(MARK).is_file(),
            "{} is there already and is no learner's tree: name another folder",
            folder.display()
        );
        fs::remove_dir_all(folder)?;
    }
    let files = tracked(place)?;
    let given: Vec<&PathBuf> = files.iter().filter(|path| !kept_back(path)).collect();
    for path in &given {
        copy(&place.root().join(path), &folder.join(path))?;
    }
    // `workbook reset` has no git to ask there.
    for exercise in registry.all() {
        let number = exercise.number;
        for name in exercise.edit.iter().map(String::as_str).chain(["tests.py"]) {
            let to = folder.join(format!("exercises/.starters/exercise{number}/{name}"));
            copy(&place.starter(number).join(name), &to)?;
        }
    }
    fs::write(folder.join(MARK), "Made by `workbook release`.\n")?;
    println!(
        "{}: {} files; {} are kept back",
        folder.display(),
        given.len(),
        files.len() - given.len()
    );
    Ok(true)
}

fn tracked(place: &Place) -> Result<Vec<PathBuf>> {
    let listed = Command::new("git")
        .arg("-C")
        .arg(place.root())
        .args(["ls-files", "-z"])
        .output()
        .context("cannot run git")?;
    ensure!(
        listed.status.success(),
        "git ls-files: {}",
        String::from_utf8_lossy(&listed.stderr).trim()
    );
    let names = String::from_utf8(listed.stdout).context("a file name is not UTF-8")?;
    let paths = names.split_terminator('\0').map(PathBuf::from);
    // A file may be removed and not yet committed.
    Ok(paths
        .filter(|path| place.root().join(path).exists())
        .collect())
}

fn kept_back(path: &Path) -> bool {
    KEPT_BACK.iter().any(|folder| path.starts_with(folder))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let folder = to.parent().context("a file is in a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::kept_back;

    #[test]
    fn answers_are_kept_back_and_starters_are_not() {
        for path in [
            "solutions/exercise1/fib.py",
            "exercises/hidden/exercise1/tests.py",
        ] {
            assert!(kept_back(Path::new(path)), "{path}");
        }
        for path in [
            "exercises/exercise1/fib.py",
            "exercises/hidden.md",
            "README.md",
        ] {
            assert!(!kept_back(Path::new(path)), "{path}");
        }
    }
}
