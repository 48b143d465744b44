//! What can go wrong inside, and what the desk is told of it.

use desk::ports::KeyringError;
use rusqlite::{Error as SqliteError, ErrorCode, ffi};

use crate::chain::ChainError;
use crate::crypto::CryptoError;
use crate::file::FileError;
use crate::header::{HeaderError, KNOWN_FORMAT};

pub(crate) type Result<T> = std::result::Result<T, StoreError>;

/// Why something was not done. Whatever was begun is undone.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error(transparent)]
    Sqlite(#[from] SqliteError),
    #[error(transparent)]
    Chain(#[from] ChainError),
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    #[error(transparent)]
    Header(#[from] HeaderError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Told(#[from] KeyringError),
}

/// That a row holds what nobody here wrote.
pub(crate) fn damaged(what: impl Into<String>) -> StoreError {
    KeyringError::Damaged(what.into()).into()
}

/// Names a value that is there already; any other error stays what it is.
pub(crate) fn taken(what: &'static str) -> impl FnOnce(SqliteError) -> StoreError {
    move |error| match extended(&error) {
        Some(ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => {
            KeyringError::Duplicate(what).into()
        }
        _ => error.into(),
    }
}

impl From<StoreError> for KeyringError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Told(error) => error,
            StoreError::Sqlite(error) | StoreError::Chain(ChainError::Sqlite(error)) => sqlite(error),
            StoreError::Chain(error @ ChainError::Full) => Self::Damaged(error.to_string()),
            StoreError::Crypto(error) => crypto(error),
            StoreError::Header(error) => header(error),
            StoreError::File(error) => error.into(),
        }
    }
}

impl From<FileError> for KeyringError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Newer { found, known } => Self::NewerFile { found: found.into(), known: known.into() },
            FileError::Damaged(what) => Self::Damaged(what),
            FileError::NotADatabase(_) | FileError::NotAStore(_) => Self::Damaged(error.to_string()),
            FileError::Sqlite(error) => sqlite(error),
            FileError::Io { ref source, .. } if source.kind() == std::io::ErrorKind::StorageFull => {
                Self::DiskFull
            }
            FileError::Absent(_)
            | FileError::Exists(_)
            | FileError::Symlink(_)
            | FileError::WrongKind(_)
            | FileError::ForeignOwner(_)
            | FileError::HomeShared(_)
            | FileError::Io { .. } => Self::Failed(error.into()),
        }
    }
}

fn header(error: HeaderError) -> KeyringError {
    match error {
        HeaderError::WrongPassphrase => KeyringError::WrongPassphrase,
        HeaderError::Damaged => KeyringError::Damaged(error.to_string()),
        HeaderError::Newer { found } => {
            KeyringError::NewerFile { found: found.into(), known: KNOWN_FORMAT.into() }
        }
        HeaderError::Crypto(error) => crypto(error),
        HeaderError::Sqlite(error) => sqlite(error),
    }
}

fn crypto(error: CryptoError) -> KeyringError {
    match error {
        CryptoError::Unreadable | CryptoError::NewerSeal(_) => KeyringError::Damaged(error.to_string()),
        CryptoError::NoRandom | CryptoError::CostOutOfRange | CryptoError::NoMemory => {
            KeyringError::Failed(error.into())
        }
    }
}

fn sqlite(error: SqliteError) -> KeyringError {
    // SQLite turns ENOSPC into FULL, except where it makes room in the index of the write-ahead log.
    let code = error.sqlite_error_code();
    if code == Some(ErrorCode::DiskFull) || extended(&error) == Some(ffi::SQLITE_IOERR_SHMSIZE) {
        return KeyringError::DiskFull;
    }
    let unreadable = matches!(
        error,
        SqliteError::FromSqlConversionFailure(..)
            | SqliteError::InvalidColumnType(..)
            | SqliteError::IntegralValueOutOfRange(..)
            | SqliteError::Utf8Error(..)
    );
    let corrupt = matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase));
    if unreadable || corrupt {
        return KeyringError::Damaged(error.to_string());
    }
    KeyringError::Failed(error.into())
}

fn extended(error: &SqliteError) -> Option<i32> {
    error.sqlite_error().map(|error| error.extended_code)
}
