//! A sheet to draw on: `plotters`' SVG backend, in pixels as `f64`.
//!
//! Positions are pixels from the upper left corner, x to the right and y down.

use plotters::coord::Shift;
use plotters::coord::combinators::IntoLogRange;
use plotters::coord::ranged1d::{BoldPoints, Ranged};
use plotters::coord::types::RangedCoordf64;
use plotters::element::DashedPathElement;
use plotters::prelude::{
    Circle, DrawingArea, DrawingAreaErrorKind, FontFamily, FontStyle, IntoDrawingArea, LogCoord,
    PathElement, Polygon, Rectangle, SVGBackend,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBAColor, RGBColor, ShapeStyle, TextStyle};

use crate::error::Error;
use crate::text;
use crate::theme::{Shape, Style, Theme};

/// The width of each figure in pixels.
pub const WIDTH: f64 = 960.0;

/// Units of the backend in a pixel. It rounds positions to whole units; with
/// four of them a slanted line has no visible steps.
const UNITS: f64 = 4.0;

/// The backend divides each font size by this before it writes it.
const FONT_DIVISOR: f64 = 1.24;

/// A place, `(x, y)` in pixels.
pub type Point = (f64, f64);

/// What a figure is and says, for its file and for a screen reader.
#[derive(Debug, Clone)]
pub struct Caption {
    /// The start of the file's name: `size`.
    pub name: &'static str,
    /// The heading.
    pub title: String,
    /// One sentence on what was measured.
    pub summary: String,
}

/// How text is set. The point given to draw it is the middle of its height.
#[derive(Debug, Clone, Copy)]
pub struct Ink {
    /// Height of the font in pixels.
    pub size: f64,
    /// Its colour.
    pub color: RGBColor,
    /// Bold or regular.
    pub bold: bool,
    /// Which part of the text the point is.
    pub anchor: Anchor,
}

/// Which part of a text its point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The text starts there.
    Start,
    /// The text has its middle there.
    Middle,
    /// The text ends there.
    End,
}

impl Ink {
    /// Regular text that starts at its point.
    #[must_use]
    pub fn new(size: f64, color: RGBColor) -> Self {
        Self {
            size,
            color,
            bold: false,
            anchor: Anchor::Start,
        }
    }

    /// The same in bold.
    #[must_use]
    pub fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// The same with its middle at its point.
    #[must_use]
    pub fn middle(self) -> Self {
        Self {
            anchor: Anchor::Middle,
            ..self
        }
    }

    /// The same with its end at its point.
    #[must_use]
    pub fn end(self) -> Self {
        Self {
            anchor: Anchor::End,
            ..self
        }
    }
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Stroke {
    /// Its colour.
    pub color: RGBColor,
    /// Its width in pixels.
    pub width: f64,
    /// 1 covers what is behind, 0 shows nothing.
    pub opacity: f64,
}

impl Stroke {
    /// A line that covers what is behind it.
    #[must_use]
    pub fn new(color: RGBColor, width: f64) -> Self {
        Self {
            color,
            width,
            opacity: 1.0,
        }
    }

    /// The same, seen through.
    #[must_use]
    pub fn faint(self, opacity: f64) -> Self {
        Self { opacity, ..self }
    }
}

/// A sheet, and the colours to draw on it with.
pub struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    /// The colours.
    pub theme: Theme,
}

