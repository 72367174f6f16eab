//! Closes the network where there is no network namespace to do it: no internet socket
//! can be made. Landlock alone knows of TCP only.

use std::collections::BTreeMap;

use anyhow::Result;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, apply_filter,
};

/// From here on, for this process and all below it.
pub fn close() -> Result<()> {
    let family = |family: libc::c_int| {
        let family = u64::from(family.unsigned_abs());
        let is = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, family)?;
        SeccompRule::new(vec![is])
    };
    let rules = vec![family(libc::AF_INET)?, family(libc::AF_INET6)?];
    let filter = SeccompFilter::new(
        BTreeMap::from([(libc::SYS_socket, rules)]),
        SeccompAction::Allow,
        SeccompAction::Errno(libc::EACCES.unsigned_abs()),
        std::env::consts::ARCH.try_into()?,
    )?;
    let program: BpfProgram = filter.try_into()?;
    apply_filter(&program)?;
    Ok(())
}
