//! What the in-memory store holds.

use std::collections::{HashMap, HashSet};

use domain::{
    Action, Actor, Application, Delivery, Ending, FirstUse, Grant, KeyEnd, KeyHash, KeyId, KeySecret,
    LogEntry, Membership, Remembered, Replacement, RequestId, RequestStatus, Role, Sealed, Settings, StopOld,
    Store, StoreDraft, StoreId, Timestamp, Usage, UserId,
};

use tokio::sync::mpsc::UnboundedSender;

use crate::ports::{
    Damage, EndedRequest, FailedLogins, FirstUsed, KeyChange, KeyUse, KeyringError, NewGrant, NewKey,
    NewUser, RequestRecord, StoredKey, UserChange,
};

#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) users: Vec<NewUser>,
    pub(super) stores: Vec<Store>,
    pub(super) memberships: Vec<Membership>,
    pub(super) keys: Vec<(StoredKey, KeySecret)>,
    pub(super) applications: Vec<Application>,
    pub(super) requests: Vec<RequestRow>,
    pub(super) log: Vec<LogEntry>,
    pub(super) damage: Vec<Damage>,
    pub(super) remembered: Vec<Remembered>,
    pub(super) settings: Settings,
    pub(super) usage: HashMap<KeyId, Usage>,
    pub(super) failed_logins: Vec<FailedLogins>,
    pub(super) replacements: Vec<Replacement>,
    pub(super) first_uses: HashMap<KeyId, FirstUse>,
    pub(super) full: bool,
    /// Whether reading the log word for word fails.
    pub(super) unreadable: bool,
    /// How much of the log is under a seal.
    pub(super) sealed: usize,
    /// Told whenever an open handle is dropped.
    pub(super) wiping: Option<UnboundedSender<()>>,
}

#[derive(Debug)]
pub(super) struct RequestRow {
    pub(super) record: RequestRecord,
    /// Query and collect secret, kept for a grant.
    pub(super) asking: Option<(Sealed, KeyHash)>,
}

impl Rows {
    /// Says no to every write while the disk is full.
    pub(super) fn writable(&mut self) -> Result<&mut Self, KeyringError> {
        if self.full { Err(KeyringError::DiskFull) } else { Ok(self) }
    }

    pub(super) fn note(&mut self, action: Action, subject: &str, at: Timestamp, actor: &Actor) {
        let seq = self.log.len() as u64 + 1;
        let (actor, subject) = (actor.clone(), subject.to_owned());
        self.log.push(LogEntry { seq, at, actor, action, subject, detail: String::new() });
    }

    pub(super) fn seal(&mut self) {
        self.sealed = self.log.len();
    }

    /// Ends a key, and tells it if that is new.
    pub(super) fn tell_end(
        &mut self,
        key: &KeyId,
        how: Ending,
        at: Timestamp,
        actor: &Actor,
    ) -> Result<bool, KeyringError> {
        let first = self.writable()?.end_key(key, how, at)?;
        if first {
            let action = match how {
                Ending::Revoked => Action::KeyRevoked,
                Ending::Expired => Action::KeyExpired,
            };
            self.note(action, key.as_str(), at, actor);
        }
        Ok(first)
    }

    /// Counts the use of a remembered decision, and keeps a new one, as a grant says.
    pub(super) fn repeat(&mut self, grant: &NewGrant) -> Result<(), KeyringError> {
        if let Some(id) = &grant.repeats {
            if self.damage.contains(&Damage::Remembered(id.clone())) {
                return Err(KeyringError::Damaged(format!("the remembered decision {id}")));
            }
            let said = self.remembered.iter_mut().find(|said| said.request == *id);
            let said = said.ok_or(KeyringError::NotFound("remembered decision"))?;
            said.uses += 1;
            said.last_used = Some(grant.request.ended);
        }
        if let Some(new) = &grant.remember {
            self.remembered.retain(|said| said.key != new.key);
            self.remembered
                .push(Remembered { application: grant.request.application.id.clone(), ..new.clone() });
        }
        Ok(())
    }

    /// Writes a request that ended without a grant, and tells it.
    pub(super) fn tell_request(&mut self, request: &EndedRequest, actor: &Actor) -> Result<(), KeyringError> {
        self.writable()?.add_request(request);
        let refused = request.status == RequestStatus::Refused;
        let action = if refused { Action::RequestRefused } else { Action::RequestEnded };
        self.note(action, request.id.as_str(), request.ended, actor);
        Ok(())
    }

