//! What the judge asks for: a command, what it may see, and what it may use.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::isolation::Isolation;

/// One sandbox.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Specification {
    /// The walls there are on this machine.
    pub isolation: Isolation,
    /// The program and its arguments.
    pub command: Vec<String>,
    /// The learner's folder, a copy; the one place that may be written.
    pub folder: PathBuf,
    /// Where that folder is for the command. Other than `folder` with bubblewrap only.
    pub inside: PathBuf,
    /// Files and folders that may be read besides the system's own.
    pub read: Vec<PathBuf>,
    /// More folders that may be written, at the same place inside: a build cache.
    pub write: Vec<PathBuf>,
    /// The whole environment.
    pub environment: BTreeMap<String, String>,
    /// What may be used.
    pub limits: Limits,
    /// The socket to the judge.
    pub keeper_fd: i32,
}

/// What all processes of a sandbox may use together, or where it says so, each.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Seconds until it is ended, without those in which it had to wait for a processor.
    pub wall_s: f64,
    /// Processor seconds.
    pub cpu_s: f64,
    /// Bytes of memory in use.
    pub memory: u64,
    /// Bytes of address space of each process; none under AddressSanitizer.
    pub address_space: Option<u64>,
    /// Bytes of each file.
    pub file_size: u64,
    /// Bytes of all files in the folder.
    pub disk: u64,
    /// Processes and threads.
    pub processes: u64,
    /// Open files of each process.
    pub open_files: u64,
}

/// Which limit ended a sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// Processor time.
    Cpu,
    /// Time.
    Wall,
    /// Memory.
    Memory,
    /// The number of processes.
    Processes,
    /// Files.
    Disk,
    /// The judge asked for the end.
    Stopped,
    /// The walls could not be put up.
    Keeper,
}

/// What was used.
#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
pub struct Usage {
    /// Seconds.
    pub wall_s: f64,
    /// Processor seconds of all processes.
    pub cpu_s: f64,
    /// The most bytes of memory seen.
    pub memory: u64,
    /// The most processes and threads seen.
    pub processes: u64,
}

/// How a sandbox ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ending {
    /// The command's exit status.
    pub code: Option<i32>,
    /// The signal that ended the command.
    pub signal: Option<i32>,
    /// The limit that ended it.
    pub why: Option<Why>,
    /// What was used.
    pub usage: Usage,
}
