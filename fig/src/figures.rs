//! The figures, and what they share: heading, foot and names.

pub mod by_size;
pub mod halo;
pub mod heat;
pub mod ladder;
pub mod overhead;
pub mod peers;
pub mod roofline;
pub mod rows;
pub mod scaling;
pub mod size;

use crate::canvas::{Canvas, Caption, Ink, WIDTH};
use crate::error::Error;
use crate::race::{Case, Kind, Mode, Race, Status};
use crate::source::Origin;
use crate::text;
use crate::theme::{DARK, LIGHT, Theme};

/// The empty border on the left and on the right, in pixels.
const MARGIN: f64 = 24.0;
/// The smallest text, in pixels.
const SMALL: f64 = 13.0;
/// From one line of the foot to the next, in pixels.
const FOOT_LINE: f64 = 19.0;
/// Where the heading ends, in pixels from the top.
const HEADING: f64 = 76.0;

/// One figure, drawn.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// The name of its file: `size-dark.svg`.
    pub file_name: String,
    /// The SVG text.
    pub svg: String,
}

/// A race to draw, and where it comes from.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// What was measured.
    pub race: &'a Race,
    /// On this machine, or in a record.
    pub origin: Origin,
}

/// The measured files that figures are drawn from, without `.json`.
pub const DOCUMENTS: [&str; 4] = ["race", "ladder", "peers", "scaling"];

type Draw = fn(Subject<'_>, Theme) -> Result<String, Error>;

/// The figures of one measured file.
fn figures_of(document: &str) -> &'static [(&'static str, Draw)] {
    match document {
        "race" => &[
            (overhead::NAME, overhead::draw),
            (size::NAME, size::draw),
            (heat::NAME, heat::draw),
        ],
        "ladder" => &[
            (ladder::NAME, ladder::draw),
            (roofline::NAME, roofline::draw),
            (by_size::NAME, by_size::draw),
        ],
        "peers" => &[(peers::NAME, peers::draw)],
        "scaling" => &[(scaling::NAME, scaling::draw), (halo::NAME, halo::draw)],
        _ => &[],
    }
}

/// Draws each figure of a measured file in each theme.
///
/// # Errors
///
/// [`Error::NoData`] for a figure that would be empty, [`Error::Draw`] when
/// the drawing library refuses.
pub fn draw_all(document: &str, subject: Subject<'_>) -> Result<Vec<Drawing>, Error> {
    let mut drawings = Vec::new();
    for (name, draw) in figures_of(document) {
        for theme in [LIGHT, DARK] {
            drawings.push(Drawing {
                file_name: format!("{name}-{}.svg", theme.name),
                svg: draw(subject, theme)?,
            });
        }
    }
    Ok(drawings)
}

/// Draws the heading and the line below it that says how to read the figure.
fn heading(canvas: &Canvas<'_>, caption: &Caption, how_to_read: &str) -> Result<(), Error> {
    let theme = canvas.theme;
    let title = text::shorten(&caption.title, 22.0, true, WIDTH - 2.0 * MARGIN);
    canvas.text(&title, (MARGIN, 32.0), Ink::new(22.0, theme.text).bold())?;
    canvas.text(how_to_read, (MARGIN, 58.0), Ink::new(14.0, theme.muted))
}

/// The lines at the foot of a figure that shows the modes `shown`: how they are
/// sorted, what else needs a sentence (or nothing), which modes are not in it,
/// and where the numbers come from.
fn foot_lines(subject: Subject<'_>, shown: &[&Mode], sorted: &str, extra: &str) -> Vec<String> {
    let mut note = sorted.to_owned();
    if shown.iter().any(|mode| mode.kind == Kind::Comparison) {
        note.push_str(" Grey: for comparison.");
    }
    if shown.iter().any(|mode| mode.deprecated) {
        note.push_str(" † Deprecated by its own project.");
    }
    let missing = missing_modes(subject.race);
    let missing = match missing.as_str() {
        "" => String::new(),
        modes => format!("Not run: {modes}."),
    };
    [note, extra.to_owned(), missing]
        .into_iter()
        .chain(source_lines(subject))
        .collect::<Vec<_>>()
        .iter()
        .flat_map(|line| text::wrap(line, SMALL, WIDTH - 2.0 * MARGIN))
        .collect()
}

fn missing_modes(race: &Race) -> String {
    let missing: Vec<String> = race
        .modes
        .iter()
        .filter_map(|mode| match mode.status {
            Status::Ok => None,
            Status::Failed => Some(format!("{} (failed)", mode.title)),
            Status::Absent => Some(format!("{} (absent)", mode.title)),
        })
        .collect();
    missing.join(", ")
}

/// `measured 2026-11-20 on AMD EPYC, this machine, quick run`, and above it
/// what may have disturbed the run. A warning too long for one line is counted
/// only.
fn source_lines(Subject { race, origin }: Subject<'_>) -> Vec<String> {
    let origin = match origin {
        Origin::ThisMachine => "this machine",
        Origin::Record => "committed record",
    };
    let mut line = format!("measured {} on {}, {origin}", race.day(), race.machine.cpu);
    if race.quick {
        line.push_str(", quick run");
    }
    let warnings = &race.machine.warnings;
    let Some(first) = warnings.first() else {
        return vec![line];
    };
    let noise = match warnings.len() {
        1 => format!("noise: {first}"),
        count => format!("noise: {first} (and {} more)", count - 1),
    };
    if text::width(&noise, SMALL, false) <= WIDTH - 2.0 * MARGIN {
        return vec![noise, line];
    }
    match warnings.len() {
        1 => line.push_str(", 1 warning in the file"),
        count => line.push_str(&format!(", {count} warnings in the file")),
    }
    vec![line]
}

fn foot(canvas: &Canvas<'_>, top: f64, lines: &[String]) -> Result<(), Error> {
    let ink = Ink::new(SMALL, canvas.theme.muted);
    for (row, line) in (0_u32..).zip(lines) {
        let y = top + (f64::from(row) + 0.5) * FOOT_LINE;
        canvas.text(line, (MARGIN, y), ink)?;
    }
    Ok(())
}

fn foot_height(lines: &[String]) -> f64 {
    lines.iter().map(|_| FOOT_LINE).sum()
}

/// The name of a mode in a figure.
fn label(mode: &Mode) -> String {
    let dagger = if mode.deprecated { " †" } else { "" };
    format!("{}{dagger}", mode.title)
}

/// The error of a figure that would be empty: it names the cases that were
/// looked for, or their group where the file lists none.
fn no_data<'a>(figure: &'static str, group: &str, cases: impl Iterator<Item = &'a Case>) -> Error {
    let names: Vec<String> = cases.map(|case| case.name.clone()).collect();
    let cases = match names.as_slice() {
        [] => format!("any case of the group \"{group}\""),
        [one] => format!("the case {one}"),
        _ => format!("the cases {}", and_list(&names)),
    };
    Error::NoData { figure, cases }
}

/// `a, b and c`.
fn and_list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}
