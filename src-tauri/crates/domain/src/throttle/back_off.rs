//! Each failure makes the next try wait twice as long.

use std::collections::HashMap;
use std::time::Duration;

use super::{Counted, Trace};
use crate::Moment;

/// The wait after the first failure that is not free.
const FIRST: Duration = Duration::from_secs(30);
/// The longest wait.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// How long after the last failure all of them are forgotten.
const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);

/// How many failures are free, and how many are kept count of. For a newcomer goes who is forgotten by now, else of
/// those that are not held off whoever has failed least often, of those the one that failed longest ago: whoever makes
/// up accounts pushes out others that were tried before, and none that is held off unless all are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figures {
    pub(super) free: u32,
    pub(super) places: usize,
}

/// Failures in a row, by whom they are counted under.
#[derive(Debug)]
pub(super) struct BackOff {
    figures: Figures,
    failures: HashMap<Trace, Failures>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    /// Until when no try is made.
    until: Moment,
    /// When they are forgotten.
    forgotten: Moment,
}

/// Failures as they are remembered over a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed {
    /// What they are counted by.
    pub by: Counted,
    /// Whom they are counted under.
    pub trace: Trace,
    /// How many in a row.
    pub count: u32,
    /// How long ago the last one was.
    pub ago: Duration,
}

impl BackOff {
    pub(super) fn new(figures: Figures) -> Self {
        Self { figures, failures: HashMap::new() }
    }

    /// How long `who` has to wait.
    pub(super) fn wait(&self, who: &Trace, now: Moment) -> Duration {
        self.failures.get(who).map_or(Duration::ZERO, |known| known.until.since(now))
    }

    pub(super) fn holds_any(&self, now: Moment) -> bool {
        self.failures.values().any(|known| known.until > now)
    }

    /// Counts a failure; how many there are by now.
    pub(super) fn failed(&mut self, who: Trace, now: Moment) -> u32 {
        let before = self.failures.get(&who).filter(|known| known.forgotten > now).map_or(0, |it| it.count);
        let count = before.saturating_add(1);
        self.keep(who, count, Duration::ZERO, now);
        count
    }

    /// Forgets all failures; whether there were any.
    pub(super) fn forget(&mut self, who: &Trace) -> bool {
        self.failures.remove(who).is_some()
    }

    pub(super) fn recall(&mut self, failed: &Failed, now: Moment) {
        if failed.ago < REMEMBERED {
            self.keep(failed.trace, failed.count, failed.ago, now);
        }
    }

    pub(super) fn all(&self, by: Counted, now: Moment) -> impl Iterator<Item = Failed> {
        let known = self.failures.iter().filter(move |(_, known)| known.forgotten > now);
        known.map(move |(trace, known)| Failed {
            by,
            trace: *trace,
            count: known.count,
            ago: REMEMBERED.saturating_sub(known.forgotten.since(now)),
        })
    }

    fn keep(&mut self, who: Trace, count: u32, ago: Duration, now: Moment) {
        if !self.failures.contains_key(&who) {
            self.make_room(now);
        }
        let until = now.plus(self.figures.delay(count).saturating_sub(ago));
        let forgotten = now.plus(REMEMBERED.saturating_sub(ago));
        self.failures.insert(who, Failures { count, until, forgotten });
    }

    fn make_room(&mut self, now: Moment) {
        if self.failures.len() < self.figures.places {
            return;
        }
        self.failures.retain(|_, known| known.forgotten > now);
        if self.failures.len() < self.figures.places {
            return;
        }
        let rank = |known: &Failures| (known.until > now, known.count, known.forgotten);
        let first = self.failures.iter().min_by_key(|(who, known)| (rank(known), **who));
        if let Some(first) = first.map(|(who, _)| *who) {
            self.failures.remove(&first);
        }
    }

    #[cfg(test)]
    pub(super) fn places(&self) -> usize {
        self.failures.len()
    }
}

impl Figures {
    /// The wait after so many failures: none, then 30 s, doubling to 15 min.
    fn delay(&self, count: u32) -> Duration {
        let Some(beyond) = count.checked_sub(self.free) else { return Duration::ZERO };
        FIRST.saturating_mul(2_u32.saturating_pow(beyond)).min(LONGEST)
    }
}
