//! What the human agrees to.

use crate::{
    AuthorizeRequest, ClaimedText, Permission, PermissionSet, PolicyKind, StoreId, Timestamp, UserId,
};

/// What the human chose on the sheet or the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Whose key it shall be.
    pub owner: UserId,
    /// The chosen stores; none unless the request lets the human choose.
    pub stores: Vec<StoreId>,
    /// The whole grant, where it is not just what was asked. Only for a request that is not strict.
    pub permissions: Option<PermissionSet>,
    /// The key's name for the admin; may be empty.
    pub label: String,
    /// When the key shall end by itself.
    pub expires: Option<Timestamp>,
}

/// What a key is minted from. Only [`build`](Self::build) makes one, and never wider than its request allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    owner: UserId,
    permissions: PermissionSet,
    label: String,
    expires: Option<Timestamp>,
}

/// Why a choice does not fit its request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConsentError {
    /// Permissions were asked and none of them is known here.
    #[error(
        "none of the permissions asked is known, so there is nothing to grant: the request can only be refused"
    )]
    NothingToGrant,
    /// A strict request is granted exactly or not at all.
    #[error("the request is strict: its permissions are granted exactly as asked, or it is refused")]
    StrictRequest,
    /// An added policy that is not in the catalogue.
    #[error("the permission {0} is not known")]
    UnknownPermission(Permission),
    /// A policy that was asked for one store, chosen for others; or a scope that is neither chosen nor asked.
    #[error("{0} reaches further than what was asked and chosen")]
    Wider(Permission),
    /// Stores have to be chosen.
    #[error("at least one store has to be chosen")]
    StoreNeeded,
    /// Stores were chosen for a request that leaves no such choice.
    #[error("the request does not let stores be chosen")]
    StoresNotAsked,
}

impl ConsentError {
    /// The part of the choice that has to change.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::NothingToGrant | Self::StrictRequest | Self::UnknownPermission(_) | Self::Wider(_) => {
                "permissions"
            }
            Self::StoreNeeded | Self::StoresNotAsked => "stores",
        }
    }
}

impl Consent {
    /// Turns a choice into a consent. Where stores are chosen, each store permission without a scope becomes one per
    /// chosen store; a scope that was asked stays. The label is neutralised and cut like every text that may have
    /// come from an asker.
    ///
    /// Whether the owner belongs to the stores is for the caller to check.
    ///
    /// # Errors
    /// [`ConsentError`]: nothing to grant, then the permissions, then the stores.
    pub fn build(request: &AuthorizeRequest, choice: Choice) -> Result<Self, ConsentError> {
        if request.only_unknown() {
            return Err(ConsentError::NothingToGrant);
        }
        let chosen = chosen_permissions(request, &choice)?;
        let permissions = narrow(request, &chosen, &choice.stores)?;
        let label = ClaimedText::new(&choice.label).map_or_else(String::new, |label| label.to_string());
        Ok(Self { owner: choice.owner, permissions, label, expires: choice.expires })
    }

    /// Whose key it will be.
    #[must_use]
    pub fn owner(&self) -> &UserId {
        &self.owner
    }

    /// What the key will be allowed to do.
    #[must_use]
    pub fn permissions(&self) -> &PermissionSet {
        &self.permissions
    }

    /// The key's name for the admin; may be empty, at most 200 characters.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// When the key will end by itself.
    #[must_use]
    pub fn expires(&self) -> Option<Timestamp> {
        self.expires
    }
}

/// The permissions before the stores are put in.
fn chosen_permissions(request: &AuthorizeRequest, choice: &Choice) -> Result<PermissionSet, ConsentError> {
    let asked = request.permissions();
    let Some(chosen) = &choice.permissions else { return Ok(asked.clone()) };
    if request.is_strict() {
        let as_asked = chosen == asked || *chosen == narrowed(request, asked, &choice.stores);
        return if as_asked { Ok(asked.clone()) } else { Err(ConsentError::StrictRequest) };
    }
    for permission in chosen {
        check_chosen(request, permission, &choice.stores)?;
    }
    Ok(chosen.clone())
}

/// A human may add what was not asked; a scope that was asked stays one, and where stores are chosen there are no
/// others.
fn check_chosen(
    request: &AuthorizeRequest,
    permission: &Permission,
    stores: &[StoreId],
) -> Result<(), ConsentError> {
    if !permission.is_known() {
        return Err(ConsentError::UnknownPermission(permission.clone()));
    }
    if permission.policy().kind() != PolicyKind::Store || request.permissions().contains(permission) {
        return Ok(());
    }
    let mut asked =
        request.permissions().iter().filter(|asked| asked.policy() == permission.policy()).peekable();
    let only_with_other_scopes = asked.peek().is_some() && asked.all(|asked| asked.scope().is_some());
    let foreign_store =
        request.is_selective() && permission.scope().is_some_and(|scope| !stores.contains(scope));
    if only_with_other_scopes || foreign_store {
        return Err(ConsentError::Wider(permission.clone()));
    }
    Ok(())
}

fn narrow(
    request: &AuthorizeRequest,
    chosen: &PermissionSet,
    stores: &[StoreId],
) -> Result<PermissionSet, ConsentError> {
    if !request.is_selective() && !stores.is_empty() {
        return Err(ConsentError::StoresNotAsked);
    }
    if request.is_selective() && stores.is_empty() && chosen.has_unscoped_store_policy() {
        return Err(ConsentError::StoreNeeded);
    }
    Ok(narrowed(request, chosen, stores))
}

fn narrowed(request: &AuthorizeRequest, permissions: &PermissionSet, stores: &[StoreId]) -> PermissionSet {
    if request.is_selective() { permissions.narrowed_to(stores) } else { permissions.clone() }
}

#[cfg(test)]
mod tests;
