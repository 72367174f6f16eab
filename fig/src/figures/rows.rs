//! Values in rows: one row per mode, one panel per case or grid.
//!
//! All panels share their scale, so values of two panels can be compared. A bar
//! starts at zero and its length is its value. Where the values are factors
//! apart the axis is logarithmic; it has no zero to start a bar at, so each
//! value is a dot.

use plotters::style::RGBColor;

use crate::canvas::{Axis, Canvas, Caption, Ink, Point, Stroke, WIDTH, paint};
use crate::error::Error;
use crate::figures::{HEADING, MARGIN, SMALL, foot, foot_height, heading, label};
use crate::race::{Case, Mode, Race};
use crate::text;
use crate::theme::{Shape, Style, Theme};
use crate::units;

/// The gap between two panels.
const PANEL_GAP: f64 = 28.0;
/// The title of the panels.
const PANEL_HEAD: f64 = 26.0;
/// The name of the reference line, below the title.
const REFERENCE_HEAD: f64 = 26.0;
/// The height of a bar, and the gap between the bars of one row.
const BAR: f64 = 15.0;
const BAR_GAP: f64 = 3.0;
/// What a row is higher than its bars.
const ROW_GAP: f64 = 12.0;
/// The radius of a dot.
const DOT: f64 = 4.5;
/// From a bar, a dot or the reference line to the words beside it.
const LABEL_GAP: f64 = 6.0;
/// The numbers on the axis.
const AXIS_HEIGHT: f64 = 30.0;
/// The widest name of a row, beside several panels and beside one.
const WIDEST_LABEL: f64 = 180.0;
const WIDEST_LABEL_ALONE: f64 = 350.0;

/// A whole figure of rows.
pub struct RowChart {
    /// What it is.
    pub caption: Caption,
    /// How to read it, in a line.
    pub how_to_read: String,
    /// What the two shades of a bar are, if it has two.
    pub key: Option<[&'static str; 2]>,
    /// The panels, left to right.
    pub panels: Vec<Panel>,
    /// The rows, top to bottom.
    pub rows: Vec<Row>,
    /// The lines at the foot.
    pub foot: Vec<String>,
    /// Bars or dots.
    pub look: Look,
    /// The unit of all values and of the axis: `ns`.
    pub unit: &'static str,
}

/// How a value is drawn, and on which axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Bars from zero, on a linear axis.
    Bars,
    /// Dots on a logarithmic axis; all values are above zero.
    Dots,
}

/// One panel.
pub struct Panel {
    /// Its title.
    pub title: String,
    /// A line at a value that the others are compared against, and its name.
    pub reference: Option<(f64, String)>,
}

/// One row.
pub struct Row {
    /// Its name.
    pub label: String,
    /// How its mode is drawn.
    pub style: Style,
    /// The lines of the row, the same in each panel.
    pub slots: Vec<Slot>,
    /// Words behind each of its values, or none.
    pub note: String,
}

/// One line of a row.
pub struct Slot {
    /// A pale bar with an outline, instead of a full one.
    pub pale: bool,
    /// One per panel, or none where nothing was measured.
    pub values: Vec<Option<Value>>,
}

/// One value, in the unit of the axis.
#[derive(Debug, Clone, Copy)]
pub struct Value {
    /// The length of the bar or the place of the dot.
    pub median: f64,
    /// The start of the whisker.
    pub low: f64,
    /// The end of the whisker.
    pub high: f64,
}

/// Where the parts of the figure lie, in pixels.
struct Layout {
    /// The left ends of the panels' axes.
    lefts: Vec<f64>,
    /// The right end of the panels, less their left end.
    panel_width: f64,
    /// The length of the axis: the rest of the panel is for values.
    axis_width: f64,
    /// The first and the last value on the axis.
    range: (f64, f64),
    head: f64,
    top: f64,
    /// The upper edges of the rows, and the lower edge of the last.
    edges: Vec<f64>,
    height: f64,
}

impl RowChart {
    /// Draws the figure.
    ///
    /// # Errors
    ///
    /// [`Error::Draw`] when the drawing library refuses.
    pub fn draw(&self, theme: Theme) -> Result<String, Error> {
        let layout = self.layout();
        paint(&self.caption, layout.height, theme, |canvas| {
            heading(canvas, &self.caption, &self.how_to_read)?;
            self.draw_key(canvas)?;
            self.draw_rows(canvas, &layout)?;
            for index in 0..self.panels.len() {
                self.draw_panel(canvas, &layout, index)?;
            }
            let top = layout.height - foot_height(&self.foot) - 12.0;
            foot(canvas, top, &self.foot)
        })
    }

