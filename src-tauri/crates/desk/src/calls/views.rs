//! What each call answers with: what a table row or a sheet shows, ready to be read.

use domain::{
    ApplicationId, ApplicationIdentity, Delivery, FirstUse, Issuer, KeyId, Mode, Program, Receiver,
    RequestId, RequestStatus, Role, SentBy, Standing, StoreId, Tier, Timestamp, UserId,
};
use serde::{Deserialize, Serialize};

use super::Revealed;
pub use crate::ports::LogVerdict;
pub use domain::LogEntry;

macro_rules! views {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }
    )*};
}

mod applications;
mod changes;
mod outcome;
mod receiver;
mod remembered;
mod replacing;
mod sheet;

pub use applications::*;
pub use changes::*;
pub use outcome::*;
pub use receiver::*;
pub use remembered::*;
pub use replacing::*;
pub use sheet::*;

views! {
    /// Done; there is nothing to say.
    Done {}
    /// How things stand.
    StatusView {
        /// Fieldgate's version.
        version: String,
        /// Whether there is a vault, and whether it is open to this caller.
        state: DeskState,
        /// The gate's address, `http://127.0.0.1:P`; absent when the gate is not open.
        url: Option<String>,
        /// Why the gate is not open: who holds its port.
        gate_problem: Option<String>,
        /// The process that runs the gate.
        pid: u32,
        /// Whether keys can be minted over the API.
        locked: bool,
        /// How many requests wait for a decision.
        pending: u32,
        /// Whether there is a window.
        window: bool,
    }
    /// Counts changes; a larger number means there is something new to pull.
    Revision {
        /// The count.
        revision: u64,
    }
    /// A request, pending or ended. The number is not in it.
    RequestView {
        /// Handle.
        id: RequestId,
        /// The first of the identical requests that wait together; they are shown as one card.
        card: RequestId,
        /// Where it stands.
        status: RequestStatus,
        /// What the application is recognised by.
        application: ApplicationIdentity,
        /// What the admin thinks of the application.
        standing: Standing,
        /// The name it gives itself, made safe to show. Its own words.
        name: Option<String>,
        /// Whether that name mixes scripts so that it may be taken for another.
        looks_alike: bool,
        /// Browser or program.
        mode: Mode,
        /// Who asks.
        program: Option<Program>,
        /// The page that sent the browser, as the browser says; absent for a program.
        sent_by: Option<SentBy>,
        /// Origin of the redirect.
        origin: Option<String>,
        /// Who receives the key: as of now while the request waits, as of the decision once it is granted.
        receiver: Option<Receiver>,
        /// Whether the redirect is plain http to somewhere else than this computer.
        unencrypted: bool,
        /// What it asks for and is known.
        permissions: Vec<String>,
        /// What it asks for and is not known: left out.
        unknown: Vec<String>,
        /// How far the permissions reach.
        tier: Tier,
        /// Exactly this or nothing.
        strict: bool,
        /// The human chooses the stores.
        selective_stores: bool,
        /// How many identical requests wait.
        asked_times: u32,
        /// When it asked.
        asked: Timestamp,
        /// When it ends by itself, as of now; only while pending.
        expires_at: Option<Timestamp>,
        /// Keys of the first admin that this request could be handed instead of a new one.
        existing_key: Option<KeyId>,
        /// When it ended.
        ended: Option<Timestamp>,
        /// What was granted.
        grant: Option<GrantView>,
    }
    /// What was granted.
    GrantView {
        /// The key.
        key: KeyId,
        /// Whose.
        user: UserId,
        /// What it may do.
        permissions: Vec<String>,
        /// Whether it had been there before.
        existing: bool,
        /// How the app got it.
        delivery: Delivery,
        /// When it did.
        delivered: Option<Timestamp>,
        /// When the key was first used, and by which program.
        first_used: Option<FirstUse>,
        /// When it was last used.
        last_used: Option<Timestamp>,
    }
    /// A part of the key table.
    KeyPageView {
        /// How many rows there are in all.
        total: u32,
        /// The rows from the offset on.
        rows: Vec<KeyView>,
    }
    /// What became of keys that were to be revoked.
    RevokedView {
        /// How many are revoked by this.
        revoked: u32,
        /// How many had ended before, and stay as they were.
        ended: u32,
        /// How many are not there any more.
        gone: u32,
    }
    /// A policy.
    PolicyView {
        /// As the wire writes it.
        name: String,
        /// In plain words.
        title: String,
        /// In a sentence.
        description: String,
        /// What it includes directly.
        children: Vec<String>,
        /// How far it reaches.
        tier: Tier,
        /// Whether it can be narrowed to a store.
        store: bool,
    }
    /// How Fieldgate is set up.
    SettingsView {
        /// Whether apps may sign in with e-mail and password.
        basic: bool,
        /// Minutes without use after which the desk locks itself.
        lock_after: Option<u32>,
        /// Seconds after which a copied secret leaves the clipboard; not before the desk locks when absent.
        clear_clipboard: Option<u32>,
    }
    /// A secret is on the clipboard.
    CopiedView {
        /// Seconds after which it is taken back; when the desk locks or ends if absent.
        clears_after: Option<u32>,
    }
    /// An approval.
    ApprovedView {
        /// The request.
        id: RequestId,
        /// Where it stands now.
        status: RequestStatus,
        /// The grant.
        grant: GrantView,
        /// The token, where the asker has nowhere to receive it: shown to the admin instead.
        api_key: Option<Revealed>,
        /// Who is to receive it.
        receiver: Option<Receiver>,
        /// A matching but wider key that was not handed over, and what it has more.
        wider: Vec<WiderView>,
    }
    /// A key of the application that may do more than the request asks, and so is not handed over.
    WiderView {
        /// The key.
        id: KeyId,
        /// The admin's name for it.
        label: String,
        /// What it has more.
        extra: Vec<String>,
    }
    /// A delivery that was made again.
    DeliveredView {
        /// The request.
        id: RequestId,
        /// `delivered` when a JSON post arrived; `approved` when the asker's page or poll is armed again.
        status: RequestStatus,
        /// Until when the asker can collect.
        until: Option<Timestamp>,
    }
    /// The example that was opened.
    TrialView {
        /// Its address.
        url: String,
        /// Whether a browser was there to open it.
        opened: bool,
    }
    /// A row of the key table.
    KeyView {
        /// Handle.
        id: KeyId,
        /// The admin's name for it.
        label: String,
        /// Whose it is.
        user: UserId,
        /// That user's address.
        email: String,
        /// What it may do.
        permissions: Vec<String>,
        /// How far that reaches.
        tier: Tier,
        /// Who minted it.
        issuer: Issuer,
        /// The application it was granted to, as a person calls it.
        application: Option<String>,
        /// That application's handle.
        application_id: Option<ApplicationId>,
        /// When it was made.
        created: Timestamp,
        /// When it ends by itself.
        expires: Option<Timestamp>,
        /// When it was last presented.
        last_used: Option<Timestamp>,
        /// Whether it works.
        state: KeyState,
        /// Granted, and nobody has collected it.
        never_collected: bool,
        /// When it was first used, and by which program. Absent also for one used before this was kept.
        first_used: Option<FirstUse>,
        /// That another key takes its place, or is to.
        replaced: Option<ReplacedView>,
    }
    /// One key with everything.
    KeyDetailView {
        /// The row.
        key: KeyView,
        /// How far each of its permissions was used, in their order.
        usage: Vec<UsageView>,
        /// When it last went out to an app.
        handed_over: Option<Timestamp>,
        /// The keys whose place it takes.
        replaces: Vec<KeyId>,
        /// The token, when it was asked for.
        api_key: Option<Revealed>,
    }
    /// How far a permission of a key was used. A call counts for the narrowest permission that covers what it did.
    UsageView {
        /// The permission.
        permission: String,
        /// How many calls needed it; 0 for one that was never used.
        count: u64,
        /// The first of them.
        first: Option<Timestamp>,
        /// The last of them.
        last: Option<Timestamp>,
    }
    /// A key made by hand, with its token.
    CreatedKeyView {
        /// Handle.
        id: KeyId,
        /// The token.
        api_key: Revealed,
        /// Its label.
        label: String,
        /// What it may do.
        permissions: Vec<String>,
    }
    /// A user.
    UserView {
        /// Handle.
        id: UserId,
        /// Address.
        email: String,
        /// Whether server policies work.
        admin: bool,
        /// Whether keys and password are refused.
        disabled: bool,
        /// Whether Basic authentication is possible.
        has_password: bool,
        /// When it was created.
        created: Timestamp,
        /// How many live keys it has.
        keys: u32,
    }
    /// A store.
    StoreView {
        /// Handle.
        id: StoreId,
        /// Its name.
        name: String,
        /// Who belongs to it.
        members: Vec<MemberView>,
        /// When it was created.
        created: Timestamp,
    }
    /// Somebody who belongs to a store.
    MemberView {
        /// Who.
        user: UserId,
        /// Their address.
        email: String,
        /// As what.
        role: Role,
    }
    /// A row of the register of applications.
    AppView {
        /// Handle.
        id: String,
        /// What it is recognised by.
        identity: ApplicationIdentity,
        /// The names it gave itself.
        names: Vec<String>,
        /// What the admin thinks of it.
        standing: Standing,
        /// How many live keys it holds.
        keys: u32,
        /// When it first asked.
        first_seen: Timestamp,
        /// When it last asked.
        last_seen: Timestamp,
    }
}

/// Whether there is a vault, and whether it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum DeskState {
    /// First start: no vault yet.
    Fresh,
    /// The caller has not shown the passphrase.
    Locked,
    /// The caller has.
    Open,
}

/// Whether a key works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum KeyState {
    /// It does.
    Live,
    /// Revoked.
    Revoked,
    /// Past its expiry.
    Expired,
    /// Its row was changed by somebody else: not accepted.
    Damaged,
}
