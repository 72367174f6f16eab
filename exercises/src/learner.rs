//! The commands of a learner: list, run, hint, reset, solution.

use std::fs;
use std::path::Path;

use anstream::{print, println};
use anyhow::{Context, Result, bail, ensure};

use crate::judge::{self, Cancel, Job};
use crate::outcome::Outcome;
use crate::place::Place;
use crate::progress::Progress;
use crate::registry::{Exercise, Registry};
use crate::sandbox::isolation::Isolation;
use crate::{show, starter};

/// A line for each exercise.
pub fn list(place: &Place, registry: &Registry) -> Result<bool> {
    let progress = Progress::read(place)?;
    for exercise in registry.all() {
        let record = progress.of(exercise.number);
        let mark = match record {
            _ if record.passed => "✓",
            _ if record.runs > 0 => "…",
            _ => " ",
        };
        let points = format!(
            "{}/{}",
            show::number(record.best),
            show::number(exercise.points)
        );
        let Exercise {
            number,
            title,
            minutes,
            language,
            ..
        } = exercise;
        println!(
            "{mark} {number:>2}  {title:<50} {language:<7} {minutes:>3} min  {points:>7} points"
        );
    }
    Ok(true)
}

/// Grade exercises and show what came out. True if all pass.
pub fn run(
    place: &Place,
    registry: &Registry,
    numbers: &[u32],
    isolation: Isolation,
) -> Result<bool> {
    let mut all = true;
    if isolation != Isolation::Bubblewrap {
        println!("note: walls around your code: {}", isolation.describe());
    }
    for exercise in registry.chosen(numbers)? {
        print!("{}", show::heading(exercise));
        if !starter::is_original(place, exercise.number, "tests.py") {
            println!(
                "note: tests.py is not as it was given; your instructor grades with the original"
            );
        }
        let outcome =
            grade(
                place,
                exercise,
                isolation,
                &Cancel::default(),
                |progress| match progress {
                    judge::Progress::Built(build) => print!("{}", show::build(build)),
                    judge::Progress::Tested(test) => print!("{}", show::test(test)),
                },
            )?;
        println!("{}", show::summary(exercise, &outcome));
        all &= outcome.passed();
    }
    Ok(all)
}

/// Grade one exercise of this learner and take note of it.
pub fn grade(
    place: &Place,
    exercise: &Exercise,
    isolation: Isolation,
    cancel: &Cancel,
    progress: impl FnMut(judge::Progress<'_>),
) -> Result<Outcome> {
    let number = exercise.number;
    let job = Job::new(place, number, &place.starter(number), isolation);
    let outcome = judge::grade_until(cancel, place, &job, progress)?;
    Progress::read(place)?.add(place, &outcome)?;
    Ok(outcome)
}

/// Show one hint more than last time.
pub fn hint(place: &Place, registry: &Registry, number: u32) -> Result<bool> {
    let exercise = registry.get(number)?;
    for line in next_hint(place, exercise)? {
        println!("{line}");
    }
    Ok(true)
}

/// The hints that are open now, of which the last is new.
pub fn next_hint(place: &Place, exercise: &Exercise) -> Result<Vec<String>> {
    let mut progress = Progress::read(place)?;
    let record = progress.exercises.entry(exercise.number).or_default();
    record.hints = (record.hints + 1).min(exercise.hints.len());
    let open = record.hints;
    progress.write(place)?;
    let count = exercise.hints.len();
    let mut lines: Vec<String> = exercise.hints[..open]
        .iter()
        .enumerate()
        .map(|(index, hint)| format!("Hint {} of {count}: {}", index + 1, hint.trim()))
        .collect();
    if open == count {
        lines.push(format!(
            "These are all hints. The lesson: {}",
            exercise.lesson
        ));
    }
    Ok(lines)
}

/// Put the starter back, and keep what it replaces.
pub fn reset(place: &Place, registry: &Registry, number: u32) -> Result<bool> {
    let exercise = registry.get(number)?;
    let kept = starter::reset(place, exercise)?;
    match kept {
        Some(kept) => println!(
            "exercise {number} is as it was at the start; your files are kept in {}",
            kept.strip_prefix(place.root()).unwrap_or(&kept).display()
        ),
        None => println!("exercise {number} is as it was at the start already"),
    }
    Ok(true)
}

/// Print the solution's files, if the learner may see them.
pub fn solution(place: &Place, registry: &Registry, number: u32, anyway: bool) -> Result<bool> {
    registry.get(number)?;
    let passed = Progress::read(place)?.of(number).passed;
    if !passed && !anyway {
        bail!(
            "exercise {number} is not passed yet: `workbook hint {number}` helps, and \
             `workbook solution {number} --anyway` shows the solution all the same"
        );
    }
    let folder = place.solution(number);
    ensure!(
        folder.is_dir(),
        "the solutions are not in this tree: ask who gave it to you"
    );
    show_folder(&folder, &folder)?;
    Ok(true)
}

fn show_folder(top: &Path, folder: &Path) -> Result<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::path);
    for path in entries.iter().map(fs::DirEntry::path) {
        if path.is_dir() {
            show_folder(top, &path)?;
        } else {
            let text =
                fs::read_to_string(&path).with_context(|| format!("cannot read {path:?}"))?;
            println!("──── {}\n{text}", path.strip_prefix(top)?.display());
        }
    }
    Ok(())
}
