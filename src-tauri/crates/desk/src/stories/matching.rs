use domain::RequestStatus;

use super::*;
use crate::Code;

fn from_gozo(rest: &str) -> String {
    format!("{REDIRECT}&applicationIdentifier=gozo&{rest}")
}

async fn granted(built: &TestDesk, query: &str) -> ApprovedView {
    let ticket = built.ask(query).await;
    let approved = built.approve(&ticket).await.unwrap();
    let mut revisions = built.desk.revisions();
    while built.status(&ticket) == RequestStatus::Approved {
        revisions.changed().await.unwrap();
    }
    approved
}

#[tokio::test]
async fn the_second_time_the_existing_key_is_offered_and_handed_over() {
    let built = TestDesk::unlocked().await.unwrap();
    let first = granted(&built, &from_gozo(INVOICES)).await;
    let ticket = built.ask(&from_gozo(INVOICES)).await;
    assert_eq!(built.view(&ticket).await.existing_key.as_ref(), Some(&first.grant.key));
    assert_eq!(built.approve(&ticket).await.unwrap_err().code, Code::ChoiceNeeded);
    assert_eq!(built.status(&ticket), RequestStatus::Pending);
    let second = built.call(existing(&ticket)).await.unwrap();
    assert_eq!(second.grant.key, first.grant.key);
    let mut revisions = built.desk.revisions();
    while built.courier.posted().len() < 2 {
        revisions.changed().await.unwrap();
    }
    let posted = built.courier.posted();
    assert_eq!(posted[0].1.secret.expose(), posted[1].1.secret.expose());
}

#[tokio::test]
async fn a_new_key_can_be_made_although_one_matches() {
    let built = TestDesk::unlocked().await.unwrap();
    let first = granted(&built, &from_gozo(INVOICES)).await;
    let ticket = built.ask(&from_gozo(INVOICES)).await;
    let new = built.call(Approve { matching: Some(Matching::New), ..approval(&ticket) }).await.unwrap();
    assert_ne!(new.grant.key, first.grant.key);
}

#[tokio::test]
async fn a_wider_key_is_named_and_never_handed_over() {
    let built = TestDesk::unlocked().await.unwrap();
    let wide =
        granted(&built, &from_gozo(&format!("{INVOICES}&permissions=btcpay.store.canviewreports"))).await;
    let ticket = built.ask(&from_gozo(INVOICES)).await;
    assert_eq!(built.call(existing(&ticket)).await.unwrap_err().field.as_deref(), Some("existing"));
    let approved = built.approve(&ticket).await.unwrap();
    assert_ne!(approved.grant.key, wide.grant.key);
    assert_eq!(approved.wider[0].id, wide.grant.key);
    assert_eq!(approved.wider[0].extra, ["btcpay.store.canviewreports"]);
}

#[tokio::test]
async fn a_revoked_key_or_another_users_does_not_match() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user("ana@shop.example", false).await;
    let first = granted(&built, &from_gozo(INVOICES)).await;
    let ticket = built.ask(&from_gozo(INVOICES)).await;
    let for_ana = Approve { user: Some("ana@shop.example".to_owned()), ..approval(&ticket) };
    assert_ne!(built.call(for_ana).await.unwrap().grant.key, first.grant.key);
    built.call(crate::calls::KeyRevoke { id: first.grant.key.clone() }).await.unwrap();
    let ticket = built.ask(&from_gozo(INVOICES)).await;
    assert_ne!(built.approve(&ticket).await.unwrap().grant.key, first.grant.key);
}
