//! How the time of a call grows with the size of the arrays.
//!
//! Each mode is measured points and the line `overhead + n * slope`. On
//! logarithmic axes the overhead is the flat start and the slope is the rise
//! that all modes share, so the lines are apart on the left: the names stand
//! there, and the time axis on the right.

use crate::canvas::{Axis, Canvas, Caption, Ink, Point, Stroke, WIDTH, paint};
use crate::error::Error;
use crate::figures::{
    HEADING, MARGIN, SMALL, Subject, foot, foot_height, foot_lines, heading, label, no_data,
};
use crate::race::{Case, Crossover, Fit, Kind, Measurement, Mode, Race};
use crate::text;
use crate::theme::{Shape, Style, Theme};
use crate::units;

/// The start of the file's name.
pub const NAME: &str = "size";

/// The height of the plot, and where it starts if no crossover is listed.
const PLOT_TOP: f64 = HEADING + 44.0;
const PLOT_HEIGHT: f64 = 430.0;
/// From one name to the next.
const LABEL_STEP: f64 = 21.0;
/// The widest name of a mode.
const WIDEST_LABEL: f64 = 150.0;
/// Room for the lines from the names to the first points.
const LEADERS: f64 = 56.0;
/// Room for the numbers of the time axis.
const TICK_WIDTH: f64 = 62.0;
/// From one line of the list of crossovers to the next.
const LIST_STEP: f64 = 24.0;
/// The radius of a crossover's number, and the room it takes below the curves.
const PIN: f64 = 9.0;
const PIN_ROOM: f64 = 40.0;
/// From a number in the list to its words, from its left.
const PIN_COLUMN: f64 = 2.0 * PIN + 8.0;
/// The modes whose crossovers are marked: where is it worth leaving them?
const BASELINES: [&str; 2] = ["python", "numpy"];

/// A mode with what was measured of it.
struct Series<'a> {
    mode: &'a Mode,
    /// Sizes and measurements, smallest first; never empty.
    points: Vec<(f64, &'a Measurement)>,
    fit: Option<&'a Fit>,
}

impl Series<'_> {
    fn first(&self) -> (f64, f64) {
        (self.points[0].0, self.points[0].1.median)
    }

    fn last_size(&self) -> f64 {
        self.points[self.points.len() - 1].0
    }

    /// The time at `n`: of the fit, or of the nearest measured point.
    fn time_at(&self, n: f64) -> f64 {
        let fitted = self.fit.map(|fit| fit.at(n)).filter(|time| *time > 0.0);
        fitted.unwrap_or_else(|| {
            let distance = |size: f64| (size / n).ln().abs();
            let nearest = self
                .points
                .iter()
                .min_by(|a, b| distance(a.0).total_cmp(&distance(b.0)));
            nearest.map_or(0.0, |(_, m)| m.median)
        })
    }
}

/// A crossover to mark: its size, its place and its words.
struct Crossing<'a> {
    n: f64,
    ci: Option<[f64; 2]>,
    time: f64,
    below: &'a Mode,
    above: &'a Mode,
}

/// Everything to draw.
struct Plan<'a> {
    caption: Caption,
    /// Fastest first at the smallest size.
    series: Vec<Series<'a>>,
    /// Smallest size first.
    crossings: Vec<Crossing<'a>>,
    foot: Vec<String>,
    x: Axis,
    y: Axis,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

/// Draws the figure.
///
/// # Errors
///
/// [`Error::NoData`] when no case of the group `size` was measured,
/// [`Error::Draw`] when the drawing library refuses.
pub fn draw(subject: Subject<'_>, theme: Theme) -> Result<String, Error> {
    let plan = Plan::new(subject)?;
    let height = plan.bottom + 66.0 + foot_height(&plan.foot) + 12.0;
    paint(&plan.caption, height, theme, |canvas| {
        heading(
            canvas,
            &plan.caption,
            "Median time of a call against the size of the arrays. \
             Both axes are logarithmic. Lower is faster.",
        )?;
        plan.draw_key(canvas)?;
        plan.draw_list(canvas)?;
        plan.draw_axes(canvas)?;
        plan.draw_drops(canvas)?;
        plan.draw_names(canvas)?;
        // Slowest first, so that the fast modes of the course lie on top.
        for strong in [false, true] {
            for series in plan.series.iter().rev() {
                let style = theme.style(series.mode);
                if style.strong == strong {
                    plan.draw_series(canvas, series, style)?;
                }
            }
        }
        plan.draw_crossings(canvas)?;
        let top = height - foot_height(&plan.foot) - 12.0;
        foot(canvas, top, &plan.foot)
    })
}

