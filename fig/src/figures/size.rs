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
use crate::theme::{Style, Theme};
use crate::units;

/// The start of the file's name.
pub const NAME: &str = "size";

/// The height of the plot, and where it starts.
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
/// From one crossover's label to the next, below the curves.
const CROSSOVER_STEP: f64 = 22.0;
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
        let foot = foot_lines(subject, &shown, "Sorted by the time at the smallest size.");

        let left = MARGIN + label_column(&series) + LEADERS;
        let right = WIDTH - MARGIN - TICK_WIDTH;
        let bottom = PLOT_TOP + PLOT_HEIGHT;
        let reserve: f64 = crossings.iter().map(|_| CROSSOVER_STEP).sum::<f64>() + 20.0;
        Ok(Self {
            caption: caption(case, shown.len(), sizes),
            x: padded_log(sizes, (left, right), (14.0, 14.0)),
            y: padded_log(times, (bottom, PLOT_TOP), (reserve, 16.0)),
            series,
            crossings,
            foot,
            left,
            right,
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
            canvas.line(&[(x, PLOT_TOP), (x, self.bottom)], grid)?;
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
                (self.right, PLOT_TOP),
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
            (WIDTH - MARGIN, PLOT_TOP - 14.0),
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
        let places = text::spread(&wanted, LABEL_STEP, PLOT_TOP + 22.0, self.bottom);
        let header = places.first().map_or(PLOT_TOP, |first| first - 22.0);
        for (series, y) in self.series.iter().rev().zip(places) {
            let style = theme.style(series.mode);
            let (n, time) = series.first();
            let first = (self.x.at(n), self.y.at(time));
            let leader = Stroke::new(style.color, 1.0).faint(0.7);
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
            .filter(|(_, y)| (PLOT_TOP..=self.bottom).contains(y))
            .collect()
    }

    /// The height of a crossover's label. The largest size stands on top, so
    /// that no line down to a label runs through another label.
    fn crossing_row(&self, index: usize) -> f64 {
        let below: f64 = self.crossings[..index].iter().map(|_| CROSSOVER_STEP).sum();
        self.bottom - 16.0 - below
    }

    /// The lines from the rings down to the labels.
    fn draw_drops(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let stroke = Stroke::new(canvas.theme.reference, 1.0);
        for (index, crossing) in self.crossings.iter().enumerate() {
            let x = self.x.at(crossing.n);
            let ring = self.y.at(crossing.time);
            let line = [(x, ring), (x, self.crossing_row(index))];
            canvas.dashes(&line, 2.0, stroke)?;
        }
        Ok(())
    }

    fn draw_crossings(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let theme = canvas.theme;
        let stroke = Stroke::new(theme.reference, 2.0);
        for (index, crossing) in self.crossings.iter().enumerate() {
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
            let words = crossing.words();
            let ink = Ink::new(SMALL, theme.reference);
            let width = text::width(&words, SMALL, false);
            let fits = at.0 + 8.0 + width <= self.right - 4.0;
            let (x, ink) = if fits {
                (at.0 + 8.0, ink)
            } else {
                (at.0 - 8.0, ink.end())
            };
            let y = self.crossing_row(index);
            canvas.text_on_patch(&words, (x, y), ink, theme.background)?;
        }
        Ok(())
    }
}

impl Crossing<'_> {
    fn words(&self) -> String {
        format!(
            "{} beats {} from n = {}",
            text::shorten(&self.above.title, SMALL, false, WIDEST_LABEL),
            text::shorten(&self.below.title, SMALL, false, WIDEST_LABEL),
            units::three_digits(self.n.round().max(1.0))
        )
    }
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
