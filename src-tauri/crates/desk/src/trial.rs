//! "Try it": an example of the authorize flow that the human starts in the window. Its key does not last.

use std::{
    sync::{Arc, MutexGuard, PoisonError},
    time::Duration,
};

use domain::{Asking, Program, ProgramIdentity, Timestamp};

use crate::{
    CallError, Caller, Code, Desk,
    calls::{TrialView, TryIt},
    random,
};

/// How long the key of a trial lives.
const LIFE: Duration = Duration::from_secs(600);
/// What a trial asks for: a key that can only look.
const ASKS: &str = "applicationName=Trial+of+Fieldgate&permissions=btcpay.store.canviewinvoices";

/// The trial that was started last. Any program of the same user can read its query once a browser has it, so it belongs
/// to the program that shows it first.
#[derive(Debug)]
pub(crate) struct Trial {
    query: String,
    by: Option<ProgramIdentity>,
}

impl Desk {
    /// Opens the example in the human's browser. Where there is none that can be opened, the address is still good.
    pub(crate) async fn try_it(self: &Arc<Self>, _: &Caller, _: TryIt) -> Result<TrialView, CallError> {
        let closed = || CallError::new(Code::Failed, "the gate is closed");
        let port = self.gate_port().ok_or_else(closed)?;
        let query = format!("{ASKS}&trial={:032x}", u128::from_le_bytes(random()?));
        let url = format!("http://127.0.0.1:{port}/api-keys/authorize?{query}");
        *self.trial() = Some(Trial { query, by: None });
        let opened = self.shell.open_in_browser(&url);
        Ok(TrialView { url, opened })
    }

    /// Takes note of who asks, before anybody can see it.
    pub(crate) fn may_be_trial(&self, asking: &Asking) {
        let mut trial = self.trial();
        if let Some(Trial { query, by: by @ None }) = &mut *trial
            && query == asking.request.query().expose()
        {
            *by = identity(asking);
        }
    }

    /// Whether this is the trial that the human has started here.
    pub(crate) fn is_trial(&self, asking: &Asking) -> bool {
        let trial = self.trial();
        trial.as_ref().is_some_and(|trial| {
            trial.query == asking.request.query().expose()
                && trial.by.is_some()
                && trial.by == identity(asking)
        })
    }

    /// When the key of a request may end at the latest, whatever the human chooses: that of a trial does not last.
    pub(crate) fn latest_end(&self, asking: &Asking) -> Option<Timestamp> {
        self.is_trial(asking).then(|| self.clock.now().plus(LIFE))
    }

    fn trial(&self) -> MutexGuard<'_, Option<Trial>> {
        self.trial.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn identity(asking: &Asking) -> Option<ProgramIdentity> {
    asking.asker.program.as_ref().and_then(Program::identity)
}
