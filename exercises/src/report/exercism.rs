//! Results in the shape of exercism's test runners, version 3, with points added.
//!
//! Source: <https://exercism.org/docs/building/tooling/test-runners/interface>.

use serde::Serialize;

use super::told;
use crate::outcome::{Kind, Outcome, Test};

/// The interface allows no more output than this.
const OUTPUT: usize = 500;

/// One exercise's results.
#[derive(Debug, Serialize)]
pub struct Results {
    version: u32,
    status: &'static str,
    message: Option<String>,
    tests: Vec<Case>,
    exercise: u32,
    slug: String,
    points: Points,
    isolation: String,
}

/// One test.
#[derive(Debug, Serialize)]
struct Case {
    name: String,
    test_code: Option<String>,
    status: &'static str,
    message: Option<String>,
    output: Option<String>,
    task_id: Option<u32>,
    points: Points,
}

/// Ours, besides what the interface has.
#[derive(Debug, Serialize)]
struct Points {
    earned: f64,
    possible: f64,
}

/// Turn an outcome into that shape.
pub fn results(slug: &str, outcome: &Outcome) -> Results {
    // By the interface, "error" is for a solution that could not be tested at all.
    let broken = outcome
        .builds
        .iter()
        .find_map(|build| build.failure.as_ref());
    let untested = outcome.tests.iter().all(|test| {
        test.failure
            .as_ref()
            .is_some_and(|failure| failure.blocked_by.is_some())
    });
    let (status, message) = match broken {
        _ if outcome.passed() => ("pass", None),
        Some(failure) if untested => (
            "error",
            Some(format!("{}\n{}", failure.message, failure.details)),
        ),
        _ => ("fail", None),
    };
    Results {
        version: 3,
        status,
        message,
        tests: outcome.tests.iter().map(case).collect(),
        exercise: outcome.exercise,
        slug: slug.to_owned(),
        points: Points {
            earned: outcome.earned(),
            possible: outcome.possible(),
        },
        isolation: outcome.isolation.clone(),
    }
}

fn case(test: &Test) -> Case {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Case {
        name: test.title(),
        test_code: some(&test.code),
        status: match test.failure.as_ref().map(|failure| failure.kind) {
            None => "pass",
            Some(Kind::Fail) => "fail",
            Some(Kind::Error) => "error",
        },
        message: some(&told(test)),
        output: some(&cut(&test.output)),
        task_id: None,
        points: Points {
            earned: test.earned(),
            possible: test.points,
        },
    }
}

fn cut(output: &str) -> String {
    const END: &str = "\n(cut at 500 characters)";
    if output.chars().count() <= OUTPUT {
        return output.to_owned();
    }
    let kept: String = output.chars().take(OUTPUT - END.len()).collect();
    kept + END
}

#[cfg(test)]
mod tests {
    use super::{OUTPUT, cut};

    #[test]
    fn long_output_is_cut_at_the_limit_of_the_interface() {
        assert_eq!(cut("short"), "short");
        let long = cut(&"ü".repeat(OUTPUT + 1));
        assert_eq!(long.chars().count(), OUTPUT);
        assert!(long.ends_with("characters)"));
    }
}
