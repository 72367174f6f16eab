//! Tells when a learner saves: by events of the system, or by looking again and again.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use anyhow::{Context, Result};
use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use crate::place::Place;

/// How long an event of ours may take to arrive.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often files are looked at where no events arrive.
const INTERVAL: Duration = Duration::from_millis(500);

/// Watches a folder; the kind says how.
pub struct Files {
    watcher: Box<dyn Watcher + Send>,
    watched: Option<PathBuf>,
    /// Why files are polled, if they are.
    pub polling: Option<String>,
}

impl Files {
    /// Start watching. `changed` is called, on another thread, for each file saved.
    pub fn new(
        place: &Place,
        poll: bool,
        changed: impl Fn(PathBuf) + Send + Clone + 'static,
    ) -> Result<Self> {
        let reason = if poll {
            Some("you asked for it (--poll)".to_owned())
        } else {
            events_arrive(&place.state())
                .err()
                .map(|error| format!("{error:#}"))
        };
        let handler = move |event: notify::Result<Event>| {
            let Ok(event) = event else { return };
            if matters(&event.kind) {
                event
                    .paths
                    .into_iter()
                    .filter(|path| is_source(path))
                    .for_each(&changed);
            }
        };
        let watcher: Box<dyn Watcher + Send> = if reason.is_some() {
            let config = Config::default()
                .with_poll_interval(INTERVAL)
                .with_compare_contents(true);
            Box::new(PollWatcher::new(handler, config)?)
        } else {
            Box::new(RecommendedWatcher::new(handler, Config::default())?)
        };
        Ok(Self {
            watcher,
            watched: None,
            polling: reason,
        })
    }

    /// Watch this folder from now on, and no other.
    pub fn turn_to(&mut self, folder: &Path) -> Result<()> {
        if let Some(old) = self.watched.take() {
            let _ = self.watcher.unwatch(&old);
        }
        self.watcher
            .watch(folder, RecursiveMode::Recursive)
            .with_context(|| format!("cannot watch {}", folder.display()))?;
        self.watched = Some(folder.to_path_buf());
        Ok(())
    }
}

fn matters(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_)
    )
}

/// What editors and Python leave beside the files is no change.
fn is_source(path: &Path) -> bool {
    let names = || path.iter().map(|name| name.to_string_lossy());
    let hidden = names().any(|name| name.starts_with('.') && name.len() > 1);
    let built = names().any(|name| name == "__pycache__" || name == "target");
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let temporary = name.ends_with('~') || name.ends_with(".swp") || name.ends_with(".tmp");
    // Below a hidden folder everything would be hidden: look at the last two names only.
    let hidden = hidden && name.starts_with('.');
    !hidden && !built && !temporary
}

/// Write a file, and see whether the system tells. Some file systems never do.
fn events_arrive(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let probe = folder.join("probe");
    fs::write(&probe, "0")?;
    let (sender, receiver): (Sender<()>, Receiver<()>) = channel();
    let mut watcher = RecommendedWatcher::new(
        move |_| {
            let _ = sender.send(());
        },
        Config::default(),
    )
    .context("the system gives no file events")?;
    watcher
        .watch(folder, RecursiveMode::NonRecursive)
        .context("the system gives no file events")?;
    fs::write(&probe, "1")?;
    let told = receiver.recv_timeout(PATIENCE);
    let _ = fs::remove_file(&probe);
    told.context("file events do not arrive on this file system")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::is_source;

    #[test]
    fn what_tools_leave_behind_is_no_change() {
        for path in [
            "/a/fib.py",
            "/a/src/lib.rs",
            "/home/x/.work/exercise1/fib.py",
        ] {
            assert!(is_source(Path::new(path)), "{path}");
        }
        for path in [
            "/a/.fib.py.swp",
            "/a/fib.py~",
            "/a/__pycache__/fib.pyc",
            "/a/target/x",
        ] {
            assert!(!is_source(Path::new(path)), "{path}");
        }
    }
}
