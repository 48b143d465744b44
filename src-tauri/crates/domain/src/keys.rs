//! API keys as everybody may know them: a record carries its issuer and never a secret.

use serde::{Deserialize, Serialize};

use crate::{ApplicationId, Issuer, KeyId, PermissionSet, Timestamp, UserId};

/// An API key as everybody may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// Handle.
    pub id: KeyId,
    /// The user it acts for.
    pub owner: UserId,
    /// Who minted it and can revoke it.
    pub issuer: Issuer,
    /// The admin's name for it; may be empty.
    pub label: String,
    /// What it may do, within what its owner may do.
    pub permissions: PermissionSet,
    /// The application it was granted to.
    pub application: Option<ApplicationId>,
    /// When it was minted.
    pub created: Timestamp,
    /// When it ends by itself.
    pub expires: Option<Timestamp>,
    /// When it was last presented.
    pub last_used: Option<Timestamp>,
    /// How it ended, if it did.
    pub ended: Option<KeyEnd>,
}

/// That a key ended. Once written it is never undone, whatever the clock says later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyEnd {
    /// Why.
    pub how: Ending,
    /// When it was written.
    pub at: Timestamp,
}

/// Why a key ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// Somebody revoked it.
    Revoked,
    /// It was seen past its expiry.
    Expired,
}

impl ApiKey {
    /// Whether the key is good at `now`.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ended.is_none() && !self.is_overdue(now)
    }

    /// Whether the key's time has run out, written or not.
    #[must_use]
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|end| end <= now)
    }
}
