//! Rows that somebody else has written are named, and nothing that rests on them is done.

use desk::ports::Damage;

use super::*;

fn member() -> Damage {
    Damage::Membership("shop".parse().unwrap(), ANN.parse().unwrap())
}

#[test]
fn an_untouched_store_has_no_damage() {
    let made = Made::used().reopened(|_| ());
    assert_eq!(made.open.audit(NOW).unwrap(), []);
}

#[test]
fn whatever_column_that_decides_is_changed_its_row_is_named() {
    let one_key = |set| (format!("UPDATE keys SET {set} WHERE label = 'key 1'"), Damage::Key(key_id(1)));
    let ann =
        |set| (format!("UPDATE users SET {set} WHERE email LIKE 'ann%'"), Damage::User(ANN.parse().unwrap()));
    let granted = |set| (format!("UPDATE grants SET {set}"), Damage::Grant(request_id(2)));
    let standing = |sql: &str| (sql.to_owned(), Damage::Standing(application(4).id));
    let granted_key = |sql: &str| (sql.to_owned(), Damage::Key(key_id(2)));
    let admin = format!("'{ADMIN}'");
    let cases = [
        one_key("hash = zeroblob(32)"),
        one_key(&format!("owner = {admin}")),
        one_key("issuer = 'server:x'"),
        one_key("permissions = '[\"unrestricted\"]'"),
        one_key("application_id = 'app_2'"),
        one_key("created = 0"),
        one_key("expires = NULL"),
        one_key("expires = expires + 1"),
        one_key("revoked_at = 5"),
        one_key("expired_at = 5"),
        one_key("mac = zeroblob(32)"),
        one_key("mac = x''"),
        one_key("mac = (SELECT mac FROM keys WHERE label = 'key 2')"),
        granted_key("UPDATE applications SET exe = '/usr/bin/evil' WHERE id = 'app_2'"),
        granted_key("UPDATE applications SET script = NULL WHERE id = 'app_2'"),
        granted_key(
            "UPDATE applications SET kind = 'origin', exe = NULL, script = NULL, origin = 'http://evil.example'
             WHERE id = 'app_2'",
        ),
        ann("is_admin = 1"),
        ann("disabled = 1"),
        ann("email = 'ann@evil.example'"),
        ann("password_hash = (SELECT password_hash FROM users WHERE is_admin = 1)"),
        ann("created = 0"),
        ann("issuer = 'server:x'"),
        ("UPDATE memberships SET role = 'Guest'".to_owned(), member()),
        standing("UPDATE standings SET standing = 'known'"),
        standing("UPDATE standings SET since = 0"),
        standing("UPDATE standings SET note = 'Trust it'"),
        standing("UPDATE standings SET standing = 'new'"),
        standing("UPDATE applications SET origin = 'http://evil.example' WHERE id = 'app_4'"),
        standing("UPDATE applications SET identifier = 'evil' WHERE id = 'app_4'"),
        granted("collect_hash = zeroblob(32)"),
        granted(&format!("owner = {admin}")),
        granted("key_id = (SELECT id FROM keys WHERE label = 'key 1')"),
        granted("permissions = '[]'"),
        granted("mode = 'browser'"),
        granted("existing = 1"),
        granted("granted_at = 0"),
        granted("receiver = NULL"),
        granted("receiver = replace(receiver, 'shop2', 'evil')"),
    ];
    let mut made = Made::used();
    for (sql, damage) in cases {
        let Made { dir, vault, open } = made;
        drop((open, vault));
        let kept = std::fs::read(home_in(&dir).db()).unwrap();
        by_hand(&dir).execute_batch(&sql).unwrap();
        let tampered = Made::opened(dir);
        assert_eq!(tampered.open.audit(NOW).unwrap(), [damage], "{sql}");
        let Made { dir, vault, open } = tampered;
        drop((open, vault));
        std::fs::write(home_in(&dir).db(), kept).unwrap();
        made = Made::opened(dir);
    }
}

#[test]
fn what_decides_nothing_may_change() {
    let made = Made::used().tampered(
        "UPDATE keys SET label = 'x', last_used = 1; UPDATE users SET name = 'x', image_url = 'x';
         UPDATE grants SET delivery = 'shown', delivered_at = 1; UPDATE stores SET name = 'x';
         UPDATE applications SET last_seen = 1",
    );
    assert_eq!(made.open.audit(NOW).unwrap(), []);
}