impl<'a> Plan<'a> {
    fn new(subject: Subject<'a>) -> Result<Self, Error> {
        let race = subject.race;
        let (case, series) = measured(race)?;
        let sizes = range(series.iter().flat_map(|s| s.points.iter().map(|p| p.0)));
        let times = range(
            series
                .iter()
                .flat_map(|s| s.points.iter().map(|p| p.1.median)),
        );
        let crossings = crossings(race, case, &series, sizes);
        let shown: Vec<&Mode> = series.iter().map(|s| s.mode).collect();
        let foot = foot_lines(
            subject,
            &shown,
            "Sorted by the time at the smallest size.",
            "",
        );

        let left = MARGIN + label_column(&series) + LEADERS;
        let right = WIDTH - MARGIN - TICK_WIDTH;
        let top = PLOT_TOP + list_height(&crossings);
        let bottom = top + PLOT_HEIGHT;
        let reserve = if crossings.is_empty() { 20.0 } else { PIN_ROOM };
        Ok(Self {
            caption: caption(case, shown.len(), sizes),
            x: padded_log(sizes, (left, right), (14.0, 14.0)),
            y: padded_log(times, (bottom, top), (reserve, 16.0)),
            series,
            crossings,
            foot,
            left,
            right,
            top,
            bottom,
        })
    }

    fn draw_key(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let theme = canvas.theme;
        let y = HEADING + 10.0;
        let stroke = Stroke::new(theme.muted, 2.0);
        let mut x = MARGIN;
        let names = [
            "fit: overhead + n × slope",
            "the same line, beyond the fitted sizes",
            "crossover, with its interval",
        ];
        for (index, name) in names.into_iter().enumerate() {
            let line = [(x, y), (x + 30.0, y)];
            match index {
                0 => canvas.line(&line, stroke)?,
                1 => canvas.dashes(&line, 4.0, stroke)?,
                _ if self.crossings.is_empty() => break,
                _ => {
                    canvas.line(&line, Stroke::new(theme.reference, 2.0))?;
                    canvas.ring((x + 15.0, y), 7.0, Stroke::new(theme.reference, 2.0))?;
                }
            }
            canvas.text(name, (x + 38.0, y), Ink::new(SMALL, theme.text))?;
            x += 38.0 + text::width(name, SMALL, false) + 24.0;
        }
        Ok(())
    }

    fn draw_axes(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let theme = canvas.theme;
        let ink = Ink::new(SMALL, theme.muted);
        let grid = Stroke::new(theme.grid, 1.0);
        for tick in self.x.ticks(12) {
            let x = self.x.at(tick);
            canvas.line(&[(x, self.top), (x, self.bottom)], grid)?;
            let words = power(tick);
            canvas.text(&words, (x, self.bottom + 16.0), ink.middle())?;
        }
        for tick in self.y.ticks(14) {
            let y = self.y.at(tick);
            canvas.line(&[(self.left, y), (self.right, y)], grid)?;
            canvas.text(&units::time(tick), (self.right + 8.0, y), ink)?;
        }
        let frame = Stroke::new(theme.axis, 1.0);
        canvas.line(
            &[
                (self.left, self.bottom),
                (self.right, self.bottom),
                (self.right, self.top),
            ],
            frame,
        )?;
        let middle = f64::midpoint(self.left, self.right);
        canvas.text(
            "n, the number of elements",
            (middle, self.bottom + 40.0),
            Ink::new(14.0, theme.text).middle(),
        )?;
        canvas.text(
            "time of a call",
            (WIDTH - MARGIN, self.top - 14.0),
            Ink::new(14.0, theme.text).end(),
        )
    }

