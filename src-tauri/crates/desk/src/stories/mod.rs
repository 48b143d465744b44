//! Whole stories at the desk, with a recorded window and courier and an in-memory store.

mod again;
mod approving;
mod callers;
mod changes;
mod collecting;
mod copying;
mod editing;
mod ending;
mod exporting;
mod guessing;
mod judging;
mod key_table;
mod matching;
mod members;
mod minting;
mod noting;
mod receiving;
mod remembering;
mod replacing;
mod revoking;
mod shops;
mod trying;
mod users;
mod using;
mod waiting;
mod window;

use std::sync::Arc;

use domain::{Asker, AuthorizeRequest, Mode, Program, SentBy, StoreId, UserId};

use crate::{
    CallError, NotTaken, Seen, Ticket,
    calls::{
        Approve, ApprovedView, KeyCreate, Matching, Proof, RequestView, Requests, StoreCreate, UserCreate,
        UserView,
    },
    testing::TestDesk,
};

const INVOICES: &str = "permissions=btcpay.store.cancreateinvoice&permissions=btcpay.store.canviewinvoices";
const REDIRECT: &str = "redirect=http://127.0.0.1:8080/cb%3Fx%3D1";

fn program(name: &str) -> Program {
    Program {
        pid: 4711,
        exe: Some(format!("/usr/bin/{name}")),
        script: None,
        uid: 1000,
        user: Some("ana".to_owned()),
        started: None,
        parent: None,
        terminal: None,
    }
}

impl TestDesk {
    async fn try_ask(&self, query: &str, mode: Mode, name: &str) -> Result<Ticket, NotTaken> {
        let request = AuthorizeRequest::parse(query, &self.desk.own_address()).unwrap();
        let sent_by = (mode == Mode::Browser).then_some(SentBy::Unknown);
        self.desk.ask(request, Asker { mode, program: Some(program(name)), sent_by }).await
    }

    /// A program asks without a browser.
    async fn ask(&self, query: &str) -> Ticket {
        self.try_ask(query, Mode::Program, "till").await.unwrap()
    }

    /// Somebody's browser asks.
    async fn browse(&self, query: &str) -> Ticket {
        self.try_ask(query, Mode::Browser, "chromium").await.unwrap()
    }

    async fn approve(&self, ticket: &Ticket) -> Result<ApprovedView, CallError> {
        self.call(approval(ticket)).await
    }

    async fn view(&self, ticket: &Ticket) -> RequestView {
        let all = self.call(Requests {}).await.unwrap();
        all.into_iter().find(|view| view.id == ticket.id).unwrap()
    }

    fn status(&self, ticket: &Ticket) -> domain::RequestStatus {
        match self.desk.seen(&ticket.id, &ticket.collect) {
            Seen::Here(waiting) => waiting.status,
            gone @ (Seen::Unknown | Seen::Elsewhere) => panic!("{gone:?}"),
        }
    }

    /// Waits for what comes of posting a granted key.
    async fn posted(&self, ticket: &Ticket) -> domain::RequestStatus {
        let mut revisions = self.desk.revisions();
        while self.status(ticket) == domain::RequestStatus::Approved {
            revisions.changed().await.unwrap();
        }
        self.status(ticket)
    }

    async fn user(&self, email: &str, admin: bool) -> UserView {
        self.call(UserCreate { email: email.to_owned(), admin, password: None }).await.unwrap()
    }

    async fn store(&self, name: &str, owner: &str) -> StoreId {
        self.call(StoreCreate { name: name.to_owned(), owner: owner.to_owned() }).await.unwrap().id
    }

    /// A key made by hand, as its token.
    async fn token(&self, user: &str, permissions: &[&str]) -> domain::KeySecret {
        let permissions = permissions.iter().map(|&p| p.to_owned()).collect();
        let key = KeyCreate {
            user: user.to_owned(),
            issuer: None,
            label: String::new(),
            permissions,
            expires: None,
        };
        domain::KeySecret::presented(self.call(key).await.unwrap().api_key.expose())
    }

    fn admin(&self) -> UserId {
        self.desk.people().first_admin().unwrap().id.clone()
    }
}

fn approval(ticket: &Ticket) -> Approve {
    Approve {
        id: ticket.id.clone(),
        user: None,
        issuer: None,
        stores: vec![],
        permissions: None,
        label: None,
        expires: None,
        proof: Proof::Passphrase,
        matching: None,
        stop_old: Vec::new(),
        passphrase: None,
        receiver: None,
        remember: None,
    }
}

fn existing(ticket: &Ticket) -> Approve {
    Approve { matching: Some(Matching::Existing), ..approval(ticket) }
}

trait ParseEmail {
    fn parse_email(&self) -> domain::Email;
}

impl ParseEmail for str {
    fn parse_email(&self) -> domain::Email {
        domain::Email::parse(self).unwrap()
    }
}

/// Lets the desk's clock run for as long as the test holds the sender.
fn running(built: &TestDesk) -> (tokio::sync::watch::Sender<bool>, tokio::task::JoinHandle<()>) {
    let (stop, stopped) = tokio::sync::watch::channel(false);
    (stop, tokio::spawn(Arc::clone(&built.desk).run(stopped)))
}
