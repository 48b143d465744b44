//! Approvals that are repeated without asking.

use std::time::Duration;

use domain::{Action, Actor, RequestStatus, Standing, StopOld};

use super::*;
use crate::{
    Code,
    calls::{
        AppJudge, AppList, KeyEdit, KeyList, KeyRevoke, KeyRotate, Lock, Log, Refuse, RememberedForget,
        RememberedList, RememberedView, RequestShow, UserDisable,
    },
    ports::{Damage, Notice},
    testing::RecordedProcesses,
};

fn till(rest: &str) -> String {
    format!("{INVOICES}&redirect=http://127.0.0.1:8080/key%3Fsecret%3D{rest}")
}

impl TestDesk {
    /// Approves a request of the till and says that the same is to be approved again.
    async fn remember(&self, query: &str) -> Ticket {
        let ticket = self.ask(query).await;
        self.call(Approve { remember: Some(true), ..approval(&ticket) }).await.unwrap();
        ticket
    }

    async fn rows(&self) -> Vec<RememberedView> {
        self.call(RememberedList {}).await.unwrap().rows
    }

    /// Whether what just came in was approved by itself.
    fn is_repeated(&self, ticket: &Ticket) -> bool {
        matches!(self.status(ticket), RequestStatus::Approved | RequestStatus::Delivered)
    }

    async fn asks_again(&self, query: &str) -> bool {
        let ticket = self.ask(query).await;
        let repeated = self.is_repeated(&ticket);
        if !repeated {
            self.call(Refuse { id: ticket.id, block: false }).await.unwrap();
        }
        repeated
    }
}

async fn said() -> (TestDesk, Ticket) {
    let built = TestDesk::unlocked().await.unwrap();
    built.shell.set_window(true);
    built.unlock().await.unwrap();
    built.shell.set_window(false);
    let ticket = built.remember(&till("1")).await;
    built.shell.set_window(true);
    (built, ticket)
}

#[tokio::test]
async fn the_same_again_is_handed_the_same_key_without_asking_told_logged_and_counted() {
    let (built, first) = said().await;
    let raised = built.shell.raised();
    let again = built.ask(&till("2")).await;
    assert!(built.is_repeated(&again));
    assert_eq!((built.shell.raised(), built.shell.notices()), (raised, vec![Notice::HandedOverAgain]));
    let mut revisions = built.desk.revisions();
    while built.courier.posted().len() < 2 {
        revisions.changed().await.unwrap();
    }
    let posted = built.courier.posted();
    assert_eq!(posted[0].1.secret.expose(), posted[1].1.secret.expose());
    let there = posted.iter().any(|(redirect, _)| redirect.as_sent().ends_with("secret=2"));
    assert!(there, "to the address as it was asked now");
    assert_eq!(built.call(KeyList { user: None, search: None }).await.unwrap().len(), 1, "nothing was made");
    let log = built.call(Log { before: None, limit: 50 }).await.unwrap();
    let told = log.iter().find(|entry| entry.action == Action::RequestRepeated).unwrap();
    assert_eq!((&told.actor, told.subject.as_str()), (&Actor::Fieldgate, again.id.as_str()));
    let row = built.rows().await.remove(0);
    assert_eq!((row.id, row.uses, row.address.as_deref()), (first.id, 1, Some("http://127.0.0.1:8080/key")));
}

#[tokio::test]
async fn whatever_is_not_the_same_is_asked_about() {
    let (built, _) = said().await;
    assert!(!built.asks_again(&format!("{}&permissions=btcpay.store.canviewreports", till("1"))).await);
    assert!(!built.asks_again(&till("1").replace("/key", "/other")).await);
    assert!(!built.asks_again(&till("1").replace("8080", "8081")).await);
    assert!(!built.asks_again(&format!("{}&applicationIdentifier=till", till("1"))).await);
    let other = built.try_ask(&till("1"), Mode::Program, "evil").await.unwrap();
    let browser = built.browse(&till("1")).await;
    assert!(!built.is_repeated(&other) && !built.is_repeated(&browser));
    built.processes.set_listener(8080, RecordedProcesses::own("evil"));
    assert!(!built.asks_again(&till("1")).await, "another program listens there");
    assert_eq!(built.shell.notices(), []);
}

#[tokio::test]
async fn a_key_whose_place_another_is_to_take_is_not_handed_over_without_asking() {
    let (built, _) = said().await;
    assert!(built.asks_again(&till("1")).await);
    let id = built.rows().await.remove(0).key.id;
    built.call(KeyRotate { id, old: StopOld::FirstUse, expires: None }).await.unwrap();
    assert!(!built.asks_again(&till("1")).await);
}

#[tokio::test]
async fn nothing_is_repeated_while_locked_and_it_goes_on_after_unlocking_and_a_restart() {
    let (built, _) = said().await;
    built.call(Lock {}).await.unwrap();
    let waiting = built.ask(&till("1")).await;
    assert_eq!(built.status(&waiting), RequestStatus::Pending);
    built.unlock().await.unwrap();
    assert_eq!(built.status(&waiting), RequestStatus::Pending, "what came while locked is for the human");
    built.call(Refuse { id: waiting.id, block: false }).await.unwrap();
    assert!(built.asks_again(&till("1")).await);
    let after = TestDesk::over(Arc::clone(&built.keyring)).unwrap();
    assert!(!after.is_repeated(&after.ask(&till("1")).await));
    after.unlock().await.unwrap();
    assert!(after.asks_again(&till("2")).await);
}

