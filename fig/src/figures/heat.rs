//! How fast the heat equation runs: cells updated in a second, next to what
//! copying the grid allows.

use crate::canvas::Caption;
use crate::error::Error;
use crate::figures::rows::{Look, Panel, Row, RowChart, Slot, Value};
use crate::figures::{Subject, and_list, foot_lines, label, no_data};
use crate::race::{Case, Mode, Race};
use crate::theme::Theme;
use crate::units;

/// The start of the file's name.
pub const NAME: &str = "heat";

/// The variants, in the order of their bars; the first is pale.
const VARIANTS: [&str; 2] = ["classic", "steps"];

/// 10⁹ cells a second, for the whole figure: one unit, so that numbers compare.
const UNIT: &str = "G";
const CELLS_IN_UNIT: f64 = 1e9;

/// Rows and columns.
type Grid = [u32; 2];

/// Draws the figure.
///
/// # Errors
///
/// [`Error::NoData`] when no case of the group `heat` was measured,
/// [`Error::Draw`] when the drawing library refuses.
pub fn draw(subject: Subject<'_>, theme: Theme) -> Result<String, Error> {
    let race = subject.race;
    let grids = measured_grids(race)?;
    let modes = sorted_modes(race, &grids);
    let names: Vec<String> = grids.iter().map(grid_name).collect();
    let chart = RowChart {
        caption: Caption {
            name: NAME,
            title: "The heat equation, in cells a second".to_owned(),
            summary: format!(
                "Cells of the heat equation updated per second on grids of {} cells \
                 in {} modes, next to the time to copy the grid once.",
                and_list(&names),
                modes.len()
            ),
        },
        how_to_read: "Cell updates per second; G stands for 10⁹. \
                      Whiskers run from quartile to quartile. Longer is faster."
            .to_owned(),
        key: Some([
            "classic: one call a time step",
            "steps: one call for many time steps",
        ]),
        panels: grids.iter().map(|grid| panel(race, grid)).collect(),
        rows: modes
            .iter()
            .map(|mode| row(race, &grids, mode, theme))
            .collect(),
        foot: foot_lines(
            subject,
            &modes,
            "Fastest on top, by the better bar on the left.",
            explanation(race, &grids, &modes),
        ),
        look: Look::Bars,
        unit: UNIT,
    };
    chart.draw(theme)
}

/// The grids with a measurement, in the order of the file.
fn measured_grids(race: &Race) -> Result<Vec<Grid>, Error> {
    let mut grids = Vec::new();
    for case in drawable(race) {
        let measured = race.measurements.iter().any(|m| m.case == case.name);
        if let Some(grid) = case.grid
            && measured
            && !grids.contains(&grid)
        {
            grids.push(grid);
        }
    }
    if grids.is_empty() {
        return Err(no_data(NAME, "heat", drawable(race)));
    }
    Ok(grids)
}

/// The heat cases with a grid and a variant that this figure knows.
fn drawable(race: &Race) -> impl Iterator<Item = &Case> {
    race.cases_of("heat").filter(|case| {
        let variant = case.variant.as_deref();
        case.grid.is_some() && variant.is_some_and(|name| VARIANTS.contains(&name))
    })
}

/// Why a bar may be longer than the copy of its grid; nothing where none is.
fn explanation(race: &Race, grids: &[Grid], modes: &[&Mode]) -> &'static str {
    let passes = |grid: &Grid| {
        let copy = copy_rate(race, grid).unwrap_or(f64::INFINITY);
        let mut rates = modes
            .iter()
            .filter_map(|mode| bar(race, grid, "steps", &mode.name));
        rates.any(|rate| rate.median > copy)
    };
    if grids.iter().any(passes) {
        "Bars pass the line where many steps share one trip through memory."
    } else {
        ""
    }
}

/// The rate of one bar; the quartiles change places, as a long time is a low
/// rate.
fn bar(race: &Race, grid: &Grid, variant: &str, mode: &str) -> Option<Value> {
    let case = drawable(race)
        .find(|case| case.grid == Some(*grid) && case.variant.as_deref() == Some(variant))?;
    let m = race.measurement(&case.name, mode)?;
    let cells = cells(grid);
    Some(Value {
        median: cells / m.median,
        low: cells / m.q3,
        high: cells / m.q1,
    })
}

/// The cells of a grid, in the unit of the figure.
fn cells([rows, columns]: &Grid) -> f64 {
    f64::from(*rows) * f64::from(*columns) / CELLS_IN_UNIT
}

fn grid_name([rows, columns]: &Grid) -> String {
    format!("{rows} × {columns}")
}

/// The measured modes, fastest first: by the faster variant on the first grid
/// the mode was measured on.
fn sorted_modes<'a>(race: &'a Race, grids: &[Grid]) -> Vec<&'a Mode> {
    let best = |mode: &Mode, grid: &Grid| {
        VARIANTS
            .iter()
            .filter_map(|variant| Some(bar(race, grid, variant, &mode.name)?.median))
            .reduce(f64::max)
    };
    let mut modes: Vec<(f64, &Mode)> = race
        .modes
        .iter()
        .filter_map(|mode| {
            let rate = grids.iter().find_map(|grid| best(mode, grid))?;
            Some((rate, mode))
        })
        .collect();
    modes.sort_by(|a, b| b.0.total_cmp(&a.0));
    modes.into_iter().map(|(_, mode)| mode).collect()
}

/// The cells copied in a second.
fn copy_rate(race: &Race, grid: &Grid) -> Option<f64> {
    let limit = race.limits.iter().find(|limit| limit.grid == *grid)?;
    Some(cells(grid) / limit.median)
}

fn panel(race: &Race, grid: &Grid) -> Panel {
    Panel {
        title: format!("{} cells", grid_name(grid)),
        reference: copy_rate(race, grid).map(|rate| {
            let words = units::three_digits(rate);
            (rate, format!("copy the grid once: {words} {UNIT}"))
        }),
    }
}

/// A variant that the mode has on no grid takes no room.
fn row(race: &Race, grids: &[Grid], mode: &Mode, theme: Theme) -> Row {
    let slots = VARIANTS.iter().enumerate().map(|(index, variant)| Slot {
        pale: index == 0,
        values: grids
            .iter()
            .map(|grid| bar(race, grid, variant, &mode.name))
            .collect(),
    });
    Row {
        note: String::new(),
        label: label(mode),
        style: theme.style(mode),
        slots: slots
            .filter(|slot| slot.values.iter().any(Option::is_some))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_long_time_is_a_low_rate() {
        let text = r#"{
            "schema": 1, "measured_at": "2000-01-01", "quick": false,
            "machine": {"cpu": "test data, not measured"},
            "modes": [{"name": "m", "title": "m", "kind": "native", "status": "ok"}],
            "cases": [{"name": "c", "title": "c", "group": "heat",
                       "grid": [2, 5], "variant": "steps"}],
            "measurements": [{"case": "c", "mode": "m", "n": null,
                              "median": 2e-9, "q1": 1e-9, "q3": 4e-9}]
        }"#;
        let race = Race::parse(text, Path::new("race.json")).unwrap();
        let bar = bar(&race, &[2, 5], "steps", "m").unwrap();
        // 10 cells in 2 ns are 5 · 10⁹ a second.
        let near = |rate: f64, wanted: f64| (rate / wanted - 1.0).abs() < 1e-12;
        assert!(near(bar.low, 2.5), "{bar:?}");
        assert!(near(bar.median, 5.0), "{bar:?}");
        assert!(near(bar.high, 10.0), "{bar:?}");
    }
}
