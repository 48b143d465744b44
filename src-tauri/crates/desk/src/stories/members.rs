//! Who belongs to a store, by hand, and what becomes of stores and users that nobody needs any more.

use domain::{Action, Policy, Role};

use super::{minting::signed_in, *};
use crate::{
    Caller, Code,
    calls::{
        KeyHistory, Lock, Log, Request, StoreList, StoreMemberRemove, StoreMemberSet, StoreRename, UserDelete,
    },
    ports::Damage,
    testing::ADMIN,
};

const ANA: &str = "ana@shop.example";
const VIEW: Policy = Policy::VIEW_STORE_SETTINGS;

fn set(store: &StoreId, user: &str, role: Role) -> StoreMemberSet {
    StoreMemberSet { store: store.clone(), user: user.to_owned(), role }
}

fn remove(store: &StoreId, user: &str) -> StoreMemberRemove {
    StoreMemberRemove { store: store.clone(), user: user.to_owned() }
}

impl TestDesk {
    /// What the log says since `before` entries, oldest first.
    async fn told_since(&self, before: usize) -> Vec<Action> {
        let log = self.call(Log { before: None, limit: 500 }).await.unwrap();
        log.into_iter().rev().skip(before).map(|entry| entry.action).collect()
    }

    /// The code and the field of a call that is refused.
    async fn refuses<R: Request>(&self, request: R) -> (Code, Option<String>) {
        let Err(refused) = self.call(request).await else { panic!("it was done") };
        (refused.code, refused.field.map(|field| field.into_owned()))
    }
}

#[tokio::test]
async fn what_a_key_may_do_in_a_store_follows_the_role_of_its_user_at_once() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user(ANA, false).await;
    let store = built.store("Bakery", ADMIN).await;
    let caller = signed_in(&built, ANA, &["unrestricted"]).await;
    let may_view = || built.desk.demand_in(&caller, VIEW, &store).is_ok();
    assert!(!may_view(), "she is no member yet");
    for (role, expected) in
        [(Role::Guest, false), (Role::Manager, true), (Role::Employee, false), (Role::Owner, true)]
    {
        let view = built.call(set(&store, ANA, role)).await.unwrap();
        assert_eq!(view.members.iter().find(|member| member.email == ANA).map(|it| it.role), Some(role));
        assert_eq!(may_view(), expected, "{role:?}");
    }
    built.call(remove(&store, ANA)).await.unwrap();
    assert!(!may_view());
}

#[tokio::test]
async fn a_new_member_another_role_and_the_same_role_are_told_apart() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user(ANA, false).await;
    let store = built.store("Bakery", ADMIN).await;
    let before = built.told_since(0).await.len();
    for role in [Role::Guest, Role::Manager, Role::Manager] {
        built.call(set(&store, ANA, role)).await.unwrap();
    }
    built.call(remove(&store, ANA)).await.unwrap();
    let expected = [Action::MemberAdded, Action::MemberChanged, Action::MemberRemoved];
    assert_eq!(built.told_since(before).await, expected);
    let restarted = TestDesk::over(Arc::clone(&built.keyring)).unwrap();
    assert_eq!(restarted.desk.people().memberships.len(), 1, "it was written down");
}

#[tokio::test]
async fn a_store_ends_when_its_last_member_is_taken_out() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user(ANA, false).await;
    let store = built.store("Bakery", ADMIN).await;
    built.call(set(&store, ANA, Role::Employee)).await.unwrap();
    let left = built.call(remove(&store, ADMIN)).await.unwrap().store.unwrap();
    assert_eq!(left.members.len(), 1, "who is left keeps it");
    let before = built.told_since(0).await.len();
    assert_eq!(built.call(remove(&store, ANA)).await.unwrap().store, None);
    assert_eq!(built.told_since(before).await, [Action::MemberRemoved, Action::StoreRemoved]);
    assert_eq!(built.call(StoreList {}).await.unwrap(), []);
    assert_eq!(
        built.refuses(set(&store, ANA, Role::Owner)).await,
        (Code::NotFound, Some("store".to_owned()))
    );
}

#[tokio::test]
async fn a_store_gets_another_name_by_the_rules_of_every_name() {
    let built = TestDesk::unlocked().await.unwrap();
    let store = built.store("Bakery", ADMIN).await;
    let rename = |name: &str| StoreRename { store: store.clone(), name: name.to_owned() };
    let before = built.told_since(0).await.len();
    assert_eq!(built.call(rename(" Bakery ")).await.unwrap().name, "Bakery");
    assert_eq!(built.call(rename("Café")).await.unwrap().name, "Café");
    assert_eq!(built.refuses(rename("")).await, (Code::Invalid, Some("name".to_owned())));
    assert_eq!(built.told_since(before).await, [Action::StoreChanged], "what is so already is not told");
}

