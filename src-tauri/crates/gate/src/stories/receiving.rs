//! What a browser says of the page that sent it, and what its own page does when another program listens.

use desk::{calls::Requests, testing::RecordedProcesses};
use domain::{Listener, RequestStatus, SentBy};

use super::{Running, unlocked};

const QUERY: &str =
    "permissions=btcpay.store.canviewinvoices&redirect=http%3A%2F%2Flocalhost%3A8080%2Fcb%3Fq%3Dsecret";

async fn sent_by(gate: &Running) -> Option<SentBy> {
    gate.world.call(Requests {}).await.unwrap()[0].sent_by.clone()
}

#[tokio::test]
async fn the_origin_of_the_page_that_sent_a_browser_is_kept_and_no_more_of_it() {
    let page = SentBy::Page { origin: "http://localhost:8080".to_owned() };
    for (referer, site, expected) in [
        (Some("http://localhost:8080/wp-admin/?key=canary"), Some("same-site"), page),
        (None, Some("cross-site"), SentBy::Hidden),
        (None, Some("none"), SentBy::Nobody),
        (None, None, SentBy::Unknown),
    ] {
        let gate = unlocked().await;
        let mut ask = gate.open(&format!("/api-keys/authorize?{QUERY}"));
        for (name, value) in [("Referer", referer), ("Sec-Fetch-Site", site)] {
            ask = value.into_iter().fold(ask, |ask, value| ask.with(name, value));
        }
        assert_eq!(ask.send().await.status, 303);
        assert_eq!(sent_by(&gate).await, Some(expected));
    }
}

#[tokio::test]
async fn of_a_program_no_page_is_kept_whatever_it_says() {
    let gate = unlocked().await;
    let asks = gate.get(&format!("/api-keys/authorize?{QUERY}")).with("Referer", "http://localhost:8080/");
    assert_eq!(asks.send().await.status, 202);
    assert_eq!(sent_by(&gate).await, None);
}

#[tokio::test]
async fn a_page_whose_receiver_has_gone_says_so_and_holds_no_key_until_it_is_back() {
    let gate = unlocked().await;
    let asker = gate.browser_asks(QUERY).await;
    gate.approve(&asker).await;
    gate.world.processes.set_listener(8080, Listener::Nobody);
    let page = gate.open(&asker.place()).send().await;
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("Nothing listens at") && page.body.contains("http://localhost:8080"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("apiKey") && !page.body.contains("secret"), "{}", page.body);
    gate.world.processes.set_listener(8080, RecordedProcesses::own("apache2"));
    assert!(gate.open(&asker.place()).send().await.body.contains("name=\"apiKey\""));
}

#[tokio::test]
async fn a_page_whose_receiver_is_another_program_says_so_and_never_holds_the_key() {
    let gate = unlocked().await;
    let asker = gate.browser_asks(QUERY).await;
    gate.approve(&asker).await;
    gate.world.processes.set_listener(8080, RecordedProcesses::own("evil"));
    let page = gate.open(&asker.place()).send().await;
    assert!(page.body.contains("/usr/sbin/evil listens at http://localhost:8080 now"), "{}", page.body);
    gate.world.processes.set_listener(8080, RecordedProcesses::own("apache2"));
    let later = gate.open(&asker.place()).send().await;
    for page in [page, later] {
        assert!(!page.body.contains("apiKey"), "{}", page.body);
        assert!(page.body.contains("again from Fieldgate, to this very page"), "{}", page.body);
    }
    let view = gate.world.call(Requests {}).await.unwrap().remove(0);
    assert_eq!(view.status, RequestStatus::Undelivered);
}
