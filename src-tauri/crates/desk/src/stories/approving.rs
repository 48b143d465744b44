use domain::{Delivery, RequestStatus, Standing, Tier};

use super::*;
use crate::Code;

#[tokio::test]
async fn a_request_without_parameters_gets_a_key_that_can_do_nothing_and_the_users_id() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask("").await;
    let approved = built.approve(&ticket).await.unwrap();
    assert!(approved.grant.permissions.is_empty());
    let collected = built.desk.collect(&ticket.id, &ticket.collect).await.unwrap();
    assert_eq!(collected.user, built.admin());
    assert!(built.desk.sign_in_with_key(&collected.secret).await.is_ok());
}

#[tokio::test]
async fn a_strict_request_is_granted_exactly_or_not_at_all() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask(INVOICES).await;
    let part = vec!["btcpay.store.canviewinvoices".to_owned()];
    let error = built.call(Approve { permissions: Some(part), ..approval(&ticket) }).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (Code::Invalid, Some("permission")));
    assert_eq!(built.status(&ticket), RequestStatus::Pending);
    let approved = built.approve(&ticket).await.unwrap();
    assert_eq!(approved.grant.permissions, ["btcpay.store.cancreateinvoice", "btcpay.store.canviewinvoices"]);
}

#[tokio::test]
async fn what_is_unticked_and_added_counts_when_a_request_is_not_strict() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask(&format!("{INVOICES}&strict=false")).await;
    let chosen = vec!["btcpay.store.canviewinvoices".to_owned(), "btcpay.user.canviewprofile".to_owned()];
    let approved =
        built.call(Approve { permissions: Some(chosen.clone()), ..approval(&ticket) }).await.unwrap();
    assert_eq!(approved.grant.permissions, chosen);
}

#[tokio::test]
async fn a_selective_request_takes_the_only_store_of_the_user_and_asks_where_there_are_none_or_several() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user("ana@shop.example", false).await;
    let ana = Approve { user: Some("ANA@shop.example".to_owned()), ..approval(&built.ask("").await) };
    let query = format!("{INVOICES}&selectiveStores=true");
    let ticket = built.ask(&query).await;
    let for_ana = || Approve { id: ticket.id.clone(), ..ana.clone() };
    assert_eq!(built.call(for_ana()).await.unwrap_err().code, Code::StoreNeeded);
    let first = built.store("Bakery", "ana@shop.example").await;
    let second = built.store("Florist", "ana@shop.example").await;
    assert_eq!(built.call(for_ana()).await.unwrap_err().code, Code::StoreNeeded);
    let approved = built.call(Approve { stores: vec![first.clone()], ..for_ana() }).await.unwrap();
    assert!(approved.grant.permissions.iter().all(|p| p.ends_with(&format!(":{first}"))));
    assert_eq!(approved.grant.permissions.len(), 2);
    assert_ne!(first, second);
}

#[tokio::test]
async fn a_store_the_user_does_not_belong_to_cannot_be_chosen() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user("ana@shop.example", false).await;
    let hers = built.store("Bakery", "ana@shop.example").await;
    let ticket = built.ask(&format!("{INVOICES}&selectiveStores=true")).await;
    let error = built.call(Approve { stores: vec![hers], ..approval(&ticket) }).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (Code::Invalid, Some("store")));
}

#[tokio::test]
async fn unknown_policies_are_named_and_left_out_and_alone_they_can_only_be_refused() {
    let built = TestDesk::unlocked().await.unwrap();
    let mixed = built.ask("permissions=btcpay.store.canviewinvoices&permissions=btcpay.store.canfly").await;
    let view = built.view(&mixed).await;
    assert_eq!((view.unknown, view.tier), (vec!["btcpay.store.canfly".to_owned()], Tier::See));
    assert_eq!(built.approve(&mixed).await.unwrap().grant.permissions, ["btcpay.store.canviewinvoices"]);
    let alone = built.ask("permissions=btcpay.store.canfly").await;
    assert_eq!(built.approve(&alone).await.unwrap_err().code, Code::Invalid);
    built.call(crate::calls::Refuse { id: alone.id.clone(), block: false }).await.unwrap();
    assert_eq!(built.status(&alone), RequestStatus::Refused);
}

#[tokio::test]
async fn a_full_disk_issues_nothing_and_leaves_the_request_pending() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask(INVOICES).await;
    built.keyring.set_full(true);
    assert_eq!(built.approve(&ticket).await.unwrap_err().code, Code::DiskFull);
    assert_eq!(built.status(&ticket), RequestStatus::Pending);
    built.keyring.set_full(false);
    assert!(built.call(crate::calls::KeyList { user: None, search: None }).await.unwrap().is_empty());
    built.approve(&ticket).await.unwrap();
}

