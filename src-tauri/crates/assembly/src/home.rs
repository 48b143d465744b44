//! A home and the right to work in it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use desk::{CallError, Code, control};
use tokio::time::{sleep, timeout};
use vault::{Home, HomeLock, LockError};

use crate::file_error;

/// How long a command waits for another one to let go of the home, or for a Fieldgate that starts.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// How often it looks: the system tells nobody that a lock came free.
pub const LOOK: Duration = Duration::from_millis(25);

/// Says so when there is no vault in `home`.
///
/// # Errors
/// `not-initialised`.
pub fn check(home: &Path) -> Result<(), CallError> {
    if home.join("fieldgate.db").exists() {
        return Ok(());
    }
    Err(CallError::new(Code::NotInitialised, format!("there is no vault in {}", home.display())))
}

/// The home's lock. A Fieldgate that runs is named; a command that is under way is waited for.
///
/// # Errors
/// `already-running`; what is wrong with the home.
pub async fn take(home: &Path) -> Result<HomeLock, CallError> {
    let socket = control_socket(home);
    let taken = timeout(PATIENCE, async {
        loop {
            if let Some(lock) = try_lock(home)? {
                return Ok(lock);
            }
            if let Ok(pid) = control::peer_pid(&socket).await {
                let message = format!("a Fieldgate runs in this home already (pid {pid})");
                return Err(CallError::new(Code::AlreadyRunning, message));
            }
            sleep(LOOK).await;
        }
    });
    taken.await.unwrap_or_else(|_| Err(held()))
}

/// What is said when the home stays taken.
#[must_use]
pub fn held() -> CallError {
    CallError::new(Code::AlreadyRunning, "another command has this home and does not let go")
}

/// Where the control socket of `home` lies.
#[must_use]
pub fn control_socket(home: &Path) -> PathBuf {
    home.join("control.sock")
}

/// The lock of a home that is there; nothing while somebody else has it.
///
/// # Errors
/// What is wrong with the home.
pub fn try_lock(home: &Path) -> Result<Option<HomeLock>, CallError> {
    match Home::at(home).map_err(file_error)?.lock() {
        Ok(lock) => Ok(Some(lock)),
        Err(LockError::Held { .. }) => Ok(None),
        Err(LockError::File(error)) => Err(file_error(error)),
    }
}
