//! Waiting for a decision.

use std::time::Duration;

use desk::testing::TestDesk;

use super::{serve, unlocked};

pub(super) const FIVE_MINUTES: i64 = 300;

#[tokio::test]
async fn a_patient_poll_is_answered_by_the_decision() {
    let gate = unlocked().await;
    let asker = gate.program_asks("").await;
    let poll = gate.get(&asker.place()).with("Prefer", "respond-async, wait=20");
    let waiting = tokio::spawn(async move { poll.send().await });
    gate.refuse(&asker, false).await;
    let answer = waiting.await.unwrap();
    assert_eq!(answer.json(), serde_json::json!({ "id": asker.id, "status": "refused" }));
    assert_eq!(answer.field("preference-applied"), Some("wait=20"));
}

#[tokio::test]
async fn a_poll_without_patience_is_answered_at_once() {
    let gate = unlocked().await;
    let asker = gate.program_asks("").await;
    for poll in [gate.get(&asker.place()), gate.get(&asker.place()).with("Prefer", "wait=x")] {
        let answer = poll.send().await;
        let pending = serde_json::json!({ "id": asker.id, "status": "pending", "expiresAt": 1_800_000_300 });
        assert_eq!((answer.status, answer.json()), (200, pending));
        assert_eq!(answer.field("preference-applied"), None);
    }
    let zero = gate.get(&asker.place()).with("Prefer", "wait=0").send().await;
    assert_eq!(
        (zero.json()["status"].as_str(), zero.field("preference-applied")),
        (Some("pending"), Some("wait=0"))
    );
}

#[tokio::test]
async fn a_poll_for_an_unknown_id_is_404_for_programs_and_a_page_for_people() {
    let gate = unlocked().await;
    for id in ["0".repeat(32), "x".to_owned(), "%2F".to_owned(), "a%20b".to_owned()] {
        let place = format!("/api-keys/authorize/{id}?c=0");
        let answer = gate.get(&place).send().await;
        assert_eq!((answer.status, answer.code().as_str()), (404, "request-not-found"), "{id}");
        let page = gate.open(&place).send().await;
        assert_eq!(page.status, 404);
        assert!(page.body.contains("Fieldgate was restarted") && page.body.contains("ask again"));
    }
}

#[tokio::test]
async fn closing_answers_everybody_who_waits() {
    let gate = unlocked().await;
    let asker = gate.program_asks("").await;
    let poll = gate.get(&asker.place()).with("Prefer", "wait=20");
    let waiting = tokio::spawn(async move { poll.send().await });
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let running = tokio::spawn(std::sync::Arc::clone(&gate.world.desk).run(stopped));
    stop.send_replace(true);
    running.await.unwrap();
    assert_eq!(waiting.await.unwrap().json()["status"], "closed");
}

#[tokio::test]
async fn a_locked_desk_with_a_window_says_so_and_its_page_hears_of_the_unlock() {
    let world = TestDesk::locked().unwrap();
    world.shell.set_window(true);
    let gate = serve(world);
    let asker = gate.browser_asks("").await;
    let page = gate.open(&asker.place()).send().await;
    assert!(page.body.contains("<title>Fieldgate is locked</title>"));
    let status = format!("{}&locked=true", asker.below("status"));
    let poll = gate.get(&status).with("Prefer", "wait=20").with("Sec-Fetch-Site", "same-origin");
    let waiting = tokio::spawn(async move { poll.send().await });
    gate.world.unlock().await.unwrap();
    let news = waiting.await.unwrap().json();
    assert_eq!((news["status"].as_str(), news["locked"].as_bool()), (Some("pending"), Some(false)));
    assert_eq!(news["endsIn"], FIVE_MINUTES);
}

#[tokio::test]
async fn a_page_raises_the_window_once_per_nonce() {
    let gate = unlocked().await;
    gate.world.shell.set_window(true);
    let asker = gate.browser_asks("").await;
    let raised_by_asking = gate.world.shell.raised();
    let page = gate.open(&asker.place()).send().await;
    let nonce = page.body.split_once("data-raise=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let press_at = |place: &str, nonce: &str| {
        gate.ask("POST", place)
            .with("Origin", &format!("http://127.0.0.1:{}", gate.port))
            .with("Sec-Fetch-Site", "same-origin")
            .json(&serde_json::json!({ "nonce": nonce }).to_string())
    };
    let press = |nonce: &str| press_at(&asker.below("raise"), nonce);
    let pressed = press(&nonce).send().await;
    assert_eq!(pressed.status, 200, "{}", pressed.body);
    let fresh = pressed.json()["nonce"].as_str().unwrap().to_owned();
    for (again, status) in [(nonce.as_str(), 403), ("", 403), (fresh.as_str(), 200)] {
        assert_eq!(press(again).send().await.status, status);
    }
    let page = gate.open(&asker.place()).send().await;
    let unused = page.body.split_once("data-raise=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let below = asker.below("raise");
    let of_somebody_else = format!("{}?c={}", below.split_once("?c=").unwrap().0, "0".repeat(64));
    let wrong_secret = press_at(&of_somebody_else, &unused).send().await;
    assert_eq!((wrong_secret.status, wrong_secret.code().as_str()), (403, "opened-elsewhere"));
    assert_eq!(gate.world.shell.raised() - raised_by_asking, 2);
}

#[tokio::test]
async fn nobody_answered_offers_to_ask_again_with_the_same_query() {
    let gate = unlocked().await;
    let query = "applicationName=A%20%26%20B&redirect=https://x.example/cb?a=1";
    let asker = gate.browser_asks(query).await;
    for _ in 0..9 {
        gate.world.clock.pass(Duration::from_secs(30));
        gate.get(&asker.below("status")).send().await;
    }
    gate.world.clock.pass(Duration::from_secs(31));
    let page = gate.open(&asker.place()).send().await;
    assert!(page.body.contains("<title>Nobody answered</title>"), "{}", page.body);
    let link = format!("href=\"/api-keys/authorize?{}\"", query.replace('&', "&amp;"));
    assert!(page.body.contains(&link), "{}", page.body);
}
