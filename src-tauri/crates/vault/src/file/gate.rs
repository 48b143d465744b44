//! `gate.json`: where the gate is, for programs of this user.

use std::fs;
use std::io::Write;

use serde::{Deserialize, Serialize};

use super::paths::{create_private, guard, io, remove};
use super::{FileError, Home};

/// What `gate.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateJson {
    /// The gate's address, such as `http://127.0.0.1:21420`.
    pub url: String,
    /// The process that listens there.
    pub pid: u32,
}

impl Home {
    /// Writes `gate.json`, mode 0600, in one step: whoever reads it reads all of it.
    ///
    /// # Errors
    /// [`FileError::Symlink`] for a planted link, [`FileError::Io`].
    pub fn write_gate_json(&self, gate: &GateJson) -> Result<(), FileError> {
        let path = self.gate_json();
        let draft = self.path().join("gate.json.new");
        guard(&path)?;
        remove(&draft)?;
        let mut file = create_private(&draft)?;
        serde_json::to_vec(gate)
            .map_err(Into::into)
            .and_then(|json| file.write_all(&json))
            .map_err(io(&draft))?;
        fs::rename(&draft, &path).map_err(io(&path))
    }

    /// Takes `gate.json` away; it may be gone already.
    ///
    /// # Errors
    /// [`FileError::Io`].
    pub fn remove_gate_json(&self) -> Result<(), FileError> {
        remove(&self.gate_json())
    }
}
