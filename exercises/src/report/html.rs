//! A page to look at: one file, light and dark.

use anyhow::Result;
use askama::Template;

use super::Graded;
use crate::outcome::{Kind, Outcome, Test};
use crate::registry::Exercise;
use crate::show;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    earned: String,
    possible: String,
    percent: u32,
    passed: usize,
    exercises: Vec<Card<'a>>,
    isolation: Option<&'a str>,
}

/// One exercise on the page.
struct Card<'a> {
    exercise: &'a Exercise,
    outcome: Option<&'a Outcome>,
    earned: String,
    possible: String,
    state: &'static str,
}

impl Card<'_> {
    fn tests(&self) -> &[Test] {
        self.outcome.map_or(&[], |outcome| &outcome.tests)
    }

    fn broken_builds(&self) -> Vec<&crate::outcome::Build> {
        let builds = self.outcome.map_or(&[][..], |outcome| &outcome.builds);
        builds
            .iter()
            .filter(|build| build.failure.is_some())
            .collect()
    }
}

/// The page about all exercises.
pub fn page(graded: &[Graded<'_>]) -> Result<String> {
    let exercises: Vec<Card<'_>> = graded
        .iter()
        .map(|(exercise, outcome)| card(exercise, outcome.as_ref()))
        .collect();
    let earned: f64 = graded
        .iter()
        .filter_map(|(_, o)| o.as_ref())
        .map(Outcome::earned)
        .sum();
    let possible: f64 = graded.iter().map(|(exercise, _)| exercise.points).sum();
    let page = Page {
        earned: show::number(earned),
        possible: show::number(possible),
        percent: percent(earned, possible),
        passed: exercises
            .iter()
            .filter(|card| card.state == "passed")
            .count(),
        isolation: graded
            .iter()
            .find_map(|(_, o)| o.as_ref())
            .map(|o| o.isolation.as_str()),
        exercises,
    };
    Ok(page.render()?)
}

fn card<'a>(exercise: &'a Exercise, outcome: Option<&'a Outcome>) -> Card<'a> {
    Card {
        exercise,
        outcome,
        earned: show::number(outcome.map_or(0.0, Outcome::earned)),
        possible: show::number(exercise.points),
        state: match outcome {
            None => "untouched",
            Some(outcome) if outcome.passed() => "passed",
            Some(_) => "begun",
        },
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "0 to 100"
)]
fn percent(earned: f64, possible: f64) -> u32 {
    (100.0 * earned / possible.max(f64::MIN_POSITIVE))
        .clamp(0.0, 100.0)
        .round() as u32
}

/// Filters and helpers of the template.
fn mark(test: &Test) -> (&'static str, &'static str) {
    match test.failure.as_ref() {
        None => ("✓", "pass"),
        Some(failure) if failure.blocked_by.is_some() => ("·", "blocked"),
        Some(failure) if failure.kind == Kind::Error => ("!", "error"),
        Some(_) => ("✗", "fail"),
    }
}
