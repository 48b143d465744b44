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
    /// Seconds after which a copied secret leaves the clipboard; not before the window locks itself when absent.
    pub clear_clipboard: Option<u32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { basic: true, lock_after: Some(15), clear_clipboard: Some(20) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_older_fieldgate_did_not_know_has_its_default() {
        let kept: Settings = serde_json::from_str(r#"{"basic":false,"lock_after":null}"#).unwrap();
        assert_eq!(kept, Settings { basic: false, lock_after: None, clear_clipboard: Some(20) });
    }
}
