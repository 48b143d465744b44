//! The clipboard of whoever sits at the window.

/// Where a person pastes from. Every method blocks: others may have to be asked what they hold.
pub trait Clipboard: Send + Sync + 'static {
    /// Puts `text` there, marked as nothing that a clipboard manager should remember.
    ///
    /// # Errors
    /// [`NoClipboard`] where there is none, or it refuses.
    fn put(&self, text: &str) -> Result<(), NoClipboard>;
    /// Empties it if it still holds `text`; what somebody else has copied since stays.
    ///
    /// # Errors
    /// [`NoClipboard`] when it does not say what it holds, or refuses.
    fn take_back(&self, text: &str) -> Result<(), NoClipboard>;
}

/// Why the clipboard cannot be used. Free of what was to be copied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the clipboard cannot be used: {0}")]
pub struct NoClipboard(pub String);
