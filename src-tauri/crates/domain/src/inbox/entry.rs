//! One asking on its way: undecided, being decided, granted, ended.

use std::sync::{Arc, Weak};

use super::collect::Handover;
use super::effect::AskingEnd;
use super::limits::{self, IN_ALL, TO_DECIDE};
use super::{Asking, Attention, Effect};
use crate::{Moment, RequestStatus};

/// What a claim holds and its entry watches: gone when the claim was dropped without an answer.
#[derive(Debug)]
pub(super) struct Hold;

#[derive(Debug)]
pub(super) enum Phase {
    Pending,
    Deciding(Weak<Hold>),
    Armed(Armed),
    Posting { until: Moment },
    Settled { status: RequestStatus, since: Moment },
}

/// A granted key laid out for its asker.
#[derive(Debug)]
pub(super) struct Armed {
    pub(super) handover: Box<Handover>,
    pub(super) until: Moment,
    pub(super) collected: bool,
}

impl Armed {
    fn status(&self, now: Moment) -> RequestStatus {
        match (self.collected, now < self.until) {
            (true, _) => RequestStatus::Delivered,
            (false, true) => RequestStatus::Approved,
            (false, false) => RequestStatus::Undelivered,
        }
    }
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) asking: Arc<Asking>,
    pub(super) phase: Phase,
    pub(super) wrong_numbers: u8,
    pub(super) submitted: Moment,
    seen: Option<Moment>,
    heard: Moment,
}

impl Entry {
    pub(super) fn new(asking: Asking, now: Moment, attention: Attention) -> Self {
        Self {
            asking: Arc::new(asking),
            phase: Phase::Pending,
            wrong_numbers: 0,
            submitted: now,
            seen: (attention == Attention::Seen).then_some(now),
            heard: now,
        }
    }

    /// Waits for a human. A claim that was lost counts as never made.
    pub(super) fn is_pending(&self) -> bool {
        match &self.phase {
            Phase::Pending => true,
            Phase::Deciding(hold) => hold.strong_count() == 0,
            Phase::Armed(_) | Phase::Posting { .. } | Phase::Settled { .. } => false,
        }
    }

    pub(super) fn is_deciding(&self) -> bool {
        matches!(&self.phase, Phase::Deciding(hold) if hold.strong_count() > 0)
    }

    pub(super) fn is_undecided(&self) -> bool {
        self.is_pending() || self.is_deciding()
    }

    /// Undecided, and its time has not run out.
    pub(super) fn is_open(&self, now: Moment) -> bool {
        self.is_undecided() && self.due(now).is_none()
    }

    /// The latest end as of now: not seen yet, it may still be seen in the last minute.
    pub(super) fn expires_at(&self) -> Moment {
        let last = self.submitted.plus(IN_ALL);
        self.seen.map_or(last, |seen| seen.plus(TO_DECIDE).min(last))
    }

    fn withdrawn_at(&self) -> Moment {
        self.heard.plus(limits::silence(self.asking.asker.mode))
    }

    /// When it ends if nobody does anything more; absent while a decision is being written.
    pub(super) fn ends_by_itself(&self) -> Option<Moment> {
        self.is_pending().then(|| self.expires_at().min(self.withdrawn_at()))
    }

    /// The end that is overdue at `now`, written or not.
    pub(super) fn due(&self, now: Moment) -> Option<AskingEnd> {
        if self.ends_by_itself()? > now {
            return None;
        }
        let gone_first = self.withdrawn_at() < self.expires_at();
        Some(if gone_first { AskingEnd::Withdrawn } else { AskingEnd::Expired })
    }

    pub(super) fn status(&self, now: Moment) -> RequestStatus {
        match &self.phase {
            Phase::Pending | Phase::Deciding(_) => {
                self.due(now).map_or(RequestStatus::Pending, AskingEnd::status)
            }
            Phase::Armed(armed) => armed.status(now),
            Phase::Posting { until } if now < *until => RequestStatus::Approved,
            Phase::Posting { .. } => RequestStatus::Undelivered,
            Phase::Settled { status, .. } => *status,
        }
    }

    /// A sign of life. It revives nobody whose time has run out.
    pub(super) fn hear(&mut self, now: Moment) {
        if self.is_open(now) {
            self.heard = self.heard.max(now);
        }
    }

    /// The card can be seen from `now` on. Says whether that is new.
    pub(super) fn show(&mut self, now: Moment) -> bool {
        let news = self.seen.is_none() && self.is_open(now);
        if news {
            self.seen = Some(now);
        }
        news
    }

    pub(super) fn settle(&mut self, status: RequestStatus, now: Moment) {
        self.phase = Phase::Settled { status, since: now };
    }

    pub(super) fn end(&mut self, how: AskingEnd, now: Moment) -> Effect {
        self.settle(how.status(), now);
        Effect::Ended { asking: Arc::clone(&self.asking), how }
    }

    /// Drops a key whose time to be collected, or posted, has run out. Says whether anything changed.
    pub(super) fn disarm(&mut self, now: Moment) -> bool {
        let overdue = match &self.phase {
            Phase::Armed(Armed { until, .. }) | Phase::Posting { until } => *until <= now,
            Phase::Pending | Phase::Deciding(_) | Phase::Settled { .. } => false,
        };
        if overdue {
            self.settle(self.status(now), now);
        }
        overdue
    }

    pub(super) fn settled_since(&self) -> Option<Moment> {
        match &self.phase {
            Phase::Settled { since, .. } => Some(*since),
            Phase::Pending | Phase::Deciding(_) | Phase::Armed(_) | Phase::Posting { .. } => None,
        }
    }

    /// When it has to be looked at next.
    #[cfg(test)]
    pub(super) fn wakes_at(&self) -> Option<Moment> {
        match &self.phase {
            Phase::Pending | Phase::Deciding(_) => self.ends_by_itself(),
            Phase::Armed(Armed { until, .. }) | Phase::Posting { until } => Some(*until),
            Phase::Settled { since, .. } => Some(since.plus(limits::TO_READ)),
        }
    }
}