    /// Changes a user, and tells each change.
    pub(super) fn change_user(
        &mut self,
        id: &UserId,
        changes: &[UserChange],
        at: Timestamp,
        actor: &Actor,
    ) -> Result<(), KeyringError> {
        let mut row = self.writable()?.user(id)?.clone();
        let actions: Vec<Action> = changes.iter().map(|change| apply(&mut row, change)).collect();
        if self.users.iter().any(|other| other.user.id != *id && other.user.email == row.user.email) {
            return Err(KeyringError::Duplicate("email"));
        }
        *self.user(id)? = row;
        for action in actions {
            self.note(action, id.as_str(), at, actor);
        }
        Ok(())
    }

    /// Deletes a user and all that is the user's, and tells it.
    pub(super) fn delete_user(
        &mut self,
        id: &UserId,
        at: Timestamp,
        actor: &Actor,
    ) -> Result<(), KeyringError> {
        self.writable()?.user(id)?;
        let live = self.keys.iter().filter(|(it, _)| it.key.owner == *id && it.key.ended.is_none());
        let live: Vec<KeyId> = live.map(|(stored, _)| stored.key.id.clone()).collect();
        for key in &live {
            self.tell_end(key, Ending::Revoked, at, actor)?;
        }
        for store in self.stores_of(id) {
            self.tell_leaving(&store, id, at, actor)?;
        }
        self.users.retain(|row| row.user.id != *id);
        self.keys.retain(|(stored, _)| stored.key.owner != *id);
        for row in &mut self.requests {
            row.record.grant.take_if(|grant| grant.owner == *id);
        }
        self.note(Action::UserDeleted, id.as_str(), at, actor);
        Ok(())
    }

    /// Takes a member out, and tells it; the store ends with its last member.
    pub(super) fn tell_leaving(
        &mut self,
        store: &StoreId,
        user: &UserId,
        at: Timestamp,
        actor: &Actor,
    ) -> Result<(), KeyringError> {
        let store_ended = self.remove_member(store, user)?;
        self.note(Action::MemberRemoved, store.as_str(), at, actor);
        if store_ended {
            self.note(Action::StoreRemoved, store.as_str(), at, actor);
        }
        Ok(())
    }

    fn stores_of(&self, user: &UserId) -> Vec<StoreId> {
        self.memberships.iter().filter(|m| m.user == *user).map(|m| m.store.clone()).collect()
    }

    fn user(&mut self, id: &UserId) -> Result<&mut NewUser, KeyringError> {
        self.users.iter_mut().find(|row| row.user.id == *id).ok_or(KeyringError::NotFound("user"))
    }

    pub(super) fn keep_application(&mut self, application: &Application) {
        match self.applications.iter_mut().find(|known| known.id == application.id) {
            Some(known) => *known = application.clone(),
            None => self.applications.push(application.clone()),
        }
    }

    pub(super) fn change_store(&mut self, id: &StoreId, draft: &StoreDraft) -> Result<(), KeyringError> {
        let store = self.stores.iter_mut().find(|store| store.id == *id);
        let store = store.ok_or(KeyringError::NotFound("store"))?;
        draft.name().clone_into(&mut store.name);
        store.settings = draft.settings().clone();
        Ok(())
    }

    /// Says what happened: a new member, or another role.
    pub(super) fn set_member(
        &mut self,
        store: &StoreId,
        user: &UserId,
        role: Role,
    ) -> Result<Action, KeyringError> {
        self.user(user)?;
        if !self.stores.iter().any(|kept| kept.id == *store) {
            return Err(KeyringError::NotFound("store"));
        }
        self.damage.retain(|row| *row != Damage::Membership(store.clone(), user.clone()));
        if let Some(member) = self.memberships.iter_mut().find(|m| m.store == *store && m.user == *user) {
            member.role = role;
            return Ok(Action::MemberChanged);
        }
        self.memberships.push(Membership { store: store.clone(), user: user.clone(), role });
        Ok(Action::MemberAdded)
    }

    /// Says whether the store has ended, too.
    fn remove_member(&mut self, store: &StoreId, user: &UserId) -> Result<bool, KeyringError> {
        let before = self.memberships.len();
        self.memberships.retain(|m| m.store != *store || m.user != *user);
        if self.memberships.len() == before {
            return Err(KeyringError::NotFound("member"));
        }
        let last = self.memberships.iter().all(|m| m.store != *store);
        self.stores.retain(|kept| !last || kept.id != *store);
        Ok(last)
    }

    pub(super) fn add_key(&mut self, new: &NewKey) -> Result<(), KeyringError> {
        if self.keys.iter().any(|(stored, _)| stored.key.id == new.key.id) {
            return Err(KeyringError::Duplicate("key"));
        }
        self.keys.push((StoredKey { key: new.key.clone(), hash: new.secret.hash() }, new.secret.clone()));
        Ok(())
    }

