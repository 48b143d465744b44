//! Somebody who calls the Greenfield API, always in the same name.

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Answer, Asker};

/// A client with its `Authorization`.
#[derive(Debug, Clone)]
pub struct Caller {
    asker: Asker,
    authorization: String,
}

impl Caller {
    /// One that presents this key.
    #[must_use]
    pub fn with_key(asker: &Asker, key: &str) -> Self {
        Self { asker: asker.clone(), authorization: format!("token {key}") }
    }

    /// One that signs in with e-mail and password (RFC 7617, in UTF-8).
    #[must_use]
    pub fn with_password(asker: &Asker, email: &str, password: &str) -> Self {
        let credentials = STANDARD.encode(format!("{email}:{password}"));
        Self { asker: asker.clone(), authorization: format!("Basic {credentials}") }
    }

    /// Reads `path`, which begins below `/api/v1`.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.send(Method::GET, path, None).await
    }

    /// Posts `body` to `path`.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.send(Method::POST, path, Some(body)).await
    }

    /// Deletes `path`.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn delete(&self, path: &str) -> Result<Answer> {
        self.send(Method::DELETE, path, None).await
    }

    /// Makes a key at `path` that may do this; the key.
    ///
    /// # Errors
    /// When none is made, or another than was asked for.
    pub async fn mint(&self, path: &str, permissions: &[&str]) -> Result<String> {
        let answer = self.post(path, &json!({"label": "made", "permissions": permissions})).await?;
        ensure!(answer.status == 200, "{}: {}", answer.status, answer.body);
        let made = answer.json()?;
        ensure!(made["label"] == "made" && made["permissions"] == json!(permissions), "{made}");
        Ok(made["apiKey"].as_str().context("a key")?.to_owned())
    }

    async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Answer> {
        let path = format!("/api/v1{path}");
        let sent = self.asker.send(method, &path, |request| {
            let request = request.header("Authorization", &self.authorization);
            match body {
                Some(body) => request.json(body),
                None => request,
            }
        });
        sent.await
    }
}
