//! Keys by hand: make, show, end.

use std::{collections::HashSet, sync::Arc};

use domain::{
    Action, Actor, ApiKey, BadPermission, Ending, Issuer, KeyEnd, KeyId, KeySecret, Permission,
    PermissionSet, Timestamp, UserId,
};

use crate::{
    CallError, Caller, Desk,
    calls::{CreatedKeyView, KeyCreate, KeyDetailView, KeyShow, KeyState, KeyView, Revealed},
    desk::off_thread,
    editing::{fit_end, fit_label},
    people::People,
    ports::{NewKey, StoredKey},
    random,
    writing::Writer,
};

impl Desk {
    pub(crate) async fn key_create(
        self: &Arc<Self>,
        caller: &Caller,
        args: KeyCreate,
    ) -> Result<CreatedKeyView, CallError> {
        let owner = self.people().named(&args.user, "user")?.id.clone();
        local_only(args.issuer.as_ref())?;
        let permissions = known_permissions(&args.permissions)?;
        let key = self.new_key(owner, args.label, permissions, args.expires)?;
        self.keep_key(&self.writer().await, caller, key.clone(), self.actor(caller)).await?;
        Ok(CreatedKeyView {
            id: key.key.id.clone(),
            api_key: Revealed::new(key.secret.expose().to_owned()),
            label: key.key.label.clone(),
            permissions: written(&key.key.permissions),
        })
    }

    pub(crate) async fn key_show(
        self: &Arc<Self>,
        caller: &Caller,
        args: KeyShow,
    ) -> Result<KeyDetailView, CallError> {
        let open = self.openings.of(caller)?;
        let key = self.index().get(&args.id).cloned().ok_or_else(no_such_key)?;
        let (view, id) =
            (self.key_view(&key, &self.people(), &*self.never_collected().await?), key.id.clone());
        let mut detail = KeyDetailView {
            key: view,
            usage: self.usage_views(&key).await?,
            handed_over: self.read(move |keyring| keyring.handed_over(&id)).await?,
            replaces: self.succession().before(&key.id),
            api_key: None,
        };
        if !args.reveal {
            return Ok(detail);
        }
        let id = key.id.clone();
        let secret = off_thread(move || open.reveal(&id)).await?;
        let (subject, now) = (key.id.to_string(), self.clock.now());
        let actor = self.actor(caller);
        self.write(move |keyring| keyring.note(Action::KeyRevealed, &subject, now, &actor)).await?;
        detail.api_key = Some(Revealed::new(secret.expose().to_owned()));
        Ok(detail)
    }

    /// A key that nobody has written down yet.
    pub(crate) fn new_key(
        &self,
        owner: UserId,
        label: String,
        permissions: PermissionSet,
        expires: Option<Timestamp>,
    ) -> Result<NewKey, CallError> {
        let created = self.clock.now();
        fit_label(&label)?;
        fit_end(expires, created)?;
        let key = ApiKey {
            id: KeyId::from_random(random()?),
            owner,
            issuer: Issuer::Local,
            label,
            permissions,
            application: None,
            created,
            expires,
            last_used: None,
            ended: None,
        };
        Ok(NewKey { key, secret: KeySecret::from_random(random()?) })
    }

    /// Writes a key down with the vault that `by` has open, then lets it be used.
    pub(crate) async fn keep_key(
        &self,
        writer: &Writer<'_>,
        by: &Caller,
        new: NewKey,
        actor: Actor,
    ) -> Result<(), CallError> {
        let stored = StoredKey { key: new.key.clone(), hash: new.secret.hash() };
        writer.write_open(by, move |open| open.create_key(&new, &actor)).await?;
        self.index_mut().insert(stored);
        self.announce();
        Ok(())
    }

    /// Ends a key when it is its turn. One seen expired is refused at once, and where that cannot be written the sweep
    /// tries again.
    pub(crate) async fn end_key(
        &self,
        by: &Caller,
        id: &KeyId,
        how: Ending,
        actor: Actor,
    ) -> Result<(), CallError> {
        if how == Ending::Expired {
            // Before any waiting: once seen expired, a clock set back revives nothing, written or not.
            self.index_mut().refuse(id, KeyEnd { how, at: self.clock.now() });
        }
        self.end_key_in(&self.writer().await, by, id, how, actor).await
    }

