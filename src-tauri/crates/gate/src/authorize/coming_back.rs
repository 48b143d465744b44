//! `GET /api-keys/authorize/{id}?c=…`: an asker comes back, as the browser or the program that it is.

use desk::{NotHandedOver, Seen, Waiting};
use domain::{Mode, NotCollected, RequestId, RequestStatus};

use super::poll::unknown;
use crate::{
    answer,
    gate::Gate,
    http::{Request, Response},
    page::{self, Ended},
};

impl Gate {
    pub(crate) async fn asked(&self, request: &Request, id: &str) -> Response {
        let id = id.parse::<RequestId>();
        match (id, answer::wants_page(request)) {
            (Ok(id), true) => self.show(request, &id).await,
            (Ok(id), false) => self.poll(request, &id).await,
            (Err(_), true) => page::unknown(),
            (Err(_), false) => unknown(),
        }
    }

    async fn show(&self, request: &Request, id: &RequestId) -> Response {
        match self.desk.seen(id, &super::presented(request)) {
            Seen::Unknown => page::unknown(),
            Seen::Elsewhere => page::elsewhere(),
            Seen::Here(waiting) => match (waiting.asking.asker.mode, waiting.status) {
                (Mode::Program, _) => page::asked_by_a_program(),
                (Mode::Browser, RequestStatus::Pending) => self.waiting_page(id, &waiting),
                (Mode::Browser, _) if waiting.collectable && request.method == "GET" => {
                    self.hand_over_page(request, id, &waiting).await
                }
                (Mode::Browser, status) => ended(&waiting, status),
            },
        }
    }

    fn waiting_page(&self, id: &RequestId, waiting: &Waiting) -> Response {
        let Some(nonce) = self.nonces.issue(id) else { return Response::new(500) };
        page::waiting(&page::WaitingPage {
            id,
            asking: &waiting.asking,
            ends_in: waiting.ends_in.unwrap_or_default(),
            locked: waiting.locked,
            window: self.desk.has_window(),
            raise: &nonce,
        })
    }

    async fn hand_over_page(&self, request: &Request, id: &RequestId, waiting: &Waiting) -> Response {
        match self.desk.collect(id, &super::presented(request)).await {
            Ok(collected) => page::hand_over(&waiting.asking.request, &collected),
            Err(NotHandedOver::NotCollected(NotCollected::Nothing(status))) => ended(waiting, status),
            Err(NotHandedOver::NotCollected(NotCollected::Unknown)) => page::unknown(),
            Err(NotHandedOver::NotCollected(NotCollected::Elsewhere)) => page::elsewhere(),
            Err(NotHandedOver::NobodyListens(origin)) => page::nobody_listens(&origin),
            Err(NotHandedOver::Withheld(why)) => page::withheld(&why),
            Err(NotHandedOver::Unwritten(_)) => answer::refused(request, &answer::UNWRITTEN),
        }
    }
}

fn ended(waiting: &Waiting, status: RequestStatus) -> Response {
    page::ended(&Ended { request: &waiting.asking.request, status, known: waiting.known })
}
