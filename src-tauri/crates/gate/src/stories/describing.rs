//! What is served, as it is told: to programs and to people.

use super::unlocked;

const DESCRIPTION: &str = "/swagger/v1/swagger.json";

#[tokio::test]
async fn the_description_is_there_for_anybody_on_this_computer() {
    let gate = unlocked().await;
    let answer = gate.get(DESCRIPTION).send().await;
    assert_eq!((answer.status, answer.field("content-type")), (200, Some("application/json; charset=utf-8")));
    assert_eq!(answer.json()["openapi"], "3.1.0");
    assert_eq!(gate.ask("HEAD", DESCRIPTION).send().await.body, "");
}

#[tokio::test]
async fn no_page_of_another_origin_reads_the_description() {
    let gate = unlocked().await;
    for (field, value) in [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")] {
        let answer = gate.get(DESCRIPTION).with(field, value).send().await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "cross-origin"), "{field}");
        assert!(!answer.head.to_ascii_lowercase().contains("access-control"));
    }
}

#[tokio::test]
async fn the_page_opens_from_a_link_anywhere_and_nowhere_else() {
    let gate = unlocked().await;
    let opened = gate.open("/docs").with("Sec-Fetch-Site", "cross-site").send().await;
    assert_eq!((opened.status, opened.field("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(
        opened.body.contains(&format!("http://127.0.0.1:{}/api/v1/health", gate.port)),
        "its own address"
    );
    let framed = gate.get("/docs").with("Sec-Fetch-Mode", "navigate").with("Sec-Fetch-Dest", "iframe");
    assert_eq!(framed.with("Sec-Fetch-Site", "cross-site").send().await.status, 403);
    let fetched = gate.get("/docs").with("Sec-Fetch-Mode", "cors").with("Sec-Fetch-Dest", "empty");
    assert_eq!(fetched.with("Sec-Fetch-Site", "cross-site").send().await.status, 403);
}

#[tokio::test]
async fn whoever_is_lost_is_shown_the_way_to_the_page() {
    let gate = unlocked().await;
    let lost = gate.open("/").send().await;
    assert_eq!(lost.status, 404);
    assert!(lost.body.contains("<a href=\"/docs\">"));
}
