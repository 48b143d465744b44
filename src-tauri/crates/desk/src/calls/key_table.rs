//! Which rows of the key table are asked for, and in which order.

use domain::{ApplicationId, Issuer};
use serde::{Deserialize, Serialize};

use super::KeyState;

/// What keys have to be like to be shown. What is not said is not looked at; all that is said has to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct KeyFilter {
    /// Whose (id or e-mail).
    pub user: Option<String>,
    /// Granted to this application.
    pub application: Option<ApplicationId>,
    /// Minted by this issuer.
    pub issuer: Option<Issuer>,
    /// Whether it works.
    pub state: Option<KeyState>,
    /// Able to do this: a policy in any store, or with a scope in that store. Held itself or as a part of another one.
    pub permission: Option<String>,
    /// Not presented in so many days (1 to 36500): since it was last, or since it was made.
    pub unused_for: Option<u32>,
    /// Never presented at all.
    pub never_used: bool,
    /// Granted, and nobody has collected it.
    pub never_collected: bool,
}

/// The order of the key table. Keys that are the same in its column come newest first, whichever way it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct KeyOrder {
    /// What to go by.
    pub column: KeyColumn,
    /// From the last to the first.
    pub descending: bool,
}

impl KeyOrder {
    /// How the table is shown unless somebody says otherwise.
    pub const NEWEST: Self = Self { column: KeyColumn::Created, descending: true };
}

/// What the key table can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum KeyColumn {
    /// The admin's name for it, letter case aside. Keys without one come last, whichever way it goes.
    Label,
    /// The address of its user.
    User,
    /// The name of the application. Keys without one come last, whichever way it goes.
    Application,
    /// When it was made.
    Created,
    /// When it was last presented; never counts as longest ago.
    LastUsed,
    /// When it ends by itself; never counts as latest.
    Expires,
    /// Live, damaged, expired, revoked.
    State,
}
