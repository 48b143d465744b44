//! A clipboard that others use as well.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    mpsc::{Receiver, Sender, channel},
};

use crate::ports::{Clipboard, NoClipboard};

/// Holds what was copied last. Fails, or takes its time, when told to.
#[derive(Debug, Default)]
pub struct RecordedClipboard {
    holds: Mutex<String>,
    fails: Mutex<bool>,
    held_up: Mutex<Option<(Sender<()>, Receiver<()>)>>,
}

impl RecordedClipboard {
    /// What somebody would paste now; empty when there is nothing.
    pub fn holds(&self) -> String {
        guard(&self.holds).clone()
    }

    /// Somebody else copies something.
    pub fn is_given(&self, text: &str) {
        text.clone_into(&mut guard(&self.holds));
    }

    /// From now on it cannot be used, or it can.
    pub fn set_failing(&self, fails: bool) {
        *guard(&self.fails) = fails;
    }

    /// Holds the next copy up: it says when it has begun, and goes on when it is told to.
    pub fn hold_up(&self) -> (Receiver<()>, Sender<()>) {
        let ((begins, begun), (go_on, goes_on)) = (channel(), channel());
        *guard(&self.held_up) = Some((begins, goes_on));
        (begun, go_on)
    }
}

impl Clipboard for RecordedClipboard {
    fn put(&self, text: &str) -> Result<(), NoClipboard> {
        if *guard(&self.fails) {
            return Err(NoClipboard("it is somebody else's".to_owned()));
        }
        if let Some((begins, goes_on)) = guard(&self.held_up).take() {
            // A test that has gone waits for nothing.
            let _ = begins.send(());
            let _ = goes_on.recv();
        }
        self.is_given(text);
        Ok(())
    }

    fn take_back(&self, text: &str) -> Result<(), NoClipboard> {
        let mut holds = guard(&self.holds);
        if *holds == text {
            holds.clear();
        }
        Ok(())
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