#[tokio::test]
async fn it_ends_after_thirty_days_with_its_key_and_when_the_human_says_so() {
    let (built, first) = said().await;
    built.clock.pass(Duration::from_secs(30 * 86_400 - 1));
    assert!(built.asks_again(&till("1")).await);
    built.clock.pass(Duration::from_secs(1));
    assert!(!built.asks_again(&till("1")).await);
    assert!(built.rows().await.is_empty());

    let (built, again) = said().await;
    built.call(RememberedForget { id: again.id.clone() }).await.unwrap();
    assert!(!built.asks_again(&till("1")).await && built.rows().await.is_empty());
    let twice = built.call(RememberedForget { id: again.id }).await.unwrap_err();
    assert_eq!((twice.code, twice.field.as_deref()), (Code::NotFound, Some("id")));

    let (built, _) = said().await;
    let key = built.rows().await.remove(0).key.id;
    built.call(KeyRevoke { id: key }).await.unwrap();
    assert!(!built.asks_again(&till("1")).await);
    let _ = first;
}

#[tokio::test]
async fn a_key_that_was_changed_or_whose_user_is_disabled_is_not_handed_over() {
    let (built, _) = said().await;
    let id = built.rows().await.remove(0).key.id;
    let less = Some(vec!["btcpay.store.canviewinvoices".to_owned()]);
    built.call(KeyEdit { id, label: None, permissions: less, expires: None }).await.unwrap();
    assert!(!built.asks_again(&till("1")).await);

    let built = TestDesk::unlocked().await.unwrap();
    built.user("ana@shop.example", false).await;
    let ticket = built.ask(&till("1")).await;
    let hers =
        Approve { user: Some("ana@shop.example".to_owned()), remember: Some(true), ..approval(&ticket) };
    built.call(hers).await.unwrap();
    assert!(built.asks_again(&till("1")).await);
    built.call(UserDisable { user: "ana@shop.example".to_owned(), disabled: true }).await.unwrap();
    assert!(!built.asks_again(&till("1")).await);
}

#[tokio::test]
async fn refusing_for_good_and_taking_back_that_it_is_known_forget() {
    for standing in [Standing::Blocked, Standing::New] {
        let (built, _) = said().await;
        let id: domain::ApplicationId = built.call(AppList {}).await.unwrap().remove(0).id.parse().unwrap();
        built.call(AppJudge { id: id.clone(), standing: Standing::Known }).await.unwrap();
        assert!(built.asks_again(&till("1")).await, "known is fine");
        built.call(AppJudge { id: id.clone(), standing }).await.unwrap();
        assert!(built.rows().await.is_empty());
        built.call(AppJudge { id, standing: Standing::Known }).await.unwrap();
        assert!(!built.asks_again(&till("1")).await);
    }
    let (built, _) = said().await;
    let other = built.ask(&till("1").replace("/key", "/other")).await;
    built.call(Refuse { id: other.id, block: true }).await.unwrap();
    assert!(built.rows().await.is_empty(), "it is the same application");
}

#[tokio::test]
async fn what_somebody_else_has_written_repeats_nothing_is_shown_and_can_be_forgotten() {
    let (built, first) = said().await;
    built.keyring.tamper(Damage::Remembered(first.id.clone()));
    assert!(!built.asks_again(&till("1")).await, "it is looked at again when it is used");
    built.unlock().await.unwrap();
    let list = built.call(RememberedList {}).await.unwrap();
    assert_eq!((list.rows, list.damaged), (vec![], vec![first.id.clone()]));
    assert!(!built.asks_again(&till("1")).await);
    built.call(RememberedForget { id: first.id }).await.unwrap();
    assert!(built.call(RememberedList {}).await.unwrap().damaged.is_empty());
}

#[tokio::test]
async fn browsers_interpreters_big_keys_and_trials_are_not_remembered_and_the_sheet_says_why() {
    let built = TestDesk::unlocked().await.unwrap();
    let settings = format!("permissions=btcpay.store.canmodifystoresettings&{REDIRECT}");
    let python = built.try_ask(INVOICES, Mode::Program, "python3").await.unwrap();
    for ticket in [built.browse(INVOICES).await, python, built.ask(&settings).await] {
        let show = RequestShow { id: ticket.id.clone(), user: None, stores: vec![], permissions: None };
        assert!(built.call(show).await.unwrap().not_remembered.is_some());
        let error = built.call(Approve { remember: Some(true), ..approval(&ticket) }).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (Code::Invalid, Some("remember")));
        assert_eq!(built.status(&ticket), RequestStatus::Pending);
    }
    let fine = built.ask(&till("1")).await;
    let show = RequestShow { id: fine.id.clone(), user: None, stores: vec![], permissions: None };
    assert_eq!(built.call(show).await.unwrap().not_remembered, None);
}

#[tokio::test]
async fn a_full_disk_leaves_the_request_to_the_human() {
    let (built, _) = said().await;
    built.keyring.set_full(true);
    let ticket = built.ask(&till("1")).await;
    assert_eq!(built.status(&ticket), RequestStatus::Pending);
    assert!(built.shell.raised() > 0);
}
