//! Callers of the Greenfield endpoints: who they are, and what they may do.

mod guessing;
mod keys;
mod pace;
mod sign_in;
mod stores;
mod users;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{Actor, ApiKey, Demand, Permission, PermissionSet, Policy, Reach, Rights, StoreId, User};

use crate::{CallError, Code, Desk};

pub use guessing::Peer;
pub(crate) use guessing::recalled;
pub use keys::{KeyName, KeyWish};
pub(crate) use pace::Pace;
pub use sign_in::SignInError;
pub use users::ProfileWish;

/// Somebody who has signed in at the gate.
#[derive(Debug, Clone)]
pub struct Principal {
    /// The user acted for.
    pub user: User,
    /// How they signed in.
    pub via: Via,
    /// Whether the key was never used before.
    first_use: bool,
    /// What this call was granted so far. Somebody signs in for one call, which may demand the same more than once;
    /// it counts as one use.
    counted: Arc<Mutex<HashSet<Demand>>>,
}

/// How a caller of the gate has signed in.
#[derive(Debug, Clone)]
pub enum Via {
    /// With an API key.
    Key(Box<ApiKey>),
    /// With e-mail and password: gives `unrestricted` (Greenfield, Basic authentication).
    Basic,
}

/// Why a caller of the endpoints does not get what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiError {
    /// The caller was let in and would not be any more, now that it is its turn; what signing in says.
    SignedOut(SignInError),
    /// The key, or the user, may not do that; the policy that is missing.
    MissingPermission(Policy),
    /// No user of this id or e-mail.
    UserNotFound,
    /// No such key, or not this user's.
    KeyNotFound,
    /// The user is in as many stores as one may be.
    StoreLimitReached,
    /// It would leave no admin who is not disabled; the policy that the call takes.
    OnlyAdmin(Policy),
    /// Things do not stand so that it could be done; why.
    InvalidState(&'static str),
    /// A value that only the desk can judge is wrong.
    Invalid {
        /// The property, as Greenfield names it (`CurrentPassword`).
        field: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// Too many users were made within a minute.
    TooMany {
        /// When it makes sense to try again.
        retry_after: Duration,
    },
    /// Too many wrong passwords for this account, or from this program.
    TooManyPasswords {
        /// When the next one is looked at: whole seconds, one at least.
        retry_after: Duration,
    },
    /// The vault is locked: keys can end but not begin.
    Locked,
    /// Something broke.
    Failed(CallError),
}

impl From<CallError> for ApiError {
    fn from(error: CallError) -> Self {
        match (error.code, error.field.as_deref()) {
            (Code::Locked, _) => Self::Locked,
            // Gone since it was looked up.
            (Code::NotFound, Some("user")) => Self::UserNotFound,
            _ => Self::Failed(error),
        }
    }
}

/// What a code means to an endpoint.
fn error_as(error: CallError, code: Code, meant: ApiError) -> ApiError {
    if error.code == code { meant } else { error.into() }
}

impl Principal {
    fn new(user: User, via: Via) -> Self {
        Self { user, via, first_use: false, counted: Arc::default() }
    }

    /// Whether this is the first time that the caller's key was presented: it is worth a look who does
    /// ([`Desk::note_first_use`]).
    #[must_use]
    pub fn is_first_use(&self) -> bool {
        self.first_use
    }

    /// What the caller's key allows, before the user's own rights are looked at.
    #[must_use]
    pub fn permissions(&self) -> PermissionSet {
        match &self.via {
            Via::Key(key) => key.permissions.clone(),
            Via::Basic => [Permission::new(Policy::UNRESTRICTED)].into_iter().collect(),
        }
    }

    /// What the caller may do.
    fn rights<T>(&self, ask: impl FnOnce(Rights<'_>) -> T) -> T {
        ask(Rights { held: &self.permissions(), is_admin: self.user.is_admin })
    }

    fn is_unrestricted(&self) -> bool {
        self.rights(|rights| rights.allow(&Policy::UNRESTRICTED))
    }

    fn actor(&self) -> Actor {
        match &self.via {
            Via::Key(key) => Actor::Key { id: key.id.clone() },
            Via::Basic => Actor::Basic { user: self.user.id.clone() },
        }
    }
}

impl Desk {
    /// Demands a policy on everything it is about: the key must have it without a scope, and for a server policy the
    /// user must be an admin.
    ///
    /// # Errors
    /// [`ApiError::MissingPermission`].
    pub fn demand(&self, caller: &Principal, policy: Policy) -> Result<(), ApiError> {
        let allowed = caller.rights(|rights| rights.allow(&policy));
        self.judged(caller, allowed, Demand { policy, reach: Reach::Everything })
    }

    /// Demands a store policy for this store: the key must have it there, and the user's role too. A store that does
    /// not exist is not told apart from one the user has no part in.
    ///
    /// # Errors
    /// [`ApiError::MissingPermission`].
    pub fn demand_in(&self, caller: &Principal, policy: Policy, store: &StoreId) -> Result<(), ApiError> {
        let people = self.people();
        let role = people.role(store, &caller.user.id);
        let there = people.store(store).is_some();
        let allowed = there && caller.rights(|rights| rights.allow_in(&policy, store, role));
        self.judged(caller, allowed, Demand { policy, reach: Reach::Store(store.clone()) })
    }

    /// Demands that the key has a store policy for any store at all.
    ///
    /// # Errors
    /// [`ApiError::MissingPermission`].
    pub fn demand_somewhere(&self, caller: &Principal, policy: Policy) -> Result<(), ApiError> {
        let allowed = caller.rights(|rights| rights.allow_somewhere(&policy));
        self.judged(caller, allowed, Demand { policy, reach: Reach::AnyStore })
    }

    fn judged(&self, caller: &Principal, allowed: bool, demand: Demand) -> Result<(), ApiError> {
        if !allowed {
            return Err(ApiError::MissingPermission(demand.policy));
        }
        self.count_use(caller, demand);
        Ok(())
    }

    /// Counts what a call was granted as a use of its key, once a call.
    fn count_use(&self, caller: &Principal, demand: Demand) {
        let Via::Key(key) = &caller.via else { return };
        let first = caller.counted.lock().unwrap_or_else(PoisonError::into_inner).insert(demand.clone());
        if first {
            self.uses().granted(&key.id, demand, self.clock.now());
        }
    }
}
