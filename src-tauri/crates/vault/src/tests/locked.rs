//! Keys end whether the vault is open or not, and stay ended.

use domain::{Ending, KeyEnd};

use super::*;

fn ended(vault: &Vault, n: u8) -> Option<KeyEnd> {
    vault.keys().unwrap().into_iter().find(|key| key.key.id == key_id(n)).unwrap().key.ended
}

fn beside(made: &Made) -> i64 {
    by_hand(&made.dir).query_row("SELECT count(*) FROM key_endings", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_revoke_while_locked_survives_the_unlock_and_a_restart() {
    let Made { dir, vault, open } = Made::used();
    drop(open);
    let end = KeyEnd { how: Ending::Revoked, at: Timestamp(NOW.0 + 9) };
    assert!(vault.end_key(&key_id(1), end.how, end.at, &WHO).unwrap());
    assert_eq!(ended(&vault, 1), Some(end), "before the unlock");
    drop(vault);

    let made = Made::opened(dir);
    assert_eq!((ended(&made.vault, 1), beside(&made)), (Some(end), 1));
    assert_eq!(made.open.audit(NOW).unwrap(), []);
    assert_eq!((ended(&made.vault, 1), beside(&made)), (Some(end), 0), "now it is under the row's MAC");
    let made = made.reopened(|_| ());
    assert_eq!(ended(&made.vault, 1), Some(end));
    assert_eq!(ended(&made.vault, 2), None);
    assert_eq!(made.open.audit(NOW).unwrap(), []);

    let made = made.tampered("UPDATE keys SET revoked_at = NULL");
    assert!(made.open.audit(NOW).unwrap().contains(&desk::ports::Damage::Key(key_id(1))));
}

#[test]
fn the_first_end_stays_before_and_after_the_unlock() {
    let made = Made::used();
    let first = KeyEnd { how: Ending::Expired, at: NOW };
    let end =
        |how| made.vault.end_key(&key_id(1), how, Timestamp(NOW.0 + i64::from(how == Ending::Revoked)), &WHO);
    assert!(end(Ending::Expired).unwrap());
    let entries = made.vault.log(None, u32::MAX).unwrap().len();
    for _ in 0..2 {
        assert!(!end(Ending::Revoked).unwrap());
        assert!(!end(Ending::Expired).unwrap());
        assert_eq!(ended(&made.vault, 1), Some(first));
        made.open.audit(NOW).unwrap();
    }
    assert_eq!(made.vault.log(None, u32::MAX).unwrap().len(), entries, "nothing happened, nothing is logged");
}

#[test]
fn the_next_decision_or_the_lock_vouches_for_an_end_written_while_open() {
    let made = Made::used();
    let end = |n| made.vault.end_key(&key_id(n), Ending::Revoked, NOW, &WHO).unwrap();
    assert!(end(1));
    made.open.create_key(&key(7), &WHO).unwrap();
    assert_eq!(beside(&made), 0);
    assert!(end(2));
    made.open.checkpoint(NOW).unwrap();
    assert_eq!(beside(&made), 0);
    assert_eq!([1, 2, 7].map(|n| ended(&made.vault, n).is_some()), [true, true, false]);
    assert_eq!(made.open.audit(NOW).unwrap(), []);
}

#[test]
fn an_end_by_an_open_vault_is_under_the_rows_mac_and_the_seal_at_once() {
    let made = Made::used();
    assert!(made.open.end_key(&key_id(1), Ending::Revoked, NOW, &WHO).unwrap());
    assert!(!made.open.end_key(&key_id(1), Ending::Expired, NOW, &WHO).unwrap());
    assert_eq!(ended(&made.vault, 1), Some(KeyEnd { how: Ending::Revoked, at: NOW }));
    assert_eq!((beside(&made), made.open.verify_log().unwrap().not_yet_sealed), (0, 0));
    assert_eq!(made.open.audit(NOW).unwrap(), []);
}

#[test]
fn a_key_that_is_not_there_cannot_end() {
    let made = Made::used();
    let gone = made.vault.end_key(&key_id(9), Ending::Revoked, NOW, &WHO);
    assert!(matches!(gone, Err(KeyringError::NotFound("key"))));
}

#[test]
fn an_end_beside_a_row_that_was_changed_stays() {
    let made = Made::used();
    made.vault.end_key(&key_id(1), Ending::Revoked, NOW, &WHO).unwrap();
    let made = made.tampered("UPDATE keys SET permissions = '[\"unrestricted\"]'");
    made.open.audit(NOW).unwrap();
    made.open.checkpoint(NOW).unwrap();
    assert_eq!(beside(&made), 1);
    assert!(ended(&made.vault, 1).is_some());
}

#[test]
fn an_older_copy_of_an_ended_keys_row_is_damage() {
    for while_open in [true, false] {
        let made = Made::used();
        by_hand(&made.dir).execute_batch("CREATE TABLE older AS SELECT * FROM keys").unwrap();
        if while_open {
            made.open.end_key(&key_id(1), Ending::Revoked, NOW, &WHO).unwrap();
        } else {
            made.vault.end_key(&key_id(1), Ending::Expired, NOW, &WHO).unwrap();
        }
        let made = made.tampered(
            "DELETE FROM key_endings; INSERT OR REPLACE INTO keys SELECT * FROM older; DROP TABLE older",
        );
        assert_eq!(ended(&made.vault, 1), None, "the copy's own MAC holds");
        assert_eq!(made.open.audit(NOW).unwrap(), [desk::ports::Damage::Key(key_id(1))]);
    }
}

#[test]
fn two_unlocked_handles_are_independent_of_each_other() {
    let made = Made::used();
    let another = made.vault.unlock(&phrase(PASSPHRASE)).unwrap();
    drop(made.open);
    assert_eq!(another.reveal(&key_id(1)).unwrap().expose(), secret(1).expose());
}

#[test]
fn several_keys_end_together_each_under_its_mac_and_one_that_is_not_there_spoils_it_for_all() {
    let made = Made::used();
    let before = made.dump();
    let spoiled = made.open.end_keys(&[key_id(1), key_id(9)], Ending::Revoked, NOW, &WHO);
    assert!(matches!(spoiled, Err(KeyringError::NotFound("key"))));
    assert_eq!(made.dump(), before);
    made.open.end_keys(&[key_id(1), key_id(2)], Ending::Revoked, NOW, &WHO).unwrap();
    let log = made.vault.log(None, 2).unwrap();
    let told: Vec<&str> = log.iter().map(|entry| entry.subject.as_str()).collect();
    assert_eq!(told, [key_id(2).as_str(), key_id(1).as_str()]);
    assert_eq!(beside(&made), 0, "no end is left beside its row");
    assert!(made.vault.keys().unwrap().iter().all(|stored| stored.key.ended.is_some()));
    assert!(made.open.audit(NOW).unwrap().is_empty());
}
