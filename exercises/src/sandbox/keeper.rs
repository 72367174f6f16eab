//! The keeper: starts a sandbox, watches it, ends it, and reports how it ended.

use std::fs;
use std::io::Write;
use std::os::fd::{AsFd, FromRawFd, OwnedFd};
use std::os::unix::fs::lchown;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{FdFlags, fcntl_setfd};
use rustix::process::{PidfdFlags, pidfd_open, set_child_subreaper};

use super::bubblewrap;
use super::enter::Entry;
use super::isolation::Isolation;
use super::monitor::{Sample, tasks_of};
use super::monitor::{disk_use, end_all, sample};
use super::specification::{Ending, Specification, Usage, Why};

/// How often what is used is added up.
const LOOK: Duration = Duration::from_millis(80);
/// How many looks there are for one at the disk.
const LOOKS_A_DISK: u32 = 3;

/// Users above this number exist nowhere else.
const FIRST_USER: u32 = 1_000_000_000;

/// Run what the specification asks for, and report to the judge.
pub fn main(specification: &str) -> Result<()> {
    let specification: Specification =
        serde_json::from_str(specification).context("the sandbox's specification")?;
    // SAFETY: the judge passes this socket for us alone; nothing else here uses it.
    let judge = unsafe { OwnedFd::from_raw_fd(specification.keeper_fd) };
    fcntl_setfd(&judge, FdFlags::CLOEXEC)?;
    let ending = match keep(&specification, &judge) {
        Ok(ending) => ending,
        Err(error) => {
            eprintln!("{error:#}");
            Ending {
                code: None,
                signal: None,
                why: Some(Why::Keeper),
                usage: Usage::default(),
            }
        }
    };
    let mut judge = fs::File::from(judge);
    judge.write_all(&serde_json::to_vec(&ending)?)?;
    Ok(())
}

fn keep(specification: &Specification, judge: &OwnedFd) -> Result<Ending> {
    // Orphans of the sandbox become ours, so none can hide from `end_all`.
    let me = rustix::process::getpid();
    set_child_subreaper(Some(me))?;
    let me = me.as_raw_nonzero().get();
    let entry = prepare(specification)?;
    let mut command = command(specification, &entry)?;
    let started = Instant::now();
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {command:?}"))?;
    let watched = watch(specification, judge, &child, me, started);
    let _ = child.kill();
    let status = child.wait();
    end_all(me);
    let (why, usage) = watched?;
    let (code, signal) = decode(specification.isolation, status?);
    Ok(Ending {
        code,
        signal,
        why,
        usage,
    })
}

/// Hand the writable folders to the user that will write them.
fn prepare(specification: &Specification) -> Result<Entry> {
    let root = rustix::process::geteuid().is_root();
    let user = if root {
        // A number of its own: the kernel counts processes by user, and counts
        // none of root's.
        let user = FIRST_USER + std::process::id();
        for folder in specification.write.iter().chain([&specification.folder]) {
            hand_over(folder, user)?;
        }
        Some(user)
    } else {
        None
    };
    // Above our own limit, so that it is we who see it and say so.
    let spare = 2 * specification.limits.processes;
    let elsewhere = if root {
        0
    } else {
        tasks_of(rustix::process::getuid().as_raw())
    };
    Ok(Entry {
        user,
        processes: spare + elsewhere,
        specification: specification.clone(),
    })
}

fn hand_over(path: &Path, user: u32) -> Result<()> {
    lchown(path, Some(user), Some(user)).with_context(|| format!("cannot hand over {path:?}"))?;
    if fs::symlink_metadata(path)?.is_dir() {
        for entry in fs::read_dir(path)? {
            hand_over(&entry?.path(), user)?;
        }
    }
    Ok(())
}

fn command(specification: &Specification, entry: &Entry) -> Result<Command> {
    ensure!(
        !specification.command.is_empty(),
        "the sandbox's command is empty"
    );
    let workbook = std::env::current_exe()?;
    let mut command = if specification.isolation == Isolation::Bubblewrap {
        let mut command = Command::new("bwrap");
        command.args(bubblewrap::arguments(specification, &workbook));
        command.arg("--").arg(&workbook);
        command
    } else {
        let mut command = Command::new(&workbook);
        command.current_dir(&specification.folder);
        command.env_clear().envs(&specification.environment);
        command
    };
    command.arg("enter").arg(serde_json::to_string(entry)?);
    Ok(command)
}

/// Wait until the sandbox ends, uses too much, or the judge has had enough.
fn watch(
    specification: &Specification,
    judge: &OwnedFd,
    child: &std::process::Child,
    me: i32,
    started: Instant,
) -> Result<(Option<Why>, Usage)> {
    let pid = i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw);
    let process = pidfd_open(pid.context("no such process number")?, PidfdFlags::empty())?;
    // bwrap and its first process inside are not the learner's.
    let ours = if specification.isolation == Isolation::Bubblewrap {
        2
    } else {
        0
    };
    let mut usage = Usage::default();
    for look in 0_u32.. {
        let mut ready = [
            PollFd::from_borrowed_fd(process.as_fd(), PollFlags::IN),
            PollFd::from_borrowed_fd(judge.as_fd(), PollFlags::IN),
        ];
        let pause = Timespec::try_from(LOOK)?;
        match poll(&mut ready, Some(&pause)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let [ended, judge_spoke] = [
            !ready[0].revents().is_empty(),
            !ready[1].revents().is_empty(),
        ];
        usage.wall_s = started.elapsed().as_secs_f64();
        if ended {
            return Ok((None, usage));
        }
        let now = sample(me);
        usage.cpu_s = usage.cpu_s.max(now.cpu_s);
        usage.memory = usage.memory.max(now.memory);
        usage.processes = usage.processes.max(now.tasks.saturating_sub(ours));
        let why = if judge_spoke {
            Some(Why::Stopped)
        } else {
            too_much(&now, ours, specification, usage.wall_s)
                .or_else(|| too_full(look, specification))
        };
        if why.is_some() {
            return Ok((why, usage));
        }
    }
    unreachable!("the loop has no end")
}

fn too_much(now: &Sample, ours: u64, specification: &Specification, wall_s: f64) -> Option<Why> {
    let limits = &specification.limits;
    if now.memory > limits.memory {
        Some(Why::Memory)
    } else if now.tasks.saturating_sub(ours) >= limits.processes {
        Some(Why::Processes)
    } else if now.cpu_s > limits.cpu_s {
        Some(Why::Cpu)
    } else if wall_s - now.delayed_s > limits.wall_s {
        // On a busy machine, to wait for a processor is not the code's fault.
        Some(Why::Wall)
    } else {
        None
    }
}

fn too_full(look: u32, specification: &Specification) -> Option<Why> {
    let full = look.is_multiple_of(LOOKS_A_DISK)
        && disk_use(&specification.folder) > specification.limits.disk;
    full.then_some(Why::Disk)
}

/// bwrap ends with 128 + the signal that ended the command.
fn decode(isolation: Isolation, status: ExitStatus) -> (Option<i32>, Option<i32>) {
    match (status.code(), status.signal()) {
        (Some(code), None) if isolation == Isolation::Bubblewrap && code > 128 => {
            (None, Some(code - 128))
        }
        (code, signal) => (code, signal),
    }
}
