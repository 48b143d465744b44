//! Keys and passwords that are guessed.

use std::{sync::Arc, time::Duration};

use desk::{
    calls::{Revealed, UserCreate},
    testing::{ADMIN, TestDesk},
};

use super::{
    Running,
    client::Answer,
    keys::{admin, basic},
    serve, unlocked,
};

const ANA: &str = "ana@shop.example";
const PASSWORD: &str = "a good one";

impl Running {
    async fn info(&self, authorization: &str) -> Answer {
        self.call("GET", "server/info", authorization).send().await
    }

    /// Somebody with a password.
    async fn ana_with_password(&self) -> String {
        let password = Some(Revealed::new(PASSWORD.to_owned()));
        let user = UserCreate { email: ANA.to_owned(), admin: false, password };
        self.world.call(user).await.unwrap();
        basic(ANA, PASSWORD)
    }

    /// The statuses of so many tries with a wrong password.
    async fn guess(&self, email: &str, times: usize) -> Vec<u16> {
        let mut statuses = Vec::new();
        for _ in 0..times {
            statuses.push(self.info(&basic(email, "wrong")).await.status);
        }
        statuses
    }
}

fn is_held_off(answer: &Answer, seconds: u64) {
    assert_eq!((answer.status, answer.code().as_str()), (429, "too-many-requests"), "{}", answer.body);
    assert_eq!(answer.field("retry-after"), Some(seconds.to_string().as_str()));
    assert_eq!(answer.field("www-authenticate"), None);
}

#[tokio::test]
async fn the_sixty_first_bad_key_in_a_minute_waits_and_a_good_one_never() {
    let gate = unlocked().await;
    let good = format!("token {}", gate.key(ADMIN, &[]).await);
    for n in 0..60 {
        let (method, path) = if n % 2 == 0 { ("GET", "api-keys/current") } else { ("POST", "api-keys") };
        let answer = gate.call(method, path, &format!("token bad-{n}")).send().await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "unauthenticated"), "{n}");
    }
    is_held_off(&gate.info("bearer bad").await, 60);
    is_held_off(&gate.call("DELETE", "api-keys/current", "token bad").send().await, 60);
    assert_eq!(gate.info(&good).await.status, 200);
    assert_eq!(gate.info(&admin()).await.status, 200);
    gate.world.clock.pass(Duration::from_secs(59));
    is_held_off(&gate.info("token bad").await, 1);
    gate.world.clock.pass(Duration::from_secs(1));
    assert_eq!(gate.info("token bad").await.status, 401);
}

#[tokio::test]
async fn what_presents_no_key_and_no_password_is_not_counted() {
    let gate = unlocked().await;
    for authorization in ["", "token", "Basic %%%", "digest x"] {
        for _ in 0..70 {
            assert_eq!(gate.info(authorization).await.status, 401, "{authorization}");
        }
    }
}

#[tokio::test]
async fn an_account_is_held_off_after_five_wrong_passwords_and_no_other() {
    let gate = unlocked().await;
    let ana = gate.ana_with_password().await;
    let good = format!("token {}", gate.key(ADMIN, &[]).await);
    assert_eq!(gate.guess(ADMIN, 6).await, [401, 401, 401, 401, 401, 429]);
    let right = gate.info(&admin()).await;
    is_held_off(&right, 30);
    assert!(right.json()["message"].as_str().unwrap().contains("use an API key"));
    assert_eq!(gate.info(&ana).await.status, 200);
    assert_eq!(gate.info(&good).await.status, 200);
    gate.world.clock.pass(Duration::from_secs(30));
    assert_eq!(gate.guess(ADMIN, 1).await, [401]);
    is_held_off(&gate.info(&admin()).await, 60);
    gate.world.clock.pass(Duration::from_secs(60));
    assert_eq!(gate.info(&admin()).await.status, 200);
    assert_eq!(gate.guess(ADMIN, 5).await, [401; 5], "the right password cleared it");
}

