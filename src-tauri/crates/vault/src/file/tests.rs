use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use rusqlite::params;
use tempfile::TempDir;

use super::*;
use crate::crypto::{Keys, Place};

fn home() -> (TempDir, Home) {
    let dir = TempDir::new().expect("a directory");
    let home = Home::prepare(&dir.path().join("home")).expect("a home");
    (dir, home)
}

fn nothing(_: &Transaction<'_>) -> Result<(), FileError> {
    Ok(())
}

fn stored(home: &Home) -> PathBuf {
    home.path().join("fieldgate.db")
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).expect("it is there").permissions().mode() & 0o7777
}

/// Opens the file as somebody else's tool would.
fn by_hand(home: &Home) -> Connection {
    Connection::open(stored(home)).expect("it opens")
}

fn assert_refused_untouched(home: &Home, refused: impl Fn(&FileError) -> bool) {
    let before = fs::read(stored(home)).expect("it is there");
    let error = StoreFile::open(home).expect_err("it is refused");
    assert!(refused(&error), "{error:?}");
    assert!(
        before == fs::read(stored(home)).expect("it is there"),
        "the refused file was changed: {error:?}"
    );
}

#[test]
fn a_new_store_has_every_table_strict_and_its_version() -> Result<(), FileError> {
    let (_dir, home) = home();
    let file = StoreFile::create(&home, nothing)?;
    let loose: i64 = file.conn().query_row(
        "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' AND NOT strict",
        [],
        |row| row.get(0),
    )?;
    let tables: i64 =
        file.conn()
            .query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'table'", [], |row| row.get(0))?;
    assert_eq!((loose, tables), (0, 17));
    assert_eq!(
        file.conn().pragma_query_value(None, "user_version", |row| row.get::<_, i32>(0))?,
        migrate::known()
    );
    Ok(())
}

#[test]
fn the_connection_is_set_to_lose_nothing_and_leave_nothing() -> Result<(), FileError> {
    let (_dir, home) = home();
    let file = StoreFile::create(&home, nothing)?;
    let number = |name| file.conn().pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    assert_eq!(file.conn().pragma_query_value(None, "journal_mode", |row| row.get::<_, String>(0))?, "wal");
    assert_eq!(number("synchronous")?, 2);
    assert_eq!(number("foreign_keys")?, 1);
    assert_eq!(number("secure_delete")?, 1);
    assert_eq!(number("busy_timeout")?, 5000);
    Ok(())
}

#[test]
fn a_first_start_that_fails_leaves_no_store_and_can_be_repeated() -> Result<(), FileError> {
    let (_dir, home) = home();
    let failed = StoreFile::create(&home, |_| Err(FileError::Damaged("on purpose".into())));
    assert!(matches!(failed, Err(FileError::Damaged(_))));
    assert!(matches!(StoreFile::open(&home), Err(FileError::Absent(_))));
    drop(StoreFile::create(&home, nothing)?);
    assert!(matches!(StoreFile::create(&home, nothing), Err(FileError::Exists(_))));
    drop(StoreFile::open(&home)?);
    let left: Vec<_> = fs::read_dir(home.path()).expect("a home").flatten().map(|e| e.file_name()).collect();
    assert_eq!(left, ["fieldgate.db"]);
    Ok(())
}

#[test]
fn an_error_undoes_the_whole_transaction() -> Result<(), FileError> {
    let (_dir, home) = home();
    let mut file = StoreFile::create(&home, nothing)?;
    let failed: Result<(), FileError> = file.write(|tx| {
        tx.execute("INSERT INTO stores VALUES ('s', 'local', 'Shop', 0, NULL)", [])?;
        Err(FileError::Damaged("on purpose".into()))
    });
    assert!(failed.is_err());
    let count: i64 = file.conn().query_row("SELECT count(*) FROM stores", [], |row| row.get(0))?;
    assert_eq!(count, 0);
    Ok(())
}