    /// The names on the left, each with its time at the smallest size and a
    /// line to its first point.
    fn draw_names(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let theme = canvas.theme;
        let end = self.left - LEADERS;
        let wanted: Vec<f64> = self
            .series
            .iter()
            .rev()
            .map(|series| self.y.at(series.first().1))
            .collect();
        let places = text::spread(&wanted, LABEL_STEP, self.top + 22.0, self.bottom);
        let header = places.first().map_or(self.top, |first| first - 22.0);
        for (series, y) in self.series.iter().rev().zip(places) {
            let style = theme.style(series.mode);
            let (n, time) = series.first();
            let first = (self.x.at(n), self.y.at(time));
            let color = shade(theme, style).color;
            let leader = Stroke::new(color, 1.0).faint(0.7);
            canvas.line(&[(end + 6.0, y), (end + 14.0, y), first], leader)?;
            canvas.mark((MARGIN + 6.0, y), radius(style), style)?;
            let name = text::shorten(&label(series.mode), SMALL, style.strong, WIDEST_LABEL);
            let ink = name_ink(theme, style);
            canvas.text(&name, (MARGIN + 20.0, y), ink)?;
            let ink = Ink::new(SMALL, ink.color).end();
            canvas.text(&units::time(time), (end, y), ink)?;
        }
        let ink = Ink::new(SMALL, theme.muted).end();
        canvas.text(&self.time_header(), (end, header), ink)
    }

    fn time_header(&self) -> String {
        let smallest = self.series[0].first().0;
        if self
            .series
            .iter()
            .all(|series| series.first().0 <= smallest)
        {
            format!("time at n = {}", units::three_digits(smallest))
        } else {
            "time at smallest n".to_owned()
        }
    }

    fn draw_series(
        &self,
        canvas: &Canvas<'_>,
        series: &Series<'_>,
        style: Style,
    ) -> Result<(), Error> {
        let style = shade(canvas.theme, style);
        let width = if style.strong { 2.0 } else { 1.0 };
        let stroke = Stroke::new(style.color, width);
        if let Some(fit) = series.fit {
            let (first, last) = (series.first().0, series.last_size());
            let from = fit.n_min.clamp(first, last);
            let to = fit.n_max.clamp(first, last);
            canvas.dashes(&self.curve(fit, first, from), 4.0, stroke)?;
            canvas.line(&self.curve(fit, from, to), stroke)?;
            canvas.dashes(&self.curve(fit, to, last), 4.0, stroke)?;
        }
        for (n, m) in &series.points {
            canvas.mark((self.x.at(*n), self.y.at(m.median)), radius(style), style)?;
        }
        Ok(())
    }

    /// The fitted line from one size to another, as points on the sheet. A fit
    /// can be below zero at a small size; there it has no place.
    fn curve(&self, fit: &Fit, from: f64, to: f64) -> Vec<Point> {
        const STEPS: u32 = 60;
        let factor = to / from;
        if factor <= 1.0 {
            return Vec::new();
        }
        (0..=STEPS)
            .map(|step| from * factor.powf(f64::from(step) / f64::from(STEPS)))
            .map(|n| (n, fit.at(n)))
            .filter(|(_, time)| *time > 0.0)
            .map(|(n, time)| (self.x.at(n), self.y.at(time)))
            .filter(|(_, y)| (self.top..=self.bottom).contains(y))
            .collect()
    }

    /// The crossovers in words, above the plot, where no curve runs: each with
    /// the number it has in the plot.
    fn draw_list(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let numbered = (1_u32..).zip(&self.crossings);
        for ((number, crossing), at) in numbered.zip(list_places(&self.crossings)) {
            let at = (MARGIN + at.0, HEADING + 10.0 + LIST_STEP + at.1);
            draw_pin(canvas, number, (at.0 + PIN, at.1))?;
            let ink = Ink::new(SMALL, canvas.theme.text);
            canvas.text(&crossing.words(), (at.0 + PIN_COLUMN, at.1), ink)?;
        }
        Ok(())
    }

