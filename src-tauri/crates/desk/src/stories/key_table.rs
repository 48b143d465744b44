//! The key table: what is found in it, in which order, and that it follows what happens.

use std::time::Duration;

use domain::{ApiKey, ApplicationId, Issuer, KeyId, KeySecret, PermissionSet, StoreId, Timestamp, UserId};

use super::*;
use crate::{
    Code,
    calls::{
        Expiry, KeyColumn, KeyEdit, KeyFilter, KeyIds, KeyList, KeyOrder, KeyPage, KeyRevoke, KeyState, Lock,
        UserDisable,
    },
    ports::{Clock, Damage, NewKey},
    testing::{ADMIN, FixedClock, MemoryKeyring},
};

const ANA: &str = "ana@shop.example";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const COLUMNS: [KeyColumn; 7] = [
    KeyColumn::Label,
    KeyColumn::User,
    KeyColumn::Application,
    KeyColumn::Created,
    KeyColumn::LastUsed,
    KeyColumn::Expires,
    KeyColumn::State,
];

fn page(offset: u32, limit: u32) -> KeyPage {
    KeyPage { search: None, filter: None, order: None, offset, limit }
}

fn after(built: &TestDesk, time: Duration) -> Timestamp {
    built.clock.now().plus(time)
}

/// Lets an application ask, and grants it a key of the same label as its name.
async fn granted(built: &TestDesk, name: &str, identifier: &str) -> Ticket {
    let query = format!("{REDIRECT}&applicationName={name}&applicationIdentifier={identifier}");
    let ticket = built.browse(&format!("{query}&permissions=btcpay.user.canviewprofile")).await;
    built.call(Approve { matching: Some(Matching::New), ..approval(&ticket) }).await.unwrap();
    ticket
}

fn by(column: KeyColumn, descending: bool) -> Option<KeyOrder> {
    Some(KeyOrder { column, descending })
}

impl TestDesk {
    async fn labels(&self, args: KeyPage) -> Vec<String> {
        self.call(args).await.unwrap().rows.into_iter().map(|row| row.label).collect()
    }

    async fn found(&self, search: &str) -> Vec<String> {
        self.labels(KeyPage { search: Some(search.to_owned()), ..page(0, 500) }).await
    }

    async fn like(&self, filter: KeyFilter) -> Vec<String> {
        self.labels(KeyPage { filter: Some(filter), ..page(0, 500) }).await
    }

    async fn sorted(&self, column: KeyColumn, descending: bool) -> Vec<String> {
        self.labels(KeyPage { order: by(column, descending), ..page(0, 500) }).await
    }

    async fn refused(&self, args: KeyPage) -> (Code, Option<String>) {
        let error = self.call(args).await.unwrap_err();
        (error.code, error.field.map(Into::into))
    }

    /// A key with a label, a second after the one before.
    async fn labelled(&self, label: &str, user: &str, permissions: &[&str]) -> (KeyId, KeySecret) {
        self.clock.pass(Duration::from_secs(1));
        let args = KeyCreate {
            user: user.to_owned(),
            issuer: None,
            label: label.to_owned(),
            permissions: permissions.iter().map(|&text| text.to_owned()).collect(),
            expires: None,
        };
        let made = self.call(args).await.unwrap();
        (made.id, KeySecret::presented(made.api_key.expose()))
    }

    async fn edit(&self, id: &KeyId, label: Option<&str>, expires: Option<Expiry>) {
        let label = label.map(str::to_owned);
        self.call(KeyEdit { id: id.clone(), label, permissions: None, expires }).await.unwrap();
    }

    async fn revoke(&self, id: &KeyId) {
        self.call(KeyRevoke { id: id.clone() }).await.unwrap();
    }
}

/// Keys of every kind, oldest first: `Books`, `till`, without a label, `Attic`.
async fn four(built: &TestDesk) -> Vec<(KeyId, KeySecret)> {
    built.user(ANA, false).await;
    vec![
        built.labelled("Books", ADMIN, &["btcpay.store.canviewreports"]).await,
        built.labelled("till", ANA, &["btcpay.store.cancreateinvoice"]).await,
        built.labelled("", ANA, &[]).await,
        built.labelled("Attic", ADMIN, &["unrestricted"]).await,
    ]
}

