//! The kernel's Landlock: a process closes files and the network to itself, for good.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, Scope, path_beneath_rules,
};

use super::specification::Specification;

/// The version whose rights are asked for; an older kernel gives those it has.
const VERSION: ABI = ABI::V6;

/// System folders that programs read.
const SYSTEM: [&str; 8] = [
    "/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/etc", "/proc",
];
/// Devices that programs write.
const DEVICES: [&str; 5] = [
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    "/dev/random",
    "/dev/urandom",
];

/// Does this kernel have it?
pub fn works() -> bool {
    Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V1))
        .and_then(Ruleset::create)
        .is_ok()
}

/// Close everything that the specification does not name.
pub fn restrict(specification: &Specification) -> Result<()> {
    let workbook = std::env::current_exe()?;
    let readable = SYSTEM
        .iter()
        .map(PathBuf::from)
        .chain(specification.read.iter().cloned())
        .chain([workbook]);
    let writable = specification.write.iter().chain([&specification.folder]);
    let existing = |paths: Vec<PathBuf>| paths.into_iter().filter(|path| path.exists());
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(VERSION))?
        .handle_access(AccessNet::from_all(VERSION))?
        .scope(Scope::from_all(VERSION))?
        .create()?
        .add_rules(path_beneath_rules(
            existing(readable.collect()),
            AccessFs::from_read(VERSION),
        ))?
        .add_rules(path_beneath_rules(writable, AccessFs::from_all(VERSION)))?
        .add_rules(path_beneath_rules(
            DEVICES
                .map(Path::new)
                .into_iter()
                .filter(|path| path.exists()),
            AccessFs::from_file(VERSION),
        ))?
        .restrict_self()?;
    ensure!(
        status.ruleset != RulesetStatus::NotEnforced,
        "Landlock does not work here"
    );
    Ok(())
}
