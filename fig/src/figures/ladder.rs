//! What each idea of the fast heat kernel gains: the time of a cell, a rung a row.

use crate::canvas::Caption;
use crate::error::Error;
use crate::figures::rows::{Look, Panel, Row, RowChart, Slot, Value};
use crate::figures::{Subject, foot_lines, label, no_data};
use crate::race::{Case, Kind, Measurement, Mode, Race};
use crate::theme::Theme;
use crate::units;

/// The start of the file's name.
pub const NAME: &str = "ladder";

/// What the rungs are compared against: no step at all.
const COPY: &str = "copyto";

/// The unit of the whole figure, and how many are in a second.
const UNIT: &str = "ns";
const UNITS_IN_SECOND: f64 = 1e9;

/// Draws the figure.
///
/// # Errors
///
/// [`Error::NoData`] when no case of the group `ladder` has a first rung,
/// [`Error::Draw`] when the drawing library refuses.
pub fn draw(subject: Subject<'_>, theme: Theme) -> Result<String, Error> {
    let race = subject.race;
    let Some((case, grid)) = main_case(race) else {
        return Err(no_data(NAME, "ladder", race.cases_of("ladder")));
    };
    let modes: Vec<&Mode> = (race.modes.iter())
        .filter(|mode| mode.kind != Kind::Comparison)
        .filter(|mode| race.measurement(&case.name, &mode.name).is_some())
        .collect();
    let name = format!("{} × {}", grid[0], grid[1]);
    let copy = race.measurement(&case.name, COPY);
    let chart = RowChart {
        caption: Caption {
            name: NAME,
            title: "From the published loop to the fast kernel".to_owned(),
            summary: format!(
                "Time of one step for each cell of a grid of {name}, from the published loop \
                 to the fast kernel, in {} rungs, beside the time to copy the grid once.",
                modes.len()
            ),
        },
        how_to_read: "Nanoseconds for each cell and step. Shorter is faster. \
                      Whiskers run from quartile to quartile."
            .to_owned(),
        key: None,
        panels: vec![Panel {
            title: format!("{name} cells"),
            reference: copy.map(|m| {
                let time = in_cells(grid, m.median);
                let words = units::three_digits(time);
                (time, format!("copy the grid once: {words} {UNIT}"))
            }),
        }],
        rows: modes
            .iter()
            .enumerate()
            .map(|(index, mode)| row(race, (case, grid), &modes[..index], mode, theme))
            .collect(),
        foot: foot_lines(
            subject,
            &modes,
            "The gain is over the bar above; for float32, over float64 on as many threads.",
            "A bar ends before the line where many steps share one trip through memory.",
        ),
        look: Look::Bars,
        unit: UNIT,
    };
    chart.draw(theme)
}

/// Rows and columns.
type Grid = [u32; 2];

/// The largest grid on which the first rung ran, and with it all.
pub(super) fn main_case(race: &Race) -> Option<(&Case, Grid)> {
    let first = race.modes.iter().find(|mode| mode.kind == Kind::Native)?;
    race.cases_of("ladder")
        .filter(|case| race.measurement(&case.name, &first.name).is_some())
        .filter_map(|case| Some((case, case.grid?)))
        .max_by_key(|(_, grid)| u64::from(grid[0]) * u64::from(grid[1]))
}

/// A time of a step as the time of a cell, in the unit of the figure.
pub(super) fn in_cells([rows, columns]: Grid, seconds: f64) -> f64 {
    seconds * UNITS_IN_SECOND / (f64::from(rows) * f64::from(columns))
}

/// The times of a measurement, a cell.
pub(super) fn value(grid: Grid, m: &Measurement) -> Value {
    Value {
        median: in_cells(grid, m.median),
        low: in_cells(grid, m.q1),
        high: in_cells(grid, m.q3),
    }
}

fn row(
    race: &Race,
    (case, grid): (&Case, Grid),
    above: &[&Mode],
    mode: &Mode,
    theme: Theme,
) -> Row {
    let time = |name: &str| Some(race.measurement(&case.name, name)?.median);
    let before = match mode.name.strip_prefix("single-") {
        Some(threads) => Some(format!("skew-{threads}")),
        None => above.last().map(|mode| mode.name.clone()),
    };
    let gain = before
        .and_then(|before| Some(time(&before)? / time(&mode.name)?))
        .map_or(String::new(), |gain| {
            format!(", gain {}", units::two_digits(gain))
        });
    Row {
        label: label(mode),
        style: theme.style(mode),
        slots: vec![Slot {
            pale: false,
            values: vec![
                race.measurement(&case.name, &mode.name)
                    .map(|m| value(grid, m)),
            ],
        }],
        note: gain,
    }
}