    fn layout(&self) -> Layout {
        let label_width = self.label_width();
        let first = MARGIN + label_width + 12.0;
        let count: f64 = self.panels.iter().map(|_| 1.0).sum();
        let panel_width = (WIDTH - MARGIN - first - (count - 1.0) * PANEL_GAP) / count;
        let words = self.rows.iter().flat_map(|row| {
            let values = row
                .slots
                .iter()
                .flat_map(|slot| slot.values.iter().flatten());
            values.map(|value| self.noted(row, *value))
        });
        let value_width = words
            .map(|words| text::width(&words, SMALL, false))
            .fold(0.0, f64::max);
        let head = HEADING + if self.key.is_some() { 28.0 } else { 0.0 };
        let referenced = self.panels.iter().any(|panel| panel.reference.is_some());
        let top = head + PANEL_HEAD + if referenced { REFERENCE_HEAD } else { 0.0 };
        let edges = self.edges(top);
        let bottom = edges.last().copied().unwrap_or(top);
        Layout {
            lefts: (0_u32..)
                .zip(&self.panels)
                .map(|(index, _)| first + f64::from(index) * (panel_width + PANEL_GAP))
                .collect(),
            panel_width,
            axis_width: panel_width - value_width - 10.0,
            range: self.range(),
            head,
            top,
            edges,
            height: bottom + AXIS_HEIGHT + 14.0 + foot_height(&self.foot) + 12.0,
        }
    }

    fn label_width(&self) -> f64 {
        self.rows
            .iter()
            .map(|row| text::width(&row.label, SMALL, row.style.strong))
            .fold(0.0, f64::max)
            .min(self.widest_label())
    }

    fn widest_label(&self) -> f64 {
        if self.panels.len() == 1 {
            WIDEST_LABEL_ALONE
        } else {
            WIDEST_LABEL
        }
    }

    fn values(&self) -> impl Iterator<Item = Value> {
        let slots = self.rows.iter().flat_map(|row| &row.slots);
        slots.flat_map(|slot| slot.values.iter().copied().flatten())
    }

    /// A value with its unit.
    fn words(&self, value: f64) -> String {
        format!("{} {}", units::three_digits(value), self.unit)
    }

    /// The same, and the note of its row.
    fn noted(&self, row: &Row, value: Value) -> String {
        format!("{}{}", self.words(value.median), row.note)
    }

    /// The ends of the axis: for bars zero and the largest value, for dots the
    /// round values around all.
    fn range(&self) -> (f64, f64) {
        let references = self.panels.iter().filter_map(|panel| {
            let (value, _) = panel.reference.as_ref()?;
            Some((*value, *value))
        });
        let spans = self
            .values()
            .map(|value| (value.low.min(value.median), value.high.max(value.median)));
        let (low, high) = references
            .chain(spans)
            .fold((f64::INFINITY, 0.0_f64), |(low, high), span| {
                (low.min(span.0), high.max(span.1))
            });
        match self.look {
            Look::Bars => (0.0, high),
            Look::Dots => round_range(low, high),
        }
    }

    fn edges(&self, top: f64) -> Vec<f64> {
        let heights = self.rows.iter().map(|row| {
            let bars: f64 = row.slots.iter().map(|_| BAR + BAR_GAP).sum();
            bars - BAR_GAP + ROW_GAP
        });
        let below = heights.scan(top, |edge, height| {
            *edge += height;
            Some(*edge)
        });
        std::iter::once(top).chain(below).collect()
    }

    fn draw_key(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let Some(names) = self.key else {
            return Ok(());
        };
        let theme = canvas.theme;
        let mut x = MARGIN;
        let y = HEADING + 8.0;
        for (name, pale) in names.into_iter().zip([true, false]) {
            let corners = ((x, y - 6.0), (x + 28.0, y + 6.0));
            draw_bar(canvas, corners, theme.muted, pale)?;
            canvas.text(name, (x + 36.0, y), Ink::new(SMALL, theme.text))?;
            x += 36.0 + text::width(name, SMALL, false) + 28.0;
        }
        Ok(())
    }