#[tokio::test]
async fn an_account_that_is_not_there_is_held_off_alike() {
    let gate = unlocked().await;
    let nobody = "nobody@shop.example";
    assert_eq!(gate.guess(nobody, 5).await, gate.guess(ADMIN, 5).await);
    let (absent, there) = (gate.info(&basic(nobody, "x")).await, gate.info(&basic(ADMIN, "x")).await);
    is_held_off(&absent, 30);
    is_held_off(&there, 30);
    assert_eq!(absent.body, there.body);
}

#[tokio::test]
async fn a_current_password_is_held_off_like_a_login_and_says_what_for() {
    let gate = unlocked().await;
    let key = format!("token {}", gate.key(ADMIN, &["btcpay.user.canmodifyprofile"]).await);
    let body = r#"{"currentPassword":"wrong","newPassword":"another one"}"#;
    let change = async || gate.call("PUT", "users/me", &key).json(body).send().await;
    for _ in 0..5 {
        assert_eq!(change().await.status, 422);
    }
    let held = change().await;
    is_held_off(&held, 30);
    let message = held.json()["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("Too many wrong passwords"), "{message}");
    is_held_off(&gate.info(&admin()).await, 30);
}

#[tokio::test]
async fn one_password_tried_on_many_accounts_holds_off_the_program() {
    let gate = unlocked().await;
    let good = format!("token {}", gate.key(ADMIN, &[]).await);
    for n in 0..20 {
        assert_eq!(gate.guess(&format!("user-{n}@shop.example"), 1).await, [401], "{n}");
    }
    is_held_off(&gate.info(&admin()).await, 30);
    assert_eq!(gate.info(&good).await.status, 200);
    gate.world.clock.pass(Duration::from_secs(30));
    assert_eq!(gate.guess("user-20@shop.example", 1).await, [401]);
    is_held_off(&gate.info(&admin()).await, 60);
}

#[tokio::test]
async fn guesses_that_come_all_at_once_are_counted_one_by_one() {
    let gate = Arc::new(unlocked().await);
    let guesses: Vec<_> = (0..8)
        .map(|_| {
            let gate = Arc::clone(&gate);
            tokio::spawn(async move { gate.guess(ADMIN, 1).await })
        })
        .collect();
    let mut statuses = Vec::new();
    for guess in guesses {
        statuses.extend(guess.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429, 429, 429]);
}

#[tokio::test]
async fn guesses_of_the_current_password_at_once_are_counted_one_by_one() {
    let gate = Arc::new(unlocked().await);
    let token = format!("token {}", gate.key(ADMIN, &["btcpay.user.canmodifyprofile"]).await);
    let guesses: Vec<_> = (0..8)
        .map(|_| {
            let (gate, token) = (Arc::clone(&gate), token.clone());
            let body = r#"{"newPassword":"hunter22","currentPassword":"wrong"}"#;
            tokio::spawn(async move { gate.call("PUT", "users/me", &token).json(body).send().await.status })
        })
        .collect();
    let mut statuses = Vec::new();
    for guess in guesses {
        statuses.push(guess.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [422, 422, 422, 422, 422, 429, 429, 429]);
}

#[tokio::test]
async fn a_restart_makes_no_guesser_a_stranger_anew() {
    let before = unlocked().await;
    assert_eq!(before.guess(ADMIN, 5).await, [401; 5]);
    before.world.clock.pass(Duration::from_secs(10));
    before.world.desk.write_counts().await;
    let world = TestDesk::over(Arc::clone(&before.world.keyring)).unwrap();
    world.clock.pass(Duration::from_secs(15));
    let after = serve(world);
    assert_eq!(after.info(&admin()).await.status, 429);
    after.world.clock.pass(Duration::from_secs(15));
    assert_eq!(after.info(&admin()).await.status, 200);
}
