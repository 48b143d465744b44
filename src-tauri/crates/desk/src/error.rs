//! What a call answers when it does not do what was asked.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// The closed set of error codes. A code exists only because some caller acts on it; nobody matches on text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Code {
    /// An argument is wrong; `field` names it.
    Invalid,
    /// No such request, key, user or store.
    NotFound,
    /// Something of this name is there already.
    AlreadyExists,
    /// It would leave no admin who is not disabled.
    OnlyAdmin,
    /// This connection has not shown the passphrase.
    PassphraseNeeded,
    /// The passphrase does not open this vault.
    WrongPassphrase,
    /// The number is not the one the asker shows.
    WrongNumber,
    /// Too many wrong tries; wait.
    TooMany,
    /// The vault is locked.
    Locked,
    /// The request is not waiting for a decision any more.
    NotPending,
    /// A key that matches is there already: say whether to hand it over or to make a new one.
    ChoiceNeeded,
    /// The request wants a choice of stores, and none was made.
    StoreNeeded,
    /// Nobody listens where the key should go: nothing is approved or delivered yet.
    NobodyListens,
    /// Another program listens where the key should go than the one that was looked at.
    ReceiverChanged,
    /// No Fieldgate runs in this home.
    NotRunning,
    /// A Fieldgate runs in this home already.
    AlreadyRunning,
    /// Somebody else holds the gate's port.
    PortTaken,
    /// There is no vault in this home yet.
    NotInitialised,
    /// There is a vault in this home already.
    AlreadyInitialised,
    /// The two sides speak different versions.
    VersionMismatch,
    /// The vault's file was changed by somebody else, or is damaged.
    VaultDamaged,
    /// The vault's file was written by a newer Fieldgate.
    NewerFile,
    /// The disk is full.
    DiskFull,
    /// Something broke that no caller can mend; the message says what.
    Failed,
}

/// An error as it goes to the window or the command line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{message}")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct CallError {
    /// What the caller acts on.
    pub code: Code,
    /// What a person reads. Free of secrets.
    pub message: Cow<'static, str>,
    /// The argument at fault, where one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Cow<'static, str>>,
}

impl CallError {
    /// An error with a code and a sentence.
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), field: None }
    }

    /// An argument that cannot be taken, by name.
    pub fn invalid(field: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code: Code::Invalid, message: message.into(), field: Some(field.into()) }
    }

    /// Something that is not there.
    pub fn not_found(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::NotFound, message)
    }

    /// The same error, said of a field.
    #[must_use]
    pub fn of(mut self, field: &'static str) -> Self {
        self.field = Some(field.into());
        self
    }
}
