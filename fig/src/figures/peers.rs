//! Who else runs: the time of one step of the heat equation, done by what else
//! people use, next to the time to copy the grid.
//!
//! The slowest takes some fifty times as long as the fastest: dots on a
//! logarithmic axis.

use crate::canvas::Caption;
use crate::error::Error;
use crate::figures::rows::{Look, Panel, Row, RowChart, Slot, Value};
use crate::figures::{Subject, foot_lines, label, no_data};
use crate::race::{Case, Mode, Race};
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
    let modes = sorted_modes(race, case);
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
            .map(|mode| row(race, case, mode, theme))
            .collect(),
        foot: foot_lines(subject, &modes, "Fastest on top.", ""),
        look: Look::Dots,
        unit: UNIT,
    };
    chart.draw(theme)
}

/// The measured modes but the copy, fastest first.
fn sorted_modes<'a>(race: &'a Race, case: &Case) -> Vec<&'a Mode> {
    let mut modes: Vec<(f64, &Mode)> = race
        .modes
        .iter()
        .filter(|mode| mode.name != LIMIT)
        .filter_map(|mode| Some((race.measurement(&case.name, &mode.name)?.median, mode)))
        .collect();
    modes.sort_by(|a, b| a.0.total_cmp(&b.0));
    modes.into_iter().map(|(_, mode)| mode).collect()
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

fn row(race: &Race, case: &Case, mode: &Mode, theme: Theme) -> Row {
    let value = race.measurement(&case.name, &mode.name).map(|m| Value {
        median: m.median * UNITS_IN_SECOND,
        low: m.q1 * UNITS_IN_SECOND,
        high: m.q3 * UNITS_IN_SECOND,
    });
    Row {
        note: String::new(),
        label: label(mode),
        style: theme.style(mode),
        slots: vec![Slot {
            pale: false,
            values: vec![value],
        }],
    }
}