#[test]
fn rows_added_by_hand_are_named() {
    let made = Made::used().tampered(&format!(
        "INSERT INTO users SELECT 'evil', issuer, 'evil@x', name, password_hash, 1, 0, created, mac, NULL FROM users
             WHERE id = '{ADMIN}';
         INSERT INTO memberships SELECT store_id, '{ADMIN}', role, mac FROM memberships;
         INSERT INTO keys SELECT 'akid_evil', zeroblob(32), sealed_secret, owner, issuer, label, permissions, NULL,
             created, NULL, NULL, NULL, NULL, mac FROM keys WHERE label = 'key 1';
         INSERT INTO standings SELECT 'app_2', 'known', since, note, mac FROM standings;
         INSERT INTO grants (request_id, key_id, owner, issuer, permissions, existing, mode, sealed_query, collect_hash,
             granted_at, delivery, delivered_at, receiver, mac)
             SELECT 'evil', key_id, owner, issuer, permissions, existing, mode, sealed_query, collect_hash,
             granted_at, delivery, delivered_at, receiver, mac FROM grants",
    ));
    let evil = [
        Damage::User("evil".parse().unwrap()),
        Damage::Membership("shop".parse().unwrap(), ADMIN.parse().unwrap()),
        Damage::Standing("app_2".parse().unwrap()),
        Damage::Grant("evil".parse().unwrap()),
        Damage::Key("akid_evil".parse().unwrap()),
    ];
    assert_eq!(made.open.audit(NOW).unwrap(), evil);
    assert!(matches!(made.open.reveal(&"akid_evil".parse().unwrap()), Err(KeyringError::Damaged(_))));
    assert!(matches!(made.open.reveal_asking(&"evil".parse().unwrap()), Err(KeyringError::Damaged(_))));
}

#[test]
fn a_changed_key_is_neither_shown_nor_granted_again() {
    let made = Made::used().tampered("UPDATE keys SET permissions = '[\"unrestricted\"]'");
    assert!(matches!(made.open.reveal(&key_id(1)), Err(KeyringError::Damaged(_))));
    let again = NewGrant { key: GrantedKey::Existing(key_id(1)), ..grant(7) };
    assert!(matches!(made.open.grant(&again, &WHO), Err(KeyringError::Damaged(_))));
}

#[test]
fn a_key_whose_time_has_run_out_is_not_granted_again() {
    let made = Made::used();
    let mut again = NewGrant { key: GrantedKey::Existing(key_id(1)), ..grant(7) };
    again.request.ended = Timestamp(NOW.0 + 1000);
    assert!(matches!(made.open.grant(&again, &WHO), Err(KeyringError::NotFound("live key"))));
    again.request.ended = Timestamp(NOW.0 + 999);
    made.open.grant(&again, &WHO).unwrap();
}

#[test]
fn a_store_with_anything_we_did_not_make_in_it_is_not_opened() {
    let planted = [
        "CREATE TRIGGER t BEFORE INSERT ON key_endings BEGIN SELECT RAISE(IGNORE); END",
        "CREATE VIEW v AS SELECT * FROM keys",
        "CREATE TABLE other (x)",
        "CREATE INDEX other ON log (at)",
        "DROP INDEX keys_by_owner",
        "ALTER TABLE stores ADD COLUMN x TEXT",
    ];
    for sql in planted {
        let Made { dir, vault, open } = Made::used();
        drop((open, vault));
        by_hand(&dir).execute_batch(sql).unwrap();
        let opened = Vault::open(&home_in(&dir).lock().unwrap());
        assert!(matches!(opened, Err(FileError::Damaged(_))), "{sql}");
    }
}

#[test]
fn a_trigger_planted_while_we_run_does_not_fire() {
    let made = Made::used();
    let planted = "CREATE TRIGGER t BEFORE INSERT ON key_endings BEGIN SELECT RAISE(IGNORE); END";
    by_hand(&made.dir).execute_batch(planted).unwrap();
    made.vault.end_key(&key_id(1), domain::Ending::Revoked, NOW, &WHO).unwrap();
    let keys = made.vault.keys().unwrap();
    assert!(keys.iter().any(|stored| stored.key.id == key_id(1) && stored.key.ended.is_some()));
}

