//! The inbox of pending requests: a state machine without a clock. Time and randomness go in, effects come out.
//!
//! An entry is `Pending`, then claimed by a decider while the store is written, then approved or ended. An
//! approved one keeps its key in memory only as long as its asker may still collect it.

mod asking;
mod card;
mod collect;
mod decide;
mod effect;
mod entry;
mod limits;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use asking::{Asker, Asking, Attention, BadNumber, Number};
pub use card::{Card, CardEntry};
pub use collect::{Collected, Handover, NotCollected, NotGranted, PostFailed, Route};
pub use decide::{Claim, NotPending, NumberError};
pub use effect::{AskingEnd, Effect};
pub use limits::{Full, TO_COLLECT_AGAIN};

use crate::{KeyHash, Moment, RequestId, RequestStatus};
use effect::announced;
use entry::Entry;

/// The askings of this run of Fieldgate: undecided, being decided, and for some minutes those that ended.
#[derive(Debug, Default)]
pub struct Inbox {
    entries: Vec<Entry>,
    raised: bool,
    closed: bool,
}

/// What a poll learns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Polled {
    /// No such asking, or forgotten.
    Unknown,
    /// There is one, but the caller is not its asker.
    Elsewhere,
    /// The caller's own asking.
    Here {
        /// Where it stands.
        status: RequestStatus,
        /// The latest end as of now, while it is undecided.
        expires_at: Option<Moment>,
        /// Whether [`Inbox::collect`] would hand over a key now.
        collectable: bool,
    },
}

impl Inbox {
    /// Takes in an asking. One that is blocked never gets here.
    ///
    /// # Errors
    /// [`Full`] when a limit is reached, after [`Inbox::close`], and for an id that is already in use.
    pub fn submit(&mut self, asking: Asking, now: Moment, attention: Attention) -> Result<Vec<Effect>, Full> {
        self.room_for(&asking, now)?;
        self.entries.push(Entry::new(asking, now, attention));
        self.forget(now);
        let raise = !std::mem::replace(&mut self.raised, true);
        Ok(announced(raise.then_some(Effect::Raise).into_iter().collect(), true))
    }

    /// Draws a number from 32 random bits that no other undecided asking has, so that a typed number names one
    /// asker only.
    #[must_use]
    pub fn free_number(&self, bits: u32) -> Number {
        let taken = |number: &Number| self.undecided().any(|entry| entry.asking.number == *number);
        let free: Vec<Number> = Number::all().filter(|number| !taken(number)).collect();
        let wanted = usize::try_from(bits).unwrap_or_default().checked_rem(free.len());
        wanted.and_then(|index| free.get(index).copied()).unwrap_or_else(|| Number::from_random(bits))
    }

    /// The vault was unlocked: every card can be seen from `now` on.
    pub fn show_all(&mut self, now: Moment) -> Vec<Effect> {
        let shown = self.entries.iter_mut().filter_map(|entry| entry.show(now).then_some(())).count();
        announced(Vec::new(), shown > 0)
    }

    /// The human did something: the next asking may raise the window again.
    pub fn acted(&mut self) {
        self.raised = false;
    }

    /// What the asker learns about its own asking. With the right collect secret this is a sign of life.
    pub fn poll(&mut self, id: &RequestId, presented: &KeyHash, now: Moment) -> Polled {
        let Some(entry) = self.find_mut(id) else { return Polled::Unknown };
        if !entry.asking.collect.is(presented) {
            return Polled::Elsewhere;
        }
        entry.hear(now);
        Polled::Here {
            status: entry.status(now),
            expires_at: entry.is_open(now).then(|| entry.expires_at()),
            collectable: entry.is_collectable(now),
        }
    }

    /// What was asked under `id`, as long as it is not forgotten.
    #[must_use]
    pub fn asking(&self, id: &RequestId) -> Option<&Arc<Asking>> {
        self.find(id).map(|entry| &entry.asking)
    }

    /// The latest end of an undecided asking as of now. It may move, never past half an hour after submitting.
    #[must_use]
    pub fn expires_at(&self, id: &RequestId) -> Option<Moment> {
        self.find(id).filter(|entry| entry.is_undecided()).map(Entry::expires_at)
    }

    /// Ends what is overdue, drops keys nobody collected, forgets what nobody reads any more.
    pub fn tick(&mut self, now: Moment) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut changed = false;
        for entry in &mut self.entries {
            let closing = (self.closed && entry.is_pending()).then_some(AskingEnd::Closed);
            if let Some(how) = closing.or_else(|| entry.due(now)) {
                effects.push(entry.end(how, now));
            }
            changed |= entry.disarm(now);
        }
        self.forget(now);
        // Nobody waits any more: whoever comes next is news.
        let waits = self.undecided().next().is_some();
        self.raised &= waits;
        announced(effects, changed)
    }

    /// When [`Inbox::tick`] has something to do next. A claim that is lost meanwhile is found at any later tick.
    #[cfg(test)]
    fn next_deadline(&self) -> Option<Moment> {
        self.entries.iter().filter_map(Entry::wakes_at).min()
    }

    /// Fieldgate is closing: nobody comes in any more, and every pending asking ends. One that is being decided
    /// ends with its decision, which the store may already hold.
    pub fn close(&mut self, now: Moment) -> Vec<Effect> {
        self.closed = true;
        self.tick(now)
    }

    fn forget(&mut self, now: Moment) {
        let readable = |since: Moment| now < since.plus(limits::TO_READ);
        self.entries.retain(|entry| entry.settled_since().is_none_or(readable));
        let settled = |(index, entry): (usize, &Entry)| entry.settled_since().map(|since| (since, index));
        while self.entries.iter().filter_map(Entry::settled_since).count() > limits::READABLE {
            let Some((_, oldest)) = self.entries.iter().enumerate().filter_map(settled).min() else { return };
            self.entries.remove(oldest);
        }
    }

    fn undecided(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.is_undecided())
    }

    fn find(&self, id: &RequestId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.asking.id == *id)
    }

    fn find_mut(&mut self, id: &RequestId) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.asking.id == *id)
    }
}
