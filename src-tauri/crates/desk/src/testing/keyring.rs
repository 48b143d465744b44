//! The in-memory store as it is while locked.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::{
    Action, Actor, Application, ApplicationId, Delivery, Ending, FirstUse, KeyId, LogEntry, Membership, Mode,
    Passphrase, Password, Replacement, RequestId, Role, Served, Settings, Store, StoreId, Timestamp, Usage,
    User, UserId,
};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::{PASSPHRASE, open::OpenMemory, rows::Rows};
use crate::ports::{
    Damage, EndedRequest, FailedLogins, FirstUsed, KeyUse, Keyring, KeyringError, LogLine, NewKey, NewUser,
    OpenKeyring, Received, RequestRecord, StoredKey,
};

/// A store without a file, a cipher or a hash: it does what the port says, in the simplest way.
#[derive(Debug, Default)]
pub struct MemoryKeyring {
    rows: Arc<Mutex<Rows>>,
}

impl MemoryKeyring {
    /// Adds a user without a log entry, as if it had always been there. A desk sees it when it is built or unlocked.
    pub fn add_user(&self, user: NewUser) {
        self.rows().users.push(user);
    }

    /// Adds a store that belongs to `owner`, as if it had always been there.
    pub fn add_store(&self, store: Store, owner: &UserId) {
        let membership = Membership { store: store.id.clone(), user: owner.clone(), role: Role::Owner };
        let mut rows = self.rows();
        rows.memberships.push(membership);
        rows.stores.push(store);
    }

    /// Gives `user` a role in a store, as if it had always been there.
    pub fn add_member(&self, store: &StoreId, user: &UserId, role: Role) {
        self.rows().memberships.push(Membership { store: store.clone(), user: user.clone(), role });
    }

    /// Makes the next unlock find this row changed by somebody else.
    pub fn tamper(&self, row: Damage) {
        self.rows().damage.push(row);
    }

    /// Writes another mode into the history of a request, as somebody with the file could.
    pub fn forge_mode(&self, id: &RequestId, mode: Mode) {
        for row in &mut self.rows().requests {
            if row.record.request.id == *id {
                row.record.request.mode = mode;
            }
        }
    }

    /// Adds a key, as somebody with the file could. A desk sees it when it is built or unlocked.
    ///
    /// # Errors
    /// None in practice.
    pub fn plant_key(&self, new: &NewKey) -> Result<(), KeyringError> {
        self.rows().add_key(new)
    }

    /// Adds very many keys, each with a handle of its own. A desk sees them when it is built or unlocked.
    pub fn plant_keys(&self, keys: impl IntoIterator<Item = NewKey>) {
        self.rows().keys.extend(keys.into_iter().map(|new| {
            let stored = StoredKey { key: new.key, hash: new.secret.hash() };
            (stored, new.secret)
        }));
    }

    /// Puts the file back as it was before [`MemoryKeyring::plant_key`].
    pub fn take_key_out(&self, id: &KeyId) {
        self.rows().keys.retain(|(stored, _)| stored.key.id != *id);
    }

    /// Adds an application or changes what is known of it, as somebody with the file could.
    pub fn forge_application(&self, application: &Application) {
        self.rows().keep_application(application);
    }

    /// Adds an entry to the log.
    pub fn add_log_entry(&self, at: i64) {
        self.rows().note(Action::Unlocked, "vault", Timestamp(at), &Actor::Window);
    }

    /// From now on the log cannot be read word for word, or can again.
    pub fn set_unreadable(&self, unreadable: bool) {
        self.rows().unreadable = unreadable;
    }

    /// From now on every write finds the disk full, or has room again.
    pub fn set_full(&self, full: bool) {
        self.rows().full = full;
    }

