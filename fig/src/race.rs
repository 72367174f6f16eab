//! The measured race, as the JSON file of schema 1 holds it.
//!
//! All times are in seconds. Keys that the figures do not use are ignored, so
//! the race may say more than is read here.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::error::{Error, SCHEMA};

/// One run of the race on one machine.
#[derive(Debug, Clone, Deserialize)]
pub struct Race {
    /// When it was measured, ISO 8601: `2026-11-20T13:45:00+00:00`.
    pub measured_at: String,
    /// A quick run has few samples: good for a look, not for a claim.
    pub quick: bool,
    /// Where it was measured.
    pub machine: Machine,
    /// The ways from Python to the code, in the order of the course.
    pub modes: Vec<Mode>,
    /// What was measured.
    pub cases: Vec<Case>,
    /// One entry per case, mode and size.
    pub measurements: Vec<Measurement>,
    /// The lines `overhead + n * slope` through the small sizes.
    #[serde(default)]
    pub fits: Vec<Fit>,
    /// The sizes at which one mode overtakes another.
    #[serde(default)]
    pub crossovers: Vec<Crossover>,
    /// The time to copy each heat grid once.
    #[serde(default)]
    pub limits: Vec<Limit>,
    /// What the machine allows, and where the rungs of the heat kernel stand.
    #[serde(default)]
    pub roofline: Option<Roofline>,
}

/// Values by the number of threads: `"1"`, `"2"`.
pub type ByThreads = BTreeMap<String, f64>;

/// What the machine allows, and where the rungs of the heat kernel stand.
#[derive(Debug, Clone, Deserialize)]
pub struct Roofline {
    /// GB/s, by the level of the memory and by the loop: `memory`, `scale`.
    pub bandwidth: BTreeMap<String, BTreeMap<String, ByThreads>>,
    /// Gflop/s, by how a multiplication and an addition are made.
    pub flops: BTreeMap<String, ByThreads>,
    /// Rows and columns of the grid that the rungs ran on.
    pub grid: [u32; 2],
    /// The rungs, from the slowest to the fastest.
    pub rungs: Vec<Place>,
}

/// Where one rung stands.
#[derive(Debug, Clone, Deserialize)]
pub struct Place {
    /// The mode's name.
    pub mode: String,
    /// Operations for each byte of main memory.
    pub intensity: f64,
    /// 10⁹ operations in a second.
    pub gflops: f64,
}

/// The machine of the run.
#[derive(Debug, Clone, Deserialize)]
pub struct Machine {
    /// The name the processor gives itself.
    pub cpu: String,
    /// What may have disturbed the run.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// The second cache, of one core.
    #[serde(default)]
    pub l2_bytes: Option<u64>,
    /// The third cache, of all cores.
    #[serde(default)]
    pub l3_bytes: Option<u64>,
}

/// A way from Python to the code: `ctypes`, `pyo3`, `numpy`...
#[derive(Debug, Clone, Deserialize)]
pub struct Mode {
    /// The short name the other entries refer to.
    pub name: String,
    /// The name a reader sees.
    pub title: String,
    /// What sort of mode it is.
    pub kind: Kind,
    /// True for a mode that its own project advises against.
    #[serde(default)]
    pub deprecated: bool,
    /// Did it run?
    pub status: Status,
    /// What shares the work, for scaling: `mpi`, `dask`, or `threads` of one process.
    #[serde(default)]
    pub system: Option<String>,
    /// How many of them, for scaling.
    #[serde(default)]
    pub processes: Option<u32>,
    /// More of them than the machine has cores.
    #[serde(default)]
    pub oversubscribed: bool,
}

/// What sort of mode it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Python or `NumPy`, with no native code of this course.
    Python,
    /// A native mode of this course.
    Native,
    /// A mode that is here for comparison.
    Comparison,
}

/// Did a mode run?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It ran.
    Ok,
    /// It is installed, but broke.
    Failed,
    /// It is not installed here.
    Absent,
}

/// Something to measure.
#[derive(Debug, Clone, Deserialize)]
pub struct Case {
    /// The short name the other entries refer to.
    pub name: String,
    /// The name a reader sees.
    pub title: String,
    /// `call`, `loop`, `size`, `heat` or `ladder`; a group no figure shows is
    /// ignored.
    pub group: String,
    /// Rows and columns of the grid, for the groups `heat` and `ladder`.
    #[serde(default)]
    pub grid: Option<[u32; 2]>,
    /// `classic` or `steps`, for the group `heat`.
    #[serde(default)]
    pub variant: Option<String>,
    /// Steps for one exchange between processes, for the group `halo`.
    #[serde(default)]
    pub halo: Option<u32>,
}

/// The time of one case in one mode.
#[derive(Debug, Clone, Deserialize)]
pub struct Measurement {
    /// The case's name.
    pub case: String,
    /// The mode's name.
    pub mode: String,
    /// The number of elements, for the group `size`.
    pub n: Option<u32>,
    /// The median, in seconds per call or, for heat, per time step.
    pub median: f64,
    /// The lower quartile, in seconds.
    pub q1: f64,
    /// The upper quartile, in seconds.
    pub q3: f64,
}

/// The line `overhead + n * slope`, fitted to the sizes `n_min..=n_max`.
#[derive(Debug, Clone, Deserialize)]
pub struct Fit {
    /// The case's name.
    pub case: String,
    /// The mode's name.
    pub mode: String,
    /// Seconds per call.
    pub overhead: f64,
    /// Seconds per element.
    pub slope: f64,
    /// The smallest size of the fit.
    pub n_min: f64,
    /// The largest size of the fit.
    pub n_max: f64,
}

