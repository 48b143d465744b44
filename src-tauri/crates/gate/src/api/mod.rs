//! The Greenfield endpoints the gate serves, as BTCPay Server 2.4.1 speaks them.

mod body;
mod error;
mod keys;
mod server;
mod sign_in;
mod wish;

#[cfg(test)]
pub(crate) use server::SPOKEN_VERSION;

use domain::Policy;

use crate::{
    gate::Gate,
    http::{Request, Response},
    table::served,
};

/// A call of the Greenfield API. The texts are path segments, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ApiCall {
    /// `Health_GetHealth`
    Health,
    /// `ServerInfo_GetServerInfo`
    ServerInfo,
    /// `ApiKeys_GetCurrentApiKey`
    CurrentKey,
    /// `ApiKeys_DeleteCurrentApiKey`
    RevokeCurrentKey,
    /// `ApiKeys_CreateApiKey`
    CreateKey,
    /// `ApiKeys_DeleteApiKey`
    RevokeKey { key: String },
    /// `Users_CreateUser`, which is not served to anybody yet, and never to nobody.
    CreateUser,
    /// `ApiKeys_CreateUserApiKey`
    CreateUserKey { user: String },
    /// `ApiKeys_DeleteUserApiKey`
    RevokeUserKey { user: String, key: String },
}

// The segments below `/api/v1`.
served! { ApiCall:
    ["api-keys"] => POST CreateKey;
    ["api-keys", "current"] => GET CurrentKey, DELETE RevokeCurrentKey;
    ["api-keys", key] => DELETE RevokeKey { key };
    ["users"] => POST CreateUser;
    ["users", user, "api-keys"] => POST CreateUserKey { user };
    ["users", user, "api-keys", key] => DELETE RevokeUserKey { user, key };
    ["health"] => GET Health;
    ["server", "info"] => GET ServerInfo;
}

impl Gate {
    pub(crate) async fn api(&self, request: &Request, call: ApiCall) -> Response {
        let answer = match call {
            ApiCall::Health => Ok(server::health()),
            ApiCall::ServerInfo => self.server_info(request).await,
            ApiCall::CurrentKey => self.current_key(request).await,
            ApiCall::RevokeCurrentKey => self.revoke_current_key(request).await,
            ApiCall::CreateKey => self.create_key(request).await,
            ApiCall::RevokeKey { key } => self.revoke_key(request, &key).await,
            ApiCall::CreateUser => self.create_user(request).await,
            ApiCall::CreateUserKey { user } => self.create_user_key(request, &user).await,
            ApiCall::RevokeUserKey { user, key } => self.revoke_user_key(request, &user, &key).await,
        };
        answer.unwrap_or_else(|error| error.answer())
    }
}

/// What it takes to make and revoke keys of one's own.
const OWN_KEYS: Policy = Policy::UNRESTRICTED;
/// What it takes to do that for any user.
const ALL_KEYS: Policy = Policy::MANAGE_USERS;
