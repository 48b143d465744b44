//! Writing, one step after the other.

use std::sync::Arc;

use tokio::sync::MutexGuard;

use crate::{
    CallError, Caller, Desk,
    caller::Openings,
    desk::off_thread,
    ports::{Keyring, KeyringError, OpenKeyring},
};

/// The right to write. Whoever writes more than one row, or keeps in memory what it wrote, holds it until both are
/// done, so that memory follows the file in the file's order.
pub(crate) struct Writer<'a> {
    keyring: &'a Arc<dyn Keyring>,
    openings: &'a Openings,
    _turn: MutexGuard<'a, ()>,
}

impl Desk {
    /// Waits for its turn to write.
    pub(crate) async fn writer(&self) -> Writer<'_> {
        let turn = self.turn.lock().await;
        Writer { keyring: &self.keyring, openings: &self.openings, _turn: turn }
    }

    /// Writes what memory does not keep.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, CallError>
    where
        T: Send + 'static,
        F: FnOnce(&dyn Keyring) -> Result<T, KeyringError> + Send + 'static,
    {
        self.writer().await.write(work).await
    }
}

impl Writer<'_> {
    /// Writes what can be written while locked.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, CallError>
    where
        T: Send + 'static,
        F: FnOnce(&dyn Keyring) -> Result<T, KeyringError> + Send + 'static,
    {
        let keyring = Arc::clone(self.keyring);
        off_thread(move || work(&*keyring)).await
    }

    /// The open vault of `caller`, now that it is its turn: what waited behind a lock finds none.
    pub(crate) fn opening(&self, caller: &Caller) -> Result<Arc<dyn OpenKeyring>, CallError> {
        self.openings.of(caller)
    }

    /// Writes what only an open vault can, with the one that `caller` has by now.
    pub(crate) async fn write_open<T, F>(&self, caller: &Caller, work: F) -> Result<T, CallError>
    where
        T: Send + 'static,
        F: FnOnce(&dyn OpenKeyring) -> Result<T, KeyringError> + Send + 'static,
    {
        let open = self.opening(caller)?;
        off_thread(move || work(&*open)).await
    }
}
