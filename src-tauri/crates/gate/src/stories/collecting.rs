//! Collecting what was granted: by its asker alone, in the mode it asked in.

use std::time::Duration;

use desk::testing::ADMIN;
use domain::RequestStatus;

use super::{Running, unlocked};

const TWO: &str = "permissions=btcpay.store.cancreateinvoice&permissions=btcpay.store.canviewinvoices";
const CALLBACK: &str = "https://shop.example/cb?btcpay-settings-callback&a=%20b";
const ENCODED: &str = "https%3A%2F%2Fshop.example%2Fcb%3Fbtcpay-settings-callback%26a%3D%2520b";

fn to_callback(query: &str) -> String {
    format!("{query}&redirect={ENCODED}&state=s%26%3C1")
}

async fn works(gate: &Running, key: &str) -> bool {
    let current = gate.get("/api/v1/api-keys/current").with("Authorization", &format!("token {key}"));
    current.send().await.status == 200
}

#[tokio::test]
async fn a_program_without_a_redirect_collects_once() {
    let gate = unlocked().await;
    let asker = gate.program_asks(TWO).await;
    let granted = gate.approve(&asker).await;
    assert!(granted.api_key.is_none(), "the asker collects it, so the admin is not shown it");
    let body = gate.poll(&asker).await.json();
    let fields: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["apiKey", "id", "permissions", "status", "userId"]);
    assert_eq!(body["status"], "approved");
    assert_eq!(body["userId"], granted.grant.user.as_str());
    assert_eq!(
        body["permissions"],
        serde_json::json!(["btcpay.store.cancreateinvoice", "btcpay.store.canviewinvoices"])
    );
    assert!(works(&gate, body["apiKey"].as_str().unwrap()).await);
    let again = gate.poll(&asker).await.json();
    assert_eq!(again, serde_json::json!({ "id": asker.id, "status": "delivered" }));
}

#[tokio::test]
async fn a_key_whose_delivery_cannot_be_written_does_not_go_out_yet() {
    let gate = unlocked().await;
    let asker = gate.program_asks(TWO).await;
    gate.approve(&asker).await;
    gate.world.keyring.set_full(true);
    let refused = gate.poll(&asker).await;
    assert_eq!((refused.status, &refused.json()["code"]), (503, &serde_json::json!("failed")));
    assert!(refused.json().get("apiKey").is_none());
    gate.world.keyring.set_full(false);
    assert!(works(&gate, gate.poll(&asker).await.json()["apiKey"].as_str().unwrap()).await);
}

#[tokio::test]
async fn a_program_with_a_redirect_is_posted_its_key_and_its_poll_gets_none() {
    let gate = unlocked().await;
    let asker = gate.program_asks(&to_callback(TWO)).await;
    gate.approve(&asker).await;
    let told = gate.get(&asker.place()).with("Prefer", "wait=20").send().await;
    assert_eq!(told.json(), serde_json::json!({ "id": asker.id, "status": "delivered" }));
    let posted = gate.world.courier.posted();
    assert_eq!(posted.len(), 1);
    assert_eq!(posted[0].0.as_sent(), CALLBACK);
    assert!(works(&gate, posted[0].1.secret.expose()).await);
}

#[tokio::test]
async fn a_post_that_fails_is_said_to_be_undelivered() {
    let gate = unlocked().await;
    gate.world.courier.set_failing(true);
    let asker = gate.program_asks(&to_callback(TWO)).await;
    gate.approve(&asker).await;
    let told = gate.get(&asker.place()).with("Prefer", "wait=20").send().await;
    assert_eq!(told.json(), serde_json::json!({ "id": asker.id, "status": "undelivered" }));
}

