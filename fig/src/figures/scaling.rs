//! What more processes gain: strong scaling (one grid for all) on the left,
//! weak scaling (as many rows for each) on the right.
//!
//! Both are the time of one thread over the time of the many. Ideal is the
//! number of processes on the left and 1 on the right, as long as each has a
//! core of its own.

use std::collections::BTreeMap;

use crate::canvas::{Axis, Canvas, Caption, Ink, Point, Stroke, WIDTH, paint};
use crate::error::Error;
use crate::figures::{
    HEADING, MARGIN, SMALL, Subject, foot, foot_height, heading, missing_modes, no_data,
    source_lines,
};
use crate::race::{Mode, Race};
use crate::text;
use crate::theme::{Shape, Style, Theme};

/// The start of the file's name.
pub const NAME: &str = "scaling";

/// The mode that all are compared with: one process, one thread.
const BASE: &str = "threads-1";
/// The cases of the panels, which are their groups too.
const CASES: [&str; 2] = ["strong", "weak"];

const PLOT_TOP: f64 = HEADING + 72.0;
const PLOT_HEIGHT: f64 = 300.0;
/// Between the panels, and the room for the numbers on the left of each.
const GAP: f64 = 36.0;
const TICK_WIDTH: f64 = 40.0;
/// From one value beside a column of points to the next.
const LABEL_STEP: f64 = 18.0;
const RADIUS: f64 = 5.0;
/// The height of the key, and what is between its entries.
const KEY: f64 = HEADING + 12.0;
const KEY_GAP: f64 = 20.0;

/// What shares the work: the word in the file, and the words of the key.
pub(super) const SYSTEMS: [(&str, &str); 3] = [
    ("threads", "threads of one process"),
    ("mpi", "MPI processes"),
    ("dask", "Dask workers"),
];

/// How a system is drawn: the same in each figure.
pub(super) fn style(theme: Theme, system: &str, hollow: bool) -> Style {
    let (color, shape) = match system {
        "mpi" => (theme.numpy, Shape::Circle),
        "dask" => (theme.cffi, Shape::Square),
        _ => (theme.muted, Shape::Diamond),
    };
    Style {
        color,
        shape,
        hollow,
        strong: true,
    }
}

/// A measured mode in a panel.
struct Measured<'a> {
    system: &'a str,
    processes: u32,
    oversubscribed: bool,
    /// Time of one thread over the time of these, and its quartiles.
    gain: f64,
    low: f64,
    high: f64,
}

/// One panel: what to draw, and where.
struct Panel<'a> {
    title: String,
    measured: Vec<Measured<'a>>,
    ideal: Vec<(f64, f64)>,
    x: Axis,
    y: Axis,
    left: f64,
    right: f64,
    top: f64,
}

/// Draws the figure.
///
/// # Errors
///
/// [`Error::NoData`] when nothing, or not one thread alone, was measured of a
/// panel, [`Error::Draw`] when the drawing library refuses.
pub fn draw(subject: Subject<'_>, theme: Theme) -> Result<String, Error> {
    let race = subject.race;
    let width = (WIDTH - 2.0 * MARGIN - GAP) / 2.0;
    let foot_text = foot_text(subject);
    let titles = ["Speed-up", "Efficiency"];
    let mut panels = Vec::new();
    for ((case, title), left) in CASES.iter().zip(titles).zip([MARGIN, MARGIN + width + GAP]) {
        panels.push(Panel::new(race, case, title, left, left + width)?);
    }
    let caption = Caption {
        name: NAME,
        title: "The heat grid on more and more processes".to_owned(),
        summary: "Speed-up on one grid, and efficiency on a grid that grows with the \
                  number of processes, for MPI, Dask and threads, next to the ideal."
            .to_owned(),
    };
    let height = PLOT_TOP + PLOT_HEIGHT + 60.0 + foot_height(&foot_text) + 12.0;
    paint(&caption, height, theme, |canvas| {
        heading(
            canvas,
            &caption,
            "Time of a step in one process with one thread, over the time of a step here. \
             Higher is faster.",
        )?;
        let end = key(canvas, &SYSTEMS)?;
        let oversubscribed = race.modes.iter().any(|mode| mode.oversubscribed);
        more_of_the_key(canvas, end, oversubscribed)?;
        for panel in &panels {
            panel.draw(canvas)?;
        }
        foot(canvas, height - foot_height(&foot_text) - 12.0, &foot_text)
    })
}

