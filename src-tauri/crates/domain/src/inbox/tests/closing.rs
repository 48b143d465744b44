use super::*;

#[test]
fn closing_ends_every_pending_request_and_lets_nobody_in() {
    let mut inbox = inbox_of([asking(1), asking(2)]);
    let ended = ends(&inbox.close(at(1)));
    assert_eq!(ended, [(id(1), AskingEnd::Closed), (id(2), AskingEnd::Closed)]);
    assert!(inbox.submit(asking(3), at(2), Attention::Seen).is_err());
    assert!(ends(&inbox.close(at(2))).is_empty(), "once is enough");
    assert_eq!(status(&mut inbox, 1, at(2)), Some(RequestStatus::Closed));
}

#[test]
fn what_is_being_decided_while_closing_ends_with_its_decision() {
    let mut inbox = inbox_of([asking(1), asking(2), asking(3)]);
    let [granted, failed, lost] = [1, 2, 3].map(|n| inbox.claim(&id(n), at(1)).unwrap());
    assert!(inbox.close(at(2)).is_empty());
    inbox.approve(granted, handover(1), at(3));
    assert_eq!(status(&mut inbox, 1, at(3)), Some(RequestStatus::Approved));
    assert_eq!(ends(&inbox.release(failed, at(3))), [(id(2), AskingEnd::Closed)]);
    drop(lost);
    assert_eq!(inbox.claim(&id(3), at(3)).unwrap_err(), NotPending::Over(RequestStatus::Closed));
    assert_eq!(ends(&inbox.tick(at(3))), [(id(3), AskingEnd::Closed)]);
    assert!(inbox.cards().is_empty());
}
