//! Figures of the built programs: how fast the gate answers, also to a crowd with mixed work and beside everything
//! hostile, how long the main job takes, how soon the window is there, how big all of it is, and how fluid the table of a
//! hundred thousand keys. `bench gate`, `crowd`, `hostile`, `window` or `keys` for some of it.
//!
//! Figures only. Nothing here passes or fails: a loaded machine is slow without anything being wrong.

#![expect(clippy::disallowed_methods, reason = "measuring is reading the clock")]

mod crowd;
mod gate;
mod hostile;
mod key_table;
mod window;

use std::time::Duration;

use anyhow::{Context, Result};

#[tokio::main]
async fn main() -> Result<()> {
    let only: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |name: &str| only.is_empty() || only.iter().any(|it| it == name);
    if wanted("gate") {
        gate::figures().await?;
    }
    if wanted("crowd") {
        crowd::figures().await?;
    }
    if wanted("hostile") {
        hostile::figures().await?;
    }
    if wanted("window") {
        window::figures().await?;
    }
    if wanted("keys") {
        key_table::figures().await?;
    }
    Ok(())
}

/// Median and 95th percentile.
fn spread(mut took: Vec<Duration>) -> String {
    took.sort();
    let at = |share: usize| took.get(took.len() * share / 100).copied().context("no rounds");
    match (at(50), at(95)) {
        (Ok(median), Ok(slow)) => format!("median {median:.1?}, 95 of 100 within {slow:.1?}"),
        (Err(error), _) | (_, Err(error)) => error.to_string(),
    }
}
