//! The Greenfield endpoints the gate serves, as BTCPay Server 2.4.1 speaks them.

mod body;
mod error;
mod guesser;
mod keys;
mod server;
mod sign_in;
mod wish;

use domain::Policy;

pub(crate) use guesser::LookUps;

use crate::{
    gate::Gate,
    http::{Request, Response},
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

/// What is served at `path`, the segments below `/api/v1`, by method.
pub(crate) fn offers(path: &[&str]) -> Vec<(&'static str, ApiCall)> {
    let owned = |text: &str| text.to_owned();
    match path {
        ["health"] => vec![("GET", ApiCall::Health)],
        ["server", "info"] => vec![("GET", ApiCall::ServerInfo)],
        ["api-keys"] => vec![("POST", ApiCall::CreateKey)],
        ["api-keys", "current"] => vec![("GET", ApiCall::CurrentKey), ("DELETE", ApiCall::RevokeCurrentKey)],
        ["api-keys", key] => vec![("DELETE", ApiCall::RevokeKey { key: owned(key) })],
        ["users"] => vec![("POST", ApiCall::CreateUser)],
        ["users", user, "api-keys"] => vec![("POST", ApiCall::CreateUserKey { user: owned(user) })],
        ["users", user, "api-keys", key] => {
            vec![("DELETE", ApiCall::RevokeUserKey { user: owned(user), key: owned(key) })]
        }
        _ => Vec::new(),
    }
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
