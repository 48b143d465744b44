//! Stores over the API.

use domain::{Policy, Rights, Role, Store, StoreDraft, StoreId};

use super::{ApiError, Principal};
use crate::{Caller, Desk};

/// In how many stores a user may be for the API to make one more. Far beyond what a merchant has, and a bound on what
/// a program can fill disk and memory with: all stores are held in memory, and a list tells all of a user's.
const MOST_STORES: usize = 300;

impl Desk {
    /// The caller's stores that both its key and its user's role let it look at, oldest first (Greenfield
    /// `Stores_GetStores`). Being an administrator adds none: those are no stores of the user's.
    ///
    /// # Errors
    /// [`ApiError::MissingPermission`] for a key that may look at no store whatever.
    pub fn stores_of(&self, caller: &Principal) -> Result<Vec<Store>, ApiError> {
        self.demand_somewhere(caller, Policy::VIEW_STORE_SETTINGS)?;
        let (people, held) = (self.people(), caller.permissions());
        let rights = Rights { held: &held, is_admin: false };
        let may_view = |store: &&Store| {
            let role = people.role(&store.id, &caller.user.id);
            rights.allow_in(&Policy::VIEW_STORE_SETTINGS, &store.id, role)
        };
        Ok(people.stores.iter().filter(may_view).cloned().collect())
    }

    /// One store, by id (Greenfield `Stores_GetStore`).
    ///
    /// # Errors
    /// [`ApiError::MissingPermission`], also where there is no such store.
    pub fn store_of(&self, caller: &Principal, store: &str) -> Result<Store, ApiError> {
        self.demand_store(caller, Policy::VIEW_STORE_SETTINGS, store)
    }

    /// The roles that members of a store may have (Greenfield `Stores_GetStoreRoles`): everywhere the same.
    ///
    /// # Errors
    /// [`ApiError::MissingPermission`], also where there is no such store.
    pub fn store_roles(&self, caller: &Principal, store: &str) -> Result<[Role; 4], ApiError> {
        self.demand_store(caller, Policy::MODIFY_STORE_SETTINGS, store)?;
        Ok(Role::ALL)
    }

    /// The roles of all stores (Greenfield `Server_GetStoreRoles`).
    ///
    /// # Errors
    /// [`ApiError::MissingPermission`].
    pub fn server_roles(&self, caller: &Principal) -> Result<[Role; 4], ApiError> {
        self.demand(caller, Policy::MODIFY_SERVER_SETTINGS)?;
        Ok(Role::ALL)
    }

    /// Makes a store that belongs to the caller (Greenfield `Stores_CreateStore`).
    ///
    /// # Errors
    /// [`ApiError`]; [`ApiError::StoreLimitReached`] for a user who is in 1,000 stores.
    pub async fn create_store(&self, caller: &Principal, draft: &StoreDraft) -> Result<Store, ApiError> {
        let (writer, caller) = self.turn_of(caller).await?;
        self.demand(&caller, Policy::MODIFY_STORE_SETTINGS)?;
        if self.people().stores_of(&caller.user.id).count() >= MOST_STORES {
            return Err(ApiError::StoreLimitReached);
        }
        let (owner, actor) = (caller.user.id.clone(), caller.actor());
        Ok(self.keep_store(&writer, &Caller::DESK, draft, owner, actor).await?)
    }

    /// Replaces name and settings of a store (Greenfield `Stores_UpdateStore`).
    ///
    /// # Errors
    /// [`ApiError`]; a store that is not there is [`ApiError::MissingPermission`].
    pub async fn change_store(
        &self,
        caller: &Principal,
        store: &str,
        draft: StoreDraft,
    ) -> Result<Store, ApiError> {
        let (writer, caller) = self.turn_of(caller).await?;
        let store = self.demand_store(&caller, Policy::MODIFY_STORE_SETTINGS, store)?;
        writer.opening(&Caller::DESK)?;
        let (name, settings) = (draft.name().to_owned(), draft.settings().clone());
        if name == store.name && settings == store.settings {
            return Ok(store);
        }
        let (id, now, actor) = (store.id.clone(), self.clock.now(), caller.actor());
        writer.write_open(&Caller::DESK, move |open| open.change_store(&id, &draft, now, &actor)).await?;
        self.reload_people().await?;
        self.announce();
        Ok(Store { name, settings, ..store })
    }

    /// Takes the caller out of a store; the store ends with its last member (Greenfield `Stores_DeleteStore`).
    ///
    /// # Errors
    /// [`ApiError`]; a store that is not there is [`ApiError::MissingPermission`].
    pub async fn leave_store(&self, caller: &Principal, store: &str) -> Result<(), ApiError> {
        let (writer, caller) = self.turn_of(caller).await?;
        let id = self.demand_store(&caller, Policy::MODIFY_STORE_SETTINGS, store)?.id;
        let (user, now, actor) = (caller.user.id.clone(), self.clock.now(), caller.actor());
        writer.write_open(&Caller::DESK, move |open| open.remove_member(&id, &user, now, &actor)).await?;
        self.reload_people().await?;
        self.announce();
        Ok(())
    }

    /// Demands a policy in the store of this id. A text that is no id is one of no store.
    ///
    /// # Errors
    /// [`ApiError::MissingPermission`].
    pub fn demand_store(&self, caller: &Principal, policy: Policy, id: &str) -> Result<Store, ApiError> {
        let missing = || ApiError::MissingPermission(policy.clone());
        let id: StoreId = id.parse().map_err(|_| missing())?;
        self.demand_in(caller, policy.clone(), &id)?;
        self.people().store(&id).cloned().ok_or_else(missing)
    }
}
