//! What the processes of a sandbox use together.
//!
//! Limits of the kernel count for each process alone. A bomb of many small processes
//! is seen only by adding them up.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use procfs::process::Stat;
use rustix::process::{Pid, Signal, kill_process};

/// All processes below one.
#[derive(Debug, Default, Clone)]
pub struct Sample {
    /// Their numbers.
    pub pids: Vec<i32>,
    /// Processes and threads.
    pub tasks: u64,
    /// Bytes of memory in use.
    pub memory: u64,
    /// Processor seconds, with those of children that ended.
    pub cpu_s: f64,
    /// The most seconds that one of them was ready to run and had no processor.
    pub delayed_s: f64,
}

/// Look at all descendants of the process `root`, and not at `root` itself.
pub fn sample(root: i32) -> Sample {
    let Ok(all) = procfs::process::all_processes() else {
        return Sample::default();
    };
    let stats: Vec<Stat> = all
        .filter_map(|process| process.ok()?.stat().ok())
        .collect();
    let mut sample = descendants(root, &stats);
    sample.delayed_s = sample
        .pids
        .iter()
        .filter_map(|pid| delay(*pid))
        .fold(0.0, f64::max);
    sample
}

fn delay(pid: i32) -> Option<f64> {
    let schedule = procfs::process::Process::new(pid).ok()?.schedstat().ok()?;
    Some(std::time::Duration::from_nanos(schedule.run_delay).as_secs_f64())
}

fn descendants(root: i32, stats: &[Stat]) -> Sample {
    let mut children: HashMap<i32, Vec<&Stat>> = HashMap::new();
    for stat in stats {
        children.entry(stat.ppid).or_default().push(stat);
    }
    let ticks = rustix::param::clock_ticks_per_second().max(1);
    let page = rustix::param::page_size() as u64;
    let mut sample = Sample::default();
    let mut seen = HashSet::from([root]);
    let mut todo = vec![root];
    while let Some(pid) = todo.pop() {
        for stat in children.get(&pid).into_iter().flatten() {
            if !seen.insert(stat.pid) {
                continue;
            }
            todo.push(stat.pid);
            sample.pids.push(stat.pid);
            sample.tasks += u64::try_from(stat.num_threads).unwrap_or(1);
            sample.memory += stat.rss * page;
            let waited = u64::try_from(stat.cutime + stat.cstime).unwrap_or(0);
            sample.cpu_s += (stat.utime + stat.stime + waited) as f64 / ticks as f64;
        }
    }
    sample
}

/// Processes and threads that a user has on this machine.
pub fn tasks_of(user: u32) -> u64 {
    let Ok(all) = procfs::process::all_processes() else {
        return 0;
    };
    all.filter_map(Result::ok)
        .filter(|process| process.uid().is_ok_and(|uid| uid == user))
        .filter_map(|process| u64::try_from(process.stat().ok()?.num_threads).ok())
        .sum()
}

/// Kill every process below `root`, and wait until there is none.
///
/// New ones may appear while the old ones are killed: so again, until none is left.
pub fn end_all(root: i32) {
    for round in 0_u64.. {
        while let Ok(Some(_)) = rustix::process::wait(rustix::process::WaitOptions::NOHANG) {}
        let left = sample(root);
        if left.pids.is_empty() {
            return;
        }
        for pid in left.pids.into_iter().filter_map(Pid::from_raw) {
            // It may have ended meanwhile: that is what is wanted.
            let _ = kill_process(pid, Signal::KILL);
        }
        std::thread::sleep(std::time::Duration::from_millis(round.min(20)));
    }
}

/// The bytes of all files below `folder`; links are not followed.
pub fn disk_use(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(data) if data.is_dir() => disk_use(&entry.path()),
            Ok(data) => std::os::unix::fs::MetadataExt::blocks(&data) * 512,
            Err(_) => 0,
        })
        .sum()
}
