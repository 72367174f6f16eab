//! Where each rung stands below what the machine allows: the roofline model of
//! S. Williams, A. Waterman and D. Patterson (CACM 52, 2009).
//!
//! To the right: more operations for each byte of main memory. Upwards: more
//! operations in a second. A slanted roof is a memory, a flat one the arithmetic.

use plotters::style::RGBColor;

use crate::canvas::{Axis, Canvas, Caption, Ink, Point, Stroke, WIDTH, paint};
use crate::error::Error;
use crate::figures::{
    HEADING, MARGIN, SMALL, Subject, foot, foot_height, foot_lines, heading, label, no_data,
};
use crate::race::{ByThreads, Mode, Race, Roofline};
use crate::text;
use crate::theme::Theme;
use crate::units;

/// The start of the file's name.
pub const NAME: &str = "roofline";

/// The memory loop that has the traffic of a sweep: one stream in, one out.
const STREAM: &str = "scale";
/// The arithmetic of the kernel: no fused multiplication and addition.
const ARITHMETIC: &str = "separate";

const PLOT_HEIGHT: f64 = 400.0;
/// From one line of the key to the next.
const KEY_STEP: f64 = 24.0;
/// Room for the numbers of the vertical axis.
const TICK_WIDTH: f64 = 56.0;
/// From one name of a rung to the next, and from a point to its name.
const LABEL_STEP: f64 = 21.0;
const LABEL_GAP: f64 = 16.0;
/// The radius of a point.
const POINT: f64 = 6.0;

/// One roof, on so many threads.
struct Roof {
    words: String,
    color: RGBColor,
    dashed: bool,
    /// GB/s of a memory, or Gflop/s of the arithmetic.
    rate: f64,
    is_memory: bool,
}

struct Plan<'a> {
    race: &'a Race,
    roofline: &'a Roofline,
    roofs: Vec<Roof>,
    foot: Vec<String>,
    x: Axis,
    y: Axis,
    ends: [(f64, f64); 2],
    top: f64,
    bottom: f64,
    left: f64,
    right: f64,
}

/// Draws the figure.
///
/// # Errors
///
/// [`Error::NoData`] when the file has no roofline, no roof in it or no rung,
/// [`Error::Draw`] when the drawing library refuses.
pub fn draw(subject: Subject<'_>, theme: Theme) -> Result<String, Error> {
    let race = subject.race;
    let roofline = race
        .roofline
        .as_ref()
        .filter(|roofline| !roofline.rungs.is_empty());
    let plan = roofline
        .and_then(|roofline| Plan::new(subject, roofline, theme))
        .ok_or_else(|| no_data(NAME, "ladder", race.cases_of("ladder")))?;
    let height = plan.bottom + 62.0 + foot_height(&plan.foot) + 12.0;
    let caption = plan.caption();
    paint(&caption, height, theme, |canvas| {
        heading(
            canvas,
            &caption,
            "Operations a second against operations for each byte of main memory. \
             Both axes are logarithmic.",
        )?;
        plan.draw_key(canvas)?;
        plan.draw_axes(canvas)?;
        plan.draw_roofs(canvas)?;
        plan.draw_rungs(canvas)?;
        let top = height - foot_height(&plan.foot) - 12.0;
        foot(canvas, top, &plan.foot)
    })
}

fn roofs(roofline: &Roofline, theme: Theme) -> Vec<Roof> {
    let memory = |level: &str| roofline.bandwidth.get(level)?.get(STREAM);
    let kinds: [(&str, Option<&ByThreads>, RGBColor, bool); 3] = [
        ("main memory", memory("memory"), theme.numpy, true),
        ("second cache", memory("l2"), theme.ctypes, true),
        (
            "arithmetic",
            roofline.flops.get(ARITHMETIC),
            theme.reference,
            false,
        ),
    ];
    let mut found = Vec::new();
    for (name, rates, color, is_memory) in kinds {
        for (threads, words, dashed) in [("1", "1 thread", false), ("2", "2 threads", true)] {
            let Some(rate) = rates.and_then(|rates| rates.get(threads)) else {
                continue;
            };
            let unit = if is_memory { "GB/s" } else { "Gflop/s" };
            found.push(Roof {
                words: format!("{name}, {words}: {} {unit}", units::three_digits(*rate)),
                color,
                dashed,
                rate: *rate,
                is_memory,
            });
        }
    }
    found
}

