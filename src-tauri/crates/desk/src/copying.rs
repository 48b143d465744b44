//! A secret on the clipboard, and how it leaves it again.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::Moment;
use tokio::time::timeout;

use crate::{
    CallError, Caller, Code, Desk,
    calls::{CopiedView, CopySecret, Revealed},
    desk::off_thread,
    ports::NoClipboard,
};

/// How long anybody waits for a clipboard to be emptied: whoever holds it may not answer.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// The secret that was copied last, until it is taken back.
#[derive(Debug, Default)]
pub(crate) struct Copied(Mutex<Option<Clip>>);

#[derive(Debug)]
struct Clip {
    secret: Revealed,
    /// When its time is over; it has none when absent.
    until: Option<Moment>,
}

impl Copied {
    fn remember(&self, clip: Clip) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(clip);
    }

    /// The secret that `is_wanted`, which is forgotten here.
    fn take(&self, is_wanted: impl FnOnce(&Clip) -> bool) -> Option<Revealed> {
        let mut copied = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        copied.take_if(|clip| is_wanted(clip)).map(|clip| clip.secret)
    }
}

impl From<NoClipboard> for CallError {
    fn from(error: NoClipboard) -> Self {
        Self::new(Code::Failed, error.to_string())
    }
}

impl Desk {
    /// Puts a secret on the clipboard of the window, for as long as was set.
    pub(crate) async fn copy_secret(
        self: &Arc<Self>,
        caller: &Caller,
        args: CopySecret,
    ) -> Result<CopiedView, CallError> {
        let Some(clipboard) = self.shell.clipboard() else {
            return Err(CallError::new(Code::Failed, "there is no clipboard where Fieldgate runs"));
        };
        let clears_after = self.set_up().clear_clipboard;
        let until =
            clears_after.map(|seconds| self.clock.moment().plus(Duration::from_secs(u64::from(seconds))));
        // Remembered first: whoever locks from now on takes it back.
        self.copied.remember(Clip { secret: args.secret.clone(), until });
        let secret = args.secret.clone();
        let put = off_thread(move || clipboard.put(secret.expose())).await;
        if put.is_err() {
            self.copied.take(|clip| clip.secret == args.secret);
        }
        put?;
        // It may have been locked before the clipboard had it: then there was nothing to take back yet.
        if let Err(locked) = self.openings.of(caller) {
            self.take_back(args.secret).await;
            return Err(locked);
        }
        Ok(CopiedView { clears_after })
    }

    /// Takes back a secret whose time on the clipboard is over.
    pub(crate) async fn clear_clipboard_when_due(self: &Arc<Self>) {
        let now = self.clock.moment();
        if let Some(secret) = self.copied.take(|clip| clip.until.is_some_and(|until| until <= now)) {
            self.take_back(secret).await;
        }
    }

    /// Takes back whatever secret is on the clipboard: the desk locks itself, or ends.
    pub(crate) async fn clear_clipboard(self: &Arc<Self>) {
        if let Some(secret) = self.copied.take(|_| true) {
            self.take_back(secret).await;
        }
    }

    async fn take_back(self: &Arc<Self>, secret: Revealed) {
        let Some(clipboard) = self.shell.clipboard() else { return };
        match timeout(LONGEST_WAIT, off_thread(move || clipboard.take_back(secret.expose()))).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "a copied secret may still be on the clipboard"),
            Err(_) => tracing::warn!("who holds the clipboard does not answer: a copied secret may be on it"),
        }
    }
}
