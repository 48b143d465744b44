use std::time::Duration;

use domain::RequestStatus;

use super::*;
use crate::{
    Caller, Code,
    calls::{Call, Lock, Raise, Revealed, Status, Unlock},
    testing::PASSPHRASE,
};

fn passphrase(text: &str) -> Call {
    Unlock { passphrase: Revealed::new(text.to_owned()) }.into()
}

#[tokio::test]
async fn a_connection_without_the_passphrase_learns_how_things_stand_and_no_more() {
    let built = TestDesk::unlocked().await.unwrap();
    let stranger = built.desk.connect();
    built.desk.call(&stranger, Status {}.into()).await.unwrap();
    built.desk.call(&stranger, Raise {}.into()).await.unwrap();
    let refused = built.desk.call(&stranger, Requests {}.into()).await.unwrap_err();
    assert_eq!(refused.code, Code::PassphraseNeeded);
}

#[tokio::test]
async fn unlocking_one_connection_opens_no_other_and_not_the_gate() {
    let built = TestDesk::locked().unwrap();
    let (one, other) = (built.desk.connect(), built.desk.connect());
    built.desk.call(&one, passphrase(PASSPHRASE)).await.unwrap();
    built.desk.call(&one, Requests {}.into()).await.unwrap();
    assert_eq!(built.desk.call(&other, Requests {}.into()).await.unwrap_err().code, Code::PassphraseNeeded);
    assert!(built.desk.is_locked());
    built.desk.disconnect(&one);
    assert_eq!(built.desk.call(&one, Requests {}.into()).await.unwrap_err().code, Code::PassphraseNeeded);
}

#[tokio::test]
async fn locking_takes_every_opening_back() {
    let built = TestDesk::unlocked().await.unwrap();
    let (one, other) = (built.desk.connect(), built.desk.connect());
    for caller in [&one, &other] {
        built.desk.call(caller, passphrase(PASSPHRASE)).await.unwrap();
    }
    built.desk.call(&one, Lock {}.into()).await.unwrap();
    assert_eq!(built.desk.call(&other, Requests {}.into()).await.unwrap_err().code, Code::PassphraseNeeded);
    assert_eq!(built.desk.call(&Caller::DESK, Requests {}.into()).await.unwrap_err().code, Code::Locked);
}

#[tokio::test]
async fn wrong_passphrases_make_the_socket_wait_and_not_the_window() {
    let built = TestDesk::locked().unwrap();
    let stranger = built.desk.connect();
    assert_eq!(
        built.desk.call(&stranger, passphrase("wrong")).await.unwrap_err().code,
        Code::WrongPassphrase
    );
    assert_eq!(built.desk.call(&stranger, passphrase(PASSPHRASE)).await.unwrap_err().code, Code::TooMany);
    built.unlock().await.unwrap();
    built.clock.pass(Duration::from_secs(1));
    built.desk.call(&stranger, passphrase(PASSPHRASE)).await.unwrap();
}

#[tokio::test]
async fn the_wait_after_wrong_passphrases_grows_to_thirty_seconds_and_no_further() {
    let built = TestDesk::locked().unwrap();
    let stranger = built.desk.connect();
    for _ in 0..12 {
        assert_eq!(
            built.desk.call(&stranger, passphrase("wrong")).await.unwrap_err().code,
            Code::WrongPassphrase
        );
        built.clock.pass(Duration::from_secs(30));
    }
    assert_eq!(
        built.desk.call(&stranger, passphrase("wrong")).await.unwrap_err().code,
        Code::WrongPassphrase
    );
    built.clock.pass(Duration::from_secs(29));
    assert_eq!(built.desk.call(&stranger, passphrase("wrong")).await.unwrap_err().code, Code::TooMany);
}

#[tokio::test]
async fn a_window_that_is_locked_gives_a_request_its_five_minutes_after_the_unlock() {
    let built = TestDesk::locked().unwrap();
    built.shell.set_window(true);
    let (stop, run) = running(&built);
    let ticket = built.browse(INVOICES).await;
    for _ in 0..10 {
        built.clock.pass(Duration::from_secs(35));
        assert_eq!(built.status(&ticket), RequestStatus::Pending, "a page that polls waits for the unlock");
    }
    built.unlock().await.unwrap();
    let Seen::Here(waiting) = built.desk.seen(&ticket.id, &ticket.collect) else { panic!("gone") };
    assert_eq!(waiting.ends_in, Some(Duration::from_secs(300)));
    stop.send(true).unwrap();
    run.await.unwrap();
    assert_eq!(built.status(&ticket), RequestStatus::Closed, "closing completes every waiting answer");
}

#[tokio::test]
async fn a_row_put_back_between_start_and_unlock_is_forgotten_at_the_unlock() {
    let keyring = TestDesk::locked().unwrap().keyring;
    let before = TestDesk::over(Arc::clone(&keyring)).unwrap();
    let owner = before.admin();
    let forged = before.desk.new_key(owner, String::new(), domain::PermissionSet::default(), None).unwrap();
    keyring.plant_key(&forged).unwrap();
    let by_hand = domain::Application {
        id: "app_1".parse().unwrap(),
        identity: domain::ApplicationIdentity::Unknown,
        names: vec![],
        standing: domain::Standing::Known,
        note: None,
        first_seen: domain::Timestamp(0),
        last_seen: domain::Timestamp(0),
    };
    keyring.forge_application(&by_hand);
    let built = TestDesk::over(Arc::clone(&keyring)).unwrap();
    built.desk.sign_in_with_key(&forged.secret).await.unwrap();
    keyring.take_key_out(&forged.key.id);
    keyring.forge_application(&domain::Application { standing: domain::Standing::New, ..by_hand.clone() });
    built.unlock().await.unwrap();
    assert!(built.desk.sign_in_with_key(&forged.secret).await.is_err());
    assert_eq!(built.desk.register().standing(&by_hand.identity), domain::Standing::New);
}

#[tokio::test]
async fn no_row_put_back_revives_a_key_that_ended_since_the_start() {
    let built = TestDesk::unlocked().await.unwrap();
    let new =
        built.desk.new_key(built.admin(), String::new(), domain::PermissionSet::default(), None).unwrap();
    built.keyring.plant_key(&new).unwrap();
    built.unlock().await.unwrap();
    built.call(crate::calls::KeyRevoke { id: new.key.id.clone() }).await.unwrap();
    built.keyring.take_key_out(&new.key.id);
    built.keyring.plant_key(&new).unwrap();
    built.unlock().await.unwrap();
    assert!(built.desk.sign_in_with_key(&new.secret).await.is_err());
}

#[tokio::test]
async fn a_user_whose_address_is_none_is_an_error_that_names_the_field() {
    let built = TestDesk::unlocked().await.unwrap();
    let user = UserCreate { email: "ana".to_owned(), admin: false, password: None };
    let refused = built.call(user).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (Code::Invalid, Some("email")));
}
