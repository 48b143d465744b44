//! The endpoints about stores and the roles in them.

use domain::{Policy, Role, Store, StoreId, StoreSettings};
use serde::Serialize;

use super::{error::Refused, sign_in, store_wish};
use crate::{
    answer,
    gate::Gate,
    http::{Request, Response},
};

/// `StoreData`.
#[derive(Serialize)]
struct StoreData<'a> {
    id: &'a StoreId,
    name: &'a str,
    #[serde(flatten)]
    settings: &'a StoreSettings,
}

/// `RoleData`. Roles are the same in every store here, hence the server's.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RoleData {
    id: Role,
    role: Role,
    permissions: &'static [Policy],
    is_server_role: bool,
}

impl Gate {
    pub(super) async fn stores(&self, request: &Request) -> Result<Response, Refused> {
        let caller = sign_in::with_any(self, request).await?;
        let stores = self.desk.stores_of(&caller)?;
        Ok(answer::json(200, &stores.iter().map(data).collect::<Vec<_>>()))
    }

    pub(super) async fn store(&self, request: &Request, id: &str) -> Result<Response, Refused> {
        let caller = sign_in::with_any(self, request).await?;
        Ok(answer::json(200, &data(&self.desk.store_of(&caller, id)?)))
    }

    pub(super) async fn create_store(&self, request: &Request) -> Result<Response, Refused> {
        let caller = sign_in::with_any(self, request).await?;
        self.desk.demand(&caller, Policy::MODIFY_STORE_SETTINGS)?;
        let draft = store_wish::read(&request.body)?;
        Ok(answer::json(200, &data(&self.desk.create_store(&caller, &draft).await?)))
    }

    pub(super) async fn change_store(&self, request: &Request, id: &str) -> Result<Response, Refused> {
        let caller = sign_in::with_any(self, request).await?;
        self.desk.demand_store(&caller, Policy::MODIFY_STORE_SETTINGS, id)?;
        let draft = store_wish::read(&request.body)?;
        Ok(answer::json(200, &data(&self.desk.change_store(&caller, id, draft).await?)))
    }

    pub(super) async fn leave_store(&self, request: &Request, id: &str) -> Result<Response, Refused> {
        let caller = sign_in::with_any(self, request).await?;
        self.desk.leave_store(&caller, id).await?;
        Ok(Response::new(200))
    }

    pub(super) async fn store_roles(&self, request: &Request, id: &str) -> Result<Response, Refused> {
        let caller = sign_in::with_any(self, request).await?;
        Ok(roles(self.desk.store_roles(&caller, id)?))
    }

    pub(super) async fn server_roles(&self, request: &Request) -> Result<Response, Refused> {
        let caller = sign_in::with_any(self, request).await?;
        Ok(roles(self.desk.server_roles(&caller)?))
    }
}

fn data(store: &Store) -> StoreData<'_> {
    StoreData { id: &store.id, name: &store.name, settings: &store.settings }
}

fn roles(roles: [Role; 4]) -> Response {
    let data = |role: Role| RoleData { id: role, role, permissions: role.policies(), is_server_role: true };
    answer::json(200, &roles.map(data))
}
