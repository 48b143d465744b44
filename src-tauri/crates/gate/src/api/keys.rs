//! The endpoints about API keys.

use desk::{KeyName, Via, ports::NewKey};
use domain::{ApiKey, KeyId, KeySecret, PermissionSet};
use serde::Serialize;

use super::{ALL_KEYS, OWN_KEYS, error::Refused, sign_in, wish};
use crate::{
    answer,
    gate::Gate,
    http::{Request, Response},
};

/// `ApiKeyData`, and beside it the handle, by which newer servers name a key without its secret.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ApiKeyData<'a> {
    api_key: &'a str,
    label: &'a str,
    permissions: &'a PermissionSet,
    id: &'a KeyId,
}

impl Gate {
    pub(super) async fn current_key(&self, request: &Request) -> Result<Response, Refused> {
        let (caller, secret) = sign_in::with_key(self, request).await?;
        Ok(current(&caller.via, &secret))
    }

    /// The published API says this answers the key that is gone, and generated clients rely on it.
    pub(super) async fn revoke_current_key(&self, request: &Request) -> Result<Response, Refused> {
        let (caller, secret) = sign_in::with_key(self, request).await?;
        self.desk.revoke_current(&caller).await?;
        Ok(current(&caller.via, &secret))
    }

    pub(super) async fn create_key(&self, request: &Request) -> Result<Response, Refused> {
        let caller = sign_in::with_any(self, request).await?;
        self.desk.demand(&caller, OWN_KEYS)?;
        let new = self.desk.mint_own(&caller, wish::read(&request.body)?).await?;
        Ok(created(&new))
    }

    pub(super) async fn create_user_key(&self, request: &Request, user: &str) -> Result<Response, Refused> {
        let caller = sign_in::with_any(self, request).await?;
        self.desk.demand(&caller, ALL_KEYS)?;
        let new = self.desk.mint_for(&caller, user, wish::read(&request.body)?).await?;
        Ok(created(&new))
    }

    pub(super) async fn revoke_key(&self, request: &Request, key: &str) -> Result<Response, Refused> {
        let caller = sign_in::with_any(self, request).await?;
        self.desk.revoke_own(&caller, &KeyName::parse(key)).await?;
        Ok(Response::new(200))
    }

    pub(super) async fn revoke_user_key(
        &self,
        request: &Request,
        user: &str,
        key: &str,
    ) -> Result<Response, Refused> {
        let caller = sign_in::with_any(self, request).await?;
        self.desk.revoke_for(&caller, user, &KeyName::parse(key)).await?;
        Ok(Response::new(200))
    }
}

fn current(via: &Via, secret: &KeySecret) -> Response {
    match via {
        Via::Key(key) => data(key, secret),
        // Only a key signs in at these endpoints.
        Via::Basic => Response::new(500),
    }
}

fn created(new: &NewKey) -> Response {
    data(&new.key, &new.secret)
}

fn data(key: &ApiKey, secret: &KeySecret) -> Response {
    let data = ApiKeyData {
        api_key: secret.expose(),
        label: &key.label,
        permissions: &key.permissions,
        id: &key.id,
    };
    answer::json(200, &data)
}
