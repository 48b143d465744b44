//! Who holds the other end of a socket.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// A running program as the operating system knows it, taken while its connection was open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Program {
    /// Process id at the time of the look-up.
    pub pid: u32,
    /// Path of the executable; absent when it could not be read.
    pub exe: Option<String>,
    /// For an interpreter, the script it says it runs. Claimed by the program, not a fact.
    pub script: Option<String>,
    /// Numeric id of the user it runs as.
    pub uid: u32,
    /// Name of that user, where there is one.
    pub user: Option<String>,
    /// When the process started.
    pub started: Option<Timestamp>,
    /// Who started it.
    pub parent: Option<Parent>,
    /// The terminal it runs in (`pts/3`), if it has one.
    #[serde(default)]
    pub terminal: Option<String>,
}

/// The process that started a [`Program`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Parent {
    /// Its process id.
    pub pid: u32,
    /// Path of its executable, where it could be read.
    pub exe: Option<String>,
}

/// What makes two processes "the same program": executable and script. Process ids come and go.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ProgramIdentity {
    /// Path of the executable.
    pub exe: String,
    /// The script an interpreter runs.
    pub script: Option<String>,
}

impl Program {
    /// The identity that limits and the register of applications go by; absent when the executable is unknown.
    #[must_use]
    pub fn identity(&self) -> Option<ProgramIdentity> {
        let exe = self.exe.clone()?;
        Some(ProgramIdentity { exe, script: self.script.clone() })
    }
}

impl std::fmt::Display for ProgramIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.script {
            Some(script) => write!(f, "{} {script}", self.exe),
            None => f.write_str(&self.exe),
        }
    }
}
