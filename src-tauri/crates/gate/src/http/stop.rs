//! The wish to stop, as every task of the gate sees it.

use tokio::sync::watch;

/// A receiver of "stop now". A sender that is gone means the same: nobody is left who could stop us later.
#[derive(Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    pub(crate) fn new(receiver: watch::Receiver<bool>) -> Self {
        Self(receiver)
    }

    /// Returns once stopping is wanted.
    pub(crate) async fn wanted(&mut self) {
        // An error says that the sender is gone.
        let _ = self.0.wait_for(|stop| *stop).await;
    }

    pub(crate) fn is_wanted(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }
}
