//! One asking: what is asked, by whom, and the number that ties a page or a terminal to its card.

use std::fmt;

use crate::{
    ApplicationIdentity, AuthorizeRequest, KeyHash, Mode, Program, RequestId, SentBy, Standing, Timestamp,
};

/// One request for a key, as it enters the [`Inbox`](crate::Inbox).
#[derive(Debug, Clone)]
pub struct Asking {
    /// Its public handle; gets nobody anything.
    pub id: RequestId,
    /// What the asker shows and the human types.
    pub number: Number,
    /// Hash of the `CollectSecret` that only this asker was given.
    pub collect: KeyHash,
    /// What is asked.
    pub request: AuthorizeRequest,
    /// Who asks.
    pub asker: Asker,
    /// What the register of applications knows it by.
    pub identity: ApplicationIdentity,
    /// What the admin thought of that application when it asked.
    pub standing: Standing,
    /// When it asked, for the history.
    pub asked: Timestamp,
}

impl Asking {
    /// Whether both ask for the same, in the same way, from the same program and page: such askings share a card.
    pub(super) fn shares_card_with(&self, other: &Self) -> bool {
        self.asker.mode == other.asker.mode
            && self.asker.sent_by == other.asker.sent_by
            && self.asker.same_program(&other.asker)
            && self.request.fingerprint() == other.request.fingerprint()
    }
}

/// Who made an asking.
#[derive(Debug, Clone)]
pub struct Asker {
    /// Browser or program: the mode asked in is the mode answered in.
    pub mode: Mode,
    /// Who held the other end of the connection; absent when it could not be found.
    pub program: Option<Program>,
    /// The page that sent the browser; absent for a program.
    pub sent_by: Option<SentBy>,
}

impl Asker {
    /// Same executable and script. All programs that could not be found count as one.
    pub(super) fn same_program(&self, other: &Self) -> bool {
        let identity = |asker: &Self| asker.program.as_ref().and_then(Program::identity);
        identity(self) == identity(other)
    }
}

/// Whether a human could see the card of a new asking right away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attention {
    /// The vault is unlocked and has a window, or there is no window at all.
    Seen,
    /// Nobody can see it before the vault is unlocked.
    Unseen,
}

/// The number an asker shows, 10 to 99. Hidden from `Debug`: it appears in no log.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Number(u8);

/// A number outside 10 to 99.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a number from 10 to 99")]
pub struct BadNumber;

impl Number {
    /// Every number there is.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (10..=99).map(Self)
    }

    /// Draws a number from 32 random bits.
    #[must_use]
    pub fn from_random(bits: u32) -> Self {
        let below_ninety = u8::try_from(bits % 90).unwrap_or_default();
        Self(10 + below_ninety)
    }

    /// The number in clear, for the asker's own page or answer.
    #[must_use]
    pub fn value(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Number {
    type Error = BadNumber;
    fn try_from(value: u8) -> Result<Self, BadNumber> {
        if (10..=99).contains(&value) { Ok(Self(value)) } else { Err(BadNumber) }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}