impl<'a> Plan<'a> {
    /// `None` without a memory or without arithmetic: nothing would be a roof.
    fn new(subject: Subject<'a>, roofline: &'a Roofline, theme: Theme) -> Option<Self> {
        let roofs = roofs(roofline, theme);
        let peak = |is_memory| {
            let same = roofs.iter().filter(move |roof| roof.is_memory == is_memory);
            same.map(|roof| roof.rate).reduce(f64::max)
        };
        let (highest, _) = (peak(false)?, peak(true)?);
        let rungs = &roofline.rungs;
        let least = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::INFINITY, f64::min);
        let most = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, f64::max);
        let intensities = || rungs.iter().map(|rung| rung.intensity);
        let speeds = || rungs.iter().map(|rung| rung.gflops);
        let x_ends = (
            least(&mut intensities()) / 2.0,
            3.0 * most(&mut intensities()),
        );
        let y_ends = (
            least(&mut speeds()) / 2.0,
            1.6 * highest.max(most(&mut speeds())),
        );
        let shown: Vec<&Mode> = rungs
            .iter()
            .filter_map(|rung| subject.race.mode(&rung.mode))
            .collect();
        let foot = foot_lines(
            subject,
            &shown,
            &format!(
                "Grid of {} × {} cells of float64. A sweep reads 8 bytes of a cell and writes 8; \
                 skewed, many steps share that.",
                roofline.grid[0], roofline.grid[1]
            ),
            "Roofs: b = 3 a for the memories; multiplications and additions that wait for \
             nothing for the arithmetic.",
        );
        let lines: f64 = (0..roofs.len().div_ceil(2)).map(|_| KEY_STEP).sum();
        let top = HEADING + 16.0 + lines;
        let bottom = top + PLOT_HEIGHT;
        let (left, right) = (MARGIN + TICK_WIDTH, WIDTH - MARGIN);
        Some(Self {
            race: subject.race,
            roofline,
            roofs,
            foot,
            x: Axis::log(x_ends.0, x_ends.1, left, right),
            y: Axis::log(y_ends.0, y_ends.1, bottom, top),
            ends: [x_ends, y_ends],
            top,
            bottom,
            left,
            right,
        })
    }

    fn caption(&self) -> Caption {
        let [rows, columns] = self.roofline.grid;
        Caption {
            name: NAME,
            title: "What limits each rung: the roofline".to_owned(),
            summary: format!(
                "A roofline figure: the speed of {} rungs of the heat kernel on {rows} × {columns} \
                 cells, below the measured roofs of main memory, of the second cache and of the \
                 arithmetic, for one thread and for two.",
                self.roofline.rungs.len()
            ),
        }
    }

    /// The roofs in words, in two columns: one thread on the left.
    fn draw_key(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let half = (WIDTH - 2.0 * MARGIN) / 2.0;
        for (line, pair) in (0_u32..).zip(self.roofs.chunks(2)) {
            for (column, roof) in (0_u32..).zip(pair) {
                let x = MARGIN + f64::from(column) * half;
                let y = HEADING + 10.0 + f64::from(line) * KEY_STEP;
                draw_line(canvas, &[(x, y), (x + 34.0, y)], roof)?;
                let ink = Ink::new(SMALL, canvas.theme.text);
                canvas.text(&roof.words, (x + 44.0, y), ink)?;
            }
        }
        Ok(())
    }

    fn draw_axes(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let theme = canvas.theme;
        let ink = Ink::new(SMALL, theme.muted);
        let grid = Stroke::new(theme.grid, 1.0);
        for tick in ticks(self.ends[0]) {
            let x = self.x.at(tick);
            canvas.line(&[(x, self.top), (x, self.bottom)], grid)?;
            let words = units::three_digits(tick);
            canvas.text(&words, (x, self.bottom + 16.0), ink.middle())?;
        }
        for tick in ticks(self.ends[1]) {
            let y = self.y.at(tick);
            canvas.line(&[(self.left, y), (self.right, y)], grid)?;
            let words = units::three_digits(tick);
            canvas.text(&words, (self.left - 8.0, y), ink.end())?;
        }
        canvas.line(
            &[
                (self.left, self.top),
                (self.left, self.bottom),
                (self.right, self.bottom),
            ],
            Stroke::new(theme.axis, 1.0),
        )?;
        let ink = Ink::new(14.0, theme.text);
        let middle = f64::midpoint(self.left, self.right);
        canvas.text(
            "operations for each byte of main memory",
            (middle, self.bottom + 40.0),
            ink.middle(),
        )?;
        canvas.text_on_patch(
            "Gflop/s: 10⁹ operations in a second",
            (self.left + 8.0, self.top + 10.0),
            ink,
            theme.background,
        )
    }

    /// A memory's roof ends where it meets the arithmetic on as many threads.
    fn draw_roofs(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let [(x_low, x_high), (y_low, y_high)] = self.ends;
        for roof in &self.roofs {
            let flat = (self.roofs.iter())
                .find(|other| !other.is_memory && other.dashed == roof.dashed)
                .map_or(y_high, |other| other.rate);
            let line = if roof.is_memory {
                let from = x_low.max(y_low / roof.rate);
                let to = x_high.min(flat / roof.rate);
                if from >= to {
                    continue;
                }
                [(from, from * roof.rate), (to, to * roof.rate)]
            } else {
                let memories = self.roofs.iter().filter(|other| other.is_memory);
                let fastest = memories.map(|other| other.rate).fold(0.0, f64::max);
                [
                    (x_low.max(roof.rate / fastest), roof.rate),
                    (x_high, roof.rate),
                ]
            };
            let points = line.map(|(x, y)| (self.x.at(x), self.y.at(y)));
            draw_line(canvas, &points, roof)?;
        }
        Ok(())
    }

    /// The points with their names: those of few operations a byte have theirs on
    /// the right, the others on the left, where no roof is below them.
    fn draw_rungs(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let theme = canvas.theme;
        let middle = f64::midpoint(self.left, self.right);
        let mut points: Vec<(Point, &Mode, f64)> = (self.roofline.rungs.iter())
            .filter_map(|rung| {
                let at = (self.x.at(rung.intensity), self.y.at(rung.gflops));
                Some((at, self.race.mode(&rung.mode)?, rung.gflops))
            })
            .collect();
        points.sort_by(|a, b| a.0.1.total_cmp(&b.0.1));
        for on_right in [true, false] {
            let side: Vec<_> = (points.iter())
                .filter(|(at, _, _)| (at.0 < middle) == on_right)
                .collect();
            let wanted: Vec<f64> = side.iter().map(|(at, _, _)| at.1).collect();
            let places = text::spread(&wanted, LABEL_STEP, self.top + 30.0, self.bottom - 12.0);
            let column = if on_right {
                side.iter().map(|(at, _, _)| at.0).fold(0.0, f64::max) + 2.0 * LABEL_GAP
            } else {
                let first = side.iter().map(|(at, _, _)| at.0);
                first.fold(f64::INFINITY, f64::min) - 2.0 * LABEL_GAP
            };
            for ((at, mode, speed), y) in side.into_iter().zip(places) {
                let style = theme.style(mode);
                let words = format!("{}: {}", label(mode), units::three_digits(*speed));
                let toward = if on_right { column - 5.0 } else { column + 5.0 };
                let leader = Stroke::new(style.color, 1.0);
                canvas.line(&[*at, (toward, y)], leader)?;
                let ink = Ink::new(14.0, theme.text).bold();
                let ink = if on_right { ink } else { ink.end() };
                canvas.text_on_patch(&words, (column, y), ink, theme.background)?;
                canvas.mark(*at, POINT, style)?;
            }
        }
        Ok(())
    }
}

fn draw_line(canvas: &Canvas<'_>, points: &[Point], roof: &Roof) -> Result<(), Error> {
    let stroke = Stroke::new(roof.color, 2.5);
    if roof.dashed {
        canvas.dashes(points, 6.0, stroke)
    } else {
        canvas.line(points, stroke)
    }
}

/// 1, 2 or 5 times a power of ten.
fn ticks((low, high): (f64, f64)) -> Vec<f64> {
    let products = (-6..=6_i32).flat_map(|exponent| {
        let power = 10_f64.powi(exponent);
        [1.0, 2.0, 5.0].map(|factor| factor * power)
    });
    products
        .filter(|value| (low..=high).contains(value))
        .collect()
}
