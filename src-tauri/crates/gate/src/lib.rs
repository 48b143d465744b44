//! The loopback endpoint: the only crate that serves HTTP.
//!
//! ```text
//! http (the one parser) ─ gate ─ guard ─ route ┬ authorize ─ page
//!                                              ├ api
//!                                              └ description ─ page
//! ```

mod answer;
mod api;
mod authorize;
mod description;
mod gate;
mod guard;
mod http;
mod page;
mod peer;
mod route;
mod table;

#[cfg(test)]
mod stories;

pub use gate::{Bound, Gate};
pub use http::BindError;
pub use peer::{Holder, SystemProcesses};
