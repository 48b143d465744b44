use crate::{
    calls::{KeyList, RequestShow, TryIt},
    testing::FixedClock,
};

use super::*;

/// The example as the human's browser sends it.
async fn tried(built: &TestDesk) -> String {
    built.desk.gate_is_at(21_420);
    let trial = built.call(TryIt {}).await.unwrap();
    assert!(trial.opened && built.shell.opened().last() == Some(&trial.url));
    trial.url.strip_prefix("http://127.0.0.1:21420/api-keys/authorize?").unwrap().to_owned()
}

async fn is_trial(built: &TestDesk, ticket: &Ticket) -> bool {
    let show = RequestShow { id: ticket.id.clone(), user: None, stores: vec![], permissions: None };
    built.call(show).await.unwrap().trial
}

#[tokio::test]
async fn the_key_of_a_trial_says_so_and_ends_after_ten_minutes_whatever_is_chosen() {
    for chosen in [None, Some(31_536_000), Some(60)] {
        let built = TestDesk::unlocked().await.unwrap();
        let ticket = built.browse(&tried(&built).await).await;
        assert!(is_trial(&built, &ticket).await);
        let now = FixedClock::START.0;
        let expires = chosen.map(|seconds| domain::Timestamp(now + seconds));
        built.call(Approve { expires, ..approval(&ticket) }).await.unwrap();
        let key = built.call(KeyList { user: None, search: None }).await.unwrap().remove(0);
        assert_eq!(key.label, "Trial of Fieldgate");
        assert_eq!(key.expires, Some(domain::Timestamp(now + chosen.unwrap_or(600).min(600))));
    }
}

#[tokio::test]
async fn who_asks_under_the_name_of_the_trial_is_none() {
    let built = TestDesk::unlocked().await.unwrap();
    let query = tried(&built).await;
    let (known, _) = query.split_once("&trial=").unwrap();
    let others = [known.to_owned(), format!("{known}&trial="), format!("{known}&trial={:032x}", 7)];
    for other in others.into_iter().chain([query + "&a"]) {
        let ticket = built.browse(&other).await;
        assert!(!is_trial(&built, &ticket).await, "{other}");
        built.approve(&ticket).await.unwrap();
    }
    let keys = built.call(KeyList { user: None, search: None }).await.unwrap();
    assert!(keys.iter().all(|key| key.expires.is_none()));
}

#[tokio::test]
async fn another_program_that_asks_with_the_query_of_the_trial_is_none() {
    let built = TestDesk::unlocked().await.unwrap();
    let query = tried(&built).await;
    let first = built.browse(&query).await;
    let second = built.ask(&query).await;
    assert!(is_trial(&built, &first).await && !is_trial(&built, &second).await);
    built.approve(&first).await.unwrap();
    let again = tried(&built).await;
    assert_ne!(again, query);
    assert!(!is_trial(&built, &built.browse(&query).await).await);
}

#[tokio::test]
async fn a_desk_whose_gate_is_closed_has_nothing_to_try() {
    let built = TestDesk::unlocked().await.unwrap();
    assert!(built.call(TryIt {}).await.is_err());
    assert!(built.shell.opened().is_empty());
}