#[tokio::test]
async fn who_is_not_there_is_named_by_the_field_and_changes_nothing() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user(ANA, false).await;
    let store = built.store("Bakery", ADMIN).await;
    let other: StoreId = "other".parse().unwrap();
    let missing = |field: &str| (Code::NotFound, Some(field.to_owned()));
    let before = built.call(StoreList {}).await.unwrap();
    assert_eq!(built.refuses(set(&other, ANA, Role::Owner)).await, missing("store"));
    assert_eq!(built.refuses(set(&store, "nobody@shop.example", Role::Owner)).await, missing("user"));
    assert_eq!(built.refuses(remove(&store, ANA)).await, missing("user"));
    assert_eq!(built.refuses(remove(&other, ADMIN)).await, missing("store"));
    assert_eq!(built.refuses(StoreRename { store: other, name: "x".to_owned() }).await, missing("store"));
    assert_eq!(built.refuses(UserDelete { user: "nobody".to_owned() }).await, missing("user"));
    assert_eq!(built.call(StoreList {}).await.unwrap(), before);
}

#[tokio::test]
async fn a_locked_desk_and_a_full_disk_change_no_member_and_delete_nobody() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user(ANA, false).await;
    let store = built.store("Bakery", ADMIN).await;
    let before = built.call(StoreList {}).await.unwrap();
    built.keyring.set_full(true);
    assert_eq!(built.refuses(set(&store, ANA, Role::Owner)).await.0, Code::DiskFull);
    assert_eq!(built.refuses(remove(&store, ADMIN)).await.0, Code::DiskFull);
    assert_eq!(built.refuses(UserDelete { user: ANA.to_owned() }).await.0, Code::DiskFull);
    built.keyring.set_full(false);
    let turn = built.desk.writer().await;
    // Polled in this order: the lock stands first in the queue.
    let (locked, role, deleted, ()) = tokio::join!(
        built.desk.lock(&Caller::DESK, Lock {}),
        built.desk.store_member_set(&Caller::DESK, set(&store, ANA, Role::Owner)),
        built.desk.user_delete(&Caller::DESK, UserDelete { user: ANA.to_owned() }),
        async { drop(turn) },
    );
    locked.unwrap();
    assert_eq!((role.unwrap_err().code, deleted.unwrap_err().code), (Code::Locked, Code::Locked));
    built.unlock().await.unwrap();
    assert_eq!(built.call(StoreList {}).await.unwrap(), before);
    assert!(built.desk.people().find(ANA).is_some());
}

#[tokio::test]
async fn a_role_given_by_hand_takes_the_place_of_one_that_somebody_else_has_written() {
    let built = TestDesk::unlocked().await.unwrap();
    let ana = built.user(ANA, false).await;
    let store = built.store("Bakery", ADMIN).await;
    built.keyring.add_member(&store, &ana.id, Role::Owner);
    built.keyring.tamper(Damage::Membership(store.clone(), ana.id.clone()));
    built.unlock().await.unwrap();
    assert_eq!(built.desk.people().role(&store, &ana.id), None);
    built.call(set(&store, ANA, Role::Guest)).await.unwrap();
    assert_eq!(built.desk.people().role(&store, &ana.id), Some(Role::Guest));
    built.unlock().await.unwrap();
    assert_eq!(built.desk.people().role(&store, &ana.id), Some(Role::Guest));
}

#[tokio::test]
async fn a_user_deleted_by_hand_takes_its_keys_along_and_the_only_admin_stays() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user(ANA, false).await;
    let token = built.token(ANA, &[]).await;
    built.call(UserDelete { user: "ANA@shop.example".to_owned() }).await.unwrap();
    assert_eq!(built.desk.sign_in_with_key(&token).await.unwrap_err(), crate::SignInError::UnknownKey);
    let only = built.refuses(UserDelete { user: ADMIN.to_owned() }).await;
    assert_eq!(only, (Code::OnlyAdmin, Some("user".to_owned())));
}

#[tokio::test]
async fn the_history_of_a_key_has_what_happened_to_it_and_why_it_was_made() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask(INVOICES).await;
    let key = built.approve(&ticket).await.unwrap().grant.key;
    built.token(ADMIN, &[]).await;
    built.call(crate::calls::KeyShow { id: key.clone(), reveal: true }).await.unwrap();
    built.call(crate::calls::KeyRevoke { id: key.clone() }).await.unwrap();
    let history = built.call(KeyHistory { id: key }).await.unwrap();
    let actions: Vec<Action> = history.iter().map(|entry| entry.action).collect();
    assert_eq!(actions, [Action::KeyRevoked, Action::KeyRevealed, Action::RequestApproved]);
}
