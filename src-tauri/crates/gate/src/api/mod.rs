//! The Greenfield endpoints the gate serves, as BTCPay Server 2.4.1 speaks them.

mod body;
mod error;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod guesser;
mod keys;
mod permissions;
mod reading;
mod server;
mod sign_in;
mod store_wish;
mod stores;
mod user_wish;
mod users;
mod wish;

pub(crate) use permissions::all as all_permissions;
#[cfg(test)]
pub(crate) use server::SPOKEN_VERSION;

use domain::Policy;

pub(crate) use guesser::LookUps;

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
    /// `ApiKeys_CreateUserApiKey`
    CreateUserKey { user: String },
    /// `ApiKeys_DeleteUserApiKey`
    RevokeUserKey { user: String, key: String },
    /// `Stores_GetStores`
    Stores,
    /// `Stores_CreateStore`
    CreateStore,
    /// `Stores_GetStore`
    Store { store: String },
    /// `Stores_UpdateStore`
    ChangeStore { store: String },
    /// `Stores_DeleteStore`: the caller leaves it.
    LeaveStore { store: String },
    /// `Stores_GetStoreRoles`
    StoreRoles { store: String },
    /// `Server_GetStoreRoles`
    ServerRoles,

    /// `Users_GetCurrentUser`
    CurrentUser,
    /// `Users_UpdateCurrentUser`
    ChangeCurrentUser,
    /// `Users_DeleteCurrentUser`
    DeleteCurrentUser,
    /// `Users_GetUsers`
    Users,
    /// `Users_CreateUser`
    CreateUser,
    /// `Users_GetUser`
    User { user: String },
    /// `Users_DeleteUser`
    DeleteUser { user: String },
    /// `Users_ToggleUserLock`
    LockUser { user: String },
    /// `Users_ToggleUserApproval`
    ApproveUser { user: String },
}

// The segments below `/api/v1`.
served! { ApiCall:
    ["api-keys"] => POST CreateKey;
    ["api-keys", "current"] => GET CurrentKey, DELETE RevokeCurrentKey;
    ["api-keys", key] => DELETE RevokeKey { key };
    ["users"] => GET Users, POST CreateUser;
    ["users", "me"] => GET CurrentUser, PUT ChangeCurrentUser, DELETE DeleteCurrentUser;
    ["users", user] => GET User { user }, DELETE DeleteUser { user };
    ["users", user, "lock"] => POST LockUser { user };
    ["users", user, "approve"] => POST ApproveUser { user };
    ["users", user, "api-keys"] => POST CreateUserKey { user };
    ["users", user, "api-keys", key] => DELETE RevokeUserKey { user, key };
    ["health"] => GET Health;
    ["server", "info"] => GET ServerInfo;
    ["server", "roles"] => GET ServerRoles;
    ["stores"] => GET Stores, POST CreateStore;
    ["stores", store] => GET Store { store }, PUT ChangeStore { store }, DELETE LeaveStore { store };
    ["stores", store, "roles"] => GET StoreRoles { store };
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
            ApiCall::CreateUserKey { user } => self.create_user_key(request, &user).await,
            ApiCall::RevokeUserKey { user, key } => self.revoke_user_key(request, &user, &key).await,
            ApiCall::Stores => self.stores(request).await,
            ApiCall::CreateStore => self.create_store(request).await,
            ApiCall::Store { store } => self.store(request, &store).await,
            ApiCall::ChangeStore { store } => self.change_store(request, &store).await,
            ApiCall::LeaveStore { store } => self.leave_store(request, &store).await,
            ApiCall::StoreRoles { store } => self.store_roles(request, &store).await,
            ApiCall::ServerRoles => self.server_roles(request).await,

            ApiCall::CurrentUser => self.current_user(request).await,
            ApiCall::ChangeCurrentUser => self.change_current_user(request).await,
            ApiCall::DeleteCurrentUser => self.delete_current_user(request).await,
            ApiCall::Users => self.users(request).await,
            ApiCall::CreateUser => self.create_user(request).await,
            ApiCall::User { user } => self.user(request, &user).await,
            ApiCall::DeleteUser { user } => self.delete_user(request, &user).await,
            ApiCall::LockUser { user } => self.lock_user(request, &user).await,
            ApiCall::ApproveUser { user } => self.approve_user(request, &user).await,
        };
        answer.unwrap_or_else(|error| error.answer())
    }
}

/// What it takes to make and revoke keys of one's own.
const OWN_KEYS: Policy = Policy::UNRESTRICTED;
/// What it takes to do that for any user.
const ALL_KEYS: Policy = Policy::MANAGE_USERS;
