//! So many a minute.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use super::{HeldOff, Trace};
use crate::Moment;

/// How many are let through in any minute.
const A_MINUTE: usize = 60;
const MINUTE: Duration = Duration::from_secs(60);
/// How many are kept count of. For a newcomer goes who has nothing left in the last minute, else whoever has the
/// fewest there, of those the one that has been quiet for longest: nobody who is held off is pushed out by programs
/// that are not.
const PLACES: usize = 256;

/// Counts over a minute that slides along.
#[derive(Debug, Default)]
pub(super) struct Rate {
    seen: HashMap<Trace, VecDeque<Moment>>,
}

impl Rate {
    /// Counts one, unless it is one too many.
    pub(super) fn count(&mut self, who: Trace, now: Moment) -> Result<(), HeldOff> {
        if !self.seen.contains_key(&who) {
            self.make_room(now);
        }
        let seen = self.seen.entry(who).or_default();
        while seen.front().is_some_and(|first| now.since(*first) >= MINUTE) {
            seen.pop_front();
        }
        if let (Some(first), true) = (seen.front(), seen.len() >= A_MINUTE) {
            return HeldOff::for_the(first.plus(MINUTE).since(now));
        }
        seen.push_back(now);
        Ok(())
    }

    fn make_room(&mut self, now: Moment) {
        if self.seen.len() < PLACES {
            return;
        }
        self.seen.retain(|_, seen| seen.back().is_some_and(|last| now.since(*last) < MINUTE));
        if self.seen.len() < PLACES {
            return;
        }
        let first = self.seen.iter().min_by_key(|(who, seen)| (seen.len(), seen.back().copied(), **who));
        if let Some(first) = first.map(|(who, _)| *who) {
            self.seen.remove(&first);
        }
    }

    #[cfg(test)]
    pub(super) fn places(&self) -> usize {
        self.seen.len()
    }
}
