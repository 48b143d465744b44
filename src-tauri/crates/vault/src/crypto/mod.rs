//! Keys, seals, MACs and password hashes. Nothing here knows SQLite.

mod aead;
mod fields;
mod kdf;
mod keys;
mod password;
mod secret;

pub(crate) use fields::Fields;
pub use kdf::KdfCost;
pub(crate) use keys::{Keys, Mac, Place};
pub(crate) use password::{hash_password, verify_password};

pub(crate) use aead::{NONCE_LEN, open_with, random, seal_with};
pub(crate) use kdf::derive;
pub(crate) use secret::SecretBytes;

/// What can go wrong with keys and sealed values. Never says what was inside.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CryptoError {
    /// The operating system gave no random bytes.
    #[error("the system gave no random bytes")]
    NoRandom,
    /// Argon2 parameters below the floor or above the ceiling of [`KdfCost`].
    #[error("the cost of the passphrase's key is out of range")]
    CostOutOfRange,
    /// The memory Argon2 asks for is not there.
    #[error("not enough memory to derive a key")]
    NoMemory,
    /// The value was changed, moved to another place, or sealed under another key.
    #[error("a sealed value cannot be opened")]
    Unreadable,
    /// The value was sealed in a way this version does not know.
    #[error("a value is sealed in a newer way ({0}) than this version knows")]
    NewerSeal(u8),
}
