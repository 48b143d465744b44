//! How Fieldgate is set up.

use serde::{Deserialize, Serialize};

/// What the admin may choose. What was never chosen has its default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Whether apps may sign in with e-mail and password. An app that does sees the password and can do everything
    /// that user can.
    pub basic: bool,
    /// Minutes without use after which the window locks itself; never when absent.
    pub lock_after: Option<u32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { basic: true, lock_after: Some(15) }
    }
}
