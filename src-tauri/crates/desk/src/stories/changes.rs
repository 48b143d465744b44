//! What a request changes against the last grant, and what it is held against.

use domain::Standing;

use super::*;
use crate::{
    Code,
    calls::{AppJudge, AppList, RequestShow, SheetView, Yardstick},
    ports::Damage,
    testing::ADMIN,
};

const SETTINGS: &str = "btcpay.store.canmodifystoresettings";

async fn sheet(built: &TestDesk, ticket: &Ticket, user: Option<&str>) -> SheetView {
    let user = user.map(str::to_owned);
    built.call(RequestShow { id: ticket.id.clone(), user, stores: vec![], permissions: None }).await.unwrap()
}

fn from_till(rest: &str) -> String {
    format!("{REDIRECT}&applicationIdentifier=till&{rest}")
}

/// An application that was granted to see and make invoices.
async fn served() -> TestDesk {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask(&from_till(INVOICES)).await;
    built.approve(&ticket).await.unwrap();
    built
}

#[tokio::test]
async fn one_permission_more_shows_as_one_more_even_for_a_known_application() {
    let built = served().await;
    let till = built.call(AppList {}).await.unwrap().remove(0);
    built.call(AppJudge { id: till.id.parse().unwrap(), standing: Standing::Known }).await.unwrap();
    let ticket = built.ask(&from_till(&format!("{INVOICES}&permissions={SETTINGS}"))).await;
    let view = sheet(&built, &ticket, None).await;
    let changes = view.changes.unwrap();
    let more: Vec<&str> = changes.more.iter().map(|one| one.policy.as_str()).collect();
    assert_eq!((more, changes.less.len(), changes.exactly), (vec![SETTINGS], 0, false));
    assert!(changes.more[0].includes.len() > 20, "payouts and wallets among them");
    assert!(view.number_needed, "it asks anew");
    assert_eq!(view.holds.len(), 1);
    assert_eq!(view.existing, None);
}

#[tokio::test]
async fn the_same_again_changes_nothing_and_less_is_said_to_be_less() {
    let built = served().await;
    let again = sheet(&built, &built.ask(&from_till(INVOICES)).await, None).await;
    assert!(again.changes.unwrap().exactly);
    let less = built.ask(&from_till("permissions=btcpay.store.canviewinvoices")).await;
    let changes = sheet(&built, &less, None).await.changes.unwrap();
    assert_eq!((changes.more.len(), changes.less.len()), (0, 1));
}

#[tokio::test]
async fn another_program_or_address_stands_out() {
    let built = served().await;
    let other = built.try_ask(&from_till(INVOICES), Mode::Program, "evil").await.unwrap();
    let changes = sheet(&built, &other, None).await.changes.unwrap();
    assert_eq!(changes.program_before.unwrap().exe, "/usr/bin/till");
    assert_eq!((changes.other_program, changes.other_origin), (true, None));

    let moved = format!("redirect=http://evil.example/cb&applicationIdentifier=till&{INVOICES}");
    let view = sheet(&built, &built.ask(&moved).await, None).await;
    let changes = view.changes.unwrap();
    assert_eq!(changes.other_origin.as_deref(), Some("http://127.0.0.1:8080"));
    assert!(view.number_needed && view.holds.is_empty(), "it is another application, with its own keys");
}

#[tokio::test]
async fn the_last_grant_to_the_chosen_user_counts_and_another_users_is_named() {
    let built = served().await;
    built.user("ana@shop.example", false).await;
    let ticket = built.ask(&from_till(&format!("{INVOICES}&permissions={SETTINGS}"))).await;
    let hers = sheet(&built, &ticket, Some("ana@shop.example")).await.changes.unwrap();
    assert_eq!(hers.other_user.as_deref(), Some(ADMIN));
    let own = sheet(&built, &ticket, Some(ADMIN)).await.changes.unwrap();
    assert_eq!(own.other_user, None);
}

#[tokio::test]
async fn as_long_as_no_store_is_chosen_those_of_before_are_taken() {
    let built = TestDesk::unlocked().await.unwrap();
    let bakery = built.store("Bakery", ADMIN).await;
    built.store("Till", ADMIN).await;
    let query = from_till(&format!("{INVOICES}&selectiveStores=true"));
    let first = built.ask(&query).await;
    built.call(Approve { stores: vec![bakery.clone()], ..approval(&first) }).await.unwrap();
    let again = built.ask(&query).await;
    assert!(sheet(&built, &again, None).await.changes.unwrap().exactly);
    let other = built.call(crate::calls::StoreList {}).await.unwrap();
    let till = other.into_iter().find(|store| store.id != bakery).unwrap();
    let show = RequestShow { id: again.id.clone(), user: None, stores: vec![till.id], permissions: None };
    let moved = built.call(show).await.unwrap().changes.unwrap();
    assert_eq!(
        (moved.wider.stores, moved.narrower.stores),
        (vec!["Till".to_owned()], vec!["Bakery".to_owned()])
    );
    assert_eq!((moved.more.len(), moved.exactly), (0, false));
}

#[tokio::test]
async fn what_was_granted_to_other_pages_of_a_browser_or_by_somebody_else_is_nothing_to_compare_with() {
    let built = TestDesk::unlocked().await.unwrap();
    let page = built.browse(INVOICES).await;
    built.approve(&page).await.unwrap();
    let view = sheet(&built, &built.browse(&format!("{INVOICES}&strict=false")).await, None).await;
    assert_eq!((view.changes, view.holds), (None, vec![]));

    let ticket = built.ask(&from_till(INVOICES)).await;
    built.approve(&ticket).await.unwrap();
    built.keyring.tamper(Damage::Grant(ticket.id.clone()));
    built.unlock().await.unwrap();
    assert_eq!(sheet(&built, &built.ask(&from_till(INVOICES)).await, None).await.changes, None);
}

#[tokio::test]
async fn a_request_stands_beside_the_plugin_it_is_nearest_to() {
    let built = TestDesk::unlocked().await.unwrap();
    let shop = "permissions=btcpay.store.canviewstoresettings&permissions=btcpay.store.canmodifyinvoices";
    let woo = sheet(&built, &built.browse(&format!("{INVOICES}&{shop}&{REDIRECT}")).await, None).await;
    let fits = woo.yardstick.unwrap();
    assert_eq!((fits.name.as_str(), fits.more.len(), fits.less.len()), ("WooCommerce", 0, 0));
    let by_hand = Yardstick { permissions: vec!["unrestricted".to_owned()] };
    assert_eq!(built.call(by_hand).await.unwrap(), None);
    let typo = Yardstick { permissions: vec!["btcpay.store.cansing".to_owned()] };
    assert_eq!(built.call(typo).await.unwrap_err().code, Code::Invalid);
}
