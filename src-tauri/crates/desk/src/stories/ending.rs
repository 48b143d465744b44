use domain::Ending;
use std::time::Duration;

use super::*;
use crate::calls::{KeyList, KeyRevoke, KeyState};

#[tokio::test]
async fn a_revoked_key_is_refused_from_the_next_request_on_also_while_locked() {
    let built = TestDesk::unlocked().await.unwrap();
    let token = built.token(crate::testing::ADMIN, &["unrestricted"]).await;
    let caller = built.desk.sign_in_with_key(&token).await.unwrap();
    built.call(crate::calls::Lock {}).await.unwrap();
    built.desk.revoke_current(&caller).await.unwrap();
    assert!(built.desk.sign_in_with_key(&token).await.is_err());
}

#[tokio::test]
async fn a_key_once_seen_expired_stays_so_when_the_clock_is_set_back() {
    let built = TestDesk::unlocked().await.unwrap();
    let key = KeyCreate {
        user: crate::testing::ADMIN.to_owned(),
        issuer: None,
        label: String::new(),
        permissions: vec![],
        expires: Some(crate::testing::FixedClock::START.plus(Duration::from_secs(60))),
    };
    let made = built.call(key).await.unwrap();
    let token = domain::KeySecret::presented(made.api_key.expose());
    assert!(built.desk.sign_in_with_key(&token).await.is_ok());
    built.clock.pass(Duration::from_secs(61));
    assert!(built.desk.sign_in_with_key(&token).await.is_err());
    built.clock.set_wall_clock(-3600);
    assert!(built.desk.sign_in_with_key(&token).await.is_err());
    let listed = built.call(KeyList { user: None, search: None }).await.unwrap();
    assert_eq!(listed[0].state, KeyState::Expired);
    let after = TestDesk::over(Arc::clone(&built.keyring)).unwrap();
    assert!(after.desk.sign_in_with_key(&token).await.is_err(), "it was written down");
}

#[tokio::test]
async fn the_first_end_of_a_key_stays() {
    let built = TestDesk::unlocked().await.unwrap();
    built.token(crate::testing::ADMIN, &[]).await;
    let id = built.call(KeyList { user: None, search: None }).await.unwrap()[0].id.clone();
    built.call(KeyRevoke { id: id.clone() }).await.unwrap();
    built.desk.end_key(&crate::Caller::DESK, &id, Ending::Expired, domain::Actor::Fieldgate).await.unwrap();
    assert_eq!(built.call(KeyList { user: None, search: None }).await.unwrap()[0].state, KeyState::Revoked);
}

#[tokio::test]
async fn an_end_by_whoever_has_shown_the_passphrase_is_sealed_at_once() {
    let built = TestDesk::unlocked().await.unwrap();
    built.token(crate::testing::ADMIN, &[]).await;
    let id = built.call(KeyList { user: None, search: None }).await.unwrap()[0].id.clone();
    let revoked = built.call(KeyRevoke { id }).await.unwrap();
    assert_eq!(revoked.state, KeyState::Revoked);
    assert_eq!(built.call(crate::calls::LogVerify {}).await.unwrap().not_yet_sealed, 0);
}

#[tokio::test]
async fn revoking_a_key_that_has_expired_says_that_it_has_expired() {
    let built = TestDesk::unlocked().await.unwrap();
    let token = built.token(crate::testing::ADMIN, &[]).await;
    let id = built.call(KeyList { user: None, search: None }).await.unwrap()[0].id.clone();
    built.desk.end_key(&crate::Caller::DESK, &id, Ending::Expired, domain::Actor::Fieldgate).await.unwrap();
    assert_eq!(built.call(KeyRevoke { id }).await.unwrap().state, KeyState::Expired);
    assert!(built.desk.sign_in_with_key(&token).await.is_err());
}

#[tokio::test]
async fn an_expiry_in_the_past_is_an_error_that_names_the_field() {
    let built = TestDesk::unlocked().await.unwrap();
    let ticket = built.ask("").await;
    let past = Approve { expires: Some(domain::Timestamp(1)), ..approval(&ticket) };
    assert_eq!(built.call(past).await.unwrap_err().field.as_deref(), Some("expires"));
}

#[tokio::test]
async fn a_key_once_seen_expired_stays_so_on_a_full_disk_and_is_written_when_there_is_room() {
    let built = TestDesk::unlocked().await.unwrap();
    let expires = Some(crate::testing::FixedClock::START.plus(Duration::from_secs(60)));
    let key = KeyCreate {
        user: crate::testing::ADMIN.to_owned(),
        issuer: None,
        label: String::new(),
        permissions: vec![],
        expires,
    };
    let token = domain::KeySecret::presented(built.call(key).await.unwrap().api_key.expose());
    built.keyring.set_full(true);
    built.clock.pass(Duration::from_secs(61));
    assert!(built.desk.sign_in_with_key(&token).await.is_err());
    built.desk.sweep().await;
    built.clock.set_wall_clock(-3600);
    assert!(built.desk.sign_in_with_key(&token).await.is_err(), "nothing is written, and yet it stays");
    built.unlock().await.unwrap_err();
    built.keyring.set_full(false);
    built.unlock().await.unwrap();
    assert!(built.desk.sign_in_with_key(&token).await.is_err(), "the rows read anew do not revive it");
    built.desk.sweep().await;
    let after = TestDesk::over(Arc::clone(&built.keyring)).unwrap();
    after.clock.set_wall_clock(-3600);
    assert!(after.desk.sign_in_with_key(&token).await.is_err(), "it was written down");
}
