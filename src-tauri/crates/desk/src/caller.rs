//! Who makes a call, and which callers have shown the passphrase.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use domain::Actor;

use crate::{CallError, Code, ports::OpenKeyring};

/// One who makes calls: the desk's own window, or one connection of the command line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Caller {
    id: u64,
}

impl Caller {
    /// The window, or the command line that runs the gate. What it opens, the gate may mint with.
    pub const DESK: Self = Self { id: 0 };

    /// Whether this is the desk's own.
    #[must_use]
    pub fn is_desk(&self) -> bool {
        *self == Self::DESK
    }

    /// What the log says of this caller.
    #[must_use]
    pub fn actor(&self, has_window: bool) -> Actor {
        if self.is_desk() && has_window { Actor::Window } else { Actor::CommandLine }
    }
}

/// The open vault of each caller that has shown the passphrase. Showing it opens that caller only.
#[derive(Default)]
pub(crate) struct Openings {
    next: AtomicU64,
    open: Mutex<HashMap<u64, Arc<dyn OpenKeyring>>>,
}

impl Openings {
    /// A new caller, not yet open.
    pub(crate) fn connect(&self) -> Caller {
        Caller { id: self.next.fetch_add(1, Ordering::Relaxed) + 1 }
    }

    pub(crate) fn open(&self, caller: &Caller, keyring: Arc<dyn OpenKeyring>) {
        self.map().insert(caller.id, keyring);
    }

    /// The caller's open vault.
    pub(crate) fn of(&self, caller: &Caller) -> Result<Arc<dyn OpenKeyring>, CallError> {
        let closed = if caller.is_desk() {
            CallError::new(Code::Locked, "Fieldgate is locked")
        } else {
            CallError::new(Code::PassphraseNeeded, "this connection has not shown the passphrase")
        };
        self.map().get(&caller.id).cloned().ok_or(closed)
    }

    /// Forgets one caller's, for it has gone.
    pub(crate) fn close(&self, caller: &Caller) {
        self.map().remove(&caller.id);
    }

    /// Forgets everybody's. The keys are wiped as soon as no call uses them any more.
    pub(crate) fn close_all(&self) {
        self.map().clear();
    }

    fn map(&self) -> MutexGuard<'_, HashMap<u64, Arc<dyn OpenKeyring>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
