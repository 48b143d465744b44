use super::*;

#[test]
fn what_is_claimed_cannot_be_claimed_again() {
    let mut inbox = inbox_of([asking(1)]);
    let claim = inbox.claim(&id(1), at(1)).unwrap();
    assert_eq!(claim.asking().id, id(1));
    assert_eq!(inbox.claim(&id(1), at(1)).unwrap_err(), NotPending::Deciding);
    inbox.release(claim, at(2));
    assert!(inbox.claim(&id(1), at(2)).is_ok());
}

#[test]
fn a_card_is_decided_once_however_many_asked() {
    let mut inbox = inbox_of([asking(1), asking(2).by("/bin/app-1"), asking(3)]);
    let claim = inbox.claim(&id(1), at(1)).unwrap();
    assert_eq!(inbox.claim(&id(2), at(1)).unwrap_err(), NotPending::Deciding);
    assert!(inbox.claim(&id(3), at(1)).is_ok(), "another card");
    inbox.refuse(claim, at(2));
    assert_eq!(inbox.claim(&id(2), at(2)).unwrap_err(), NotPending::Over(RequestStatus::Superseded));
}

#[test]
fn a_claim_dropped_without_an_answer_leaves_it_pending() {
    let mut inbox = inbox_of([asking(1).browser()]);
    let cancelled = inbox.claim(&id(1), at(1)).unwrap();
    assert_eq!(inbox.claim(&id(1), at(1)).unwrap_err(), NotPending::Deciding);
    drop(cancelled);
    assert!(!inbox.cards()[0].entries()[0].deciding);
    assert!(inbox.claim(&id(1), at(2)).is_ok());
    assert_eq!(ends(&inbox.tick(at(40))), [(id(1), AskingEnd::Withdrawn)], "that one was dropped as well");
}

#[test]
fn nothing_to_decide_says_why() {
    let mut inbox = inbox_of([asking(1)]);
    assert_eq!(inbox.claim(&id(9), at(1)).unwrap_err(), NotPending::Unknown);
    refuse(&mut inbox, 1, at(1));
    assert_eq!(inbox.claim(&id(1), at(1)).unwrap_err(), NotPending::Over(RequestStatus::Refused));
}

#[test]
fn an_approval_names_its_asking_and_wakes_whoever_waits() {
    let mut inbox = inbox_of([asking(1)]);
    let effects = approve(&mut inbox, 1, at(1));
    let [Effect::Approved { asking }, Effect::Changed] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(asking.id, id(1));
}
