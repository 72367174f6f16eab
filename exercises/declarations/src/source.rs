//! A text that was read from a file, and places in it.

use std::ops::Range;
use std::path::Path;

use serde::Serialize;

use crate::Error;

/// A file's text and the name it is shown under.
#[derive(Debug, Clone)]
pub struct Source {
    /// How the file is called in what is shown.
    pub name: String,
    /// The whole text.
    pub text: String,
}

impl Source {
    /// Reads a file. It is called what the caller called it.
    ///
    /// # Errors
    ///
    /// [`Error::Read`] when there is no such file, or it is not UTF-8.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::Read {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self {
            name: path.display().to_string(),
            text,
        })
    }

    /// The line and column of a byte.
    pub(crate) fn place(&self, byte: usize) -> Place {
        let before = &self.text[..byte.min(self.text.len())];
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Place {
            file: self.name.clone(),
            line: before.matches('\n').count() + 1,
            column: before[start..].chars().count() + 1,
        }
    }
}

/// A place in a file; lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The file, as its [`Source`] is called.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A text that was put together from pieces of a file, such as the string
/// literals of a Python call, and remembers where each piece was.
#[derive(Debug, Clone, Default)]
pub(crate) struct Excerpt {
    pub text: String,
    /// Where a piece begins: in `text`, and in the file. In order.
    pieces: Vec<(usize, usize)>,
}

impl Excerpt {
    /// All of a file.
    pub fn whole(source: &Source) -> Self {
        let mut excerpt = Self::default();
        excerpt.push(&source.text, 0);
        excerpt
    }

    /// Appends a piece that begins at this byte of the file.
    pub fn push(&mut self, piece: &str, at: usize) {
        self.pieces.push((self.text.len(), at));
        self.text.push_str(piece);
    }

    /// Appends another excerpt of the same file.
    pub fn append(&mut self, other: &Self) {
        let start = self.text.len();
        let moved = other
            .pieces
            .iter()
            .map(|&(text, file)| (start + text, file));
        self.pieces.extend(moved);
        self.text.push_str(&other.text);
    }

    /// The byte of the file that a byte of the text came from.
    pub fn in_file(&self, byte: usize) -> usize {
        let next = self.pieces.partition_point(|&(text, _)| text <= byte);
        match next.checked_sub(1) {
            Some(index) => self.pieces[index].1 + (byte - self.pieces[index].0),
            None => byte,
        }
    }

    /// Blanks a part out: it keeps its length and its lines.
    pub fn blank(&mut self, range: Range<usize>) {
        let blank: String = self.text[range.clone()]
            .chars()
            .flat_map(|c| {
                let shown = if c == '\n' { '\n' } else { ' ' };
                std::iter::repeat_n(shown, if c == '\n' { 1 } else { c.len_utf8() })
            })
            .collect();
        self.text.replace_range(range, &blank);
    }
}
