//! The log as it is stored.

use domain::Timestamp;
use serde::{Deserialize, Serialize};

/// An entry of the log, word for word, with its place in the chain: what it takes to check it elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    /// Position, from 1.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it: `window`, `command-line`, `key:ID`, `basic:USER`, `asker` or `fieldgate`.
    pub actor: String,
    /// What happened.
    pub action: String,
    /// The handle it happened to.
    pub subject: String,
    /// More, in words; free of secrets.
    pub detail: String,
    /// SHA-256 of the entry and all before it, in hex; absent where what is stored is none.
    pub hash: Option<String>,
}