#[tokio::test]
async fn a_browser_posts_exactly_the_named_fields_to_the_very_redirect() {
    let gate = unlocked().await;
    let asker = gate.browser_asks(&to_callback(TWO)).await;
    let granted = gate.approve(&asker).await;
    let page = gate.open(&asker.place()).send().await;
    assert_eq!(page.form_action().as_deref(), Some(CALLBACK));
    let form = page.form();
    let (name, key) = &form[0];
    assert_eq!(name, "apiKey");
    let rest: Vec<(&str, &str)> =
        form[1..].iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let expected = [
        ("userId", granted.grant.user.as_str()),
        ("permissions[]", "btcpay.store.cancreateinvoice"),
        ("permissions[]", "btcpay.store.canviewinvoices"),
        ("state", "s&<1"),
    ];
    assert_eq!(rest, expected);
    assert_eq!(page.body.matches("<form ").count(), 1);
    assert_eq!(page.body.matches("name=").count(), form.len() + page.body.matches("<meta name=").count());
    assert!(works(&gate, key).await);
}

#[tokio::test]
async fn only_the_hand_over_page_may_post_and_it_is_neither_kept_nor_named_to_others() {
    let gate = unlocked().await;
    let asker = gate.browser_asks(&to_callback(TWO)).await;
    let waiting = gate.open(&asker.place()).send().await;
    assert!(waiting.field("content-security-policy").unwrap().contains("form-action 'none'"));
    gate.approve(&asker).await;
    let page = gate.open(&asker.place()).send().await;
    assert!(!page.field("content-security-policy").unwrap().contains("form-action"));
    assert_eq!(page.field("cache-control"), Some("no-store"));
    assert_eq!(page.field("referrer-policy"), Some("no-referrer"));
    assert_eq!(page.field("cross-origin-opener-policy"), Some("same-origin"));
    assert!(page.body.contains("<button class=\"button\" type=\"submit\">"));
}

#[tokio::test]
async fn a_key_without_permissions_has_no_permissions_field() {
    let gate = unlocked().await;
    let asker = gate.browser_asks(&format!("redirect={ENCODED}")).await;
    gate.approve(&asker).await;
    let page = gate.open(&asker.place()).send().await;
    let names: Vec<String> = page.form().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["apiKey", "userId"]);
}

#[tokio::test]
async fn a_reload_loses_no_key_and_after_two_minutes_there_is_none() {
    let gate = unlocked().await;
    let asker = gate.browser_asks(&to_callback(TWO)).await;
    gate.approve(&asker).await;
    let first = gate.open(&asker.place()).send().await;
    gate.world.clock.pass(Duration::from_secs(110));
    let second = gate.open(&asker.place()).send().await;
    assert!(first.form().len() == 5 && first.form() == second.form());
    gate.world.clock.pass(Duration::from_secs(11));
    let late = gate.open(&asker.place()).send().await;
    assert!(late.form().is_empty() && late.body.contains("Approved and sent"));
}

#[tokio::test]
async fn without_a_redirect_a_browser_is_told_and_the_key_is_shown_in_fieldgate() {
    let gate = unlocked().await;
    for (query, words) in [(TWO, "The key is shown in Fieldgate."), ("", "Confirmed in Fieldgate")] {
        let asker = gate.browser_asks(query).await;
        let key = gate.approve(&asker).await.api_key.unwrap();
        let page = gate.open(&asker.place()).send().await;
        assert!(page.body.contains(words), "{}", page.body);
        assert!(!page.body.contains(key.expose()) && page.form().is_empty());
    }
}

#[tokio::test]
async fn who_knows_the_id_but_not_the_secret_gets_nothing() {
    let gate = unlocked().await;
    for query in [TWO.to_owned(), to_callback(TWO)] {
        let (program, browser) = (gate.program_asks(&query).await, gate.browser_asks(&query).await);
        for asker in [&program, &browser] {
            gate.approve(asker).await;
            let own = asker.without_secret();
            let doubled = format!("{}&c={}", asker.place(), asker.secret.expose());
            let guesses = [own.clone(), format!("{own}?c="), format!("{own}?c={}", "0".repeat(32)), doubled];
            for guess in guesses {
                let told = gate.get(&guess).send().await;
                assert_eq!((told.status, told.code().as_str()), (403, "opened-elsewhere"), "{guess}");
                let shown = gate.open(&guess).send().await;
                assert_eq!(shown.status, 403);
                assert!(shown.body.contains("It shows no key here.") && shown.form().is_empty());
            }
            let status = gate.get(&format!("{own}/status?c=0")).send().await;
            assert_eq!((status.status, status.code().as_str()), (403, "opened-elsewhere"));
        }
    }
}

