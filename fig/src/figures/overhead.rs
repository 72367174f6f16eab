//! What one call costs: the smallest cases, where nearly all time is the way
//! from Python to the code and back.
//!
//! The slowest mode takes some thirty times as long as the fastest, and the
//! fast ones are a few nanoseconds apart: dots on a logarithmic axis show both.

use crate::canvas::Caption;
use crate::error::Error;
use crate::figures::rows::{Look, Panel, RowChart, dots, fastest_first};
use crate::figures::{Subject, and_list, foot_lines, no_data};
use crate::race::{Case, Race};
use crate::theme::Theme;
use crate::units;

/// The start of the file's name.
pub const NAME: &str = "overhead";

/// What the modes are compared against: the C API of Python without a layer.
/// It is no floor: Cython reads the digits of an int without that API.
const BASE: &str = "capi";

/// The unit of the whole figure, and how many are in a second.
const UNIT: &str = "ns";
const UNITS_IN_SECOND: f64 = 1e9;

/// Draws the figure.
///
/// # Errors
///
/// [`Error::NoData`] when no case of the group `call` was measured,
/// [`Error::Draw`] when the drawing library refuses.
pub fn draw(subject: Subject<'_>, theme: Theme) -> Result<String, Error> {
    let race = subject.race;
    let cases = measured_cases(race)?;
    let modes = fastest_first(race, &cases);
    let titles: Vec<String> = cases.iter().map(|case| case.title.clone()).collect();
    let chart = RowChart {
        caption: Caption {
            name: NAME,
            title: "What one call costs".to_owned(),
            summary: format!(
                "The median time of one call from Python, in nanoseconds on a logarithmic \
                 axis, for {} in {} modes.",
                and_list(&titles),
                modes.len()
            ),
        },
        how_to_read: "Median time of a call, on a logarithmic axis. \
                      Whiskers run from quartile to quartile. Left is faster."
            .to_owned(),
        key: None,
        panels: cases.iter().map(|case| panel(race, case)).collect(),
        rows: modes
            .iter()
            .map(|mode| dots(race, &cases, mode, UNITS_IN_SECOND, theme))
            .collect(),
        foot: foot_lines(
            subject,
            &modes,
            &format!("Fastest on top, by \"{}\".", titles[0]),
            "",
        ),
        look: Look::Dots,
        unit: UNIT,
    };
    chart.draw(theme)
}

fn measured_cases(race: &Race) -> Result<Vec<&Case>, Error> {
    let measured: Vec<&Case> = race
        .cases_of("call")
        .filter(|case| race.measurements.iter().any(|m| m.case == case.name))
        .collect();
    if measured.is_empty() {
        return Err(no_data(NAME, "call", race.cases_of("call")));
    }
    Ok(measured)
}

fn panel(race: &Race, case: &Case) -> Panel {
    let base = race.measurement(&case.name, BASE);
    Panel {
        title: case.title.clone(),
        reference: base.map(|base| {
            let time = base.median * UNITS_IN_SECOND;
            let words = units::three_digits(time);
            (time, format!("raw C API: {words} {UNIT}"))
        }),
    }
}
