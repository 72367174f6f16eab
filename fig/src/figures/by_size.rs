//! What a cell costs on grids of all sizes: in the caches, and far beyond them.

use crate::canvas::{Axis, Canvas, Caption, Ink, Point, Stroke, WIDTH, paint};
use crate::error::Error;
use crate::figures::ladder::value;
use crate::figures::rows::Value;
use crate::figures::{
    HEADING, MARGIN, SMALL, Subject, foot, foot_height, foot_lines, heading, label, no_data,
};
use crate::race::{Mode, Race};
use crate::text;
use crate::theme::Theme;
use crate::units;

/// The start of the file's name.
pub const NAME: &str = "scaling-by-size";

/// What is shown: the kernel on one thread and on two, and the copy.
const MODES: [&str; 3] = ["copyto", "skew-1", "skew-2"];

const PLOT_HEIGHT: f64 = 340.0;
/// Room for the numbers of the vertical axis, and for the names on the right.
const TICK_WIDTH: f64 = 50.0;
const NAME_WIDTH: f64 = 240.0;
const LABEL_STEP: f64 = 20.0;
/// The radius of a point.
const POINT: f64 = 5.0;

struct Series<'a> {
    mode: &'a Mode,
    /// Sides of the grids and times of a cell, the smallest first; never empty.
    points: Vec<(f64, Value)>,
}

struct Plan<'a> {
    race: &'a Race,
    series: Vec<Series<'a>>,
    foot: Vec<String>,
    x: Axis,
    y: Axis,
    sides: (f64, f64),
    top: f64,
    bottom: f64,
    left: f64,
    right: f64,
}

/// Draws the figure.
///
/// # Errors
///
/// [`Error::NoData`] when no case of the group `ladder` was measured,
/// [`Error::Draw`] when the drawing library refuses.
pub fn draw(subject: Subject<'_>, theme: Theme) -> Result<String, Error> {
    let race = subject.race;
    let series = measured(race);
    if series.is_empty() {
        return Err(no_data(NAME, "ladder", race.cases_of("ladder")));
    }
    let plan = Plan::new(subject, series);
    let height = plan.bottom + 62.0 + foot_height(&plan.foot) + 12.0;
    let caption = plan.caption();
    paint(&caption, height, theme, |canvas| {
        heading(
            canvas,
            &caption,
            "Nanoseconds for each cell and step against the side of the square grid. \
             Lower is faster.",
        )?;
        plan.draw_axes(canvas)?;
        plan.draw_caches(canvas)?;
        for series in &plan.series {
            plan.draw_series(canvas, series)?;
        }
        plan.draw_names(canvas)?;
        let top = height - foot_height(&plan.foot) - 12.0;
        foot(canvas, top, &plan.foot)
    })
}

fn measured(race: &Race) -> Vec<Series<'_>> {
    let of_mode = |mode| {
        let mut points: Vec<(f64, Value)> = race
            .cases_of("ladder")
            .filter_map(|case| {
                let m = race.measurement(&case.name, mode)?;
                let grid = case.grid?;
                Some((f64::from(grid[0]), value(grid, m)))
            })
            .collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        points
    };
    MODES
        .iter()
        .filter_map(|name| {
            let (mode, points) = (race.mode(name)?, of_mode(name));
            (!points.is_empty()).then_some(Series { mode, points })
        })
        .collect()
}

impl<'a> Plan<'a> {
    fn new(subject: Subject<'a>, series: Vec<Series<'a>>) -> Self {
        let all = || series.iter().flat_map(|series| series.points.iter());
        let low = all().map(|point| point.0).fold(f64::INFINITY, f64::min);
        let high = all().map(|point| point.0).fold(0.0, f64::max);
        let most = all().map(|point| point.1.high).fold(0.0, f64::max);
        // One size alone still needs an axis.
        let sides = (low / 1.15, (high * 1.15).max(2.0 * low));
        let shown: Vec<&Mode> = series.iter().map(|series| series.mode).collect();
        let foot = foot_lines(
            subject,
            &shown,
            "Whiskers run from quartile to quartile. Dashed: the side from which the two \
             grids of float64 no longer fit into a cache.",
            "",
        );
        let (left, right) = (MARGIN + TICK_WIDTH, WIDTH - MARGIN - NAME_WIDTH);
        let top = HEADING + 44.0;
        let bottom = top + PLOT_HEIGHT;
        Self {
            race: subject.race,
            foot,
            x: Axis::log(sides.0, sides.1, left, right),
            y: Axis::linear(0.0, 1.08 * most, bottom, top),
            series,
            sides,
            top,
            bottom,
            left,
            right,
        }
    }

