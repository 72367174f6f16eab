//! Which race file the figures are drawn from.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::race::Race;

/// Where a race comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It was run on this machine.
    ThisMachine,
    /// It is a record that came with the repository.
    Record,
}

/// A race, and the file it was read from.
#[derive(Debug, Clone)]
pub struct Source {
    /// What the file says.
    pub race: Race,
    /// The file.
    pub path: PathBuf,
    /// Where it comes from.
    pub origin: Origin,
}

impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.origin {
            Origin::ThisMachine => write!(
                out,
                "figures from this machine's run of {} ({})",
                self.race.day(),
                self.path.display()
            ),
            Origin::Record => {
                let name = self.path.file_name().unwrap_or_default().to_string_lossy();
                write!(out, "figures from the committed record {name}")
            }
        }
    }
}

/// Reads the race file `race` if it is there, else the newest record.
///
/// A race file that is there but broken is an error: falling back would hide
/// that the figures are not of this machine.
///
/// # Errors
///
/// [`Error::NoRace`] when there is neither, and all that [`Race::load`] finds.
pub fn find(race: &Path, records: &Path) -> Result<Source, Error> {
    let (path, origin) = if race.exists() {
        (race.to_owned(), Origin::ThisMachine)
    } else {
        let newest = newest_record(records)?.ok_or_else(|| Error::NoRace {
            race: race.to_owned(),
            records: records.to_owned(),
        })?;
        (newest, Origin::Record)
    };
    Ok(Source {
        race: Race::load(&path)?,
        path,
        origin,
    })
}

/// The greatest name that ends in `.json`: names start with the date.
fn newest_record(records: &Path) -> Result<Option<PathBuf>, Error> {
    let unreadable = |source| Error::Read {
        path: records.to_owned(),
        source,
    };
    let entries = match fs::read_dir(records) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let mut newest = None;
    for entry in entries {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|end| end == "json") {
            newest = newest.max(Some(path));
        }
    }
    Ok(newest)
}
