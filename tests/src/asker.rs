//! A program that asks for a key without a browser, and uses it.

use anyhow::{Context, Result, ensure};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

use crate::{Gate, PATIENCE, until};

/// An HTTP client of a gate.
#[derive(Debug, Clone)]
pub struct Asker {
    client: Client,
    url: String,
}

/// What the gate answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The header fields, in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// A request that waits.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Its public handle.
    pub id: String,
    /// The number it shows.
    pub number: String,
    /// Where it is collected, absolute.
    pub poll: String,
    /// The whole answer.
    pub json: Value,
}

impl Asker {
    /// Without proxies, cookies and redirects.
    ///
    /// # Errors
    /// When there is no client to be had.
    pub fn of(gate: &Gate) -> Result<Self> {
        Self::at(&gate.url)
    }

    /// The same, of the gate at this address.
    ///
    /// # Errors
    /// When there is no client to be had.
    pub fn at(url: &str) -> Result<Self> {
        // Somebody else in this process has done it already: all the better.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .no_proxy()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { client, url: url.to_owned() })
    }

    /// Sends a request for `path` (or an absolute URL) after `more` was added to it.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        more: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<Answer> {
        let request = more(self.client.request(method, self.absolute(path)));
        let response = request.send().await?;
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| Ok((name.to_string(), value.to_str()?.to_owned())));
        let headers = headers.collect::<Result<Vec<_>>>()?;
        Ok(Answer { status: response.status().as_u16(), headers, body: response.text().await? })
    }

    fn absolute(&self, path: &str) -> String {
        if path.starts_with("http://") { path.to_owned() } else { format!("{}{path}", self.url) }
    }

    /// A plain GET.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.send(Method::GET, path, |request| request).await
    }

    /// Asks as a program does.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn ask(&self, query: &str) -> Result<Answer> {
        let mark = if query.is_empty() { "" } else { "?" };
        self.get(&format!("/api-keys/authorize{mark}{query}")).await
    }

    /// Asks, and is taken in.
    ///
    /// # Errors
    /// When it is not, or the answer misses something.
    pub async fn asked(&self, query: &str) -> Result<Asked> {
        let answer = self.ask(query).await?;
        ensure!(answer.status == 202, "{} for {query}: {}", answer.status, answer.body);
        let json = answer.json()?;
        let text = |field: &str| json[field].as_str().with_context(|| format!("{field} in {json}"));
        ensure!(json["status"] == "pending" && json["expiresAt"].is_i64(), "not as documented: {json}");
        let number = json["number"].to_string().trim_matches('"').to_owned();
        ensure!(number.len() == 2, "two digits: {json}");
        let poll = self.absolute(text("poll")?);
        ensure!(answer.header("location").map(|to| self.absolute(to)) == Some(poll.clone()), "{answer:?}");
        Ok(Asked { id: text("id")?.to_owned(), number, poll, json: json.clone() })
    }

    /// Polls once, waiting for news at most as long as the gate allows.
    ///
    /// # Errors
    /// When there is no 200.
    pub async fn poll(&self, asked: &Asked) -> Result<Value> {
        let answer =
            self.send(Method::GET, &asked.poll, |request| request.header("Prefer", "wait=25")).await?;
        ensure!(answer.status == 200, "{}: {}", answer.status, answer.body);
        let json = answer.json()?;
        ensure!(json["id"] == asked.id.as_str(), "not as documented: {json}");
        Ok(json)
    }

    /// Polls until the request stands at `status`.
    ///
    /// # Errors
    /// When it never does.
    pub async fn poll_until(&self, asked: &Asked, status: &str) -> Result<Value> {
        let found = async || {
            let polled = self.poll(asked).await?;
            Ok((polled["status"] == status).then_some(polled))
        };
        until(&format!("the status {status}"), found).await
    }

    /// Uses a key: `GET /api/v1/api-keys/current`.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn current(&self, key: &str) -> Result<Answer> {
        self.send(Method::GET, "/api/v1/api-keys/current", |request| {
            request.header("Authorization", format!("token {key}"))
        })
        .await
    }

    /// What a key that works may do, in order.
    ///
    /// # Errors
    /// When it does not work.
    pub async fn may(&self, key: &str) -> Result<Vec<String>> {
        let answer = self.current(key).await?;
        ensure!(answer.status == 200, "{}: {}", answer.status, answer.body);
        Ok(sorted(&answer.json()?["permissions"]))
    }

    /// Makes a key over the API with another.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn mint(&self, with: &str, wish: &Value) -> Result<Answer> {
        self.send(Method::POST, "/api/v1/api-keys", |request| {
            request.header("Authorization", format!("token {with}")).json(wish)
        })
        .await
    }

    /// Revokes a key over the API with another.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn revoke(&self, with: &str, key: &str) -> Result<Answer> {
        self.send(Method::DELETE, &format!("/api/v1/api-keys/{key}"), |request| {
            request.header("Authorization", format!("token {with}"))
        })
        .await
    }
}

/// The texts of a JSON array, in order.
#[must_use]
pub fn sorted(texts: &Value) -> Vec<String> {
    let texts = texts.as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut texts: Vec<String> = texts.map(ToOwned::to_owned).collect();
    texts.sort();
    texts
}

impl Answer {
    /// The first header field of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.headers.iter().filter(|(sent, _)| sent.eq_ignore_ascii_case(name));
        fields.next().map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When it is none.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.body).with_context(|| format!("no JSON: {}", self.body))
    }

    /// How it says no: the status, and the code of the error, which may be missing.
    ///
    /// # Errors
    /// When it is no JSON.
    pub fn refusal(&self) -> Result<(u16, String)> {
        Ok((self.status, self.json()?["code"].as_str().unwrap_or_default().to_owned()))
    }

    /// The permission that is missing, of an answer that says so.
    ///
    /// # Errors
    /// When it says something else.
    pub fn missing(&self) -> Result<String> {
        let (status, code) = self.refusal()?;
        ensure!((status, code.as_str()) == (403, "missing-permission"), "{status}: {}", self.body);
        Ok(self.json()?["missingPermission"].as_str().unwrap_or_default().to_owned())
    }
}
