//! What steps without an exchange gain: the time of a step against the number of
//! steps that blocks take alone, on logarithmic axes.

use crate::canvas::{Axis, Canvas, Caption, Ink, Point, Stroke, WIDTH, paint};
use crate::error::Error;
use crate::figures::scaling::{SYSTEMS, foot_text, key, style};
use crate::figures::{HEADING, MARGIN, SMALL, Subject, foot, foot_height, heading, no_data};
use crate::race::{Measurement, Mode, Race};
use crate::text;
use crate::theme::Theme;
use crate::units;

/// The start of the file's name.
pub const NAME: &str = "halo";

const GROUP: &str = "halo";
/// The same grid in one process, which exchanges nothing.
const ALONE: &str = "halo_none";
const PLOT_TOP: f64 = HEADING + 56.0;
const PLOT_HEIGHT: f64 = 320.0;
const LEFT: f64 = MARGIN + 70.0;
const RIGHT: f64 = WIDTH - MARGIN;
const LABEL_STEP: f64 = 18.0;
const RADIUS: f64 = 5.0;

/// What one mode took, fewest steps for an exchange first.
struct Series<'a> {
    system: &'a str,
    points: Vec<(f64, &'a Measurement)>,
}

/// Everything to draw.
struct Plan<'a> {
    series: Vec<Series<'a>>,
    /// All threads of one process: no exchange at all. Its words and its time.
    limit: Option<(String, f64)>,
    halos: Vec<u32>,
    x: Axis,
    y: Axis,
}

/// Draws the figure.
///
/// # Errors
///
/// [`Error::NoData`] when no case of the group `halo` was measured,
/// [`Error::Draw`] when the drawing library refuses.
pub fn draw(subject: Subject<'_>, theme: Theme) -> Result<String, Error> {
    let plan = Plan::new(subject.race)?;
    let foot_text = foot_text(subject);
    let grid = subject.race.cases_of(GROUP).find_map(|case| case.grid);
    let on = grid.map_or(String::new(), |[rows, columns]| {
        format!(" on {rows} × {columns} cells")
    });
    let caption = Caption {
        name: NAME,
        title: format!("Fewer exchanges, wider halos{on}"),
        summary: "Time of one step against the number of steps that blocks take for \
                  one exchange of halos, over MPI and over Dask."
            .to_owned(),
    };
    let height = PLOT_TOP + PLOT_HEIGHT + 60.0 + foot_height(&foot_text) + 12.0;
    paint(&caption, height, theme, |canvas| {
        heading(
            canvas,
            &caption,
            "Median time of a step, with two processes. Both axes are logarithmic. \
             Lower is faster.",
        )?;
        let shown: Vec<(&str, &str)> = SYSTEMS
            .into_iter()
            .filter(|(system, _)| plan.series.iter().any(|s| s.system == *system))
            .collect();
        key(canvas, &shown)?;
        plan.draw_axes(canvas)?;
        plan.draw_limit(canvas)?;
        for series in &plan.series {
            plan.draw_series(canvas, series)?;
        }
        plan.draw_values(canvas)?;
        foot(canvas, height - foot_height(&foot_text) - 12.0, &foot_text)
    })
}

impl<'a> Plan<'a> {
    fn new(race: &'a Race) -> Result<Self, Error> {
        let series: Vec<Series<'a>> = race.modes.iter().filter_map(|m| series(race, m)).collect();
        if series.is_empty() {
            return Err(no_data(NAME, GROUP, race.cases_of(GROUP)));
        }
        let limit = limit(race);
        let mut halos: Vec<u32> = race.cases_of(GROUP).filter_map(|case| case.halo).collect();
        halos.sort_unstable();
        let times = series.iter().flat_map(|s| s.points.iter().map(|p| p.1));
        let times = times.flat_map(|m| [m.q1, m.q3]);
        let times = times.chain(limit.iter().map(|(_, time)| *time));
        let (low, high) = times.fold((f64::INFINITY, 0.0_f64), |(low, high), time| {
            (low.min(time), high.max(time))
        });
        let (first, last) = (halos[0], halos[halos.len() - 1]);
        Ok(Self {
            series,
            limit,
            x: Axis::log(f64::from(first) / 1.3, f64::from(last) * 1.6, LEFT, RIGHT),
            y: Axis::log(low / 1.6, high * 1.3, PLOT_TOP + PLOT_HEIGHT, PLOT_TOP),
            halos,
        })
    }

