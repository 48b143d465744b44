//! Numbered changes of the store's shape, forward only.

use std::collections::BTreeSet;

use rusqlite::{Connection, Row};

use super::{APPLICATION_ID, FileError, write};

/// Each brings the store from the version of its index to the next.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_first.sql"),
    include_str!("../migrations/0002_settings.sql"),
    include_str!("../migrations/0003_failed_delivery.sql"),
    include_str!("../migrations/0004_store_settings.sql"),
    include_str!("../migrations/0005_user_profile.sql"),
    include_str!("../migrations/0006_usage.sql"),
    include_str!("../migrations/0007_failed_logins.sql"),
    include_str!("../migrations/0008_replacements.sql"),
    include_str!("../migrations/0011_notes.sql"),
    include_str!("../migrations/0012_remembered.sql"),
    include_str!("../migrations/0013_receiver.sql"),
];

/// The newest version this build knows.
pub(super) fn known() -> i32 {
    i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX)
}

/// Refuses a store that a newer version wrote.
pub(super) fn check_version(conn: &Connection) -> Result<i32, FileError> {
    let found: i32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match found {
        ..0 => Err(FileError::Damaged(format!("version {found}"))),
        found if found > known() => Err(FileError::Newer { found, known: known() }),
        found => Ok(found),
    }
}

/// Refuses a store that has anything but the tables and indexes of its version: a trigger or a view would decide what
/// becomes of what is written.
pub(super) fn check_shape(conn: &Connection) -> Result<(), FileError> {
    let version = usize::try_from(check_version(conn)?).unwrap_or_default();
    let model = Connection::open_in_memory()?;
    for change in MIGRATIONS.iter().take(version) {
        model.execute_batch(change)?;
    }
    let (found, ours) = (shape(conn)?, shape(&model)?);
    let odd = found.symmetric_difference(&ours).next();
    match odd {
        Some((kind, name, ..)) => {
            Err(FileError::Damaged(format!("the {kind} {name} is not as Fieldgate made it")))
        }
        None => Ok(()),
    }
}

/// Kind, name, table and text of everything a database is made of.
type Part = (String, String, String, Option<String>);

fn shape(conn: &Connection) -> Result<BTreeSet<Part>, FileError> {
    let mut query = conn.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema")?;
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    Ok(query.query_map([], read)?.collect::<rusqlite::Result<_>>()?)
}

/// Applies what is missing, each change in its own transaction together with its number.
pub(super) fn run(conn: &mut Connection) -> Result<(), FileError> {
    let found = check_version(conn)?;
    for (version, change) in (1..).zip(MIGRATIONS).skip_while(|(version, _)| *version <= found) {
        write(conn, |tx| -> Result<(), FileError> {
            tx.execute_batch(change)?;
            tx.pragma_update(None, "application_id", APPLICATION_ID)?;
            tx.pragma_update(None, "user_version", version)?;
            Ok(())
        })?;
    }
    Ok(())
}
