//! How long the key table takes to answer when it has 100,000 rows:
//! `cargo run --release -p desk --features testing --example key-table`.
//!
//! Figures only; nothing here passes or fails.

#![expect(clippy::disallowed_methods, reason = "measuring is reading the clock")]
#![expect(clippy::print_stdout, reason = "that is all it does")]

use std::{error::Error, sync::Arc, time::Instant};

use desk::{
    Caller,
    calls::{KeyColumn, KeyFilter, KeyIds, KeyOrder, KeyPage, KeyRevokeMany, KeyState, Request},
    ports::NewKey,
    testing::{ADMIN, FixedClock, MemoryKeyring, TestDesk},
};
use domain::{
    ApiKey, Email, Issuer, KeyId, KeySecret, Permission, PermissionSet, Store, StoreSettings, Timestamp,
    User, UserId,
};

const KEYS: u64 = 100_000;
const USERS: u64 = 40;
const STORES: u64 = 300;
const ROUNDS: u32 = 40;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let keyring = Arc::new(MemoryKeyring::default());
    fill(&keyring)?;
    let built = TestDesk::over(keyring)?;
    built.unlock().await?;
    println!("{KEYS} keys of {USERS} users in {STORES} stores");
    once(&built, "the first page, as the table is made", page()).await?;
    for (what, args) in pages() {
        once(&built, &format!("{what}, for the first time"), args.clone()).await?;
        often(&built, what, &args).await?;
    }
    let all = KeyIds { search: None, filter: None, order: None, offset: 0, limit: None };
    once(&built, "all handles", all.clone()).await?;
    let ids = built.call(KeyIds { limit: Some(500), ..all }).await?;
    once(&built, "revoking 500 (in memory)", KeyRevokeMany { ids }).await?;
    once(&built, "a page after that", page()).await?;
    Ok(())
}

fn page() -> KeyPage {
    KeyPage { search: None, filter: None, order: None, offset: 0, limit: 100 }
}

fn pages() -> Vec<(&'static str, KeyPage)> {
    let search = |text: &str| KeyPage { search: Some(text.to_owned()), ..page() };
    let like = |filter| KeyPage { filter: Some(filter), ..page() };
    let by = |column| KeyPage { order: Some(KeyOrder { column, descending: false }), ..page() };
    let any = KeyFilter::default;
    vec![
        ("newest first", page()),
        ("the last page", KeyPage { offset: 99_900, ..page() }),
        ("search that finds one", search("till 77777")),
        ("search that finds most", search("e")),
        ("search that finds none", search("nothing like it")),
        ("by label", by(KeyColumn::Label)),
        ("by user", by(KeyColumn::User)),
        ("by application", by(KeyColumn::Application)),
        ("by last use", by(KeyColumn::LastUsed)),
        ("by end", by(KeyColumn::Expires)),
        ("by state", by(KeyColumn::State)),
        ("of a user", like(KeyFilter { user: Some(ADMIN.to_owned()), ..any() })),
        (
            "able to view invoices",
            like(KeyFilter { permission: Some("btcpay.store.canviewinvoices".into()), ..any() }),
        ),
        ("unused for 30 days", like(KeyFilter { unused_for: Some(30), ..any() })),
        ("live", like(KeyFilter { state: Some(KeyState::Live), ..any() })),
        (
            "searched, filtered and sorted",
            KeyPage {
                search: Some("till".into()),
                filter: Some(KeyFilter { unused_for: Some(30), state: Some(KeyState::Live), ..any() }),
                ..by(KeyColumn::Label)
            },
        ),
    ]
}

async fn once<R: Request>(built: &TestDesk, what: &str, args: R) -> Outcome<()> {
    let began = Instant::now();
    built.desk.call(&Caller::DESK, args.into()).await?;
    println!("{what}: {:.1?}", began.elapsed());
    Ok(())
}

async fn often(built: &TestDesk, what: &str, args: &KeyPage) -> Outcome<()> {
    let mut took = Vec::new();
    for _ in 0..ROUNDS {
        let began = Instant::now();
        built.desk.call(&Caller::DESK, args.clone().into()).await?;
        took.push(began.elapsed());
    }
    took.sort_unstable();
    let at = |share: usize| took.get(took.len() * share / 100).copied().unwrap_or_default();
    println!("{what}: median {:.1?}, 95 of 100 within {:.1?}", at(50), at(95));
    Ok(())
}

fn fill(keyring: &MemoryKeyring) -> Outcome<()> {
    let mut owners = Vec::new();
    for number in 0..USERS {
        let id: UserId = format!("00000000-0000-4000-8000-{number:012}").parse()?;
        let email = if number == 0 { ADMIN.to_owned() } else { format!("user{number}@shop.example") };
        keyring.add_user(desk::ports::NewUser { user: user(id.clone(), &email)?, password: None });
        owners.push(id);
    }
    let mut stores = Vec::new();
    for (number, owner) in (0..STORES).zip(owners.iter().cycle()) {
        let id: domain::StoreId = format!("{number:0>44}").parse()?;
        let (name, created, issuer) = (format!("Store {number}"), Timestamp(0), Issuer::Local);
        keyring.add_store(
            Store { id: id.clone(), name, created, issuer, settings: StoreSettings::default() },
            owner,
        );
        stores.push(id);
    }
    let sets = stores.iter().map(|store| permissions(store.as_str())).collect::<Outcome<Vec<_>>>()?;
    let keys = (0..KEYS).zip(owners.iter().cycle()).zip(sets.iter().cycle());
    keyring.plant_keys(keys.map(|((number, owner), set)| key(number, owner, set)));
    Ok(())
}

fn user(id: UserId, email: &str) -> Outcome<User> {
    Ok(User {
        id,
        email: Email::parse(email)?,
        name: None,
        image_url: None,
        is_admin: email == ADMIN,
        disabled: false,
        has_password: false,
        issuer: Issuer::Local,
        created: Timestamp(0),
    })
}

fn permissions(store: &str) -> Outcome<PermissionSet> {
    let policies = ["canviewinvoices", "cancreateinvoice", "canviewreports", "canviewpaymentrequests"];
    let of = |policy: &&str| Permission::parse(&format!("btcpay.store.{policy}:{store}"));
    Ok(policies.iter().map(of).collect::<Result<_, _>>()?)
}

fn key(number: u64, owner: &UserId, permissions: &PermissionSet) -> NewKey {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut random = [0; 20];
    random.iter_mut().zip(mixed.to_be_bytes()).for_each(|(to, from)| *to = from);
    let days = i64::try_from(mixed % 400).unwrap_or_default();
    let ago = |days: i64| Timestamp(FixedClock::START.0 - days * 24 * 60 * 60);
    let key = ApiKey {
        id: KeyId::from_random(mixed.to_be_bytes()),
        owner: owner.clone(),
        issuer: Issuer::Local,
        label: format!("{} {number}", if number.is_multiple_of(3) { "Counter" } else { "Till" }),
        permissions: permissions.clone(),
        application: None,
        created: ago(days + 400),
        expires: number.is_multiple_of(4).then(|| ago(-days)),
        last_used: (!number.is_multiple_of(5)).then(|| ago(days)),
        ended: None,
    };
    NewKey { key, secret: KeySecret::from_random(random) }
}
