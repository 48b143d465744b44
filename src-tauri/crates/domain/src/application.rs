//! The register of applications.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ApplicationId, ProgramIdentity, Timestamp};

/// What the register of applications goes by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum ApplicationIdentity {
    /// An identifier (case-sensitive) together with the origin of the redirect.
    Identifier {
        /// As the application sent it.
        identifier: String,
        /// Scheme, host and port of the redirect.
        origin: String,
    },
    /// No identifier: the origin of the redirect.
    Origin {
        /// Scheme, host and port of the redirect.
        origin: String,
    },
    /// No redirect: the program that asked.
    Program {
        /// Executable and script.
        program: ProgramIdentity,
    },
    /// No redirect, and the program could not be found.
    Unknown,
}

/// In words, for a log or a list. An identifier is quoted: it is the application's own.
impl fmt::Display for ApplicationIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identifier { identifier, origin } => write!(f, "{identifier:?} at {origin}"),
            Self::Origin { origin } => f.write_str(origin),
            Self::Program { program } => write!(f, "{program}"),
            Self::Unknown => f.write_str("unknown program"),
        }
    }
}

/// An entry of the register of applications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    /// Handle.
    pub id: ApplicationId,
    /// What it is recognised by.
    pub identity: ApplicationIdentity,
    /// The names it gave itself, latest first. Claimed, not facts.
    pub names: Vec<String>,
    /// What the admin thinks of it.
    pub standing: Standing,
    /// What the admin has written down about it. It decides nothing.
    pub note: Option<String>,
    /// When it first asked.
    pub first_seen: Timestamp,
    /// When it last asked.
    pub last_seen: Timestamp,
}

/// What the admin thinks of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Nothing yet.
    #[default]
    New,
    /// An explicit tick.
    Known,
    /// Refused from now on, without asking.
    Blocked,
}
