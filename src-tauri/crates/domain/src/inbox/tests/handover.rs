use super::*;

const NO_QUERY: &str = "";

fn granted(asking: Asking) -> Inbox {
    let mut inbox = inbox_of([asking]);
    approve(&mut inbox, 1, at(0));
    inbox
}

fn nothing(inbox: &mut Inbox, now: Moment) -> RequestStatus {
    match inbox.collect(&id(1), &own(1), now) {
        Err(NotCollected::Nothing(status)) => status,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_page_can_be_reloaded_for_two_minutes_after_its_first_collect() {
    let mut inbox = granted(asked_with(1, REDIRECT).browser());
    let first = inbox.collect(&id(1), &own(1), at(100)).unwrap();
    assert!(first.first);
    assert_eq!(status(&mut inbox, 1, at(100)), Some(RequestStatus::Delivered));
    let again = inbox.collect(&id(1), &own(1), at(219)).unwrap();
    assert!(!again.first);
    assert_eq!(again.secret.expose(), first.secret.expose());
    assert_eq!(nothing(&mut inbox, at(220)), RequestStatus::Delivered);
}

#[test]
fn a_key_nobody_collects_leaves_memory_after_two_minutes() {
    for asking in [asked_with(1, REDIRECT).browser(), asked_with(1, NO_QUERY)] {
        let mut inbox = granted(asking);
        assert_eq!(inbox.next_deadline(), Some(at(120)));
        assert_eq!(nothing(&mut inbox, at(120)), RequestStatus::Undelivered);
        assert_eq!(inbox.tick(at(120)).len(), 1, "one Changed");
        assert!(inbox.entries.iter().all(|entry| entry.settled_since().is_some()));
    }
}

#[test]
fn a_key_that_is_withheld_leaves_memory_and_can_be_laid_out_again() {
    let asking = || asked_with(1, REDIRECT).browser();
    let mut inbox = granted(asking());
    assert_eq!(inbox.withhold(&id(1), at(5)).len(), 1, "one Changed");
    assert_eq!(nothing(&mut inbox, at(5)), RequestStatus::Undelivered);
    inbox.rearm(asking(), handover(1), at(6)).unwrap();
    assert!(inbox.collect(&id(1), &own(1), at(7)).is_ok());
    inbox.withhold(&id(1), at(8));
    assert_eq!(nothing(&mut inbox, at(8)), RequestStatus::Delivered, "its asker has had it");
}

#[test]
fn only_the_asker_of_a_key_that_is_laid_out_learns_its_receiver() {
    let receiver = Receiver { origin: "https://shop.example".to_owned(), listener: None };
    let mut inbox = inbox_of([asked_with(1, REDIRECT).browser()]);
    assert_eq!(inbox.receiver(&id(1), &own(1), at(0)), None);
    let claim = inbox.claim(&id(1), at(0)).unwrap();
    inbox.approve(claim, Handover { receiver: Some(receiver.clone()), ..handover(1) }, at(0));
    assert_eq!(inbox.receiver(&id(1), &own(1), at(1)), Some(&receiver));
    assert_eq!(inbox.receiver(&id(1), &own(2), at(1)), None);
    let lost = inbox.collect(&id(1), &own(1), at(1)).unwrap();
    inbox.uncollect(&id(1), lost);
    assert_eq!(inbox.receiver(&id(1), &own(1), at(2)), Some(&receiver), "put back as it was");
    assert_eq!(inbox.receiver(&id(1), &own(1), at(200)), None);
}

#[test]
fn a_program_collects_once_and_then_reads_delivered() {
    let mut inbox = granted(asked_with(1, NO_QUERY));
    let here = Polled::Here { status: RequestStatus::Approved, expires_at: None, collectable: true };
    assert_eq!(inbox.poll(&id(1), &own(1), at(1)), here);
    assert!(inbox.collect(&id(1), &own(1), at(1)).unwrap().first);
    assert_eq!(nothing(&mut inbox, at(1)), RequestStatus::Delivered);
}

#[test]
fn a_collect_that_could_not_be_written_down_never_was() {
    for asking in [asked_with(1, NO_QUERY), asked_with(1, REDIRECT).browser()] {
        let mut inbox = granted(asking);
        let lost = inbox.collect(&id(1), &own(1), at(10)).unwrap();
        inbox.uncollect(&id(1), lost);
        assert_eq!(status(&mut inbox, 1, at(119)), Some(RequestStatus::Approved));
        assert!(inbox.collect(&id(1), &own(1), at(119)).unwrap().first);
        assert_eq!(status(&mut inbox, 1, at(119)), Some(RequestStatus::Delivered));
    }
}

#[test]
fn a_key_laid_out_again_is_not_replaced_by_the_one_before() {
    let mut inbox = granted(asked_with(1, NO_QUERY));
    let lost = inbox.collect(&id(1), &own(1), at(10)).unwrap();
    inbox.rearm(asked_with(1, NO_QUERY), handover(1), at(20)).unwrap();
    inbox.uncollect(&id(1), lost);
    assert!(inbox.collect(&id(1), &own(1), at(319)).is_ok(), "for five minutes from the second time on");
}

#[test]
fn no_poll_of_a_program_with_a_redirect_gets_the_key() {
    let mut inbox = granted(asked_with(1, REDIRECT));
    assert!(!format!("{inbox:?}").contains("handover"), "the key was kept");
    assert_eq!(nothing(&mut inbox, at(1)), RequestStatus::Approved);
    assert_eq!(inbox.posted(&id(1), Err(PostFailed), at(2)).len(), 1);
    assert_eq!(nothing(&mut inbox, at(3)), RequestStatus::Undelivered);
    inbox.posted(&id(1), Ok(()), at(4));
    assert_eq!(nothing(&mut inbox, at(5)), RequestStatus::Delivered);
    assert!(inbox.posted(&id(1), Err(PostFailed), at(6)).is_empty(), "delivered stays delivered");
}

#[test]
fn a_post_that_never_comes_back_counts_as_failed() {
    let mut inbox = granted(asked_with(1, REDIRECT));
    assert_eq!(inbox.next_deadline(), Some(at(300)));
    inbox.tick(at(300));
    assert_eq!(status(&mut inbox, 1, at(300)), Some(RequestStatus::Undelivered));
}

#[test]
fn a_browser_without_a_redirect_learns_of_the_approval_and_gets_no_key() {
    let mut inbox = granted(asked_with(1, NO_QUERY).browser());
    assert_eq!(nothing(&mut inbox, at(1)), RequestStatus::Approved);
    assert!(!format!("{inbox:?}").contains("handover"), "the key was kept");
}

#[test]
fn posting_settles_nothing_that_is_collected() {
    let mut inbox = granted(asked_with(1, NO_QUERY));
    assert!(inbox.posted(&id(1), Ok(()), at(1)).is_empty());
    inbox.tick(at(120));
    assert!(inbox.posted(&id(1), Ok(()), at(121)).is_empty());
    assert_eq!(status(&mut inbox, 1, at(121)), Some(RequestStatus::Undelivered));
}

#[test]
fn a_granted_request_is_delivered_again_also_after_a_restart() {
    let mut inbox = Inbox::default();
    inbox.rearm(asked_with(1, NO_QUERY), handover(1), at(0)).unwrap();
    assert!(inbox.cards().is_empty(), "nothing is asked again");
    assert_eq!(inbox.collect(&id(1), &own(2), at(299)).unwrap_err(), NotCollected::Elsewhere);
    assert!(inbox.collect(&id(1), &own(1), at(299)).unwrap().first);
    assert_eq!(nothing(&mut inbox, at(299)), RequestStatus::Delivered);
    inbox.rearm(asked_with(1, NO_QUERY), handover(1), at(300)).unwrap();
    assert!(inbox.collect(&id(1), &own(1), at(301)).unwrap().first, "once more, once");
    assert_eq!(nothing(&mut inbox, at(301)), RequestStatus::Delivered);
}

#[test]
fn what_is_delivered_again_waits_five_minutes() {
    let mut inbox = granted(asked_with(1, REDIRECT).browser());
    inbox.tick(at(120));
    inbox.rearm(asked_with(1, REDIRECT).browser(), handover(1), at(130)).unwrap();
    assert_eq!(inbox.next_deadline(), Some(at(430)));
    assert_eq!(nothing(&mut inbox, at(430)), RequestStatus::Undelivered);
}

#[test]
fn what_was_not_granted_is_not_delivered_again() {
    let mut inbox = inbox_of([asking(1)]);
    assert!(inbox.rearm(asking(1), handover(1), at(1)).is_err());
    let claim = inbox.claim(&id(1), at(1)).unwrap();
    assert!(inbox.rearm(asking(1), handover(1), at(1)).is_err());
    inbox.refuse(claim, at(2));
    assert!(inbox.rearm(asking(1), handover(1), at(3)).is_err());
    assert_eq!(nothing(&mut inbox, at(3)), RequestStatus::Refused);
}

#[test]
fn a_rearmed_request_keeps_the_collect_secret_it_was_asked_with() {
    let mut inbox = granted(asked_with(1, NO_QUERY));
    let mut forged = asked_with(1, NO_QUERY);
    forged.collect = own(2);
    inbox.rearm(forged, handover(1), at(1)).unwrap();
    assert_eq!(inbox.collect(&id(1), &own(2), at(2)).unwrap_err(), NotCollected::Elsewhere);
    assert!(inbox.collect(&id(1), &own(1), at(2)).is_ok());
}

#[test]
fn nobody_learns_anything_without_the_collect_secret() {
    let mut inbox = granted(asked_with(1, NO_QUERY));
    assert_eq!(inbox.poll(&id(1), &own(2), at(1)), Polled::Elsewhere);
    assert_eq!(inbox.collect(&id(1), &own(2), at(1)).unwrap_err(), NotCollected::Elsewhere);
    assert_eq!(inbox.collect(&id(2), &own(2), at(1)).unwrap_err(), NotCollected::Unknown);
}
