use domain::{PermissionSet, Policy};

use super::*;
use crate::{ApiError, KeyName, KeyWish, Principal, testing::ADMIN};

fn wish(permissions: &[&str]) -> KeyWish {
    let permissions: PermissionSet =
        permissions.iter().map(|p| domain::Permission::parse(p).unwrap()).collect();
    KeyWish { label: "made".to_owned(), permissions }
}

pub(super) async fn signed_in(built: &TestDesk, user: &str, permissions: &[&str]) -> Principal {
    let token = built.token(user, permissions).await;
    built.desk.sign_in_with_key(&token).await.unwrap()
}

#[tokio::test]
async fn a_restricted_key_makes_no_key_for_itself() {
    let built = TestDesk::unlocked().await.unwrap();
    let caller = signed_in(&built, ADMIN, &["btcpay.store.canmodifystoresettings"]).await;
    let refused = built.desk.mint_own(&caller, wish(&[])).await.unwrap_err();
    assert_eq!(refused, ApiError::MissingPermission(Policy::UNRESTRICTED));
}

#[tokio::test]
async fn an_unrestricted_admin_makes_any_key_for_anyone_by_id_or_email() {
    let built = TestDesk::unlocked().await.unwrap();
    let ana = built.user("ana@shop.example", false).await;
    let caller = signed_in(&built, ADMIN, &["unrestricted"]).await;
    for owner in [ana.id.as_str(), "Ana@Shop.example"] {
        let made = built.desk.mint_for(&caller, owner, wish(&["unrestricted"])).await.unwrap();
        assert_eq!(made.key.owner, ana.id);
    }
    let nobody = built.desk.mint_for(&caller, "me", wish(&[])).await.unwrap_err();
    assert_eq!(nobody, ApiError::UserNotFound);
}

#[tokio::test]
async fn the_key_of_somebody_who_is_no_admin_makes_none_for_others() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user("ana@shop.example", false).await;
    let caller = signed_in(&built, "ana@shop.example", &["unrestricted"]).await;
    let refused = built.desk.mint_for(&caller, ADMIN, wish(&[])).await.unwrap_err();
    assert_eq!(refused, ApiError::MissingPermission(Policy::MANAGE_USERS));
}

#[tokio::test]
async fn a_key_that_may_manage_users_hands_out_nothing_it_lacks() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user("ana@shop.example", false).await;
    let caller = signed_in(&built, ADMIN, &["btcpay.server.canmanageusers"]).await;
    let try_for =
        async |owner: &str, what: &str| built.desk.mint_for(&caller, owner, wish(&[what])).await.is_ok();
    assert!(!try_for(ADMIN, "unrestricted").await);
    assert!(!try_for(ADMIN, "btcpay.store.canviewinvoices").await);
    assert!(try_for(ADMIN, "btcpay.server.cancreateuser").await);
    assert!(!try_for("ana@shop.example", "unrestricted").await);
    assert!(!try_for("ana@shop.example", "btcpay.server.canmodifyserversettings").await);
    assert!(try_for("ana@shop.example", "btcpay.server.canmanageusers").await);
    assert!(try_for("ana@shop.example", "btcpay.store.canviewinvoices").await);
}

#[tokio::test]
async fn a_restricted_key_hands_out_nothing_of_the_highest_tier_that_it_lacks() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user("ana@shop.example", false).await;
    let administering = [
        "unrestricted",
        "btcpay.server.canmodifyserversettings",
        "btcpay.impersonation.canimpersonate",
        "btcpay.user.candeleteuser",
        "btcpay.plugin.store.x",
        "btcpay.store.canfly:S1",
    ];
    for held in administering {
        let caller = signed_in(&built, ADMIN, &["btcpay.server.canmanageusers"]).await;
        let refused = built.desk.mint_for(&caller, "ana@shop.example", wish(&[held])).await.unwrap_err();
        let missing = domain::Permission::parse(held).unwrap().policy().clone();
        assert_eq!(refused, ApiError::MissingPermission(missing));
    }
    for held in ["btcpay.user.candeleteuser", "btcpay.impersonation.canimpersonate"] {
        let caller = signed_in(&built, ADMIN, &["btcpay.server.canmanageusers", held]).await;
        built.desk.mint_for(&caller, "ana@shop.example", wish(&[held])).await.unwrap();
    }
    let caller = signed_in(&built, ADMIN, &["btcpay.server.canmanageusers"]).await;
    for below in ["btcpay.store.canmodifystoresettings", "btcpay.user.canmodifyprofile"] {
        built.desk.mint_for(&caller, "ana@shop.example", wish(&[below])).await.unwrap();
    }
}

