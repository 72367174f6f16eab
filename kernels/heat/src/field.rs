//! A field to start from, and the text format the course keeps fields in.
//!
//! The format is a header line `# nx ny` and then `nx` lines of `ny` numbers
//! with white space between them. `numpy.loadtxt` reads it too.

use std::fmt::Write as _;

use ndarray::{Array2, ArrayView2};

use crate::{FieldError, FieldSizeError};

/// Temperatures of the drawing, in degrees Celsius.
mod celsius {
    pub const ROOM: f64 = 20.0;
    pub const TABLE: f64 = 18.0;
    pub const CERAMIC: f64 = 45.0;
    pub const COFFEE: f64 = 85.0;
}

/// A mug of hot coffee on a table in a cool room: `nx` rows x `ny` columns,
/// in degrees Celsius, row 0 at the top.
///
/// The mug keeps its proportions on every rectangle: it is as large as the
/// shorter side allows, and stands in the middle.
///
/// # Errors
///
/// [`FieldSizeError`] when it is too large for any machine or for this one.
///
/// ```
/// let room = heat::field::mug(200, 200)?;
/// assert_eq!(room.dim(), (200, 200));
/// assert_eq!(room[[0, 0]], 20.0);
/// assert_eq!(room[[120, 90]], 85.0);
/// # Ok::<(), heat::FieldSizeError>(())
/// ```
pub fn mug(nx: usize, ny: usize) -> Result<Array2<f64>, FieldSizeError> {
    check_size(nx, ny)?;
    let mut cells = Vec::new();
    cells
        .try_reserve_exact(nx * ny)
        .map_err(|_| FieldSizeError::Memory { nx, ny })?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "a grid has far fewer than 2^53 rows"
    )]
    let to_float = |n: usize| n as f64;
    let side = to_float(nx.min(ny));
    for i in 0..nx {
        // The middle of the cell, in units of the shorter side, from the
        // middle of the room: x to the right, y down.
        let y = (to_float(i) + 0.5 - to_float(nx) / 2.0) / side;
        cells.extend((0..ny).map(|j| {
            let x = (to_float(j) + 0.5 - to_float(ny) / 2.0) / side;
            temperature(x, y)
        }));
    }
    Array2::from_shape_vec((nx, ny), cells).map_err(|_| FieldSizeError::Limit { nx, ny })
}

/// The drawing itself: from the front to the back, the first shape that
/// covers the point decides.
fn temperature(x: f64, y: f64) -> f64 {
    const WALL: f64 = 0.03;
    let (left, right, rim, foot) = (-0.24, 0.12, -0.22, 0.28);
    let in_mug = (left..right).contains(&x) && (rim..foot).contains(&y);
    let in_hollow = (left + WALL..right - WALL).contains(&x) && (rim..foot - WALL).contains(&y);
    let coffee_level = rim + 0.05;
    // The handle is the right half of a ring at the mug's side.
    let from_handle = (x - right).hypot(y - 0.02);
    let in_handle = x >= right && (0.09..0.13).contains(&from_handle);
    if in_hollow && y >= coffee_level {
        celsius::COFFEE
    } else if (in_mug && !in_hollow) || in_handle {
        celsius::CERAMIC
    } else if (foot..foot + 0.06).contains(&y) {
        celsius::TABLE
    } else {
        celsius::ROOM
    }
}

/// Refuses more than 2^40 cells, and a side longer than that: libraries multiply
/// the sides of an empty grid too.
fn check_size(nx: usize, ny: usize) -> Result<(), FieldSizeError> {
    match nx.max(1).checked_mul(ny.max(1)) {
        Some(cells) if cells <= 1 << 40 => Ok(()),
        _ => Err(FieldSizeError::Limit { nx, ny }),
    }
}

/// The field as text. Each number is written in the shortest form that reads
/// back as the same `f64`.
#[must_use]
pub fn to_text(field: ArrayView2<'_, f64>) -> String {
    let (nx, ny) = field.dim();
    let mut text = format!("# {nx} {ny}\n");
    for row in field.rows() {
        let mut separator = "";
        for value in row {
            // Writing to a String cannot fail.
            let _ = write!(text, "{separator}{value:?}");
            separator = " ";
        }
        text.push('\n');
    }
    text
}

