//! `soak ROUNDS`: kills the gate so often under load, and says what was lost. The exit code is 1 when anything was.

use std::process::ExitCode;

use anyhow::{Context, Result};
use blackbox::crashes::crashes;
use blackbox::dice::Dice;

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let rounds = std::env::args().nth(1).context("usage: soak ROUNDS")?;
    let done = crashes(rounds.parse().context("usage: soak ROUNDS")?, Dice::from_environment()?).await?;
    print!("{done}");
    Ok(if done.harm.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
