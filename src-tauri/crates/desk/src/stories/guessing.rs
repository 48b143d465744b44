//! Wrong passwords, and who they keep waiting.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use domain::{Email, Guesser, Password};

use super::*;
use crate::{
    Peer, SignInError,
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
    let held = throttle.may_try(&Email::parse(ADMIN).unwrap(), None, domain::Moment::default());
    assert_eq!(held.unwrap_err().retry_after, Duration::from_secs(30));
}
