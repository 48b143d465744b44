//! The vault while open: it holds the keys, which are wiped when the last owner drops it.

use std::sync::Arc;

use desk::ports::{
    Damage, EndedRequest, FirstUsed, KeyChange, LogVerdict, NewGrant, NewKey, NewUser, OpenKeyring,
    ReplacedKey, UserChange,
};
use domain::{
    Actor, Application, Ending, KeyHash, KeyId, KeySecret, Receiver, Remembered, RequestId, Role, Sealed,
    Settings, Standing, Store, StoreDraft, StoreId, Timestamp, UserId,
};
use rusqlite::Transaction;

use crate::accounts::RowChange;
use crate::crypto::Keys;
use crate::error::{Result, StoreError};
use crate::people::UserRow;
use crate::vault::{Answer, Shared};
use crate::{
    accounts, applications, audit, chain, first_uses, grants, keys, members, people, receivers, remembered,
    replacements, requests, settings, stores,
};

/// An open vault.
#[derive(Debug)]
pub(crate) struct OpenVault {
    shared: Arc<Shared>,
    keys: Keys,
}

impl OpenVault {
    pub(crate) fn new(shared: Arc<Shared>, keys: Keys) -> Self {
        Self { shared, keys }
    }

    /// Writes a decision, seals the log with it, and vouches for the ends written since the last one.
    fn decide<T>(&self, at: Timestamp, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Answer<T> {
        self.shared.write(|tx| {
            let done = work(tx)?;
            keys::fold_endings(tx, &self.keys)?;
            chain::checkpoint(tx, &self.keys, at)?;
            Ok(done)
        })
    }
}

impl OpenKeyring for OpenVault {
    fn audit(&self, at: Timestamp) -> Answer<Vec<Damage>> {
        self.shared.write(|tx| audit::audit(tx, &self.keys, at))
    }

    fn create_user(&self, new: &NewUser, actor: &Actor) -> Answer<()> {
        let row = UserRow::new(new)?;
        self.decide(new.user.created, |tx| people::create_user(tx, &self.keys, row, &new.user, actor))
    }

    fn change_user(&self, user: &UserId, changes: &[UserChange], at: Timestamp, actor: &Actor) -> Answer<()> {
        let changes = changes.iter().map(RowChange::of).collect::<Result<Vec<_>>>()?;
        self.decide(at, |tx| accounts::change(tx, &self.keys, user, changes, (at, actor)))
    }

    fn delete_user(&self, user: &UserId, at: Timestamp, actor: &Actor) -> Answer<()> {
        self.decide(at, |tx| accounts::delete(tx, &self.keys, user, (at, actor)))
    }

    fn create_store(&self, store: &Store, owner: &UserId, actor: &Actor) -> Answer<()> {
        self.decide(store.created, |tx| stores::create(tx, &self.keys, store, owner, actor))
    }

    fn change_store(&self, store: &StoreId, draft: &StoreDraft, at: Timestamp, actor: &Actor) -> Answer<()> {
        self.decide(at, |tx| stores::change(tx, store, draft, (at, actor)))
    }

    fn set_member(
        &self,
        store: &StoreId,
        user: &UserId,
        role: Role,
        at: Timestamp,
        actor: &Actor,
    ) -> Answer<()> {
        self.decide(at, |tx| members::set(tx, &self.keys, (store, user), role, (at, actor)))
    }

    fn remove_member(&self, store: &StoreId, user: &UserId, at: Timestamp, actor: &Actor) -> Answer<()> {
        self.decide(at, |tx| stores::remove_member(tx, store, user, (at, actor)))
    }

    fn create_key(&self, new: &NewKey, actor: &Actor) -> Answer<()> {
        let application = new.key.application.as_ref().map(ToString::to_string);
        self.decide(new.key.created, |tx| keys::create(tx, &self.keys, new, application, actor))
    }

    fn grant(&self, new: &NewGrant, actor: &Actor) -> Answer<()> {
        self.decide(new.request.ended, |tx| grants::create(tx, &self.keys, new, actor))
    }

    fn refuse(&self, request: &EndedRequest, standing: Option<Standing>, actor: &Actor) -> Answer<()> {
        self.decide(request.ended, |tx| requests::refuse(tx, &self.keys, request, standing, actor))
    }

    fn end_key(&self, key: &KeyId, how: Ending, at: Timestamp, actor: &Actor) -> Answer<bool> {
        self.decide(at, |tx| keys::end(tx, key, how, at, actor))
    }

    fn end_keys(&self, ids: &[KeyId], how: Ending, at: Timestamp, actor: &Actor) -> Answer<()> {
        self.decide(at, |tx| ids.iter().try_for_each(|id| keys::end(tx, id, how, at, actor).map(drop)))
    }

    fn change_key(&self, change: &KeyChange, at: Timestamp, actor: &Actor) -> Answer<()> {
        self.decide(at, |tx| keys::change(tx, &self.keys, change, (at, actor)))
    }

    fn replace_keys(&self, all: &[ReplacedKey], at: Timestamp, actor: &Actor) -> Answer<()> {
        self.decide(at, |tx| replacements::replace(tx, &self.keys, all, actor))
    }

    fn record_first_use(&self, used: &[FirstUsed], at: Timestamp) -> Answer<()> {
        self.decide(at, |tx| first_uses::record(tx, used))
    }

    fn set_standing(
        &self,
        application: &Application,
        standing: Standing,
        at: Timestamp,
        actor: &Actor,
    ) -> Answer<()> {
        self.decide(at, |tx| applications::set_standing(tx, &self.keys, application, standing, (at, actor)))
    }

    fn set_note(&self, application: &Application, at: Timestamp, actor: &Actor) -> Answer<()> {
        self.decide(at, |tx| applications::set_note(tx, &self.keys, application, (at, actor)))
    }

    fn accept_receiver(
        &self,
        request: &RequestId,
        receiver: &Receiver,
        at: Timestamp,
        actor: &Actor,
    ) -> Answer<()> {
        self.decide(at, |tx| receivers::accept(tx, &self.keys, request, receiver, (at, actor)))
    }

    fn remembered(&self) -> Answer<Vec<Remembered>> {
        self.shared.read(|conn| remembered::all(conn, &self.keys))
    }

    fn forget_remembered(&self, id: &RequestId, at: Timestamp, actor: &Actor) -> Answer<()> {
        self.decide(at, |tx| remembered::forget(tx, id, (at, actor)))
    }

    fn save_settings(&self, chosen: &Settings, at: Timestamp, actor: &Actor) -> Answer<()> {
        self.decide(at, |tx| settings::save(tx, &self.keys, chosen, (at, actor)))
    }

    fn reveal(&self, key: &KeyId) -> Answer<KeySecret> {
        self.shared.read(|conn| keys::reveal(conn, &self.keys, key))
    }

    fn reveal_asking(&self, request: &RequestId) -> Answer<(Sealed, KeyHash)> {
        self.shared.read(|conn| grants::reveal_asking(conn, &self.keys, request))
    }

    fn checkpoint(&self, at: Timestamp) -> Answer<()> {
        self.decide(at, |_| Ok(()))
    }

    fn verify_log(&self) -> Answer<LogVerdict> {
        let conn = self.shared.another_reader()?;
        let found = chain::verify(&conn, &self.keys).map_err(StoreError::from)?;
        Ok(LogVerdict {
            entries: found.sealed + found.unsealed,
            not_yet_sealed: found.unsealed,
            faults: found.faults.iter().map(ToString::to_string).collect(),
        })
    }
}
