//! Reading and proving the log through the port.

use domain::{Action, Ending, LogEntry};
use sha2::{Digest, Sha256};

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

/// What docs/log-export.md says how to compute, from what is in a line alone.
fn hash_of(line: &desk::ports::LogLine, before: &[u8]) -> Vec<u8> {
    let mut hash = Sha256::new().chain_update(before);
    for number in [i64::try_from(line.seq).unwrap(), line.at.0] {
        hash = hash.chain_update(b"i").chain_update(number.to_be_bytes());
    }
    for text in [&line.actor, &line.action, &line.subject, &line.detail] {
        hash = hash.chain_update(b"t").chain_update((text.len() as u64).to_be_bytes()).chain_update(text);
    }
    hash.finalize().to_vec()
}

#[test]
fn the_lines_of_the_log_can_be_checked_by_whoever_has_them() {
    let made = Made::used();
    made.vault.end_key(&key_id(1), Ending::Revoked, NOW, &Actor::Key { id: key_id(2) }).unwrap();
    let lines = made.vault.log_lines(0, u32::MAX).unwrap();
    let mut entries = made.vault.log(None, u32::MAX).unwrap();
    entries.reverse();
    let seqs = |entries: &[LogEntry]| entries.iter().map(|entry| entry.seq).collect::<Vec<_>>();
    assert_eq!(lines.iter().map(|line| line.seq).collect::<Vec<_>>(), seqs(&entries));
    let mut before = vec![0; 32];
    for line in &lines {
        before = hash_of(line, &before);
        assert_eq!(line.hash, Some(hex::encode(&before)), "entry {}", line.seq);
    }
    assert_eq!(lines.last().unwrap().actor, format!("key:{}", key_id(2)));
    assert_eq!(made.vault.log_lines(7, 1).unwrap(), lines[7..8]);
}

#[test]
fn a_line_that_somebody_else_has_written_is_told_as_it_stands() {
    let made =
        Made::used().tampered("UPDATE log SET action = 'nothing', actor = '?', hash = x'00' WHERE seq = 5");
    let line = &made.vault.log_lines(4, 1).unwrap()[0];
    assert_eq!((line.action.as_str(), line.actor.as_str(), &line.hash), ("nothing", "?", &None));
}

#[test]
fn what_is_told_of_a_key_is_about_it_and_the_request_it_was_granted_to() {
    let made = Made::used();
    made.vault.record_delivery(&request_id(2), Delivery::Collected, NOW).unwrap();
    made.vault.end_key(&key_id(2), Ending::Revoked, NOW, &WHO).unwrap();
    let actions = |key: u8, limit| {
        let history = made.vault.key_history(&key_id(key), limit).unwrap();
        history.into_iter().map(|entry| entry.action).collect::<Vec<_>>()
    };
    use Action::{KeyCreated, KeyDelivered, KeyRevoked, RequestApproved};
    assert_eq!(actions(2, 9), [KeyRevoked, KeyDelivered, RequestApproved, KeyCreated]);
    assert_eq!(actions(2, 2), [KeyRevoked, KeyDelivered]);
    assert_eq!(actions(1, 9), [KeyCreated]);
    assert_eq!(actions(9, 9), []);
}
