//! Posts a granted key to a program's redirect.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use desk::ReceiverCheck;
use desk::ports::{Parcel, Undelivered};
use domain::Redirect;
use reqwest::{Client, StatusCode, redirect::Policy};
use serde::Serialize;
use tokio::sync::OnceCell;

/// How long one try may take, from the look-up of the host to the answer.
const A_TRY: Duration = Duration::from_secs(10);
/// How long to wait before the second and the third try.
const BEFORE_NEXT: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];

/// Delivers by HTTP(S): one direct connection a try, no proxy, no redirect followed.
#[derive(Debug)]
pub struct Courier {
    /// Set up by the first delivery: most commands never make one.
    tls: OnceCell<rustls::ClientConfig>,
    waits: [Duration; 2],
    a_try: Duration,
}

impl Default for Courier {
    fn default() -> Self {
        Self { tls: OnceCell::new(), waits: BEFORE_NEXT, a_try: A_TRY }
    }
}

/// The body, as the seed document of the flow names it. The one place that writes a key into JSON for an app.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    api_key: &'a str,
    user_id: &'a str,
    permissions: Vec<String>,
}

impl Courier {
    /// One try within its time, the look-up of the host included.
    async fn try_in_time(
        &self,
        redirect: &Redirect,
        gate_port: u16,
        parcel: &Parcel,
        check: &ReceiverCheck,
    ) -> Result<(), Undelivered> {
        let trying = tokio::time::timeout(self.a_try, self.try_once(redirect, gate_port, parcel, check));
        trying.await.unwrap_or_else(|_| Err(too_slow()))
    }

    async fn try_once(
        &self,
        redirect: &Redirect,
        gate_port: u16,
        parcel: &Parcel,
        check: &ReceiverCheck,
    ) -> Result<(), Undelivered> {
        let host = redirect.url().host_str().unwrap_or_default();
        let addresses = resolve(redirect).await?;
        if addresses.iter().any(|address| is_our_gate(address, gate_port)) {
            return Err(Undelivered::Failed("the address is Fieldgate's own".to_owned()));
        }
        let addresses = check.admits(&addresses).await?;
        let client = Client::builder()
            .tls_backend_preconfigured(self.tls().await?)
            .no_proxy()
            .redirect(Policy::none())
            .resolve_to_addrs(host, &addresses)
            .build()
            .map_err(|error| undelivered(&error))?;
        let body = Body {
            api_key: parcel.secret.expose(),
            user_id: parcel.user.as_str(),
            permissions: parcel.permissions.iter().map(ToString::to_string).collect(),
        };
        let sent = client.post(redirect.url().clone()).json(&body).send().await;
        let status = sent.map_err(|error| undelivered(&error))?.status();
        if has_taken_it(status) {
            return Ok(());
        }
        Err(Undelivered::Failed(format!("the app answered {}", status.as_u16())))
    }

    async fn tls(&self) -> Result<rustls::ClientConfig, Undelivered> {
        // Reading the certificates this computer trusts blocks.
        let set_up = self.tls.get_or_try_init(|| async {
            match tokio::task::spawn_blocking(tls).await {
                Ok(Ok(tls)) => Ok(tls),
                Ok(Err(error)) => Err(no_tls(&error)),
                Err(error) => Err(no_tls(&error)),
            }
        });
        set_up.await.cloned()
    }
}

/// TLS against the certificates this computer trusts.
fn tls() -> Result<rustls::ClientConfig, rustls::Error> {
    use rustls_platform_verifier::BuilderVerifierExt as _;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    Ok(tls)
}

/// Any 2xx; and the two redirects by which an app that handles a form sends its visitor on (RFC 9110 §15.4.3 and
/// §15.4.4), not followed. The others say that the key should go somewhere else, or nothing at all.
fn has_taken_it(status: StatusCode) -> bool {
    status.is_success() || status == StatusCode::FOUND || status == StatusCode::SEE_OTHER
}

#[async_trait]
impl desk::ports::Courier for Courier {
    async fn addresses(&self, redirect: &Redirect) -> Result<Vec<SocketAddr>, Undelivered> {
        resolve(redirect).await
    }

    async fn post(
        &self,
        redirect: &Redirect,
        gate_port: u16,
        parcel: &Parcel,
        check: &ReceiverCheck,
    ) -> Result<(), Undelivered> {
        for wait in self.waits {
            match self.try_in_time(redirect, gate_port, parcel, check).await {
                Err(error @ Undelivered::Failed(_)) => {
                    tracing::info!(%error, origin = redirect.origin(), "a try to deliver failed");
                }
                over @ (Ok(()) | Err(Undelivered::Withheld(_))) => return over,
            }
            tokio::time::sleep(wait).await;
        }
        self.try_in_time(redirect, gate_port, parcel, check).await
    }
}

/// The addresses of the redirect's host, looked up once for this try and pinned.
async fn resolve(redirect: &Redirect) -> Result<Vec<SocketAddr>, Undelivered> {
    let url = redirect.url();
    let port = url.port_or_known_default().unwrap_or_default();
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let found = tokio::net::lookup_host((host, port)).await;
    let addresses: Vec<SocketAddr> =
        found.map_err(|_| Undelivered::Failed("the host has no address".to_owned()))?.collect();
    if addresses.is_empty() {
        Err(Undelivered::Failed("the host has no address".to_owned()))
    } else {
        Ok(addresses)
    }
}

/// Our own gate is refused by address, whatever name led there.
fn is_our_gate(address: &SocketAddr, gate_port: u16) -> bool {
    let here = match address.ip().to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_unspecified(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unspecified(),
    };
    here && address.port() == gate_port
}

/// What went wrong, without the URL: its query is a secret of the app.
fn undelivered(error: &reqwest::Error) -> Undelivered {
    let what = if error.is_connect() { "the app does not listen" } else { "the connection broke off" };
    Undelivered::Failed(what.to_owned())
}

fn too_slow() -> Undelivered {
    Undelivered::Failed("the app did not answer in 10 s".to_owned())
}

fn no_tls(error: &dyn std::error::Error) -> Undelivered {
    Undelivered::Failed(format!("TLS cannot be set up: {error}"))
}

#[cfg(test)]
mod tests;