    fn draw_axes(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let theme = canvas.theme;
        let bottom = PLOT_TOP + PLOT_HEIGHT;
        let ink = Ink::new(SMALL, theme.muted);
        let grid = Stroke::new(theme.grid, 1.0);
        for tick in self.y.ticks(8) {
            let y = self.y.at(tick);
            canvas.line(&[(LEFT, y), (RIGHT, y)], grid)?;
            canvas.text(&units::time(tick), (LEFT - 8.0, y), ink.end())?;
        }
        for halo in &self.halos {
            let x = self.x.at(f64::from(*halo));
            canvas.line(&[(x, PLOT_TOP), (x, bottom)], grid)?;
            canvas.text(&halo.to_string(), (x, bottom + 16.0), ink.middle())?;
        }
        let frame = Stroke::new(theme.axis, 1.0);
        canvas.line(&[(LEFT, bottom), (RIGHT, bottom)], frame)?;
        let ink = Ink::new(14.0, theme.text).middle();
        let middle = f64::midpoint(LEFT, RIGHT);
        canvas.text("steps for one exchange", (middle, bottom + 38.0), ink)
    }

    /// The time of one process with all threads, and its words below the line.
    fn draw_limit(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let Some((words, time)) = &self.limit else {
            return Ok(());
        };
        let theme = canvas.theme;
        let y = self.y.at(*time);
        let stroke = Stroke::new(theme.reference, 1.5);
        canvas.dashes(&[(LEFT, y), (RIGHT, y)], 4.0, stroke)?;
        let ink = Ink::new(SMALL, theme.reference);
        canvas.text(words, (LEFT + 8.0, y + 13.0), ink)
    }

    fn at(&self, halo: f64, time: f64) -> Point {
        (self.x.at(halo), self.y.at(time))
    }

    fn draw_series(&self, canvas: &Canvas<'_>, series: &Series<'_>) -> Result<(), Error> {
        let look = style(canvas.theme, series.system, false);
        let stroke = Stroke::new(look.color, 2.0);
        let points = series.points.iter();
        let path: Vec<Point> = points.map(|(halo, m)| self.at(*halo, m.median)).collect();
        if path.len() > 1 {
            canvas.line(&path, stroke)?;
        }
        for (halo, m) in &series.points {
            canvas.line(&[self.at(*halo, m.q1), self.at(*halo, m.q3)], stroke)?;
        }
        for at in path {
            canvas.mark(at, RADIUS, look)?;
        }
        Ok(())
    }

    /// The times, right of the points and moved apart.
    fn draw_values(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let theme = canvas.theme;
        for halo in &self.halos {
            let halo = f64::from(*halo);
            let mut column: Vec<(&str, f64)> = self
                .series
                .iter()
                .filter_map(|s| {
                    Some((
                        s.system,
                        s.points.iter().find(|p| same(p.0, halo))?.1.median,
                    ))
                })
                .collect();
            column.sort_by(|a, b| b.1.total_cmp(&a.1));
            let wanted: Vec<f64> = column
                .iter()
                .map(|(_, time)| self.y.at(*time) - 12.0)
                .collect();
            let places = text::spread(&wanted, LABEL_STEP, PLOT_TOP, PLOT_TOP + PLOT_HEIGHT);
            for ((system, time), y) in column.iter().zip(places) {
                let x = self.x.at(halo) + 14.0;
                canvas.mark((x, y), 3.5, style(theme, system, false))?;
                let ink = Ink::new(SMALL, theme.text);
                let words = units::time(*time);
                canvas.text_on_patch(&words, (x + 8.0, y), ink, theme.background)?;
            }
        }
        Ok(())
    }
}

/// Halos are small whole numbers.
fn same(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.5
}

fn series<'a>(race: &'a Race, mode: &'a Mode) -> Option<Series<'a>> {
    let mut points: Vec<(f64, &Measurement)> = race
        .cases_of(GROUP)
        .filter_map(|case| {
            Some((
                f64::from(case.halo?),
                race.measurement(&case.name, &mode.name)?,
            ))
        })
        .collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let system = mode.system.as_deref()?;
    (!points.is_empty()).then_some(Series { system, points })
}

/// The fastest that one process got on the same grid, in words and seconds.
fn limit(race: &Race) -> Option<(String, f64)> {
    let alone = race
        .modes
        .iter()
        .filter(|mode| mode.system.as_deref() == Some("threads"));
    let timed = alone.filter_map(|mode| Some((mode, race.measurement(ALONE, &mode.name)?.median)));
    let (mode, time) = timed.min_by(|a, b| a.1.total_cmp(&b.1))?;
    let words = format!("{}, no exchange: {}", mode.title, units::time(time));
    Some((words, time))
}
