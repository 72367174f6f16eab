//! What one call costs: the smallest cases, where nearly all time is the way
//! from Python to the code and back.

use crate::canvas::Caption;
use crate::error::Error;
use crate::figures::bars::{Bar, BarChart, Panel, Row, Slot};
use crate::figures::{Subject, and_list, foot_lines, label, no_data};
use crate::race::{Case, Mode, Race};
use crate::theme::Theme;
use crate::units;

/// The start of the file's name.
pub const NAME: &str = "overhead";

/// The mode no other can beat: the C API of Python without any layer.
const FLOOR: &str = "capi";

/// Draws the figure.
///
/// # Errors
///
/// [`Error::NoData`] when no case of the group `call` was measured,
/// [`Error::Draw`] when the drawing library refuses.
pub fn draw(subject: Subject<'_>, theme: Theme) -> Result<String, Error> {
    let race = subject.race;
    let cases = measured_cases(race)?;
    let modes = sorted_modes(race, &cases);
    let titles: Vec<String> = cases.iter().map(|case| case.title.clone()).collect();
    let chart = BarChart {
        caption: Caption {
            name: NAME,
            title: "What one call costs".to_owned(),
            summary: format!(
                "The median time of one call from Python, in nanoseconds, for {} in {} modes.",
                and_list(&titles),
                modes.len()
            ),
        },
        how_to_read: "Median time of a call. Whiskers run from quartile to quartile. \
                      Shorter is faster."
            .to_owned(),
        key: None,
        panels: cases.iter().map(|case| panel(race, case)).collect(),
        rows: modes
            .iter()
            .map(|mode| row(race, &cases, mode, theme))
            .collect(),
        foot: foot_lines(
            subject,
            &modes,
            &format!("Fastest on top, by \"{}\".", titles[0]),
        ),
        format: units::nanoseconds,
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

/// The measured modes, fastest first by the first case. A mode without that
/// case is placed by the first case it has.
fn sorted_modes<'a>(race: &'a Race, cases: &[&Case]) -> Vec<&'a Mode> {
    let mut modes: Vec<(f64, &Mode)> = race
        .modes
        .iter()
        .filter_map(|mode| {
            let first = cases
                .iter()
                .find_map(|case| race.measurement(&case.name, &mode.name))?;
            Some((first.median, mode))
        })
        .collect();
    modes.sort_by(|a, b| a.0.total_cmp(&b.0));
    modes.into_iter().map(|(_, mode)| mode).collect()
}

fn panel(race: &Race, case: &Case) -> Panel {
    let floor = race.measurement(&case.name, FLOOR);
    Panel {
        title: case.title.clone(),
        reference: floor.map(|floor| {
            let time = units::nanoseconds(floor.median);
            (floor.median, format!("floor, raw C API: {time}"))
        }),
    }
}

fn row(race: &Race, cases: &[&Case], mode: &Mode, theme: Theme) -> Row {
    let bars = cases.iter().map(|case| {
        let m = race.measurement(&case.name, &mode.name)?;
        Some(Bar {
            value: m.median,
            low: m.q1,
            high: m.q3,
        })
    });
    Row {
        label: label(mode),
        style: theme.style(mode),
        slots: vec![Slot {
            pale: false,
            bars: bars.collect(),
        }],
    }
}
