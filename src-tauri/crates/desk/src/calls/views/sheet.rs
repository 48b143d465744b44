//! The sheet of a request.

use domain::{StoreId, Tier, UserId};
use serde::{Deserialize, Serialize};

use super::{AskerView, ChangesView, KeyView, RequestView, WiderView, YardstickView};
use crate::CallError;

views! {
    /// The sheet of a request: what approving it would mean for the choices made so far.
    SheetView {
        /// The request.
        request: RequestView,
        /// The redirect without its query.
        redirect: Option<String>,
        /// Who the key can belong to, likeliest first.
        users: Vec<SheetUser>,
        /// Whose it would be.
        user: UserId,
        /// That user's stores.
        stores: Vec<SheetStore>,
        /// The stores chosen; the only one is chosen by itself.
        chosen: Vec<StoreId>,
        /// What would be granted; what was asked when something is missing still.
        permissions: Vec<SheetPermission>,
        /// How far that reaches.
        tier: Tier,
        /// Whether the human has started this as a trial, whose key ends after ten minutes.
        trial: bool,
        /// A key that could be handed over instead of a new one.
        existing: Option<KeyView>,
        /// Why the same may not be approved again without asking; absent where it may.
        not_remembered: Option<String>,
        /// What changes against the last grant of this application; nothing where there was none.
        changes: Option<ChangesView>,
        /// Keys that this application has for that user, newest first: each can be told to stop when the new one is
        /// first used.
        holds: Vec<KeyView>,
        /// The nearest plugin that everybody knows.
        yardstick: Option<YardstickView>,
        /// Keys that may do more and are not handed over.
        wider: Vec<WiderView>,
        /// What is to be known of who asks.
        asker: AskerView,
        /// Whether the number has to be typed.
        number_needed: bool,
        /// Whether the passphrase has to be shown.
        passphrase_needed: bool,
        /// What is missing or cannot be, if anything; approving would answer the same.
        problem: Option<CallError>,
    }
    /// A user to choose from.
    SheetUser {
        /// Handle.
        id: UserId,
        /// Address.
        email: String,
        /// Whether a key of this application went to this user before.
        before: bool,
    }
    /// A store to choose from.
    SheetStore {
        /// Handle.
        id: StoreId,
        /// Name.
        name: String,
    }
    /// A permission of the sheet.
    SheetPermission {
        /// As the wire writes it.
        permission: String,
        /// The policy alone.
        policy: String,
        /// The policy in plain words.
        title: String,
        /// The store it is narrowed to.
        store: Option<StoreId>,
        /// How far it reaches.
        tier: Tier,
        /// Policies it includes, by title.
        includes: Vec<String>,
        /// Whether the chosen user could use it.
        usable: bool,
    }
}
