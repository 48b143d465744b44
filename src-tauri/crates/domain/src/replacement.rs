//! Keys that others take the place of, and when the old ones stop.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{KeyId, PermissionSet, ProgramIdentity, ReplacementId, Timestamp};

#[cfg(test)]
mod tests;

/// How long an old key goes on with [`StopOld::InADay`].
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// When a key stops that another takes the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum StopOld {
    /// At once.
    Now,
    /// With the first request that the gate accepts with the new key.
    FirstUse,
    /// In 24 hours: its expiry is moved there, unless it ends before.
    InADay,
}

/// That one key takes the place of another, or is to. Written once and never changed: a key that was replaced without
/// a new one gets a second row when its successor is granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// What was replaced together: one receipt.
    pub id: ReplacementId,
    /// The key that stops.
    pub old: KeyId,
    /// The key that takes its place; absent: the next one that is granted to the same application and user.
    pub new: Option<KeyId>,
    /// When the old one stops.
    pub stop: StopOld,
    /// When that was decided.
    pub at: Timestamp,
    /// When the old one would have ended by itself.
    pub own_end: Option<Timestamp>,
}

/// The first time a key was presented and accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct FirstUse {
    /// When.
    pub at: Timestamp,
    /// By which program, where that could be told.
    pub by: Option<ProgramIdentity>,
}

impl Replacement {
    /// When the old key ends by itself from now on, where it would have at `end`. Never later than that.
    #[must_use]
    pub fn end_of_old(&self, end: Option<Timestamp>) -> Option<Timestamp> {
        end.into_iter().chain(self.day_over()).min()
    }

    /// When the day is over that the old key still has.
    fn day_over(&self) -> Option<Timestamp> {
        (self.stop == StopOld::InADay).then(|| self.at.plus(A_DAY))
    }
}

/// Whether a key with `new` permissions can stand in for one with `old` at an application that was told to ask again:
/// a shop that has a key for each of two stores asks once for each.
#[must_use]
pub fn stands_in_for(new: &PermissionSet, old: &PermissionSet) -> bool {
    let (new, old) = (new.stores(), old.stores());
    new.is_empty() || old.is_subset(&new)
}

/// Every replacement there is, in the order they were decided.
#[derive(Debug, Default)]
pub struct Replacements {
    rows: Vec<Replacement>,
    by_old: HashMap<KeyId, Vec<usize>>,
    by_new: HashMap<KeyId, Vec<usize>>,
}

impl Replacements {
    /// Adds one that was decided after all the others.
    pub fn add(&mut self, row: Replacement) {
        let at = self.rows.len();
        self.by_old.entry(row.old.clone()).or_default().push(at);
        if let Some(new) = &row.new {
            self.by_new.entry(new.clone()).or_default().push(at);
        }
        self.rows.push(row);
    }

    /// All, in their order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Replacement> {
        self.rows.iter()
    }

    /// The keys that stop with the first use of `used`: those it takes the place of, and those whose successor was
    /// replaced before anybody used it.
    #[must_use]
    pub fn stopped_by(&self, used: &KeyId) -> BTreeSet<KeyId> {
        let (mut stopped, mut seen, mut ways) = (BTreeSet::new(), BTreeSet::new(), vec![used]);
        while let Some(new) = ways.pop() {
            if !seen.insert(new) {
                continue;
            }
            for row in self.before(new) {
                if row.stop == StopOld::FirstUse {
                    stopped.insert(row.old.clone());
                }
                ways.push(&row.old);
            }
        }
        // Rows that say a key comes after itself were written by somebody else.
        stopped.remove(used);
        stopped
    }

    /// What was last decided of `old`.
    #[must_use]
    pub fn last_of(&self, old: &KeyId) -> Option<&Replacement> {
        self.at(self.by_old.get(old)).last()
    }

    /// When `old`, which ends at `end` by now, would have ended by itself if nothing had been decided of it: so long
    /// its successor lasts. The last day of a key is no measure.
    #[must_use]
    pub fn own_end(&self, old: &KeyId, end: Option<Timestamp>) -> Option<Timestamp> {
        let cut =
            self.at(self.by_old.get(old)).find(|row| row.day_over().is_some_and(|day| end == Some(day)));
        cut.map_or(end, |row| row.own_end)
    }

    /// What `new` takes the place of.
    pub fn before(&self, new: &KeyId) -> impl Iterator<Item = &Replacement> {
        self.at(self.by_new.get(new))
    }

    /// The last key in the line that begins with `old`: the successor, its successor, and so on.
    #[must_use]
    pub fn successor_of(&self, old: &KeyId) -> Option<&KeyId> {
        let mut seen = BTreeSet::from([old]);
        let mut last = None;
        while let Some(next) = self.last_of(last.unwrap_or(old)).and_then(|row| row.new.as_ref())
            && seen.insert(next)
        {
            last = Some(next);
        }
        last
    }

    /// Those that wait for the first use of a key which is yet to be granted.
    pub fn waiting(&self) -> impl Iterator<Item = &Replacement> {
        let waits = |row: &&Replacement| row.new.is_none() && row.stop == StopOld::FirstUse;
        self.rows.iter().filter(waits).filter(|row| self.last_of(&row.old) == Some(row))
    }

    fn at<'a>(&'a self, places: Option<&'a Vec<usize>>) -> impl Iterator<Item = &'a Replacement> {
        places.into_iter().flatten().filter_map(|&at| self.rows.get(at))
    }
}

impl FromIterator<Replacement> for Replacements {
    fn from_iter<I: IntoIterator<Item = Replacement>>(rows: I) -> Self {
        let mut all = Self::default();
        rows.into_iter().for_each(|row| all.add(row));
        all
    }
}
