//! What the log records.

use serde::{Deserialize, Serialize};

use crate::{KeyId, Timestamp, UserId};

/// Who did something that the log records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Actor {
    /// The admin, in the window.
    Window,
    /// Whoever holds the passphrase, on the command line.
    CommandLine,
    /// A caller of the gate, by key.
    Key {
        /// The key presented.
        id: KeyId,
    },
    /// A caller of the gate, by e-mail and password.
    Basic {
        /// The user signed in.
        user: UserId,
    },
    /// An app that collects what it was granted.
    Asker,
    /// Fieldgate itself: expiry, start, stop.
    Fieldgate,
}

/// What the log says happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// First start.
    DeskCreated,
    /// The vault was opened.
    Unlocked,
    /// The vault was locked.
    Locked,
    /// The passphrase was changed.
    PassphraseChanged,
    /// A user was created.
    UserCreated,
    /// A user's address, name or picture changed.
    UserChanged,
    /// A user's password was set or taken away.
    PasswordChanged,
    /// A user became an admin.
    UserPromoted,
    /// A user is no admin any more.
    UserDemoted,
    /// A user's keys and password are refused from now on.
    UserDisabled,
    /// A disabled user's keys and password work again.
    UserEnabled,
    /// A user is gone, and its keys with it.
    UserDeleted,
    /// A store was created.
    StoreCreated,
    /// A store's name or settings were changed.
    StoreChanged,
    /// A store ended with its last member.
    StoreRemoved,
    /// Somebody belongs to a store from now on.
    MemberAdded,
    /// A member of a store got another role.
    MemberChanged,
    /// Somebody left a store.
    MemberRemoved,
    /// A key was minted by hand or over the API.
    KeyCreated,
    /// A key got another label, other permissions or another end.
    KeyChanged,
    /// Another key takes the place of a key, or is to.
    KeyReplaced,
    /// A key was revoked.
    KeyRevoked,
    /// A key was seen past its expiry.
    KeyExpired,
    /// A key's secret was shown.
    KeyRevealed,
    /// A request was approved without asking, because that was remembered.
    RequestRepeated,
    /// An approval is repeated without asking from now on.
    DecisionRemembered,
    /// An approval is not repeated any more.
    DecisionForgotten,
    /// A request was approved.
    RequestApproved,
    /// A request was refused.
    RequestRefused,
    /// A request ended without a decision.
    RequestEnded,
    /// A granted key was handed over.
    KeyDelivered,
    /// A granted key could not be posted to the app, or was withheld from another program.
    DeliveryFailed,
    /// A granted key may go to another receiver than was decided on.
    ReceiverAccepted,
    /// Fieldgate was set up differently.
    SettingsChanged,
    /// An application's standing changed.
    StandingChanged,
    /// What the admin has written down about an application changed.
    ApplicationNoted,
}

/// One line of the log, as it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// Position, from 1.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// What happened.
    pub action: Action,
    /// The handle it happened to.
    pub subject: String,
    /// More, in words; free of secrets.
    pub detail: String,
}
