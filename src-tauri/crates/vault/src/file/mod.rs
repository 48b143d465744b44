//! Opening the store file: nothing planted, nothing newer, nothing damaged; and writing to it one at a time.

mod gate;
mod home;
mod lock;
mod migrate;
mod paths;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

pub use gate::GateJson;
pub use home::Home;
pub use lock::{HomeLock, LockError};

/// "FGAT": tells `file(1)` and us that this SQLite file is Fieldgate's.
const APPLICATION_ID: i32 = 0x4647_4154;
/// How long a writer waits for another process, such as a backup tool, to let go.
const BUSY: Duration = Duration::from_secs(5);

/// Why a store file is not opened. The file is left as it was.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// There is no store in this home yet.
    #[error("there is no store in {0}")]
    Absent(PathBuf),
    /// There is a store in this home already.
    #[error("there is already a store in {0}")]
    Exists(PathBuf),
    /// A symbolic link where the home or a file of the store should be.
    #[error("{0} is a symbolic link")]
    Symlink(PathBuf),
    /// Something other than a plain file or directory.
    #[error("{0} is not what it should be: a plain file, or for the home a directory")]
    WrongKind(PathBuf),
    /// It belongs to another user of this machine.
    #[error("{0} belongs to another user")]
    ForeignOwner(PathBuf),
    /// The directory holds other things and is open to other users; it is not ours to close.
    #[error("{0} is open to other users and holds other files; choose a directory of its own")]
    HomeShared(PathBuf),
    /// Not an SQLite file, or cut so short that it no longer is one.
    #[error("{0} is not a database, or was cut short")]
    NotADatabase(PathBuf),
    /// An SQLite file of some other program.
    #[error("{0} is another program's database")]
    NotAStore(PathBuf),
    /// Written by a newer version of Fieldgate.
    #[error("the store has version {found}; this version of Fieldgate knows {known}")]
    Newer {
        /// Version of the file.
        found: i32,
        /// Newest version this build knows.
        known: i32,
    },
    /// SQLite's own check found damage.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// The operating system refused.
    #[error("{path}: {source}")]
    Io {
        /// Where.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
    /// SQLite refused.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// The open store file and its one writing connection.
#[derive(Debug)]
pub(crate) struct StoreFile {
    conn: Connection,
    path: PathBuf,
}

impl StoreFile {
    /// Makes a new store. `fill` writes what every store has (header, first admin, first log entry) in the one
    /// transaction that makes it a store: under its name a file is whole or absent, whenever the power fails.
    ///
    /// The caller holds the home's lock.
    ///
    /// # Errors
    /// [`FileError::Exists`], what `fill` returned, or what the system refused.
    pub(crate) fn create<E>(
        home: &Home,
        fill: impl FnOnce(&Transaction<'_>) -> Result<(), E>,
    ) -> Result<Self, E>
    where
        E: From<FileError> + From<rusqlite::Error>,
    {
        let draft = paths::new_draft(home)?;
        let mut conn = connect(&draft)?;
        settle(&conn)?;
        migrate::run(&mut conn)?;
        write(&mut conn, fill)?;
        conn.close().map_err(|(_, error)| error)?;
        paths::publish(home, &draft)?;
        Ok(Self::open(home)?)
    }

    /// Opens the store of a home, checks it and brings it up to date. The caller holds the home's lock.
    ///
    /// # Errors
    /// See [`FileError`].
    pub(crate) fn open(home: &Home) -> Result<Self, FileError> {
        let path = paths::existing(home)?;
        let mut conn = connect(&path)?;
        Self::ready(&mut conn, &path).map_err(|error| explain(error, &path))?;
        Ok(Self { conn, path })
    }

    /// Runs `work` in a transaction that holds the write lock from its first statement on. An error undoes it.
    ///
    /// # Errors
    /// What `work` returned, or what SQLite says (a full disk, for one).
    pub(crate) fn write<T, E>(&mut self, work: impl FnOnce(&Transaction<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<rusqlite::Error>,
    {
        write(&mut self.conn, work)
    }

    /// The writing connection.
    #[cfg(test)]
    pub(crate) fn conn(&self) -> &Connection {
        &self.conn
    }

    /// A further connection that can only read, and sees what was committed when each of its reads began.
    ///
    /// # Errors
    /// What SQLite says.
    pub(crate) fn reader(&self) -> Result<Connection, FileError> {
        let conn = connect(&self.path)?;
        conn.pragma_update(None, "query_only", true)?;
        Ok(conn)
    }

    /// Reads every page of the file and compares tables with indexes: a second per 200,000 rows.
    ///
    /// # Errors
    /// [`FileError::Damaged`].
    pub(crate) fn check_whole(&self) -> Result<(), FileError> {
        intact(&self.conn, "PRAGMA integrity_check(1)")
    }

    fn ready(conn: &mut Connection, path: &Path) -> Result<(), FileError> {
        // A refused file must not even be checkpointed when this connection closes.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        let id: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
        if id != APPLICATION_ID {
            return Err(FileError::NotAStore(path.to_owned()));
        }
        migrate::check_version(conn)?;
        let page: u32 = conn.pragma_query_value(None, "page_size", |row| row.get(0))?;
        if paths::is_torn(path, page.into())? {
            return Err(FileError::NotADatabase(path.to_owned()));
        }
        check(conn)?;
        migrate::check_shape(conn)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
        settle(conn)?;
        migrate::run(conn)
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    // Never CREATE: a file is made by us with its mode, or it is not there.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW
        | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(BUSY)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    // We have neither; whoever plants one while we run gains nothing by it.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    conn.pragma_update(None, "temp_store", "memory")?;
    Ok(conn)
}

/// What makes a commit survive a power cut, and a deleted row leave nothing behind.
fn settle(conn: &Connection) -> Result<(), FileError> {
    let mode: String = conn.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode != "wal" {
        return Err(FileError::Damaged(format!("journal mode is {mode}, not wal")));
    }
    conn.pragma_update(None, "synchronous", "full")?;
    conn.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    Ok(())
}

fn check(conn: &Connection) -> Result<(), FileError> {
    intact(conn, "PRAGMA quick_check(1)")?;
    let mut orphans = conn.prepare("PRAGMA foreign_key_check")?;
    let table: Option<String> = orphans.query_map([], |row| row.get(0))?.next().transpose()?;
    match table {
        Some(table) => Err(FileError::Damaged(format!("a row of {table} refers to one that is not there"))),
        None => Ok(()),
    }
}

fn intact(conn: &Connection, check: &str) -> Result<(), FileError> {
    let verdict: String = conn.query_row(check, [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(FileError::Damaged(verdict)) }
}

fn write<T, E>(conn: &mut Connection, work: impl FnOnce(&Transaction<'_>) -> Result<T, E>) -> Result<T, E>
where
    E: From<rusqlite::Error>,
{
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = work(&tx)?;
    tx.commit()?;
    Ok(done)
}

/// Names what SQLite reports only as a code.
fn explain(error: FileError, path: &Path) -> FileError {
    let FileError::Sqlite(cause) = &error else { return error };
    match cause.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => FileError::NotADatabase(path.to_owned()),
        Some(ErrorCode::DatabaseCorrupt) => FileError::Damaged(cause.to_string()),
        _ => error,
    }
}