impl Fit {
    /// The fitted time, in seconds, of one call on `n` elements.
    #[must_use]
    pub fn at(&self, n: f64) -> f64 {
        self.overhead + n * self.slope
    }
}

/// The size at which two modes change places.
#[derive(Debug, Clone, Deserialize)]
pub struct Crossover {
    /// The case's name.
    pub case: String,
    /// The mode that is faster below `n`.
    pub below: String,
    /// The mode that is faster above `n`.
    pub above: String,
    /// The size, in elements; `null` when the two never meet.
    pub n: Option<f64>,
    /// The confidence interval of `n`.
    #[serde(default)]
    pub ci: Option<[f64; 2]>,
}

/// The time to copy one grid once.
#[derive(Debug, Clone, Deserialize)]
pub struct Limit {
    /// Rows and columns.
    pub grid: [u32; 2],
    /// The median, in seconds.
    pub median: f64,
}

/// The schema number alone: the rest is read only when the number is known.
#[derive(Deserialize)]
struct Head {
    schema: u64,
}

impl Race {
    /// Reads the file at `path`.
    ///
    /// # Errors
    ///
    /// [`Error::Read`] when the file cannot be read, and all that
    /// [`Race::parse`] finds.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(|source| Error::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text, path)
    }

    /// Reads `text`; `path` stands in the messages only.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] for text that is not JSON or lacks a key,
    /// [`Error::Schema`] for a schema number other than [`SCHEMA`], and
    /// [`Error::Value`] for a time that is not above zero or a measurement of
    /// a case or mode that the file does not list.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        let head: Head = serde_json::from_str(text).map_err(|error| json_error(&error, path))?;
        if head.schema != SCHEMA {
            return Err(Error::Schema {
                path: path.to_owned(),
                found: head.schema,
            });
        }
        let race: Self = serde_json::from_str(text).map_err(|error| json_error(&error, path))?;
        race.check().map_err(|message| Error::Value {
            path: path.to_owned(),
            message,
        })?;
        Ok(race)
    }

    /// The day of the run: `2026-11-20`.
    #[must_use]
    pub fn day(&self) -> &str {
        self.measured_at.get(..10).unwrap_or(&self.measured_at)
    }

    /// The cases of a group, in the order of the file.
    pub fn cases_of<'a>(&'a self, group: &'a str) -> impl Iterator<Item = &'a Case> {
        self.cases.iter().filter(move |case| case.group == group)
    }

    /// The mode called `name`.
    #[must_use]
    pub fn mode(&self, name: &str) -> Option<&Mode> {
        self.modes.iter().find(|mode| mode.name == name)
    }

    /// The first measurement of a case in a mode, of any size.
    #[must_use]
    pub fn measurement(&self, case: &str, mode: &str) -> Option<&Measurement> {
        self.measurements
            .iter()
            .find(|m| m.case == case && m.mode == mode)
    }

    /// All sizes measured of a case in a mode, smallest first. Measurements
    /// without a size are left out.
    #[must_use]
    pub fn sizes(&self, case: &str, mode: &str) -> Vec<(f64, &Measurement)> {
        let mut sizes: Vec<_> = self
            .measurements
            .iter()
            .filter(|m| m.case == case && m.mode == mode)
            .filter_map(|m| Some((f64::from(m.n?), m)))
            .collect();
        sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
        sizes
    }

    fn check(&self) -> Result<(), String> {
        let modes: HashSet<&str> = self.modes.iter().map(|mode| mode.name.as_str()).collect();
        let cases: HashSet<&str> = self.cases.iter().map(|case| case.name.as_str()).collect();
        for m in &self.measurements {
            check_measurement(m, &modes, &cases)?;
        }
        for limit in &self.limits {
            let [rows, columns] = limit.grid;
            check_time(limit.median, &format!("the limit of {rows} x {columns}"))?;
        }
        Ok(())
    }
}

fn check_measurement(
    m: &Measurement,
    modes: &HashSet<&str>,
    cases: &HashSet<&str>,
) -> Result<(), String> {
    let entry = format!("the measurement of case {:?} in mode {:?}", m.case, m.mode);
    if !cases.contains(m.case.as_str()) {
        return Err(format!("{entry}: no such case in \"cases\""));
    }
    if !modes.contains(m.mode.as_str()) {
        return Err(format!("{entry}: no such mode in \"modes\""));
    }
    if m.n == Some(0) {
        return Err(format!("{entry}: n is 0, it must be at least 1"));
    }
    // The lower quartile is checked too: a whisker is a time like any other.
    check_time(m.q1, &entry)?;
    check_time(m.median, &entry)?;
    check_time(m.q3, &entry)
}

/// A time of zero has no place on a logarithmic axis, and none is that fast.
fn check_time(seconds: f64, entry: &str) -> Result<(), String> {
    if seconds > 0.0 {
        return Ok(());
    }
    Err(format!(
        "{entry}: a time of {seconds} s, it must be above 0"
    ))
}

/// Splits the place off `serde_json`'s message, so that it stands first.
fn json_error(error: &serde_json::Error, path: &Path) -> Error {
    let whole = error.to_string();
    let message = match whole.rfind(" at line ") {
        Some(end) => whole[..end].to_owned(),
        None => whole,
    };
    Error::Json {
        path: path.to_owned(),
        line: error.line(),
        column: error.column(),
        message,
    }
}
