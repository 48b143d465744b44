//! What each call is asked with.

use domain::{ApplicationId, Issuer, KeyId, RequestId, Standing, StoreId, Timestamp};
use serde::{Deserialize, Serialize};

use super::Revealed;

macro_rules! args {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }
    )*};
}

mod members;
mod records;

pub use members::*;
pub use records::*;

args! {
    /// How things stand.
    Status {}
    /// Bring the window to the front.
    Raise {}
    /// First start: make the vault and its first admin. The passphrase opens the desk from then on.
    Finish {
        /// The passphrase, at least 8 characters. Nobody can reset it.
        passphrase: Revealed,
        /// The first admin's address.
        email: String,
        /// Absent: Basic authentication is off for this user.
        password: Option<Revealed>,
    }
    /// Show the passphrase. Opens this caller only.
    Unlock {
        /// The passphrase.
        passphrase: Revealed,
    }
    /// The human is here: the desk does not lock itself yet.
    Active {}
    /// Lock the vault, for everybody.
    Lock {}
    /// Pending and decided requests.
    Requests {}
    /// Wait until something changed after `since`, at most 25 seconds.
    Changes {
        /// The revision the caller has seen.
        since: u64,
    }
    /// What approving a request would mean, for the choices made so far.
    RequestShow {
        /// Which.
        id: RequestId,
        /// Whose the key would be (id or e-mail); the likeliest user unless said.
        user: Option<String>,
        /// The stores chosen.
        stores: Vec<StoreId>,
        /// The whole grant, when the request is not strict; what was asked unless said.
        permissions: Option<Vec<String>>,
    }
    /// Approve a request.
    Approve {
        /// Which.
        id: RequestId,
        /// Whose the key shall be: a user's id or e-mail; the first admin unless said.
        user: Option<String>,
        /// Who mints it; local unless said.
        issuer: Option<Issuer>,
        /// The stores chosen, for a request that asks to choose; the only one unless said.
        stores: Vec<StoreId>,
        /// The whole grant, when the request is not strict; what was asked unless said.
        permissions: Option<Vec<String>>,
        /// The label; the application's name unless said.
        label: Option<String>,
        /// When the key ends; never unless said.
        expires: Option<Timestamp>,
        /// What proves that the human has the asker in front of them.
        proof: Proof,
        /// What to do when a matching key is there.
        matching: Option<Matching>,
        /// The passphrase, where the window has to ask for it: tiers Move money and Administer, and no number.
        passphrase: Option<Revealed>,
    }
    /// Refuse a request.
    Refuse {
        /// Which.
        id: RequestId,
        /// Also refuse this application from now on.
        block: bool,
    }
    /// Hand a granted key over again.
    Deliver {
        /// The request it was granted to.
        id: RequestId,
    }
    /// Open an example of the authorize flow in the human's browser.
    TryIt {}
    /// All keys.
    KeyList {
        /// Only this user's (id or e-mail).
        user: Option<String>,
        /// Only what has this text in label, user, application, permissions or id.
        search: Option<String>,
    }
    /// A part of the key table, newest first.
    KeyPage {
        /// Only what has this text in label, user, application, permissions or id.
        search: Option<String>,
        /// How many rows to skip.
        offset: u32,
        /// At most this many (1 to 500).
        limit: u32,
    }
    /// Make a key by hand.
    KeyCreate {
        /// Whose (id or e-mail).
        user: String,
        /// Who mints it; local unless said.
        issuer: Option<Issuer>,
        /// Its label.
        label: String,
        /// What it may do.
        permissions: Vec<String>,
        /// When it ends.
        expires: Option<Timestamp>,
    }
    /// One key.
    KeyShow {
        /// Which.
        id: KeyId,
        /// Also its token.
        reveal: bool,
    }
    /// Revoke a key.
    KeyRevoke {
        /// Which.
        id: KeyId,
    }
    /// Change a key that has not ended. Its token stays.
    KeyEdit {
        /// Which.
        id: KeyId,
        /// Another label, at most 200 characters; the same unless said.
        label: Option<String>,
        /// All that it may do from now on; the same unless said.
        permissions: Option<Vec<String>>,
        /// When it ends from now on; the same unless said.
        expires: Option<Expiry>,
    }
    /// Take from a key the permissions that it has never used.
    KeyReduce {
        /// Which.
        id: KeyId,
    }
    /// All users.
    UserList {}
    /// Add a user.
    UserCreate {
        /// Address.
        email: String,
        /// Whether server policies work for this user.
        admin: bool,
        /// Absent: Basic authentication is off for this user.
        password: Option<Revealed>,
    }
    /// Refuse a user's keys and password, or accept them again.
    UserDisable {
        /// Whose (id or e-mail).
        user: String,
        /// Whether they are refused from now on.
        disabled: bool,
    }
    /// Make a user an admin, or no admin any more.
    UserAdmin {
        /// Who (id or e-mail).
        user: String,
        /// Whether server policies work from now on.
        admin: bool,
    }
    /// Give a user another password.
    UserPassword {
        /// Whose (id or e-mail).
        user: String,
        /// Absent: Basic authentication is off for this user from now on.
        password: Option<Revealed>,
    }
    /// All stores.
    StoreList {}
    /// Add a store.
    StoreCreate {
        /// Its name, 1 to 50 characters.
        name: String,
        /// Who owns it (id or e-mail).
        owner: String,
    }
    /// The policies there are, with titles and what each includes.
    Catalogue {}
    /// How Fieldgate is set up.
    Settings {}
    /// Set Fieldgate up.
    SettingsSave {
        /// Whether apps may sign in with e-mail and password.
        basic: bool,
        /// Minutes without use after which the desk locks itself (1 to 1440); never unless said.
        lock_after: Option<u32>,
    }
    /// The register of applications.
    AppList {}
    /// Say what is to be thought of an application.
    AppJudge {
        /// Which.
        id: ApplicationId,
        /// Known to the admin, refused without asking, or neither.
        standing: Standing,
    }
    /// Log entries, newest first.
    Log {
        /// Only those before this one.
        before: Option<u64>,
        /// At most this many (1 to 1000).
        limit: u32,
    }
    /// Walk the log and compare it with its chain and checkpoints.
    LogVerify {}
}

/// What proves that the human has the asker in front of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Proof {
    /// The number the asker shows, as typed.
    Number(u8),
    /// The passphrase this caller has shown: stands for the number on the command line.
    Passphrase,
    /// The asker is a program that shows no number, and the human has started it. In the window: tiers See and
    /// Sell only, expiry at most a day, with the passphrase.
    NoNumber,
}

/// When a key is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Expiry {
    /// Not by itself.
    Never,
    /// Then, which is in the future.
    At(Timestamp),
}

/// What to do when a matching key is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Matching {
    /// Hand the existing key over.
    Existing,
    /// Make a new one.
    New,
}