/// The field that `text` holds.
///
/// # Errors
///
/// [`FieldError`], which names the line and the column: a bad header, a value
/// that is not a number, a row or a file that is too short or too long.
///
/// ```
/// let field = heat::field::from_text("# 1 2\n20.0 85.5\n")?;
/// assert_eq!(field, ndarray::array![[20.0, 85.5]]);
/// let error = heat::field::from_text("# 1 2\n20.0 hot\n").unwrap_err();
/// assert_eq!(error.to_string(), "line 2, column 6: \"hot\" is not a number");
/// # Ok::<(), heat::FieldError>(())
/// ```
pub fn from_text(text: &str) -> Result<Array2<f64>, FieldError> {
    // Some editors on Windows begin a file with a byte order mark.
    let mut lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines();
    let (nx, ny) = header(lines.next().unwrap_or(""))?;
    check_size(nx, ny)?;
    // Memory grows with what the file holds, not with what its header says.
    let mut values = Vec::new();
    let mut rows = 0;
    let mut last_line = 1;
    for (index, line) in lines.enumerate() {
        let number = index + 2; // lines count from 1, and the header is line 1
        last_line = number;
        // A grid without columns has empty rows; any other empty line is
        // taken for the end of the file's last row.
        if line.trim().is_empty() && (ny > 0 || rows == nx) {
            continue;
        }
        if rows == nx {
            return Err(FieldError::RowCount {
                line: number,
                found: rows + 1,
                expected: nx,
            });
        }
        read_row(line, number, ny, &mut values)?;
        rows += 1;
    }
    // A file that ends early: nx rows of 0 columns need no lines at all.
    if rows < nx && ny > 0 {
        return Err(FieldError::RowCount {
            line: last_line + 1,
            found: rows,
            expected: nx,
        });
    }
    let size = |_| FieldSizeError::Limit { nx, ny };
    Ok(Array2::from_shape_vec((nx, ny), values).map_err(size)?)
}

fn header(line: &str) -> Result<(usize, usize), FieldError> {
    let bad = |column: usize, found: &str| FieldError::Header {
        column,
        found: beginning(found),
    };
    let rest = line.strip_prefix('#').ok_or_else(|| bad(1, line))?;
    let mut sizes = [0_usize; 2];
    let mut found = words(rest);
    for size in &mut sizes {
        let word = found
            .next()
            .ok_or_else(|| bad(line.chars().count() + 1, ""))?;
        *size = (word.text.parse()).map_err(|_| bad(word.column() + 1, word.text))?;
    }
    if let Some(word) = found.next() {
        return Err(bad(word.column() + 1, word.text));
    }
    Ok((sizes[0], sizes[1]))
}

fn read_row(
    line: &str,
    number: usize,
    expected: usize,
    values: &mut Vec<f64>,
) -> Result<(), FieldError> {
    let mut found = 0;
    let mut first_extra = None;
    for word in words(line) {
        let value = word.text.parse().map_err(|_| FieldError::Number {
            line: number,
            column: word.column(),
            found: beginning(word.text),
        })?;
        if found == expected {
            first_extra = Some(word.column());
        }
        found += 1;
        values.push(value);
    }
    if found == expected {
        return Ok(());
    }
    Err(FieldError::RowLength {
        line: number,
        column: first_extra.unwrap_or(line.trim_end().chars().count() + 1),
        found,
        expected,
    })
}

/// A word and the line it stands in.
struct Word<'a> {
    line: &'a str,
    text: &'a str,
}

impl Word<'_> {
    /// The column of the first character, from 1. Counted only when somebody
    /// asks: for every word of a long line it would take a long time.
    fn column(&self) -> usize {
        // A word is a part of its line, so its distance from the start of the
        // line is the number of bytes before it.
        let offset = self.text.as_ptr() as usize - self.line.as_ptr() as usize;
        self.line[..offset].chars().count() + 1
    }
}

fn words(line: &str) -> impl Iterator<Item = Word<'_>> {
    line.split_whitespace().map(move |text| Word { line, text })
}

/// As much of a text as belongs in a message.
fn beginning(text: &str) -> String {
    const CHARACTERS: usize = 40;
    let mut short: String = text.chars().take(CHARACTERS).collect();
    if short.len() < text.len() {
        short.push_str("...");
    }
    short
}
