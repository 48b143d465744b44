//! Who leaves when there are more connections than are served: the locked one that has been silent longest.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::{Caller, Desk};

/// The connections whose turn it is to speak.
#[derive(Default)]
pub(super) struct Waiting {
    line: Mutex<Line>,
}

/// The silent ones, longest first.
#[derive(Default)]
struct Line {
    next: u64,
    silent: BTreeMap<u64, (Caller, Arc<Notify>)>,
}

/// One connection's place in the line, for as long as it is silent.
pub(super) struct Place<'line> {
    waiting: &'line Waiting,
    number: u64,
    sent_away: Arc<Notify>,
}

impl Waiting {
    /// A place at the end of the line.
    pub(super) fn join(&self, caller: &Caller) -> Place<'_> {
        let sent_away = Arc::new(Notify::new());
        let mut line = self.line();
        let number = line.next;
        line.next += 1;
        line.silent.insert(number, (caller.clone(), Arc::clone(&sent_away)));
        Place { waiting: self, number, sent_away }
    }

    /// Sends away the one that has been silent longest and is not open on `desk`; whether there was one.
    pub(super) fn send_one_away(&self, desk: &Desk) -> bool {
        let mut line = self.line();
        let locked = line.silent.iter().find(|(_, (caller, _))| !is_open(desk, caller));
        let number = locked.map(|(number, _)| *number);
        let gone = number.and_then(|number| line.silent.remove(&number));
        gone.is_some_and(|(_, sent_away)| {
            sent_away.notify_one();
            true
        })
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether `caller` has shown the passphrase.
pub(super) fn is_open(desk: &Desk, caller: &Caller) -> bool {
    desk.openings.of(caller).is_ok()
}

impl Place<'_> {
    /// Resolves once this connection has to leave.
    pub(super) async fn sent_away(&self) {
        self.sent_away.notified().await;
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.waiting.line().silent.remove(&self.number);
    }
}
