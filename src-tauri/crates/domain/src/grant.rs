//! How askings are made, end and are recorded.

use serde::{Deserialize, Serialize};

use crate::{Issuer, KeyId, PermissionSet, Receiver, RequestId, Timestamp, UserId};

/// How an asking was made, which is also how it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Somebody's browser (`Accept` has `text/html`).
    Browser,
    /// Anything else.
    Program,
}

/// How the app got its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Delivery {
    /// Nobody has it yet.
    Never,
    /// Nobody has it: every try to post it failed.
    Failed,
    /// Nobody has it: another program listened where it should have gone.
    Withheld,
    /// A form posted by the browser.
    FormPost,
    /// JSON posted by Fieldgate.
    JsonPost,
    /// Collected by polling.
    Collected,
    /// Shown to the admin in Fieldgate: there was nowhere to send it.
    Shown,
}

impl Delivery {
    /// Whether the key has gone out.
    #[must_use]
    pub fn is_out(self) -> bool {
        match self {
            Self::Never | Self::Failed | Self::Withheld => false,
            Self::FormPost | Self::JsonPost | Self::Collected | Self::Shown => true,
        }
    }
}

/// Where an asking stands or how it ended, as the asking side reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum RequestStatus {
    /// Waiting for a decision.
    Pending,
    /// Granted; the key waits to be handed over.
    Approved,
    /// Granted and handed over.
    Delivered,
    /// Granted, and every try to post it failed.
    Undelivered,
    /// Refused by the admin.
    Refused,
    /// Nobody decided in time.
    Expired,
    /// The asker went away.
    Withdrawn,
    /// Another asking with the same query was decided.
    Superseded,
    /// Fieldgate was closed.
    Closed,
}

/// The record of an approval: request, consent, key and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// The asking it answers.
    pub request: RequestId,
    /// The key handed over.
    pub key: KeyId,
    /// Whose key it is.
    pub owner: UserId,
    /// Who minted it.
    pub issuer: Issuer,
    /// What was granted.
    pub permissions: PermissionSet,
    /// Whether an existing key was handed over again.
    pub existing: bool,
    /// How it was asked.
    pub mode: Mode,
    /// How the app got it.
    pub delivery: Delivery,
    /// Who was to receive it when that was decided; absent without a redirect, and before this was kept.
    pub receiver: Option<Receiver>,
    /// When it was approved.
    pub granted: Timestamp,
}
