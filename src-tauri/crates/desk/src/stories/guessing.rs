//! Wrong passwords, and who they keep waiting.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use domain::{Account, Guesser, Password};

use super::{minting::signed_in, *};
use crate::{
    ApiError, Peer, Principal, ProfileWish, SignInError,
    testing::{ADMIN, ADMIN_PASSWORD},
};

fn program(exe: &str) -> Guesser {
    Guesser::Program { uid: 1000, exe: exe.to_owned() }
}

fn waits(seconds: u64) -> SignInError {
    SignInError::TooManyPasswords { retry_after: Duration::from_secs(seconds) }
}

impl TestDesk {
    async fn try_password(&self, email: &str, password: &str, peer: &dyn Peer) -> Result<(), SignInError> {
        let password = Password::new(password.to_owned());
        self.desk.sign_in_with_password(&email.parse_email(), password, peer).await.map(drop)
    }

    fn account(&self, email: &str) -> Account {
        let people = self.desk.people();
        Account::Of(people.by_email(&email.parse_email()).unwrap().id.clone())
    }

    /// A new password, with this as the current one; it stays the same where that is right.
    async fn try_current(&self, caller: &Principal, current: &str, peer: &dyn Peer) -> Result<(), ApiError> {
        let wish = ProfileWish {
            current_password: Some(Password::new(current.to_owned())),
            new_password: Some(Password::new(ADMIN_PASSWORD.to_owned())),
            ..ProfileWish::default()
        };
        self.desk.change_profile(caller, wish, peer).await.map(drop)
    }

    async fn rename(&self, caller: &Principal, email: &str) {
        let wish = ProfileWish { email: Some(email.parse_email()), ..ProfileWish::default() };
        self.desk.change_profile(caller, wish, &Guesser::Unknown).await.unwrap();
    }
}

/// Counts how often somebody looks.
struct Watched(AtomicUsize);

#[async_trait]
impl Peer for Watched {
    async fn guesser(&self) -> Guesser {
        self.0.fetch_add(1, Ordering::SeqCst);
        program("/usr/bin/watched")
    }
}

#[tokio::test]
async fn who_is_held_off_costs_no_look_at_the_password() {
    let built = TestDesk::unlocked().await.unwrap();
    for _ in 0..5 {
        let wrong = built.try_password(ADMIN, "wrong", &program("/a")).await;
        assert_eq!(wrong, Err(SignInError::WrongPassword));
    }
    // Whoever looks at a password has this permit: nobody could now.
    let busy = built.desk.login_permit.acquire().await.unwrap();
    for (email, seconds) in [(ADMIN, 30), ("ADMIN@Shop.Example", 30)] {
        assert_eq!(built.try_password(email, ADMIN_PASSWORD, &program("/b")).await, Err(waits(seconds)));
    }
    drop(busy);
}

#[tokio::test]
async fn nobody_looks_for_the_program_of_a_right_password_unless_one_is_held_off() {
    let built = TestDesk::unlocked().await.unwrap();
    let peer = Watched(AtomicUsize::new(0));
    let looks = || peer.0.load(Ordering::SeqCst);
    built.try_password(ADMIN, ADMIN_PASSWORD, &peer).await.unwrap();
    assert_eq!(looks(), 0);
    built.try_password(ADMIN, "wrong", &peer).await.unwrap_err();
    assert_eq!(looks(), 1);
    for n in 0..20 {
        built.try_password(&format!("{n}@shop.example"), "wrong", &program("/guesser")).await.unwrap_err();
    }
    built.try_password(ADMIN, ADMIN_PASSWORD, &peer).await.unwrap();
    assert_eq!(looks(), 2);
    assert_eq!(built.try_password(ADMIN, ADMIN_PASSWORD, &program("/guesser")).await, Err(waits(30)));
}

#[tokio::test]
async fn what_is_remembered_is_written_by_itself_and_forgotten_with_the_right_password() {
    let built = TestDesk::unlocked().await.unwrap();
    for _ in 0..5 {
        built.try_password(ADMIN, "wrong", &program("/a")).await.unwrap_err();
    }
    let (stop, run) = running(&built);
    stop.send(true).unwrap();
    run.await.unwrap();
    let after = TestDesk::over(Arc::clone(&built.keyring)).unwrap();
    assert_eq!(after.try_password(ADMIN, ADMIN_PASSWORD, &program("/b")).await, Err(waits(30)));
    after.clock.pass(Duration::from_secs(30));
    after.try_password(ADMIN, ADMIN_PASSWORD, &program("/b")).await.unwrap();
    after.desk.write_counts().await;
    let last = TestDesk::over(Arc::clone(&built.keyring)).unwrap();
    for _ in 0..5 {
        assert_eq!(
            last.try_password(ADMIN, "wrong", &program("/b")).await,
            Err(SignInError::WrongPassword),
            "five are free again"
        );
    }
}

