//! All of a step is written, or nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};

use desk::ports::{FirstUsed, KeyChange, UserChange};
use domain::{Action, Ending, FirstUse, Settings, StopOld};
use rusqlite::config::DbConfig;

use super::replacing::replaced;
use super::*;
use crate::vault::held;

type Step = fn(&Made) -> Result<(), KeyringError>;

/// Every method that writes, each doing something that is possible after [`Made::used`].
const STEPS: [(&str, Step); 25] = [
    ("create_user", |made| made.open.create_user(&user("new", "new@shop.example", false), &WHO)),
    ("change_user", |made| {
        let changes = [UserChange::Disabled(true), UserChange::Password(None), UserChange::Admin(true)];
        made.open.change_user(&ANN.parse().unwrap(), &changes, NOW, &WHO)
    }),
    ("delete_user", |made| made.open.delete_user(&"new".parse().unwrap(), NOW, &WHO)),
    ("create_store", |made| made.open.create_store(&store("new"), &ANN.parse().unwrap(), &WHO)),
    ("change_store", |made| made.open.change_store(&shop(), &draft(), NOW, &WHO)),
    ("remove_member", |made| made.open.remove_member(&shop(), &ANN.parse().unwrap(), NOW, &WHO)),
    ("create_key", |made| made.open.create_key(&key(50), &WHO)),
    ("grant", |made| made.open.grant(&grant(51), &WHO)),
    ("grant shown", |made| made.open.grant(&NewGrant { delivery: Delivery::Shown, ..grant(52) }, &WHO)),
    ("grant existing", |made| {
        made.open.grant(&NewGrant { key: GrantedKey::Existing(key_id(1)), ..grant(53) }, &WHO)
    }),
    ("replace_keys", |made| {
        let all = [replaced(2, 56, StopOld::FirstUse), replaced(50, 57, StopOld::InADay)];
        made.open.replace_keys(&all, NOW, &WHO)
    }),
    ("first use", |made| {
        let first = FirstUse { at: NOW, by: None };
        let used = FirstUsed { key: key_id(57), first, stopped: vec![key_id(51)] };
        made.open.record_first_use(&[used], NOW)
    }),
    ("set_standing", |made| made.open.set_standing(&application(5), Standing::Known, NOW, &WHO)),
    ("set_standing back", |made| made.open.set_standing(&application(4), Standing::New, NOW, &WHO)),
    ("refuse and block", |made| {
        made.open.refuse(&request(55, RequestStatus::Refused), Some(Standing::Blocked), &WHO)
    }),
    ("end_key while open", |made| made.open.end_key(&key_id(2), Ending::Revoked, NOW, &WHO).map(drop)),
    ("change_key", |made| {
        let changed = KeyChange {
            key: key_id(1),
            label: String::new(),
            permissions: permissions(&["unrestricted"]),
            expires: None,
        };
        made.open.change_key(&changed, NOW, &WHO)
    }),
    ("accept_receiver", |made| made.open.accept_receiver(&request_id(2), &receiver(9), NOW, &WHO)),
    ("save_settings", |made| {
        made.open.save_settings(&Settings { basic: false, ..Settings::default() }, NOW, &WHO)
    }),
    ("end_keys", |made| made.open.end_keys(&[key_id(50), key_id(51)], Ending::Revoked, NOW, &WHO)),
    ("end_key", |made| made.vault.end_key(&key_id(1), Ending::Revoked, NOW, &WHO).map(drop)),
    ("record_request", |made| made.vault.record_request(&request(54, RequestStatus::Expired), &WHO)),
    ("record_delivery", |made| made.vault.record_delivery(&request_id(2), Delivery::FormPost, NOW)),
    ("record_delivery failed", |made| made.vault.record_delivery(&request_id(2), Delivery::Failed, NOW)),
    ("note", |made| made.vault.note(Action::Locked, "vault", NOW, &WHO)),
];

const NO_LOG: &str =
    "CREATE TRIGGER no_log BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, 'on purpose'); END";
const NO_SEAL: &str =
    "CREATE TRIGGER no_seal BEFORE INSERT ON log_checkpoints BEGIN SELECT RAISE(ABORT, 'on purpose'); END";

/// Lets the triggers above fire, which no other store does.
fn with_triggers(made: &Made) {
    let writer = held(&made.vault.shared().writer);
    writer.conn().set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, true).unwrap();
}

fn entries(made: &Made) -> usize {
    made.vault.log(None, u32::MAX).unwrap().len()
}

