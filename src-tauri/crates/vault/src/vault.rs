//! The vault while locked.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use desk::ports::{
    EndedRequest, FailedLogins, FirstUsed, KeyUse, Keyring, KeyringError, LogLine, OpenKeyring, Received,
    RequestRecord, StoredKey,
};
use domain::{
    Action, Actor, Application, ApplicationId, Delivery, Ending, FirstUse, KeyId, LogEntry, Membership,
    Passphrase, Password, Replacement, RequestId, Served, Settings, Store, Timestamp, Usage, User, UserId,
};
use rusqlite::{Connection, Transaction};

use crate::crypto::verify_password;
use crate::error::{Result, StoreError};
use crate::file::{FileError, HomeLock, StoreFile};
use crate::header::Header;
use crate::open::OpenVault;
use crate::{
    applications, failed_logins, first_uses, grants, history, journal, keys, people, receivers, replacements,
    requests, settings, stores, usage,
};

/// What the desk gets.
pub(crate) type Answer<T> = std::result::Result<T, KeyringError>;

/// The store of a home, locked: everything can be read, keys can end, and nothing can be minted.
#[derive(Debug)]
pub struct Vault(Arc<Shared>);

impl Vault {
    /// Opens and checks the store: what was stopped uncleanly, to the last page. The home stays locked for as long as
    /// this vault or anything opened from it lives.
    ///
    /// # Errors
    /// [`FileError::Absent`] before the first start; what is wrong with the file otherwise, which is left as it was.
    pub fn open(lock: &HomeLock) -> std::result::Result<Self, FileError> {
        let writer = StoreFile::open(lock.home())?;
        if lock.follows_unclean_stop() {
            writer.check_whole()?;
        }
        let reader = Mutex::new(writer.reader()?);
        Ok(Self(Arc::new(Shared { writer: Mutex::new(writer), reader, _lock: lock.clone() })))
    }
}

#[cfg(test)]
impl Vault {
    pub(crate) fn shared(&self) -> &Shared {
        &self.0
    }
}

/// What the locked and the open vault have in common. Dropped in this order.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) writer: Mutex<StoreFile>,
    reader: Mutex<Connection>,
    _lock: HomeLock,
}

impl Shared {
    /// Reads one state of the store, whatever is written meanwhile.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Answer<T> {
        let reader = held(&self.reader);
        let snapshot = reader.unchecked_transaction().map_err(StoreError::from)?;
        Ok(work(&snapshot)?)
    }

    /// Writes all that `work` writes, or nothing.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Answer<T> {
        Ok(held(&self.writer).write(work)?)
    }

    /// A connection of its own for what takes long.
    pub(crate) fn another_reader(&self) -> Result<Connection> {
        Ok(held(&self.writer).reader()?)
    }
}

/// A panic undid its transaction; what the connection holds is whole.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Keyring for Vault {
    fn unlock(&self, passphrase: &Passphrase) -> Answer<Arc<dyn OpenKeyring>> {
        let header = self.0.read(|conn| Ok(Header::load(conn)?))?;
        let keys = header.unlock(passphrase).map_err(StoreError::from)?;
        Ok(Arc::new(OpenVault::new(Arc::clone(&self.0), keys)))
    }

    fn users(&self) -> Answer<Vec<User>> {
        self.0.read(people::users)
    }

    fn stores(&self) -> Answer<Vec<Store>> {
        self.0.read(stores::all)
    }

    fn memberships(&self) -> Answer<Vec<Membership>> {
        self.0.read(people::memberships)
    }

    fn keys(&self) -> Answer<Vec<StoredKey>> {
        self.0.read(keys::all)
    }

    fn applications(&self) -> Answer<Vec<Application>> {
        self.0.read(applications::all)
    }

    fn requests(&self, limit: u32) -> Answer<Vec<RequestRecord>> {
        self.0.read(|conn| requests::newest(conn, limit))
    }

    fn request(&self, id: &RequestId) -> Answer<Option<RequestRecord>> {
        self.0.read(|conn| requests::one(conn, id))
    }

    fn never_collected(&self) -> Answer<HashSet<KeyId>> {
        self.0.read(grants::never_collected)
    }

    fn handed_over(&self, key: &KeyId) -> Answer<Option<Timestamp>> {
        self.0.read(|conn| grants::handed_over(conn, key))
    }

    fn replacements(&self) -> Answer<Vec<Replacement>> {
        self.0.read(replacements::all)
    }

    fn first_uses(&self) -> Answer<Vec<(KeyId, FirstUse)>> {
        self.0.read(first_uses::all)
    }

    fn requests_of(&self, application: &ApplicationId, limit: u32) -> Answer<Vec<RequestRecord>> {
        self.0.read(|conn| requests::of_application(conn, application, limit))
    }

    fn granted(&self, application: &ApplicationId) -> Answer<Vec<RequestRecord>> {
        self.0.read(|conn| requests::granted(conn, application))
    }

    fn served(&self, application: &ApplicationId) -> Answer<Vec<Served>> {
        self.0.read(|conn| receivers::served(conn, application))
    }

    fn received(&self) -> Answer<Vec<Received>> {
        self.0.read(receivers::received)
    }

    fn log(&self, before: Option<u64>, limit: u32) -> Answer<Vec<LogEntry>> {
        self.0.read(|conn| journal::read(conn, before, limit))
    }

    fn key_history(&self, key: &KeyId, limit: u32) -> Answer<Vec<LogEntry>> {
        self.0.read(|conn| history::of_key(conn, key, limit))
    }

    fn log_lines(&self, after: u64, limit: u32) -> Answer<Vec<LogLine>> {
        self.0.read(|conn| history::lines(conn, after, limit))
    }

    fn usage(&self, key: &KeyId) -> Answer<Usage> {
        self.0.read(|conn| usage::of(conn, key))
    }

    fn failed_logins(&self) -> Answer<Vec<FailedLogins>> {
        self.0.read(failed_logins::all)
    }

    fn settings(&self) -> Answer<Settings> {
        self.0.read(settings::read)
    }

    fn check_password(&self, user: Option<&UserId>, password: &Password) -> Answer<bool> {
        let hash = match user {
            Some(user) => self.0.read(|conn| people::password_hash(conn, user))?,
            None => None,
        };
        Ok(verify_password(password, hash.as_deref()))
    }

    fn end_key(&self, key: &KeyId, how: Ending, at: Timestamp, actor: &Actor) -> Answer<bool> {
        self.0.write(|tx| keys::end(tx, key, how, at, actor))
    }

    fn record_request(&self, request: &EndedRequest, actor: &Actor) -> Answer<()> {
        self.0.write(|tx| requests::record(tx, request, actor))
    }

    fn record_delivery(&self, request: &RequestId, how: Delivery, at: Timestamp) -> Answer<()> {
        self.0.write(|tx| grants::record_delivery(tx, request, how, at))
    }

    fn record_use(&self, used: &[KeyUse]) -> Answer<()> {
        self.0.write(|tx| usage::record(tx, used))
    }

    fn record_first_use(&self, used: &[FirstUsed]) -> Answer<()> {
        self.0.write(|tx| first_uses::record(tx, used))
    }

    fn keep_failed_logins(&self, failed: &[FailedLogins]) -> Answer<()> {
        self.0.write(|tx| failed_logins::keep(tx, failed))
    }

    fn note(&self, action: Action, subject: &str, at: Timestamp, actor: &Actor) -> Answer<()> {
        self.0.write(|tx| journal::write(tx, action, subject, "", (at, actor)))
    }
}
