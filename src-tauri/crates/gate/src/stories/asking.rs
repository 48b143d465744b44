//! Asking for a key.

use desk::testing::FixedClock;

use super::{unlocked, waiting::FIVE_MINUTES};

/// Every example of the documentation of Greenfield's authorize flow, without the host.
const EXAMPLES: [&str; 8] = [
    "",
    "applicationName=Your%20Application",
    "applicationName=Your%20Application&redirect=http://gozo.com",
    "applicationName=Your%20Application&redirect=http://gozo.com&applicationIdentifier=gozo",
    "permissions=btcpay.store.cancreateinvoice&permissions=btcpay.store.canviewinvoices",
    "permissions=btcpay.store.cancreateinvoice&permissions=btcpay.store.canviewinvoices&selectiveStores=true",
    "permissions=btcpay.store.cancreateinvoice&permissions=btcpay.store.canviewinvoices&strict=false",
    "permissions=btcpay.store.cancreateinvoice&applicationName=x&strict=true&selectiveStores=true&redirect=https://x.example/cb?a=b",
];

#[tokio::test]
async fn every_example_is_taken_from_a_program() {
    for query in EXAMPLES {
        let gate = unlocked().await;
        let taken = gate.get(&format!("/api-keys/authorize?{query}")).send().await;
        assert_eq!(taken.status, 202, "{query}: {}", taken.body);
        let body = taken.json();
        let fields: Vec<&String> = body.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["expiresAt", "id", "number", "poll", "status"]);
        assert_eq!(body["status"], "pending");
        assert!((10..=99).contains(&body["number"].as_u64().unwrap()));
        assert_eq!(body["expiresAt"], FixedClock::START.0 + FIVE_MINUTES);
        let poll = body["poll"].as_str().unwrap();
        assert_eq!(taken.field("location"), Some(poll));
        let own =
            format!("http://127.0.0.1:{}/api-keys/authorize/{}?c=", gate.port, body["id"].as_str().unwrap());
        let secret = poll.strip_prefix(&own).expect("an address of its own");
        assert!(secret.len() == 32 && secret != body["id"]);
    }
}

#[tokio::test]
async fn every_example_gives_a_browser_its_page_with_a_number() {
    for query in EXAMPLES {
        let gate = unlocked().await;
        let asker = gate.browser_asks(query).await;
        let page = gate.open(&asker.place()).send().await;
        assert!(page.body.contains("<title>Waiting for you in Fieldgate</title>"), "{query}");
        assert!((10..=99).contains(&page.number().unwrap()));
        assert!(page.field("content-type").unwrap().starts_with("text/html"));
        assert!(page.body.contains("<noscript><meta http-equiv=\"refresh\""));
        assert!(!page.body.contains("<form"), "a waiting page holds no form");
    }
}

#[tokio::test]
async fn the_path_may_end_in_a_slash_and_the_poll_stays_with_the_name_that_was_asked() {
    let gate = unlocked().await;
    let named = format!("localhost:{}", gate.port);
    let taken =
        gate.get("/api-keys/authorize/?applicationName=x").without("host").with("Host", &named).send().await;
    assert_eq!(taken.status, 202);
    assert!(
        taken.json()["poll"].as_str().unwrap().starts_with(&format!("http://{named}/api-keys/authorize/"))
    );
}

#[tokio::test]
async fn a_query_that_breaks_a_rule_is_told_which_field_and_why() {
    let gate = unlocked().await;
    let many = "permissions=btcpay.store.canviewinvoices&".repeat(101);
    let home = format!("redirect=http://127.1:{}/", gate.port);
    for (query, field) in [
        ("redirect=/relative", "redirect"),
        ("redirect=ftp://x.example", "redirect"),
        ("redirect=https://a@x.example", "redirect"),
        ("redirect=https://x.example/%23frag", "redirect"),
        ("redirect=https://x.example:0/", "redirect"),
        ("redirect=https://x.example/%0d%0aX:y", "redirect"),
        ("applicationName=a&applicationName=b", "applicationName"),
        (many.as_str(), "permissions"),
        (home.as_str(), "redirect"),
    ] {
        let target = format!("/api-keys/authorize?{query}");
        let told = gate.get(&target).send().await;
        assert_eq!((told.status, told.code().as_str()), (400, "invalid-request"), "{query}");
        assert_eq!(told.json()["field"], field, "{query}");
        let shown = gate.open(&target).send().await;
        assert_eq!(shown.status, 400);
        assert!(shown.body.contains(&format!("<code>{field}</code>")), "{query}");
    }
}

#[tokio::test]
async fn a_long_name_and_odd_booleans_are_no_reason_to_say_no() {
    let gate = unlocked().await;
    let name = format!("applicationName={}&strict=0&selectiveStores=yes", "x".repeat(7_000));
    let asker = gate.browser_asks(&name).await;
    let page = gate.open(&asker.place()).send().await;
    assert!(page.body.contains(&format!("{}…", "x".repeat(199))) && !page.body.contains(&"x".repeat(200)));
}

#[tokio::test]
async fn what_a_name_does_to_a_page_is_nothing() {
    let gate = unlocked().await;
    let asker = gate.browser_asks("applicationName=%3Cscript%3Ealert(1)%3C/script%3E%22%27%E2%80%AE").await;
    let page = gate.open(&asker.place()).send().await;
    assert!(page.body.contains("&lt;script&gt;alert(1)"));
    assert!(!page.body.contains("<script>alert"));
    assert!(!page.body.contains('\u{202E}'));
}

#[tokio::test]
async fn the_fifth_request_of_one_program_waits_its_turn() {
    let gate = unlocked().await;
    for nth in 0..4 {
        gate.program_asks(&format!("applicationName={nth}")).await;
    }
    let full = gate.get("/api-keys/authorize?applicationName=5").send().await;
    assert_eq!((full.status, full.code().as_str()), (429, "too-many-requests"));
    assert!(full.field("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
    let page = gate.open("/api-keys/authorize?applicationName=5").send().await;
    assert_eq!(page.status, 429);
    assert!(page.body.contains("Too many requests are waiting"));
}

#[tokio::test]
async fn a_blocked_application_is_refused_without_a_card() {
    let gate = unlocked().await;
    let query = "applicationIdentifier=x&redirect=https://x.example/cb";
    let asker = gate.program_asks(query).await;
    gate.refuse(&asker, true).await;
    let again = gate.get(&format!("/api-keys/authorize?{query}")).send().await;
    assert_eq!((again.status, again.code().as_str()), (403, "application-blocked"));
    assert_eq!(gate.open(&format!("/api-keys/authorize?{query}")).send().await.status, 403);
}

#[tokio::test]
async fn asking_decides_nothing() {
    let gate = unlocked().await;
    for query in EXAMPLES {
        gate.get(&format!("/api-keys/authorize?{query}")).send().await;
        gate.open(&format!("/api-keys/authorize?{query}")).send().await;
    }
    let keys = gate.world.call(desk::calls::KeyList { user: None, search: None }).await.unwrap();
    assert!(keys.is_empty());
}
