//! Keys that get another label, other permissions or another end.

use std::time::Duration;

use domain::{KeyId, KeySecret, Policy, Timestamp};

use super::*;
use crate::{
    Caller, Code,
    calls::{Call, Expiry, KeyEdit, KeyReduce, KeyRevoke, Log},
    testing::{ADMIN, FixedClock},
};

fn edit(id: &KeyId) -> KeyEdit {
    KeyEdit { id: id.clone(), label: None, permissions: None, expires: None }
}

async fn a_key(built: &TestDesk) -> (KeySecret, KeyId) {
    let token = built.token(ADMIN, &["btcpay.user.canviewprofile"]).await;
    let id = built.desk.index().recognise(&token).unwrap().id.clone();
    (token, id)
}

#[tokio::test]
async fn what_is_said_changes_and_the_rest_stays() {
    let built = TestDesk::unlocked().await.unwrap();
    let (token, id) = a_key(&built).await;
    let end = FixedClock::START.plus(Duration::from_secs(60));
    let before = built.call(edit(&id)).await.unwrap();
    let label = KeyEdit { label: Some("till".to_owned()), ..edit(&id) };
    let expiry = KeyEdit { expires: Some(Expiry::At(end)), ..edit(&id) };
    let wider = KeyEdit { permissions: Some(vec!["unrestricted".to_owned()]), ..edit(&id) };
    for args in [label, expiry, wider] {
        built.call(args).await.unwrap();
    }
    let after = built.call(edit(&id)).await.unwrap();
    let expected = crate::calls::KeyView {
        label: "till".to_owned(),
        permissions: vec!["unrestricted".to_owned()],
        tier: domain::Tier::Administer,
        expires: Some(end),
        ..before
    };
    assert_eq!(after, expected);
    let caller = built.desk.sign_in_with_key(&token).await.unwrap();
    built.desk.demand(&caller, Policy::VIEW_USERS).unwrap();
    built.unlock().await.unwrap();
    let first_used = Some(domain::FirstUse { at: FixedClock::START, by: None });
    let used = crate::calls::KeyView { last_used: Some(FixedClock::START), first_used, ..expected };
    assert_eq!(built.call(edit(&id)).await.unwrap(), used, "the file says the same");
    let told = built.call(Log { before: None, limit: 100 }).await.unwrap();
    let changes = told.iter().filter(|entry| entry.action == domain::Action::KeyChanged);
    assert_eq!(changes.count(), 3, "one for each, none for what changed nothing");
}

#[tokio::test]
async fn a_new_end_holds_from_the_next_request_on_and_may_be_taken_away() {
    let built = TestDesk::unlocked().await.unwrap();
    let (token, id) = a_key(&built).await;
    let end = FixedClock::START.plus(Duration::from_secs(60));
    built.call(KeyEdit { expires: Some(Expiry::At(end)), ..edit(&id) }).await.unwrap();
    built.clock.pass(Duration::from_secs(59));
    built.call(KeyEdit { expires: Some(Expiry::Never), ..edit(&id) }).await.unwrap();
    built.clock.pass(Duration::from_secs(1));
    built.desk.sign_in_with_key(&token).await.unwrap();
    let soon = Expiry::At(FixedClock::START.plus(Duration::from_secs(61)));
    built.call(KeyEdit { expires: Some(soon), ..edit(&id) }).await.unwrap();
    built.clock.pass(Duration::from_secs(1));
    built.desk.sign_in_with_key(&token).await.unwrap_err();
}