#[tokio::test]
async fn two_askers_with_the_same_query_never_get_each_others_key() {
    let gate = unlocked().await;
    let (first, second) = (gate.program_asks(TWO).await, gate.program_asks(TWO).await);
    assert_ne!(first.number, second.number);
    let decided =
        gate.approve_with(&first, |args| args.proof = desk::calls::Proof::Number(second.number)).await;
    assert_eq!(decided.unwrap().id, second.id);
    assert_eq!(gate.poll(&first).await.json(), serde_json::json!({ "id": first.id, "status": "superseded" }));
    assert!(gate.poll(&second).await.json()["apiKey"].is_string());
    let mixed = format!("/api-keys/authorize/{}?c={}", second.id, first.secret.expose());
    assert_eq!(gate.get(&mixed).send().await.code(), "opened-elsewhere");
}

#[tokio::test]
async fn the_mode_asked_in_is_the_mode_answered_in() {
    let gate = unlocked().await;
    let browser = gate.browser_asks(&to_callback(TWO)).await;
    gate.approve(&browser).await;
    let as_json = gate.poll(&browser).await;
    assert_eq!(as_json.json(), serde_json::json!({ "id": browser.id, "status": "approved" }));

    let program = gate.program_asks(TWO).await;
    gate.approve(&program).await;
    let as_page = gate.open(&program.place()).send().await;
    assert_eq!(as_page.status, 200);
    assert!(as_page.body.contains("A program waits for this") && as_page.form().is_empty());
    assert!(gate.poll(&program).await.json()["apiKey"].is_string(), "and the program still gets it");
}

#[tokio::test]
async fn an_answer_without_a_body_takes_no_key_with_it() {
    let gate = unlocked().await;
    let asker = gate.program_asks(TWO).await;
    gate.approve(&asker).await;
    assert_eq!(gate.ask("HEAD", &asker.place()).send().await.status, 200);
    assert!(gate.poll(&asker).await.json()["apiKey"].is_string());
}

#[tokio::test]
async fn a_refused_request_posts_nothing() {
    let gate = unlocked().await;
    let (program, browser) =
        (gate.program_asks(&to_callback(TWO)).await, gate.browser_asks(&to_callback(TWO)).await);
    gate.refuse(&program, false).await;
    gate.refuse(&browser, false).await;
    let page = gate.open(&browser.place()).send().await;
    assert!(page.body.contains("<title>Refused</title>") && page.body.contains("Nothing was sent"));
    assert!(page.form_action().is_none());
    assert!(page.field("content-security-policy").unwrap().contains("form-action 'none'"));
    assert_eq!(gate.poll(&program).await.json()["status"], serde_json::json!(RequestStatus::Refused));
    assert!(gate.world.courier.posted().is_empty());
}

#[tokio::test]
async fn a_chosen_owner_and_an_existing_key_go_out_as_decided() {
    let gate = unlocked().await;
    let query = format!("{}&applicationIdentifier=till", to_callback(TWO));
    let first = gate.browser_asks(&query).await;
    gate.approve_with(&first, |args| args.user = Some(ADMIN.to_uppercase())).await.unwrap();
    let key = gate.open(&first.place()).send().await.form()[0].clone();
    let again = gate.browser_asks(&query).await;
    let undecided = gate.approve_with(&again, |_| {}).await.unwrap_err();
    assert_eq!(undecided.code, desk::Code::ChoiceNeeded);
    gate.approve_with(&again, |args| args.matching = Some(desk::calls::Matching::Existing)).await.unwrap();
    assert_eq!(gate.open(&again.place()).send().await.form()[0], key);
}