    fn caption(&self) -> Caption {
        Caption {
            name: NAME,
            title: "What a cell costs on small and on large grids".to_owned(),
            summary: "Time of one step for each cell against the side of the grid, for the \
                      fast heat kernel on one thread and on two, and for a copy of the grid. \
                      Lines mark where two grids no longer fit into a cache."
                .to_owned(),
        }
    }

    fn draw_axes(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let theme = canvas.theme;
        let ink = Ink::new(SMALL, theme.muted);
        let grid = Stroke::new(theme.grid, 1.0);
        let longest = self.series.iter().max_by_key(|series| series.points.len());
        let mut free_from = 0.0;
        for (side, _) in longest.iter().flat_map(|series| &series.points) {
            let x = self.x.at(*side);
            canvas.line(&[(x, self.top), (x, self.bottom)], grid)?;
            let words = units::three_digits(*side);
            let half = text::width(&words, SMALL, false) / 2.0;
            if x - half >= free_from {
                canvas.text(&words, (x, self.bottom + 16.0), ink.middle())?;
                free_from = x + half + 8.0;
            }
        }
        for tick in self.y.ticks(6) {
            let y = self.y.at(tick);
            canvas.line(&[(self.left, y), (self.right, y)], grid)?;
            canvas.text(&units::three_digits(tick), (self.left - 8.0, y), ink.end())?;
        }
        canvas.line(
            &[
                (self.left, self.top),
                (self.left, self.bottom),
                (self.right, self.bottom),
            ],
            Stroke::new(theme.axis, 1.0),
        )?;
        let middle = f64::midpoint(self.left, self.right);
        canvas.text(
            "rows, and columns",
            (middle, self.bottom + 40.0),
            Ink::new(14.0, theme.text).middle(),
        )?;
        canvas.text("ns", (self.left - 8.0, self.top - 16.0), ink.end())
    }

    /// Two grids of `n * n` cells of 8 bytes fill a cache at `n = sqrt(bytes / 16)`.
    fn draw_caches(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let theme = canvas.theme;
        let machine = &self.race.machine;
        for (name, bytes) in [("L2", machine.l2_bytes), ("L3", machine.l3_bytes)] {
            let Some(bytes) = bytes else { continue };
            #[expect(
                clippy::cast_precision_loss,
                reason = "a cache is far below 2^53 bytes"
            )]
            let side = (bytes as f64 / 16.0).sqrt();
            if !(self.sides.0..=self.sides.1).contains(&side) {
                continue;
            }
            let x = self.x.at(side);
            let stroke = Stroke::new(theme.reference, 1.5);
            canvas.dashes(&[(x, self.top - 6.0), (x, self.bottom)], 4.0, stroke)?;
            let words = format!("{name} cache is full");
            let ink = Ink::new(SMALL, theme.reference).middle();
            canvas.text(&words, (x, self.top - 16.0), ink)?;
        }
        Ok(())
    }

    fn draw_series(&self, canvas: &Canvas<'_>, series: &Series<'_>) -> Result<(), Error> {
        let style = canvas.theme.style(series.mode);
        let line: Vec<Point> = series
            .points
            .iter()
            .map(|(side, value)| (self.x.at(*side), self.y.at(value.median)))
            .collect();
        canvas.line(&line, Stroke::new(style.color, 2.0))?;
        for ((_, value), at) in series.points.iter().zip(line) {
            let (low, high) = (self.y.at(value.low), self.y.at(value.high));
            let stroke = Stroke::new(canvas.theme.text, 1.25);
            canvas.line(&[(at.0, low), (at.0, high)], stroke)?;
            canvas.mark(at, POINT, style)?;
        }
        Ok(())
    }

    /// The names at the right ends of the lines, moved apart.
    fn draw_names(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let mut ends: Vec<(f64, Point, &Mode, f64)> = (self.series.iter())
            .filter_map(|series| {
                let (side, value) = series.points.last()?;
                let at = (self.x.at(*side), self.y.at(value.median));
                Some((at.1, at, series.mode, value.median))
            })
            .collect();
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let wanted: Vec<f64> = ends.iter().map(|end| end.0).collect();
        let places = text::spread(&wanted, LABEL_STEP, self.top, self.bottom - 10.0);
        for ((_, at, mode, time), y) in ends.into_iter().zip(places) {
            let style = canvas.theme.style(mode);
            let start = self.right + 12.0;
            let leader = Stroke::new(style.color, 1.0).faint(0.7);
            canvas.line(&[at, (start - 4.0, y)], leader)?;
            let time = units::three_digits(time);
            let room = NAME_WIDTH - 12.0 - text::width(&format!(": {time} ns"), SMALL, true);
            let name = text::shorten(&label(mode), SMALL, true, room);
            let ink = Ink::new(SMALL, canvas.theme.text).bold();
            canvas.text(&format!("{name}: {time} ns"), (start, y), ink)?;
        }
        Ok(())
    }
}