    /// Stripes and names: they run through all panels.
    fn draw_rows(&self, canvas: &Canvas<'_>, layout: &Layout) -> Result<(), Error> {
        let theme = canvas.theme;
        let end = MARGIN + self.label_width();
        for (index, (row, edge)) in self.rows.iter().zip(layout.edges.windows(2)).enumerate() {
            if index % 2 == 0 {
                canvas.fill(
                    (MARGIN - 8.0, edge[0]),
                    (WIDTH - MARGIN + 8.0, edge[1]),
                    theme.stripe,
                    1.0,
                )?;
            }
            let middle = f64::midpoint(edge[0], edge[1]);
            let ink = if row.style.strong {
                Ink::new(SMALL, theme.text).bold()
            } else {
                Ink::new(SMALL, theme.muted)
            };
            let label = text::shorten(&row.label, SMALL, ink.bold, self.widest_label());
            canvas.text(&label, (end, middle), ink.end())?;
        }
        Ok(())
    }

    fn draw_panel(&self, canvas: &Canvas<'_>, layout: &Layout, index: usize) -> Result<(), Error> {
        let (panel, left) = (&self.panels[index], layout.lefts[index]);
        let (low, high) = layout.range;
        let end = left + layout.axis_width;
        let axis = match self.look {
            Look::Bars => Axis::linear(low, high, left, end),
            Look::Dots => Axis::log(low, high, left, end),
        };
        draw_title(
            canvas,
            panel,
            (left, layout.head + 10.0),
            layout.panel_width,
        )?;
        self.draw_axis(canvas, layout, &axis)?;
        if self.look == Look::Dots {
            self.draw_reference(canvas, layout, index, &axis)?;
        }
        for (row, edge) in self.rows.iter().zip(&layout.edges) {
            for (line, slot) in (0_u32..).zip(&row.slots) {
                let top = edge + ROW_GAP / 2.0 + f64::from(line) * (BAR + BAR_GAP);
                match (slot.values[index], self.look) {
                    (None, _) => {}
                    (Some(value), Look::Bars) => {
                        draw_bar_of(canvas, &axis, top, value, row.style, slot.pale)?;
                    }
                    (Some(value), Look::Dots) => {
                        draw_dot(canvas, &axis, top + BAR / 2.0, value, row.style)?;
                    }
                }
            }
        }
        // A line behind a bar would be lost; before a dot it would hide the dot.
        if self.look == Look::Bars {
            self.draw_reference(canvas, layout, index, &axis)?;
        }
        self.draw_values(canvas, layout, index, &axis)
    }

    fn draw_axis(&self, canvas: &Canvas<'_>, layout: &Layout, axis: &Axis) -> Result<(), Error> {
        let theme = canvas.theme;
        let bottom = layout.edges.last().copied().unwrap_or(layout.top);
        for (tick, words) in self.ticks(axis, layout.range) {
            let x = axis.at(tick);
            let color = if tick == 0.0 { theme.axis } else { theme.grid };
            canvas.line(
                &[(x, layout.top), (x, bottom + 4.0)],
                Stroke::new(color, 1.0),
            )?;
            canvas.text(
                &words,
                (x, bottom + 16.0),
                Ink::new(SMALL, theme.muted).middle(),
            )?;
        }
        Ok(())
    }

    /// As many round values as there is room for, and how they are written.
    fn ticks(&self, axis: &Axis, range: (f64, f64)) -> Vec<(f64, String)> {
        let (candidates, gap): (Vec<Vec<f64>>, f64) = match self.look {
            Look::Bars => ((2..=5).rev().map(|count| axis.ticks(count)).collect(), 12.0),
            Look::Dots => (log_ticks(range), 3.0),
        };
        let apart = |pair: &[(f64, String)]| {
            let width = |tick: &(f64, String)| text::width(&tick.1, SMALL, false);
            let room = f64::midpoint(width(&pair[0]), width(&pair[1])) + gap;
            axis.at(pair[1].0) - axis.at(pair[0].0) >= room
        };
        let mut fitting = candidates
            .into_iter()
            .map(|ticks| self.tick_words(ticks))
            .filter(|ticks| ticks.windows(2).all(apart));
        fitting.next().unwrap_or_default()
    }

    /// The first and the last tick carry the unit; a zero needs none.
    fn tick_words(&self, ticks: Vec<f64>) -> Vec<(f64, String)> {
        let last = ticks.len().saturating_sub(1);
        let words = |index: usize, tick: f64| {
            if tick != 0.0 && (index == 0 || index == last) {
                self.words(tick)
            } else {
                units::three_digits(tick)
            }
        };
        let numbered = ticks.into_iter().enumerate();
        numbered
            .map(|(index, tick)| (tick, words(index, tick)))
            .collect()
    }