    pub(super) fn change_key(&mut self, change: &KeyChange) -> Result<(), KeyringError> {
        let found = self.keys.iter_mut().map(|(stored, _)| &mut stored.key).find(|key| key.id == change.key);
        let key = found.filter(|key| key.ended.is_none()).ok_or(KeyringError::NotFound("live key"))?;
        key.label.clone_from(&change.label);
        key.permissions.clone_from(&change.permissions);
        key.expires = change.expires;
        Ok(())
    }

    pub(super) fn add_uses(&mut self, used: &[KeyUse]) {
        for used in used {
            let Some((stored, _)) = self.keys.iter_mut().find(|(stored, _)| stored.key.id == used.key) else {
                continue;
            };
            stored.key.last_used = stored.key.last_used.max(Some(used.last));
            self.usage.entry(used.key.clone()).or_default().extend(used.granted.clone());
        }
    }

    /// Says that a key is replaced, and tells it. The new one is there.
    pub(super) fn replace(&mut self, row: &Replacement, actor: &Actor) -> Result<(), KeyringError> {
        let old = self.keys.iter_mut().map(|(stored, _)| &mut stored.key).find(|key| key.id == row.old);
        let old = old.filter(|key| key.is_live(row.at)).ok_or(KeyringError::NotFound("live key"))?;
        old.expires = row.end_of_old(old.expires);
        self.replacements.push(row.clone());
        self.note(Action::KeyReplaced, row.old.as_str(), row.at, actor);
        match row.stop {
            StopOld::Now => self.tell_end(&row.old, Ending::Revoked, row.at, actor).map(drop),
            StopOld::FirstUse | StopOld::InADay => Ok(()),
        }
    }

    /// Writes first uses and what stops with them.
    pub(super) fn add_first_uses(&mut self, used: &[FirstUsed]) -> Result<(), KeyringError> {
        let there: HashSet<KeyId> = self.keys.iter().map(|(stored, _)| stored.key.id.clone()).collect();
        for FirstUsed { key, first, stopped } in used.iter().filter(|used| there.contains(&used.key)) {
            let kept = self.writable()?.first_uses.entry(key.clone()).or_insert_with(|| first.clone());
            kept.by = kept.by.take().or_else(|| first.by.clone());
            self.add_uses(&[KeyUse { key: key.clone(), last: first.at, granted: Usage::default() }]);
            for old in stopped.iter().filter(|old| there.contains(old)) {
                self.tell_end(old, Ending::Revoked, first.at, &Actor::Fieldgate)?;
            }
        }
        Ok(())
    }

    fn end_key(&mut self, id: &KeyId, how: Ending, at: Timestamp) -> Result<bool, KeyringError> {
        let found = self.keys.iter_mut().find(|(stored, _)| stored.key.id == *id);
        let (stored, _) = found.ok_or(KeyringError::NotFound("key"))?;
        let first = stored.key.ended.is_none();
        stored.key.ended.get_or_insert(KeyEnd { how, at });
        Ok(first)
    }

    fn add_request(&mut self, request: &EndedRequest) {
        self.keep_application(&request.application);
        let record = RequestRecord { request: request.clone(), grant: None };
        self.requests.push(RequestRow { record, asking: None });
    }

    pub(super) fn grant_of(&mut self, id: &RequestId) -> Result<&mut Grant, KeyringError> {
        let mut grants = self.requests.iter_mut().filter_map(|row| row.record.grant.as_mut());
        grants.find(|grant| grant.request == *id).ok_or(KeyringError::NotFound("grant"))
    }

    pub(super) fn set_delivery(
        &mut self,
        id: &RequestId,
        how: Delivery,
        at: Timestamp,
    ) -> Result<(), KeyringError> {
        let grant = self.grant_of(id)?;
        if how.is_out() || !grant.delivery.is_out() {
            grant.delivery = how;
            grant.delivered = how.is_out().then_some(at);
        }
        Ok(())
    }
}

fn apply(row: &mut NewUser, change: &UserChange) -> Action {
    let user = &mut row.user;
    match change.clone() {
        UserChange::Email(email) => user.email = email,
        UserChange::Name(name) => user.name = name,
        UserChange::ImageUrl(url) => user.image_url = url,
        UserChange::Password(password) => {
            user.has_password = password.is_some();
            row.password = password;
        }
        UserChange::Admin(admin) => user.is_admin = admin,
        UserChange::Disabled(disabled) => user.disabled = disabled,
    }
    match change {
        UserChange::Email(_) | UserChange::Name(_) | UserChange::ImageUrl(_) => Action::UserChanged,
        UserChange::Password(_) => Action::PasswordChanged,
        UserChange::Admin(true) => Action::UserPromoted,
        UserChange::Admin(false) => Action::UserDemoted,
        UserChange::Disabled(true) => Action::UserDisabled,
        UserChange::Disabled(false) => Action::UserEnabled,
    }
}
