//! All keys as rows, kept in step with the desk.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use domain::{KeyId, Timestamp};

use super::{
    names::Names,
    orders::{Orders, row},
    row::{Row, Shared, is_marked},
    wanted::{Sieve, Wanted},
};
use crate::{Desk, calls::KeyColumn, index::Changes};

/// How many keys are looked at before others may have the index.
const AT_ONCE: usize = 1_000;

/// The key table. It is made when it is first looked at; from then on only what changed is looked at again.
#[derive(Debug, Default)]
pub(crate) struct KeyTable {
    rows: Vec<Option<Row>>,
    slots: HashMap<KeyId, usize>,
    shared: Shared,
    names: Names,
    orders: Orders,
}

impl KeyTable {
    /// How many rows are wanted, and the handles of the wanted part of them.
    pub(super) fn find(
        &mut self,
        wanted: &Wanted,
        uncollected: &HashSet<KeyId>,
        now: Timestamp,
    ) -> (usize, Vec<KeyId>) {
        self.orders.prepare(wanted.order, &self.rows, &self.names);
        let sieve = Sieve::new(wanted, (&self.shared, &self.names), uncollected, now);
        // Rows are looked at where they lie, and then taken in their order: the other way round most of the time goes
        // into waiting for memory.
        let passes = |row: &Option<Row>| row.as_ref().is_some_and(|row| sieve.lets_through(row));
        let marked: Vec<bool> = self.rows.iter().map(passes).collect();
        let total = marked.iter().filter(|marked| **marked).count();
        let sorted = self.orders.sorted(wanted.order, &self.rows, now);
        let found = sorted.iter().filter(|slot| is_marked(&marked, **slot));
        let part = found.skip(wanted.part.start).take(wanted.part.len());
        let id = |slot: &usize| row(&self.rows, *slot).map(|row| row.id.clone());
        (total, part.filter_map(id).collect())
    }

    /// Takes over what has changed at the desk since this was last done.
    pub(super) fn catch_up(&mut self, desk: &Desk) {
        let changed = self.read_changes(desk);
        let renamed = self.names.refresh(&self.shared, &desk.people(), &desk.register());
        if renamed.owners {
            self.orders.forget(KeyColumn::User);
        }
        if renamed.applications {
            self.orders.forget(KeyColumn::Application);
        }
        self.orders.change(&changed, &self.rows, &self.names);
        let used = self.read_uses(desk);
        self.orders.used(&used, &self.rows, &self.names);
    }

    /// The slots of keys that are new, changed or gone.
    fn read_changes(&mut self, desk: &Desk) -> Vec<usize> {
        if !desk.index().has_changes() {
            return Vec::new();
        }
        let changes = desk.index_mut().take_changes();
        let ids: Vec<KeyId> = match changes {
            Changes::Some(ids) => ids.into_iter().collect(),
            Changes::All => {
                *self = Self::default();
                newest_first(desk.index().ages())
            }
        };
        self.rows.reserve(ids.len().saturating_sub(self.rows.len()));
        let mut slots = Vec::with_capacity(ids.len());
        for ids in ids.chunks(AT_ONCE) {
            slots.extend(self.read_keys(desk, ids));
        }
        slots
    }

    /// Reads these keys anew.
    fn read_keys(&mut self, desk: &Desk, ids: &[KeyId]) -> Vec<usize> {
        let index = desk.index();
        let read = |id: &KeyId| Some(Row::new(index.get(id)?, index.is_damaged(id), &mut self.shared));
        let mut rows: Vec<Option<Row>> = ids.iter().map(read).collect();
        drop(index);
        let uses = desk.uses();
        for row in rows.iter_mut().flatten() {
            row.last_used = uses.last(&row.id).or(row.last_used);
        }
        drop(uses);
        ids.iter().zip(rows).filter_map(|(id, row)| self.put(id, row)).collect()
    }

    /// Puts a row where its key has one, or a new one at the end; none where the key is gone. Answers the slot if its
    /// place in the orders may be another one now: an end changes none.
    fn put(&mut self, id: &KeyId, row: Option<Row>) -> Option<usize> {
        let Some(row) = row else {
            let slot = self.slots.remove(id)?;
            *self.rows.get_mut(slot)? = None;
            return Some(slot);
        };
        let slot = *self.slots.entry(id.clone()).or_insert(self.rows.len());
        let Some(there) = self.rows.get_mut(slot) else {
            self.rows.push(Some(row));
            return Some(slot);
        };
        let stays = there.as_ref().is_some_and(|before| row.sorts_like(before));
        *there = Some(row);
        (!stays).then_some(slot)
    }

    /// The slots of keys that were used.
    fn read_uses(&mut self, desk: &Desk) -> Vec<usize> {
        let fresh = desk.uses().take_fresh();
        let mut used = Vec::new();
        for (id, at) in fresh {
            let Some(&slot) = self.slots.get(&id) else { continue };
            if let Some(Some(row)) = self.rows.get_mut(slot)
                && row.last_used != Some(at)
            {
                row.last_used = Some(at);
                used.push(slot);
            }
        }
        used
    }
}

/// Rows that are looked at one after the other lie so in memory, too.
fn newest_first(mut ages: Vec<(Timestamp, KeyId)>) -> Vec<KeyId> {
    ages.sort_unstable_by(|a, b| b.cmp(a));
    ages.into_iter().map(|(_, id)| id).collect()
}

impl Desk {
    /// Makes the table ahead of the first question, without keeping anybody waiting.
    pub(crate) fn prepare_key_table(self: &Arc<Self>) {
        let desk = Arc::clone(self);
        tokio::task::spawn_blocking(move || desk.key_table().catch_up(&desk));
    }

    /// Answers a question to the table. Blocks while others ask theirs, and the first time while the table is made.
    pub(super) fn find_keys(
        self: &Arc<Self>,
        wanted: &Wanted,
        uncollected: &HashSet<KeyId>,
    ) -> (usize, Vec<KeyId>) {
        let mut table = self.key_table();
        table.catch_up(self);
        table.find(wanted, uncollected, self.clock.now())
    }
}
