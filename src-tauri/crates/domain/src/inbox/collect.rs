//! Handing over: what is laid out after an approval, for whom, for how long.

use std::time::Duration;

use super::effect::{Effect, announced};
use super::entry::{Armed, Entry, Phase};
use super::limits::{TO_COLLECT, TO_COLLECT_AGAIN, TO_POST};
use super::{Asking, Attention, Inbox};
use crate::{
    KeyHash, KeyId, KeySecret, Mode, Moment, PermissionSet, Receiver, RequestId, RequestStatus, UserId,
};

/// What an approval hands over.
#[derive(Debug)]
pub struct Handover {
    /// Handle of the key.
    pub key_id: KeyId,
    /// The key, where its asker collects it. Dropped at once where it is posted by Fieldgate or shown there.
    pub secret: Option<KeySecret>,
    /// Whose key it is.
    pub user: UserId,
    /// What was granted.
    pub permissions: PermissionSet,
    /// Who is to receive it; absent without a redirect.
    pub receiver: Option<Receiver>,
}

/// A key in its asker's hands.
#[derive(Debug)]
pub struct Collected {
    /// The key.
    pub secret: KeySecret,
    /// Whose key it is.
    pub user: UserId,
    /// What was granted.
    pub permissions: PermissionSet,
    /// Whether it was collected for the first time since it was laid out: that is to be written down before the key
    /// goes out, and undone with [`Inbox::uncollect`] when it cannot be.
    pub first: bool,
    /// What else was laid out, and until when; for putting it back.
    laid_out: (KeyId, Option<Receiver>, Moment),
}

/// Why a collect gets no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotCollected {
    /// No such asking, or forgotten.
    #[error("no such request")]
    Unknown,
    /// The caller is not the asker.
    #[error("opened elsewhere")]
    Elsewhere,
    /// There is no key to collect: this is where the asking stands.
    #[error("nothing to collect")]
    Nothing(RequestStatus),
}

/// Only a granted asking can be delivered again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request was not granted")]
pub struct NotGranted;

/// Every try to post a key failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key could not be posted")]
pub struct PostFailed;

/// How a key reaches its asker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// The asker's page posts it on, and may be reloaded.
    Page,
    /// The asker's next poll gets it, once.
    Poll,
    /// Fieldgate posts it; no poll ever gets it.
    Post,
    /// Fieldgate shows it to the admin.
    Window,
}

impl Asking {
    /// How its key will reach it.
    #[must_use]
    pub fn route(&self) -> Route {
        match (self.asker.mode, self.request.redirect().is_some()) {
            (Mode::Browser, true) => Route::Page,
            (Mode::Browser, false) => Route::Window,
            (Mode::Program, true) => Route::Post,
            (Mode::Program, false) => Route::Poll,
        }
    }
}

impl Entry {
    /// Keeps the key if its asker has to collect it, for as long as `patience`; drops it at once if not.
    pub(super) fn lay_out(&mut self, handover: Handover, patience: Duration, now: Moment) {
        match self.asking.route() {
            Route::Window => self.settle(RequestStatus::Approved, now),
            Route::Post => self.phase = Phase::Posting { until: now.plus(TO_POST) },
            Route::Page | Route::Poll if handover.secret.is_none() => {
                self.settle(RequestStatus::Undelivered, now);
            }
            Route::Page | Route::Poll => {
                self.phase = Phase::Armed(Armed {
                    handover: Box::new(handover),
                    until: now.plus(patience),
                    collected: false,
                });
            }
        }
    }

    pub(super) fn is_collectable(&self, now: Moment) -> bool {
        matches!(&self.phase, Phase::Armed(armed) if now < armed.until)
    }

    fn take_out(&mut self, now: Moment) -> Option<Collected> {
        let route = self.asking.route();
        let Phase::Armed(armed) = &mut self.phase else { return None };
        if now >= armed.until {
            return None;
        }
        let handover = &armed.handover;
        let collected = Collected {
            secret: handover.secret.clone()?,
            user: handover.user.clone(),
            permissions: handover.permissions.clone(),
            first: !armed.collected,
            laid_out: (handover.key_id.clone(), handover.receiver.clone(), armed.until),
        };
        if collected.first {
            armed.collected = true;
            armed.until = now.plus(TO_COLLECT);
        }
        if route == Route::Poll {
            self.settle(RequestStatus::Delivered, now);
        }
        Some(collected)
    }

