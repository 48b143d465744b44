//! Deciding, in two steps, since the store is written in between.

use std::sync::Arc;

use super::collect::Handover;
use super::effect::{AskingEnd, Effect, announced};
use super::entry::{Entry, Hold, Phase};
use super::{Asking, Inbox, Number};
use crate::{Moment, RequestId, RequestStatus};

/// Wrong numbers that end an asking.
const WRONG_NUMBERS: u8 = 2;

/// The right to decide one asking. While it lives, the asking neither ends by itself nor can be claimed again.
/// Exactly one of [`Inbox::approve`], [`Inbox::refuse`] and [`Inbox::release`] takes it; dropping it, as a
/// cancelled task does, leaves the asking pending.
#[derive(Debug)]
#[must_use = "a claim is answered with approve, refuse or release"]
pub struct Claim {
    asking: Arc<Asking>,
    _hold: Arc<Hold>,
}

impl Claim {
    /// What is being decided.
    #[must_use]
    pub fn asking(&self) -> &Arc<Asking> {
        &self.asking
    }
}

/// Why an asking cannot be decided now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotPending {
    /// No such asking, or forgotten.
    #[error("no such request")]
    Unknown,
    /// It, or another asking of its card, is being decided.
    #[error("the request is being decided")]
    Deciding,
    /// It was decided, or ended.
    #[error("the request is no longer pending")]
    Over(RequestStatus),
}

/// Why a typed number does not open an asking.
#[derive(Debug, thiserror::Error)]
pub enum NumberError {
    /// There is nothing to decide.
    #[error(transparent)]
    NotPending(#[from] NotPending),
    /// It is not the number of anybody on this card.
    #[error("this is not the number")]
    Wrong {
        /// Whether that ended the asking.
        ended: bool,
        /// What has to be done about it.
        effects: Vec<Effect>,
    },
}

impl Inbox {
    /// Finds the asking whose number was typed at the card of `id`: the one a decision then answers.
    ///
    /// # Errors
    /// [`NumberError::Wrong`] when nobody on the card shows that number; the second one ends the asking.
    pub fn check_number(
        &mut self,
        id: &RequestId,
        number: Number,
        now: Moment,
    ) -> Result<RequestId, NumberError> {
        let asking = Arc::clone(&self.pending(id, now)?.asking);
        self.acted();
        let on_card = |entry: &Entry| entry.is_open(now) && entry.asking.shares_card_with(&asking);
        let mut open = self.entries.iter().filter(|entry| on_card(entry));
        if let Some(named) = open.find(|entry| entry.asking.number == number) {
            return Ok(named.asking.id.clone());
        }
        let mut effects = Vec::new();
        for entry in self.entries.iter_mut().filter(|entry| on_card(entry)) {
            entry.wrong_numbers = entry.wrong_numbers.saturating_add(1);
            if entry.wrong_numbers >= WRONG_NUMBERS {
                effects.push(entry.end(AskingEnd::WrongNumbers, now));
            }
        }
        let ended = self.find(id).is_none_or(|entry| !entry.is_undecided());
        Err(NumberError::Wrong { ended, effects: announced(effects, false) })
    }

    /// Takes the right to decide.
    ///
    /// # Errors
    /// [`NotPending`] when it is over, overdue, or when it or another asking of its card is being decided.
    pub fn claim(&mut self, id: &RequestId, now: Moment) -> Result<Claim, NotPending> {
        self.pending(id, now)?;
        let entry = self.find_mut(id).ok_or(NotPending::Unknown)?;
        let hold = Arc::new(Hold);
        entry.phase = Phase::Deciding(Arc::downgrade(&hold));
        Ok(Claim { asking: Arc::clone(&entry.asking), _hold: hold })
    }

    /// The grant is in the store. The key waits for its asker, and the others of the card end.
    pub fn approve(&mut self, claim: Claim, handover: Handover, now: Moment) -> Vec<Effect> {
        let Some(entry) = self.find_mut(&claim.asking.id) else { return Vec::new() };
        let approved = Effect::Approved { asking: Arc::clone(&entry.asking) };
        entry.lay_out(handover, super::limits::TO_COLLECT, now);
        self.decided(&claim, approved, now)
    }

    /// The admin refused, which is in the store. The others of the card end.
    pub fn refuse(&mut self, claim: Claim, now: Moment) -> Vec<Effect> {
        let Some(entry) = self.find_mut(&claim.asking.id) else { return Vec::new() };
        let refused = entry.end(AskingEnd::Refused, now);
        self.decided(&claim, refused, now)
    }

    /// The store failed: it is pending again. What is overdue meanwhile ends at the next tick.
    pub fn release(&mut self, claim: Claim, now: Moment) -> Vec<Effect> {
        let closed = self.closed;
        let Some(entry) = self.find_mut(&claim.asking.id) else { return Vec::new() };
        entry.phase = Phase::Pending;
        let ended = closed.then(|| entry.end(AskingEnd::Closed, now));
        announced(ended.into_iter().collect(), true)
    }

    fn decided(&mut self, claim: &Claim, decision: Effect, now: Moment) -> Vec<Effect> {
        self.acted();
        let mut effects = vec![decision];
        let others = self.entries.iter_mut().filter(|entry| entry.is_pending());
        for entry in others.filter(|entry| entry.asking.shares_card_with(&claim.asking)) {
            effects.push(entry.end(entry.due(now).unwrap_or(AskingEnd::Superseded), now));
        }
        announced(effects, false)
    }

    fn pending(&self, id: &RequestId, now: Moment) -> Result<&Entry, NotPending> {
        let entry = self.find(id).ok_or(NotPending::Unknown)?;
        if entry.is_undecided() && self.card_is_being_decided(entry) {
            return Err(NotPending::Deciding);
        }
        match entry.status(now) {
            RequestStatus::Pending if self.closed => Err(NotPending::Over(RequestStatus::Closed)),
            RequestStatus::Pending => Ok(entry),
            over @ (RequestStatus::Approved
            | RequestStatus::Delivered
            | RequestStatus::Undelivered
            | RequestStatus::Refused
            | RequestStatus::Expired
            | RequestStatus::Withdrawn
            | RequestStatus::Superseded
            | RequestStatus::Closed) => Err(NotPending::Over(over)),
        }
    }

    /// One card makes one key: while one of its askings is being decided, the others wait.
    fn card_is_being_decided(&self, entry: &Entry) -> bool {
        let mut deciding = self.entries.iter().filter(|other| other.is_deciding());
        deciding.any(|other| other.asking.shares_card_with(&entry.asking))
    }
}
