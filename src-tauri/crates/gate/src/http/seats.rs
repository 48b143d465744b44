//! Who may stay when there are more connections than seats.
//!
//! A connection *waits* while it is the client's turn: to send a request, to read an answer, to hang up. It *works*
//! while it is ours. When all seats are taken, the one that has waited longest leaves for the newcomer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// All seats of the gate.
pub(crate) struct Seats {
    free: Arc<Semaphore>,
    line: Mutex<Line>,
}

/// The waiting ones, longest first.
#[derive(Default)]
struct Line {
    next: u64,
    waiting: BTreeMap<u64, Arc<Notify>>,
}

/// One connection's place. It is given back on drop, so drop it after the socket.
pub(crate) struct Seat {
    seats: Arc<Seats>,
    ticket: u64,
    sent_away: Arc<Notify>,
    _permit: OwnedSemaphorePermit,
}

impl Seats {
    pub(crate) fn new(count: usize) -> Arc<Self> {
        Arc::new(Self { free: Arc::new(Semaphore::new(count)), line: Mutex::default() })
    }

    /// A seat for a newcomer, which waits from now on. `None` when every connection is at work.
    pub(crate) async fn take(self: &Arc<Self>) -> Option<Seat> {
        let free = Arc::clone(&self.free);
        let permit = match free.try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) if !self.send_one_away() => return None,
            // Whoever was sent away leaves at its next await, which is where it waits.
            Err(_) => Arc::clone(&self.free).acquire_owned().await.ok()?,
        };
        let sent_away = Arc::new(Notify::new());
        let ticket = self.line().join(Arc::clone(&sent_away));
        Some(Seat { seats: Arc::clone(self), ticket, sent_away, _permit: permit })
    }

    /// Sends the one that has waited longest away; whether there was one.
    pub(crate) fn send_one_away(&self) -> bool {
        let longest = self.line().waiting.pop_first();
        longest.is_some_and(|(_, sent_away)| {
            sent_away.notify_one();
            true
        })
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    fn join(&mut self, sent_away: Arc<Notify>) -> u64 {
        let ticket = self.next;
        self.next += 1;
        self.waiting.insert(ticket, sent_away);
        ticket
    }
}

impl Seat {
    /// Returns once this connection has to leave.
    pub(crate) async fn sent_away(&self) {
        self.sent_away.notified().await;
    }

    /// From waiting to working. False when the connection was sent away just before: then it must leave.
    pub(crate) fn work(&self) -> bool {
        self.seats.line().waiting.remove(&self.ticket).is_some()
    }

    /// From working to waiting, at the end of the line.
    pub(crate) fn wait(&mut self) {
        self.ticket = self.seats.line().join(Arc::clone(&self.sent_away));
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.seats.line().waiting.remove(&self.ticket);
    }
}
