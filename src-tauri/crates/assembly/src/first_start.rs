//! First start: a new vault with its first admin.

use std::path::Path;

use desk::CallError;
use domain::{Email, Passphrase, Password};
use vault::{CreateError, Home, HomeLock, KdfCost};

use crate::{clock, file_error, home};

/// Makes the vault in `folder`, which is made if need be, and keeps the home locked. Blocks.
///
/// # Errors
/// `invalid` with the field at fault, `already-initialised`, what is wrong with the folder. Nothing is left behind
/// that a second try would stumble over.
pub fn first_start(
    folder: &Path,
    passphrase: &Passphrase,
    admin: Email,
    password: Option<Password>,
) -> Result<HomeLock, CallError> {
    Home::prepare(folder).map_err(file_error)?;
    let lock = home::try_lock(folder)?.ok_or_else(home::held)?;
    make(&lock, passphrase, admin, password)?;
    Ok(lock)
}

/// Makes the vault in a home that is locked already. Blocks.
///
/// # Errors
/// As [`first_start`].
pub fn make(
    lock: &HomeLock,
    passphrase: &Passphrase,
    admin: Email,
    password: Option<Password>,
) -> Result<(), CallError> {
    let now = clock::now();
    let admin = vault::first_admin(admin, password, now).map_err(not_made)?;
    vault::create(lock, passphrase, &admin, now, KdfCost::STANDARD).map_err(not_made)
}

fn not_made(error: CreateError) -> CallError {
    match error {
        CreateError::PassphraseTooShort => CallError::invalid("passphrase", error.to_string()),
        CreateError::File(error) => file_error(error),
        CreateError::Store(error) => error.into(),
    }
}
