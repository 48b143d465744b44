//! The gate's HTTP/1 core: the only parser in front of the gate, and the only thing that owns its port.
//!
//! ```text
//! bind ─ accept ─ connection ─ intake (scan, parse, framing) ─ Handler ─ write
//!           └ seats: who may stay when there are more connections than seats
//! ```
//!
//! What is served is somebody else's matter: this module hands a complete [`Request`] to a [`Handler`] and
//! sends its [`Response`]. It follows RFC 9112 where that is strict and is stricter where RFC 9112 leaves a choice
//! that two parsers could make differently: bare LF or CR, folded lines and every Transfer-Encoding are refused.

mod accept;
mod bind;
mod connection;
mod framing;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod intake;
mod message;
mod parse;
mod refusal;
mod scan;
mod seats;
mod stop;
mod write;

#[cfg(test)]
mod bind_tests;
#[cfg(test)]
mod crowd_tests;
#[cfg(test)]
mod exchange_tests;
#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod parse_tests;
#[cfg(test)]
mod testkit;

use std::time::Duration;

pub(crate) use accept::serve;
pub use bind::BindError;
pub(crate) use bind::{Listeners, bind};
#[cfg(test)]
pub(crate) use message::{Headers, Version};
pub(crate) use message::{Request, Response};

/// Longest request line in bytes, its line end not counted; 414 beyond it.
pub(crate) const MAX_REQUEST_LINE: usize = 8 * 1024;
/// Longest head in bytes: request line, fields and the empty line; 431 beyond it. Browsers send the cookies of
/// every local development server here, hence the room.
pub(crate) const MAX_HEAD: usize = 32 * 1024;
/// Most header fields in one head; 431 beyond it.
pub(crate) const MAX_FIELDS: usize = 100;
/// Longest body in bytes, by Content-Length; 413 beyond it.
pub(crate) const MAX_BODY: usize = 16 * 1024;

/// Answers requests. One value serves all connections at once.
#[async_trait::async_trait]
pub(crate) trait Handler: Send + Sync + 'static {
    /// The one answer to `request`. A panic in here becomes a 500 for this request and touches nothing else. A
    /// connection keeps its seat while this runs, so whoever waits in here bounds for how many and how long. When the
    /// gate stops and [`Config::grace`] is over, the future is dropped at its next await.
    async fn handle(&self, request: Request) -> Response;
}

/// How long and how many; [`Config::default`] is what the gate runs with, tests turn the clocks down.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// From the first byte of a request to the last of its body; 408 beyond it.
    pub deadline: Duration,
    /// How long a connection may stay without a first byte, before its first request and after each answer.
    pub idle: Duration,
    /// How long a client may take to read an answer.
    pub write: Duration,
    /// How long the end of a closing connection is read and thrown away, so that the answer arrives (RFC 9112 §9.6).
    pub linger: Duration,
    /// How long answers in flight may take once the gate stops.
    pub grace: Duration,
    /// Most connections at once; `None` is 512, or the descriptors this process may have less 128 if that is fewer.
    pub seats: Option<usize>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(10),
            idle: Duration::from_secs(20),
            write: Duration::from_secs(10),
            linger: Duration::from_secs(2),
            grace: Duration::from_secs(2),
            seats: None,
        }
    }
}
