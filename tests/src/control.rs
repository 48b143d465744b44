//! The control socket, spoken by hand: a length (four bytes, big endian) and that much JSON.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::timeout;

use crate::PATIENCE;

/// A connection.
#[derive(Debug)]
pub struct Control {
    stream: UnixStream,
    /// What the other side greeted with.
    pub greeting: Value,
}

impl Control {
    /// Connects to the socket of `home` and greets back as it greets.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn connect(home: &Path) -> Result<Self> {
        Self::greeting_with(home, |theirs| theirs.clone()).await
    }

    /// Connects and greets with something of its own.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn greeting_with(home: &Path, ours: impl FnOnce(&Value) -> Value) -> Result<Self> {
        let stream = UnixStream::connect(home.join("control.sock")).await?;
        let mut control = Self { stream, greeting: Value::Null };
        control.greeting = control.read().await?;
        let greeting = ours(&control.greeting);
        control.write(&greeting).await?;
        Ok(control)
    }

    /// Makes a call; what comes back, `{"ok":…}` or `{"error":…}`.
    ///
    /// # Errors
    /// When nothing comes back.
    pub async fn call(&mut self, name: &str, args: Value) -> Result<Value> {
        self.write(&json!({"call": name, "args": args})).await?;
        self.read().await
    }

    /// Reads a frame.
    ///
    /// # Errors
    /// When none comes.
    pub async fn read(&mut self) -> Result<Value> {
        let frame = async {
            let length = self.stream.read_u32().await?;
            let mut body = vec![0; usize::try_from(length)?];
            self.stream.read_exact(&mut body).await?;
            Ok(serde_json::from_slice(&body)?)
        };
        timeout(PATIENCE, frame).await.context("no frame")?
    }

    async fn write(&mut self, frame: &Value) -> Result<()> {
        let body = serde_json::to_vec(frame)?;
        self.stream.write_u32(u32::try_from(body.len())?).await?;
        Ok(self.stream.write_all(&body).await?)
    }
}
