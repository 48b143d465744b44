//! `GET /api-keys/authorize`: an app asks for a key.

use desk::{NotTaken, Ticket};
use domain::{Asker, AuthorizeRequest, Mode, OwnAddress, QueryError, RequestId, SentBy, Timestamp};
use serde::Serialize;

use crate::{
    answer::{self, Refusal},
    gate::Gate,
    http::{Request, Response},
    page,
};

const BLOCKED: Refusal = Refusal::new(
    403,
    "application-blocked",
    "This application is refused",
    "Fieldgate refuses this application from now on, without asking. Its owner can change that in Fieldgate.",
);

const FULL: Refusal = Refusal::new(
    429,
    "too-many-requests",
    "Too many requests are waiting",
    "Requests are waiting for a decision already. Decide those in Fieldgate, then ask again.",
);

/// What a program is told; the number is for its user, `poll` for itself alone.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Taken<'a> {
    id: &'a RequestId,
    status: &'static str,
    number: u8,
    expires_at: Timestamp,
    poll: &'a str,
}

#[derive(Serialize)]
struct BadQuery<'a> {
    code: &'static str,
    field: &'a str,
    message: &'a str,
}

impl Gate {
    pub(crate) async fn ask(&self, request: &Request) -> Response {
        let own = OwnAddress { port: request.local.port() };
        let asked = match AuthorizeRequest::parse(request.query().unwrap_or_default(), &own) {
            Ok(asked) => asked,
            Err(error) => return bad_query(request, error),
        };
        let socket = match self.asking_socket(request).await {
            Ok(socket) => socket,
            Err(stranger) => return stranger.answer(request),
        };
        if let Err(refused) = self.desk.has_room_for(&asked) {
            return not_taken(request, &refused);
        }
        let program = match self.asking_program(socket).await {
            Ok(program) => program,
            Err(stranger) => return stranger.answer(request),
        };
        let mode = if answer::wants_page(request) { Mode::Browser } else { Mode::Program };
        let sent_by = (mode == Mode::Browser).then(|| sent_by(request));
        let asker = Asker { mode, program, sent_by };
        match (self.desk.ask(asked, asker).await, mode) {
            (Ok(ticket), Mode::Browser) => Response::see_other(place(&ticket)),
            (Ok(ticket), Mode::Program) => taken(request, &ticket),
            (Err(refused), _) => not_taken(request, &refused),
        }
    }
}

/// The page that sent the browser. A field that is doubled says nothing.
fn sent_by(request: &Request) -> SentBy {
    SentBy::read(request.headers.one("referer"), request.headers.one("sec-fetch-site"))
}

/// Where the asker comes back to, with what only it knows.
fn place(ticket: &Ticket) -> String {
    format!("/api-keys/authorize/{}?c={}", ticket.id, ticket.collect.expose())
}

fn taken(request: &Request, ticket: &Ticket) -> Response {
    let host = request.headers.one("host").unwrap_or_default();
    let poll = format!("http://{host}{}", place(ticket));
    let body = Taken {
        id: &ticket.id,
        status: "pending",
        number: ticket.number.value(),
        expires_at: ticket.expires_at,
        poll: &poll,
    };
    answer::json(202, &body).with("Location", poll.as_str())
}

fn bad_query(request: &Request, error: QueryError) -> Response {
    let (field, message) = (error.field(), error.to_string());
    if answer::wants_page(request) {
        return page::bad_query(field, &message);
    }
    answer::json(400, &BadQuery { code: "invalid-request", field, message: &message })
}

fn not_taken(request: &Request, refused: &NotTaken) -> Response {
    match refused {
        NotTaken::Blocked => answer::refused(request, &BLOCKED),
        NotTaken::Full { retry_after } => {
            answer::refused(request, &FULL).with("Retry-After", retry_after.as_secs().max(1).to_string())
        }
        NotTaken::Failed(error) => {
            tracing::error!(%error, "a request could not be taken in");
            answer::refused(request, &answer::FAILED)
        }
    }
}
