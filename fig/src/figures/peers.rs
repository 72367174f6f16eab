//! Who else runs: the time of one step of the heat equation, done by what else
//! people use, next to the time to copy the grid.
//!
//! The slowest takes some fifty times as long as the fastest: dots on a
//! logarithmic axis.

use crate::canvas::Caption;
use crate::error::Error;
use crate::figures::rows::{Look, Panel, RowChart, dots, fastest_first};
use crate::figures::{Subject, foot_lines, no_data};
use crate::race::{Case, Race};
use crate::theme::Theme;
use crate::units;

/// The start of the file's name.
pub const NAME: &str = "peers";

/// The mode that computes nothing: a line that the others are compared with.
const LIMIT: &str = "copy";

/// The unit of the whole figure, and how many are in a second.
const UNIT: &str = "ms";
const UNITS_IN_SECOND: f64 = 1e3;

/// Draws the figure.
///
/// # Errors
///
/// [`Error::NoData`] when no case of the group `heat` was measured,
/// [`Error::Draw`] when the drawing library refuses.
pub fn draw(subject: Subject<'_>, theme: Theme) -> Result<String, Error> {
    let race = subject.race;
    let case = race
        .cases_of("heat")
        .find(|case| race.measurements.iter().any(|m| m.case == case.name))
        .ok_or_else(|| no_data(NAME, "heat", race.cases_of("heat")))?;
    let mut modes = fastest_first(race, &[case]);
    modes.retain(|mode| mode.name != LIMIT);
    let chart = RowChart {
        caption: Caption {
            name: NAME,
            title: "Who else runs: one step of the heat equation".to_owned(),
            summary: format!(
                "The median time of one step of the heat equation, in milliseconds on a \
                 logarithmic axis, for {} peers, next to the time to copy the grid once.",
                modes.len()
            ),
        },
        how_to_read: "Median time of a step, on a logarithmic axis. \
                      Whiskers run from quartile to quartile. Left is faster."
            .to_owned(),
        key: None,
        panels: vec![panel(race, case)],
        rows: modes
            .iter()
            .map(|mode| dots(race, &[case], mode, UNITS_IN_SECOND, theme))
            .collect(),
        foot: foot_lines(subject, &modes, "Fastest on top.", ""),
        look: Look::Dots,
        unit: UNIT,
    };
    chart.draw(theme)
}

fn panel(race: &Race, case: &Case) -> Panel {
    Panel {
        title: case.title.clone(),
        reference: race.measurement(&case.name, LIMIT).map(|copy| {
            let time = copy.median * UNITS_IN_SECOND;
            let words = units::three_digits(time);
            (time, format!("copy the grid once: {words} {UNIT}"))
        }),
    }
}