#[tokio::test]
async fn a_page_of_keys_is_newest_first_and_a_search_counts_what_it_finds() {
    let built = TestDesk::unlocked().await.unwrap();
    four(&built).await;
    let page = async |search: &str, offset, limit| {
        let search = Some(search.to_owned());
        let page = built.call(KeyPage { search, ..page(offset, limit) }).await.unwrap();
        (page.total, page.rows.into_iter().map(|row| row.label).collect::<Vec<_>>())
    };
    assert_eq!(page("", 0, 2).await, (4, vec!["Attic".to_owned(), String::new()]));
    assert_eq!(page(" ", 3, 2).await, (4, vec!["Books".to_owned()]));
    assert_eq!(page("", 9, 2).await, (4, vec![]));
    assert_eq!(page("", u32::MAX, 500).await, (4, vec![]));
    assert_eq!(page("TI", 0, 1).await, (2, vec!["Attic".to_owned()]), "of two, one is shown");
    let hers = KeyList { user: Some(ANA.to_owned()), search: None };
    assert_eq!(built.call(hers).await.unwrap().len(), 2);
    let hers = KeyList { user: Some(ANA.to_owned()), search: Some("till".to_owned()) };
    assert_eq!(built.call(hers).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_search_looks_at_every_name_a_key_is_known_by() {
    let built = TestDesk::unlocked().await.unwrap();
    let keys = four(&built).await;
    let shop = built.store("Bakery Südstern", ANA).await;
    built.labelled("counter", ANA, &[&format!("btcpay.store.canviewinvoices:{shop}")]).await;
    let ticket = built.ask("applicationName=WooShop&permissions=btcpay.user.canviewprofile").await;
    built.approve(&ticket).await.unwrap();
    assert_eq!(built.found("BOOK").await, ["Books"], "its label, in any letter case");
    assert_eq!(built.found("ANA@SHOP").await, ["counter", "", "till"], "its user");
    assert_eq!(built.found("wooshop").await, ["WooShop"], "its application");
    assert_eq!(built.found(keys[0].0.as_str()).await, ["Books"], "its handle");
    assert_eq!(built.found("canviewreports").await, ["Books"], "its permissions as they are written");
    assert_eq!(built.found("SEE INVOICES").await, ["counter"], "and as they are called");
    assert_eq!(built.found(shop.as_str()).await, ["counter"], "a store by its id");
    assert_eq!(built.found("SÜDSTERN").await, ["counter"], "and by its name");
    assert_eq!(built.found("nothing like it").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_server_is_found_by_its_name_and_filtered_by_its_issuer() {
    let keyring = Arc::new(MemoryKeyring::default());
    let server = Issuer::Server("main".parse().unwrap());
    for (place, issuer) in [Issuer::Local, server.clone()].into_iter().enumerate() {
        let label = issuer.to_string();
        keyring
            .plant_key(&planted(u64::try_from(place).unwrap(), ApiKey { issuer, label, ..blank() }))
            .unwrap();
    }
    let built = TestDesk::over(keyring).unwrap();
    built.unlock().await.unwrap();
    assert_eq!(built.found("MAIN").await, ["server:main"]);
    assert_eq!(built.like(KeyFilter { issuer: Some(server), ..KeyFilter::default() }).await, ["server:main"]);
    let nobody = Some(Issuer::Server("other".parse().unwrap()));
    assert!(built.like(KeyFilter { issuer: nobody, ..KeyFilter::default() }).await.is_empty());
}

#[tokio::test]
async fn every_column_sorts_both_ways_and_what_a_key_lacks_comes_last() {
    let built = TestDesk::unlocked().await.unwrap();
    let keys = four(&built).await;
    let end = |days| Some(Expiry::At(after(&built, DAY * days)));
    built.edit(&keys[0].0, None, end(2)).await;
    built.edit(&keys[1].0, None, end(1)).await;
    built.desk.sign_in_with_key(&keys[1].1).await.unwrap();
    built.clock.pass(Duration::from_secs(1));
    built.desk.sign_in_with_key(&keys[3].1).await.unwrap();
    built.revoke(&keys[0].0).await;
    for (column, upwards, downwards) in [
        (KeyColumn::Label, ["Attic", "Books", "till", ""], ["till", "Books", "Attic", ""]),
        (KeyColumn::User, ["Attic", "Books", "", "till"], ["", "till", "Attic", "Books"]),
        (KeyColumn::Created, ["Books", "till", "", "Attic"], ["Attic", "", "till", "Books"]),
        (KeyColumn::LastUsed, ["", "Books", "till", "Attic"], ["Attic", "till", "", "Books"]),
        (KeyColumn::Expires, ["till", "Books", "Attic", ""], ["Attic", "", "Books", "till"]),
        (KeyColumn::State, ["Attic", "", "till", "Books"], ["Books", "Attic", "", "till"]),
    ] {
        assert_eq!(built.sorted(column, false).await, upwards, "{column:?}");
        assert_eq!(built.sorted(column, true).await, downwards, "{column:?} the other way");
    }
}

#[tokio::test]
async fn applications_sort_by_their_names_and_keys_made_by_hand_come_last() {
    let built = TestDesk::unlocked().await.unwrap();
    for name in ["woo", "Ledger"] {
        built.clock.pass(Duration::from_secs(1));
        granted(&built, name, name).await;
    }
    built.labelled("by hand", ADMIN, &[]).await;
    let by_application = async |descending| built.sorted(KeyColumn::Application, descending).await;
    assert_eq!(by_application(false).await, ["Ledger", "woo", "by hand"]);
    assert_eq!(by_application(true).await, ["woo", "Ledger", "by hand"]);
}

#[tokio::test]
async fn keys_that_are_the_same_in_a_column_come_newest_first_whichever_way_it_goes() {
    let built = TestDesk::unlocked().await.unwrap();
    for label in ["one", "two", "three"] {
        built.labelled(label, ADMIN, &[]).await;
    }
    for column in COLUMNS {
        for descending in [false, true] {
            let labels = built.sorted(column, descending).await;
            let newest = ["three", "two", "one"];
            match (column, descending) {
                (KeyColumn::Label, false) => assert_eq!(labels, ["one", "three", "two"]),
                (KeyColumn::Label, true) => assert_eq!(labels, ["two", "three", "one"]),
                (KeyColumn::Created, false) => assert_eq!(labels, ["one", "two", "three"]),
                _ => assert_eq!(labels, newest, "{column:?} {descending}"),
            }
        }
    }
}

#[tokio::test]
async fn long_labels_with_the_same_beginning_are_sorted_to_their_end() {
    let built = TestDesk::unlocked().await.unwrap();
    for label in ["Front counter b", "front counter", "Front counter a"] {
        built.labelled(label, ADMIN, &[]).await;
    }
    let upwards = ["front counter", "Front counter a", "Front counter b"];
    assert_eq!(built.sorted(KeyColumn::Label, false).await, upwards);
    let downwards: Vec<&str> = upwards.into_iter().rev().collect();
    assert_eq!(built.sorted(KeyColumn::Label, true).await, downwards);
}

#[tokio::test]
async fn filters_leave_what_is_like_all_that_is_said() {
    let built = TestDesk::unlocked().await.unwrap();
    let keys = four(&built).await;
    built.revoke(&keys[0].0).await;
    let any = KeyFilter::default;
    assert_eq!(built.like(KeyFilter { user: Some(ANA.to_owned()), ..any() }).await, ["", "till"]);
    let id = built.desk.people().find(ANA).unwrap().id.to_string();
    assert_eq!(built.like(KeyFilter { user: Some(id), ..any() }).await, ["", "till"]);
    assert_eq!(built.like(KeyFilter { issuer: Some(Issuer::Local), ..any() }).await.len(), 4);
    assert_eq!(built.like(KeyFilter { state: Some(KeyState::Revoked), ..any() }).await, ["Books"]);
    let both = KeyFilter { state: Some(KeyState::Live), user: Some(ADMIN.to_owned()), ..any() };
    assert_eq!(built.like(both.clone()).await, ["Attic"]);
    let all = KeyPage { search: Some("books".to_owned()), filter: Some(both), ..page(0, 9) };
    assert!(built.labels(all).await.is_empty(), "a search and filters hold together");
}

#[tokio::test]
async fn an_application_is_filtered_by_the_handle_that_its_keys_tell() {
    let built = TestDesk::unlocked().await.unwrap();
    four(&built).await;
    built.clock.pass(Duration::from_secs(1));
    granted(&built, "Till", "till").await;
    let row = built.call(page(0, 1)).await.unwrap().rows.remove(0);
    assert_eq!((row.label.as_str(), row.application.as_deref()), ("Till", Some("Till")));
    let application = row.application_id;
    assert!(application.is_some());
    assert_eq!(built.like(KeyFilter { application, ..KeyFilter::default() }).await, ["Till"]);
}

#[tokio::test]
async fn a_permission_is_held_by_whoever_is_able_to_do_it() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user(ANA, false).await;
    let (one, other) = (built.store("One", ANA).await, built.store("Other", ANA).await);
    let invoices = |store: &StoreId| format!("btcpay.store.canmodifyinvoices:{store}");
    built.labelled("view", ANA, &["btcpay.store.canviewinvoices"]).await;
    built.labelled("one", ANA, &[&invoices(&one)]).await;
    built.labelled("other", ANA, &[&invoices(&other)]).await;
    built.labelled("all", ADMIN, &["unrestricted"]).await;
    built.labelled("profile", ADMIN, &["btcpay.user.canviewprofile"]).await;
    let able = async |permission: &str| {
        let permission = Some(permission.to_owned());
        built.like(KeyFilter { permission, ..KeyFilter::default() }).await
    };
    assert_eq!(able("btcpay.store.canviewinvoices").await, ["all", "other", "one", "view"]);
    assert_eq!(able("btcpay.store.cancreateinvoice").await, ["all", "other", "one"], "a part of another");
    assert_eq!(able(&format!("btcpay.store.canviewinvoices:{one}")).await, ["all", "one", "view"]);
    assert_eq!(able("unrestricted").await, ["all"]);
    assert!(able("btcpay.plugin.store.canwater").await.is_empty(), "a plugin's policy may be asked for");
}

#[tokio::test]
async fn unused_keys_are_those_not_presented_since_or_never_and_made_before() {
    let built = TestDesk::unlocked().await.unwrap();
    let keys = four(&built).await;
    built.clock.pass(DAY * 9);
    built.desk.sign_in_with_key(&keys[1].1).await.unwrap();
    built.clock.pass(DAY);
    built.labelled("today", ADMIN, &[]).await;
    let unused = async |days| built.like(KeyFilter { unused_for: Some(days), ..KeyFilter::default() }).await;
    assert_eq!(unused(1).await, ["Attic", "", "till", "Books"]);
    assert_eq!(unused(2).await, ["Attic", "", "Books"]);
    assert!(unused(11).await.is_empty());
    let never = built.like(KeyFilter { never_used: true, ..KeyFilter::default() }).await;
    assert_eq!(never, ["today", "Attic", "", "Books"]);
}

#[tokio::test]
async fn keys_that_nobody_has_collected_are_filtered_until_somebody_does() {
    let built = TestDesk::unlocked().await.unwrap();
    four(&built).await;
    let never = async || built.like(KeyFilter { never_collected: true, ..KeyFilter::default() }).await;
    assert!(never().await.is_empty());
    let ticket = granted(&built, "Till", "till").await;
    assert_eq!(never().await, ["Till"]);
    built.desk.collect(&ticket.id, &ticket.collect).await.unwrap();
    assert!(never().await.is_empty());
    let query = format!("{REDIRECT}&applicationIdentifier=till&permissions=btcpay.user.canviewprofile");
    let again = built.browse(&query).await;
    built.call(existing(&again)).await.unwrap();
    assert!(never().await.is_empty(), "its key was collected before");
}

#[tokio::test]
async fn what_cannot_be_asked_names_its_field() {
    let built = TestDesk::unlocked().await.unwrap();
    let with = |filter| KeyPage { filter: Some(filter), ..page(0, 9) };
    let any = KeyFilter::default;
    let invalid = |field: &str| (Code::Invalid, Some(field.to_owned()));
    let missing = |field: &str| (Code::NotFound, Some(field.to_owned()));
    for limit in [0, 501] {
        assert_eq!(built.refused(page(0, limit)).await, invalid("limit"));
    }
    let nobody = KeyFilter { user: Some("nobody@shop.example".to_owned()), ..any() };
    assert_eq!(built.refused(with(nobody)).await, missing("user"));
    let application = Some(ApplicationId::from_random([7; 8]));
    assert_eq!(built.refused(with(KeyFilter { application, ..any() })).await, missing("application"));
    for permission in ["", "no policy", "unrestricted:S1", "btcpay.store.canviewinvoices:"] {
        let permission = Some(permission.to_owned());
        assert_eq!(built.refused(with(KeyFilter { permission, ..any() })).await, invalid("permission"));
    }
    for days in [0, 36_501, u32::MAX] {
        let filter = KeyFilter { unused_for: Some(days), ..any() };
        assert_eq!(built.refused(with(filter)).await, invalid("unusedFor"));
    }
}

#[tokio::test]
async fn handles_come_in_the_order_of_the_rows_and_without_a_limit_all_of_them() {
    let built = TestDesk::unlocked().await.unwrap();
    let keys = four(&built).await;
    let ids = |offset, limit| KeyIds {
        search: None,
        filter: None,
        order: by(KeyColumn::Label, false),
        offset,
        limit,
    };
    let of = |places: &[usize]| places.iter().map(|&place| keys[place].0.clone()).collect::<Vec<_>>();
    assert_eq!(built.call(ids(0, None)).await.unwrap(), of(&[3, 0, 1, 2]));
    assert_eq!(built.call(ids(1, Some(2))).await.unwrap(), of(&[0, 1]));
    assert!(built.call(ids(4, None)).await.unwrap().is_empty());
    let live = KeyFilter { user: Some(ANA.to_owned()), ..KeyFilter::default() };
    let narrowed = KeyIds { search: Some("till".to_owned()), filter: Some(live), ..ids(0, None) };
    assert_eq!(built.call(narrowed).await.unwrap(), of(&[1]));
}

#[tokio::test]
async fn time_alone_ends_a_key_in_the_table_too() {
    let built = TestDesk::unlocked().await.unwrap();
    let (id, _) = built.labelled("short", ADMIN, &[]).await;
    built.edit(&id, None, Some(Expiry::At(after(&built, DAY)))).await;
    let expired =
        async || built.like(KeyFilter { state: Some(KeyState::Expired), ..KeyFilter::default() }).await;
    assert!(expired().await.is_empty());
    built.clock.pass(DAY);
    assert_eq!(expired().await, ["short"]);
}

#[tokio::test]
async fn a_row_that_somebody_else_has_written_is_found_as_damaged_after_unlocking() {
    let built = TestDesk::unlocked().await.unwrap();
    let keys = four(&built).await;
    let damaged =
        async || built.like(KeyFilter { state: Some(KeyState::Damaged), ..KeyFilter::default() }).await;
    assert!(damaged().await.is_empty());
    built.keyring.tamper(Damage::Key(keys[1].0.clone()));
    built.call(Lock {}).await.unwrap();
    built.unlock().await.unwrap();
    assert_eq!(damaged().await, ["till"]);
}

#[tokio::test]
async fn an_application_under_another_name_is_sorted_and_found_by_it() {
    let built = TestDesk::unlocked().await.unwrap();
    let ask = async |name: &str| {
        built.clock.pass(Duration::from_secs(1));
        granted(&built, name, &format!("{name}x")).await;
    };
    ask("Bell").await;
    ask("Cafe").await;
    assert_eq!(built.sorted(KeyColumn::Application, false).await, ["Bell", "Cafe"]);
    built.clock.pass(Duration::from_secs(1));
    granted(&built, "Dock", "Bellx").await;
    let rows = built.call(KeyPage { order: by(KeyColumn::Application, false), ..page(0, 9) }).await.unwrap();
    let names: Vec<_> = rows.rows.iter().map(|row| row.application.as_deref().unwrap()).collect();
    assert_eq!(names, ["Cafe", "Dock", "Dock"]);
    assert_eq!(built.found("dock").await, ["Dock", "Bell"]);
    assert_eq!(built.found("bell").await, ["Bell"], "by its label alone");
}

/// The same numbers on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

async fn all_orders(built: &TestDesk) -> Vec<Vec<KeyId>> {
    let mut orders = Vec::new();
    for column in COLUMNS {
        for descending in [false, true] {
            let order = by(column, descending);
            let ids = KeyIds { search: None, filter: None, order, offset: 0, limit: None };
            orders.push(built.call(ids).await.unwrap());
        }
    }
    orders
}

#[tokio::test]
async fn whatever_happens_the_table_is_in_the_orders_of_one_that_is_made_anew() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user(ANA, false).await;
    let (mut dice, mut keys) = (Dice(7), Vec::new());
    for turn in 0..120_u32 {
        let label = format!("{} {}", ["Till", "till", "", "Attic"][dice.below(4)], dice.below(9));
        if keys.len() < 10 || turn % 4 == 0 {
            keys.push(built.labelled(&label, [ADMIN, ANA][dice.below(2)], &[]).await);
            continue;
        }
        let (id, secret) = keys[dice.below(keys.len())].clone();
        match dice.below(4) {
            0 => drop(built.call(KeyRevoke { id }).await.unwrap()),
            1 => drop(built.desk.sign_in_with_key(&secret).await),
            2 => {
                let expires = Some(Expiry::At(after(&built, DAY)));
                let edit = KeyEdit { id, label: None, permissions: None, expires };
                drop(built.call(edit).await);
            }
            _ => drop(built.call(KeyEdit { id, label: Some(label), permissions: None, expires: None }).await),
        }
        all_orders(&built).await;
    }
    built.desk.write_counts().await;
    let fresh = TestDesk::over(Arc::clone(&built.keyring)).unwrap();
    fresh.unlock().await.unwrap();
    let orders = all_orders(&built).await;
    assert_eq!(orders[0].len(), keys.len());
    assert_eq!(orders, all_orders(&fresh).await);
}

fn blank() -> ApiKey {
    ApiKey {
        id: KeyId::from_random([0; 8]),
        owner: "00000000-0000-4000-8000-000000000001".parse::<UserId>().unwrap(),
        issuer: Issuer::Local,
        label: String::new(),
        permissions: PermissionSet::new(),
        application: None,
        created: Timestamp(FixedClock::START.0 - 1_000),
        expires: None,
        last_used: None,
        ended: None,
    }
}

fn planted(number: u64, key: ApiKey) -> NewKey {
    let mut random = [0; 20];
    random[..8].copy_from_slice(&number.to_be_bytes());
    let id = KeyId::from_random(number.to_be_bytes());
    NewKey { key: ApiKey { id, ..key }, secret: KeySecret::from_random(random) }
}

#[tokio::test]
async fn very_many_keys_that_change_at_once_are_followed_too() {
    const MANY: u64 = 3_000;
    let before = TestDesk::unlocked().await.unwrap();
    for number in 0..MANY {
        let label = format!("till {}", number * 7_919 % MANY);
        before.keyring.plant_key(&planted(number, ApiKey { label, ..blank() })).unwrap();
    }
    let built = TestDesk::over(Arc::clone(&before.keyring)).unwrap();
    built.unlock().await.unwrap();
    all_orders(&built).await;
    for number in 0..2_500 {
        let id = planted(number, blank()).key.id;
        built.edit(&id, Some(&format!("counter {}", number % 50)), None).await;
        built.revoke(&id).await;
    }
    let live = KeyFilter { state: Some(KeyState::Live), ..KeyFilter::default() };
    assert_eq!(built.call(KeyPage { filter: Some(live), ..page(0, 1) }).await.unwrap().total, 500);
    let fresh = TestDesk::over(Arc::clone(&built.keyring)).unwrap();
    fresh.unlock().await.unwrap();
    assert_eq!(all_orders(&built).await, all_orders(&fresh).await);
}

#[tokio::test]
async fn keys_that_go_with_their_user_leave_the_table() {
    let built = TestDesk::unlocked().await.unwrap();
    four(&built).await;
    all_orders(&built).await;
    built.call(UserDisable { user: ANA.to_owned(), disabled: true }).await.unwrap();
    assert_eq!(built.labels(page(0, 9)).await.len(), 4, "disabled is not gone");
    let ana = built.desk.people().find(ANA).unwrap().id.clone();
    let writer = built.desk.writer().await;
    let gone = built.desk.delete_user(&writer, &crate::Caller::DESK, &ana, domain::Actor::CommandLine);
    gone.await.unwrap();
    drop(writer);
    assert_eq!(built.labels(page(0, 9)).await, ["Attic", "Books"]);
    assert_eq!(built.sorted(KeyColumn::Label, true).await, ["Books", "Attic"]);
}
