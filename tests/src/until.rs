//! Waiting for what nobody announces.

use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::{Instant, sleep, timeout_at};

use crate::PATIENCE;

/// Asks `look` again and again until it finds something; `what` names it in the error.
///
/// # Errors
/// What `look` says, or when [`PATIENCE`] is over.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let end = Instant::now() + PATIENCE;
    loop {
        // One look may hang as well.
        let Ok(found) = timeout_at(end, look()).await else { bail!("waited {PATIENCE:?} for {what}") };
        if let Some(found) = found? {
            return Ok(found);
        }
        sleep(Duration::from_millis(20)).await;
    }
}
