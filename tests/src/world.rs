//! What most journeys begin with.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{Asked, Asker, Gate, Home, Start};

/// A home, its gate, unlocked, and a program that can ask.
#[derive(Debug)]
pub struct World {
    /// The running gate. Before the home, so that it ends before its files go.
    pub gate: Gate,
    /// The program.
    pub asker: Asker,
    /// The home.
    pub home: Home,
}

impl World {
    /// Makes and starts it all.
    ///
    /// # Errors
    /// When something does not come up.
    pub async fn new() -> Result<Self> {
        Self::with(Start::default()).await
    }

    /// The same, with the gate started this way.
    ///
    /// # Errors
    /// When something does not come up.
    pub async fn with(start: Start) -> Result<Self> {
        Self::of(Home::new().await?, start).await
    }

    /// The same, in this home.
    ///
    /// # Errors
    /// When something does not come up.
    pub async fn of(home: Home, start: Start) -> Result<Self> {
        let gate = Gate::start(&home, start).await?;
        let asker = Asker::of(&gate)?;
        Ok(Self { gate, asker, home })
    }

    /// Approves with the number the asker shows; what `approve` answers.
    ///
    /// # Errors
    /// When it is not approved.
    pub async fn approve(&self, asked: &Asked, more: &[&str]) -> Result<Value> {
        self.home.ok(&approval(asked, more)).await
    }

    /// The code with which an approval is refused.
    ///
    /// # Errors
    /// When it is approved.
    pub async fn not_approved(&self, asked: &Asked, more: &[&str]) -> Result<String> {
        self.home.refused(&approval(asked, more)).await
    }

    /// Asks, approves and collects as a program without a redirect does; the key.
    ///
    /// # Errors
    /// When a step fails.
    pub async fn collected(&self, query: &str, more: &[&str]) -> Result<String> {
        let asked = self.asker.asked(query).await?;
        self.approve(&asked, more).await?;
        let polled = self.asker.poll(&asked).await?;
        Ok(polled["apiKey"].as_str().with_context(|| format!("a key in {polled}"))?.to_owned())
    }

    /// Ends the gate in order and starts it again at the same port.
    ///
    /// # Errors
    /// When it does not end or does not come up.
    pub async fn restart(&mut self) -> Result<()> {
        let port = self.gate.port();
        let (exit, _) = self.gate.end().await?;
        ensure!(exit == Some(0), "it ended with {exit:?}: {}", self.gate.stderr()?);
        self.gate = Gate::start(&self.home, Start { port, ..Start::default() }).await?;
        Ok(())
    }

    /// Kills the gate and starts it again at the same port.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn crash_and_restart(&mut self) -> Result<()> {
        let port = self.gate.port();
        self.gate.kill().await?;
        self.gate = Gate::start(&self.home, Start { port, ..Start::default() }).await?;
        Ok(())
    }
}

fn approval<'a>(asked: &'a Asked, more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["approve", &asked.id, "--number", &asked.number];
    args.extend(more);
    args
}