#[tokio::test]
async fn a_locked_vault_mints_nothing() {
    let built = TestDesk::unlocked().await.unwrap();
    let caller = signed_in(&built, ADMIN, &["unrestricted"]).await;
    built.call(crate::calls::Lock {}).await.unwrap();
    assert_eq!(built.desk.mint_own(&caller, wish(&[])).await.unwrap_err(), ApiError::Locked);
}

#[tokio::test]
async fn a_key_is_revoked_once_by_token_or_handle_and_only_by_its_owner() {
    let built = TestDesk::unlocked().await.unwrap();
    built.user("ana@shop.example", false).await;
    let caller = signed_in(&built, ADMIN, &["unrestricted"]).await;
    let hers = built.desk.mint_for(&caller, "ana@shop.example", wish(&[])).await.unwrap();
    let by_token = KeyName::parse(hers.secret.expose());
    assert_eq!(built.desk.revoke_own(&caller, &by_token).await.unwrap_err(), ApiError::KeyNotFound);
    built.desk.revoke_for(&caller, "ana@shop.example", &by_token).await.unwrap();
    assert_eq!(
        built.desk.revoke_for(&caller, "ana@shop.example", &by_token).await,
        Err(ApiError::KeyNotFound)
    );
    let own = built.desk.mint_own(&caller, wish(&[])).await.unwrap();
    built.desk.revoke_own(&caller, &KeyName::parse(own.key.id.as_str())).await.unwrap();
}

#[tokio::test]
async fn a_key_that_ends_makes_none_that_outlives_it() {
    let built = TestDesk::unlocked().await.unwrap();
    let expires = Some(crate::testing::FixedClock::START.plus(std::time::Duration::from_secs(60)));
    let parent = KeyCreate {
        user: ADMIN.to_owned(),
        issuer: None,
        label: String::new(),
        permissions: vec!["unrestricted".to_owned()],
        expires,
    };
    let token = domain::KeySecret::presented(built.call(parent).await.unwrap().api_key.expose());
    let caller = built.desk.sign_in_with_key(&token).await.unwrap();
    assert_eq!(built.desk.mint_own(&caller, wish(&[])).await.unwrap().key.expires, expires);
    assert_eq!(built.desk.mint_for(&caller, ADMIN, wish(&[])).await.unwrap().key.expires, expires);
    let lasting = signed_in(&built, ADMIN, &["unrestricted"]).await;
    assert_eq!(built.desk.mint_own(&lasting, wish(&[])).await.unwrap().key.expires, None);
}

#[tokio::test]
async fn what_waits_behind_a_lock_writes_nothing_that_needs_the_passphrase() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask(INVOICES).await;
    let caller = signed_in(&built, ADMIN, &["unrestricted"]).await;
    let before = built.call(crate::calls::Log { before: None, limit: 100 }).await.unwrap().len();
    let turn = built.desk.writer().await;
    // Polled in this order: the lock stands first in the queue.
    let (locked, minted, other, user, approved, ()) = tokio::join!(
        built.desk.lock(&crate::Caller::DESK, crate::calls::Lock {}),
        built.desk.mint_own(&caller, wish(&[])),
        built.desk.mint_own(&caller, wish(&[])),
        built.desk.user_create(
            &crate::Caller::DESK,
            UserCreate { email: "ana@shop.example".to_owned(), admin: true, password: None }
        ),
        built.desk.approve(&crate::Caller::DESK, approval(&ticket)),
        async { drop(turn) },
    );
    locked.unwrap();
    assert_eq!(minted.unwrap_err(), ApiError::Locked);
    assert_eq!(other.unwrap_err(), ApiError::Locked);
    assert_eq!(user.unwrap_err().code, crate::Code::Locked);
    assert_eq!(approved.unwrap_err().code, crate::Code::Locked);
    assert_eq!(built.status(&ticket), domain::RequestStatus::Pending);
    built.unlock().await.unwrap();
    let log = built.call(crate::calls::Log { before: None, limit: 100 }).await.unwrap();
    let since: Vec<_> = log.iter().rev().skip(before).map(|entry| entry.action).collect();
    assert_eq!(since, [domain::Action::Locked, domain::Action::Unlocked]);
}
