//! Reading and proving the log through the port.

use domain::{Action, Ending};

use super::*;

fn verdict(sql: &str) -> desk::ports::LogVerdict {
    Made::used().tampered(sql).open.verify_log().unwrap()
}

#[test]
fn every_step_is_told_newest_first_with_who_and_what() {
    let made = Made::used();
    made.vault.end_key(&key_id(1), Ending::Revoked, NOW, &Actor::Key { id: key_id(2) }).unwrap();
    made.vault.note(Action::Locked, "vault", NOW, &Actor::Window).unwrap();
    let entries = made.vault.log(None, u32::MAX).unwrap();
    let told: Vec<_> = entries.iter().rev().map(|entry| (entry.action, entry.subject.as_str())).collect();
    let expected = [
        (Action::DeskCreated, ADMIN),
        (Action::UserCreated, ANN),
        (Action::StoreCreated, "shop"),
        (Action::KeyCreated, "akid_0101010101010101"),
        (Action::KeyCreated, "akid_0202020202020202"),
        (Action::RequestApproved, "02020202020202020202020202020202"),
        (Action::RequestRefused, "03030303030303030303030303030303"),
        (Action::StandingChanged, "app_4"),
        (Action::KeyRevoked, "akid_0101010101010101"),
        (Action::Locked, "vault"),
    ];
    assert_eq!(told, expected);
    assert_eq!(entries[0].actor, Actor::Window);
    assert_eq!(entries[1].actor, Actor::Key { id: key_id(2) });
    let approved = &entries[4].detail;
    assert!(approved.contains("akid_0202") && approved.contains("/usr/bin/shop2 till.py"), "{approved}");
}

#[test]
fn pages_follow_each_other_without_a_gap() {
    let made = Made::used();
    let all = made.vault.log(None, u32::MAX).unwrap();
    let mut paged = Vec::new();
    loop {
        let before = paged.last().map(|entry: &domain::LogEntry| entry.seq);
        let page = made.vault.log(before, 3).unwrap();
        if page.is_empty() {
            break;
        }
        paged.extend(page);
    }
    assert_eq!(paged, all);
    assert_eq!(made.vault.log(Some(0), 9).unwrap(), []);
    assert_eq!(made.vault.log(Some(u64::MAX), 9).unwrap(), all[..all.len().min(9)]);
}

#[test]
fn edited_deleted_and_swapped_entries_are_named_in_words() {
    let swap = |one, other| {
        format!(
            "UPDATE log SET seq = -1 WHERE seq = {one}; UPDATE log SET seq = {one} WHERE seq = {other};
             UPDATE log SET seq = {other} WHERE seq = -1"
        )
    };
    assert_eq!(verdict("").faults, [""; 0]);
    assert_eq!(verdict("UPDATE log SET detail = 'x' WHERE seq = 7").faults, ["entry 7 was edited"]);
    assert_eq!(verdict("UPDATE log SET actor = 'window' WHERE seq = 2").faults, ["entry 2 was edited"]);
    assert_eq!(verdict("DELETE FROM log WHERE seq = 3").faults, ["entry 3 was deleted"]);
    assert_eq!(verdict("DELETE FROM log WHERE seq > 6").faults, ["entries 7 to 8 were deleted"]);
    assert_eq!(verdict(&swap(5, 6)).faults, ["entries 5 and 6 were swapped"]);
}

#[test]
fn entries_since_the_last_decision_are_counted_as_not_yet_sealed() {
    let made = Made::used();
    made.vault.end_key(&key_id(1), Ending::Revoked, NOW, &WHO).unwrap();
    let count = || {
        let verdict = made.open.verify_log().unwrap();
        (verdict.entries, verdict.not_yet_sealed)
    };
    assert_eq!(count(), (9, 1));
    made.open.checkpoint(NOW).unwrap();
    assert_eq!(count(), (9, 0));
    made.vault.note(Action::Unlocked, "vault", NOW, &WHO).unwrap();
    assert_eq!(count(), (10, 1));
    made.open.audit(NOW).unwrap();
    assert_eq!(count(), (10, 0), "an unlock seals");
}

#[test]
fn an_entry_that_cannot_be_read_hides_no_other() {
    let made = Made::used().tampered("UPDATE log SET action = 'nothing' WHERE seq = 5");
    let seqs: Vec<u64> = made.vault.log(None, 4).unwrap().iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, [8, 7, 6, 4]);
    assert_eq!(made.open.verify_log().unwrap().faults, ["entry 5 was edited"]);
}
