//! The system's clipboard: X11, Wayland where the compositor lets programs at it, Windows, macOS.

use std::sync::{Mutex, PoisonError};

use arboard::Error;
#[cfg(target_os = "macos")]
use arboard::SetExtApple as _;
#[cfg(all(unix, not(target_os = "macos")))]
use arboard::SetExtLinux as _;
#[cfg(windows)]
use arboard::SetExtWindows as _;
use desk::ports::{Clipboard, NoClipboard};
use zeroize::Zeroizing;

/// Opened with the first copy, and open from then on: on X11 and Wayland it is this process that hands out what was
/// copied, so what it holds goes with it.
#[derive(Default)]
pub(crate) struct WindowClipboard(Mutex<Option<arboard::Clipboard>>);

impl WindowClipboard {
    /// One at a time, so that nothing of ours comes between looking and emptying.
    fn with<T>(
        &self,
        work: impl FnOnce(&mut arboard::Clipboard) -> Result<T, Error>,
    ) -> Result<T, NoClipboard> {
        let mut opened = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut clipboard = match opened.take() {
            Some(clipboard) => clipboard,
            None => arboard::Clipboard::new().map_err(not_there)?,
        };
        let done = work(&mut clipboard).map_err(unusable);
        *opened = Some(clipboard);
        done
    }
}

impl Clipboard for WindowClipboard {
    fn put(&self, text: &str) -> Result<(), NoClipboard> {
        self.with(|clipboard| clipboard.set().exclude_from_history().text(text))
    }

    fn take_back(&self, text: &str) -> Result<(), NoClipboard> {
        self.with(|clipboard| match clipboard.get_text().map(Zeroizing::new) {
            Ok(held) if *held == text => clipboard.clear(),
            // A picture, say, or nothing.
            Ok(_) | Err(Error::ContentNotAvailable | Error::ConversionFailure) => Ok(()),
            Err(error) => Err(error),
        })
    }
}

fn not_there(error: Error) -> NoClipboard {
    tracing::warn!(%error, "the clipboard could not be opened");
    NoClipboard("this desktop offers none to programs".to_owned())
}

fn unusable(error: Error) -> NoClipboard {
    NoClipboard(error.to_string())
}