    fn draw_reference(
        &self,
        canvas: &Canvas<'_>,
        layout: &Layout,
        index: usize,
        axis: &Axis,
    ) -> Result<(), Error> {
        let Some((value, name)) = &self.panels[index].reference else {
            return Ok(());
        };
        let color = canvas.theme.reference;
        let bottom = layout.edges.last().copied().unwrap_or(layout.top);
        let x = axis.at(*value);
        let y = layout.head + 34.0;
        canvas.dashes(&[(x, y + 10.0), (x, bottom)], 4.0, Stroke::new(color, 1.5))?;
        // The name stands above its line, moved as far as the panel's ends ask.
        let left = layout.lefts[index];
        let name = text::shorten(name, SMALL, false, layout.panel_width);
        let width = text::width(&name, SMALL, false);
        let start = (x - width / 2.0)
            .min(left + layout.panel_width - width)
            .max(left);
        canvas.text(&name, (start, y), Ink::new(SMALL, color))
    }

    /// The values, each beside its bar or dot. One that the reference line
    /// would strike through stands behind that line.
    fn draw_values(
        &self,
        canvas: &Canvas<'_>,
        layout: &Layout,
        index: usize,
        axis: &Axis,
    ) -> Result<(), Error> {
        let theme = canvas.theme;
        let reference = self.panels[index].reference.as_ref();
        let line_at = reference.map(|(value, _)| axis.at(*value));
        for (number, (row, edge)) in self.rows.iter().zip(&layout.edges).enumerate() {
            let patch = if number % 2 == 0 {
                theme.stripe
            } else {
                theme.background
            };
            for (line, slot) in (0_u32..).zip(&row.slots) {
                let middle = edge + ROW_GAP / 2.0 + f64::from(line) * (BAR + BAR_GAP) + BAR / 2.0;
                let (end, words, color) = match slot.values[index] {
                    Some(value) => (self.end(axis, value), self.noted(row, value), theme.text),
                    None => (layout.lefts[index], "not measured".to_owned(), theme.muted),
                };
                let width = text::width(&words, SMALL, false);
                let x = match line_at {
                    Some(x) if (end..end + LABEL_GAP + width + 4.0).contains(&x) => x + LABEL_GAP,
                    _ => end + LABEL_GAP,
                };
                canvas.text_on_patch(&words, (x, middle), Ink::new(SMALL, color), patch)?;
            }
        }
        Ok(())
    }

    /// The pixel where a bar or a dot and its whisker end.
    fn end(&self, axis: &Axis, value: Value) -> f64 {
        let whisker = axis.at(value.high.max(value.median));
        match self.look {
            Look::Bars => whisker,
            Look::Dots => whisker.max(axis.at(value.median) + DOT),
        }
    }
}

/// The round values, 1, 2 or 5 times a power of ten, at or around both ends.
fn round_range(low: f64, high: f64) -> (f64, f64) {
    let steps = round_values(&[1.0, 2.0, 5.0], (0.0, f64::INFINITY));
    let below = steps.iter().rev().find(|step| **step <= low);
    // One value alone still needs an axis.
    let high = high.max(1.5 * low);
    let above = steps.iter().find(|step| **step >= high);
    (
        below.copied().unwrap_or(low),
        above.copied().unwrap_or(high),
    )
}

/// Ticks for a logarithmic axis, the finest first: 1-2-5 steps, 1-3 steps, every
/// power of ten, every second, third...
fn log_ticks(range: (f64, f64)) -> Vec<Vec<f64>> {
    let tens = round_values(&[1.0], range);
    let coarse = (1..=tens.len()).map(|step| tens.iter().copied().step_by(step).collect());
    [&[1.0, 2.0, 5.0][..], &[1.0, 3.0]]
        .into_iter()
        .map(|factors| round_values(factors, range))
        .chain(coarse)
        .collect()
}

/// All products of `factors` and a power of ten in the range.
fn round_values(factors: &[f64], (low, high): (f64, f64)) -> Vec<f64> {
    let products = (-6..=15_i32).flat_map(|exponent| {
        let power = 10_f64.powi(exponent);
        factors.iter().map(move |factor| factor * power)
    });
    products
        .filter(|value| (low..=high).contains(value))
        .collect()
}

