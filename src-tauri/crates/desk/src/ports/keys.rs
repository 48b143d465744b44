//! What is written of a key once it is there, and of those who guess.

use domain::{Counted, FirstUse, KeyId, PermissionSet, Replacement, Timestamp, Trace, Usage};

use super::NewKey;

/// What a key was used for since that was last written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUse {
    /// Which.
    pub key: KeyId,
    /// When it was last presented.
    pub last: Timestamp,
    /// The demands it was granted, to be added to those before.
    pub granted: Usage,
}

/// What of a key can change. Everything else, its token too, stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyChange {
    /// Which.
    pub key: KeyId,
    /// The admin's name for it from now on.
    pub label: String,
    /// What it may do from now on.
    pub permissions: PermissionSet,
    /// When it ends by itself from now on.
    pub expires: Option<Timestamp>,
}

/// The first use of a key, and what it stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstUsed {
    /// Which.
    pub key: KeyId,
    /// When, and by whom.
    pub first: FirstUse,
    /// The keys that were to stop with it.
    pub stopped: Vec<KeyId>,
}

/// A key that is replaced.
#[derive(Debug, Clone)]
pub struct ReplacedKey {
    /// What is decided of it.
    pub row: Replacement,
    /// The key that takes its place, minted for it; absent where its application is to ask again.
    pub new: Option<NewKey>,
}

/// Wrong passwords in a row, kept so that a restart makes no guesser a stranger anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailedLogins {
    /// What they are counted by.
    pub by: Counted,
    /// A hash of whom they are counted under.
    pub trace: Trace,
    /// How many there were, one at least.
    pub count: u32,
    /// The last of them.
    pub last: Timestamp,
}
