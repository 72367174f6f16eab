//! Reports: JSON for tools, JUnit XML for CI, HTML for people.

mod exercism;
mod html;
mod junit;

use std::fs;
use std::path::{Path, PathBuf};

use anstream::println;
use anyhow::{Context, Result, ensure};

use crate::outcome::Outcome;
use crate::place::Place;
use crate::progress::last_outcome;
use crate::registry::{Exercise, Registry};

/// An exercise, and what came of it last time.
type Graded<'a> = (&'a Exercise, Option<Outcome>);

/// Write all reports about the last runs into a folder.
pub fn main(place: &Place, registry: &Registry, into: Option<PathBuf>) -> Result<bool> {
    let folder = into.unwrap_or_else(|| place.state().join("report"));
    let graded: Vec<Graded<'_>> = registry
        .all()
        .iter()
        .map(|e| (e, last_outcome(place, e.number)))
        .collect();
    ensure!(
        graded.iter().any(|(_, outcome)| outcome.is_some()),
        "nothing was graded yet: `workbook run` comes first"
    );
    for path in write(&graded, &folder)? {
        println!("{}", path.display());
    }
    Ok(true)
}

fn write(graded: &[Graded<'_>], folder: &Path) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut files = Vec::new();
    for (exercise, outcome) in graded {
        if let Some(outcome) = outcome {
            let name = format!("exercise{}.json", exercise.number);
            files.push((
                name,
                serde_json::to_string_pretty(&exercism::results(&exercise.name, outcome))?,
            ));
        }
    }
    files.push(("junit.xml".to_owned(), junit::xml(graded)?));
    files.push(("report.html".to_owned(), html::page(graded)?));
    files
        .into_iter()
        .map(|(name, text)| {
            let path = folder.join(name);
            crate::progress::write_whole(&path, &text)?;
            Ok(path)
        })
        .collect()
}

/// What a failing test says, in the order of the terminal.
fn told(test: &crate::outcome::Test) -> String {
    let Some(failure) = &test.failure else {
        return String::new();
    };
    let mut lines = vec![failure.message.clone()];
    if let Some(expected) = &failure.expected {
        lines.push(format!("expected: {expected}"));
    }
    if let Some(got) = &failure.got {
        lines.push(format!("got: {got}"));
    }
    if let Some(line) = failure.lines.last() {
        lines.push(format!("at: {}:{}", line.file, line.line));
    }
    if !failure.details.is_empty() {
        lines.push(failure.details.clone());
    }
    lines.push(format!("idea: {}", test.idea));
    lines.join("\n")
}
