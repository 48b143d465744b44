//! Reading and proving the log.

use std::sync::Arc;

use domain::LogEntry;

use crate::{
    CallError, Caller, Desk,
    calls::{KeyHistory, Log, LogVerdict, LogVerify},
    desk::off_thread,
};

/// The most entries one call answers.
const LONGEST_PAGE: u32 = 1_000;
/// How many entries about one key are told.
const KEY_HISTORY: u32 = 100;

impl Desk {
    pub(crate) async fn log(self: &Arc<Self>, _: &Caller, args: Log) -> Result<Vec<LogEntry>, CallError> {
        if !(1..=LONGEST_PAGE).contains(&args.limit) {
            return Err(CallError::invalid("limit", "limit is a number from 1 to 1000"));
        }
        self.read(move |keyring| keyring.log(args.before, args.limit)).await
    }

    pub(crate) async fn key_history(
        self: &Arc<Self>,
        _: &Caller,
        args: KeyHistory,
    ) -> Result<Vec<LogEntry>, CallError> {
        self.read(move |keyring| keyring.key_history(&args.id, KEY_HISTORY)).await
    }

    pub(crate) async fn log_verify(
        self: &Arc<Self>,
        caller: &Caller,
        _: LogVerify,
    ) -> Result<LogVerdict, CallError> {
        let open = self.openings.of(caller)?;
        off_thread(move || open.verify_log()).await
    }
}
