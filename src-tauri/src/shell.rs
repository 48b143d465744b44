//! The desk's window, as the desk knows it.

use std::sync::Arc;

use desk::ports::{Clipboard, Notice, Shell};
use tauri::{AppHandle, Emitter};

use crate::{clipboard::WindowClipboard, window};

/// The event that says "something changed". It carries no data: the page pulls.
const CHANGED: &str = "changed";

/// The window of a running app.
pub(crate) struct WindowShell {
    app: AppHandle,
    clipboard: Arc<WindowClipboard>,
}

impl WindowShell {
    pub(crate) fn new(app: AppHandle) -> Self {
        Self { app, clipboard: Arc::default() }
    }
}

impl Shell for WindowShell {
    fn has_window(&self) -> bool {
        true
    }

    fn raise(&self) {
        window::raise(&self.app);
    }

    fn open_in_browser(&self, url: &str) -> bool {
        match open::that_detached(url) {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(%error, "no browser could be opened");
                false
            }
        }
    }

    fn clipboard(&self) -> Option<Arc<dyn Clipboard>> {
        Some(Arc::<WindowClipboard>::clone(&self.clipboard))
    }

    /// The page says it in words of its own once it pulls; the system marks the window until it has the focus.
    fn notify(&self, _: Notice) {
        window::mark(&self.app);
    }

    fn changed(&self) {
        if let Err(error) = self.app.emit(CHANGED, ()) {
            tracing::warn!(%error, "the page was not told of a change");
        }
    }
}
