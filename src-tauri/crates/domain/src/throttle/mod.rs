//! Who tries to sign in with bad keys or wrong passwords has to wait. Time goes in, verdicts come out.
//!
//! A valid key is never asked here. Bad keys count for the program that presents them, wrong passwords for the account
//! they are tried on and for the program too. What is counted under is a hash, so that nothing of what a guesser types
//! is kept, and there are only so many places: see [`BackOff`] and [`Rate`] for which one goes first.

mod back_off;
mod rate;
#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Email, Moment, UserId};

pub use back_off::Failed;
use back_off::{BackOff, Figures};
use rate::Rate;

/// Wrong passwords that an account bears before it is held off.
const FREE_PER_ACCOUNT: u32 = 5;
/// Wrong passwords that a program may try before it is held off, over all accounts.
const FREE_PER_PROGRAM: u32 = 20;
/// Accounts that are kept count of. Anybody can make up addresses.
const ACCOUNTS: usize = 1024;
/// Programs that are kept count of.
const PROGRAMS: usize = 256;

/// Whose password is tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Account {
    /// A user's: counted under its id, for its address is the choice of whoever may change its profile.
    Of(UserId),
    /// Nobody's, at this address.
    Nobody(Email),
}

/// Whom a failed sign-in counts for, as far as the system tells. Never what the program says of itself: a script's
/// name is chosen by whoever starts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guesser {
    /// A program: the user whose socket it is, and the executable.
    Program {
        /// Numeric id of the user.
        uid: u32,
        /// Path of the executable.
        exe: String,
    },
    /// A program we may not look into, or that has gone meanwhile: all such of one user count together.
    User {
        /// Numeric id of the user.
        uid: u32,
    },
    /// Nothing is known, because it has closed its connection or too many are looked up at once. All of these count
    /// together, so that going early makes nobody a stranger anew.
    Unknown,
}

/// What failures are counted under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Trace(pub [u8; 32]);

/// What failures are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// The account whose password is guessed, whether it is there or not.
    Account,
    /// The program that guesses.
    Program,
}

/// Somebody has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many failed sign-ins")]
pub struct HeldOff {
    /// For how long: whole seconds, one at least.
    pub retry_after: Duration,
}

/// All failed sign-ins that are remembered.
#[derive(Debug)]
pub struct Throttle {
    keys: Rate,
    accounts: BackOff,
    programs: BackOff,
    /// Whether wrong passwords are remembered that nobody was told of: see [`Throttle::take_news`].
    news: bool,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            keys: Rate::default(),
            accounts: BackOff::new(Figures { free: FREE_PER_ACCOUNT, places: ACCOUNTS }),
            programs: BackOff::new(Figures { free: FREE_PER_PROGRAM, places: PROGRAMS }),
            news: false,
        }
    }
}

impl Throttle {
    /// Counts a bad key.
    ///
    /// # Errors
    /// [`HeldOff`] for the 61st within a minute; such a one does not count.
    pub fn bad_key(&mut self, by: &Guesser, now: Moment) -> Result<(), HeldOff> {
        self.keys.count(Trace::of_guesser(by), now)
    }

    /// Whether a password may be tried on `account` by `by`, as far as that is known. To be asked before the password
    /// is looked at; the right one makes no difference.
    ///
    /// # Errors
    /// [`HeldOff`], for the longer of the two.
    pub fn may_try(&self, account: &Account, by: Option<&Guesser>, now: Moment) -> Result<(), HeldOff> {
        let account = self.accounts.wait(&Trace::of_account(account), now);
        let program = by.map_or(Duration::ZERO, |by| self.programs.wait(&Trace::of_guesser(by), now));
        HeldOff::for_the(account.max(program))
    }

    /// Whether any program is held off, so that it matters who asks.
    #[must_use]
    pub fn holds_a_program(&self, now: Moment) -> bool {
        self.programs.holds_any(now)
    }

    /// Counts a wrong password for its account. Answers whether it counts for the program as well
    /// ([`Throttle::wrong_password_by`]): only while the account bears it. A till with an old password, which its
    /// account slows down by then, does not hold off everything else that runs as the same program.
    pub fn wrong_password(&mut self, account: &Account, now: Moment) -> bool {
        self.news = true;
        self.accounts.failed(Trace::of_account(account), now) <= FREE_PER_ACCOUNT
    }

    /// Counts a wrong password for the program that tried it.
    pub fn wrong_password_by(&mut self, by: &Guesser, now: Moment) {
        self.news = true;
        self.programs.failed(Trace::of_guesser(by), now);
    }

    /// Forgets the wrong passwords of an account, for somebody knew the right one. What its program has tried on other
    /// accounts stays.
    pub fn right_password(&mut self, account: &Account) {
        self.news |= self.accounts.forget(&Trace::of_account(account));
    }

    /// All wrong passwords remembered at `now`, if that is not what was last taken from here.
    pub fn take_news(&mut self, now: Moment) -> Option<Vec<Failed>> {
        let of = |by: Counted, back_off: &BackOff| back_off.all(by, now).collect::<Vec<_>>();
        let all = || [of(Counted::Account, &self.accounts), of(Counted::Program, &self.programs)].concat();
        let news = self.news.then(all);
        self.news = false;
        news
    }

    /// Says that what was taken could not be kept, so that it is taken again.
    pub fn put_news_back(&mut self) {
        self.news = true;
    }

    /// Takes up what was remembered before a restart, as of `now`.
    #[must_use]
    pub fn recalling(remembered: Vec<Failed>, now: Moment) -> Self {
        let mut throttle = Self::default();
        for failed in remembered {
            match failed.by {
                Counted::Account => throttle.accounts.recall(&failed, now),
                Counted::Program => throttle.programs.recall(&failed, now),
            }
        }
        throttle
    }
}

impl Account {
    /// Whose it is.
    #[must_use]
    pub fn user(&self) -> Option<&UserId> {
        match self {
            Self::Of(user) => Some(user),
            Self::Nobody(_) => None,
        }
    }
}

impl HeldOff {
    fn for_the(wait: Duration) -> Result<(), Self> {
        if wait.is_zero() {
            return Ok(());
        }
        let whole = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Err(Self { retry_after: Duration::from_secs(whole) })
    }
}

impl Trace {
    fn of_account(account: &Account) -> Self {
        match account {
            Account::Of(user) => Self::of(&["user account", user.as_str()]),
            Account::Nobody(address) => Self::of(&["account", &address.folded()]),
        }
    }

    fn of_guesser(guesser: &Guesser) -> Self {
        match guesser {
            Guesser::Program { uid, exe } => Self::of(&["program", &uid.to_string(), exe]),
            Guesser::User { uid } => Self::of(&["user", &uid.to_string()]),
            Guesser::Unknown => Self::of(&["unknown"]),
        }
    }

    fn of(words: &[&str]) -> Self {
        // No word has a zero byte: neither ids nor addresses nor paths can.
        Self(Sha256::digest(words.join("\0")).into())
    }
}

impl fmt::Display for Guesser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Program { uid, exe } => write!(f, "{exe} (user {uid})"),
            Self::User { uid } => write!(f, "a program of user {uid}"),
            Self::Unknown => f.write_str("an unknown program"),
        }
    }
}
