//! Callers of the Greenfield endpoints: who they are, and what they may do with keys.

use domain::{
    Actor, ApiKey, Email, Ending, KeyId, KeySecret, Password, Permission, PermissionSet, Policy, PolicyKind,
    User,
};

use crate::{CallError, Caller, Code, Desk, ports::NewKey};

/// Somebody who has signed in at the gate.
#[derive(Debug, Clone)]
pub struct Principal {
    /// The user acted for.
    pub user: User,
    /// How they signed in.
    pub via: Via,
}

/// How a caller of the gate has signed in.
#[derive(Debug, Clone)]
pub enum Via {
    /// With an API key.
    Key(Box<ApiKey>),
    /// With e-mail and password: gives `unrestricted` (Greenfield, Basic authentication).
    Basic,
}

/// Why a caller is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// No key has this token, or it has ended.
    #[error("ApiKey authentication failed: Unknown API Key")]
    UnknownKey,
    /// The key's user is disabled.
    #[error("ApiKey authentication failed: Your user account is currently disabled.")]
    KeyOfDisabledUser,
    /// Wrong password, or no such user: not told apart.
    #[error("Basic authentication failed: User not found or invalid password")]
    WrongPassword,
    /// The user is disabled.
    #[error("Basic authentication failed: Your user account is currently disabled.")]
    DisabledUser,
    /// Signing in with a password is switched off.
    #[error("Basic authentication is switched off in Fieldgate. Please use authentication with API Keys.")]
    BasicOff,
    /// The store could not be read.
    #[error("the store could not be read")]
    Failed,
}

/// Why a caller of the key endpoints does not get what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiError {
    /// The key, or the user, may not do that; the policy that is missing.
    MissingPermission(Policy),
    /// No user of this id or e-mail.
    UserNotFound,
    /// No such key, or not this user's.
    KeyNotFound,
    /// The vault is locked: keys can end but not begin.
    Locked,
    /// Something broke.
    Failed(CallError),
}

impl From<CallError> for ApiError {
    fn from(error: CallError) -> Self {
        if error.code == Code::Locked { Self::Locked } else { Self::Failed(error) }
    }
}

/// A key as it is asked for over the API.
#[derive(Debug, Clone, Default)]
pub struct KeyWish {
    /// Its label; empty when absent.
    pub label: String,
    /// What it may do. Policies nobody knows are kept and never match.
    pub permissions: PermissionSet,
}

/// A key named by a caller: by handle, or by the token itself.
#[derive(Debug, Clone)]
pub enum KeyName {
    /// The public handle.
    Id(KeyId),
    /// The token.
    Secret(KeySecret),
}

impl KeyName {
    /// Reads a path segment: handles begin with `akid_`, everything else is a token.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text.parse() {
            Ok(id) if text.starts_with("akid_") => Self::Id(id),
            Ok(_) | Err(_) => Self::Secret(KeySecret::presented(text)),
        }
    }
}

impl Principal {
    /// What the caller's key allows, before the user's own rights are looked at.
    #[must_use]
    pub fn permissions(&self) -> PermissionSet {
        match &self.via {
            Via::Key(key) => key.permissions.clone(),
            Via::Basic => [Permission::new(Policy::UNRESTRICTED)].into_iter().collect(),
        }
    }

    /// Demands an unscoped policy: the key must have it, and for a server policy the user must be an admin.
    ///
    /// # Errors
    /// [`ApiError::MissingPermission`].
    pub fn demand(&self, policy: Policy) -> Result<(), ApiError> {
        let by_key = self.permissions().covers(&Permission::new(policy.clone()));
        let by_user = policy.kind() != PolicyKind::Server || self.user.is_admin;
        if by_key && by_user { Ok(()) } else { Err(ApiError::MissingPermission(policy)) }
    }

    fn is_unrestricted(&self) -> bool {
        self.demand(Policy::UNRESTRICTED).is_ok()
    }

    fn actor(&self) -> Actor {
        match &self.via {
            Via::Key(key) => Actor::Key { id: key.id.clone() },
            Via::Basic => Actor::Basic { user: self.user.id.clone() },
        }
    }
}