/// What did not run, and where the numbers come from.
pub(super) fn foot_text(subject: Subject<'_>) -> Vec<String> {
    let missing = missing_modes(subject.race);
    let missing = match missing.as_str() {
        "" => String::new(),
        modes => format!("Not run: {modes}."),
    };
    std::iter::once(missing)
        .chain(source_lines(subject))
        .flat_map(|line| text::wrap(&line, SMALL, WIDTH - 2.0 * MARGIN))
        .collect()
}

/// The marks and their names, in a line below the heading; returns where it ends.
pub(super) fn key(canvas: &Canvas<'_>, systems: &[(&str, &str)]) -> Result<f64, Error> {
    let theme = canvas.theme;
    let mut x = MARGIN;
    for (system, words) in systems {
        canvas.mark((x + RADIUS, KEY), RADIUS, style(theme, system, false))?;
        canvas.text(words, (x + 16.0, KEY), Ink::new(SMALL, theme.text))?;
        x += 16.0 + text::width(words, SMALL, false) + KEY_GAP;
    }
    Ok(x)
}

/// The dashes of the ideal, and the hollow mark if there is one.
fn more_of_the_key(canvas: &Canvas<'_>, x: f64, oversubscribed: bool) -> Result<(), Error> {
    let theme = canvas.theme;
    let ink = Ink::new(SMALL, theme.text);
    let dashed = Stroke::new(theme.reference, 1.5);
    canvas.dashes(&[(x, KEY), (x + 28.0, KEY)], 4.0, dashed)?;
    canvas.text("ideal", (x + 36.0, KEY), ink)?;
    if oversubscribed {
        let x = x + 36.0 + text::width("ideal", SMALL, false) + KEY_GAP;
        canvas.mark((x + RADIUS, KEY), RADIUS, style(theme, "mpi", true))?;
        canvas.text("hollow: more than there are cores", (x + 16.0, KEY), ink)?;
    }
    Ok(())
}

impl<'a> Panel<'a> {
    fn new(
        race: &'a Race,
        case: &'a str,
        title: &str,
        left: f64,
        right: f64,
    ) -> Result<Self, Error> {
        let measured = measured(race, case);
        if measured.is_empty() {
            return Err(no_data(NAME, case, race.cases_of(case)));
        }
        let own_core = measured.iter().filter(|m| !m.oversubscribed);
        let cores = own_core.map(|m| m.processes).max().unwrap_or(1);
        let most = measured.iter().map(|m| m.processes).max().unwrap_or(1);
        let ideal = ideal(case, cores, most);
        let highest = measured.iter().map(|m| m.high);
        let highest = ideal.iter().map(|p| p.1).chain(highest).fold(1.0, f64::max);
        let (plot_left, plot_right) = (left + TICK_WIDTH, right);
        let bottom = PLOT_TOP + PLOT_HEIGHT;
        let words = race.cases_of(case).next().map_or("", |c| c.title.as_str());
        Ok(Self {
            title: text::shorten(&format!("{title}: {words}"), 14.0, true, right - left),
            measured,
            ideal,
            // On the right there is room for the values beside the last points.
            x: Axis::linear(0.7, f64::from(most) + 0.8, plot_left, plot_right),
            y: Axis::linear(0.0, highest * 1.12, bottom, PLOT_TOP),
            left: plot_left,
            right: plot_right,
            top: PLOT_TOP,
        })
    }

    fn at(&self, processes: f64, gain: f64) -> Point {
        (self.x.at(processes), self.y.at(gain))
    }

    fn draw(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        self.draw_axes(canvas)?;
        let dashed = Stroke::new(canvas.theme.reference, 1.5);
        let ideal: Vec<Point> = self
            .ideal
            .iter()
            .map(|(p, gain)| self.at(*p, *gain))
            .collect();
        canvas.dashes(&ideal, 4.0, dashed)?;
        for (system, _) in SYSTEMS {
            self.draw_system(canvas, system)?;
        }
        self.draw_values(canvas)
    }

