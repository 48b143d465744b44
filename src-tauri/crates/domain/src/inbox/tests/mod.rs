//! The rules of the inbox, one test each, and any interleaving of everything.

mod cards;
mod closing;
mod deadlines;
mod deciding;
mod handover;
mod interleavings;
mod limits;
mod numbers;

use std::time::Duration;

use super::*;
use crate::{
    AuthorizeRequest, CollectSecret, KeyId, KeySecret, Mode, OwnAddress, PermissionSet, Program, Receiver,
    RequestStatus, SentBy, Standing, UserId,
};

fn at(seconds: u64) -> Moment {
    Moment(Duration::from_secs(seconds))
}

fn id(n: u8) -> RequestId {
    RequestId::from_random([n; 16])
}

/// The hash of the collect secret that asker `n` was given.
fn own(n: u8) -> KeyHash {
    CollectSecret::from_random([n; 16]).hash()
}

fn program(exe: &str) -> Program {
    Program {
        pid: 7,
        exe: Some(exe.to_owned()),
        script: None,
        uid: 1000,
        user: None,
        started: None,
        parent: None,
        terminal: None,
    }
}

const REDIRECT: &str = "redirect=https%3A%2F%2Fshop.example%2Fback";

/// Asking `n`: a program of its own without a redirect, new, with the number 10 + `n`.
fn asking(n: u8) -> Asking {
    asked_with(n, "permissions=btcpay.store.canviewinvoices")
}

fn asked_with(n: u8, query: &str) -> Asking {
    let request = AuthorizeRequest::parse(query, &OwnAddress { port: 21420 }).unwrap();
    Asking {
        id: id(n),
        number: Number::try_from(10 + n % 90).unwrap(),
        collect: own(n),
        identity: request.identity(None),
        request,
        asker: Asker { mode: Mode::Program, program: Some(program(&format!("/bin/app-{n}"))), sent_by: None },
        standing: Standing::New,
        asked: crate::Timestamp(1_700_000_000),
    }
}

impl Asking {
    fn by(mut self, exe: &str) -> Self {
        self.asker.program = Some(program(exe));
        self
    }

    fn browser(mut self) -> Self {
        self.asker.mode = Mode::Browser;
        self
    }

    fn known(mut self) -> Self {
        self.standing = Standing::Known;
        self
    }
}

fn handover(n: u8) -> Handover {
    Handover {
        key_id: KeyId::from_random([n; 8]),
        secret: Some(KeySecret::from_random([n; 20])),
        user: "11111111-2222-3333-4444-555555555555".parse::<UserId>().unwrap(),
        permissions: PermissionSet::default(),
        receiver: None,
    }
}

/// An inbox that holds these, all seen at second 0.
fn inbox_of(askings: impl IntoIterator<Item = Asking>) -> Inbox {
    let mut inbox = Inbox::default();
    for asking in askings {
        inbox.submit(asking, at(0), Attention::Seen).unwrap();
    }
    inbox
}

fn approve(inbox: &mut Inbox, n: u8, now: Moment) -> Vec<Effect> {
    let claim = inbox.claim(&id(n), now).unwrap();
    inbox.approve(claim, handover(n), now)
}

fn refuse(inbox: &mut Inbox, n: u8, now: Moment) -> Vec<Effect> {
    let claim = inbox.claim(&id(n), now).unwrap();
    inbox.refuse(claim, now)
}

/// What the asker itself reads; `None` when its asking is forgotten.
fn status(inbox: &mut Inbox, n: u8, now: Moment) -> Option<RequestStatus> {
    match inbox.poll(&id(n), &own(n), now) {
        Polled::Here { status, .. } => Some(status),
        Polled::Unknown => None,
        Polled::Elsewhere => panic!("asker {n} is not taken for itself"),
    }
}

/// The ends among the effects, in order.
fn ends(effects: &[Effect]) -> Vec<(RequestId, AskingEnd)> {
    let end = |effect: &Effect| match effect {
        Effect::Ended { asking, how, .. } => Some((asking.id.clone(), *how)),
        Effect::Raise | Effect::Changed | Effect::Approved { .. } => None,
    };
    effects.iter().filter_map(end).collect()
}

fn count(effects: &[Effect], wanted: fn(&Effect) -> bool) -> usize {
    effects.iter().filter(|effect| wanted(effect)).count()
}

fn is_raise(effect: &Effect) -> bool {
    matches!(effect, Effect::Raise)
}

#[test]
fn debug_of_the_whole_inbox_shows_no_number_no_secret_and_no_redirect() {
    let query = "redirect=https%3A%2F%2Fshop.example%2Fback%3Fq%3Dcanary&state=canary";
    let mut waiting = asked_with(1, query).browser();
    waiting.number = Number::try_from(87).unwrap();
    let mut inbox = inbox_of([waiting]);
    let effects = approve(&mut inbox, 1, at(1));
    let shown = format!("{inbox:?} {effects:?} {:?}", handover(1));
    assert!(shown.contains("(hidden)"), "{shown}");
    for secret in ["canary", "Number(87", "number: 87", &"01".repeat(20)] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
