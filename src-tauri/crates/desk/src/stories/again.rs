//! Known applications that ask again for exactly what they have.

use domain::{RequestStatus, Standing};

use super::*;
use crate::{
    Code,
    calls::{AgainOutcome, AppJudge, AppList, ApproveAgain, KeyRevoke, Lock, ReviewList},
};

fn from(identifier: &str, rest: &str) -> String {
    format!("redirect=https://{identifier}.example/cb&applicationIdentifier={identifier}&{rest}")
}

impl TestDesk {
    /// Grants what `query` asks for and marks whoever asked as known.
    async fn granted_and_known(&self, query: &str) -> ApprovedView {
        let approved = self.approve(&self.ask(query).await).await.unwrap();
        for app in self.call(AppList {}).await.unwrap() {
            self.call(AppJudge { id: app.id.parse().unwrap(), standing: Standing::Known }).await.unwrap();
        }
        approved
    }

    async fn listed(&self) -> Vec<domain::RequestId> {
        self.call(ReviewList {}).await.unwrap().into_iter().map(|row| row.request.id).collect()
    }

    async fn approve_again(&self, tickets: &[&Ticket]) -> Vec<AgainOutcome> {
        let ids = tickets.iter().map(|ticket| ticket.id.clone()).collect();
        self.call(ApproveAgain { ids }).await.unwrap()
    }
}

#[tokio::test]
async fn several_known_applications_are_handed_over_again_what_they_have_at_once() {
    let built = TestDesk::unlocked().await.unwrap();
    built.shell.set_window(true);
    let (till, ledger) = (from("till", INVOICES), from("ledger", "permissions=btcpay.store.canviewreports"));
    built.shell.set_window(false);
    let keys =
        [built.granted_and_known(&till).await.grant.key, built.granted_and_known(&ledger).await.grant.key];
    built.shell.set_window(true);
    let again = [built.ask(&till).await, built.ask(&ledger).await];
    let rows = built.call(ReviewList {}).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.key.id.clone()).collect::<Vec<_>>(), keys);
    let outcomes = built.approve_again(&[&again[0], &again[1]]).await;
    assert!(outcomes.iter().all(|outcome| outcome.error.is_none()), "{outcomes:?}");
    let mut revisions = built.desk.revisions();
    while built.courier.posted().len() < 4 {
        revisions.changed().await.unwrap();
    }
    let held = built.call(crate::calls::KeyList { user: None, search: None }).await.unwrap();
    assert_eq!(held.len(), 2, "nothing new was made");
    assert!(built.listed().await.is_empty());
}

#[tokio::test]
async fn who_is_new_or_wants_anything_else_or_comes_as_another_program_is_not_in_the_list() {
    let built = TestDesk::unlocked().await.unwrap();
    let till = from("till", INVOICES);
    built.approve(&built.ask(&till).await).await.unwrap();
    let new = built.ask(&till).await;
    assert!(built.listed().await.is_empty(), "it is not known");
    built.call(crate::calls::Refuse { id: new.id, block: false }).await.unwrap();
    built.granted_and_known(&from("ledger", INVOICES)).await;
    let more = built.ask(&from("till", &format!("{INVOICES}&permissions=btcpay.store.canviewreports"))).await;
    let less = built.ask(&from("till", "permissions=btcpay.store.canviewinvoices")).await;
    let elsewhere = built.ask(&till.replace("till.example", "evil.example")).await;
    let evil = built.try_ask(&till, Mode::Program, "evil").await.unwrap();
    assert!(built.listed().await.is_empty());
    for outcome in built.approve_again(&[&more, &less, &elsewhere, &evil]).await {
        assert_eq!(outcome.error.unwrap().field.as_deref(), Some("ids"));
    }
    assert!([&more, &less, &elsewhere, &evil].iter().all(|it| built.status(it) == RequestStatus::Pending));
}

#[tokio::test]
async fn what_needs_a_number_or_the_passphrase_is_not_in_the_list() {
    let built = TestDesk::unlocked().await.unwrap();
    let mover = from("mover", "permissions=btcpay.store.canmodifystoresettings");
    built.granted_and_known(&mover).await;
    let ticket = built.ask(&mover).await;
    assert!(built.listed().await.is_empty());
    assert!(built.approve_again(&[&ticket]).await[0].error.is_some());
}

#[tokio::test]
async fn an_application_whose_key_has_ended_or_that_asks_twice_is_looked_at_alone() {
    let built = TestDesk::unlocked().await.unwrap();
    let till = from("till", INVOICES);
    let key = built.granted_and_known(&till).await.grant.key;
    let first = built.ask(&till).await;
    assert_eq!(built.listed().await.first(), Some(&first.id));
    let second = built.ask(&till).await;
    assert!(built.listed().await.is_empty(), "only a number tells which of the two is meant");
    built.call(crate::calls::Refuse { id: second.id, block: false }).await.unwrap();
    let third = built.ask(&till).await;
    built.call(KeyRevoke { id: key }).await.unwrap();
    assert!(built.listed().await.is_empty());
    assert!(built.approve_again(&[&third]).await[0].error.is_some());
}

#[tokio::test]
async fn an_application_that_is_not_known_any_more_leaves_the_list() {
    let built = TestDesk::unlocked().await.unwrap();
    let till = from("till", INVOICES);
    built.granted_and_known(&till).await;
    built.ask(&till).await;
    assert_eq!(built.listed().await.len(), 1);
    let app = built.call(AppList {}).await.unwrap().remove(0);
    built.call(AppJudge { id: app.id.parse().unwrap(), standing: Standing::New }).await.unwrap();
    assert!(built.listed().await.is_empty());
}

#[tokio::test]
async fn nothing_is_handed_over_again_while_locked() {
    let built = TestDesk::unlocked().await.unwrap();
    let till = from("till", INVOICES);
    built.granted_and_known(&till).await;
    let ticket = built.ask(&till).await;
    built.call(Lock {}).await.unwrap();
    let locked = built.call(ApproveAgain { ids: vec![ticket.id.clone()] }).await.unwrap_err();
    assert_eq!(locked.code, Code::Locked);
}

#[tokio::test]
async fn an_application_whose_key_would_go_to_another_program_is_looked_at_alone() {
    let built = TestDesk::unlocked().await.unwrap();
    let till = format!("{REDIRECT}&applicationIdentifier=till&{INVOICES}");
    built.granted_and_known(&till).await;
    let ticket = built.ask(&till).await;
    assert_eq!(built.listed().await.first(), Some(&ticket.id));
    built.processes.set_listener(8080, crate::testing::RecordedProcesses::own("evil"));
    built.clock.pass(std::time::Duration::from_secs(2));
    assert!(built.listed().await.is_empty());
    assert!(built.approve_again(&[&ticket]).await[0].error.is_some());
}
