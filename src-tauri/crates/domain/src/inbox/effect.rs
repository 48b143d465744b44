//! What the caller of the inbox has to do after something happened in it.

use std::sync::Arc;

use super::Asking;
use crate::RequestStatus;

/// Something the caller has to act upon. Every accepted asking yields exactly one of [`Approved`](Self::Approved)
/// and [`Ended`](Self::Ended).
#[derive(Debug, Clone)]
pub enum Effect {
    /// Bring the window up. Not said again before the human acts.
    Raise,
    /// Something to see has changed: wake the waiting polls, refresh the cards. At most once in a list, and last.
    Changed,
    /// The asking was granted.
    Approved {
        /// What was asked.
        asking: Arc<Asking>,
    },
    /// The asking ended without a key.
    Ended {
        /// What was asked.
        asking: Arc<Asking>,
        /// How it ended.
        how: AskingEnd,
    },
}

/// How an asking ended without a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AskingEnd {
    /// The admin refused it.
    Refused,
    /// Two wrong numbers were typed for it.
    WrongNumbers,
    /// Nobody decided in time.
    Expired,
    /// The asker went away.
    Withdrawn,
    /// Another asking of the same card was decided.
    Superseded,
    /// Fieldgate was closed.
    Closed,
}

impl AskingEnd {
    /// The same, as the asking side reads it.
    #[must_use]
    pub fn status(self) -> RequestStatus {
        match self {
            Self::Refused | Self::WrongNumbers => RequestStatus::Refused,
            Self::Expired => RequestStatus::Expired,
            Self::Withdrawn => RequestStatus::Withdrawn,
            Self::Superseded => RequestStatus::Superseded,
            Self::Closed => RequestStatus::Closed,
        }
    }
}

/// Adds the one `Changed` that a list with anything in it ends with.
pub(super) fn announced(mut effects: Vec<Effect>, changed: bool) -> Vec<Effect> {
    if changed || !effects.is_empty() {
        effects.push(Effect::Changed);
    }
    effects
}
