//! What keys were used for, what may change of them, and who has guessed.

use desk::ports::{Damage, FailedLogins, KeyChange, KeyUse};
use domain::{Action, Counted, Demand, Ending, Policy, Reach, Tally, Trace, Usage};

use super::*;

fn granted(calls: &[(&str, Reach, u64, i64, i64)]) -> Usage {
    let read = |(policy, reach, count, first, last): &(&str, Reach, u64, i64, i64)| {
        let demand = Demand { policy: Policy::parse(policy).unwrap(), reach: reach.clone() };
        (demand, Tally { count: *count, first: Timestamp(*first), last: Timestamp(*last) })
    };
    calls.iter().map(read).collect()
}

fn used(n: u8, granted: Usage) -> KeyUse {
    KeyUse { key: key_id(n), last: NOW, granted }
}

fn shop() -> Reach {
    Reach::Store("shop".parse().unwrap())
}

fn change(n: u8) -> KeyChange {
    let key = key(n).key;
    KeyChange { key: key.id, label: key.label, permissions: key.permissions, expires: key.expires }
}

#[test]
fn usage_adds_up_and_survives_reopening() {
    let made = Made::used();
    let (view, all) = ("btcpay.store.canviewinvoices", "unrestricted");
    let one = granted(&[(view, shop(), 3, 10, 20), (view, Reach::AnyStore, 1, 15, 15)]);
    let other = granted(&[(view, shop(), 2, 5, 15), (all, Reach::Everything, 1, 30, 30)]);
    made.vault.record_use(&[used(1, one.clone()), used(2, one)]).unwrap();
    let made = made.reopened(|_| ());
    made.vault.record_use(&[used(1, other)]).unwrap();
    let made = made.reopened(|_| ());
    let sum = granted(&[
        (view, shop(), 5, 5, 20),
        (view, Reach::AnyStore, 1, 15, 15),
        (all, Reach::Everything, 1, 30, 30),
    ]);
    assert_eq!(made.vault.usage(&key_id(1)).unwrap(), sum);
    assert_eq!(made.vault.usage(&key_id(9)).unwrap(), Usage::default());
    assert_eq!(made.open.audit(NOW).unwrap(), []);
}

#[test]
fn usage_goes_with_its_key_and_is_not_written_for_one_that_is_gone() {
    let some = || granted(&[("unrestricted", Reach::Everything, 1, 1, 1)]);
    let made = Made::used();
    made.vault.record_use(&[used(1, some()), used(9, some()), used(2, some())]).unwrap();
    assert!(made.vault.usage(&key_id(9)).unwrap().is_empty());
    let made = made.tampered("PRAGMA foreign_keys = ON; DELETE FROM keys WHERE label = 'key 1'");
    assert!(made.vault.usage(&key_id(1)).unwrap().is_empty());
    assert_eq!(made.vault.usage(&key_id(2)).unwrap(), some());
}

#[test]
fn a_count_that_somebody_forged_stops_no_other_from_being_written() {
    let made = Made::used();
    let one = granted(&[("unrestricted", Reach::Everything, 1, 1, 1)]);
    made.vault.record_use(&[used(1, one.clone())]).unwrap();
    let made = made.tampered("UPDATE usage SET count = 9223372036854775807");
    made.vault.record_use(&[used(1, one.clone()), used(2, one.clone())]).unwrap();
    made.vault.record_use(&[used(1, one)]).unwrap();
    assert!(made.vault.usage(&key_id(1)).unwrap().iter().all(|(_, tally)| tally.count > 1 << 60));
}

#[test]
fn a_change_of_a_key_is_under_its_mac_and_told() {
    let made = Made::used();
    let to = KeyChange {
        label: "till".to_owned(),
        permissions: permissions(&["btcpay.user.canviewprofile", "btcpay.user.canmodifyprofile"]),
        expires: None,
        ..change(1)
    };
    made.open.change_key(&to, NOW, &WHO).unwrap();
    let told = made.vault.log(None, 1).unwrap().remove(0);
    assert_eq!((told.action, told.subject.as_str()), (Action::KeyChanged, key_id(1).as_str()));
    assert_eq!(
        told.detail,
        "1 of 2 permissions kept, 1 new: btcpay.user.canmodifyprofile, btcpay.user.canviewprofile; \
         another label; ends no more by itself"
    );
    let made = made.reopened(|_| ());
    let keys = made.vault.keys().unwrap();
    let now = keys.iter().find(|stored| stored.key.id == key_id(1)).unwrap();
    assert_eq!((&now.key.label, &now.key.permissions, now.key.expires), (&to.label, &to.permissions, None));
    assert!(now.hash.is(&secret(1).hash()));
    assert_eq!(made.open.reveal(&key_id(1)).unwrap().expose(), secret(1).expose());
    assert_eq!(made.open.audit(NOW).unwrap(), []);
    assert_eq!(made.open.verify_log().unwrap().not_yet_sealed, 0);
}

#[test]
fn the_log_tells_whether_a_key_ends_sooner_or_later() {
    let made = Made::used();
    for (seconds, said) in [(2000, "ends later"), (500, "ends sooner")] {
        let to = KeyChange { expires: Some(Timestamp(NOW.0 + seconds)), ..change(1) };
        made.open.change_key(&to, NOW, &WHO).unwrap();
        assert_eq!(made.vault.log(None, 1).unwrap()[0].detail, said);
    }
    let reduced = KeyChange { permissions: permissions(&["btcpay.user.canviewprofile"]), ..change(2) };
    made.open.change_key(&reduced, NOW, &WHO).unwrap();
    let told = &made.vault.log(None, 1).unwrap()[0].detail;
    assert_eq!(told, "1 of 2 permissions kept: btcpay.user.canviewprofile");
}

#[test]
fn a_key_that_ended_ran_out_or_was_changed_by_somebody_else_stays_as_it_is() {
    let made = Made::used();
    made.vault.end_key(&key_id(2), Ending::Revoked, NOW, &WHO).unwrap();
    let before = made.dump();
    let late = Timestamp(NOW.0 + 1000);
    for (change, at) in [(change(2), NOW), (change(1), late), (change(9), NOW)] {
        let refused = made.open.change_key(&change, at, &WHO);
        assert!(matches!(refused, Err(KeyringError::NotFound(_))), "{refused:?}");
    }
    assert_eq!(made.dump(), before);
    let made = made.tampered("UPDATE keys SET permissions = '[\"unrestricted\"]' WHERE label = 'key 1'");
    assert!(matches!(made.open.change_key(&change(1), NOW, &WHO), Err(KeyringError::Damaged(_))));
    assert_eq!(made.open.audit(NOW).unwrap(), [Damage::Key(key_id(1))]);
}

#[test]
fn the_failed_logins_kept_last_survive_reopening() {
    let failed = |by, n, count| FailedLogins { by, trace: Trace([n; 32]), count, last: NOW };
    let made = Made::used();
    let first = [failed(Counted::Account, 1, 4), failed(Counted::Program, 1, u32::MAX)];
    made.vault.keep_failed_logins(&first).unwrap();
    let made = made.reopened(|_| ());
    assert_eq!(made.vault.failed_logins().unwrap(), first);
    made.vault.keep_failed_logins(&[failed(Counted::Account, 2, 1)]).unwrap();
    let made = made.reopened(|_| ());
    assert_eq!(made.vault.failed_logins().unwrap(), [failed(Counted::Account, 2, 1)]);
    made.vault.keep_failed_logins(&[]).unwrap();
    assert_eq!(made.vault.failed_logins().unwrap(), []);
}
