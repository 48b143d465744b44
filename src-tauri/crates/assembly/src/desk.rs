//! Puts a desk together from its adapters.

use std::io::ErrorKind;
use std::sync::Arc;

use desk::ports::{KeyringError, Shell};
use desk::{CallError, Code, Desk};
use vault::{FileError, HomeLock, Vault};

use crate::clock::SystemClock;
use crate::place;

/// Opens the vault of a home and builds a desk over it, locked. The home stays ours for as long as the desk lives.
///
/// # Errors
/// What the vault says: `not-initialised`, `newer-file`, `vault-damaged`.
pub async fn desk(lock: HomeLock, shell: Arc<dyn Shell>) -> Result<Arc<Desk>, CallError> {
    let built = tokio::task::spawn_blocking(move || {
        let vault = Vault::open(&lock).map_err(file_error)?;
        let courier = btcpay::Courier::default();
        let (clock, processes) = (Arc::new(SystemClock::start()), Arc::new(gate::SystemProcesses));
        let desk = Desk::new(Arc::new(vault), clock, shell, Arc::new(courier), processes)?;
        if let Some(folder) = place::for_exports() {
            desk.exports_go_to(folder);
        }
        Ok(desk)
    });
    built.await.unwrap_or_else(|error| Err(CallError::new(Code::Failed, error.to_string())))
}

/// The errors of files in the desk's codes: what is wrong with a home is said of `home`.
pub fn file_error(error: FileError) -> CallError {
    match error {
        FileError::Absent(path) => {
            CallError::new(Code::NotInitialised, format!("there is no vault in {}", path.display()))
        }
        FileError::Exists(path) => CallError::new(
            Code::AlreadyInitialised,
            format!("there is a vault in {} already", path.display()),
        ),
        FileError::Symlink(_)
        | FileError::WrongKind(_)
        | FileError::ForeignOwner(_)
        | FileError::HomeShared(_) => CallError::invalid("home", error.to_string()),
        FileError::Io { ref source, .. } if source.kind() != ErrorKind::StorageFull => {
            CallError::new(Code::Failed, error.to_string())
        }
        FileError::Io { .. }
        | FileError::Newer { .. }
        | FileError::Damaged(_)
        | FileError::NotADatabase(_)
        | FileError::NotAStore(_)
        | FileError::Sqlite(_) => KeyringError::from(error).into(),
    }
}