    /// Lays the key out again as it was before it was collected, unless that is over or was done anew.
    fn put_back(&mut self, collected: Collected) {
        let is_collected = match &self.phase {
            Phase::Armed(armed) => armed.collected,
            Phase::Settled { status, .. } => *status == RequestStatus::Delivered,
            Phase::Pending | Phase::Deciding(_) | Phase::Posting { .. } => false,
        };
        if !is_collected {
            return;
        }
        let Collected { secret, user, permissions, first: _, laid_out: (key_id, receiver, until) } =
            collected;
        let handover = Handover { key_id, secret: Some(secret), user, permissions, receiver };
        self.phase = Phase::Armed(Armed { handover: Box::new(handover), until, collected: false });
    }

    fn was_granted(&self) -> bool {
        match &self.phase {
            Phase::Armed(_) | Phase::Posting { .. } => true,
            Phase::Pending | Phase::Deciding(_) => false,
            Phase::Settled { status, .. } => matches!(
                status,
                RequestStatus::Approved | RequestStatus::Delivered | RequestStatus::Undelivered
            ),
        }
    }
}

impl Inbox {
    /// Hands the key to its asker: a browser's page for two minutes, a program's poll once.
    ///
    /// # Errors
    /// [`NotCollected`]; without the right collect secret always `Elsewhere`.
    pub fn collect(
        &mut self,
        id: &RequestId,
        presented: &KeyHash,
        now: Moment,
    ) -> Result<Collected, NotCollected> {
        let entry = self.find_mut(id).ok_or(NotCollected::Unknown)?;
        if !entry.asking.collect.is(presented) {
            return Err(NotCollected::Elsewhere);
        }
        entry.take_out(now).ok_or_else(|| NotCollected::Nothing(entry.status(now)))
    }

    /// Who is to receive the key that is laid out for this asker, if one is.
    #[must_use]
    pub fn receiver(&self, id: &RequestId, presented: &KeyHash, now: Moment) -> Option<&Receiver> {
        let entry = self.find(id).filter(|entry| entry.asking.collect.is(presented))?;
        match &entry.phase {
            Phase::Armed(armed) if now < armed.until => armed.handover.receiver.as_ref(),
            Phase::Armed(_)
            | Phase::Pending
            | Phase::Deciding(_)
            | Phase::Posting { .. }
            | Phase::Settled { .. } => None,
        }
    }

    /// Somebody else listens where the key that is laid out should go: it is taken back. One that its asker has had
    /// already stays delivered.
    pub fn withhold(&mut self, id: &RequestId, now: Moment) -> Vec<Effect> {
        let Some(entry) = self.find_mut(id) else { return Vec::new() };
        let Phase::Armed(armed) = &entry.phase else { return Vec::new() };
        let status = if armed.collected { RequestStatus::Delivered } else { RequestStatus::Undelivered };
        entry.settle(status, now);
        announced(Vec::new(), true)
    }

    /// The first collect could not be written down: the key did not go out, and its asker may try again.
    pub fn uncollect(&mut self, id: &RequestId, collected: Collected) {
        if let Some(entry) = self.find_mut(id) {
            entry.put_back(collected);
        }
    }

    /// What became of posting the key to a program's redirect. Late news still counts.
    pub fn posted(&mut self, id: &RequestId, result: Result<(), PostFailed>, now: Moment) -> Vec<Effect> {
        let Some(entry) = self.find_mut(id) else { return Vec::new() };
        let waited_for = matches!(
            &entry.phase,
            Phase::Posting { .. } | Phase::Settled { status: RequestStatus::Undelivered, .. }
        );
        if !waited_for || entry.asking.route() != Route::Post {
            return Vec::new();
        }
        let status = result.map_or(RequestStatus::Undelivered, |()| RequestStatus::Delivered);
        entry.settle(status, now);
        announced(Vec::new(), true)
    }

    /// Delivers a granted key again, for five minutes, also when nothing is known of it since a restart.
    ///
    /// # Errors
    /// [`NotGranted`] when the asking is here and was not granted.
    pub fn rearm(
        &mut self,
        asking: Asking,
        handover: Handover,
        now: Moment,
    ) -> Result<Vec<Effect>, NotGranted> {
        match self.find(&asking.id) {
            Some(entry) if !entry.was_granted() => return Err(NotGranted),
            Some(_) => {}
            None => self.entries.push(Entry::new(asking.clone(), now, Attention::Seen)),
        }
        if let Some(entry) = self.find_mut(&asking.id) {
            entry.lay_out(handover, TO_COLLECT_AGAIN, now);
        }
        self.forget(now);
        Ok(announced(Vec::new(), true))
    }
}
