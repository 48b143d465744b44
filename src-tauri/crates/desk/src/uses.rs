//! What keys are used for: counted in memory, written down in batches, added up when somebody looks.

use std::collections::HashMap;

use domain::{ApiKey, Demand, KeyId, Tally, Timestamp, Usage};

use crate::{CallError, Desk, calls::UsageView, ports::KeyUse, writing::Writer};

/// What keys were used for since the desk was made.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    last: HashMap<KeyId, Timestamp>,
    /// Of these only what [`Uses::take_fresh`] has not told yet.
    fresh: HashMap<KeyId, Timestamp>,
    unwritten: HashMap<KeyId, KeyUse>,
}

impl Uses {
    /// Notes that a key was presented; [`Uses::take_unwritten`] collects the notes for the file. Says whether that is
    /// the first time since the desk was made.
    pub(crate) fn touch(&mut self, id: &KeyId, now: Timestamp) -> bool {
        let first = self.last.insert(id.clone(), now).is_none();
        self.fresh.insert(id.clone(), now);
        self.note(KeyUse { key: id.clone(), last: now, granted: Usage::default() });
        first
    }

    /// Notes that a key was granted a demand.
    pub(crate) fn granted(&mut self, id: &KeyId, demand: Demand, now: Timestamp) {
        let granted = [(demand, Tally::once(now))].into_iter().collect();
        self.note(KeyUse { key: id.clone(), last: now, granted });
    }

    pub(crate) fn last(&self, id: &KeyId) -> Option<Timestamp> {
        self.last.get(id).copied()
    }

    /// When which keys were last presented, as far as that is new since this was last asked.
    pub(crate) fn take_fresh(&mut self) -> HashMap<KeyId, Timestamp> {
        std::mem::take(&mut self.fresh)
    }

    pub(crate) fn take_unwritten(&mut self) -> Vec<KeyUse> {
        self.unwritten.drain().map(|(_, used)| used).collect()
    }

    /// Takes back what could not be written.
    pub(crate) fn put_back(&mut self, taken: Vec<KeyUse>) {
        taken.into_iter().for_each(|used| self.note(used));
    }

    fn unwritten(&self, id: &KeyId) -> Usage {
        self.unwritten.get(id).map(|used| used.granted.clone()).unwrap_or_default()
    }

    fn note(&mut self, used: KeyUse) {
        match self.unwritten.get_mut(&used.key) {
            Some(known) => {
                known.last = known.last.max(used.last);
                known.granted.extend(used.granted);
            }
            None => drop(self.unwritten.insert(used.key.clone(), used)),
        }
    }
}

impl Desk {
    /// Writes down what is counted in memory only: what keys were used for, and who has guessed.
    pub async fn write_counts(&self) {
        self.write_first_uses().await;
        self.write_uses().await;
        self.write_failed_logins().await;
    }

    /// What is taken is in the file or back in memory before anybody else has a turn: [`Desk::usage_of`] misses
    /// nothing and counts nothing twice.
    pub(crate) async fn write_uses(&self) {
        let writer = self.writer().await;
        let used = self.uses().take_unwritten();
        if used.is_empty() {
            return;
        }
        let batch = used.clone();
        if let Err(error) = writer.write(move |keyring| keyring.record_use(&batch)).await {
            self.uses().put_back(used);
            tracing::error!(%error, "what keys were used for could not be written down");
        }
    }

    /// What a key was used for, written or not.
    pub(crate) async fn usage_of(&self, id: &KeyId, turn: &Writer<'_>) -> Result<Usage, CallError> {
        let key = id.clone();
        let mut usage = turn.write(move |keyring| keyring.usage(&key)).await?;
        usage.extend(self.uses().unwritten(id));
        Ok(usage)
    }

    /// How far each permission of a key was used.
    pub(crate) async fn usage_views(&self, key: &ApiKey) -> Result<Vec<UsageView>, CallError> {
        let usage = self.usage_of(&key.id, &self.writer().await).await?;
        Ok(usage.by_permission(&key.permissions).into_iter().map(usage_view).collect())
    }
}

fn usage_view((permission, calls): (domain::Permission, Option<Tally>)) -> UsageView {
    UsageView {
        permission: permission.to_string(),
        count: calls.map_or(0, |calls| calls.count),
        first: calls.map(|calls| calls.first),
        last: calls.map(|calls| calls.last),
    }
}
