//! The list of requests: those that wait, then those that ended, newest first.

use std::sync::Arc;

use domain::{Asking, Card, CardEntry, ClaimedText, Delivery, Moment, Receiver, RequestId, RequestStatus};

use crate::{
    CallError, Caller, Desk,
    calls::{GrantView, RequestView, Requests},
    keys::written,
    ports::{EndedRequest, RequestRecord},
};

/// An asking with what its card says of it.
struct Waiting {
    asking: Asking,
    card: RequestId,
    expires_at: Moment,
    times: usize,
}

impl Waiting {
    fn of(card: &Card<'_>, entry: &CardEntry<'_>) -> Self {
        let first = card.entries().first().map_or(&entry.asking.id, |first| &first.asking.id);
        Self {
            asking: entry.asking.clone(),
            card: first.clone(),
            expires_at: entry.expires_at,
            times: card.asked(),
        }
    }

    /// One that is being decided or has just ended: it has no card any more.
    fn alone(asking: &Asking) -> Self {
        Self { asking: asking.clone(), card: asking.id.clone(), expires_at: Moment::default(), times: 1 }
    }
}

/// How many ended requests the list reaches back.
const HISTORY: u32 = 1_000;

impl Desk {
    pub(crate) async fn requests(
        self: &Arc<Self>,
        _: &Caller,
        _: Requests,
    ) -> Result<Vec<RequestView>, CallError> {
        let mut views = self.pending_views().await?;
        let records = self.read(|keyring| keyring.requests(HISTORY)).await?;
        let ended = records.iter().map(|record| self.ended_view(record));
        let pending: Vec<RequestId> = views.iter().map(|view| view.id.clone()).collect();
        views.extend(ended.filter(|view| !pending.contains(&view.id)));
        Ok(views)
    }

    pub(crate) async fn pending_views(self: &Arc<Self>) -> Result<Vec<RequestView>, CallError> {
        let waiting: Vec<Waiting> = {
            let inbox = self.inbox();
            let cards = inbox.cards();
            cards
                .iter()
                .flat_map(|card| card.entries().iter().map(|entry| Waiting::of(card, entry)))
                .collect()
        };
        let askings: Vec<Asking> = waiting.iter().map(|waiting| waiting.asking.clone()).collect();
        let receivers = self.receivers_of(&askings).await;
        let receiver = |asking: &Asking| receivers.get(asking.request.redirect()?.origin()).cloned();
        let views = waiting.into_iter().map(|waiting| {
            let receiver = receiver(&waiting.asking);
            self.waiting_view(waiting, receiver)
        });
        views.collect()
    }

    /// One request that waits.
    pub(crate) fn pending_view(
        &self,
        asking: &Asking,
        receiver: Option<Receiver>,
    ) -> Result<RequestView, CallError> {
        let waiting = {
            let inbox = self.inbox();
            let cards = inbox.cards();
            let mut all =
                cards.iter().flat_map(|card| card.entries().iter().map(|entry| Waiting::of(card, entry)));
            all.find(|waiting| waiting.asking.id == asking.id)
        };
        self.waiting_view(waiting.unwrap_or_else(|| Waiting::alone(asking)), receiver)
    }

    fn waiting_view(&self, waiting: Waiting, receiver: Option<Receiver>) -> Result<RequestView, CallError> {
        let asking = &waiting.asking;
        let request = self.ended_request(asking, RequestStatus::Pending)?;
        Ok(RequestView {
            card: waiting.card,
            standing: asking.standing,
            asked_times: u32::try_from(waiting.times).unwrap_or(u32::MAX),
            expires_at: Some(self.as_timestamp(waiting.expires_at)),
            existing_key: self.existing_for(asking, receiver.as_ref()),
            receiver,
            ended: None,
            ..self.view(&request)
        })
    }

    pub(crate) fn ended_view(&self, record: &RequestRecord) -> RequestView {
        RequestView {
            status: final_status(record),
            grant: record.grant.as_ref().map(grant_view),
            receiver: record.grant.as_ref().and_then(|grant| grant.receiver.clone()),
            ..self.view(&record.request)
        }
    }

    /// What is shown of a request, whatever became of it.
    fn view(&self, request: &EndedRequest) -> RequestView {
        let name = request.name.as_deref().and_then(ClaimedText::new);
        RequestView {
            id: request.id.clone(),
            card: request.id.clone(),
            status: request.status,
            application: request.application.identity.clone(),
            standing: self.register().standing(&request.application.identity),
            name: request.name.clone(),
            looks_alike: name.as_ref().is_some_and(ClaimedText::looks_alike),
            mode: request.mode,
            program: request.program.clone(),
            sent_by: request.sent_by.clone(),
            origin: request.origin.clone(),
            receiver: None,
            unencrypted: request.unencrypted,
            permissions: written(&request.permissions),
            unknown: request.unknown.clone(),
            tier: request.permissions.tier(),
            strict: request.strict,
            selective_stores: request.selective_stores,
            asked_times: 1,
            asked: request.asked,
            expires_at: None,
            existing_key: None,
            ended: Some(request.ended),
            grant: None,
        }
    }
}

/// A granted request is `approved` until somebody has the key, or no try to post it was left.
fn final_status(record: &RequestRecord) -> RequestStatus {
    match &record.grant {
        Some(grant) if grant.delivery.is_out() => RequestStatus::Delivered,
        Some(grant) if matches!(grant.delivery, Delivery::Failed | Delivery::Withheld) => {
            RequestStatus::Undelivered
        }
        Some(_) | None => record.request.status,
    }
}

fn grant_view(grant: &domain::Grant) -> GrantView {
    GrantView {
        key: grant.key.clone(),
        user: grant.owner.clone(),
        permissions: written(&grant.permissions),
        existing: grant.existing,
        delivery: grant.delivery,
    }
}
