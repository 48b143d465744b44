//! Keys that others take the place of.

use domain::{KeyId, ReplacementId, StopOld, Timestamp};
use serde::{Deserialize, Serialize};

use super::{KeyView, Revealed};

views! {
    /// That another key takes a key's place, or is to.
    ReplacedView {
        /// The receipt that says more.
        receipt: ReplacementId,
        /// The key that takes its place by now; absent when that is yet to be granted.
        by: Option<KeyId>,
        /// When the old one stops.
        stop: StopOld,
        /// When that was decided.
        at: Timestamp,
        /// What is to be expected of the old one.
        outlook: Outlook,
    }
    /// A key that was named to be replaced.
    ReplaceableView {
        /// The key.
        key: KeyView,
        /// Why it cannot be, in a sentence.
        problem: Option<String>,
    }
    /// A new key in place of an old one, with its token.
    RotatedView {
        /// The new key's handle.
        id: KeyId,
        /// Its token.
        api_key: Revealed,
        /// Its label.
        label: String,
        /// What it may do.
        permissions: Vec<String>,
        /// When it ends by itself.
        expires: Option<Timestamp>,
        /// What becomes of the old one.
        receipt: ReceiptView,
    }
    /// What was replaced together, and how far that has come.
    ReceiptView {
        /// Handle.
        id: ReplacementId,
        /// When it was decided.
        at: Timestamp,
        /// When the old keys stop.
        stop: StopOld,
        /// Each old key.
        keys: Vec<ReplacedKeyView>,
        /// Keys that were asked for and not replaced: nothing has changed for them. Only in the first answer.
        failed: Vec<NotReplacedView>,
    }
    /// A key that was replaced.
    ReplacedKeyView {
        /// The old one.
        old: KeyView,
        /// When it has ended, if it has.
        stopped: Option<Timestamp>,
        /// The new one; absent when that is yet to be granted.
        new: Option<KeyView>,
        /// The new one's token, in the first answer and never again.
        api_key: Option<Revealed>,
    }
    /// A key that could not be replaced.
    NotReplacedView {
        /// Which.
        id: KeyId,
        /// Its label.
        label: String,
        /// Why, in a sentence.
        why: String,
    }
}

/// What is to be expected of a key that is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Outlook {
    /// It has ended.
    Stopped,
    /// It ends when its day is over: its expiry.
    InADay,
    /// It ends when the new key is first used.
    WaitsForUse,
    /// The new key is yet to be granted.
    WaitsForKey,
    /// The new key ended before anybody used it: the old one goes on.
    Stays,
}
