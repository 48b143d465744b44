//! The home: who may work in it, and what lies in it.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::*;

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn a_second_lock_is_refused_with_the_holder_s_pid_until_the_first_is_gone() {
    let dir = TempDir::new().unwrap();
    let home = home_in(&dir);
    let first = home.lock().unwrap();
    let shared = first.clone();
    drop(first);
    let pid = match home.lock() {
        Err(LockError::Held { pid }) => pid,
        other => panic!("{other:?}"),
    };
    assert_eq!(pid, Some(std::process::id()));
    drop(shared);
    assert!(!home.lock().unwrap().follows_unclean_stop());
}

#[test]
fn the_home_stays_locked_while_anything_opened_from_it_lives() {
    let Made { dir, vault, open } = Made::new();
    drop(vault);
    assert!(matches!(home_in(&dir).lock(), Err(LockError::Held { .. })));
    assert!(open.verify_log().unwrap().faults.is_empty());
    drop(open);
    assert!(home_in(&dir).lock().is_ok());
}

#[test]
fn a_lock_left_by_a_killed_process_is_taken_over_and_the_whole_file_checked() {
    let Made { dir, vault, open } = Made::used();
    drop((vault, open));
    let home = home_in(&dir);
    fs::write(home.path().join("lock"), "4194305\n").unwrap();
    let lock = home.lock().unwrap();
    assert!(lock.follows_unclean_stop());
    drop(Vault::open(&lock).unwrap());
    drop(lock);

    // An index that lacks a row passes the quick check.
    let say = |from: &str, to: &str| {
        let sql = format!(
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '({from})', '({to})')
                 WHERE name = 'keys_by_owner'"
        );
        by_hand(&dir).execute_batch(&sql).unwrap();
    };
    say("owner", "issuer");
    by_hand(&dir).execute_batch("REINDEX keys_by_owner").unwrap();
    say("issuer", "owner");
    drop(Vault::open(&home.lock().unwrap()).expect("a clean stop: the quick check is enough"));
    fs::write(home.path().join("lock"), "4194305\n").unwrap();
    assert!(matches!(Vault::open(&home.lock().unwrap()), Err(FileError::Damaged(_))));
}

#[test]
fn gate_json_is_written_whole_and_private_and_taken_away() {
    let dir = TempDir::new().unwrap();
    let home = home_in(&dir);
    for port in [21420, 21421] {
        let gate = GateJson { url: format!("http://127.0.0.1:{port}"), pid: 7 };
        home.write_gate_json(&gate).unwrap();
        let read: GateJson = serde_json::from_slice(&fs::read(home.gate_json()).unwrap()).unwrap();
        assert_eq!(read, gate);
        assert_eq!(mode(&home.gate_json()), 0o600);
    }
    home.remove_gate_json().unwrap();
    home.remove_gate_json().unwrap();
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn a_planted_link_is_refused_and_what_it_points_to_stays_as_it_was() {
    let dir = TempDir::new().unwrap();
    let home = home_in(&dir);
    let victim = dir.path().join("victim");
    fs::write(&victim, "untouched").unwrap();
    for name in ["lock", "gate.json", "gate.json.new", "fieldgate.db"] {
        symlink(&victim, home.path().join(name)).unwrap();
    }
    assert!(matches!(home.lock(), Err(LockError::File(FileError::Symlink(_)))));
    let gate = GateJson { url: String::new(), pid: 1 };
    assert!(matches!(home.write_gate_json(&gate), Err(FileError::Symlink(_))));
    fs::remove_file(home.gate_json()).unwrap();
    home.write_gate_json(&gate).unwrap();
    fs::remove_file(home.path().join("lock")).unwrap();
    assert!(matches!(Vault::open(&home.lock().unwrap()), Err(FileError::Symlink(_))));
    assert_eq!(fs::read_to_string(&victim).unwrap(), "untouched");
}

#[test]
fn every_file_is_private_even_without_an_umask() {
    rustix::process::umask(rustix::fs::Mode::empty());
    let made = Made::used();
    let home = home_in(&made.dir);
    home.write_gate_json(&GateJson { url: String::new(), pid: 1 }).unwrap();
    assert_eq!(mode(home.path()), 0o700);
    let files: Vec<_> = fs::read_dir(home.path()).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 5, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{file:?}");
    }
}

#[test]
fn a_home_open_to_others_is_closed_when_only_our_files_are_in_it() {
    let dir = TempDir::new().unwrap();
    let home = home_in(&dir);
    for name in ["lock", "gate.json", "control.sock", "fieldgate.db.new", "fieldgate.db-wal"] {
        fs::write(home.path().join(name), "").unwrap();
    }
    for name in ["log", "webview"] {
        fs::create_dir(home.path().join(name)).unwrap();
    }
    let open = || fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
    open();
    assert_eq!(Home::prepare(home.path()).unwrap(), home);
    assert_eq!(mode(home.path()), 0o700);
    fs::write(home.path().join("diary.txt"), "").unwrap();
    open();
    assert!(matches!(Home::prepare(home.path()), Err(FileError::HomeShared(_))));
}

#[test]
fn looking_for_a_home_makes_none() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("home");
    assert!(matches!(Home::at(&path), Err(FileError::Absent(_))));
    assert!(!path.exists());
    let made = Home::prepare(&path).unwrap();
    assert_eq!(Home::at(&path).unwrap(), made);
    assert_eq!(made.db(), made.path().join("fieldgate.db"));
    assert_eq!(made.control_socket(), made.path().join("control.sock"));
}
