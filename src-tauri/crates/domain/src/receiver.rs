//! Who receives a key.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Program, ProgramIdentity};

/// Where a key goes: an address, and on this computer the program that listens there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Receiver {
    /// Scheme, host and port of the redirect.
    pub origin: String,
    /// Who listens there; absent for an address that is not this computer's.
    pub listener: Option<Listener>,
}

/// Who listens at an address of this computer, as the system tells it at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "whose", rename_all = "kebab-case")]
pub enum Listener {
    /// Nobody, so far or any more.
    Nobody,
    /// The system does not tell.
    Unknown,
    /// A program of the user who runs Fieldgate. It stays unknown where several could be meant or it hides itself.
    Own {
        /// The program, where it can be told.
        program: Option<Program>,
    },
    /// A program of the superuser, who may do everything here anyway.
    Root {
        /// The program, where it can be told: seldom, unless Fieldgate runs as the superuser.
        program: Option<Program>,
    },
    /// A program of another user.
    OtherUser {
        /// Numeric id of that user.
        uid: u32,
        /// That user's name, where there is one.
        user: Option<String>,
        /// The program, where it can be told: seldom.
        program: Option<Program>,
    },
}

impl Receiver {
    /// Whether nobody would receive anything: nothing can be approved yet.
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        self.listener == Some(Listener::Nobody)
    }

    /// Whether it is another user's program, or may be one: that needs the passphrase, and no key that is there already
    /// goes to it.
    #[must_use]
    pub fn is_strange(&self) -> bool {
        matches!(self.listener, Some(Listener::Unknown | Listener::OtherUser { .. }))
    }

    /// The listening program, where there is one and it can be told.
    #[must_use]
    pub fn program(&self) -> Option<&Program> {
        self.listener.as_ref().and_then(Listener::program)
    }

    /// Whether this is the one that was looked at before: the same origin, and there the same user's same program,
    /// which may have been restarted. Where no program can be told it is its user alone that is compared.
    #[must_use]
    pub fn is_still(&self, before: &Self) -> bool {
        let same_listener = match (&self.listener, &before.listener) {
            (Some(now), Some(then)) => now.is_still(then),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        self.origin == before.origin && same_listener
    }

    /// Whether it is the same as at a grant before, so that nothing about it is new: on this computer its program can be
    /// told.
    #[must_use]
    pub fn is_familiar_from(&self, before: &Self) -> bool {
        self.is_still(before) && (self.listener.is_none() || self.is_program_of(before))
    }

    /// Whether it is the program that was served `before`, at whatever port: both can be told, and are the same.
    #[must_use]
    pub fn is_program_of(&self, before: &Self) -> bool {
        let (Some(now), Some(then)) = (&self.listener, &before.listener) else { return false };
        !self.is_strange() && now.program().is_some() && now.is_still(then)
    }
}

impl Listener {
    /// What to go by where a name stands for several addresses, each with a listener of its own: another user before one
    /// who is unknown, and that before one's own. Where they are several programs none of them can be told.
    #[must_use]
    pub fn gravest(listeners: impl IntoIterator<Item = Self>) -> Self {
        let mut there: Vec<Self> =
            listeners.into_iter().filter(|listener| *listener != Self::Nobody).collect();
        let several = there.iter().zip(there.iter().skip(1)).any(|(one, next)| !one.is_still(next));
        there.sort_by_key(Self::trust);
        match there.into_iter().next() {
            None => Self::Nobody,
            Some(gravest) if several => gravest.untold(),
            Some(only) => only,
        }
    }

    /// The listening program, where it can be told.
    #[must_use]
    pub fn program(&self) -> Option<&Program> {
        match self {
            Self::Nobody | Self::Unknown => None,
            Self::Own { program } | Self::Root { program } | Self::OtherUser { program, .. } => {
                program.as_ref()
            }
        }
    }

    /// The less, the graver.
    fn trust(&self) -> u8 {
        match self {
            Self::OtherUser { .. } => 0,
            Self::Unknown => 1,
            Self::Own { .. } => 2,
            Self::Root { .. } => 3,
            Self::Nobody => 4,
        }
    }

    /// The same, without a program.
    fn untold(mut self) -> Self {
        match &mut self {
            Self::Nobody | Self::Unknown => {}
            Self::Own { program } | Self::Root { program } | Self::OtherUser { program, .. } => {
                *program = None
            }
        }
        self
    }

    fn identity(&self) -> Option<ProgramIdentity> {
        self.program().and_then(Program::identity)
    }

    /// Nobody is never still the same, and one who is not known may be anybody.
    fn is_still(&self, before: &Self) -> bool {
        match (self, before) {
            (Self::Own { .. }, Self::Own { .. }) | (Self::Root { .. }, Self::Root { .. }) => {
                self.identity() == before.identity()
            }
            (Self::OtherUser { uid, .. }, Self::OtherUser { uid: then, .. }) => {
                uid == then && self.identity() == before.identity()
            }
            (
                Self::Nobody | Self::Unknown | Self::Own { .. } | Self::Root { .. } | Self::OtherUser { .. },
                _,
            ) => false,
        }
    }
}

/// In words, for a log or a list.
impl fmt::Display for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)?;
        match &self.listener {
            Some(listener) => write!(f, ", received by {listener}"),
            None => Ok(()),
        }
    }
}

/// Who it is, said to whoever runs Fieldgate.
impl fmt::Display for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |program: &Option<Program>, else_| program_name(program.as_ref()).unwrap_or(else_);
        match self {
            Self::Nobody => f.write_str("nobody yet"),
            Self::Unknown => f.write_str("a program that cannot be told"),
            Self::Own { program } => f.write_str(&named(program, "a program of your own user".to_owned())),
            Self::Root { program } => write!(f, "{} of root", named(program, "a program".to_owned())),
            Self::OtherUser { uid, user, program } => {
                let user = user.clone().unwrap_or_else(|| uid.to_string());
                write!(f, "{} of another user ({user})", named(program, "a program".to_owned()))
            }
        }
    }
}

fn program_name(program: Option<&Program>) -> Option<String> {
    Some(program?.identity()?.to_string())
}

#[cfg(test)]
mod tests;
