use std::time::Duration;

use domain::{CollectSecret, Delivery, NotCollected, RequestStatus};

use super::*;
use crate::{
    Code, NotHandedOver,
    calls::{Deliver, KeyList, KeyShow},
};

/// Until the desk says that the request is no longer in `status`.
async fn past(built: &TestDesk, ticket: &Ticket, status: RequestStatus) -> RequestStatus {
    let mut revisions = built.desk.revisions();
    loop {
        let now = built.status(ticket);
        if now != status {
            return now;
        }
        revisions.changed().await.unwrap();
    }
}

#[tokio::test]
async fn a_program_collects_once_by_polling() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask(INVOICES).await;
    built.approve(&ticket).await.unwrap();
    built.desk.collect(&ticket.id, &ticket.collect).await.unwrap();
    let again = built.desk.collect(&ticket.id, &ticket.collect).await;
    assert!(matches!(
        again,
        Err(NotHandedOver::NotCollected(NotCollected::Nothing(RequestStatus::Delivered)))
    ));
    assert_eq!(built.view(&ticket).await.grant.unwrap().delivery, Delivery::Collected);
}

#[tokio::test]
async fn a_key_whose_delivery_cannot_be_written_does_not_go_out() {
    let built = TestDesk::unlocked().await.unwrap();
    for ticket in [built.ask(INVOICES).await, built.browse(&format!("{INVOICES}&{REDIRECT}")).await] {
        built.approve(&ticket).await.unwrap();
        built.keyring.set_full(true);
        let lost = built.desk.collect(&ticket.id, &ticket.collect).await;
        assert!(
            matches!(lost, Err(NotHandedOver::Unwritten(ref why)) if why.code == Code::DiskFull),
            "{lost:?}"
        );
        assert_eq!(built.status(&ticket), RequestStatus::Approved);
        built.keyring.set_full(false);
        assert!(built.desk.collect(&ticket.id, &ticket.collect).await.unwrap().first);
    }
}

#[tokio::test]
async fn how_a_key_is_delivered_again_is_not_read_from_the_history() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.browse(&format!("{INVOICES}&{REDIRECT}")).await;
    built.approve(&ticket).await.unwrap();
    built.keyring.forge_mode(&ticket.id, Mode::Program);
    let again = built.call(Deliver { id: ticket.id.clone(), receiver: None }).await.unwrap();
    assert_eq!(again.status, RequestStatus::Approved, "laid out for the browser that asked");
    assert!(built.courier.posted().is_empty());
}

#[tokio::test]
async fn a_browsers_page_may_be_reloaded_for_two_minutes() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.browse(&format!("{INVOICES}&{REDIRECT}")).await;
    built.approve(&ticket).await.unwrap();
    assert!(built.desk.collect(&ticket.id, &ticket.collect).await.unwrap().first);
    built.clock.pass(Duration::from_secs(119));
    assert!(!built.desk.collect(&ticket.id, &ticket.collect).await.unwrap().first);
    built.clock.pass(Duration::from_secs(2));
    assert!(built.desk.collect(&ticket.id, &ticket.collect).await.is_err());
}

#[tokio::test]
async fn who_knows_the_id_alone_collects_nothing() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask(INVOICES).await;
    built.approve(&ticket).await.unwrap();
    let guess = CollectSecret::from_random([0; 16]);
    let nothing = built.desk.collect(&ticket.id, &guess).await;
    assert!(matches!(nothing, Err(NotHandedOver::NotCollected(NotCollected::Elsewhere))));
    assert!(matches!(built.desk.seen(&ticket.id, &guess), Seen::Elsewhere));
}

#[tokio::test]
async fn a_program_with_a_redirect_is_posted_its_key_and_never_polls_it() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask(&format!("{INVOICES}&{REDIRECT}")).await;
    built.approve(&ticket).await.unwrap();
    assert_eq!(past(&built, &ticket, RequestStatus::Approved).await, RequestStatus::Delivered);
    let posted = built.courier.posted();
    assert_eq!(posted.len(), 1);
    assert_eq!(posted[0].0.as_sent(), "http://127.0.0.1:8080/cb?x=1");
    assert!(built.desk.collect(&ticket.id, &ticket.collect).await.is_err());
    assert_eq!(built.view(&ticket).await.grant.unwrap().delivery, Delivery::JsonPost);
}

