//! Threads that take turns together.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Times to look before a thread goes to sleep: from 50 to some hundred
/// microseconds, for a pause is longer on some processors. To wake a thread costs
/// about 50.
const LOOKS: usize = 10_000;

/// The round of a barrier that somebody left.
const BROKEN: usize = usize::MAX;

/// Where threads wait for each other. It may be used again and again.
///
/// The one of the standard library sends each thread to sleep. Between two trips
/// of a small grid that takes longer than the trip: here a thread looks for a
/// while first.
pub(crate) struct Barrier {
    members: AtomicUsize,
    arrived: AtomicUsize,
    round: AtomicUsize,
    /// How many threads sleep until the next round.
    asleep: Mutex<usize>,
    next_round: Condvar,
}

/// A thread of a [`Barrier`]. When it panics the others do not wait for it.
pub(crate) struct Member<'b>(&'b Barrier);

impl Barrier {
    pub(crate) fn new(members: usize) -> Self {
        Self {
            members: AtomicUsize::new(members),
            arrived: AtomicUsize::new(0),
            round: AtomicUsize::new(0),
            asleep: Mutex::new(0),
            next_round: Condvar::new(),
        }
    }

    /// One member less than planned. To be called by a member that has not
    /// arrived: so the others still wait for it.
    pub(crate) fn without_one(&self) {
        self.members.fetch_sub(1, Ordering::AcqRel);
    }

    pub(crate) fn member(&self) -> Member<'_> {
        Member(self)
    }

    fn begin(&self, round: usize) {
        let asleep = self.lock();
        self.round.store(round, Ordering::Release);
        // To wake nobody would cost a call of the system too.
        if *asleep > 0 {
            self.next_round.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, usize> {
        self.asleep.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Member<'_> {
    /// Waits for all others. The last to come does `in_between` while they wait.
    /// Returns whether all came; if not, one has panicked.
    pub(crate) fn wait(&self, in_between: impl FnOnce()) -> bool {
        let barrier = self.0;
        let round = barrier.round.load(Ordering::Acquire);
        if round == BROKEN {
            return false;
        }
        let arrived = barrier.arrived.fetch_add(1, Ordering::AcqRel) + 1;
        if arrived == barrier.members.load(Ordering::Acquire) {
            in_between();
            barrier.arrived.store(0, Ordering::Relaxed);
            barrier.begin(round + 1);
            return true;
        }
        let same = || barrier.round.load(Ordering::Acquire) == round;
        let mut looks = 0;
        while same() && looks < LOOKS {
            std::hint::spin_loop();
            looks += 1;
        }
        if same() {
            let mut asleep = barrier.lock();
            *asleep += 1;
            let mut asleep = barrier
                .next_round
                .wait_while(asleep, |_| same())
                .unwrap_or_else(PoisonError::into_inner);
            *asleep -= 1;
        }
        barrier.round.load(Ordering::Acquire) != BROKEN
    }
}

impl Drop for Member<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.begin(BROKEN);
        }
    }
}

/// Work in numbered pieces. Each thread begins with a share of its own, the same
/// in every round, so that it finds its part of the grid in its own cache; and
/// then it helps the others.
pub(crate) struct Shares {
    pieces: usize,
    next: Vec<AtomicUsize>,
}

impl Shares {
    pub(crate) fn new(pieces: usize, threads: usize) -> Self {
        let shares = Self {
            pieces,
            next: (0..threads).map(|_| AtomicUsize::new(0)).collect(),
        };
        shares.begin();
        shares
    }

    /// All pieces are to be done again.
    pub(crate) fn begin(&self) {
        for (thread, next) in self.next.iter().enumerate() {
            next.store(self.share(thread).start, Ordering::Relaxed);
        }
    }

    /// The pieces that are left for a thread, each once.
    pub(crate) fn of(&self, thread: usize) -> impl Iterator<Item = usize> {
        let threads = self.next.len();
        (thread..threads).chain(0..thread).flat_map(move |whose| {
            let end = self.share(whose).end;
            std::iter::from_fn(move || {
                let piece = self.next[whose].fetch_add(1, Ordering::Relaxed);
                (piece < end).then_some(piece)
            })
        })
    }

    fn share(&self, thread: usize) -> Range<usize> {
        let start = |thread| thread * self.pieces / self.next.len();
        start(thread)..start(thread + 1)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn nobody_begins_a_round_before_all_have_ended_the_last() {
        let (threads, rounds) = (3, 2000);
        let barrier = Barrier::new(threads);
        let ended = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    let member = barrier.member();
                    for round in 1..=rounds {
                        ended.fetch_add(1, Ordering::Relaxed);
                        assert!(member.wait(|| ()));
                        assert!(ended.load(Ordering::Relaxed) >= round * threads);
                    }
                });
            }
        });
        assert_eq!(ended.into_inner(), rounds * threads);
    }

    #[test]
    fn the_last_to_come_works_while_the_others_wait() {
        let barrier = Barrier::new(2);
        let worked = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    barrier.member().wait(|| {
                        // Longer than a thread looks: the other one sleeps.
                        thread::sleep(std::time::Duration::from_millis(50));
                        worked.fetch_add(1, Ordering::Relaxed);
                    });
                    assert_eq!(worked.load(Ordering::Relaxed), 1);
                });
            }
        });
    }

    #[test]
    fn nobody_waits_for_a_thread_that_panicked() {
        let barrier = Barrier::new(3);
        thread::scope(|scope| {
            let waiting = [(); 2].map(|()| scope.spawn(|| barrier.member().wait(|| ())));
            let broken = scope.spawn(|| {
                let _member = barrier.member();
                panic!("as the test wants");
            });
            assert!(broken.join().is_err());
            for thread in waiting {
                assert!(!thread.join().unwrap(), "not all came");
            }
        });
        assert!(!barrier.member().wait(|| ()), "nor does anybody later");
    }

    #[test]
    fn a_thread_that_never_came_is_not_waited_for() {
        let barrier = Barrier::new(2);
        let only = barrier.member();
        barrier.without_one();
        assert!(only.wait(|| ()));
    }

    #[test]
    fn each_piece_is_done_once_and_a_thread_begins_with_its_own() {
        for (pieces, threads) in [(8, 2), (7, 3), (1, 1), (3, 3)] {
            let shares = Shares::new(pieces, threads);
            for round in 0..2 {
                let mut done = Vec::new();
                for thread in (0..threads).rev() {
                    let first = shares.of(thread).next();
                    assert_eq!(first, Some(thread * pieces / threads), "round {round}");
                    done.extend(first);
                }
                done.extend(shares.of(0));
                done.sort_unstable();
                assert_eq!(done, Vec::from_iter(0..pieces));
                assert_eq!(shares.of(threads - 1).next(), None);
                shares.begin();
            }
        }
    }
}