    /// Hears of every open handle that is dropped, which is when a real vault wipes its keys.
    pub fn wipes(&self) -> UnboundedReceiver<()> {
        let (wiping, wiped) = unbounded_channel();
        self.rows().wiping = Some(wiping);
        wiped
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keyring for MemoryKeyring {
    fn unlock(&self, passphrase: &Passphrase) -> Result<Arc<dyn OpenKeyring>, KeyringError> {
        if passphrase.expose() == PASSPHRASE {
            return Ok(Arc::new(OpenMemory::new(Arc::clone(&self.rows))));
        }
        Err(KeyringError::WrongPassphrase)
    }

    fn users(&self) -> Result<Vec<User>, KeyringError> {
        Ok(self.rows().users.iter().map(|row| row.user.clone()).collect())
    }

    fn stores(&self) -> Result<Vec<Store>, KeyringError> {
        Ok(self.rows().stores.clone())
    }

    fn memberships(&self) -> Result<Vec<Membership>, KeyringError> {
        Ok(self.rows().memberships.clone())
    }

    fn keys(&self) -> Result<Vec<StoredKey>, KeyringError> {
        Ok(self.rows().keys.iter().map(|(stored, _)| stored.clone()).collect())
    }

    fn applications(&self) -> Result<Vec<Application>, KeyringError> {
        Ok(self.rows().applications.clone())
    }

    fn requests(&self, limit: u32) -> Result<Vec<RequestRecord>, KeyringError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(self.rows().requests.iter().rev().take(limit).map(|row| row.record.clone()).collect())
    }

    fn request(&self, id: &RequestId) -> Result<Option<RequestRecord>, KeyringError> {
        Ok(self
            .rows()
            .requests
            .iter()
            .map(|row| &row.record)
            .find(|record| record.request.id == *id)
            .cloned())
    }

    fn never_collected(&self) -> Result<HashSet<KeyId>, KeyringError> {
        let rows = self.rows();
        let granted = || rows.requests.iter().filter_map(|row| row.record.grant.as_ref());
        let out: HashSet<&KeyId> = granted().filter(|it| it.delivery.is_out()).map(|it| &it.key).collect();
        Ok(granted().map(|grant| &grant.key).filter(|key| !out.contains(key)).cloned().collect())
    }

    fn handed_over(&self, key: &KeyId) -> Result<Option<Timestamp>, KeyringError> {
        let rows = self.rows();
        let grants = rows.requests.iter().filter_map(|row| row.record.grant.as_ref());
        Ok(grants.filter(|grant| grant.key == *key).filter_map(|grant| grant.delivered).max())
    }

    fn replacements(&self) -> Result<Vec<Replacement>, KeyringError> {
        Ok(self.rows().replacements.clone())
    }

    fn first_uses(&self) -> Result<Vec<(KeyId, FirstUse)>, KeyringError> {
        Ok(self.rows().first_uses.iter().map(|(key, first)| (key.clone(), first.clone())).collect())
    }

    fn requests_of(
        &self,
        application: &ApplicationId,
        limit: u32,
    ) -> Result<Vec<RequestRecord>, KeyringError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let rows = self.rows();
        let records = rows.requests.iter().rev().map(|row| &row.record);
        let theirs = records.filter(|it| it.request.application.id == *application);
        Ok(theirs.take(limit).cloned().collect())
    }

    fn granted(&self, application: &ApplicationId) -> Result<Vec<RequestRecord>, KeyringError> {
        let rows = self.rows();
        let records = rows.requests.iter().rev().map(|row| &row.record);
        let granted = records.filter(|it| it.grant.is_some() && it.request.application.id == *application);
        Ok(granted.cloned().collect())
    }

    fn served(&self, application: &ApplicationId) -> Result<Vec<Served>, KeyringError> {
        let rows = self.rows();
        let records = rows.requests.iter().map(|row| &row.record);
        let theirs = records.filter(|record| record.request.application.id == *application);
        let granted = theirs.filter_map(|record| Some((&record.request, record.grant.as_ref()?)));
        let served = granted.map(|(request, grant)| Served {
            program: request.program.clone(),
            sent_by: request.sent_by.clone(),
            receiver: grant.receiver.clone(),
        });
        Ok(served.collect())
    }

    fn received(&self) -> Result<Vec<Received>, KeyringError> {
        let rows = self.rows();
        let grants = rows.requests.iter().filter_map(|row| row.record.grant.as_ref());
        let received = grants.filter_map(|grant| {
            let (request, key) = (grant.request.clone(), grant.key.clone());
            Some(Received { request, key, receiver: grant.receiver.clone()? })
        });
        Ok(received.collect())
    }