#[tokio::test]
async fn what_cannot_be_is_named_by_its_field_and_changes_nothing() {
    let built = TestDesk::unlocked().await.unwrap();
    let (_, id) = a_key(&built).await;
    let before = built.call(edit(&id)).await.unwrap();
    let permissions = |one: &str| KeyEdit { permissions: Some(vec![one.to_owned()]), ..edit(&id) };
    for (args, field) in [
        (KeyEdit { label: Some("x".repeat(201)), ..edit(&id) }, "label"),
        (KeyEdit { expires: Some(Expiry::At(FixedClock::START)), ..edit(&id) }, "expires"),
        (KeyEdit { expires: Some(Expiry::At(Timestamp(i64::MIN))), ..edit(&id) }, "expires"),
        (permissions("btcpay.store.cannot"), "permission"),
        (permissions("unrestricted:x"), "permission"),
    ] {
        let refused = built.call(args).await.unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), (Code::Invalid, Some(field)));
    }
    let nothing = built.call(edit(&KeyId::from_random([9; 8]))).await.unwrap_err();
    assert_eq!(nothing.code, Code::NotFound);
    assert_eq!(built.call(edit(&id)).await.unwrap(), before);
}

#[tokio::test]
async fn a_permission_that_nobody_knows_may_stay_where_it_is() {
    let built = TestDesk::unlocked().await.unwrap();
    let (plugin, known) = ("btcpay.plugin.store.x", "btcpay.user.canviewprofile");
    let listed = [plugin, known].iter().map(|text| text.parse().unwrap()).collect();
    let new = built.desk.new_key(built.admin(), String::new(), listed, None).unwrap();
    built
        .desk
        .keep_key(&built.desk.writer().await, &Caller::DESK, new.clone(), domain::Actor::Window)
        .await
        .unwrap();
    let stays = KeyEdit { permissions: Some(vec![plugin.to_owned()]), ..edit(&new.key.id) };
    assert_eq!(built.call(stays).await.unwrap().permissions, [plugin]);
}

#[tokio::test]
async fn a_key_that_has_ended_stays_as_it_is() {
    let built = TestDesk::unlocked().await.unwrap();
    let (_, revoked) = a_key(&built).await;
    built.call(KeyRevoke { id: revoked.clone() }).await.unwrap();
    let (_, over) = a_key(&built).await;
    let end = Expiry::At(FixedClock::START.plus(Duration::from_secs(1)));
    built.call(KeyEdit { expires: Some(end), ..edit(&over) }).await.unwrap();
    built.clock.pass(Duration::from_secs(1));
    for id in [revoked, over] {
        let longer = KeyEdit { expires: Some(Expiry::Never), ..edit(&id) };
        for call in [Call::from(longer), Call::from(KeyReduce { id: id.clone() })] {
            let refused = built.desk.call(&Caller::DESK, call).await.unwrap_err();
            assert_eq!((refused.code, refused.field.as_deref()), (Code::Invalid, Some("id")));
        }
    }
}

#[tokio::test]
async fn a_locked_desk_and_a_full_disk_change_no_key() {
    let built = TestDesk::unlocked().await.unwrap();
    let (token, id) = a_key(&built).await;
    let caller = built.desk.sign_in_with_key(&token).await.unwrap();
    built.desk.demand(&caller, Policy::VIEW_PROFILE).unwrap();
    let wider = || KeyEdit { permissions: Some(vec!["unrestricted".to_owned()]), ..edit(&id) };
    built.keyring.set_full(true);
    assert_eq!(built.call(wider()).await.unwrap_err().code, Code::DiskFull);
    built.keyring.set_full(false);
    let turn = built.desk.writer().await;
    // Polled in this order: the lock stands first in the queue.
    let (locked, edited, ()) = tokio::join!(
        built.desk.lock(&Caller::DESK, crate::calls::Lock {}),
        built.desk.key_edit(&Caller::DESK, wider()),
        async { drop(turn) },
    );
    locked.unwrap();
    assert_eq!(edited.unwrap_err().code, Code::Locked);
    let stranger = built.desk.connect();
    let refused = built.desk.call(&stranger, KeyReduce { id: id.clone() }.into()).await.unwrap_err();
    assert_eq!(refused.code, Code::PassphraseNeeded);
    built.unlock().await.unwrap();
    assert_eq!(built.call(edit(&id)).await.unwrap().permissions, ["btcpay.user.canviewprofile"]);
}
