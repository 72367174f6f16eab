//! What can go wrong, in words for the person at the terminal.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// The one schema number of the race file that this crate reads.
pub const SCHEMA: u64 = 1;

/// Why no figure was drawn.
#[derive(Debug, Error)]
pub enum Error {
    /// Neither a measurement of this machine nor a committed record was found.
    #[error(
        "nothing was measured: there is no race.json in {}, nor in a folder of {}",
        measured.display(),
        records.display()
    )]
    Nothing {
        /// The folder of this machine's measurements.
        measured: PathBuf,
        /// The folder of records looked into.
        records: PathBuf,
    },

    /// A file or folder is there, but cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// The file is not JSON, or a key is missing or of the wrong type.
    #[error("{}, line {line}, column {column}: {message}", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What the parser expected.
        message: String,
    },

    /// The file is of a schema that this crate does not know.
    #[error("{} has schema {found}, but only schema {SCHEMA} is known here", path.display())]
    Schema {
        /// The file.
        path: PathBuf,
        /// The number it carries.
        found: u64,
    },

    /// The file parses, but says something that cannot be.
    #[error("{}: {message}", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// Which entry, which value and which limit.
        message: String,
    },

    /// A figure would be an empty picture.
    #[error("nothing to draw in the figure \"{figure}\": no measurement of {cases}")]
    NoData {
        /// The figure's name.
        figure: &'static str,
        /// The case or cases that lack every measurement.
        cases: String,
    },

    /// A figure cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// The drawing library refused.
    #[error("cannot draw: {0}")]
    Draw(String),
}
