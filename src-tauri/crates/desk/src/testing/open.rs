//! The in-memory store as it is while unlocked.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{
    Action, Actor, Application, Ending, Grant, Issuer, KeyHash, KeyId, KeySecret, Membership, Receiver,
    Remembered, RequestId, Role, Sealed, Settings, Standing, Store, StoreDraft, StoreId, Timestamp, UserId,
};

use super::rows::{RequestRow, Rows};
use crate::ports::{
    Damage, EndedRequest, FirstUsed, GrantedKey, KeyChange, KeyringError, LogVerdict, NewGrant, NewKey,
    NewUser, OpenKeyring, ReplacedKey, RequestRecord, UserChange,
};

/// The handle that unlocking gives.
pub(super) struct OpenMemory {
    rows: Arc<Mutex<Rows>>,
}

impl OpenMemory {
    pub(super) fn new(rows: Arc<Mutex<Rows>>) -> Self {
        Self { rows }
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for OpenMemory {
    fn drop(&mut self) {
        if let Some(wiping) = &self.rows().wiping {
            // Nobody may be listening any more.
            let _ = wiping.send(());
        }
    }
}

impl OpenKeyring for OpenMemory {
    fn audit(&self, _at: Timestamp) -> Result<Vec<Damage>, KeyringError> {
        let mut rows = self.rows();
        rows.seal();
        Ok(rows.damage.clone())
    }

    fn create_user(&self, user: &NewUser, actor: &Actor) -> Result<(), KeyringError> {
        let mut rows = self.rows();
        if rows.users.iter().any(|known| known.user.email == user.user.email) {
            return Err(KeyringError::Duplicate("e-mail address"));
        }
        rows.writable()?.users.push(user.clone());
        rows.note(Action::UserCreated, user.user.id.as_str(), user.user.created, actor);
        rows.seal();
        Ok(())
    }

    fn change_user(
        &self,
        user: &UserId,
        changes: &[UserChange],
        at: Timestamp,
        actor: &Actor,
    ) -> Result<(), KeyringError> {
        let mut rows = self.rows();
        rows.change_user(user, changes, at, actor)?;
        rows.seal();
        Ok(())
    }

    fn delete_user(&self, user: &UserId, at: Timestamp, actor: &Actor) -> Result<(), KeyringError> {
        let mut rows = self.rows();
        rows.delete_user(user, at, actor)?;
        rows.seal();
        Ok(())
    }

    fn create_store(&self, store: &Store, owner: &UserId, actor: &Actor) -> Result<(), KeyringError> {
        let mut rows = self.rows();
        rows.writable()?.stores.push(store.clone());
        rows.memberships.push(Membership { store: store.id.clone(), user: owner.clone(), role: Role::Owner });
        rows.note(Action::StoreCreated, store.id.as_str(), store.created, actor);
        rows.seal();
        Ok(())
    }

    fn change_store(
        &self,
        store: &StoreId,
        draft: &StoreDraft,
        at: Timestamp,
        actor: &Actor,
    ) -> Result<(), KeyringError> {
        let mut rows = self.rows();
        rows.writable()?.change_store(store, draft)?;
        rows.note(Action::StoreChanged, store.as_str(), at, actor);
        rows.seal();
        Ok(())
    }

    fn set_member(
        &self,
        store: &StoreId,
        user: &UserId,
        role: Role,
        at: Timestamp,
        actor: &Actor,
    ) -> Result<(), KeyringError> {
        let mut rows = self.rows();
        let action = rows.writable()?.set_member(store, user, role)?;
        rows.note(action, store.as_str(), at, actor);
        rows.seal();
        Ok(())
    }

    fn remove_member(
        &self,
        store: &StoreId,
        user: &UserId,
        at: Timestamp,
        actor: &Actor,
    ) -> Result<(), KeyringError> {
        let mut rows = self.rows();
        rows.writable()?.tell_leaving(store, user, at, actor)?;
        rows.seal();
        Ok(())
    }

    fn create_key(&self, key: &NewKey, actor: &Actor) -> Result<(), KeyringError> {
        let mut rows = self.rows();
        if !rows.users.iter().any(|row| row.user.id == key.key.owner) {
            return Err(KeyringError::NotFound("user"));
        }
        rows.writable()?.add_key(key)?;
        rows.note(Action::KeyCreated, key.key.id.as_str(), key.key.created, actor);
        rows.seal();
        Ok(())
    }

    fn grant(&self, grant: &NewGrant, actor: &Actor) -> Result<(), KeyringError> {
        let mut rows = self.rows();
        let existing = match &grant.key {
            GrantedKey::New(new) => {
                rows.writable()?.add_key(new)?;
                false
            }
            GrantedKey::Existing(_) => {
                rows.writable()?;
                true
            }
        };
        rows.keep_application(&grant.request.application);
        let record = RequestRecord { request: grant.request.clone(), grant: Some(granted(grant, existing)) };
        rows.requests.push(RequestRow { record, asking: Some((grant.query.clone(), grant.collect)) });
        rows.repeat(grant)?;
        let repeated = grant.repeats.is_some();
        let action = if repeated { Action::RequestRepeated } else { Action::RequestApproved };
        rows.note(action, grant.request.id.as_str(), grant.request.ended, actor);
        for row in &grant.replaces {
            rows.replace(row, actor)?;
        }
        rows.seal();
        Ok(())
    }

    fn accept_receiver(
        &self,
        request: &RequestId,
        receiver: &Receiver,
        at: Timestamp,
        actor: &Actor,
    ) -> Result<(), KeyringError> {
        let mut rows = self.rows();
        rows.writable()?.grant_of(request)?.receiver = Some(receiver.clone());
        rows.note(Action::ReceiverAccepted, request.as_str(), at, actor);
        rows.seal();
        Ok(())
    }

    fn refuse(
        &self,
        request: &EndedRequest,
        standing: Option<Standing>,
        actor: &Actor,
    ) -> Result<(), KeyringError> {
        let mut rows = self.rows();
        rows.tell_request(request, actor)?;
        if let Some(standing) = standing {
            rows.keep_application(&Application { standing, ..request.application.clone() });
            rows.remembered.retain(|said| said.application != request.application.id);
            rows.note(Action::StandingChanged, request.application.id.as_str(), request.ended, actor);
        }
        rows.seal();
        Ok(())
    }

    fn end_key(&self, key: &KeyId, how: Ending, at: Timestamp, actor: &Actor) -> Result<bool, KeyringError> {
        let mut rows = self.rows();
        let first = rows.tell_end(key, how, at, actor)?;
        rows.seal();
        Ok(first)
    }

    fn end_keys(
        &self,
        keys: &[KeyId],
        how: Ending,
        at: Timestamp,
        actor: &Actor,
    ) -> Result<(), KeyringError> {
        let mut rows = self.rows();
        let there = |id: &KeyId| rows.keys.iter().any(|(stored, _)| stored.key.id == *id);
        if !keys.iter().all(there) {
            return Err(KeyringError::NotFound("key"));
        }
        for key in keys {
            rows.tell_end(key, how, at, actor)?;
        }
        rows.seal();
        Ok(())
    }

    fn change_key(&self, change: &KeyChange, at: Timestamp, actor: &Actor) -> Result<(), KeyringError> {
        let mut rows = self.rows();
        rows.writable()?.change_key(change)?;
        rows.note(Action::KeyChanged, change.key.as_str(), at, actor);
        rows.seal();
        Ok(())
    }

    fn replace_keys(&self, all: &[ReplacedKey], _at: Timestamp, actor: &Actor) -> Result<(), KeyringError> {
        let mut rows = self.rows();
        for ReplacedKey { row, new } in all {
            rows.writable()?;
            if let Some(new) = new {
                rows.add_key(new)?;
                rows.note(Action::KeyCreated, new.key.id.as_str(), new.key.created, actor);
            }
            rows.replace(row, actor)?;
        }
        rows.seal();
        Ok(())
    }

    fn record_first_use(&self, used: &[FirstUsed], _at: Timestamp) -> Result<(), KeyringError> {
        let mut rows = self.rows();
        rows.add_first_uses(used)?;
        rows.seal();
        Ok(())
    }

    fn set_standing(
        &self,
        application: &Application,
        standing: Standing,
        at: Timestamp,
        actor: &Actor,
    ) -> Result<(), KeyringError> {
        let mut rows = self.rows();
        rows.writable()?.keep_application(&Application { standing, ..application.clone() });
        if standing != Standing::Known {
            rows.remembered.retain(|said| said.application != application.id);
        }
        rows.note(Action::StandingChanged, application.id.as_str(), at, actor);
        rows.seal();
        Ok(())
    }

    fn set_note(&self, application: &Application, at: Timestamp, actor: &Actor) -> Result<(), KeyringError> {
        let mut rows = self.rows();
        rows.writable()?.keep_application(application);
        rows.note(Action::ApplicationNoted, application.id.as_str(), at, actor);
        rows.seal();
        Ok(())
    }

    fn remembered(&self) -> Result<Vec<Remembered>, KeyringError> {
        let rows = self.rows();
        let ours = |said: &&Remembered| !rows.damage.contains(&Damage::Remembered(said.request.clone()));
        Ok(rows.remembered.iter().filter(ours).cloned().collect())
    }

    fn forget_remembered(&self, id: &RequestId, at: Timestamp, actor: &Actor) -> Result<(), KeyringError> {
        let mut rows = self.rows();
        if !rows.writable()?.remembered.iter().any(|said| said.request == *id) {
            return Err(KeyringError::NotFound("remembered decision"));
        }
        rows.remembered.retain(|said| said.request != *id);
        rows.damage.retain(|row| *row != Damage::Remembered(id.clone()));
        rows.note(Action::DecisionForgotten, id.as_str(), at, actor);
        rows.seal();
        Ok(())
    }

    fn save_settings(&self, settings: &Settings, at: Timestamp, actor: &Actor) -> Result<(), KeyringError> {
        let mut rows = self.rows();
        rows.writable()?.settings = *settings;
        rows.note(Action::SettingsChanged, "settings", at, actor);
        rows.seal();
        Ok(())
    }

    fn reveal(&self, key: &KeyId) -> Result<KeySecret, KeyringError> {
        let rows = self.rows();
        let found = rows.keys.iter().find(|(stored, _)| stored.key.id == *key);
        found.map(|(_, secret)| secret.clone()).ok_or(KeyringError::NotFound("key"))
    }

    fn reveal_asking(&self, request: &RequestId) -> Result<(Sealed, KeyHash), KeyringError> {
        let rows = self.rows();
        let found = rows.requests.iter().find(|row| row.record.request.id == *request);
        found.and_then(|row| row.asking.clone()).ok_or(KeyringError::NotFound("grant"))
    }

    fn checkpoint(&self, _at: Timestamp) -> Result<(), KeyringError> {
        self.rows().writable()?.seal();
        Ok(())
    }

    fn verify_log(&self) -> Result<LogVerdict, KeyringError> {
        let rows = self.rows();
        let (entries, sealed) = (rows.log.len() as u64, rows.sealed as u64);
        Ok(LogVerdict { entries, not_yet_sealed: entries - sealed, faults: Vec::new() })
    }
}

fn granted(grant: &NewGrant, existing: bool) -> Grant {
    Grant {
        request: grant.request.id.clone(),
        key: grant.key.id().clone(),
        owner: grant.owner.clone(),
        issuer: Issuer::Local,
        permissions: grant.permissions.clone(),
        existing,
        mode: grant.request.mode,
        delivery: grant.delivery,
        receiver: grant.receiver.clone(),
        granted: grant.request.ended,
        delivered: grant.delivery.is_out().then_some(grant.request.ended),
    }
}
