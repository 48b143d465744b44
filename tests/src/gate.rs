//! A running gate.

use std::fs::File;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdout};
use tokio::time::{sleep, timeout};

use crate::{Home, PATIENCE, binary, ctl, process};

/// How a gate is started.
#[derive(Debug, Clone, Default)]
pub struct Start {
    /// The port; 0 means any.
    pub port: u16,
    /// Without the passphrase.
    pub locked: bool,
    /// More of the environment.
    pub env: Vec<(&'static str, String)>,
    /// What a shell runs before the program takes its place.
    pub prelude: Option<&'static str>,
}

/// `fieldgatectl serve`, killed when dropped.
#[derive(Debug)]
pub struct Gate {
    child: Child,
    stdout: BufReader<ChildStdout>,
    stderr: PathBuf,
    /// The first line it printed.
    pub line: String,
    /// `http://127.0.0.1:P`.
    pub url: String,
    /// The process.
    pub pid: u32,
}

impl Gate {
    /// Starts it and waits for its line.
    ///
    /// # Errors
    /// When it ends, or says something else.
    pub async fn start(home: &Home, start: Start) -> Result<Self> {
        let stderr = home.beside().join(format!("serve-{:08x}.err", crate::dice::Dice::thrown().next()));
        let mut child = spawn(home, &start, &stderr)?;
        let mut stdout = BufReader::new(child.stdout.take().context("stdout is a pipe")?);
        let mut line = String::new();
        timeout(PATIENCE, stdout.read_line(&mut line)).await.context("serve says nothing")??;
        let Ok(said) = serde_json::from_str::<Value>(&line) else {
            bail!("serve did not start: {line}{}", std::fs::read_to_string(&stderr).unwrap_or_default());
        };
        let url = said["url"].as_str().context("serve says its address")?.to_owned();
        let pid = said["pid"].as_u64().context("serve says its process")?;
        Ok(Self { child, stdout, stderr, line, url, pid: u32::try_from(pid)? })
    }

    /// Runs a `serve` that is killed after so long, wherever it is by then.
    ///
    /// # Errors
    /// When it cannot be started, or does not go.
    pub async fn stillborn(home: &Home, after: Duration) -> Result<()> {
        let mut child = spawn(home, &Start::default(), &home.beside().join("serve-stillborn.err"))?;
        sleep(after).await;
        Ok(timeout(PATIENCE, child.kill()).await.context("it survives")??)
    }

    /// Runs a `serve` that must not come up; the error it ends with.
    ///
    /// # Errors
    /// When it does come up, or does not say why it does not.
    pub async fn refuses(home: &Home, start: Start) -> Result<Value> {
        let stderr = home.beside().join("serve-refused.err");
        let mut child = spawn(home, &start, &stderr)?;
        let exit = timeout(PATIENCE, child.wait()).await.context("serve came up or hangs")??;
        let output = ctl::Output {
            exit: exit.code(),
            stdout: String::new(),
            stderr: std::fs::read_to_string(&stderr)?,
        };
        output.error()
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.url.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or_default()
    }

    /// Its address on the first family.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port()))
    }

    /// The authorize URL with this query, which may be empty.
    #[must_use]
    pub fn authorize(&self, query: &str) -> String {
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}/api-keys/authorize{mark}{query}", self.url)
    }

    /// What it has written to stderr so far.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn stderr(&self) -> Result<String> {
        Ok(String::from_utf8_lossy(&std::fs::read(&self.stderr)?).into_owned())
    }

    /// What `/proc` says of it.
    #[must_use]
    pub fn process(&self) -> process::Process {
        process::Process { pid: self.pid }
    }

    /// Kills it as a power cut would, and waits until it is gone.
    ///
    /// # Errors
    /// What the system says.
    pub async fn kill(&mut self) -> Result<()> {
        self.signal(Signal::KILL)?;
        timeout(PATIENCE, self.child.wait()).await.context("it survives")??;
        Ok(())
    }

    /// Ends it with the signal that writes a core dump where one may be written, and waits until it is gone.
    ///
    /// # Errors
    /// What the system says.
    pub async fn abort(&mut self) -> Result<()> {
        self.signal(Signal::ABORT)?;
        timeout(PATIENCE, self.child.wait()).await.context("it survives")??;
        Ok(())
    }

    /// Asks it to end, and waits; its exit code and the rest of its stdout.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn end(&mut self) -> Result<(Option<i32>, String)> {
        self.signal(Signal::TERM)?;
        self.ended().await
    }

    /// Waits until it has ended by itself; its exit code and the rest of its stdout.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn ended(&mut self) -> Result<(Option<i32>, String)> {
        let status = timeout(PATIENCE, self.child.wait()).await.context("it does not end")??;
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).await?;
        Ok((status.code(), rest))
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        let pid = Pid::from_raw(i32::try_from(self.pid)?).context("a process has a number")?;
        Ok(kill_process(pid, signal)?)
    }
}

fn spawn(home: &Home, start: &Start, stderr: &std::path::Path) -> Result<Child> {
    let port = start.port.to_string();
    let program = binary::fieldgatectl()?;
    let mut command = ctl::command(&program, home.path(), start.prelude, &["serve", "--port", &port]);
    if !start.locked {
        command.env("FIELDGATE_PASSPHRASE_FILE", home.passphrase_file());
    }
    command.envs(start.env.iter().map(|(name, value)| (name, value)));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(stderr)?);
    Ok(command.kill_on_drop(true).spawn()?)
}
