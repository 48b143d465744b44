//! "Try it": an example of the authorize flow that the human starts in the window. Its key does not last.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use domain::{Asking, Timestamp};

use crate::{
    CallError, Caller, Code, Desk,
    calls::{TrialView, TryIt},
    random,
};

/// How long the key of a trial lives.
const LIFE: Duration = Duration::from_secs(600);
/// What a trial asks for: a key that can only look.
const ASKS: &str = "applicationName=Trial+of+Fieldgate&permissions=btcpay.store.canviewinvoices";

/// What tells the trial from whoever asks under its name: a query that nobody else could know.
#[derive(Debug, Default)]
pub(crate) struct Trial {
    query: OnceLock<String>,
}

impl Trial {
    fn query(&self) -> Result<&str, CallError> {
        if self.query.get().is_none() {
            let nonce = u128::from_le_bytes(random()?);
            // Two who draw at once: the first one's stays.
            let _ = self.query.set(format!("{ASKS}&trial={nonce:032x}"));
        }
        Ok(self.query.get().map_or(ASKS, String::as_str))
    }
}

impl Desk {
    /// Opens the example in the human's browser. Where there is none that can be opened, the address is still good.
    pub(crate) async fn try_it(self: &Arc<Self>, _: &Caller, _: TryIt) -> Result<TrialView, CallError> {
        let closed = || CallError::new(Code::Failed, "the gate is closed");
        let port = self.gate_port().ok_or_else(closed)?;
        let url = format!("http://127.0.0.1:{port}/api-keys/authorize?{}", self.trial.query()?);
        let opened = self.shell.open_in_browser(&url);
        Ok(TrialView { url, opened })
    }

    /// Whether this is the trial that the human has started here.
    pub(crate) fn is_trial(&self, asking: &Asking) -> bool {
        self.trial.query.get().is_some_and(|query| query == asking.request.query().expose())
    }

    /// When the key of a request may end at the latest, whatever the human chooses: that of a trial does not last.
    pub(crate) fn latest_end(&self, asking: &Asking) -> Option<Timestamp> {
        self.is_trial(asking).then(|| self.clock.now().plus(LIFE))
    }
}
