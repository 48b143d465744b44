use super::*;

fn asked_counts(inbox: &Inbox) -> Vec<usize> {
    inbox.cards().iter().map(Card::asked).collect()
}

#[test]
fn the_same_query_from_the_same_program_is_one_card_asked_several_times() {
    let twice = "permissions=btcpay.store.canviewinvoices&permissions=btcpay.user.canviewprofile";
    let turned = "permissions=btcpay.user.canviewprofile&permissions=btcpay.store.canviewinvoices";
    let inbox = inbox_of([asked_with(1, twice), asking(2), asked_with(3, turned).by("/bin/app-1")]);
    assert_eq!(asked_counts(&inbox), [2, 1]);
    let cards = inbox.cards();
    let ids: Vec<_> = cards[0].entries().iter().map(|entry| entry.asking.id.clone()).collect();
    assert_eq!(ids, [id(1), id(3)], "oldest first");
}

#[test]
fn another_query_mode_or_program_is_another_card() {
    let inbox = inbox_of([
        asking(1).by("/bin/a"),
        asked_with(2, "permissions=btcpay.store.canviewinvoices&strict=false").by("/bin/a"),
        asking(3).by("/bin/a").browser(),
        asking(4).by("/bin/b"),
    ]);
    assert_eq!(asked_counts(&inbox), [1, 1, 1, 1]);
}

#[test]
fn another_page_that_sent_the_browser_is_another_card() {
    let from = |n, origin: &str| {
        let mut asking = asking(n).by("/bin/a").browser();
        asking.asker.sent_by = Some(SentBy::Page { origin: origin.to_owned() });
        asking
    };
    let inbox =
        inbox_of([from(1, "http://a.example"), from(2, "http://b.example"), from(3, "http://a.example")]);
    assert_eq!(asked_counts(&inbox), [2, 1]);
}

#[test]
fn a_decision_answers_the_one_it_names_and_supersedes_the_others_of_the_card() {
    for approves in [true, false] {
        let mut inbox = inbox_of([asking(1), asking(2).by("/bin/app-1"), asking(3)]);
        let effects = if approves { approve(&mut inbox, 2, at(9)) } else { refuse(&mut inbox, 2, at(9)) };
        let decided = if approves { RequestStatus::Approved } else { RequestStatus::Refused };
        assert!(ends(&effects).contains(&(id(1), AskingEnd::Superseded)));
        assert_eq!(status(&mut inbox, 2, at(9)), Some(decided));
        assert_eq!(status(&mut inbox, 1, at(9)), Some(RequestStatus::Superseded));
        assert_eq!(status(&mut inbox, 3, at(9)), Some(RequestStatus::Pending), "another card");
    }
}

#[test]
fn a_second_asker_of_the_same_query_never_gets_the_first_ones_key() {
    let mut inbox = inbox_of([asking(1), asking(2).by("/bin/app-1")]);
    approve(&mut inbox, 1, at(1));
    assert_eq!(inbox.collect(&id(1), &own(2), at(2)).unwrap_err(), NotCollected::Elsewhere);
    let none = NotCollected::Nothing(RequestStatus::Superseded);
    assert_eq!(inbox.collect(&id(2), &own(2), at(2)).unwrap_err(), none);
    assert_eq!(inbox.collect(&id(1), &own(1), at(2)).unwrap().secret.expose(), "01".repeat(20));
}

#[test]
fn a_card_shows_that_one_of_it_is_being_decided() {
    let mut inbox = inbox_of([asking(1), asking(2).by("/bin/app-1")]);
    let claim = inbox.claim(&id(2), at(1)).unwrap();
    let deciding: Vec<bool> = inbox.cards()[0].entries().iter().map(|entry| entry.deciding).collect();
    assert_eq!(deciding, [false, true]);
    inbox.release(claim, at(2));
    assert!(!inbox.cards()[0].entries()[1].deciding);
}
