//! How many may wait, how long, and who gets the last places.

use std::time::Duration;

use super::{Asking, Inbox, entry::Entry};
use crate::{Mode, Moment, Standing};

/// Undecided askings in all.
pub(super) const UNDECIDED: usize = 32;
/// Of these, places that only known applications get.
pub(super) const KEPT_FOR_KNOWN: usize = 8;
/// Undecided askings of one program.
pub(super) const PER_PROGRAM: usize = 4;
/// Ended askings that can still be read.
pub(super) const READABLE: usize = 256;

/// Time to decide, from when the card could be seen.
pub(super) const TO_DECIDE: Duration = minutes(5);
/// Time to decide in all, seen or not.
pub(super) const IN_ALL: Duration = minutes(30);
/// How long a page's first collect is waited for after approval, and how often it may be reloaded after that.
pub(super) const TO_COLLECT: Duration = minutes(2);
/// How long a key that is delivered again waits for its collect.
pub const TO_COLLECT_AGAIN: Duration = minutes(5);
/// How long a post is waited for before it counts as failed.
pub(super) const TO_POST: Duration = minutes(5);
/// How long an ended asking can still be read.
pub(super) const TO_READ: Duration = minutes(5);

const fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}

/// How long an asker may be silent before it counts as gone.
pub(super) fn silence(mode: Mode) -> Duration {
    match mode {
        Mode::Browser => Duration::from_secs(40),
        Mode::Program => minutes(5),
    }
}

/// There is no room for another asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many requests are waiting")]
pub struct Full {
    /// When a place is free at the latest, if nobody decides and nobody shows a sign of life: whole seconds,
    /// one at least.
    pub retry_after: Duration,
}

impl Inbox {
    /// Whether anybody at all may come in, a known application included.
    ///
    /// # Errors
    /// [`Full`].
    pub fn room_for_anybody(&self, now: Moment) -> Result<(), Full> {
        if self.closed {
            return Err(Full { retry_after: Duration::from_secs(1) });
        }
        below(UNDECIDED, self.entries.iter().filter(|entry| entry.is_open(now)), now)
    }

    /// Whether `asking` may come in. Nobody is pushed out for it.
    pub(super) fn room_for(&self, asking: &Asking, now: Moment) -> Result<(), Full> {
        if self.closed || self.find(&asking.id).is_some() {
            return Err(Full { retry_after: Duration::from_secs(1) });
        }
        let waiting = || self.entries.iter().filter(move |entry| entry.is_open(now));
        let own = waiting().filter(|entry| entry.asking.asker.same_program(&asking.asker));
        below(PER_PROGRAM, own, now)?;
        below(UNDECIDED, waiting(), now)?;
        if asking.standing == Standing::Known {
            return Ok(());
        }
        let newcomers = waiting().filter(|entry| entry.asking.standing != Standing::Known);
        below(UNDECIDED - KEPT_FOR_KNOWN, newcomers, now)
    }
}

fn below<'a>(limit: usize, taken: impl Iterator<Item = &'a Entry>, now: Moment) -> Result<(), Full> {
    let ends: Vec<Option<Moment>> = taken.map(Entry::ends_by_itself).collect();
    if ends.len() < limit {
        return Ok(());
    }
    let first = ends.into_iter().flatten().min().map_or(Duration::ZERO, |end| end.since(now));
    let whole = first.as_secs() + u64::from(first.subsec_nanos() > 0);
    Err(Full { retry_after: Duration::from_secs(whole.max(1)) })
}
