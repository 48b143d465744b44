//! The clocks of this computer: the one place that reads them.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use desk::ports::Clock;
use domain::{Moment, Timestamp};

/// The system's clocks.
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// Moments count from here.
    #[expect(clippy::disallowed_methods, reason = "this is the clock port's adapter")]
    pub fn start() -> Self {
        Self { started: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        now()
    }

    fn moment(&self) -> Moment {
        Moment(self.started.elapsed())
    }
}

/// Wall-clock time; a clock set before 1970 reads as 1970.
#[expect(clippy::disallowed_methods, reason = "this is the clock port's adapter")]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
