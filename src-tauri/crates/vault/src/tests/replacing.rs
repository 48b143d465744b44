//! Keys that others take the place of: written in one step, kept over a restart, and not to be taken back by hand.

use desk::ports::{Damage, FirstUsed, ReplacedKey};
use domain::{Action, Ending, FirstUse, KeyEnd, ProgramIdentity, Replacement, ReplacementId, StopOld};

use super::*;

fn row(old: u8, new: Option<u8>, stop: StopOld) -> Replacement {
    Replacement {
        id: ReplacementId::from_random([old; 8]),
        old: key_id(old),
        new: new.map(key_id),
        stop,
        at: NOW,
        own_end: Some(Timestamp(NOW.0 + 1000)),
    }
}

pub(super) fn replaced(old: u8, new: u8, stop: StopOld) -> ReplacedKey {
    ReplacedKey { row: row(old, Some(new), stop), new: Some(key(new)) }
}

fn first(n: u8, stopped: &[u8]) -> FirstUsed {
    let by = ProgramIdentity { exe: "/usr/sbin/php-fpm".to_owned(), script: None };
    let first = FirstUse { at: Timestamp(NOW.0 + 5), by: Some(by) };
    FirstUsed { key: key_id(n), first, stopped: stopped.iter().copied().map(key_id).collect() }
}

fn found(made: &Made, n: u8) -> ApiKey {
    made.vault.keys().unwrap().into_iter().find(|it| it.key.id == key_id(n)).unwrap().key
}

fn told(made: &Made, n: u8) -> Vec<(Action, String)> {
    let log = made.vault.log(None, u32::MAX).unwrap();
    let of = log.into_iter().filter(|entry| entry.subject == key_id(n).as_str());
    of.map(|entry| (entry.action, entry.detail)).collect()
}

/// Key 1 is replaced by 7, which nobody has used.
fn waiting() -> Made {
    let made = Made::used();
    made.open.replace_keys(&[replaced(1, 7, StopOld::FirstUse)], NOW, &WHO).unwrap();
    made
}

#[test]
fn a_replacement_reads_back_as_written_and_its_end_waits_over_a_restart() {
    let made = waiting().reopened(|_| ());
    assert_eq!(made.vault.replacements().unwrap(), [row(1, Some(7), StopOld::FirstUse)]);
    assert_eq!(made.open.audit(NOW).unwrap(), []);
    assert_eq!((found(&made, 1).ended, found(&made, 7).ended), (None, None));
    made.vault.record_first_use(&[first(7, &[1])]).unwrap();
    let made = made.reopened(|_| ());
    let end = KeyEnd { how: Ending::Revoked, at: Timestamp(NOW.0 + 5) };
    assert_eq!(found(&made, 1).ended, Some(end));
    assert_eq!(made.vault.first_uses().unwrap(), [(key_id(7), first(7, &[]).first)]);
    assert_eq!(found(&made, 7).last_used, Some(end.at), "who was used first was used");
    assert_eq!(told(&made, 1)[0], (Action::KeyRevoked, format!("replaced by {}", key_id(7))));
    assert_eq!(made.open.audit(NOW).unwrap(), []);
}

#[test]
fn an_old_key_that_stops_now_has_ended_in_the_same_step_and_one_with_a_day_has_another_end() {
    let made = Made::used();
    let mut endless = key(8);
    endless.key.expires = None;
    made.open.create_key(&endless, &WHO).unwrap();
    let all =
        [replaced(1, 7, StopOld::Now), replaced(2, 9, StopOld::InADay), replaced(8, 10, StopOld::InADay)];
    made.open.replace_keys(&all, NOW, &WHO).unwrap();
    let made = made.reopened(|_| ());
    assert_eq!(found(&made, 1).ended, Some(KeyEnd { how: Ending::Revoked, at: NOW }));
    assert_eq!(found(&made, 2).expires, Some(Timestamp(NOW.0 + 1000)), "its own end is nearer");
    assert_eq!(found(&made, 8).expires, Some(Timestamp(NOW.0 + 24 * 60 * 60)));
    assert_eq!(made.open.audit(NOW).unwrap(), []);
    let expired = |n| made.vault.end_key(&key_id(n), Ending::Expired, NOW, &Actor::Fieldgate).unwrap();
    assert!(expired(8));
    assert_eq!(told(&made, 8)[0].1, format!("replaced by {}", key_id(10)));
    assert_eq!(told(&made, 1)[0].1, format!("replaced by {}", key_id(7)));
    assert_eq!(made.open.verify_log().unwrap().faults, [""; 0]);
}

#[test]
fn a_key_that_is_revoked_while_it_waits_was_not_ended_by_its_successor() {
    let made = waiting();
    made.vault.end_key(&key_id(1), Ending::Revoked, NOW, &WHO).unwrap();
    assert_eq!(told(&made, 1)[0], (Action::KeyRevoked, String::new()));
    made.vault.record_first_use(&[first(7, &[1])]).unwrap();
    assert_eq!(told(&made, 1).len(), 3, "the first end stays, and is told once");
}