#[test]
fn a_reader_sees_what_was_committed_and_cannot_write() -> Result<(), FileError> {
    let (_dir, home) = home();
    let mut file = StoreFile::create(&home, nothing)?;
    let reader = file.reader()?;
    file.write(|tx| tx.execute("INSERT INTO stores VALUES ('s', 'local', 'Shop', 0, NULL)", []))?;
    assert_eq!(reader.query_row("SELECT name FROM stores", [], |row| row.get::<_, String>(0))?, "Shop");
    assert!(reader.execute("DELETE FROM stores", []).is_err());
    Ok(())
}

#[test]
fn the_same_e_mail_in_other_letters_is_the_same_user() -> Result<(), FileError> {
    let (_dir, home) = home();
    let file = StoreFile::create(&home, nothing)?;
    let add = |id, email| {
        file.conn().execute(
            "INSERT INTO users (id, issuer, email, is_admin, disabled, created, mac)
             VALUES (?1, 'local', ?2, 0, 0, 0, x'00')",
            params![id, email],
        )
    };
    add("1", "ann@example.com")?;
    assert!(add("2", "Ann@Example.com").is_err());
    Ok(())
}

#[test]
fn an_application_is_entered_once_whatever_it_is_recognised_by() -> Result<(), FileError> {
    let (_dir, home) = home();
    let file = StoreFile::create(&home, nothing)?;
    let add = |id: &str, values: &str| {
        file.conn().execute(&format!("INSERT INTO applications VALUES ('{id}', {values}, 0, 0)"), [])
    };
    for (id, values) in [
        ("a", "'identifier', 'shop', 'http://x', NULL, NULL"),
        ("b", "'identifier', 'Shop', 'http://x', NULL, NULL"),
        ("c", "'origin', NULL, 'http://x', NULL, NULL"),
        ("d", "'program', NULL, NULL, '/bin/sh', NULL"),
        ("e", "'program', NULL, NULL, '/bin/sh', ''"),
        ("f", "'unknown', NULL, NULL, NULL, NULL"),
    ] {
        add(id, values)?;
        assert!(add(&format!("{id}2"), values).is_err(), "{values} twice");
    }
    assert!(add("g", "'origin', 'shop', 'http://y', NULL, NULL").is_err());
    Ok(())
}

/// Puts an empty store of an older version in place.
fn made_by_version(home: &Home, version: usize) -> Result<(), FileError> {
    let conn = by_hand(home);
    for change in &migrate::MIGRATIONS[..version] {
        conn.execute_batch(change)?;
    }
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    conn.pragma_update(None, "user_version", i32::try_from(version).expect("a small number"))?;
    Ok(())
}

#[test]
fn stores_of_an_older_store_have_nothing_set() -> Result<(), FileError> {
    let (_dir, home) = home();
    made_by_version(&home, 3)?;
    by_hand(&home).execute_batch("INSERT INTO stores VALUES ('s', 'local', 'Shop', 7)")?;
    let file = StoreFile::open(&home)?;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let kept: (String, i64, Option<String>) =
        file.conn().query_row("SELECT name, created, settings FROM stores", [], read)?;
    assert_eq!(kept, ("Shop".to_owned(), 7, None));
    Ok(())
}