#[tokio::test]
async fn a_post_that_fails_loses_nothing_and_can_be_made_again() {
    let built = TestDesk::unlocked().await.unwrap();
    built.courier.set_failing(true);
    let ticket = built.ask(&format!("{INVOICES}&{REDIRECT}")).await;
    let approved = built.approve(&ticket).await.unwrap();
    assert_eq!(past(&built, &ticket, RequestStatus::Approved).await, RequestStatus::Undelivered);
    let keys = built.call(KeyList { user: None, search: None }).await.unwrap();
    assert!(keys[0].never_collected);
    assert_eq!(built.view(&ticket).await.status, RequestStatus::Undelivered, "and so says the history");
    assert_eq!(
        built.call(Deliver { id: ticket.id.clone(), receiver: None }).await.unwrap_err().code,
        Code::Failed
    );
    built.courier.set_failing(false);
    let delivered = built.call(Deliver { id: ticket.id.clone(), receiver: None }).await.unwrap();
    assert_eq!(delivered.status, RequestStatus::Delivered);
    let shown = built.call(KeyShow { id: approved.grant.key, reveal: true }).await.unwrap();
    assert_eq!(built.courier.posted()[0].1.secret.expose(), shown.api_key.unwrap().expose());
    assert!(!shown.key.never_collected);
}

#[tokio::test]
async fn after_a_restart_the_same_asker_can_be_served_again_and_nobody_else() {
    let before = TestDesk::unlocked().await.unwrap();
    let ticket = before.browse(&format!("{INVOICES}&{REDIRECT}&state=s1")).await;
    before.approve(&ticket).await.unwrap();
    let after = TestDesk::over(Arc::clone(&before.keyring)).unwrap();
    drop(before);
    assert!(matches!(after.desk.seen(&ticket.id, &ticket.collect), Seen::Unknown));
    after.unlock().await.unwrap();
    assert!(after.call(KeyList { user: None, search: None }).await.unwrap()[0].never_collected);
    let laid_out = after.call(Deliver { id: ticket.id.clone(), receiver: None }).await.unwrap();
    assert_eq!(laid_out.status, RequestStatus::Approved);
    assert!(after.desk.collect(&ticket.id, &CollectSecret::from_random([1; 16])).await.is_err());
    let Seen::Here(page) = after.desk.seen(&ticket.id, &ticket.collect) else { panic!("not the asker's") };
    assert_eq!(page.asking.request.state(), Some("s1"));
    let collected = after.desk.collect(&ticket.id, &ticket.collect).await.unwrap();
    assert!(after.desk.sign_in_with_key(&collected.secret).await.is_ok());
    assert!(!after.call(KeyList { user: None, search: None }).await.unwrap()[0].never_collected);
}

#[tokio::test]
async fn a_revoked_key_is_not_delivered_again() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask(INVOICES).await;
    let approved = built.approve(&ticket).await.unwrap();
    built.call(crate::calls::KeyRevoke { id: approved.grant.key }).await.unwrap();
    assert_eq!(
        built.call(Deliver { id: ticket.id.clone(), receiver: None }).await.unwrap_err().code,
        Code::Invalid
    );
}

#[tokio::test]
async fn what_was_refused_or_never_asked_cannot_be_delivered() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask(INVOICES).await;
    built.call(crate::calls::Refuse { id: ticket.id.clone(), block: false }).await.unwrap();
    assert_eq!(
        built.call(Deliver { id: ticket.id.clone(), receiver: None }).await.unwrap_err().code,
        Code::Invalid
    );
    let nowhere = domain::RequestId::from_random([9; 16]);
    assert_eq!(built.call(Deliver { id: nowhere, receiver: None }).await.unwrap_err().code, Code::NotFound);
}
