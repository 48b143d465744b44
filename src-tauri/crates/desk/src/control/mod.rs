//! The control socket: how `fieldgatectl` reaches a Fieldgate that runs.
//!
//! A Unix domain socket in the home. Each side sends frames: a length (four bytes, big endian) and that many bytes of
//! JSON. The first frame of each side is its greeting, `{"fieldgate":"0.1.0","protocol":1}`. After that the client
//! sends a [`Call`](crate::calls::Call) and the server answers `{"ok":…}` or `{"error":{"code","message"}}`, as often
//! as the client likes.
//!
//! Being able to connect proves nothing but the user: a connection starts locked, and only the desk says what it may
//! ask. A peer of another user is closed on. One that does not unlock is closed on after a few seconds of silence, and
//! earlier when others want its place.

mod client;
mod frame;
mod place;
mod server;
#[cfg(test)]
mod tests;
mod waiting;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{CallError, Code};

pub use client::Client;
pub use place::{bind, peer_pid};
pub use server::serve;

/// How long a connection that has shown the passphrase may be silent between two calls.
const IDLE: Duration = Duration::from_secs(600);

/// How long one may that has not.
const LOCKED_IDLE: Duration = Duration::from_secs(10);

/// How long the rest of a frame may take once it began, and a greeting altogether.
const FRAME_TIME: Duration = Duration::from_secs(10);

/// The frames' own version: raised when their form changes.
const PROTOCOL: u32 = 1;

/// The first frame of each side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Greeting {
    fieldgate: String,
    protocol: u32,
}

impl Greeting {
    fn ours() -> Self {
        Self { fieldgate: env!("CARGO_PKG_VERSION").to_owned(), protocol: PROTOCOL }
    }

    /// Both sides must be the same release: the calls' types are part of it.
    fn check(&self, here: &str, there: &str) -> Result<(), CallError> {
        let ours = Self::ours();
        if *self == ours {
            return Ok(());
        }
        let message = format!(
            "{here} is version {} (protocol {}), {there} is version {} (protocol {}): use the same on both sides",
            ours.fieldgate, ours.protocol, self.fieldgate, self.protocol,
        );
        Err(CallError::new(Code::VersionMismatch, message))
    }
}

/// The second and later frames of the server.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Ok(serde_json::Value),
    Error(CallError),
}

impl From<Result<serde_json::Value, CallError>> for Answer {
    fn from(result: Result<serde_json::Value, CallError>) -> Self {
        match result {
            Ok(value) => Self::Ok(value),
            Err(error) => Self::Error(error),
        }
    }
}

impl From<Answer> for Result<serde_json::Value, CallError> {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Ok(value) => Ok(value),
            Answer::Error(error) => Err(error),
        }
    }
}