#[test]
fn a_sealed_token_or_query_moved_to_another_row_does_not_open() {
    let made = Made::used();
    made.open.grant(&grant(5), &WHO).unwrap();
    let made = made.tampered(
        "UPDATE keys SET sealed_secret = (SELECT sealed_secret FROM keys WHERE label = 'key 2') WHERE label = 'key 1';
         UPDATE grants SET sealed_query = (SELECT sealed_query FROM grants ORDER BY granted_at LIMIT 1)",
    );
    assert!(matches!(made.open.reveal(&key_id(1)), Err(KeyringError::Damaged(_))));
    assert!(matches!(made.open.reveal_asking(&request_id(5)), Err(KeyringError::Damaged(_))));
}

#[test]
fn a_row_that_cannot_be_read_is_left_out_and_stops_nobody() {
    let made = Made::used().tampered(
        "UPDATE keys SET permissions = 'x' WHERE label = 'key 1'; UPDATE memberships SET role = 'God';
         UPDATE users SET issuer = 'x' WHERE email LIKE 'ann%'; UPDATE requests SET status = 'x' WHERE program IS NULL;
         UPDATE requests SET mode = mode, unknown = 'x' WHERE status = 'refused'",
    );
    assert_eq!(made.vault.keys().unwrap().len(), 1);
    assert_eq!(made.vault.users().unwrap().len(), 1);
    assert_eq!(made.vault.memberships().unwrap(), []);
    assert_eq!(made.vault.requests(9).unwrap().len(), 1);
    let named = made.open.audit(NOW).unwrap();
    assert_eq!(named, [Damage::User(ANN.parse().unwrap()), member(), Damage::Key(key_id(1))]);
}

#[test]
fn bytes_that_are_no_text_stop_nobody_and_are_damage_where_they_decide() {
    let made = Made::used().tampered(
        "UPDATE keys SET label = CAST(x'ff' AS TEXT); UPDATE stores SET name = CAST(x'ff' AS TEXT);
         UPDATE users SET name = CAST(x'ff' AS TEXT), image_url = CAST(x'ff' AS TEXT); UPDATE requests SET name = CAST(x'ff' AS TEXT);
         UPDATE application_names SET name = CAST(x'ff' AS TEXT); UPDATE log SET detail = CAST(x'ff' AS TEXT)
             WHERE seq = 3",
    );
    assert_eq!(made.open.audit(NOW).unwrap(), []);
    assert_eq!(made.vault.keys().unwrap().len(), 2);
    assert_eq!(made.vault.users().unwrap().len(), 2);
    assert_eq!(made.vault.stores().unwrap().len(), 1);
    assert_eq!(made.vault.requests(9).unwrap().len(), 2);
    assert_eq!(made.open.verify_log().unwrap().faults, ["entry 3 was edited"]);
    let made = made.tampered(
        "UPDATE keys SET permissions = CAST(x'ff' AS TEXT) WHERE id LIKE '%01';
         UPDATE memberships SET role = CAST(x'ff' AS TEXT); UPDATE settings SET value = CAST(x'ff' AS TEXT);
         INSERT OR IGNORE INTO settings VALUES (1, CAST(x'ff' AS TEXT), x'00')",
    );
    assert!(!made.vault.settings().unwrap().basic);
    assert_eq!(made.open.audit(NOW).unwrap(), [member(), Damage::Settings, Damage::Key(key_id(1))]);
}

#[test]
fn a_changed_header_opens_nothing_and_a_newer_one_says_so() {
    let set = |made: Made, bytes: &str| made.reopened_locked(&format!("UPDATE header SET bytes = {bytes}"));
    let outcome = |vault: &Vault| vault.unlock(&phrase(PASSPHRASE)).map(drop);
    let (dir, vault) = set(Made::new(), "x'00'");
    assert!(matches!(outcome(&vault), Err(KeyringError::Damaged(_))));
    drop((vault, dir));
    let newer = "CAST(substr(bytes, 1, 8) || x'0007' || substr(bytes, 11) AS BLOB)";
    let (_dir, vault) = set(Made::new(), newer);
    assert!(matches!(outcome(&vault), Err(KeyringError::NewerFile { found: 7, known: 1 })));
}

impl Made {
    fn reopened_locked(self, sql: &str) -> (TempDir, Vault) {
        let Self { dir, vault, open } = self;
        drop((open, vault));
        by_hand(&dir).execute_batch(sql).unwrap();
        let vault = Vault::open(&home_in(&dir).lock().unwrap()).unwrap();
        (dir, vault)
    }
}