/// A title too wide for its panel is set smaller, and cut only then.
fn draw_title(canvas: &Canvas<'_>, panel: &Panel, at: Point, room: f64) -> Result<(), Error> {
    let fits = |size: f64| text::width(&panel.title, size, true) <= room;
    let size = if fits(15.0) { 15.0 } else { SMALL };
    let title = text::shorten(&panel.title, size, true, room);
    canvas.text(&title, at, Ink::new(size, canvas.theme.text).bold())
}

/// A dot and its whisker. The caps of the whisker are higher than the dot, so
/// that they show even where the dot is wider than the whisker.
fn draw_dot(
    canvas: &Canvas<'_>,
    axis: &Axis,
    middle: f64,
    value: Value,
    style: Style,
) -> Result<(), Error> {
    let (low, high) = (axis.at(value.low), axis.at(value.high));
    let stroke = Stroke::new(canvas.theme.text, 1.25);
    canvas.line(&[(low, middle), (high, middle)], stroke)?;
    for x in [low, high] {
        canvas.line(&[(x, middle - 8.0), (x, middle + 8.0)], stroke)?;
    }
    let round = Style {
        shape: Shape::Circle,
        hollow: false,
        ..style
    };
    canvas.mark((axis.at(value.median), middle), DOT, round)
}

/// A bar and its whisker.
fn draw_bar_of(
    canvas: &Canvas<'_>,
    axis: &Axis,
    top: f64,
    value: Value,
    style: Style,
    pale: bool,
) -> Result<(), Error> {
    let start = axis.at(0.0);
    // A bar too short to see is still a bar.
    let end = axis.at(value.median).max(start + 1.0);
    draw_bar(canvas, ((start, top), (end, top + BAR)), style.color, pale)?;
    let (low, high) = (axis.at(value.low), axis.at(value.high));
    let middle = top + BAR / 2.0;
    // A seam in the colour of the page parts the whisker from a dark bar.
    let seam = Stroke::new(canvas.theme.background, 3.5);
    for stroke in [seam, Stroke::new(canvas.theme.text, 1.25)] {
        canvas.line(&[(low, middle), (high, middle)], stroke)?;
        for x in [low, high] {
            canvas.line(&[(x, middle - 3.0), (x, middle + 3.0)], stroke)?;
        }
    }
    Ok(())
}

fn draw_bar(
    canvas: &Canvas<'_>,
    (from, to): (Point, Point),
    color: RGBColor,
    pale: bool,
) -> Result<(), Error> {
    if !pale {
        return canvas.fill(from, to, color, 1.0);
    }
    canvas.fill(from, to, color, 0.3)?;
    let outline = [from, (to.0, from.1), to, (from.0, to.1), from];
    canvas.line(&outline, Stroke::new(color, 1.0))
}

/// The measured modes, fastest first by the first case. A mode without that
/// case is placed by the first case it has.
pub fn fastest_first<'a>(race: &'a Race, cases: &[&Case]) -> Vec<&'a Mode> {
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

/// The row of a mode with a dot for each case, in so many units a second.
pub fn dots(race: &Race, cases: &[&Case], mode: &Mode, units_in_second: f64, theme: Theme) -> Row {
    let values = cases.iter().map(|case| {
        let m = race.measurement(&case.name, &mode.name)?;
        Some(Value {
            median: m.median * units_in_second,
            low: m.q1 * units_in_second,
            high: m.q3 * units_in_second,
        })
    });
    Row {
        note: String::new(),
        label: label(mode),
        style: theme.style(mode),
        slots: vec![Slot {
            pale: false,
            values: values.collect(),
        }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_runs_between_round_values() {
        assert_eq!(round_range(12.1, 499.0), (10.0, 500.0));
        assert_eq!(round_range(10.0, 501.0), (10.0, 1000.0));
        assert_eq!(round_range(10.0, 10.0), (10.0, 20.0));
        assert_eq!(round_range(0.3, 6.0), (0.2, 10.0));
    }

    #[test]
    fn ticks_step_by_1_2_5_then_1_3_then_tens() {
        let ticks = log_ticks((10.0, 500.0));
        assert_eq!(ticks[0], [10.0, 20.0, 50.0, 100.0, 200.0, 500.0]);
        assert_eq!(ticks[1], [10.0, 30.0, 100.0, 300.0]);
        assert_eq!(ticks[2], [10.0, 100.0]);
        assert_eq!(ticks[3], [10.0]);
    }
}
