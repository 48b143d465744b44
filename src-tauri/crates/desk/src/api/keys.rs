//! Keys over the API: for oneself, and for others.

use domain::{Demand, Ending, KeyId, KeySecret, Permission, PermissionSet, Policy, Reach, Tier, User};

use super::{ApiError, Principal, Via, error_as};
use crate::{Caller, Code, Desk, ports::NewKey, writing::Writer};

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

impl Desk {
    /// Makes a key for the caller itself (Greenfield `ApiKeys_CreateApiKey`).
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn mint_own(&self, caller: &Principal, wish: KeyWish) -> Result<NewKey, ApiError> {
        let (writer, caller) = self.turn_of(caller).await?;
        self.demand(&caller, Policy::UNRESTRICTED)?;
        self.mint(&writer, &caller, &caller.user, wish).await
    }

    /// Makes a key for any user (Greenfield `ApiKeys_CreateUserApiKey`).
    ///
    /// # Errors
    /// [`ApiError`]. A key that is not `unrestricted` never mints what it could not do itself: for its own user
    /// nothing wider than itself, for others no policy of the tier Administer that it lacks.
    pub async fn mint_for(&self, caller: &Principal, owner: &str, wish: KeyWish) -> Result<NewKey, ApiError> {
        let (writer, caller) = self.turn_of(caller).await?;
        self.demand(&caller, Policy::MANAGE_USERS)?;
        let owner = self.people().find(owner).cloned().ok_or(ApiError::UserNotFound)?;
        self.demand_to_hand_out(&caller, &owner, &wish.permissions)?;
        self.mint(&writer, &caller, &owner, wish).await
    }

    /// Demands that `caller` may hand out `wanted` to `owner`. What it hands out because it has it counts as used.
    fn demand_to_hand_out(
        &self,
        caller: &Principal,
        owner: &User,
        wanted: &PermissionSet,
    ) -> Result<(), ApiError> {
        if let Some(missing) = beyond_the_caller(caller, owner, wanted) {
            return Err(ApiError::MissingPermission(missing));
        }
        let held = caller.permissions();
        for permission in wanted.iter().filter(|one| is_guarded(caller, owner, one)) {
            let demand = if held.covers(permission) {
                Demand::of(permission)
            } else {
                // Only `unrestricted` lets that pass.
                Demand { policy: Policy::UNRESTRICTED, reach: Reach::Everything }
            };
            self.count_use(caller, demand);
        }
        Ok(())
    }

    async fn mint(
        &self,
        writer: &Writer<'_>,
        caller: &Principal,
        owner: &User,
        wish: KeyWish,
    ) -> Result<NewKey, ApiError> {
        // Its end is no later than the end of the key that makes it.
        let expires = match &caller.via {
            Via::Key(key) => key.expires,
            Via::Basic => None,
        };
        let new = self.new_key(owner.id.clone(), wish.label, wish.permissions, expires)?;
        let kept = self.keep_key(writer, &Caller::DESK, new.clone(), caller.actor()).await;
        kept.map_err(|error| error_as(error, Code::NotFound, ApiError::UserNotFound))?;
        Ok(new)
    }

    /// Revokes the key that signed in (Greenfield `ApiKeys_DeleteCurrentApiKey`).
    ///
    /// # Errors
    /// [`ApiError::KeyNotFound`] for a caller that signed in without one.
    pub async fn revoke_current(&self, caller: &Principal) -> Result<(), ApiError> {
        let (writer, caller) = self.turn_of(caller).await?;
        let Via::Key(key) = &caller.via else { return Err(ApiError::KeyNotFound) };
        self.end_key_in(&writer, &Caller::DESK, &key.id, Ending::Revoked, caller.actor()).await?;
        Ok(())
    }

    /// Revokes a key of the caller's own (Greenfield `ApiKeys_DeleteApiKey`).
    ///
    /// # Errors
    /// [`ApiError`]; a key of somebody else's is not found.
    pub async fn revoke_own(&self, caller: &Principal, key: &KeyName) -> Result<(), ApiError> {
        let (writer, caller) = self.turn_of(caller).await?;
        self.demand(&caller, Policy::UNRESTRICTED)?;
        self.revoke(&writer, &caller, &caller.user, key).await
    }

    /// Revokes a key of any user (Greenfield `ApiKeys_DeleteUserApiKey`).
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn revoke_for(&self, caller: &Principal, owner: &str, key: &KeyName) -> Result<(), ApiError> {
        let (writer, caller) = self.turn_of(caller).await?;
        self.demand(&caller, Policy::MANAGE_USERS)?;
        let owner = self.people().find(owner).cloned().ok_or(ApiError::UserNotFound)?;
        self.revoke(&writer, &caller, &owner, key).await
    }

    async fn revoke(
        &self,
        writer: &Writer<'_>,
        caller: &Principal,
        owner: &User,
        key: &KeyName,
    ) -> Result<(), ApiError> {
        let id = {
            let index = self.index();
            let named = match key {
                KeyName::Id(id) => index.get(id),
                KeyName::Secret(secret) => index.recognise(secret),
            };
            let theirs = named.filter(|key| key.owner == owner.id && key.ended.is_none());
            theirs.map(|key| key.id.clone()).ok_or(ApiError::KeyNotFound)?
        };
        self.end_key_in(writer, &Caller::DESK, &id, Ending::Revoked, caller.actor()).await?;
        Ok(())
    }
}

/// The first policy of `wanted` that a restricted caller may not hand out to `owner`: for itself nothing that it lacks,
/// for others nothing of the highest tier that it lacks.
fn beyond_the_caller(caller: &Principal, owner: &User, wanted: &PermissionSet) -> Option<Policy> {
    if caller.is_unrestricted() {
        return None;
    }
    let held = caller.permissions();
    let beyond = |permission: &&Permission| is_guarded(caller, owner, permission) && !held.covers(permission);
    wanted.iter().find(beyond).map(|permission| permission.policy().clone())
}

/// Whether a caller hands this out to `owner` only if it has it.
fn is_guarded(caller: &Principal, owner: &User, permission: &Permission) -> bool {
    let for_itself = owner.id == caller.user.id;
    for_itself || Tier::of(permission.policy()) == Tier::Administer
}
