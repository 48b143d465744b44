//! What the key table knows of a key: what it is searched, filtered and sorted by, and nothing else.

use domain::{ApiKey, ApplicationId, Ending, Issuer, KeyId, Permission, Timestamp, UserId};

use super::interned::Interned;
use crate::calls::KeyState;

/// A key. Numbers name what it shares with others: see [`Shared`].
#[derive(Debug)]
pub(super) struct Row {
    pub(super) id: KeyId,
    pub(super) owner: usize,
    pub(super) application: Option<usize>,
    pub(super) issuer: Issuer,
    pub(super) created: Timestamp,
    pub(super) expires: Option<Timestamp>,
    pub(super) last_used: Option<Timestamp>,
    holds: Box<[usize]>,
    ended: Option<Ending>,
    damaged: bool,
    /// Label and handle in lower case, as they are searched.
    text: Box<str>,
    /// How much of `text` is the label.
    label: usize,
}

/// What keys have in common.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) owners: Interned<UserId>,
    pub(super) applications: Interned<ApplicationId>,
    pub(super) permissions: Interned<Permission>,
}

impl Row {
    pub(super) fn new(key: &ApiKey, damaged: bool, shared: &mut Shared) -> Self {
        let mut text = key.label.to_lowercase();
        let label = text.len();
        text.push('\n');
        text.push_str(key.id.as_str());
        Self {
            id: key.id.clone(),
            owner: shared.owners.intern(&key.owner),
            application: key.application.as_ref().map(|id| shared.applications.intern(id)),
            issuer: key.issuer.clone(),
            created: key.created,
            expires: key.expires,
            last_used: key.last_used,
            holds: key.permissions.iter().map(|held| shared.permissions.intern(held)).collect(),
            ended: key.ended.map(|end| end.how),
            damaged,
            text: text.into_boxed_str(),
            label,
        }
    }

    /// The label in lower case.
    pub(super) fn label(&self) -> &str {
        self.text.get(..self.label).unwrap_or_default()
    }

    /// Label and handle in lower case.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn state(&self, now: Timestamp) -> KeyState {
        KeyState::of(self.ended, self.expires.is_some_and(|end| end <= now), self.damaged)
    }

    /// Whether it has the same place as the other one in every order that is kept.
    pub(super) fn sorts_like(&self, other: &Self) -> bool {
        let place = |row: &Self| (row.owner, row.application, row.created, row.expires, row.last_used);
        self.id == other.id && self.label() == other.label() && place(self) == place(other)
    }

    /// Whether one of its permissions is marked.
    pub(super) fn holds_any(&self, marked: &[bool]) -> bool {
        self.holds.iter().any(|&held| is_marked(marked, held))
    }
}

pub(super) fn is_marked(marked: &[bool], place: usize) -> bool {
    marked.get(place).copied().unwrap_or(false)
}

impl KeyState {
    /// The state of a key: how it ended, whether its time is over, whether its row was changed by somebody else.
    pub(crate) fn of(ended: Option<Ending>, overdue: bool, damaged: bool) -> Self {
        match ended {
            Some(Ending::Revoked) => Self::Revoked,
            Some(Ending::Expired) => Self::Expired,
            None if overdue => Self::Expired,
            None if damaged => Self::Damaged,
            None => Self::Live,
        }
    }
}
