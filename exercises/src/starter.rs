//! The starter as it was before the learner touched it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail, ensure};

use crate::place::Place;
use crate::progress::write_whole;
use crate::registry::Exercise;

/// Put the starter's files back. Returns where the replaced files are kept, if any were.
pub fn reset(place: &Place, exercise: &Exercise) -> Result<Option<PathBuf>> {
    let folder = place.starter(exercise.number);
    let pristine: Vec<(&String, String)> = exercise
        .edit
        .iter()
        .map(|name| Ok((name, original(place, exercise.number, name)?)))
        .collect::<Result<_>>()?;
    let changed: Vec<_> = pristine
        .iter()
        .filter(|(name, text)| fs::read_to_string(folder.join(name)).ok().as_ref() != Some(text))
        .collect();
    if changed.is_empty() {
        return Ok(None);
    }
    let kept = keep(place, exercise.number, &folder)?;
    for (name, text) in changed {
        write_whole(&folder.join(name), text)?;
    }
    Ok(Some(kept))
}

/// Copy the learner's folder aside.
fn keep(place: &Place, number: u32, folder: &Path) -> Result<PathBuf> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let base = place.state().join("kept");
    let kept = (0..)
        .map(|n| base.join(format!("exercise{number}-{}", seconds + n)))
        .find(|path| !path.exists())
        .context("no free name")?;
    copy_folder(folder, &kept)?;
    Ok(kept)
}

/// Copy regular files and folders; what is built is left out.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type()?;
        if kind.is_dir() && entry.file_name() != "__pycache__" && entry.file_name() != "target" {
            copy_folder(&path, &target)?;
        } else if kind.is_file() {
            fs::copy(&path, &target).with_context(|| format!("cannot copy {}", path.display()))?;
        }
    }
    Ok(())
}

/// Is this file of an exercise as it was given? Where that cannot be known, it is.
pub fn is_original(place: &Place, number: u32, name: &str) -> bool {
    let Ok(now) = fs::read_to_string(place.starter(number).join(name)) else {
        return false;
    };
    original(place, number, name).map_or(true, |then| then == now)
}

/// A learner's tree has a copy of the starters; a checkout has them in git.
fn original(place: &Place, number: u32, name: &str) -> Result<String> {
    let copy = place.pristine(number).join(name);
    if copy.is_file() {
        return Ok(fs::read_to_string(copy)?);
    }
    let path = format!("exercises/exercise{number}/{name}");
    let shown = Command::new("git")
        .arg("-C")
        .arg(place.root())
        .args(["show", &format!("HEAD:{path}")])
        .output()
        .context("cannot run git")?;
    if !shown.status.success() {
        bail!(
            "git has no {path}: {}",
            String::from_utf8_lossy(&shown.stderr).trim()
        );
    }
    let text = String::from_utf8(shown.stdout)?;
    ensure!(!text.is_empty(), "git has an empty {path}");
    Ok(text)
}
