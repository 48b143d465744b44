//! What each call is asked with.

use domain::{
    ApplicationId, Issuer, KeyId, Receiver, ReplacementId, RequestId, Standing, StopOld, StoreId, Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{KeyFilter, KeyOrder, Revealed};

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
        /// Keys of the same application and user that stop when the new one is first used.
        #[serde(default)]
        stop_old: Vec<KeyId>,
        /// The passphrase, where the window has to ask for it: tiers Move money and Administer, and no number.
        passphrase: Option<Revealed>,
        /// The receiver that the human has seen: nothing is approved for another one. Not compared unless said.
        #[serde(default)]
        receiver: Option<Receiver>,
        /// Approve the same again without asking, for 30 days.
        #[serde(default)]
        remember: Option<bool>,
    }
    /// Refuse a request.
    Refuse {
        /// Which.
        id: RequestId,
        /// Also refuse this application from now on.
        block: bool,
    }
    /// The requests of known applications for exactly what they have, which can be approved together.
    ReviewList {}
    /// Hand over again what several known applications have.
    ApproveAgain {
        /// Which requests of the review list.
        ids: Vec<RequestId>,
    }
    /// Approvals that are repeated without asking.
    RememberedList {}
    /// Ask about it again from now on.
    RememberedForget {
        /// The request whose approval is repeated.
        id: RequestId,
    }
    /// Hand a granted key over again.
    Deliver {
        /// The request it was granted to.
        id: RequestId,
        /// The receiver that the human has seen, where it is not the one that was decided on any more.
        #[serde(default)]
        receiver: Option<Receiver>,
    }
    /// Who was to receive the key of a request, and who would receive it now.
    ReceiverShow {
        /// Which.
        id: RequestId,
    }
    /// Open an example of the authorize flow in the human's browser.
    TryIt {}
    /// All keys.
    KeyList {
        /// Only this user's (id or e-mail).
        user: Option<String>,
        /// Only what has this text in label, id, user, application, issuer, permissions or their stores.
        search: Option<String>,
    }
    /// A part of the key table.
    KeyPage {
        /// Only what has this text in label, id, user, application, issuer, permissions or their stores.
        search: Option<String>,
        /// Only what is like this.
        filter: Option<KeyFilter>,
        /// In this order; newest first unless said.
        order: Option<KeyOrder>,
        /// How many rows to skip.
        offset: u32,
        /// At most this many (1 to 500).
        limit: u32,
    }
    /// The handles of a part of the key table, to choose keys that nobody has scrolled to.
    KeyIds {
        /// Only what has this text, as for `key_page`.
        search: Option<String>,
        /// Only what is like this.
        filter: Option<KeyFilter>,
        /// In this order; newest first unless said.
        order: Option<KeyOrder>,
        /// How many rows to skip.
        offset: u32,
        /// At most this many; all unless said.
        limit: Option<u32>,
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
    /// Revoke several keys: all of them or, when that cannot be written, none.
    KeyRevokeMany {
        /// Which (1 to 500, each once).
        ids: Vec<KeyId>,
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
    /// Put a secret that the window shows on its clipboard, from where it is taken back.
    CopySecret {
        /// The secret.
        secret: Revealed,
    }
    /// Make a key that takes the place of another: same user, label, permissions and application.
    KeyRotate {
        /// Which.
        id: KeyId,
        /// When the old one stops.
        old: StopOld,
        /// When the new one ends; with the old one's own end unless said.
        expires: Option<Expiry>,
    }
    /// Replace keys: those named, or all live ones of an application or of a user.
    KeyReplace {
        /// These.
        #[serde(default)]
        ids: Vec<KeyId>,
        /// Those of this application.
        application: Option<ApplicationId>,
        /// This user's (id or e-mail).
        user: Option<String>,
        /// When the old ones stop.
        old: StopOld,
        /// How the new ones get to whoever uses them.
        hand_over: HandOver,
    }
    /// What replacing keys would be about: those named, or all live ones of an application or of a user.
    Replaceable {
        /// These.
        #[serde(default)]
        ids: Vec<KeyId>,
        /// Those of this application.
        application: Option<ApplicationId>,
        /// This user's (id or e-mail).
        user: Option<String>,
    }
    /// How far replacements have come, the newest first, at most 200. Only those that fit all that is said.
    Receipts {
        /// This one.
        id: Option<ReplacementId>,
        /// Those of this key, old or new.
        key: Option<KeyId>,
        /// Those of keys of this application.
        application: Option<ApplicationId>,
        /// Those of this user's keys (id or e-mail).
        user: Option<String>,
        /// Only those with an old key that has not stopped.
        #[serde(default)]
        unfinished: bool,
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
    /// The plugin that everybody knows and that asks for nearly this.
    Yardstick {
        /// What is asked.
        permissions: Vec<String>,
    }
    /// How Fieldgate is set up.
    Settings {}
    /// Set Fieldgate up.
    SettingsSave {
        /// Whether apps may sign in with e-mail and password.
        basic: bool,
        /// Minutes without use after which the desk locks itself (1 to 1440); never unless said.
        lock_after: Option<u32>,
        /// Seconds after which a copied secret leaves the clipboard (10 to 600); not before the desk locks unless said.
        clear_clipboard: Option<u32>,
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
    /// One application with everything.
    AppShow {
        /// Which.
        id: ApplicationId,
    }
    /// Write something down about an application.
    AppNote {
        /// Which.
        id: ApplicationId,
        /// The text, at most 2,000 characters; an empty one takes the note away.
        note: String,
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

/// How new keys get to whoever uses the old ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum HandOver {
    /// The application asks for a key again: none is made now.
    AskAgain,
    /// The admin takes them there: each is made now and shown once.
    Copy,
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
