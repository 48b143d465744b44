//! The endpoints about the server that is not there.

use serde::Serialize;

use super::{error::Refused, sign_in};
use crate::{
    answer,
    gate::Gate,
    http::{Request, Response},
};

/// The level of the Greenfield API that is spoken here; shop plugins refuse servers below theirs.
pub(crate) const SPOKEN_VERSION: &str = "2.4.1";

#[derive(Serialize)]
struct Health {
    synchronized: bool,
}

/// There is no node here, so none is behind.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ServerInfo {
    version: &'static str,
    onion: Option<&'static str>,
    supported_payment_methods: [&'static str; 0],
    fully_synched: bool,
    sync_status: [&'static str; 0],
    fieldgate_version: &'static str,
}

/// Anybody may know that somebody is here.
pub(super) fn health() -> Response {
    answer::json(200, &Health { synchronized: true })
}

impl Gate {
    pub(super) async fn server_info(&self, request: &Request) -> Result<Response, Refused> {
        sign_in::with_any(self, request).await?;
        let info = ServerInfo {
            version: SPOKEN_VERSION,
            onion: None,
            supported_payment_methods: [],
            fully_synched: true,
            sync_status: [],
            fieldgate_version: env!("CARGO_PKG_VERSION"),
        };
        Ok(answer::json(200, &info))
    }
}
