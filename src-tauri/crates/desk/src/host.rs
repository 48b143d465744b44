//! What a host does with the desk: make calls, let time pass, close.

use std::{sync::Arc, time::Duration};

use domain::Ending;
use tokio::{sync::watch, time::MissedTickBehavior};

use crate::{
    CallError, Caller, Code, Desk,
    calls::{
        Access, Active, Call, Changes, DeskState, Done, Finish, Lock, Raise, Revision, Status, StatusView,
    },
};

/// How often deadlines are looked at.
const TICK: Duration = Duration::from_secs(1);
/// How many ticks pass between two looks at keys that run out.
const TICKS_A_SWEEP: u32 = 60;
/// How many ticks pass between two times that failed sign-ins and first uses are written down, if there are any.
const TICKS_A_NOTE: u32 = 5;
/// The longest a caller waits for a change.
const LONGEST_WAIT: Duration = Duration::from_secs(25);

impl Desk {
    /// A new caller for a connection of the command line. It starts locked.
    #[must_use]
    pub fn connect(&self) -> Caller {
        self.openings.connect()
    }

    /// Forgets a caller whose connection has gone.
    pub fn disconnect(&self, caller: &Caller) {
        self.openings.close(caller);
    }

    /// Makes a call. What it has begun is finished even when nobody waits for the answer any more.
    ///
    /// # Errors
    /// `passphrase-needed` or `locked` for a caller that has not shown the passphrase; else what the call says.
    pub async fn call(self: &Arc<Self>, caller: &Caller, call: Call) -> Result<serde_json::Value, CallError> {
        match call.access() {
            Access::Open => {}
            Access::Unlocked => drop(self.openings.of(caller)?),
        }
        let (desk, caller) = (Arc::clone(self), caller.clone());
        match tokio::spawn(async move { desk.dispatch(&caller, call).await }).await {
            Ok(answer) => answer,
            Err(broken) => Err(CallError::new(Code::Failed, format!("the call broke off: {broken}"))),
        }
    }

    pub(crate) async fn status(
        self: &Arc<Self>,
        caller: &Caller,
        _: Status,
    ) -> Result<StatusView, CallError> {
        let open = self.openings.of(caller).is_ok();
        Ok(StatusView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            state: if open { DeskState::Open } else { DeskState::Locked },
            gate_problem: self.gate_problem(),
            url: self.gate_port().map(|port| format!("http://127.0.0.1:{port}")),
            pid: std::process::id(),
            locked: self.is_locked(),
            pending: u32::try_from(self.inbox().cards().iter().map(domain::Card::asked).sum::<usize>())
                .unwrap_or(u32::MAX),
            window: self.shell.has_window(),
        })
    }

    /// First start is over once there is a desk.
    pub(crate) async fn finish(self: &Arc<Self>, _: &Caller, _: Finish) -> Result<Done, CallError> {
        Err(CallError::new(Code::AlreadyInitialised, "there is a vault in this home already"))
    }

    pub(crate) async fn active(self: &Arc<Self>, _: &Caller, _: Active) -> Result<Done, CallError> {
        *self.active_since() = self.clock.moment();
        Ok(Done {})
    }

    pub(crate) async fn raise(self: &Arc<Self>, _: &Caller, _: Raise) -> Result<Done, CallError> {
        self.shell.raise();
        Ok(Done {})
    }

    pub(crate) async fn changes(self: &Arc<Self>, _: &Caller, args: Changes) -> Result<Revision, CallError> {
        let mut revisions = self.revisions();
        let newer = revisions.wait_for(|revision| *revision > args.since);
        // Nothing new in time is an answer like any other: the same revision.
        let _ = tokio::time::timeout(LONGEST_WAIT, newer).await;
        let revision = *self.revisions().borrow();
        Ok(Revision { revision })
    }

    /// Whether keys can be minted over the API.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.openings.of(&Caller::DESK).is_err()
    }

    /// Lets time pass until `stop` says so: requests end, keys run out, counts are written down. Then everything
    /// that waits is closed. What the gate still answers after that is counted, too: [`Desk::write_counts`] once it is
    /// closed as well.
    pub async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut ticked: u32 = 0;
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                _ = stop.wait_for(|stop| *stop) => break,
            }
            let effects = self.inbox().tick(self.clock.moment());
            self.carry_out(effects).await;
            self.lock_when_idle().await;
            self.clear_clipboard_when_due().await;
            if ticked.is_multiple_of(TICKS_A_NOTE) {
                self.write_first_uses().await;
                self.write_failed_logins().await;
            }
            if ticked.is_multiple_of(TICKS_A_SWEEP) {
                self.sweep().await;
            }
            ticked = ticked.wrapping_add(1);
        }
        let effects = self.inbox().close(self.clock.moment());
        self.carry_out(effects).await;
        self.clear_clipboard().await;
        self.write_counts().await;
    }

    /// Writes down which keys have run out, so that a clock set back revives none, and when keys were used.
    pub(crate) async fn sweep(self: &Arc<Self>) {
        self.write_first_uses().await;
        let now = self.clock.now();
        let overdue = self.index().overdue(now);
        for key in overdue {
            if let Err(error) =
                self.end_key(&Caller::DESK, &key, Ending::Expired, domain::Actor::Fieldgate).await
            {
                tracing::error!(%error, %key, "an expired key could not be written down");
            }
        }
        self.write_uses().await;
    }

    /// Locks a window that nobody has used for the time that was set.
    async fn lock_when_idle(self: &Arc<Self>) {
        let Some(minutes) = self.set_up().lock_after else { return };
        let idle = self.clock.moment().since(*self.active_since());
        if !self.shell.has_window() || self.is_locked() || idle < Duration::from_secs(u64::from(minutes) * 60)
        {
            return;
        }
        if let Err(error) = self.lock(&Caller::DESK, Lock {}).await {
            tracing::error!(%error, "the desk could not lock itself");
        }
    }
}