impl Desk {
    /// Signs in with a key (`Authorization: token …`). Looks at memory only; works while locked.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn sign_in_with_key(&self, secret: &KeySecret) -> Result<Principal, SignInError> {
        let now = self.clock.now();
        let key = {
            let index = self.index();
            index.recognise(secret).filter(|key| key.ended.is_none() && !index.is_damaged(&key.id)).cloned()
        };
        let key = key.ok_or(SignInError::UnknownKey)?;
        if key.is_overdue(now) {
            if let Err(error) = self.end_key(&Caller::DESK, &key.id, Ending::Expired, Actor::Fieldgate).await
            {
                tracing::error!(%error, key = %key.id, "an expired key could not be written down");
            }
            return Err(SignInError::UnknownKey);
        }
        let user = self.people().user(&key.owner).cloned().ok_or(SignInError::UnknownKey)?;
        if user.disabled {
            return Err(SignInError::KeyOfDisabledUser);
        }
        self.uses().touch(&key.id, now);
        Ok(Principal { user, via: Via::Key(Box::new(key)) })
    }

    /// Signs in with e-mail and password (RFC 7617). Works while locked.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn sign_in_with_password(
        &self,
        email: &Email,
        password: Password,
    ) -> Result<Principal, SignInError> {
        if !self.set_up().basic {
            return Err(SignInError::BasicOff);
        }
        let _permit = self.login_permit.acquire().await;
        let user = self.people().by_email(email).cloned();
        let id = user.as_ref().map(|user| user.id.clone());
        let checked = self.read(move |keyring| keyring.check_password(id.as_ref(), &password)).await;
        let right = checked.map_err(|_| SignInError::Failed)?;
        let user = user.filter(|_| right).ok_or(SignInError::WrongPassword)?;
        if user.disabled { Err(SignInError::DisabledUser) } else { Ok(Principal { user, via: Via::Basic }) }
    }

    /// Makes a key for the caller itself (Greenfield `ApiKeys_CreateApiKey`).
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn mint_own(&self, caller: &Principal, wish: KeyWish) -> Result<NewKey, ApiError> {
        caller.demand(Policy::UNRESTRICTED)?;
        self.mint(caller, &caller.user, wish).await
    }

    /// Makes a key for any user (Greenfield `ApiKeys_CreateUserApiKey`).
    ///
    /// # Errors
    /// [`ApiError`]. A key that is not `unrestricted` never mints what it could not do itself: for its own user
    /// nothing wider than itself, for others nothing `unrestricted` and no server policy it lacks.
    pub async fn mint_for(&self, caller: &Principal, owner: &str, wish: KeyWish) -> Result<NewKey, ApiError> {
        caller.demand(Policy::MANAGE_USERS)?;
        let owner = self.people().find(owner).cloned().ok_or(ApiError::UserNotFound)?;
        if let Some(missing) = beyond_the_caller(caller, &owner, &wish.permissions) {
            return Err(ApiError::MissingPermission(missing));
        }
        self.mint(caller, &owner, wish).await
    }

    async fn mint(&self, caller: &Principal, owner: &User, wish: KeyWish) -> Result<NewKey, ApiError> {
        // Its end is no later than the end of the key that makes it.
        let expires = match &caller.via {
            Via::Key(key) => key.expires,
            Via::Basic => None,
        };
        let new = self.new_key(owner.id.clone(), wish.label, wish.permissions, expires)?;
        self.keep_key(&Caller::DESK, new.clone(), caller.actor()).await?;
        Ok(new)
    }

    /// Revokes the key that signed in (Greenfield `ApiKeys_DeleteCurrentApiKey`).
    ///
    /// # Errors
    /// [`ApiError::KeyNotFound`] for a caller that signed in without one.
    pub async fn revoke_current(&self, caller: &Principal) -> Result<(), ApiError> {
        let Via::Key(key) = &caller.via else { return Err(ApiError::KeyNotFound) };
        self.end_key(&Caller::DESK, &key.id, Ending::Revoked, caller.actor()).await?;
        Ok(())
    }

    /// Revokes a key of the caller's own (Greenfield `ApiKeys_DeleteApiKey`).
    ///
    /// # Errors
    /// [`ApiError`]; a key of somebody else's is not found.
    pub async fn revoke_own(&self, caller: &Principal, key: &KeyName) -> Result<(), ApiError> {
        caller.demand(Policy::UNRESTRICTED)?;
        self.revoke(caller, &caller.user, key).await
    }

    /// Revokes a key of any user (Greenfield `ApiKeys_DeleteUserApiKey`).
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn revoke_for(&self, caller: &Principal, owner: &str, key: &KeyName) -> Result<(), ApiError> {
        caller.demand(Policy::MANAGE_USERS)?;
        let owner = self.people().find(owner).cloned().ok_or(ApiError::UserNotFound)?;
        self.revoke(caller, &owner, key).await
    }

    async fn revoke(&self, caller: &Principal, owner: &User, key: &KeyName) -> Result<(), ApiError> {
        let id = {
            let index = self.index();
            let named = match key {
                KeyName::Id(id) => index.get(id),
                KeyName::Secret(secret) => index.recognise(secret),
            };
            let theirs = named.filter(|key| key.owner == owner.id && key.ended.is_none());
            theirs.map(|key| key.id.clone()).ok_or(ApiError::KeyNotFound)?
        };
        self.end_key(&Caller::DESK, &id, Ending::Revoked, caller.actor()).await?;
        Ok(())
    }
}

/// The first policy of `wanted` that a restricted caller may not hand out to `owner`.
fn beyond_the_caller(caller: &Principal, owner: &User, wanted: &PermissionSet) -> Option<Policy> {
    if caller.is_unrestricted() {
        return None;
    }
    let held = caller.permissions();
    let for_itself = owner.id == caller.user.id;
    let handed_out = |permission: &&Permission| {
        let guarded = matches!(permission.policy().kind(), PolicyKind::Unrestricted | PolicyKind::Server);
        (for_itself || guarded) && !held.covers(permission)
    };
    wanted.iter().find(handed_out).map(|permission| permission.policy().clone())
}