/// Draws a sheet of [`WIDTH`] by `height` pixels and returns it as SVG text
/// with a `<title>` and a `<desc>` for screen readers.
///
/// # Errors
///
/// [`Error::Draw`] when the drawing library refuses, and whatever `draw` says.
pub fn paint(
    caption: &Caption,
    height: f64,
    theme: Theme,
    draw: impl FnOnce(&Canvas<'_>) -> Result<(), Error>,
) -> Result<String, Error> {
    let mut svg = String::new();
    {
        let size = (units(WIDTH).unsigned_abs(), units(height).unsigned_abs());
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        area.fill(&theme.background).map_err(refused)?;
        let canvas = Canvas { area, theme };
        draw(&canvas)?;
        canvas.area.present().map_err(refused)?;
    }
    Ok(finish(&svg, caption, height, theme))
}

impl Canvas<'_> {
    /// A line through `points`.
    ///
    /// # Errors
    ///
    /// [`Error::Draw`], as for each drawing function below.
    pub fn line(&self, points: &[Point], stroke: Stroke) -> Result<(), Error> {
        let path: Vec<_> = points.iter().copied().map(place).collect();
        self.area
            .draw(&PathElement::new(path, shape_style(stroke)))
            .map_err(refused)
    }

    /// A line of dashes `dash` pixels long through `points`.
    ///
    /// # Errors
    ///
    /// [`Error::Draw`].
    pub fn dashes(&self, points: &[Point], dash: f64, stroke: Stroke) -> Result<(), Error> {
        let path: Vec<_> = points.iter().copied().map(place).collect();
        let dash = units(dash);
        self.area
            .draw(&DashedPathElement::new(
                path,
                dash,
                dash,
                shape_style(stroke),
            ))
            .map_err(refused)
    }

    /// A filled rectangle between two corners.
    ///
    /// # Errors
    ///
    /// [`Error::Draw`].
    pub fn fill(&self, from: Point, to: Point, color: RGBColor, opacity: f64) -> Result<(), Error> {
        let style = color.mix(opacity).filled();
        self.area
            .draw(&Rectangle::new([place(from), place(to)], style))
            .map_err(refused)
    }

    /// Text at a point.
    ///
    /// # Errors
    ///
    /// [`Error::Draw`].
    pub fn text(&self, words: &str, at: Point, ink: Ink) -> Result<(), Error> {
        let size = ink.size * UNITS * FONT_DIVISOR;
        let style = if ink.bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        };
        let h_pos = match ink.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let font = (FontFamily::SansSerif, size, style);
        let style = TextStyle::from(font)
            .color(&ink.color)
            .pos(Pos::new(h_pos, VPos::Center));
        self.area
            .draw_text(words, &style, place(at))
            .map_err(refused)
    }

    /// Text on a patch of the background, so that no line runs through it.
    ///
    /// # Errors
    ///
    /// [`Error::Draw`].
    pub fn text_on_patch(
        &self,
        words: &str,
        at: Point,
        ink: Ink,
        patch: RGBColor,
    ) -> Result<(), Error> {
        let width = text::width(words, ink.size, ink.bold);
        let start = match ink.anchor {
            Anchor::Start => at.0,
            Anchor::Middle => at.0 - width / 2.0,
            Anchor::End => at.0 - width,
        };
        let half = ink.size * 0.6;
        self.fill(
            (start - 2.0, at.1 - half),
            (start + width + 2.0, at.1 + half),
            patch,
            1.0,
        )?;
        self.text(words, at, ink)
    }

    /// The mark of a mode, `radius` pixels large.
    ///
    /// # Errors
    ///
    /// [`Error::Draw`].
    pub fn mark(&self, at: Point, radius: f64, style: Style) -> Result<(), Error> {
        // Hollow marks are filled with the background: no line shows through.
        let inside = if style.hollow {
            self.theme.background
        } else {
            style.color
        };
        let stroke = Stroke::new(style.color, 1.5);
        if style.shape == Shape::Circle {
            self.disc(at, radius, inside)?;
            return self.ring(at, radius, stroke);
        }
        let mut corners: Vec<_> = corners(style.shape)
            .iter()
            .map(|(x, y)| (at.0 + x * radius, at.1 + y * radius))
            .collect();
        let path: Vec<_> = corners.iter().copied().map(place).collect();
        self.area
            .draw(&Polygon::new(path, inside.filled()))
            .map_err(refused)?;
        corners.extend_from_within(..2.min(corners.len()));
        self.line(&corners, stroke)
    }

    /// A circle line.
    ///
    /// # Errors
    ///
    /// [`Error::Draw`].
    pub fn ring(&self, at: Point, radius: f64, stroke: Stroke) -> Result<(), Error> {
        self.area
            .draw(&Circle::new(place(at), units(radius), shape_style(stroke)))
            .map_err(refused)
    }

    fn disc(&self, at: Point, radius: f64, color: RGBColor) -> Result<(), Error> {
        self.area
            .draw(&Circle::new(place(at), units(radius), color.filled()))
            .map_err(refused)
    }
}

