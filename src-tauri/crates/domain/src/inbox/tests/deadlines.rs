use super::*;

/// Polls `n` every 20 seconds from `from` until its asking is over, ticking as the caller's timer would.
fn ends_after(inbox: &mut Inbox, n: u8, from: u64) -> (u64, AskingEnd) {
    for second in from.. {
        if second % 20 == 0 {
            inbox.poll(&id(n), &own(n), at(second));
        }
        if let Some((_, how)) = ends(&inbox.tick(at(second))).first() {
            return (second, *how);
        }
        assert!(second < 10_000, "it never ends");
    }
    unreachable!("an endless range")
}

#[test]
fn what_could_be_seen_at_once_expires_after_five_minutes() {
    let mut inbox = inbox_of([asking(1).browser()]);
    assert_eq!(inbox.expires_at(&id(1)), Some(at(300)));
    assert_eq!(ends_after(&mut inbox, 1, 0), (300, AskingEnd::Expired));
    assert_eq!(inbox.expires_at(&id(1)), None);
}

#[test]
fn five_minutes_run_from_the_moment_the_card_is_shown() {
    let mut inbox = Inbox::default();
    inbox.submit(asking(1), at(0), Attention::Unseen).unwrap();
    assert_eq!(inbox.expires_at(&id(1)), Some(at(1800)), "the latest end as of now");
    for second in [200, 400, 600] {
        inbox.poll(&id(1), &own(1), at(second));
    }
    assert_eq!(inbox.show_all(at(700)).len(), 1, "one Changed");
    assert_eq!(inbox.expires_at(&id(1)), Some(at(1000)));
    assert!(inbox.show_all(at(800)).is_empty(), "it was seen before");
    assert_eq!(ends_after(&mut inbox, 1, 800), (1000, AskingEnd::Expired));
}

#[test]
fn nothing_waits_longer_than_thirty_minutes_in_all() {
    let mut inbox = Inbox::default();
    inbox.submit(asking(1).browser(), at(0), Attention::Unseen).unwrap();
    for second in (0..1790).step_by(20) {
        inbox.poll(&id(1), &own(1), at(second));
    }
    inbox.show_all(at(1790));
    assert_eq!(inbox.expires_at(&id(1)), Some(at(1800)));
    assert_eq!(ends_after(&mut inbox, 1, 1790), (1800, AskingEnd::Expired));
}

#[test]
fn a_browser_silent_for_forty_seconds_and_a_program_for_five_minutes_are_withdrawn() {
    for (asking, quiet) in [(asking(1).browser(), 40), (asking(1), 300)] {
        let mut inbox = Inbox::default();
        inbox.submit(asking, at(0), Attention::Unseen).unwrap();
        inbox.poll(&id(1), &own(1), at(10));
        assert_eq!(inbox.next_deadline(), Some(at(10 + quiet)));
        assert!(inbox.tick(at(9 + quiet)).is_empty());
        assert_eq!(ends(&inbox.tick(at(10 + quiet))), [(id(1), AskingEnd::Withdrawn)]);
        assert_eq!(status(&mut inbox, 1, at(11 + quiet)), Some(RequestStatus::Withdrawn));
    }
}

#[test]
fn only_the_asker_itself_gives_a_sign_of_life() {
    let mut inbox = inbox_of([asking(1).browser()]);
    assert_eq!(inbox.poll(&id(1), &own(2), at(39)), Polled::Elsewhere);
    assert_eq!(inbox.poll(&id(3), &own(3), at(39)), Polled::Unknown);
    assert_eq!(ends(&inbox.tick(at(40))), [(id(1), AskingEnd::Withdrawn)]);
}

#[test]
fn a_poll_that_comes_too_late_revives_nobody() {
    let mut inbox = inbox_of([asking(1).browser()]);
    assert_eq!(status(&mut inbox, 1, at(40)), Some(RequestStatus::Withdrawn), "no tick came yet");
    assert_eq!(inbox.claim(&id(1), at(41)).unwrap_err(), NotPending::Over(RequestStatus::Withdrawn));
    assert_eq!(ends(&inbox.tick(at(41))), [(id(1), AskingEnd::Withdrawn)]);
}

#[test]
fn while_it_is_decided_it_neither_expires_nor_is_withdrawn() {
    let mut inbox = inbox_of([asking(1).browser()]);
    let claim = inbox.claim(&id(1), at(39)).unwrap();
    assert_eq!(inbox.next_deadline(), None);
    assert!(inbox.tick(at(4000)).is_empty());
    assert_eq!(status(&mut inbox, 1, at(4000)), Some(RequestStatus::Pending));
    assert_eq!(count(&inbox.approve(claim, handover(1), at(4000)), is_approved), 1);
}

#[test]
fn what_is_overdue_when_the_store_fails_ends_at_the_next_tick() {
    let mut inbox = inbox_of([asking(1)]);
    let claim = inbox.claim(&id(1), at(299)).unwrap();
    assert!(ends(&inbox.release(claim, at(310))).is_empty());
    assert_eq!(inbox.next_deadline(), Some(at(300)));
    assert_eq!(ends(&inbox.tick(at(310))), [(id(1), AskingEnd::Expired)]);
}

#[test]
fn when_nobody_waits_any_more_the_next_asking_raises_the_window_again() {
    let mut inbox = inbox_of([asking(1)]);
    inbox.tick(at(1));
    let raises = |effects: &[Effect]| count(effects, is_raise);
    assert_eq!(raises(&inbox.submit(asking(2), at(2), Attention::Seen).unwrap()), 0, "the first waits");
    assert_eq!(ends(&inbox.tick(at(302))).len(), 2, "nobody answered");
    assert_eq!(raises(&inbox.submit(asking(3), at(303), Attention::Seen).unwrap()), 1);
}

#[test]
fn an_ended_asking_can_be_read_for_five_minutes() {
    let mut inbox = inbox_of([asking(1)]);
    refuse(&mut inbox, 1, at(10));
    assert_eq!(inbox.next_deadline(), Some(at(310)));
    inbox.tick(at(309));
    assert_eq!(status(&mut inbox, 1, at(309)), Some(RequestStatus::Refused));
    assert!(inbox.tick(at(310)).is_empty(), "forgetting is no news");
    assert_eq!(status(&mut inbox, 1, at(310)), None);
    assert_eq!(inbox.next_deadline(), None);
}

fn is_approved(effect: &Effect) -> bool {
    matches!(effect, Effect::Approved { .. })
}
