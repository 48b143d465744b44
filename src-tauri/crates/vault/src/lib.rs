//! The store file: the only crate with SQLite, Argon2 and ciphers.
//!
//! From the outside in: [`Home`] is the directory everything lives in and [`HomeLock`] the right to work in it;
//! [`create`] makes a store there and [`Vault`] opens it, locked. The modules named after things (`people`, `accounts`,
//! `keys`, `applications`, `requests`, `grants`, `journal`) know their tables; under them `file` opens the database,
//! `header` turns a passphrase into keys, `crypto` seals values and vouches for rows, and `chain` writes the log so
//! that tampering shows.

mod accounts;
mod applications;
mod audit;
mod chain;
mod create;
mod crypto;
mod error;
mod failed_logins;
mod file;
mod first_uses;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod grants;
mod header;
mod history;
mod journal;
mod keys;
mod members;
mod open;
mod people;
mod receivers;
mod remembered;
mod replacements;
mod requests;
mod settings;
mod stores;
#[cfg(test)]
mod tests;
mod usage;
mod vault;
mod vouch;
mod words;

pub use create::{CreateError, SHORTEST_PASSPHRASE, create, first_admin};
pub use crypto::{CryptoError, KdfCost};
pub use file::{FileError, GateJson, Home, HomeLock, LockError};
pub use vault::Vault;