#[test]
fn grants_of_an_older_store_stay_as_they_were() -> Result<(), FileError> {
    let (_dir, home) = home();
    made_by_version(&home, 2)?;
    by_hand(&home).execute_batch(
        "INSERT INTO users VALUES ('u', 'local', 'u@x', NULL, NULL, 1, 0, 1, x'00');
         INSERT INTO keys VALUES ('k', zeroblob(32), x'00', 'u', 'local', '', '[]', NULL, 1, NULL, NULL, NULL, NULL,
             x'00');
         INSERT INTO grants VALUES ('r', 'k', 'u', 'local', '[]', 0, 'program', x'01', zeroblob(32), 7, 'json-post',
             8, x'02'), ('s', 'k', 'u', 'local', '[]', 1, 'browser', x'03', zeroblob(32), 9, 'never', NULL, x'04');",
    )?;
    let file = StoreFile::open(&home)?;
    let mut query = file.conn().prepare("SELECT * FROM grants ORDER BY request_id")?;
    let row = |row: &rusqlite::Row<'_>| -> rusqlite::Result<_> {
        let (key, mode, granted): (String, String, i64) = (row.get(1)?, row.get(6)?, row.get(9)?);
        let (delivery, at, mac): (String, Option<i64>, Vec<u8>) = (row.get(10)?, row.get(11)?, row.get(12)?);
        Ok((key, mode, granted, delivery, at, mac))
    };
    let kept: Vec<_> = query.query_map([], row)?.collect::<rusqlite::Result<_>>()?;
    let grant = |mode: &str, granted, delivery: &str, at, mac| {
        ("k".to_owned(), mode.to_owned(), granted, delivery.to_owned(), at, vec![mac])
    };
    assert_eq!(kept, [grant("program", 7, "json-post", Some(8), 2), grant("browser", 9, "never", None, 4)]);
    file.conn().execute_batch("UPDATE grants SET delivery = 'failed' WHERE request_id = 's'")?;
    Ok(())
}

#[test]
fn a_newer_store_is_refused_and_left_as_it_was() -> Result<(), FileError> {
    let (_dir, home) = home();
    drop(StoreFile::create(&home, nothing)?);
    by_hand(&home).pragma_update(None, "user_version", 99)?;
    assert_refused_untouched(&home, |e| matches!(e, FileError::Newer { found: 99, .. }));
    Ok(())
}

#[test]
fn what_is_no_store_is_refused_by_its_name() -> Result<(), FileError> {
    let (_dir, home) = home();
    by_hand(&home).execute_batch("CREATE TABLE other (x)")?;
    assert_refused_untouched(&home, |e| matches!(e, FileError::NotAStore(_)));
    fs::write(stored(&home), "not a database at all, whatever its name may say".repeat(100))
        .expect("written");
    assert_refused_untouched(&home, |e| matches!(e, FileError::NotADatabase(_)));
    fs::write(stored(&home), "").expect("written");
    assert_refused_untouched(&home, |e| matches!(e, FileError::NotADatabase(_)));
    Ok(())
}

#[test]
fn a_store_cut_short_anywhere_is_refused() -> Result<(), FileError> {
    let (_dir, home) = home();
    drop(StoreFile::create(&home, nothing)?);
    let whole = fs::read(stored(&home)).expect("it is there");
    for length in [1, 50, 100, 512, 4096, 5000, whole.len() / 2, whole.len() - 4096, whole.len() - 1] {
        fs::write(stored(&home), &whole[..length]).expect("written");
        assert_refused_untouched(&home, |e| matches!(e, FileError::NotADatabase(_) | FileError::Damaged(_)));
    }
    Ok(())
}

#[test]
fn a_row_that_refers_to_nothing_is_damage() -> Result<(), FileError> {
    let (_dir, home) = home();
    drop(StoreFile::create(&home, nothing)?);
    by_hand(&home).execute_batch(
        "PRAGMA foreign_keys = OFF; INSERT INTO memberships VALUES ('nowhere', 'nobody', 'Owner', x'00')",
    )?;
    assert!(matches!(StoreFile::open(&home), Err(FileError::Damaged(what)) if what.contains("memberships")));
    Ok(())
}

#[test]
fn files_and_directories_are_closed_to_others_even_without_an_umask() -> Result<(), FileError> {
    rustix::process::umask(rustix::fs::Mode::empty());
    let (_dir, home) = home();
    let mut file = StoreFile::create(&home, nothing)?;
    file.write(|tx| tx.execute("INSERT INTO stores VALUES ('s', 'local', 'Shop', 0, NULL)", []))?;
    assert_eq!(mode(home.path()), 0o700);
    let names: Vec<_> = fs::read_dir(home.path()).expect("a home").flatten().map(|e| e.path()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    for name in names {
        assert_eq!(mode(&name), 0o600, "{name:?}");
    }
    Ok(())
}

#[test]
fn a_store_left_open_to_others_is_closed_when_opened() -> Result<(), FileError> {
    let (_dir, home) = home();
    drop(StoreFile::create(&home, nothing)?);
    fs::set_permissions(stored(&home), fs::Permissions::from_mode(0o644)).expect("set");
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).expect("set");
    drop(StoreFile::open(&Home::prepare(home.path())?)?);
    assert_eq!((mode(&stored(&home)), mode(home.path())), (0o600, 0o700));
    Ok(())
}

