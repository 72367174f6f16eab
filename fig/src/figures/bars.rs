//! Horizontal bars: one row per mode, one panel per case or grid.
//!
//! All panels share their scale, which starts at zero: the length of a bar is
//! its value, and bars of two panels can be compared.

use plotters::style::RGBColor;

use crate::canvas::{Axis, Canvas, Caption, Ink, Point, Stroke, WIDTH, paint};
use crate::error::Error;
use crate::figures::{HEADING, MARGIN, SMALL, foot, foot_height, heading};
use crate::text;
use crate::theme::{Style, Theme};

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
/// The numbers on the axis.
const AXIS_HEIGHT: f64 = 30.0;
/// The widest name of a row.
const WIDEST_LABEL: f64 = 180.0;

/// A whole figure of bars.
pub struct BarChart {
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
    /// How a value is written, on the axis and at the end of its bar.
    pub format: fn(f64) -> String,
}

/// One panel.
pub struct Panel {
    /// Its title.
    pub title: String,
    /// A line at a value that the bars are compared against, and its name.
    pub reference: Option<(f64, String)>,
}

/// One row.
pub struct Row {
    /// Its name.
    pub label: String,
    /// How its mode is drawn.
    pub style: Style,
    /// The slots for bars, the same in each panel: per slot its shade, and a
    /// bar for each panel, or none where nothing was measured.
    pub slots: Vec<Slot>,
}

/// One line of a row.
pub struct Slot {
    /// A pale bar with an outline, instead of a full one.
    pub pale: bool,
    /// One per panel.
    pub bars: Vec<Option<Bar>>,
}

/// One bar, in the unit of the axis.
#[derive(Debug, Clone, Copy)]
pub struct Bar {
    /// Its length.
    pub value: f64,
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
    /// The largest value on the axis.
    largest: f64,
    head: f64,
    top: f64,
    /// The upper edges of the rows, and the lower edge of the last.
    edges: Vec<f64>,
    height: f64,
}

impl BarChart {
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
        let value_width = self
            .bars()
            .map(|bar| text::width(&(self.format)(bar.value), SMALL, false))
            .fold(0.0, f64::max);
        let references = self
            .panels
            .iter()
            .filter_map(|panel| panel.reference.as_ref());
        let largest = references
            .map(|reference| reference.0)
            .chain(self.bars().map(|bar| bar.high.max(bar.value)))
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
            largest,
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
            .min(WIDEST_LABEL)
    }

    fn bars(&self) -> impl Iterator<Item = Bar> {
        let slots = self.rows.iter().flat_map(|row| &row.slots);
        slots.flat_map(|slot| slot.bars.iter().copied().flatten())
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
            let label = text::shorten(&row.label, SMALL, ink.bold, WIDEST_LABEL);
            canvas.text(&label, (end, middle), ink.end())?;
        }
        Ok(())
    }

    fn draw_panel(&self, canvas: &Canvas<'_>, layout: &Layout, index: usize) -> Result<(), Error> {
        let (panel, left) = (&self.panels[index], layout.lefts[index]);
        let axis = Axis::linear(0.0, layout.largest, left, left + layout.axis_width);
        draw_title(
            canvas,
            panel,
            (left, layout.head + 10.0),
            layout.panel_width,
        )?;
        self.draw_axis(canvas, layout, &axis)?;
        for (row, edge) in self.rows.iter().zip(&layout.edges) {
            for (line, slot) in (0_u32..).zip(&row.slots) {
                let top = edge + ROW_GAP / 2.0 + f64::from(line) * (BAR + BAR_GAP);
                if let Some(bar) = slot.bars[index] {
                    draw_value(canvas, &axis, top, bar, row.style, slot.pale)?;
                }
            }
        }
        self.draw_reference(canvas, layout, index, &axis)?;
        self.draw_values(canvas, layout, index, &axis)
    }

    fn draw_axis(&self, canvas: &Canvas<'_>, layout: &Layout, axis: &Axis) -> Result<(), Error> {
        let theme = canvas.theme;
        let bottom = layout.edges.last().copied().unwrap_or(layout.top);
        for tick in self.ticks(axis) {
            let x = axis.at(tick);
            let color = if tick == 0.0 { theme.axis } else { theme.grid };
            canvas.line(
                &[(x, layout.top), (x, bottom + 4.0)],
                Stroke::new(color, 1.0),
            )?;
            canvas.text(
                &(self.format)(tick),
                (x, bottom + 16.0),
                Ink::new(SMALL, theme.muted).middle(),
            )?;
        }
        Ok(())
    }

    /// As many round values as there is room for, up to five.
    fn ticks(&self, axis: &Axis) -> Vec<f64> {
        let apart = |pair: &[f64]| {
            let width = |value| text::width(&(self.format)(value), SMALL, false);
            let room = f64::midpoint(width(pair[0]), width(pair[1])) + 12.0;
            axis.at(pair[1]) - axis.at(pair[0]) >= room
        };
        let candidates = (2..=5).rev().map(|count| axis.ticks(count));
        let mut fitting = candidates.filter(|ticks| ticks.windows(2).all(apart));
        fitting.next().unwrap_or_default()
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

    /// The values stand above the reference line, so they are drawn last.
    fn draw_values(
        &self,
        canvas: &Canvas<'_>,
        layout: &Layout,
        index: usize,
        axis: &Axis,
    ) -> Result<(), Error> {
        let theme = canvas.theme;
        for (number, (row, edge)) in self.rows.iter().zip(&layout.edges).enumerate() {
            let patch = if number % 2 == 0 {
                theme.stripe
            } else {
                theme.background
            };
            for (line, slot) in (0_u32..).zip(&row.slots) {
                let middle = edge + ROW_GAP / 2.0 + f64::from(line) * (BAR + BAR_GAP) + BAR / 2.0;
                let (end, words, color) = match slot.bars[index] {
                    Some(bar) => (
                        bar.value.max(bar.high),
                        (self.format)(bar.value),
                        theme.text,
                    ),
                    None => (0.0, "not measured".to_owned(), theme.muted),
                };
                let at = (axis.at(end) + 6.0, middle);
                canvas.text_on_patch(&words, at, Ink::new(SMALL, color), patch)?;
            }
        }
        Ok(())
    }
}

/// A title too wide for its panel is set smaller, and cut only then.
fn draw_title(canvas: &Canvas<'_>, panel: &Panel, at: Point, room: f64) -> Result<(), Error> {
    let fits = |size: f64| text::width(&panel.title, size, true) <= room;
    let size = if fits(15.0) { 15.0 } else { SMALL };
    let title = text::shorten(&panel.title, size, true, room);
    canvas.text(&title, at, Ink::new(size, canvas.theme.text).bold())
}

/// A bar and its whisker.
fn draw_value(
    canvas: &Canvas<'_>,
    axis: &Axis,
    top: f64,
    bar: Bar,
    style: Style,
    pale: bool,
) -> Result<(), Error> {
    let start = axis.at(0.0);
    // A bar too short to see is still a bar.
    let end = axis.at(bar.value).max(start + 1.0);
    draw_bar(canvas, ((start, top), (end, top + BAR)), style.color, pale)?;
    let (low, high) = (axis.at(bar.low), axis.at(bar.high));
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