#[tokio::test]
async fn a_full_disk_makes_no_guesser_a_stranger_and_a_clock_set_back_waits_no_longer() {
    let built = TestDesk::unlocked().await.unwrap();
    for _ in 0..5 {
        built.try_password(ADMIN, "wrong", &program("/a")).await.unwrap_err();
    }
    built.keyring.set_full(true);
    built.desk.write_counts().await;
    built.keyring.set_full(false);
    built.desk.write_counts().await;
    let kept = crate::ports::Keyring::failed_logins(&*built.keyring).unwrap();
    assert_eq!(kept.len(), 2);
    let hours_before = domain::Timestamp(crate::testing::FixedClock::START.0 - 10_000);
    let throttle = crate::api::recalled(kept, hours_before, domain::Moment::default());
    let account = built.account(ADMIN);
    let held = throttle.may_try(&account, None, domain::Moment::default());
    assert_eq!(held.unwrap_err().retry_after, Duration::from_secs(30));
}

#[tokio::test]
async fn another_address_makes_no_other_account() {
    let built = TestDesk::unlocked().await.unwrap();
    let admin = signed_in(&built, ADMIN, &["btcpay.user.canmodifyprofile"]).await;
    for n in 0..5 {
        let wrong = built.try_current(&admin, "wrong", &program("/a")).await;
        assert!(matches!(wrong, Err(ApiError::Invalid { field: "CurrentPassword", .. })), "{n}: {wrong:?}");
        built.rename(&admin, &format!("{n}@shop.example")).await;
    }
    let admin = signed_in(&built, "4@shop.example", &["btcpay.user.canmodifyprofile"]).await;
    let held = ApiError::TooManyPasswords { retry_after: Duration::from_secs(30) };
    assert_eq!(built.try_current(&admin, ADMIN_PASSWORD, &program("/a")).await, Err(held));
    let basic = built.try_password("4@shop.example", ADMIN_PASSWORD, &program("/b")).await;
    assert_eq!(basic, Err(waits(30)));
}

#[tokio::test]
async fn a_wrong_current_password_counts_for_its_program_and_the_right_one_clears_the_account() {
    let built = TestDesk::unlocked().await.unwrap();
    let admin = signed_in(&built, ADMIN, &["btcpay.user.canmodifyprofile"]).await;
    for _ in 0..5 {
        for _ in 0..4 {
            built.try_current(&admin, "wrong", &program("/guesser")).await.unwrap_err();
        }
        built.try_current(&admin, ADMIN_PASSWORD, &program("/other")).await.unwrap();
    }
    let held = ApiError::TooManyPasswords { retry_after: Duration::from_secs(30) };
    assert_eq!(built.try_current(&admin, ADMIN_PASSWORD, &program("/guesser")).await, Err(held));
    built.try_current(&admin, ADMIN_PASSWORD, &program("/other")).await.unwrap();
}

#[tokio::test]
async fn current_passwords_that_are_tried_all_at_once_are_counted_one_by_one() {
    let built = TestDesk::unlocked().await.unwrap();
    let admin = signed_in(&built, ADMIN, &["btcpay.user.canmodifyprofile"]).await;
    let by = program("/a");
    let busy = built.desk.login_permit.acquire().await.unwrap();
    let guess = || built.try_current(&admin, "wrong", &by);
    // Polled in this order: all six wait for their turn before one of them was wrong.
    let (a, b, c, d, e, sixth, ()) =
        tokio::join!(guess(), guess(), guess(), guess(), guess(), guess(), async { drop(busy) });
    for wrong in [a, b, c, d, e] {
        assert!(matches!(wrong, Err(ApiError::Invalid { .. })), "{wrong:?}");
    }
    assert_eq!(sixth, Err(ApiError::TooManyPasswords { retry_after: Duration::from_secs(30) }));
}
