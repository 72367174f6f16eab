//! Proves the exercises themselves, for who writes and teaches them.

use std::fs;
use std::path::Path;

use anstream::println;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::judge::{self, Job};
use crate::outcome::{Failure, Outcome, Test};
use crate::place::Place;
use crate::registry::{Exercise, Intended, Registry};
use crate::sandbox::isolation::Isolation;
use crate::show;
use crate::starter::copy_folder;

/// `expect.toml` of a wrong answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrong {
    /// What the folder's files are laid over.
    base: Base,
    /// How it must fail.
    #[serde(flatten)]
    intended: Intended,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Base {
    Starter,
    Solution,
}

/// Verify exercises, a line for each claim. True if all hold.
pub fn main(
    place: &Place,
    registry: &Registry,
    numbers: &[u32],
    isolation: Isolation,
) -> Result<bool> {
    let mut problems = 0;
    for exercise in registry.chosen(numbers)? {
        print_heading(exercise);
        problems += verify(place, exercise, isolation)
            .with_context(|| format!("exercise {}", exercise.number))?;
    }
    match problems {
        0 => println!("all claims hold"),
        1 => println!("1 claim does not hold"),
        _ => println!("{problems} claims do not hold"),
    }
    Ok(problems == 0)
}

fn print_heading(exercise: &Exercise) {
    println!("exercise {}: {}", exercise.number, exercise.title);
}

fn verify(place: &Place, exercise: &Exercise, isolation: Isolation) -> Result<u32> {
    let number = exercise.number;
    let mut problems = 0;
    let mut claim = |name: &str, problem: Option<String>| match problem {
        None => println!("  ✓ {name}"),
        Some(problem) => {
            problems += 1;
            println!("  ✗ {name}\n      {}", problem.replace('\n', "\n      "));
        }
    };
    for file in [
        &["README.md".to_owned(), "tests.py".to_owned()][..],
        &exercise.edit,
    ]
    .concat()
    {
        let path = place.starter(number).join(&file);
        ensure!(path.is_file(), "there is no {}", path.display());
    }
    ensure!(
        place.hidden_tests(number).is_some(),
        "there is no exercises/hidden/exercise{number}/tests.py"
    );
    claim(
        "tests.py says that it is not to be edited",
        marked(&place.starter(number))?,
    );

    let outcome = grade(place, number, &place.starter(number), None, isolation)?;
    claim(
        "the starter fails as intended",
        fails_as(&outcome, &exercise.starter),
    );
    claim(
        "the points in exercises.toml are those of the tests",
        points(exercise, &outcome),
    );

    let solution = place.solution(number);
    let outcome = grade(
        place,
        number,
        &place.starter(number),
        Some(&solution),
        isolation,
    )?;
    claim("the solution passes in full", passes(&outcome));

    let mut wrong: Vec<_> = match fs::read_dir(place.wrong_answers(number)) {
        Ok(entries) => entries
            .collect::<Result<Vec<_>, _>>()?
            .iter()
            .map(fs::DirEntry::path)
            .collect(),
        Err(_) => Vec::new(),
    };
    wrong.sort();
    claim(
        "there are wrong answers",
        wrong.is_empty().then(|| "none".to_owned()),
    );
    for folder in wrong {
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let file = folder.join("expect.toml");
        let text = fs::read_to_string(&file).with_context(|| format!("no {}", file.display()))?;
        let expected: Wrong = toml::from_str(&text).with_context(|| file.display().to_string())?;
        let outcome = grade_wrong(place, number, &folder, expected.base, isolation)?;
        claim(
            &format!("wrong answer {name} is caught"),
            fails_as(&outcome, &expected.intended),
        );
        claim(
            &format!("wrong answer {name}: hidden tests stay hidden"),
            leaks(&outcome),
        );
    }
    Ok(problems)
}

fn marked(starter: &Path) -> Result<Option<String>> {
    let text = fs::read_to_string(starter.join("tests.py"))?;
    let marked = text
        .lines()
        .take(5)
        .any(|line| line.to_lowercase().contains("do not edit"));
    Ok((!marked).then(|| "its first lines must say \"do not edit\"".to_owned()))
}