#[test]
fn a_symlink_in_place_of_any_file_is_refused() -> Result<(), FileError> {
    for name in ["fieldgate.db", "fieldgate.db-wal", "fieldgate.db-shm"] {
        let (dir, home) = home();
        drop(StoreFile::create(&home, nothing)?);
        let elsewhere = dir.path().join("elsewhere");
        match fs::rename(home.path().join(name), &elsewhere) {
            Ok(()) => {}
            Err(_) => fs::write(&elsewhere, "").expect("written"),
        }
        symlink(&elsewhere, home.path().join(name)).expect("linked");
        assert!(
            matches!(StoreFile::open(&home), Err(FileError::Symlink(at)) if at.ends_with(name)),
            "{name}"
        );
    }
    Ok(())
}

#[test]
fn a_dangling_symlink_is_not_taken_for_an_absent_store() {
    let (dir, home) = home();
    symlink(dir.path().join("planted"), stored(&home)).expect("linked");
    assert!(matches!(StoreFile::create(&home, nothing), Err(FileError::Symlink(_))));
    assert!(!dir.path().join("planted").exists());
}

#[test]
fn a_home_that_is_a_symlink_or_a_file_is_refused() {
    let (dir, home) = home();
    let (link, file) = (dir.path().join("link"), dir.path().join("file"));
    symlink(home.path(), &link).expect("linked");
    fs::write(&file, "").expect("written");
    assert!(matches!(Home::prepare(&link), Err(FileError::Symlink(_))));
    assert!(matches!(Home::prepare(&file), Err(FileError::WrongKind(_))));
}

#[test]
fn somebody_s_open_directory_is_refused_rather_than_closed() {
    let (dir, _) = home();
    let shared = dir.path().join("shared");
    fs::create_dir(&shared).expect("made");
    fs::write(shared.join("letter"), "").expect("written");
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o755)).expect("set");
    assert!(matches!(Home::prepare(&shared), Err(FileError::HomeShared(_))));
    assert_eq!(mode(&shared), 0o755);
}

#[test]
fn a_sealed_secret_is_found_in_no_byte_of_the_files() -> Result<(), Box<dyn std::error::Error>> {
    let (_dir, home) = home();
    let canary = "c0ffee5ecre7c0ffee5ecre7c0ffee5ecre7c0ff";
    let keys = Keys::generate()?;
    let place = Place { table: "stores", row: "s", column: "name" };
    let sealed = keys.seal(place, canary.as_bytes())?;
    let mut file = StoreFile::create(&home, nothing)?;
    file.write(|tx| tx.execute("INSERT INTO header VALUES (1, ?1)", params![sealed]))?;

    let wide: Vec<u8> = canary.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut needles = vec![canary.as_bytes().to_vec(), hex::encode(canary).into_bytes(), wide];
    for shift in 0..3 {
        // Inside a longer base64 text the canary looks one of three ways; its inner part is enough to find it.
        for engine in [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            let text = engine.encode(["x".repeat(shift).as_str(), canary].concat());
            needles.push(text.as_bytes()[4..text.len() - 4].to_vec());
        }
    }
    let mut seen = 0;
    for found in fs::read_dir(home.path())?.flatten() {
        let bytes = fs::read(found.path())?;
        seen += usize::from(bytes.windows(sealed.len()).any(|window| window == sealed));
        for needle in &needles {
            assert!(!bytes.windows(needle.len()).any(|window| window == needle), "{:?}", found.path());
        }
    }
    assert!(seen > 0, "the sealed value itself must be there to be looked at");
    Ok(())
}
