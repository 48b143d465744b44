//! What is known of keys, in memory: a presented key is looked up here and never in the file.

use std::collections::{HashMap, HashSet};

use domain::{ApiKey, Ending, KeyEnd, KeyHash, KeyId, KeySecret, Replacement, Timestamp, UserId};

use crate::ports::{KeyChange, StoredKey};

/// All keys, by handle and by the hash of their token.
#[derive(Debug, Default)]
pub(crate) struct KeyIndex {
    keys: HashMap<KeyId, StoredKey>,
    by_hash: HashMap<KeyHash, KeyId>,
    /// Rows that somebody else has written: not accepted.
    damaged: HashSet<KeyId>,
    /// Keys that have ended, without that being written yet: seen expired, or replaced by one that was used.
    unwritten: HashMap<KeyId, KeyEnd>,
    /// Keys that have ended since the desk was made.
    ended: HashSet<KeyId>,
    /// Keys whose user was deleted since the desk was made: unknown, whatever the rows say.
    gone: HashSet<KeyId>,
    /// What [`KeyIndex::take_changes`] has not told yet.
    changes: Changes,
}

/// Which keys changed since somebody last asked.
#[derive(Debug)]
pub(crate) enum Changes {
    /// Anything may have.
    All,
    /// These alone: there, changed or gone.
    Some(HashSet<KeyId>),
}

impl Default for Changes {
    fn default() -> Self {
        Self::Some(HashSet::new())
    }
}

impl Changes {
    /// Above this, looking at all keys anew is as cheap.
    const MANY: usize = 20_000;

    fn add(&mut self, id: &KeyId) {
        match self {
            Self::Some(ids) if ids.len() < Self::MANY => drop(ids.insert(id.clone())),
            Self::Some(_) | Self::All => *self = Self::All,
        }
    }

    fn is_none(&self) -> bool {
        matches!(self, Self::Some(ids) if ids.is_empty())
    }
}

impl KeyIndex {
    pub(crate) fn load(keys: Vec<StoredKey>) -> Self {
        let mut index = Self::default();
        for stored in keys {
            index.insert(stored);
        }
        index.changes = Changes::All;
        index
    }

    pub(crate) fn insert(&mut self, stored: StoredKey) {
        self.changes.add(&stored.key.id);
        self.by_hash.insert(stored.hash, stored.key.id.clone());
        self.keys.insert(stored.key.id.clone(), stored);
    }

    pub(crate) fn get(&self, id: &KeyId) -> Option<&ApiKey> {
        self.keys.get(id).map(|stored| &stored.key)
    }

    /// The key a token belongs to, whatever its state. The lookup goes by hash; the comparison is constant-time.
    pub(crate) fn recognise(&self, secret: &KeySecret) -> Option<&ApiKey> {
        let hash = secret.hash();
        let stored = self.keys.get(self.by_hash.get(&hash)?)?;
        stored.hash.is(&hash).then_some(&stored.key)
    }

    pub(crate) fn is_usable(&self, key: &ApiKey, now: Timestamp) -> bool {
        key.is_live(now) && !self.damaged.contains(&key.id)
    }

    pub(crate) fn is_damaged(&self, id: &KeyId) -> bool {
        self.damaged.contains(id)
    }

    /// Takes over the rows as they are by now, and which of them are not to be used. What has ended since the desk was
    /// made stays so, whatever the rows say.
    pub(crate) fn reload(&mut self, keys: Vec<StoredKey>, damaged: HashSet<KeyId>) {
        let Self { keys: before, mut unwritten, ended, gone, .. } = std::mem::take(self);
        let known = keys.into_iter().filter(|stored| !gone.contains(&stored.key.id)).collect();
        let mut index = Self { damaged, ..Self::load(known) };
        unwritten.retain(|id, _| index.keys.contains_key(id));
        for id in &ended {
            if let (Some(stored), Some(known)) = (index.keys.get_mut(id), before.get(id)) {
                stored.key.ended = known.key.ended.or(stored.key.ended);
            }
        }
        *self = Self { unwritten, ended, gone, ..index };
    }

    /// Forgets the keys of a user who was deleted.
    pub(crate) fn forget(&mut self, owner: &UserId) {
        let gone: Vec<KeyId> =
            self.all().filter(|key| key.owner == *owner).map(|key| key.id.clone()).collect();
        for id in gone {
            if let Some(stored) = self.keys.remove(&id) {
                self.by_hash.remove(&stored.hash);
            }
            self.unwritten.remove(&id);
            self.changes.add(&id);
            self.gone.insert(id);
        }
    }

    /// Refuses a key from now on: its time has run out, or another that was used has taken its place.
    /// [`KeyIndex::end`] says that this is written.
    pub(crate) fn refuse(&mut self, id: &KeyId, end: KeyEnd) {
        if let Some(stored) = self.keys.get_mut(id)
            && stored.key.ended.is_none()
        {
            stored.key.ended = Some(end);
            self.unwritten.insert(id.clone(), end);
            self.ended.insert(id.clone());
            self.changes.add(id);
        }
    }

    /// How a key has ended, as long as that is not written.
    pub(crate) fn unwritten_end(&self, id: &KeyId) -> Option<KeyEnd> {
        self.unwritten.get(id).copied()
    }

    /// Marks the end of a key, which is written; the first end stays.
    pub(crate) fn end(&mut self, id: &KeyId, how: Ending, at: Timestamp) {
        self.unwritten.remove(id);
        self.ended.insert(id.clone());
        self.changes.add(id);
        if let Some(stored) = self.keys.get_mut(id) {
            stored.key.ended.get_or_insert(KeyEnd { how, at });
        }
    }

    /// Moves the end of a key that was replaced where its last day is over, which is written.
    pub(crate) fn cut(&mut self, row: &Replacement) {
        if let Some(stored) = self.keys.get_mut(&row.old) {
            stored.key.expires = row.end_of_old(stored.key.expires);
        }
    }

    /// Takes over a change that is written.
    pub(crate) fn change(&mut self, change: KeyChange) {
        self.changes.add(&change.key);
        if let Some(stored) = self.keys.get_mut(&change.key) {
            stored.key.label = change.label;
            stored.key.permissions = change.permissions;
            stored.key.expires = change.expires;
        }
    }

    /// Keys that have ended or run out without that being written yet.
    pub(crate) fn overdue(&self, now: Timestamp) -> Vec<KeyId> {
        self.all()
            .filter(|key| {
                self.unwritten.contains_key(&key.id) || (key.ended.is_none() && key.is_overdue(now))
            })
            .map(|key| key.id.clone())
            .collect()
    }

    /// Whether there is anything for [`KeyIndex::take_changes`] to tell.
    pub(crate) fn has_changes(&self) -> bool {
        !self.changes.is_none()
    }

    /// Which keys changed since this was last asked; all when it was never.
    pub(crate) fn take_changes(&mut self) -> Changes {
        std::mem::take(&mut self.changes)
    }

    /// All handles, with when their keys were made.
    pub(crate) fn ages(&self) -> Vec<(Timestamp, KeyId)> {
        self.all().map(|key| (key.created, key.id.clone())).collect()
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &ApiKey> {
        self.keys.values().map(|stored| &stored.key)
    }
}
