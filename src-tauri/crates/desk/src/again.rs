//! Known applications that ask again for exactly what they have, decided together.

use std::sync::Arc;

use domain::{ApiKey, Asking, ComesAgain, Receiver, RequestId, Standing};

use crate::{
    CallError, Caller, Desk,
    calls::{AgainOutcome, AgainView, Approve, ApproveAgain, Matching, Proof, ReviewList},
    people::People,
};

impl Desk {
    /// The requests that may be decided together, in the order of their cards.
    pub(crate) async fn review_list(
        self: &Arc<Self>,
        _: &Caller,
        _: ReviewList,
    ) -> Result<Vec<AgainView>, CallError> {
        let people = self.people();
        let uncollected = self.never_collected().await?;
        let first = self.first_of_each_card();
        let askings: Vec<Asking> = first.iter().map(|(asking, _)| asking.clone()).collect();
        let receivers = self.receivers_of(&askings).await;
        let mut rows = Vec::new();
        for (asking, alone) in first {
            let redirect = asking.request.redirect();
            let receiver = redirect.and_then(|redirect| receivers.get(redirect.origin()).cloned());
            let again = self.again(&asking, alone, receiver.as_ref(), &people).await?;
            let Some((key, _)) = again else { continue };
            let named = |id| people.store(id).map(|store| store.name.clone());
            rows.push(AgainView {
                request: self.pending_view(&asking, receiver)?,
                stores: key.permissions.stores().into_iter().filter_map(named).collect(),
                key: self.key_view(&key, &people, &uncollected),
            });
        }
        Ok(rows)
    }

    /// Hands over again what each of these has. Each is looked at anew, and decided by the rules for one: what may not be
    /// decided together any more says so and keeps waiting.
    pub(crate) async fn approve_again(
        self: &Arc<Self>,
        caller: &Caller,
        args: ApproveAgain,
    ) -> Result<Vec<AgainOutcome>, CallError> {
        let mut outcomes = Vec::new();
        for id in args.ids {
            let done = self.approve_one_again(caller, &id).await;
            outcomes.push(AgainOutcome { id, error: done.err() });
        }
        Ok(outcomes)
    }

    async fn approve_one_again(self: &Arc<Self>, caller: &Caller, id: &RequestId) -> Result<(), CallError> {
        let asking = self.waiting(id)?;
        let alone = self.first_of_each_card().iter().any(|(other, alone)| other.id == *id && *alone);
        let receiver = self.receiver_of(&asking).await;
        let again = self.again(&asking, alone, receiver.as_ref(), &self.people()).await?;
        let (_, approval) = again.ok_or_else(|| {
            CallError::invalid(
                "ids",
                "this is not exactly what the application has: look at the request itself",
            )
        })?;
        self.approve(caller, approval).await.map(drop)
    }

    /// The key that a request asks for again and the approval that hands it over, if it may be decided with others.
    async fn again(
        &self,
        asking: &Asking,
        alone: bool,
        receiver: Option<&Receiver>,
        people: &People,
    ) -> Result<Option<(ApiKey, Approve)>, CallError> {
        let granted = self.granted_before(asking).await?;
        let Some(last) = granted.first() else { return Ok(None) };
        let stores = if asking.request.is_selective() { last.grant.permissions.stores() } else { [].into() };
        let approval = Approve {
            id: asking.id.clone(),
            user: Some(last.grant.owner.to_string()),
            issuer: None,
            stores: stores.into_iter().cloned().collect(),
            permissions: None,
            label: None,
            expires: None,
            proof: Proof::Passphrase,
            matching: Some(Matching::Existing),
            stop_old: Vec::new(),
            passphrase: None,
            receiver: receiver.cloned(),
            remember: None,
        };
        let Ok(consent) = self.consent(asking, &approval, people) else { return Ok(None) };
        let exact = self.matching(asking, &consent, receiver).exact;
        let Some(key) = exact.and_then(|id| self.index().get(&id).cloned()) else { return Ok(None) };
        let judged = ComesAgain {
            standing: self.standing_of(asking),
            changes: &last.changes(asking, consent.permissions()),
            granted: consent.permissions(),
            held: &key.permissions,
            asks_unknown: !asking.request.unknown().is_empty(),
            alone,
            same_receiver: same_receiver(receiver, last.grant.receiver.as_ref())
                && self.is_familiar(asking, receiver).await?,
        };
        Ok(judged.may_be_decided_with_others().then_some((key, approval)))
    }

    /// What waits, the first of each card, and whether it is the only one there.
    fn first_of_each_card(&self) -> Vec<(Asking, bool)> {
        let inbox = self.inbox();
        let cards = inbox.cards();
        let first = cards.iter().filter_map(|card| Some((card.entries().first()?, card.asked() == 1)));
        first.map(|(entry, alone)| (entry.asking.clone(), alone)).collect()
    }

    /// What the admin thinks of the application, as it was when it asked and is now: the less of the two.
    fn standing_of(&self, asking: &Asking) -> Standing {
        match asking.standing {
            Standing::Known => self.register().standing(&asking.identity),
            Standing::New | Standing::Blocked => asking.standing,
        }
    }
}

/// Whether the key would go to whom it went before. A grant of which that is not known is no measure.
fn same_receiver(now: Option<&Receiver>, before: Option<&Receiver>) -> bool {
    match (now, before) {
        (Some(now), Some(before)) => now.is_still(before),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}