#[test]
fn without_its_log_entry_nothing_is_written() {
    let made = Made::used();
    with_triggers(&made);
    let by_hand = by_hand(&made.dir);
    for (name, step) in STEPS {
        let before = made.dump();
        by_hand.execute_batch(NO_LOG).unwrap();
        assert!(matches!(step(&made), Err(KeyringError::Failed(_))), "{name}");
        by_hand.execute_batch("DROP TRIGGER no_log").unwrap();
        assert_eq!(made.dump(), before, "{name}");
        let told = entries(&made);
        step(&made).unwrap();
        assert!(entries(&made) > told, "{name} is told");
    }
    assert_eq!(made.open.audit(NOW).unwrap(), []);
    assert_eq!(made.open.verify_log().unwrap().faults, [""; 0]);
}

#[test]
fn without_its_seal_no_decision_is_written() {
    let made = Made::used();
    with_triggers(&made);
    by_hand(&made.dir).execute_batch(NO_SEAL).unwrap();
    let before = made.dump();
    for (name, step) in &STEPS[..15] {
        assert!(step(&made).is_err(), "{name}");
        assert_eq!(made.dump(), before, "{name}");
    }
    made.vault.end_key(&key_id(1), Ending::Revoked, NOW, &WHO).unwrap();
    assert!(made.open.audit(NOW).is_err());
    let beside: i64 =
        by_hand(&made.dir).query_row("SELECT count(*) FROM key_endings", [], |row| row.get(0)).unwrap();
    assert_eq!(beside, 1, "an unlock moves nothing either");
}

/// The files as they are at this moment, as a power cut would leave them.
fn copied(made: &Made) -> TempDir {
    let copy = TempDir::new().unwrap();
    let home = home_in(&copy);
    for name in ["fieldgate.db", "fieldgate.db-wal"] {
        std::fs::copy(home_in(&made.dir).path().join(name), home.path().join(name)).unwrap();
    }
    copy
}

#[test]
fn whoever_dies_in_the_middle_of_a_grant_leaves_none_of_it() {
    let made = Made::used();
    let before = made.dump();
    // So that pages reach the file before the end.
    held(&made.vault.shared().writer).conn().pragma_update(None, "cache_size", 1).unwrap();
    let keys = crate::crypto::Keys::generate().unwrap();
    let written = || std::fs::metadata(home_in(&made.dir).path().join("fieldgate.db-wal")).unwrap().len();
    let quiet = written();
    let died = made.vault.shared().write(|tx| {
        crate::grants::create(tx, &keys, &grant(60), &WHO)?;
        assert!(written() > quiet, "half of it is in the file");
        Ok(copied(&made))
    });
    let made_whole = made.dump();
    let dead = Made::opened(died.unwrap());
    assert_eq!(dead.dump(), before);
    assert_ne!(made_whole, before);
    let done = Made::opened(copied(&made));
    assert_eq!(done.dump(), made_whole, "what was acknowledged is there");
}

#[test]
fn a_panic_undoes_its_step_and_stops_nobody() {
    let made = Made::used();
    let before = made.dump();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        made.vault.shared().write(|tx| -> crate::error::Result<()> {
            tx.execute("DELETE FROM keys", [])?;
            panic!("on purpose");
        })
    }));
    assert!(panicked.is_err());
    let read = catch_unwind(AssertUnwindSafe(|| {
        made.vault.shared().read(|_| -> crate::error::Result<()> { panic!("on purpose") })
    }));
    assert!(read.is_err());
    assert_eq!(made.dump(), before);
    made.open.create_key(&key(70), &WHO).unwrap();
    assert_eq!(made.vault.keys().unwrap().len(), 3);
}

#[test]
fn a_full_disk_is_said_and_nothing_is_written() {
    let made = Made::used();
    let limit = |pages: i64| {
        let writer = held(&made.vault.shared().writer);
        let set = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
        writer.conn().pragma_update_and_check(None, "max_page_count", pages, set).unwrap();
    };
    limit(1);
    let mut written = Vec::new();
    let full = (80..=255).find_map(|n| {
        let before = made.dump();
        let mut new = grant(n);
        new.request.unknown = vec!["x".repeat(500); 10];
        match made.open.grant(&new, &WHO) {
            Ok(()) => {
                written.push(key_id(n));
                None
            }
            Err(error) => Some((error, before)),
        }
    });
    let (error, before) = full.expect("the file is full at some point");
    assert!(matches!(error, KeyringError::DiskFull), "{error:?}");
    assert_eq!(made.dump(), before);
    limit(100_000);
    made.open.grant(&grant(79), &WHO).unwrap();
    let made = made.reopened(|_| ());
    let keys: Vec<KeyId> = made.vault.keys().unwrap().into_iter().map(|key| key.key.id).collect();
    assert!(written.iter().all(|id| keys.contains(id)), "what was acknowledged is there");
    assert_eq!(made.open.audit(NOW).unwrap(), []);
    assert_eq!(made.open.verify_log().unwrap().faults, [""; 0]);
}
