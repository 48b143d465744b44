//! Keys that take the place of others, in memory: when keys were first used, and what that stops.

use std::collections::{HashMap, HashSet};

use domain::{Ending, FirstUse, KeyEnd, KeyId, ProgramIdentity, Replacement, Replacements, Timestamp};

use crate::{Caller, Desk, Principal, Via, ports::FirstUsed};

/// What is known of first uses and of replacements.
#[derive(Debug, Default)]
pub(crate) struct Succession {
    rows: Replacements,
    first: HashMap<KeyId, FirstUse>,
    /// Keys whose first use is not written as it is known here.
    unwritten: HashSet<KeyId>,
}

impl Succession {
    pub(crate) fn load(rows: Vec<Replacement>, first: Vec<(KeyId, FirstUse)>) -> Self {
        Self {
            rows: rows.into_iter().collect(),
            first: first.into_iter().collect(),
            unwritten: HashSet::new(),
        }
    }

    /// Takes over the rows as they are by now. What was not written yet is not lost.
    pub(crate) fn reload(&mut self, rows: Vec<Replacement>, first: Vec<(KeyId, FirstUse)>) {
        let before = std::mem::replace(self, Self::load(rows, first));
        for id in before.unwritten {
            if let Some(first) = before.first.get(&id) {
                self.first.insert(id.clone(), first.clone());
                self.unwritten.insert(id);
            }
        }
    }

    pub(crate) fn rows(&self) -> &Replacements {
        &self.rows
    }

    /// Takes over what was just written down.
    pub(crate) fn add(&mut self, row: Replacement) {
        self.rows.add(row);
    }

    pub(crate) fn first_use(&self, id: &KeyId) -> Option<&FirstUse> {
        self.first.get(id)
    }

    /// The keys whose place `new` takes.
    pub(crate) fn before(&self, new: &KeyId) -> Vec<KeyId> {
        self.rows.before(new).map(|row| row.old.clone()).collect()
    }

    /// Notes a first use, and answers which keys stop with it.
    fn begin(&mut self, id: &KeyId, at: Timestamp) -> Vec<KeyId> {
        self.first.entry(id.clone()).or_insert(FirstUse { at, by: None });
        self.unwritten.insert(id.clone());
        self.rows.stopped_by(id).into_iter().collect()
    }

    fn tell_program(&mut self, id: &KeyId, by: ProgramIdentity) {
        if let Some(first) = self.first.get_mut(id).filter(|first| first.by.is_none()) {
            first.by = Some(by);
            self.unwritten.insert(id.clone());
        }
    }

    fn unwritten(&self) -> Vec<FirstUsed> {
        let used = |id: &KeyId| {
            let stopped = self.rows.stopped_by(id).into_iter().collect();
            Some(FirstUsed { key: id.clone(), first: self.first.get(id)?.clone(), stopped })
        };
        self.unwritten.iter().filter_map(used).collect()
    }

    /// These are written. One whose program became known meanwhile is not, as it is now.
    fn written(&mut self, used: &[FirstUsed]) {
        for used in used {
            if self.first.get(&used.key) == Some(&used.first) {
                self.unwritten.remove(&used.key);
            }
        }
    }
}

impl Desk {
    /// Notes that a key was used that never was before: what it takes the place of is refused from now on.
    pub(crate) fn begin_use(&self, id: &KeyId, now: Timestamp) {
        let stopped = self.succession_mut().begin(id, now);
        for old in stopped {
            self.index_mut().refuse(&old, KeyEnd { how: Ending::Revoked, at: now });
        }
    }

    /// Writes down the first use of the caller's key with the program that presented it, and that the keys which stop
    /// with it have ended: before the answer leaves, so that no crash after it revives them. Where that cannot be
    /// written they are refused all the same, and it is tried again.
    pub async fn note_first_use(&self, caller: &Principal, by: Option<ProgramIdentity>) {
        let Via::Key(key) = &caller.via else { return };
        if let Some(by) = by {
            self.succession_mut().tell_program(&key.id, by);
        }
        self.write_first_uses().await;
    }

    pub(crate) async fn write_first_uses(&self) {
        if self.succession().unwritten.is_empty() {
            return;
        }
        let writer = self.writer().await;
        let used = self.succession().unwritten();
        if used.is_empty() {
            return;
        }
        let (batch, now) = (used.clone(), self.clock.now());
        let written = match writer.opening(&Caller::DESK) {
            Ok(_) => writer.write_open(&Caller::DESK, move |open| open.record_first_use(&batch, now)).await,
            Err(_) => writer.write(move |keyring| keyring.record_first_use(&batch)).await,
        };
        if let Err(error) = written {
            tracing::error!(%error, "that keys were first used could not be written down");
            return;
        }
        self.succession_mut().written(&used);
        for FirstUsed { first, stopped, .. } in &used {
            for old in stopped {
                self.index_mut().end(old, Ending::Revoked, first.at);
            }
        }
        self.announce();
    }

    /// Refuses what was to stop with a key that was used before the desk was made, and whose end was not written.
    pub(crate) fn refuse_replaced(&self) {
        let successors: HashSet<KeyId> =
            self.succession().rows().iter().filter_map(|row| row.new.clone()).collect();
        let used = successors.into_iter().filter_map(|id| Some((self.used_since(&id)?, id)));
        for (at, id) in used.collect::<Vec<_>>() {
            let stopped = self.succession().rows().stopped_by(&id);
            for old in stopped {
                self.index_mut().refuse(&old, KeyEnd { how: Ending::Revoked, at });
            }
        }
    }

    /// Since when a key is used, or a time when it was.
    fn used_since(&self, id: &KeyId) -> Option<Timestamp> {
        let first = self.succession().first_use(id).map(|first| first.at);
        first.or_else(|| self.last_use(id))
    }
}
