//! What goes out to other servers: the only crate with an HTTP client. So far it delivers granted keys to the
//! programs that asked for them.

mod courier;

pub use courier::Courier;
