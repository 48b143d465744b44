use domain::{Action, Policy, Role, StoreDraft, StoreSettings};

use super::*;
use crate::{
    ApiError, Caller, Code, Principal,
    calls::{Lock, Log},
    ports::Damage,
    testing::ADMIN,
};

const MODIFY: &str = "btcpay.store.canmodifystoresettings";

fn draft(name: &str) -> StoreDraft {
    StoreDraft::new(name, StoreSettings { archived: true, ..StoreSettings::default() }).unwrap()
}

fn missing<T>() -> Result<T, ApiError> {
    Err(ApiError::MissingPermission(Policy::MODIFY_STORE_SETTINGS))
}

impl TestDesk {
    async fn signed_in(&self, user: &str, permissions: &[&str]) -> Principal {
        let token = self.token(user, permissions).await;
        self.desk.sign_in_with_key(&token).await.unwrap()
    }

    /// What the log says since `before` entries, oldest first: what happened to what, and whether a key did it.
    async fn happened_since(&self, before: usize) -> Vec<(Action, String, bool)> {
        let log = self.call(Log { before: None, limit: 500 }).await.unwrap();
        let by_key = |actor| matches!(actor, domain::Actor::Key { .. });
        let entries = log.into_iter().rev().skip(before);
        entries.map(|entry| (entry.action, entry.subject, by_key(entry.actor))).collect()
    }
}

#[tokio::test]
async fn what_a_key_does_to_stores_is_in_the_log_with_the_key() {
    let built = TestDesk::unlocked().await.unwrap();
    let caller = built.signed_in(ADMIN, &[MODIFY]).await;
    let before = built.call(Log { before: None, limit: 500 }).await.unwrap().len();
    let store = built.desk.create_store(&caller, &draft("Shop")).await.unwrap();
    assert_eq!(built.desk.people().role(&store.id, &caller.user.id), Some(Role::Owner));
    let id = store.id.as_str();
    let changed = built.desk.change_store(&caller, id, draft("Till")).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.settings.archived), ("Till", true));
    assert_eq!(built.desk.store_of(&caller, id).unwrap(), changed);
    built.desk.leave_store(&caller, id).await.unwrap();
    assert_eq!(built.desk.people().store(&store.id), None);
    let expected = [Action::StoreCreated, Action::StoreChanged, Action::MemberRemoved, Action::StoreRemoved]
        .map(|action| (action, id.to_owned(), true));
    assert_eq!(built.happened_since(before).await, expected);
}

#[tokio::test]
async fn a_put_that_changes_nothing_is_not_written() {
    let built = TestDesk::unlocked().await.unwrap();
    let caller = built.signed_in(ADMIN, &[MODIFY]).await;
    let store = built.desk.create_store(&caller, &draft("Shop")).await.unwrap();
    let before = built.call(Log { before: None, limit: 500 }).await.unwrap().len();
    assert_eq!(built.desk.change_store(&caller, store.id.as_str(), draft("Shop")).await.unwrap(), store);
    assert_eq!(built.happened_since(before).await, []);
    built.desk.change_store(&caller, store.id.as_str(), draft("Till")).await.unwrap();
    assert_eq!(built.happened_since(before).await.len(), 1);
}

#[tokio::test]
async fn a_key_for_one_store_makes_no_other() {
    let built = TestDesk::unlocked().await.unwrap();
    let id = built.store("Shop", ADMIN).await;
    let caller = built.signed_in(ADMIN, &[&format!("{MODIFY}:{id}")]).await;
    assert_eq!(built.desk.create_store(&caller, &draft("New")).await, missing());
    assert_eq!(built.desk.people().stores.len(), 1);
}

#[tokio::test]
async fn a_store_has_one_rule_for_its_name_wherever_it_is_made() {
    let built = TestDesk::unlocked().await.unwrap();
    for (name, broken) in [("", "Name is missing"), ("a\u{7}", "Name can only have characters that are seen")]
    {
        let made = built.call(StoreCreate { name: name.to_owned(), owner: ADMIN.to_owned() }).await;
        let error = made.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (Code::Invalid, Some("name")));
        assert_eq!(error.message, broken);
    }
    let made = StoreCreate { name: " Shop ".to_owned(), owner: ADMIN.to_owned() };
    assert_eq!(built.call(made).await.unwrap().name, "Shop");
}

#[tokio::test]
async fn whoever_left_while_a_change_waited_changes_nothing() {
    let built = TestDesk::unlocked().await.unwrap();
    let id = built.store("Shop", ADMIN).await;
    let caller = built.signed_in(ADMIN, &[MODIFY]).await;
    let turn = built.desk.writer().await;
    // Polled in this order: leaving stands first in the queue.
    let (left, changed, again, ()) = tokio::join!(
        built.desk.leave_store(&caller, id.as_str()),
        built.desk.change_store(&caller, id.as_str(), draft("Mine")),
        built.desk.leave_store(&caller, id.as_str()),
        async { drop(turn) },
    );
    left.unwrap();
    assert_eq!(changed, missing());
    assert_eq!(again, missing());
}

#[tokio::test]
async fn a_membership_written_by_somebody_else_opens_no_store() {
    let built = TestDesk::unlocked().await.unwrap();
    let ana = built.user("ana@shop.example", false).await;
    let id = built.store("Shop", ADMIN).await;
    built.keyring.add_member(&id, &ana.id, Role::Owner);
    built.keyring.tamper(Damage::Membership(id.clone(), ana.id.clone()));
    built.unlock().await.unwrap();
    let caller = built.signed_in("ana@shop.example", &["unrestricted"]).await;
    assert_eq!(built.desk.stores_of(&caller).unwrap(), []);
    assert_eq!(built.desk.leave_store(&caller, id.as_str()).await, missing());
}

#[tokio::test]
async fn a_full_disk_or_a_lock_leaves_a_store_as_it_was() {
    let built = TestDesk::unlocked().await.unwrap();
    let id = built.store("Shop", ADMIN).await;
    let caller = built.signed_in(ADMIN, &[MODIFY]).await;
    let before = built.desk.store_of(&caller, id.as_str()).unwrap();
    built.keyring.set_full(true);
    let full = |error: ApiError| matches!(error, ApiError::Failed(error) if error.code == Code::DiskFull);
    assert!(full(built.desk.create_store(&caller, &draft("New")).await.unwrap_err()));
    assert!(full(built.desk.change_store(&caller, id.as_str(), draft("New")).await.unwrap_err()));
    assert!(full(built.desk.leave_store(&caller, id.as_str()).await.unwrap_err()));
    built.keyring.set_full(false);
    built.desk.lock(&Caller::DESK, Lock {}).await.unwrap();
    assert_eq!(built.desk.create_store(&caller, &draft("New")).await, Err(ApiError::Locked));
    assert_eq!(built.desk.change_store(&caller, id.as_str(), draft("New")).await, Err(ApiError::Locked));
    assert_eq!(built.desk.leave_store(&caller, id.as_str()).await, Err(ApiError::Locked));
    assert_eq!(built.desk.stores_of(&caller).unwrap(), [before]);
}
