//! Which walls this machine has.

use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use super::bubblewrap;

/// The walls, from strong to none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Isolation {
    /// Namespaces of its own for processes, network and files, made by bubblewrap.
    Bubblewrap,
    /// The kernel's Landlock: files and network are closed, processes are counted.
    Landlock,
    /// Limits alone.
    None,
}

impl Isolation {
    /// The strongest walls that work here, tried and not guessed.
    pub fn strongest() -> Self {
        if bubblewrap_works() {
            Self::Bubblewrap
        } else if super::landlock::works() {
            Self::Landlock
        } else {
            Self::None
        }
    }

    /// What the report says about them.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Bubblewrap => {
                "bubblewrap: no network, no other processes, no files but the system's (read only) \
                 and a copy of the exercise folder"
            }
            Self::Landlock => {
                "Landlock, because bubblewrap does not work here: no files but the system's (read \
                 only) and a copy of the exercise folder, no network; other processes can be seen"
            }
            Self::None => {
                "none: this machine has neither bubblewrap nor Landlock. There is no network, and limits \
                 on time, memory and processes hold, but the code can read the files that you can"
            }
        }
    }
}

fn bubblewrap_works() -> bool {
    let mut command = Command::new("bwrap");
    command.args(bubblewrap::namespaces());
    command.args([
        "--ro-bind",
        "/",
        "/",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "true",
    ]);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