#[tokio::test]
async fn a_refusal_that_cannot_be_written_is_none() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask(&format!("{REDIRECT}&applicationIdentifier=gozo")).await;
    built.keyring.set_full(true);
    let refuse = |block| crate::calls::Refuse { id: ticket.id.clone(), block };
    assert_eq!(built.call(refuse(true)).await.unwrap_err().code, Code::DiskFull);
    assert_eq!(built.status(&ticket), RequestStatus::Pending);
    built.keyring.set_full(false);
    assert!(built.call(crate::calls::AppList {}).await.unwrap().is_empty(), "nor is anybody blocked");
    let refused = built.call(refuse(true)).await.unwrap();
    assert_eq!((refused.status, refused.standing), (RequestStatus::Refused, Standing::Blocked));
    assert_eq!(built.status(&ticket), RequestStatus::Refused);
    assert_eq!(built.view(&ticket).await, refused);
    assert_eq!(built.call(crate::calls::LogVerify {}).await.unwrap().not_yet_sealed, 0);
}

#[tokio::test]
async fn what_is_granted_is_not_granted_again() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.browse(&format!("{INVOICES}&{REDIRECT}&applicationIdentifier=gozo")).await;
    built.approve(&ticket).await.unwrap();
    // The key just made matches the request, which is over all the same.
    assert_eq!(built.approve(&ticket).await.unwrap_err().code, Code::NotPending);
}

#[tokio::test]
async fn a_decision_answers_one_asker_and_supersedes_the_others_of_the_card() {
    let built = TestDesk::unlocked().await.unwrap();
    let (first, second) = (built.ask(INVOICES).await, built.ask(INVOICES).await);
    assert_eq!(built.view(&first).await.asked_times, 2);
    let typed = Proof::Number(second.number.value());
    let approved = built.call(Approve { proof: typed, ..approval(&first) }).await.unwrap();
    assert_eq!(approved.id, second.id, "the number says who is answered");
    assert_eq!(built.status(&first), RequestStatus::Superseded);
    assert!(built.desk.collect(&first.id, &second.collect).await.is_err());
    assert!(built.desk.collect(&second.id, &first.collect).await.is_err());
    assert!(built.desk.collect(&second.id, &second.collect).await.is_ok());
}

#[tokio::test]
async fn two_wrong_numbers_end_a_request() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask(INVOICES).await;
    let wrong = if ticket.number.value() == 10 { 11 } else { 10 };
    let guess = || Approve { proof: Proof::Number(wrong), ..approval(&ticket) };
    assert_eq!(built.call(guess()).await.unwrap_err().code, Code::WrongNumber);
    assert_eq!(built.status(&ticket), RequestStatus::Pending);
    assert_eq!(built.call(guess()).await.unwrap_err().code, Code::WrongNumber);
    assert_eq!(built.status(&ticket), RequestStatus::Refused);
    assert_eq!(built.approve(&ticket).await.unwrap_err().code, Code::NotPending);
}

#[tokio::test]
async fn the_number_is_in_no_list_of_requests() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask("").await;
    let answer = built.desk.call(&crate::Caller::DESK, Requests {}.into()).await.unwrap();
    let numbers = |value: &serde_json::Value| value.as_u64().filter(|n| (10..=99).contains(n)).is_some();
    assert!(!answer[0].as_object().unwrap().values().any(numbers), "{answer}");
    assert!(!format!("{answer}").contains("number"));
    assert_eq!(built.status(&ticket), RequestStatus::Pending);
}

#[tokio::test]
async fn who_is_blocked_is_not_heard_again() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask(&format!("{REDIRECT}&applicationIdentifier=gozo")).await;
    built.call(crate::calls::Refuse { id: ticket.id.clone(), block: true }).await.unwrap();
    let again =
        built.try_ask(&format!("{REDIRECT}&applicationIdentifier=gozo"), Mode::Browser, "firefox").await;
    assert!(matches!(again, Err(NotTaken::Blocked)), "{again:?}");
    let apps = built.call(crate::calls::AppList {}).await.unwrap();
    assert_eq!(apps[0].standing, Standing::Blocked);
    assert!(built.courier.posted().is_empty(), "refusing sends nothing");
}

#[tokio::test]
async fn a_browser_without_a_redirect_leaves_the_key_with_the_admin() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.browse(INVOICES).await;
    let approved = built.approve(&ticket).await.unwrap();
    assert_eq!(approved.grant.delivery, Delivery::Shown);
    assert!(approved.api_key.is_some());
    assert!(built.desk.collect(&ticket.id, &ticket.collect).await.is_err());
}

#[tokio::test]
async fn the_window_is_raised_once_until_the_admin_acts() {
    let built = TestDesk::unlocked().await.unwrap();
    let first = built.ask("").await;
    built.ask(INVOICES).await;
    assert_eq!(built.shell.raised(), 1);
    built.approve(&first).await.unwrap();
    built.ask("applicationName=x").await;
    assert_eq!(built.shell.raised(), 2);
}
