//! The first program inside: takes rights from itself, then becomes the command.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};
use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};
use rustix::thread::{
    CapabilitySet, CapabilitySets, configure_capability_in_ambient_set, set_capabilities,
    set_keep_capabilities, set_thread_groups, set_thread_res_gid, set_thread_res_uid,
};
use serde::{Deserialize, Serialize};

use super::isolation::Isolation;
use super::specification::Specification;
use super::{landlock, network};

/// What is left to do inside.
#[derive(Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The user to become, when started as root.
    pub user: Option<u32>,
    /// The kernel's limit on processes. Where it counts those that the user has
    /// elsewhere too, these come on top.
    pub processes: u64,
    /// All the rest.
    pub specification: Specification,
}

/// Set the limits, drop all rights, and run the command. Returns only on an error.
pub fn main(entry: &str) -> Result<()> {
    let entry: Entry = serde_json::from_str(entry).context("the sandbox's entry")?;
    let specification = &entry.specification;
    limit(specification, entry.processes)?;
    if let Some(user) = entry.user {
        become_user(user, specification.isolation)?;
    }
    rustix::thread::set_no_new_privs(true)?;
    if specification.isolation == Isolation::Landlock {
        landlock::restrict(specification)?;
    }
    if specification.isolation != Isolation::Bubblewrap {
        network::close()?;
        // Should the keeper be killed, nobody else would end this process.
        set_parent_process_death_signal(Some(Signal::KILL))?;
    }
    let (program, arguments) = specification
        .command
        .split_first()
        .context("the sandbox's command is empty")?;
    let error = Command::new(program).args(arguments).exec();
    Err(error).with_context(|| format!("cannot run {program}"))
}

/// Root becomes a user that owns nothing, and that the kernel counts processes of.
fn become_user(user: u32, isolation: Isolation) -> Result<()> {
    // Without a file tree of its own, Python may lie where root alone can look. To read
    // all files is what stays of root then; what it may read, Landlock says.
    let reads = isolation != Isolation::Bubblewrap;
    if reads {
        set_keep_capabilities(true)?;
    }
    set_thread_groups(&[])?;
    let group = rustix::process::Gid::from_raw(user);
    set_thread_res_gid(group, group, group)?;
    let user = rustix::process::Uid::from_raw(user);
    set_thread_res_uid(user, user, user)?;
    if reads {
        let only = CapabilitySet::DAC_READ_SEARCH;
        let sets = CapabilitySets {
            effective: only,
            permitted: only,
            inheritable: only,
        };
        set_capabilities(None, sets)?;
        configure_capability_in_ambient_set(only, true)?;
    }
    Ok(())
}

fn limit(specification: &Specification, processes: u64) -> Result<()> {
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
    set(Resource::Nproc, processes)?;
    if let Some(bytes) = limits.address_space {
        set(Resource::As, bytes)?;
    }
    Ok(())
}