    /// The lines from the rings down to their numbers, which are moved apart.
    fn draw_drops(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let stroke = Stroke::new(canvas.theme.reference, 1.0);
        for (crossing, pin) in self.crossings.iter().zip(self.pins()) {
            let ring = (self.x.at(crossing.n), self.y.at(crossing.time));
            canvas.dashes(&[ring, (ring.0, pin.1 - 2.0 * PIN), pin], 2.0, stroke)?;
        }
        Ok(())
    }

    /// Where the numbers of the crossovers stand: between curves and axis.
    fn pins(&self) -> Vec<Point> {
        let wanted: Vec<f64> = self.crossings.iter().map(|c| self.x.at(c.n)).collect();
        let (low, high) = (self.left + PIN, self.right - PIN);
        let spread = text::spread(&wanted, 2.0 * PIN + 4.0, low, high);
        spread
            .into_iter()
            .map(|x| (x, self.bottom - 14.0))
            .collect()
    }

    fn draw_crossings(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let stroke = Stroke::new(canvas.theme.reference, 2.0);
        for ((number, crossing), pin) in (1_u32..).zip(&self.crossings).zip(self.pins()) {
            let at = (self.x.at(crossing.n), self.y.at(crossing.time));
            canvas.ring(at, 7.0, stroke)?;
            if let Some([low, high]) = crossing.ci {
                let inside = |n: f64| {
                    self.x
                        .at(n.max(f64::MIN_POSITIVE))
                        .clamp(self.left, self.right)
                };
                canvas.line(&[(inside(low), at.1), (inside(high), at.1)], stroke)?;
            }
            draw_pin(canvas, number, pin)?;
        }
        Ok(())
    }
}

/// The number of a crossover.
fn draw_pin(canvas: &Canvas<'_>, number: u32, at: Point) -> Result<(), Error> {
    let theme = canvas.theme;
    let style = Style {
        color: theme.reference,
        shape: Shape::Circle,
        hollow: true,
        strong: true,
    };
    canvas.mark(at, PIN, style)?;
    let ink = Ink::new(SMALL, theme.reference).middle();
    canvas.text(&number.to_string(), at, ink)
}

/// Where the lines of the list of crossovers start, from its upper left corner:
/// in two columns if each line fits, else in one.
fn list_places(crossings: &[Crossing<'_>]) -> Vec<Point> {
    let widths = crossings
        .iter()
        .map(|crossing| PIN_COLUMN + text::width(&crossing.words(), SMALL, false) + 16.0);
    let half = (WIDTH - 2.0 * MARGIN) / 2.0;
    let columns = if widths.fold(0.0, f64::max) <= half {
        2
    } else {
        1
    };
    let in_column = crossings.len().div_ceil(columns).max(1);
    let mut places = Vec::new();
    for (column, chunk) in (0_u32..).zip(crossings.chunks(in_column)) {
        for (line, _) in (0_u32..).zip(chunk) {
            places.push((f64::from(column) * half, f64::from(line) * LIST_STEP));
        }
    }
    places
}

impl Crossing<'_> {
    fn words(&self) -> String {
        format!(
            "{} beats {} from n = {}",
            text::shorten(&self.above.title, SMALL, false, WIDEST_LABEL),
            text::shorten(&self.below.title, SMALL, false, WIDEST_LABEL),
            units::size_from(self.n)
        )
    }
}

