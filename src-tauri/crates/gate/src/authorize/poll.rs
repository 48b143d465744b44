//! What a program, and the script of the waiting page, are told.

use desk::{NotHandedOver, Seen, Waiting};
use domain::{Collected, Mode, NotCollected, PermissionSet, RequestId, RequestStatus, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use super::waiting::{News, is_settled};
use crate::{
    answer,
    gate::Gate,
    http::{Request, Response},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Standing<'a> {
    id: &'a RequestId,
    status: RequestStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
}

/// A key for the poller. This and the hand-over page are the two places that write one to an asker.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Handed<'a> {
    id: &'a RequestId,
    status: RequestStatus,
    api_key: &'a str,
    user_id: &'a UserId,
    permissions: &'a PermissionSet,
}

/// What the page's script needs to go on.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PageStanding<'a> {
    id: &'a RequestId,
    status: RequestStatus,
    locked: bool,
    ends_in: Option<u64>,
}

#[derive(Serialize, Deserialize)]
struct Raise {
    nonce: String,
}

impl Gate {
    /// A program's poll.
    pub(super) async fn poll(&self, request: &Request, id: &RequestId) -> Response {
        let news = self.news(request, id, is_settled).await;
        let answer = match &news.seen {
            Seen::Unknown => unknown(),
            Seen::Elsewhere => elsewhere(),
            Seen::Here(waiting) if is_for_the_poller(request, waiting) => self.hand_over(request, id).await,
            Seen::Here(waiting) => standing(id, waiting.status, waiting.expires_at),
        };
        news.mark(answer)
    }

    async fn hand_over(&self, request: &Request, id: &RequestId) -> Response {
        match self.desk.collect(id, &super::presented(request)).await {
            Ok(collected) => handed(id, &collected),
            // Another poll of the same asker was faster.
            Err(NotHandedOver::NotCollected(NotCollected::Nothing(status))) => standing(id, status, None),
            Err(NotHandedOver::NotCollected(NotCollected::Unknown)) => unknown(),
            Err(NotHandedOver::NotCollected(NotCollected::Elsewhere)) => elsewhere(),
            // Only a page has a receiver of its own; a poller is the one that asked.
            Err(
                NotHandedOver::NobodyListens(_) | NotHandedOver::Withheld(_) | NotHandedOver::Unwritten(_),
            ) => answer::refused(request, &answer::UNWRITTEN),
        }
    }

    /// The waiting page's script asks whether there is anything new to show.
    pub(crate) async fn status(&self, request: &Request, id: &str) -> Response {
        let Ok(id) = id.parse::<RequestId>() else { return unknown() };
        let shown_locked = super::parameter(request, "locked").map(|locked| *locked == "true");
        let relocked = |waiting: &Waiting| shown_locked.is_some_and(|shown| shown != waiting.locked);
        let is_news = |waiting: &Waiting| waiting.status != RequestStatus::Pending || relocked(waiting);
        let news = self.news(request, &id, is_news).await;
        let answer = page_standing(&news, &id);
        news.mark(answer)
    }

    /// "Open Fieldgate" was pressed on a waiting page.
    pub(crate) fn raise(&self, request: &Request, id: &str) -> Response {
        let Ok(id) = id.parse::<RequestId>() else { return unknown() };
        match self.desk.seen(&id, &super::presented(request)) {
            Seen::Unknown => return unknown(),
            Seen::Elsewhere => return elsewhere(),
            Seen::Here(_) => {}
        }
        let presented = serde_json::from_slice::<Raise>(&request.body);
        if !presented.is_ok_and(|raise| self.nonces.redeem(&id, &raise.nonce)) {
            return answer::failure(403, "stale-page", "this page is too old to do that: reload it");
        }
        self.desk.raise_window();
        match self.nonces.issue(&id) {
            Some(nonce) => answer::json(200, &Raise { nonce }),
            None => answer::failure(500, "failed", "the system gives no randomness"),
        }
    }
}

/// A key goes to the poller only when a program asked, and never in an answer whose body is not sent.
fn is_for_the_poller(request: &Request, waiting: &Waiting) -> bool {
    waiting.collectable && waiting.asking.asker.mode == Mode::Program && request.method == "GET"
}

fn handed(id: &RequestId, collected: &Collected) -> Response {
    let handed = Handed {
        id,
        status: RequestStatus::Approved,
        api_key: collected.secret.expose(),
        user_id: &collected.user,
        permissions: &collected.permissions,
    };
    answer::json(200, &handed)
}

fn standing(id: &RequestId, status: RequestStatus, expires_at: Option<Timestamp>) -> Response {
    answer::json(200, &Standing { id, status, expires_at })
}

fn page_standing(news: &News, id: &RequestId) -> Response {
    match &news.seen {
        Seen::Unknown => unknown(),
        Seen::Elsewhere => elsewhere(),
        Seen::Here(waiting) => {
            let ends_in = waiting.ends_in.map(|left| left.as_secs());
            let (status, locked) = (waiting.status, waiting.locked);
            answer::json(200, &PageStanding { id, status, locked, ends_in })
        }
    }
}

pub(super) fn unknown() -> Response {
    answer::failure(404, "request-not-found", "there is no such request, or it is forgotten: ask again")
}

fn elsewhere() -> Response {
    answer::failure(403, "opened-elsewhere", "this request belongs to somebody else: it gives no key here")
}
