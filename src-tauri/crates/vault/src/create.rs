//! The first start: a new store with its first admin.

use desk::ports::{KeyringError, NewUser};
use domain::{Email, Issuer, Passphrase, Password, Timestamp, User};

use crate::crypto::{KdfCost, Keys, random};
use crate::error::StoreError;
use crate::file::{FileError, HomeLock, StoreFile};
use crate::header::Header;
use crate::people::UserRow;
use crate::{chain, journal};

/// The shortest passphrase of a new vault, in characters.
pub const SHORTEST_PASSPHRASE: usize = 8;

/// Why no store was made. There is none, or the one there was before.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// The passphrase is too easily guessed.
    #[error("a passphrase has at least {SHORTEST_PASSPHRASE} characters")]
    PassphraseTooShort,
    /// The home is not ours to use, or has a store already ([`FileError::Exists`]).
    #[error(transparent)]
    File(FileError),
    /// The store could not be written.
    #[error(transparent)]
    Store(KeyringError),
}

impl From<StoreError> for CreateError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::File(error) => Self::File(error),
            other @ (StoreError::Sqlite(_)
            | StoreError::Chain(_)
            | StoreError::Crypto(_)
            | StoreError::Header(_)
            | StoreError::Told(_)) => Self::Store(other.into()),
        }
    }
}

/// The first admin, with a fresh GUID.
///
/// # Errors
/// [`CreateError::Store`] when the system gives no random bytes.
pub fn first_admin(email: Email, password: Option<Password>, at: Timestamp) -> Result<NewUser, CreateError> {
    let guid = uuid::Builder::from_random_bytes(random().map_err(StoreError::from)?).into_uuid();
    let user = User {
        id: crate::words::from_word(&guid.to_string())?,
        email,
        name: None,
        image_url: None,
        is_admin: true,
        disabled: false,
        has_password: password.is_some(),
        issuer: Issuer::Local,
        created: at,
    };
    Ok(NewUser { user, password })
}

/// Makes the store of a home: header, first admin, the first entry of the log and its seal in one transaction. Under
/// its name the file is whole or absent, whenever the power fails. Blocks for as long as `cost` says.
///
/// # Errors
/// See [`CreateError`].
pub fn create(
    lock: &HomeLock,
    passphrase: &Passphrase,
    admin: &NewUser,
    at: Timestamp,
    cost: KdfCost,
) -> Result<(), CreateError> {
    if passphrase.expose().chars().count() < SHORTEST_PASSPHRASE {
        return Err(CreateError::PassphraseTooShort);
    }
    let row = UserRow::new(admin)?;
    let keys = Keys::generate().map_err(StoreError::from)?;
    let header = Header::wrap(&keys, passphrase, cost).map_err(StoreError::from)?;
    StoreFile::create(lock.home(), |tx| -> Result<(), StoreError> {
        header.store(tx)?;
        row.insert(tx, &keys)?;
        journal::desk_created(tx, &admin.user, at)?;
        Ok(chain::checkpoint(tx, &keys, at)?)
    })?;
    Ok(())
}