/// Grade the starter with other folders' files laid over it.
fn grade(
    place: &Place,
    number: u32,
    starter: &Path,
    over: Option<&Path>,
    isolation: Isolation,
) -> Result<Outcome> {
    let folder = tempfile::tempdir()?;
    let submission = folder.path().join("submission");
    copy_folder(starter, &submission)?;
    if let Some(over) = over {
        copy_folder(over, &submission)?;
    }
    let job = Job::new(place, number, &submission, isolation);
    judge::grade(place, &job, |_| {})
}

fn grade_wrong(
    place: &Place,
    number: u32,
    wrong: &Path,
    base: Base,
    isolation: Isolation,
) -> Result<Outcome> {
    let folder = tempfile::tempdir()?;
    let base_folder = folder.path().join("base");
    copy_folder(&place.starter(number), &base_folder)?;
    if let Base::Solution = base {
        copy_folder(&place.solution(number), &base_folder)?;
    }
    grade(place, number, &base_folder, Some(wrong), isolation)
}

fn passes(outcome: &Outcome) -> Option<String> {
    if outcome.passed() {
        return None;
    }
    let builds: String = outcome.builds.iter().map(show::build).collect();
    let failing = outcome.tests.iter().filter(|test| test.failure.is_some());
    let tests: String = failing.map(show::test).collect();
    Some(format!("{builds}{tests}").trim_end().to_owned())
}

fn points(exercise: &Exercise, outcome: &Outcome) -> Option<String> {
    let (said, found) = (exercise.points, outcome.possible());
    ((said - found).abs() > 1e-9).then(|| {
        format!(
            "exercises.toml: {}; the tests: {}",
            show::number(said),
            show::number(found)
        )
    })
}

/// The test fails, and the learner is told the words. For a hidden test, the idea counts.
fn fails_as(outcome: &Outcome, intended: &Intended) -> Option<String> {
    let Intended { fails, says } = intended;
    let named: Vec<(&str, Option<&Failure>)> = outcome
        .tests
        .iter()
        .map(|test| (test.name.as_str(), test.failure.as_ref()))
        .chain(
            outcome
                .builds
                .iter()
                .map(|build| (build.name.as_str(), build.failure.as_ref())),
        )
        .collect();
    let Some((_, failure)) = named.iter().find(|(name, _)| name == fails) else {
        return Some(format!("there is no test or build {fails}"));
    };
    let Some(failure) = failure else {
        return Some(format!("{fails} passes"));
    };
    let idea = outcome
        .tests
        .iter()
        .find(|test| &test.name == fails)
        .map(|test| &test.idea);
    let told = told(failure, idea);
    (!told.contains(says)).then(|| format!("{fails} does not say {says:?}, but:\n{told}"))
}

fn told(failure: &Failure, idea: Option<&String>) -> String {
    let parts = [
        Some(&failure.message),
        failure.expected.as_ref(),
        failure.got.as_ref(),
        Some(&failure.details),
        idea,
    ];
    let mut text: Vec<String> = parts.into_iter().flatten().cloned().collect();
    text.extend(
        failure
            .lines
            .iter()
            .map(|line| format!("{}:{}", line.file, line.line)),
    );
    text.join("\n")
}

/// What a hidden test shows besides its idea must be nothing.
fn leaks(outcome: &Outcome) -> Option<String> {
    let shows = |test: &&Test| {
        let failure = test.failure.as_ref();
        !test.code.is_empty()
            || !test.output.is_empty()
            || failure.is_some_and(|failure| {
                failure.expected.is_some()
                    || failure.got.is_some()
                    || !failure.details.is_empty()
                    || !failure.lines.is_empty()
            })
    };
    let test = outcome
        .tests
        .iter()
        .filter(|test| test.hidden)
        .find(shows)?;
    Some(format!(
        "the hidden test {} shows more than its idea",
        test.name
    ))
}