    /// Ends a key: written down first, refused from the next request on. Where `by` has an open vault, the end is
    /// under the key's MAC at once; else the next unlock puts it there.
    pub(crate) async fn end_key_in(
        &self,
        writer: &Writer<'_>,
        by: &Caller,
        id: &KeyId,
        how: Ending,
        actor: Actor,
    ) -> Result<(), CallError> {
        let unwritten = self.index().unwritten_end(id);
        let KeyEnd { how, at } = unwritten.unwrap_or(KeyEnd { how, at: self.clock.now() });
        let key = id.clone();
        match writer.opening(by) {
            Ok(_) => writer.write_open(by, move |open| open.end_key(&key, how, at, &actor)).await?,
            Err(_) => writer.write(move |keyring| keyring.end_key(&key, how, at, &actor)).await?,
        };
        self.index_mut().end(id, how, at);
        self.announce();
        Ok(())
    }

    pub(crate) fn key_view(&self, key: &ApiKey, people: &People, uncollected: &HashSet<KeyId>) -> KeyView {
        let application = key.application.as_ref().and_then(|id| self.register().by_id(id).cloned());
        let first_used = self.succession().first_use(&key.id).cloned();
        KeyView {
            id: key.id.clone(),
            label: key.label.clone(),
            user: key.owner.clone(),
            email: people.user(&key.owner).map(|user| user.email.to_string()).unwrap_or_default(),
            permissions: written(&key.permissions),
            tier: key.permissions.tier(),
            issuer: key.issuer.clone(),
            application: application.as_ref().map(application_name),
            application_id: key.application.clone(),
            created: key.created,
            expires: key.expires,
            last_used: self.last_use(&key.id),
            state: self.key_state(key),
            never_collected: uncollected.contains(&key.id),
            first_used,
            replaced: self.replaced_view(key),
        }
    }

    /// When a key was last presented, written or not.
    pub(crate) fn last_use(&self, id: &KeyId) -> Option<Timestamp> {
        let unwritten = self.uses().last(id);
        unwritten.or_else(|| self.index().get(id)?.last_used)
    }

    pub(crate) fn key_state(&self, key: &ApiKey) -> KeyState {
        let overdue = key.is_overdue(self.clock.now());
        KeyState::of(key.ended.map(|end| end.how), overdue, self.index().is_damaged(&key.id))
    }
}

/// What a person calls an application: the name it gave itself, else what it is recognised by.
pub(crate) fn application_name(application: &domain::Application) -> String {
    application.names.first().cloned().unwrap_or_else(|| application.identity.to_string())
}

/// Permissions as the wire writes them.
pub(crate) fn written(permissions: &PermissionSet) -> Vec<String> {
    permissions.iter().map(ToString::to_string).collect()
}

/// Reads permissions that a person has typed: each has to be one that exists.
pub(crate) fn known_permissions(texts: &[String]) -> Result<PermissionSet, CallError> {
    texts.iter().map(|text| known_permission(text)).collect()
}

pub(crate) fn known_permission(text: &str) -> Result<Permission, CallError> {
    let bad = |why: String| CallError::invalid("permission", format!("{text:?} is not a permission: {why}"));
    let permission = Permission::parse(text).map_err(|error: BadPermission| bad(error.to_string()))?;
    if permission.is_known() { Ok(permission) } else { Err(bad("no such policy".to_owned())) }
}

/// Keys come from the local issuer alone so far.
pub(crate) fn local_only(issuer: Option<&Issuer>) -> Result<(), CallError> {
    match issuer {
        None | Some(Issuer::Local) => Ok(()),
        Some(Issuer::Server(_)) => {
            Err(CallError::invalid("issuer", "no server is connected under this name"))
        }
    }
}

pub(crate) fn no_such_key() -> CallError {
    CallError::not_found("there is no such key").of("id")
}
