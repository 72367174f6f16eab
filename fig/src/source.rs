//! Which measured file the figures are drawn from.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::figures::Subject;
use crate::race::Race;

/// Where a measurement comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It was made on this machine.
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

impl Source {
    /// What the figures are drawn from.
    #[must_use]
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            race: &self.race,
            origin: self.origin,
        }
    }
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
                write!(
                    out,
                    "figures from the committed record {}",
                    self.path.display()
                )
            }
        }
    }
}

/// Reads `NAME.json` in the folder `measured` if there is one, else in the
/// newest folder of `records`; `None` when there is neither.
///
/// A file that is there but broken is an error: falling back would hide that
/// the figures are not of this machine.
///
/// # Errors
///
/// All that [`Race::load`] finds, and a folder that cannot be read.
pub fn find(name: &str, measured: Option<&Path>, records: &Path) -> Result<Option<Source>, Error> {
    let file = format!("{name}.json");
    let mine = measured.map(|folder| folder.join(&file));
    let (path, origin) = match mine.filter(|path| path.exists()) {
        Some(path) => (path, Origin::ThisMachine),
        None => match newest_record(&file, records)? {
            Some(path) => (path, Origin::Record),
            None => return Ok(None),
        },
    };
    Ok(Some(Source {
        race: Race::load(&path)?,
        path,
        origin,
    }))
}

/// The file in the folder with the greatest name: the names are dates.
fn newest_record(file: &str, records: &Path) -> Result<Option<PathBuf>, Error> {
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
        let path = entry.map_err(unreadable)?.path().join(file);
        if path.is_file() {
            newest = newest.max(Some(path));
        }
    }
    Ok(newest)
}
