//! A server of the application: it receives keys and remembers every request byte for byte.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::PATIENCE;

/// The head of a plain page.
const PAGE: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html";

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Received {
    /// The method.
    pub method: String,
    /// Path and query, byte for byte.
    pub target: String,
    /// The header fields, in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// Listens on a port of `127.0.0.1` until dropped.
#[derive(Debug)]
pub struct Callback {
    /// Where it listens.
    pub port: u16,
    seen: Arc<Seen>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Seen {
    received: Mutex<Vec<Received>>,
    news: Notify,
}

impl Callback {
    /// One that answers a plain page.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn new() -> Result<Self> {
        Self::listen(0, None).await
    }

    /// One that answers a POST with a redirect (303) to `location`.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn redirecting(location: String) -> Result<Self> {
        Self::listen(0, Some(location)).await
    }

    /// One that takes nothing: it answers every POST with 503.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn busy() -> Result<Self> {
        Self::bound(TcpListener::bind("127.0.0.1:0").await?, "HTTP/1.1 503 Service Unavailable".to_owned())
    }

    /// One that listens at `address`, such as `[::]:0`.
    ///
    /// # Errors
    /// When that is taken or not there.
    pub async fn on(address: &str) -> Result<Self> {
        Self::bound(TcpListener::bind(address).await?, PAGE.to_owned())
    }

    /// One that listens where another did before.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn again(port: u16) -> Result<Self> {
        Self::listen(port, None).await
    }

    async fn listen(port: u16, location: Option<String>) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let sent_on = |location| format!("HTTP/1.1 303 See Other\r\nLocation: {location}");
        Self::bound(listener, location.map_or_else(|| PAGE.to_owned(), sent_on))
    }

    /// `posted` is the head with which a POST is answered.
    fn bound(listener: TcpListener, posted: String) -> Result<Self> {
        let (seen, port) = (Arc::new(Seen::default()), listener.local_addr()?.port());
        let task = tokio::spawn(serve(listener, Arc::clone(&seen), Arc::from(posted)));
        Ok(Self { port, seen, task })
    }

    /// Ends it; its port is free then.
    pub async fn end(mut self) {
        self.task.abort();
        // That it was cancelled is what was asked for.
        let _ = (&mut self.task).await;
    }

    /// An address of it; `target` begins with a slash.
    #[must_use]
    pub fn url(&self, target: &str) -> String {
        format!("http://127.0.0.1:{}{target}", self.port)
    }

    /// The same as the parameter of an authorize query.
    #[must_use]
    pub fn redirect(&self, target: &str) -> String {
        format!("redirect={}", utf8_percent_encode(&self.url(target), NON_ALPHANUMERIC))
    }

    /// Everything received so far. What a browser asks by itself (an icon) is left out.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        let all = self.seen.received.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter(|received| received.target != "/favicon.ico").cloned().collect()
    }

    /// Waits for the first request with this method.
    ///
    /// # Errors
    /// When none comes.
    pub async fn first(&self, method: &str) -> Result<Received> {
        let come = async {
            loop {
                let news = self.seen.news.notified();
                if let Some(received) = self.received().into_iter().find(|received| received.method == method)
                {
                    return received;
                }
                news.await;
            }
        };
        timeout(PATIENCE, come).await.with_context(|| format!("the callback got no {method}"))
    }
}

impl Drop for Callback {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Received {
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

    /// The fields of a form, in order, decoded.
    ///
    /// # Errors
    /// When they are no text.
    pub fn form(&self) -> Result<Vec<(String, String)>> {
        let decode = |text: &str| -> Result<String> {
            Ok(percent_decode_str(&text.replace('+', " ")).decode_utf8()?.into_owned())
        };
        let fields = self.body.split('&').filter(|field| !field.is_empty());
        fields
            .map(|field| field.split_once('=').unwrap_or((field, "")))
            .map(|(n, v)| Ok((decode(n)?, decode(v)?)))
            .collect()
    }
}

async fn serve(listener: TcpListener, seen: Arc<Seen>, posted: Arc<str>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (seen, posted) = (Arc::clone(&seen), Arc::clone(&posted));
        // A browser opens connections ahead and never uses them: each waits in a task of its own.
        tokio::spawn(async move { exchange(stream, &seen, &posted).await });
    }
}

async fn exchange(mut stream: TcpStream, seen: &Seen, posted: &str) -> Result<()> {
    let received = read(&mut stream).await?;
    let page = "<!doctype html><title>arrived</title><p data-testid=\"arrived\">arrived</p>";
    let head = if received.method == "POST" { posted } else { PAGE };
    seen.received.lock().unwrap_or_else(PoisonError::into_inner).push(received);
    seen.news.notify_waiters();
    let answer = format!("{head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}", page.len());
    stream.write_all(answer.as_bytes()).await?;
    Ok(stream.shutdown().await?)
}

async fn read(stream: &mut TcpStream) -> Result<Received> {
    let mut bytes = Vec::new();
    let (head, mut body) = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let body = bytes.split_off(end + 4);
            break (String::from_utf8(bytes)?, body);
        }
        anyhow::ensure!(stream.read_buf(&mut bytes).await? > 0, "broken off");
    };
    let mut lines = head.trim_end().split("\r\n");
    let mut words = lines.next().context("a request line")?.split(' ');
    let (method, target) = (words.next().context("a method")?, words.next().context("a target")?);
    let fields = lines.filter_map(|line| line.split_once(':'));
    let headers: Vec<_> = fields.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length: usize = length.map_or(Ok(0), |(_, value)| value.parse())?;
    while body.len() < length {
        anyhow::ensure!(stream.read_buf(&mut body).await? > 0, "broken off");
    }
    Ok(Received {
        method: method.to_owned(),
        target: target.to_owned(),
        headers,
        body: String::from_utf8(body)?,
    })
}