/// The height of the list of crossovers.
fn list_height(crossings: &[Crossing<'_>]) -> f64 {
    let lines = list_places(crossings)
        .into_iter()
        .map(|at| at.1 + LIST_STEP);
    lines.fold(0.0, f64::max)
}

/// The first size case with a measurement, and its modes.
fn measured(race: &Race) -> Result<(&Case, Vec<Series<'_>>), Error> {
    for case in race.cases_of("size") {
        let mut series: Vec<Series<'_>> = race
            .modes
            .iter()
            .map(|mode| Series {
                mode,
                points: race.sizes(&case.name, &mode.name),
                fit: race
                    .fits
                    .iter()
                    .find(|fit| fit.case == case.name && fit.mode == mode.name),
            })
            .filter(|series| !series.points.is_empty())
            .collect();
        if !series.is_empty() {
            series.sort_by(|a, b| a.first().1.total_cmp(&b.first().1));
            return Ok((case, series));
        }
    }
    Err(no_data(NAME, "size", race.cases_of("size")))
}

/// The crossovers worth a mark: for each baseline, the first and the last mode
/// of the course to overtake it. Smallest size first.
fn crossings<'a>(
    race: &'a Race,
    case: &Case,
    series: &[Series<'a>],
    (smallest, largest): (f64, f64),
) -> Vec<Crossing<'a>> {
    let mut marked = Vec::new();
    for baseline in BASELINES {
        let mut found: Vec<Crossing<'a>> = race
            .crossovers
            .iter()
            .filter(|crossover| crossover.case == case.name && crossover.below == baseline)
            .filter_map(|crossover| crossing(crossover, series))
            .filter(|crossing| (smallest..=largest).contains(&crossing.n))
            .collect();
        found.sort_by(|a, b| a.n.total_cmp(&b.n));
        if found.len() > 1 {
            marked.extend(found.pop());
        }
        found.truncate(1);
        marked.extend(found);
    }
    marked.sort_by(|a, b| a.n.total_cmp(&b.n));
    marked
}

fn crossing<'a>(crossover: &Crossover, series: &[Series<'a>]) -> Option<Crossing<'a>> {
    let find = |name: &str| series.iter().find(|series| series.mode.name == name);
    let (below, above) = (find(&crossover.below)?, find(&crossover.above)?);
    if above.mode.kind == Kind::Comparison {
        return None;
    }
    let n = crossover.n?;
    Some(Crossing {
        n,
        ci: crossover.ci,
        time: above.time_at(n),
        below: below.mode,
        above: above.mode,
    })
}

fn caption(case: &Case, modes: usize, (smallest, largest): (f64, f64)) -> Caption {
    Caption {
        name: NAME,
        title: format!("Overhead first, then work: {}", case.title),
        summary: format!(
            "The median time of one call of {} in {modes} modes, for {} to {} elements, \
             with the line of overhead plus time per element fitted to each.",
            case.title,
            units::three_digits(smallest),
            units::three_digits(largest)
        ),
    }
}

/// The width of the names and their times.
fn label_column(series: &[Series<'_>]) -> f64 {
    let name = series.iter().map(|series| {
        let strong = series.mode.kind != Kind::Comparison;
        text::width(&label(series.mode), SMALL, strong)
    });
    let widest = name.fold(0.0, f64::max).min(WIDEST_LABEL);
    let time = series
        .iter()
        .map(|series| text::width(&units::time(series.first().1), SMALL, false))
        .fold(0.0, f64::max);
    (20.0 + widest + 14.0 + time).max(text::width("time at smallest n", SMALL, false))
}

/// A logarithmic axis from pixel `from` to pixel `to`, with `pads` pixels at its
/// start and at its end where no value of the range lies.
fn padded_log((low, high): (f64, f64), (from, to): (f64, f64), pads: (f64, f64)) -> Axis {
    // One value alone still needs an axis: half a decade on both sides.
    let (low, high) = if low < high {
        (low, high)
    } else {
        (low / 3.0, high * 3.0)
    };
    let inner = (to - from).abs() - pads.0 - pads.1;
    let factor_a_pixel = (high / low).powf(inner.recip());
    let start = low / factor_a_pixel.powf(pads.0);
    let end = high * factor_a_pixel.powf(pads.1);
    Axis::log(start, end, from, to)
}

fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, 0.0), |(low, high), value| {
        (low.min(value), high.max(value))
    })
}

fn power(tick: f64) -> String {
    let exponent = (0..20_u32).find(|exponent| tick < 10_f64.powf(f64::from(*exponent) + 0.5));
    exponent.map_or_else(String::new, units::power_of_ten)
}

/// Modes for comparison stay in the background.
fn shade(theme: Theme, style: Style) -> Style {
    if style.strong {
        style
    } else {
        theme.faded(style)
    }
}

fn radius(style: Style) -> f64 {
    if style.strong { 4.0 } else { 3.0 }
}

fn name_ink(theme: Theme, style: Style) -> Ink {
    if style.strong {
        Ink::new(SMALL, theme.text).bold()
    } else {
        Ink::new(SMALL, theme.muted)
    }
}
