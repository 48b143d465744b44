use super::*;

fn number(n: u8) -> Number {
    Number::try_from(n).unwrap()
}

#[test]
fn a_number_has_two_digits_and_does_not_start_with_zero() {
    for bad in [0, 9, 100, 255] {
        assert!(Number::try_from(bad).is_err(), "{bad}");
    }
    let drawn: std::collections::BTreeSet<u8> =
        (0..1000).map(|bits| Number::from_random(bits).value()).collect();
    assert_eq!(drawn.len(), 90);
    assert_eq!((drawn.first(), drawn.last()), (Some(&10), Some(&99)));
}

#[test]
fn no_two_undecided_askings_draw_the_same_number() {
    let mut inbox = Inbox::default();
    for n in 0..24 {
        let mut next = asking(n);
        next.number = inbox.free_number(0);
        inbox.submit(next, at(0), Attention::Seen).unwrap();
    }
    let numbers: std::collections::BTreeSet<u8> =
        inbox.cards().iter().map(|card| card.entries()[0].asking.number.value()).collect();
    assert_eq!(numbers.len(), 24);
}

#[test]
fn the_number_typed_names_the_one_of_the_card_that_shows_it() {
    let mut inbox = inbox_of([asking(1), asking(2).by("/bin/app-1"), asking(3)]);
    assert_eq!(inbox.check_number(&id(1), number(11), at(1)).unwrap(), id(1));
    assert_eq!(inbox.check_number(&id(1), number(12), at(1)).unwrap(), id(2));
    assert!(inbox.check_number(&id(1), number(13), at(1)).is_err(), "another card's number");
}

#[test]
fn two_wrong_numbers_end_the_request() {
    let mut inbox = inbox_of([asking(1), asking(2)]);
    let first = inbox.check_number(&id(1), number(99), at(1));
    assert!(matches!(first, Err(NumberError::Wrong { ended: false, effects }) if effects.is_empty()));
    inbox.check_number(&id(1), number(11), at(1)).expect("the right one still counts");
    let Err(NumberError::Wrong { ended: true, effects }) = inbox.check_number(&id(1), number(98), at(2))
    else {
        panic!("the second wrong number did not end it");
    };
    assert_eq!(ends(&effects), [(id(1), AskingEnd::WrongNumbers)]);
    assert_eq!(status(&mut inbox, 1, at(2)), Some(RequestStatus::Refused));
    let over = inbox.check_number(&id(1), number(11), at(3));
    assert!(matches!(over, Err(NumberError::NotPending(NotPending::Over(RequestStatus::Refused)))));
    assert_eq!(status(&mut inbox, 2, at(3)), Some(RequestStatus::Pending));
}

#[test]
fn asking_again_gives_a_card_no_further_tries() {
    let mut inbox = inbox_of([asking(1)]);
    assert!(inbox.check_number(&id(1), number(99), at(1)).is_err());
    inbox.submit(asking(2).by("/bin/app-1"), at(2), Attention::Seen).unwrap();
    let Err(NumberError::Wrong { ended, effects }) = inbox.check_number(&id(2), number(99), at(3)) else {
        panic!("a wrong number was taken");
    };
    assert!(!ended, "it is the first wrong one for the newer asking");
    assert_eq!(ends(&effects), [(id(1), AskingEnd::WrongNumbers)]);
}

#[test]
fn a_wrong_number_does_not_end_what_is_being_decided() {
    let mut inbox = inbox_of([asking(1), asking(2).by("/bin/app-1")]);
    let claim = inbox.claim(&id(1), at(1)).unwrap();
    for wrong in 90..95 {
        let answer = inbox.check_number(&id(2), number(wrong), at(1));
        assert!(matches!(answer, Err(NumberError::NotPending(NotPending::Deciding))));
    }
    assert!(ends(&inbox.release(claim, at(2))).is_empty());
}