    fn log(&self, before: Option<u64>, limit: u32) -> Result<Vec<LogEntry>, KeyringError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let rows = self.rows();
        let older = rows.log.iter().rev().filter(|entry| before.is_none_or(|before| entry.seq < before));
        Ok(older.take(limit).cloned().collect())
    }

    fn key_history(&self, key: &KeyId, limit: u32) -> Result<Vec<LogEntry>, KeyringError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let rows = self.rows();
        let granted = |entry: &LogEntry| {
            let grants = rows.requests.iter().filter_map(|row| row.record.grant.as_ref());
            grants.clone().any(|grant| grant.key == *key && grant.request.as_str() == entry.subject)
        };
        let about = |entry: &&LogEntry| entry.subject == key.as_str() || granted(entry);
        Ok(rows.log.iter().rev().filter(about).take(limit).cloned().collect())
    }

    fn log_lines(&self, after: u64, limit: u32) -> Result<Vec<LogLine>, KeyringError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let rows = self.rows();
        if rows.unreadable {
            return Err(KeyringError::Failed("the disk is failing".into()));
        }
        Ok(rows.log.iter().filter(|entry| entry.seq > after).take(limit).map(line).collect())
    }

    fn settings(&self) -> Result<Settings, KeyringError> {
        Ok(self.rows().settings)
    }

    fn check_password(&self, user: Option<&UserId>, password: &Password) -> Result<bool, KeyringError> {
        let rows = self.rows();
        let found = rows.users.iter().find(|row| Some(&row.user.id) == user);
        let own = found.and_then(|row| row.password.as_ref());
        Ok(own.is_some_and(|own| own.expose() == password.expose()))
    }

    fn end_key(&self, key: &KeyId, how: Ending, at: Timestamp, actor: &Actor) -> Result<bool, KeyringError> {
        self.rows().tell_end(key, how, at, actor)
    }

    fn record_request(&self, request: &EndedRequest, actor: &Actor) -> Result<(), KeyringError> {
        self.rows().tell_request(request, actor)
    }

    fn record_delivery(&self, request: &RequestId, how: Delivery, at: Timestamp) -> Result<(), KeyringError> {
        let mut rows = self.rows();
        rows.writable()?.set_delivery(request, how, at)?;
        let action = if how.is_out() { Action::KeyDelivered } else { Action::DeliveryFailed };
        rows.note(action, request.as_str(), at, &Actor::Asker);
        Ok(())
    }

    fn record_use(&self, used: &[KeyUse]) -> Result<(), KeyringError> {
        self.rows().writable()?.add_uses(used);
        Ok(())
    }

    fn record_first_use(&self, used: &[FirstUsed]) -> Result<(), KeyringError> {
        self.rows().add_first_uses(used)
    }

    fn keep_failed_logins(&self, failed: &[FailedLogins]) -> Result<(), KeyringError> {
        self.rows().writable()?.failed_logins = failed.to_vec();
        Ok(())
    }

    fn usage(&self, key: &KeyId) -> Result<Usage, KeyringError> {
        Ok(self.rows().usage.get(key).cloned().unwrap_or_default())
    }

    fn failed_logins(&self) -> Result<Vec<FailedLogins>, KeyringError> {
        Ok(self.rows().failed_logins.clone())
    }

    fn note(&self, action: Action, subject: &str, at: Timestamp, actor: &Actor) -> Result<(), KeyringError> {
        self.rows().writable()?.note(action, subject, at, actor);
        Ok(())
    }
}

/// A line without a hash: this log is no chain.
fn line(entry: &LogEntry) -> LogLine {
    let word = |value: serde_json::Result<serde_json::Value>, name: &str| {
        let value = value.unwrap_or_default();
        value.get(name).unwrap_or(&value).as_str().unwrap_or_default().to_owned()
    };
    LogLine {
        seq: entry.seq,
        at: entry.at,
        actor: word(serde_json::to_value(&entry.actor), "kind"),
        action: word(serde_json::to_value(entry.action), ""),
        subject: entry.subject.clone(),
        detail: entry.detail.clone(),
        hash: None,
    }
}