#[test]
fn a_grant_replaces_what_it_says_in_its_own_step() {
    let made = Made::used();
    made.open
        .replace_keys(&[ReplacedKey { row: row(1, None, StopOld::FirstUse), new: None }], NOW, &WHO)
        .unwrap();
    let replaces = vec![row(1, Some(20), StopOld::FirstUse), row(2, Some(20), StopOld::FirstUse)];
    made.open.grant(&NewGrant { replaces: replaces.clone(), ..grant(20) }, &WHO).unwrap();
    let made = made.reopened(|_| ());
    let mut all = vec![row(1, None, StopOld::FirstUse)];
    all.extend(replaces);
    assert_eq!(made.vault.replacements().unwrap(), all);
    assert_eq!(made.open.audit(NOW).unwrap(), []);
}

#[test]
fn nothing_of_a_replacement_is_written_when_a_key_of_it_has_ended() {
    let made = Made::used();
    made.open.end_key(&key_id(2), Ending::Revoked, NOW, &WHO).unwrap();
    let before = made.dump();
    let all = [replaced(1, 7, StopOld::Now), replaced(2, 8, StopOld::Now)];
    let refused = made.open.replace_keys(&all, NOW, &WHO);
    assert!(matches!(refused, Err(KeyringError::NotFound("live key"))), "{refused:?}");
    assert_eq!(made.dump(), before);
}

#[test]
fn another_users_key_takes_nobodys_place() {
    let made = Made::used();
    let mut foreign = replaced(1, 7, StopOld::Now);
    foreign.new.as_mut().unwrap().key.owner = ADMIN.parse().unwrap();
    assert!(matches!(made.open.replace_keys(&[foreign], NOW, &WHO), Err(KeyringError::Damaged(_))));
}

#[test]
fn whatever_is_done_by_hand_to_a_replacement_its_old_key_is_named() {
    for sql in [
        "UPDATE replacements SET id = 'rep_x'",
        "UPDATE replacements SET old_key = (SELECT id FROM keys WHERE label = 'key 2')",
        "UPDATE replacements SET new_key = NULL",
        "UPDATE replacements SET new_key = (SELECT id FROM keys WHERE label = 'key 2')",
        "UPDATE replacements SET stop = 'in-a-day'",
        "UPDATE replacements SET at = 0",
        "UPDATE replacements SET own_end = NULL",
        "UPDATE replacements SET number = 9",
        "UPDATE replacements SET mac = x''",
        "INSERT INTO replacements SELECT 9, id, old_key, new_key, stop, at, own_end, mac FROM replacements",
        "DELETE FROM replacements",
    ] {
        let made = waiting().tampered(sql);
        let damage = made.open.audit(NOW).unwrap();
        assert!(damage.contains(&Damage::Key(key_id(1))), "{sql}: {damage:?}");
    }
}

#[test]
fn a_replacement_and_a_first_use_go_with_the_user_of_their_keys() {
    let made = waiting();
    made.vault.record_first_use(&[first(7, &[1]), first(99, &[98])]).unwrap();
    made.open.delete_user(&ANN.parse().unwrap(), NOW, &WHO).unwrap();
    assert_eq!(made.vault.replacements().unwrap(), []);
    assert_eq!(made.vault.first_uses().unwrap(), []);
    assert_eq!(made.open.audit(NOW).unwrap(), [], "what the log tells of keys that are gone is no damage");
}

#[test]
fn the_first_use_stays_and_its_program_may_follow() {
    let made = Made::used();
    let bare = FirstUsed { first: FirstUse { at: NOW, by: None }, ..first(1, &[]) };
    made.vault.record_first_use(&[bare]).unwrap();
    made.vault.record_first_use(&[first(1, &[])]).unwrap();
    let other = ProgramIdentity { exe: "/usr/bin/curl".to_owned(), script: None };
    let later = FirstUsed { first: FirstUse { at: Timestamp(NOW.0 + 50), by: Some(other) }, ..first(1, &[]) };
    made.vault.record_first_use(&[later]).unwrap();
    let kept = FirstUse { at: NOW, by: first(1, &[]).first.by };
    assert_eq!(made.vault.first_uses().unwrap(), [(key_id(1), kept)]);
    assert_eq!(made.open.audit(NOW).unwrap(), []);
}

#[test]
fn a_key_was_handed_over_when_it_last_went_out() {
    let made = Made::used();
    assert_eq!(made.vault.handed_over(&key_id(2)).unwrap(), None);
    made.vault.record_delivery(&request_id(2), Delivery::FormPost, Timestamp(NOW.0 + 7)).unwrap();
    assert_eq!(made.vault.handed_over(&key_id(2)).unwrap(), Some(Timestamp(NOW.0 + 7)));
    let record = made.vault.request(&request_id(2)).unwrap().unwrap();
    assert_eq!(record.grant.unwrap().delivered, Some(Timestamp(NOW.0 + 7)));
}