/// The corners of a mark of radius 1. Each has about the area of the circle.
fn corners(shape: Shape) -> &'static [Point] {
    match shape {
        Shape::Circle => &[],
        Shape::Square => &[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
        Shape::Diamond => &[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)],
        Shape::Up => &[(0.0, -1.3), (1.2, 0.9), (-1.2, 0.9)],
        Shape::Down => &[(0.0, 1.3), (1.2, -0.9), (-1.2, -0.9)],
        Shape::Left => &[(-1.3, 0.0), (0.9, -1.2), (0.9, 1.2)],
        Shape::Right => &[(1.3, 0.0), (-0.9, -1.2), (-0.9, 1.2)],
    }
}

/// From a value to its place on the sheet, along one direction.
pub struct Axis {
    coord: Coord,
    from: f64,
    to: f64,
}

enum Coord {
    Linear(RangedCoordf64),
    Log(LogCoord<f64>),
}

impl Axis {
    /// Equal steps: `low` lies at pixel `from`, `high` at pixel `to`.
    #[must_use]
    pub fn linear(low: f64, high: f64, from: f64, to: f64) -> Self {
        let coord = Coord::Linear((low..high).into());
        Self { coord, from, to }
    }

    /// Equal factors; `low` must be above zero.
    #[must_use]
    pub fn log(low: f64, high: f64, from: f64, to: f64) -> Self {
        let coord = Coord::Log((low..high).log_scale().into());
        Self { coord, from, to }
    }

    /// The pixel of a value.
    #[must_use]
    pub fn at(&self, value: f64) -> f64 {
        let ends = (units(self.from), units(self.to));
        let unit = match &self.coord {
            Coord::Linear(coord) => coord.map(&value, ends),
            Coord::Log(coord) => coord.map(&value, ends),
        };
        f64::from(unit) / UNITS
    }

    /// At most `count` round values along the axis; powers of ten if it is
    /// logarithmic.
    #[must_use]
    pub fn ticks(&self, count: usize) -> Vec<f64> {
        match &self.coord {
            Coord::Linear(coord) => coord.key_points(BoldPoints(count)),
            Coord::Log(coord) => coord.key_points(BoldPoints(count)),
        }
    }
}

/// Pixels to units of the backend.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a sheet is some thousand units wide, and a cast from f64 stops at the ends of i32"
)]
fn units(pixels: f64) -> i32 {
    (pixels * UNITS).round() as i32
}

fn place(at: Point) -> (i32, i32) {
    (units(at.0), units(at.1))
}

fn shape_style(stroke: Stroke) -> ShapeStyle {
    let color: RGBAColor = stroke.color.mix(stroke.opacity);
    color.stroke_width(units(stroke.width).unsigned_abs())
}

fn refused<E: std::error::Error + Send + Sync>(error: DrawingAreaErrorKind<E>) -> Error {
    Error::Draw(error.to_string())
}

/// Gives the sheet its size in pixels and its words for a screen reader, and
/// closes up the text elements: the backend puts a line break into each.
fn finish(svg: &str, caption: &Caption, height: f64, theme: Theme) -> String {
    let Some((head, body)) = svg.split_once('\n') else {
        return svg.to_owned();
    };
    let view = head
        .split_once("viewBox")
        .map_or("", |(_, view)| view)
        .trim_end_matches('>');
    let id = format!("{}-{}", caption.name, theme.name);
    let title = escape(&caption.title);
    let summary = escape(&caption.summary);
    let body = body.replace("\n</text>", "</text>");
    let mut out = format!(
        "<svg width=\"{WIDTH}\" height=\"{height}\" viewBox{view} role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\">\n\
         <title id=\"{id}-title\">{title}</title>\n\
         <desc id=\"{id}-desc\">{summary}</desc>\n"
    );
    for line in body.lines() {
        out.push_str(line);
        if !line.starts_with("<text") {
            out.push('\n');
        }
    }
    out
}

fn escape(words: &str) -> String {
    words
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
