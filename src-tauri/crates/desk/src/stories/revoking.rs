//! Many keys that are revoked at once.

use domain::{Action, KeyId, KeySecret};

use super::*;
use crate::{
    Caller, Code,
    calls::{Call, KeyRevoke, KeyRevokeMany, KeyShow, KeyState, Log, RevokedView},
    testing::ADMIN,
};

async fn keys(built: &TestDesk, count: usize) -> Vec<(KeyId, KeySecret)> {
    let mut keys = Vec::new();
    for _ in 0..count {
        let token = built.token(ADMIN, &["unrestricted"]).await;
        keys.push((built.desk.index().recognise(&token).unwrap().id.clone(), token));
    }
    keys
}

fn ids(keys: &[(KeyId, KeySecret)]) -> Vec<KeyId> {
    keys.iter().map(|(id, _)| id.clone()).collect()
}

async fn told(built: &TestDesk) -> Vec<String> {
    let log = built.call(Log { before: None, limit: 1_000 }).await.unwrap();
    let ends = log.into_iter().filter(|entry| entry.action == Action::KeyRevoked);
    ends.map(|entry| entry.subject).collect()
}

#[tokio::test]
async fn many_keys_are_revoked_by_one_call_each_with_a_log_entry_of_its_own() {
    let built = TestDesk::unlocked().await.unwrap();
    let keys = keys(&built, 4).await;
    let revoked = built.call(KeyRevokeMany { ids: ids(&keys[..3]) }).await.unwrap();
    assert_eq!(revoked, RevokedView { revoked: 3, ended: 0, gone: 0 });
    for (place, (id, token)) in keys.iter().enumerate() {
        let works = built.desk.sign_in_with_key(token).await.is_ok();
        assert_eq!(works, place == 3, "from the next request on");
        let shown = built.call(KeyShow { id: id.clone(), reveal: false }).await.unwrap();
        assert_eq!(shown.key.state, if place == 3 { KeyState::Live } else { KeyState::Revoked });
    }
    let told: std::collections::HashSet<String> = told(&built).await.into_iter().collect();
    assert_eq!(told, keys[..3].iter().map(|(id, _)| id.to_string()).collect());
}

#[tokio::test]
async fn of_many_keys_those_that_ended_before_and_those_that_are_gone_are_told_apart() {
    let built = TestDesk::unlocked().await.unwrap();
    let keys = keys(&built, 2).await;
    built.call(KeyRevoke { id: keys[0].0.clone() }).await.unwrap();
    let mut ids = ids(&keys);
    ids.push(KeyId::from_random([9; 8]));
    let revoked = built.call(KeyRevokeMany { ids: ids.clone() }).await.unwrap();
    assert_eq!(revoked, RevokedView { revoked: 1, ended: 1, gone: 1 });
    let again = built.call(KeyRevokeMany { ids }).await.unwrap();
    assert_eq!(again, RevokedView { revoked: 0, ended: 2, gone: 1 });
    assert_eq!(told(&built).await.len(), 2, "an end is told once");
}

#[tokio::test]
async fn a_full_disk_revokes_none_of_many_keys() {
    let built = TestDesk::unlocked().await.unwrap();
    let keys = keys(&built, 3).await;
    built.keyring.set_full(true);
    let error = built.call(KeyRevokeMany { ids: ids(&keys) }).await.unwrap_err();
    assert_eq!(error.code, Code::DiskFull);
    for (_, token) in &keys {
        assert!(built.desk.sign_in_with_key(token).await.is_ok());
    }
    built.keyring.set_full(false);
    assert_eq!(built.call(KeyRevokeMany { ids: ids(&keys) }).await.unwrap().revoked, 3);
}

#[tokio::test]
async fn none_too_many_or_the_same_key_twice_is_an_error_that_names_the_field() {
    let built = TestDesk::unlocked().await.unwrap();
    let key = keys(&built, 1).await.remove(0).0;
    let many = (0..501_u64).map(|n| KeyId::from_random(n.to_be_bytes())).collect();
    for ids in [vec![], many, vec![key.clone(), key]] {
        let error = built.call(KeyRevokeMany { ids }).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (Code::Invalid, Some("ids")));
    }
    assert!(told(&built).await.is_empty());
}

#[tokio::test]
async fn many_keys_are_revoked_by_nobody_who_has_not_shown_the_passphrase() {
    let built = TestDesk::unlocked().await.unwrap();
    let keys = keys(&built, 2).await;
    let stranger = built.desk.connect();
    let call: Call = KeyRevokeMany { ids: ids(&keys) }.into();
    assert_eq!(built.desk.call(&stranger, call).await.unwrap_err().code, Code::PassphraseNeeded);
    let call: Call = KeyRevokeMany { ids: ids(&keys) }.into();
    built.call(crate::calls::Lock {}).await.unwrap();
    assert_eq!(built.desk.call(&Caller::DESK, call).await.unwrap_err().code, Code::Locked);
}
