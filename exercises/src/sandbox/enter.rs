//! The first program inside: takes rights from itself, then becomes the command.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};
use rustix::process::{Resource, Rlimit, setrlimit};
use rustix::thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid};
use serde::{Deserialize, Serialize};

use super::isolation::Isolation;
use super::landlock;
use super::specification::Specification;

/// What is left to do inside.
#[derive(Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The user to become, when started as root.
    pub user: Option<u32>,
    /// All the rest.
    pub specification: Specification,
}

/// Set the limits, drop all rights, and run the command. Returns only on an error.
pub fn main(entry: &str) -> Result<()> {
    let entry: Entry = serde_json::from_str(entry).context("the sandbox's entry")?;
    let specification = &entry.specification;
    if specification.isolation == Isolation::Landlock {
        landlock::restrict(specification)?;
    }
    limit(specification)?;
    if let Some(user) = entry.user {
        set_thread_groups(&[])?;
        let group = rustix::process::Gid::from_raw(user);
        set_thread_res_gid(group, group, group)?;
        let user = rustix::process::Uid::from_raw(user);
        set_thread_res_uid(user, user, user)?;
    }
    rustix::thread::set_no_new_privs(true)?;
    let (program, arguments) = specification
        .command
        .split_first()
        .context("the sandbox's command is empty")?;
    let error = Command::new(program).args(arguments).exec();
    Err(error).with_context(|| format!("cannot run {program}"))
}

fn limit(specification: &Specification) -> Result<()> {
    let limits = &specification.limits;
    let set = |resource, most: u64| {
        let both = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(resource, both).with_context(|| format!("cannot limit {resource:?} to {most}"))
    };
    // The keeper adds up all processes; this ends one that spins between its looks.
    // A second more, so that it is the keeper who says why.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "small seconds"
    )]
    set(Resource::Cpu, limits.cpu_s.ceil() as u64 + 1)?;
    set(Resource::Fsize, limits.file_size)?;
    set(Resource::Core, 0)?;
    set(Resource::Nofile, limits.open_files)?;
    set(Resource::Nproc, limits.processes)?;
    if let Some(bytes) = limits.address_space {
        set(Resource::As, bytes)?;
    }
    Ok(())
}