    fn draw_axes(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let theme = canvas.theme;
        let bottom = self.y.at(0.0);
        let ink = Ink::new(SMALL, theme.muted);
        for tick in self.y.ticks(8) {
            let y = self.y.at(tick);
            let grid = Stroke::new(theme.grid, 1.0);
            canvas.line(&[(self.left, y), (self.right, y)], grid)?;
            canvas.text(&format!("{tick:.1}"), (self.left - 8.0, y), ink.end())?;
        }
        for (processes, _) in self.columns() {
            let x = self.x.at(f64::from(processes));
            canvas.text(&processes.to_string(), (x, bottom + 16.0), ink.middle())?;
        }
        let frame = Stroke::new(theme.axis, 1.0);
        canvas.line(&[(self.left, bottom), (self.right, bottom)], frame)?;
        let ink = Ink::new(14.0, theme.text);
        let left = self.left - TICK_WIDTH;
        canvas.text(&self.title, (left, self.top - 26.0), ink.bold())?;
        let middle = f64::midpoint(self.left, self.right);
        canvas.text(
            "processes or threads",
            (middle, bottom + 38.0),
            ink.middle(),
        )
    }

    /// A line through the points of a system, whiskers from quartile to quartile,
    /// and the marks.
    fn draw_system(&self, canvas: &Canvas<'_>, system: &str) -> Result<(), Error> {
        let theme = canvas.theme;
        let of_system = || self.measured.iter().filter(|m| m.system == system);
        let place = |m: &Measured<'_>| self.at(f64::from(m.processes), m.gain);
        let path: Vec<Point> = of_system().map(place).collect();
        let stroke = Stroke::new(style(theme, system, false).color, 2.0);
        if path.len() > 1 {
            canvas.line(&path, stroke)?;
        }
        for m in of_system() {
            let processes = f64::from(m.processes);
            canvas.line(
                &[self.at(processes, m.low), self.at(processes, m.high)],
                stroke,
            )?;
            canvas.mark(place(m), RADIUS, style(theme, system, m.oversubscribed))?;
        }
        Ok(())
    }

    /// The values, right of each column of points: each with its mark, since they
    /// are moved apart.
    fn draw_values(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let theme = canvas.theme;
        let bottom = self.y.at(0.0);
        for (processes, mut column) in self.columns() {
            column.sort_by(|a, b| b.gain.total_cmp(&a.gain));
            let wanted: Vec<f64> = column.iter().map(|m| self.y.at(m.gain)).collect();
            let places = text::spread(&wanted, LABEL_STEP, self.top, bottom - 10.0);
            let x = self.x.at(f64::from(processes));
            for (m, y) in column.iter().zip(places) {
                let small = style(theme, m.system, m.oversubscribed);
                canvas.mark((x + 18.0, y), 3.5, small)?;
                let words = format!("{:.2}", m.gain);
                let ink = Ink::new(SMALL, theme.text);
                canvas.text_on_patch(&words, (x + 26.0, y), ink, theme.background)?;
            }
        }
        Ok(())
    }

    /// What was measured with each number of processes.
    fn columns(&self) -> BTreeMap<u32, Vec<&Measured<'a>>> {
        let mut columns: BTreeMap<u32, Vec<&Measured<'a>>> = BTreeMap::new();
        for m in &self.measured {
            columns.entry(m.processes).or_default().push(m);
        }
        columns
    }
}

/// What was measured of a case, fewest processes first; nothing without the base.
fn measured<'a>(race: &'a Race, case: &str) -> Vec<Measured<'a>> {
    let Some(base) = race.measurement(case, BASE) else {
        return Vec::new();
    };
    let of_mode = |mode: &'a Mode| {
        let m = race.measurement(case, &mode.name)?;
        Some(Measured {
            system: mode.system.as_deref()?,
            processes: mode.processes?,
            oversubscribed: mode.oversubscribed,
            gain: base.median / m.median,
            low: base.median / m.q3,
            high: base.median / m.q1,
        })
    };
    let mut measured: Vec<_> = race.modes.iter().filter_map(of_mode).collect();
    measured.sort_by_key(|m| m.processes);
    measured
}

/// With a core for each process nothing is lost; beyond that the cores are shared.
fn ideal(case: &str, cores: u32, most: u32) -> Vec<(f64, f64)> {
    let (cores, most) = (f64::from(cores), f64::from(most));
    if case == "strong" {
        vec![(1.0, 1.0), (cores, cores), (most, cores)]
    } else {
        // A curve beyond the cores: as many pieces as it takes to look smooth.
        let beyond = (0..=20_u32).map(|k| cores + (most - cores) * f64::from(k) / 20.0);
        std::iter::once((1.0, 1.0))
            .chain(beyond.map(|processes| (processes, cores / processes)))
            .collect()
    }
}
