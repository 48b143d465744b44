//! The store of users, stores, keys, applications, grants and the log. Every writing method writes the log entry
//! for what it does in the same transaction.

use std::{collections::HashSet, error::Error, sync::Arc};

use domain::{
    Action, Actor, ApiKey, Application, ApplicationId, Delivery, Ending, FirstUse, Grant, KeyHash, KeyId,
    KeySecret, LogEntry, Membership, Mode, Passphrase, Password, PermissionSet, Program, Receiver,
    Remembered, Replacement, RequestId, RequestStatus, Role, Sealed, SentBy, Served, Settings, Standing,
    Store, StoreDraft, StoreId, Timestamp, Usage, User, UserId,
};
use serde::{Deserialize, Serialize};

use super::{FailedLogins, FirstUsed, KeyChange, KeyUse, LogLine, ReplacedKey, UserChange};

/// What can be done while locked: everything is read as found, keys can end but not begin.
///
/// The methods block; the desk calls them off the async threads.
pub trait Keyring: Send + Sync + 'static {
    /// Opens the vault. The handle is wiped when its last owner drops it.
    ///
    /// # Errors
    /// [`KeyringError::WrongPassphrase`]; [`KeyringError::Damaged`] for a header that cannot be right.
    fn unlock(&self, passphrase: &Passphrase) -> Result<Arc<dyn OpenKeyring>, KeyringError>;

    /// All users, oldest first.
    fn users(&self) -> Result<Vec<User>, KeyringError>;
    /// All stores, oldest first.
    fn stores(&self) -> Result<Vec<Store>, KeyringError>;
    /// Who belongs to which store.
    fn memberships(&self) -> Result<Vec<Membership>, KeyringError>;
    /// All keys, oldest first, with their hashes.
    fn keys(&self) -> Result<Vec<StoredKey>, KeyringError>;
    /// The register of applications, oldest first.
    fn applications(&self) -> Result<Vec<Application>, KeyringError>;
    /// Requests that ended, newest first, at most `limit`.
    fn requests(&self, limit: u32) -> Result<Vec<RequestRecord>, KeyringError>;
    /// One request that ended.
    fn request(&self, id: &RequestId) -> Result<Option<RequestRecord>, KeyringError>;
    /// Keys that were granted and that no app has.
    fn never_collected(&self) -> Result<HashSet<KeyId>, KeyringError>;
    /// When a key last went out to an app; nothing for one that never did.
    fn handed_over(&self, key: &KeyId) -> Result<Option<Timestamp>, KeyringError>;
    /// Every replacement, in the order they were decided.
    fn replacements(&self) -> Result<Vec<Replacement>, KeyringError>;
    /// When keys were first used.
    fn first_uses(&self) -> Result<Vec<(KeyId, FirstUse)>, KeyringError>;
    /// What this application asked and how it ended, newest first, at most `limit`.
    fn requests_of(
        &self,
        application: &ApplicationId,
        limit: u32,
    ) -> Result<Vec<RequestRecord>, KeyringError>;
    /// What was granted to this application, newest first.
    fn granted(&self, application: &ApplicationId) -> Result<Vec<RequestRecord>, KeyringError>;
    /// Who asked and received, of everything that was granted to this application.
    fn served(&self, application: &ApplicationId) -> Result<Vec<Served>, KeyringError>;
    /// Who received each key, of all grants of which that is known.
    fn received(&self) -> Result<Vec<Received>, KeyringError>;
    /// Log entries with `seq` below `before` (newest first when absent from the end), at most `limit`.
    fn log(&self, before: Option<u64>, limit: u32) -> Result<Vec<LogEntry>, KeyringError>;
    /// The newest `limit` log entries about a key, and about the requests it was granted to, newest first.
    fn key_history(&self, key: &KeyId, limit: u32) -> Result<Vec<LogEntry>, KeyringError>;
    /// Log entries with `seq` above `after`, oldest first, at most `limit`, word for word.
    fn log_lines(&self, after: u64, limit: u32) -> Result<Vec<LogLine>, KeyringError>;

    /// What a key was granted so far; nothing for one that is not there.
    fn usage(&self, key: &KeyId) -> Result<Usage, KeyringError>;
    /// The failed logins that were kept last.
    fn failed_logins(&self) -> Result<Vec<FailedLogins>, KeyringError>;

    /// How Fieldgate is set up; what was never saved has its default.
    fn settings(&self) -> Result<Settings, KeyringError>;

    /// Whether `password` is this user's. Takes the same time for nobody and for a user without a password.
    fn check_password(&self, user: Option<&UserId>, password: &Password) -> Result<bool, KeyringError>;

    /// Writes that a key ended, beside its row: no MAC can be made now. A second end changes nothing and answers `false`.
    fn end_key(&self, key: &KeyId, how: Ending, at: Timestamp, actor: &Actor) -> Result<bool, KeyringError>;
    /// Writes a request that ended without a grant, and the application that asked.
    fn record_request(&self, request: &EndedRequest, actor: &Actor) -> Result<(), KeyringError>;
    /// Writes how a granted key was handed over. [`Delivery::Failed`] and
    /// [`Delivery::Withheld`] change nothing about one that was.
    fn record_delivery(&self, request: &RequestId, how: Delivery, at: Timestamp) -> Result<(), KeyringError>;
    /// Writes when keys were last presented, and adds what they were granted to what was written before: all or
    /// nothing. A key that is not there is passed over.
    fn record_use(&self, used: &[KeyUse]) -> Result<(), KeyringError>;
    /// Writes first uses, and beside their rows the ends of the keys that stop with them: all or nothing. The first use
    /// of a key stays; its program may follow. A key that is not there is passed over.
    fn record_first_use(&self, used: &[FirstUsed]) -> Result<(), KeyringError>;
    /// Keeps these in place of all failed logins that were kept before.
    fn keep_failed_logins(&self, failed: &[FailedLogins]) -> Result<(), KeyringError>;
    /// Writes a log entry that belongs to no other change (unlock, lock).
    fn note(&self, action: Action, subject: &str, at: Timestamp, actor: &Actor) -> Result<(), KeyringError>;
}

/// What only an open vault can do. Dropping the last handle locks it.
pub trait OpenKeyring: Send + Sync + 'static {
    /// Checks the MAC of every row that decides something, folds in what was written while locked, and writes
    /// a log checkpoint. Names the rows that do not verify: they are not to be used.
    fn audit(&self, at: Timestamp) -> Result<Vec<Damage>, KeyringError>;

    /// Adds a user.
    ///
    /// # Errors
    /// [`KeyringError::Duplicate`] when the address is taken.
    fn create_user(&self, user: &NewUser, actor: &Actor) -> Result<(), KeyringError>;
    /// Makes all of these changes of a user or none; each has a log entry of its own.
    ///
    /// # Errors
    /// [`KeyringError::Duplicate`] when the address is taken, [`KeyringError::NotFound`], and
    /// [`KeyringError::Damaged`] for a row that somebody else has written.
    fn change_user(
        &self,
        user: &UserId,
        changes: &[UserChange],
        at: Timestamp,
        actor: &Actor,
    ) -> Result<(), KeyringError>;
    /// Deletes a user, its memberships, its keys and what was granted with them. Each key that had not ended has a
    /// log entry that says so, and each membership. A store of which it was the last member ends.
    ///
    /// # Errors
    /// [`KeyringError::NotFound`].
    fn delete_user(&self, user: &UserId, at: Timestamp, actor: &Actor) -> Result<(), KeyringError>;
    /// Adds a store owned by `owner`.
    fn create_store(&self, store: &Store, owner: &UserId, actor: &Actor) -> Result<(), KeyringError>;
    /// Replaces a store's name and settings.
    ///
    /// # Errors
    /// [`KeyringError::NotFound`] when there is no such store.
    fn change_store(
        &self,
        store: &StoreId,
        draft: &StoreDraft,
        at: Timestamp,
        actor: &Actor,
    ) -> Result<(), KeyringError>;
    /// Gives a user a role in a store: a new member, or another role for one that is there.
    ///
    /// # Errors
    /// [`KeyringError::NotFound`] when there is no such store or user.
    fn set_member(
        &self,
        store: &StoreId,
        user: &UserId,
        role: Role,
        at: Timestamp,
        actor: &Actor,
    ) -> Result<(), KeyringError>;
    /// Ends a membership, and with the last one of a store the store itself.
    ///
    /// # Errors
    /// [`KeyringError::NotFound`] when the user is no member.
    fn remove_member(
        &self,
        store: &StoreId,
        user: &UserId,
        at: Timestamp,
        actor: &Actor,
    ) -> Result<(), KeyringError>;
    /// Adds a key.
    fn create_key(&self, key: &NewKey, actor: &Actor) -> Result<(), KeyringError>;
    /// Writes grant, key, application and history in one transaction.
    fn grant(&self, grant: &NewGrant, actor: &Actor) -> Result<(), KeyringError>;
    /// Writes a refused request, its application and, where it is said, the application's new standing: all or
    /// nothing.
    fn refuse(
        &self,
        request: &EndedRequest,
        standing: Option<Standing>,
        actor: &Actor,
    ) -> Result<(), KeyringError>;
    /// Writes that a key ended, under its MAC at once. A second end changes nothing and answers `false`.
    fn end_key(&self, key: &KeyId, how: Ending, at: Timestamp, actor: &Actor) -> Result<bool, KeyringError>;
    /// The same for several keys, each with a log entry of its own: all or nothing.
    ///
    /// # Errors
    /// [`KeyringError::NotFound`] when one of them is not there.
    fn end_keys(&self, keys: &[KeyId], how: Ending, at: Timestamp, actor: &Actor)
    -> Result<(), KeyringError>;
    /// Gives a key another label, other permissions or another end, under its MAC.
    ///
    /// # Errors
    /// [`KeyringError::NotFound`] for a key that has ended.
    fn change_key(&self, change: &KeyChange, at: Timestamp, actor: &Actor) -> Result<(), KeyringError>;
    /// Mints the keys that take the place of others and says what becomes of the old ones, all or nothing: what stops
    /// now has ended, what stops in a day has another expiry, and what waits for a first use is under a MAC.
    ///
    /// # Errors
    /// [`KeyringError::NotFound`] for an old key that has ended.
    fn replace_keys(&self, all: &[ReplacedKey], at: Timestamp, actor: &Actor) -> Result<(), KeyringError>;
    /// The same as [`Keyring::record_first_use`], with the ends under their keys' MACs at once.
    fn record_first_use(&self, used: &[FirstUsed], at: Timestamp) -> Result<(), KeyringError>;
    /// Changes what the admin thinks of an application; it may be new to the register. Unless it is known from now on, what
    /// was remembered of it is forgotten.
    fn set_standing(
        &self,
        application: &Application,
        standing: Standing,
        at: Timestamp,
        actor: &Actor,
    ) -> Result<(), KeyringError>;

    /// Writes down an application's note, as the entry has it, under the MAC of its standing.
    ///
    /// # Errors
    /// [`KeyringError::NotFound`].
    fn set_note(&self, application: &Application, at: Timestamp, actor: &Actor) -> Result<(), KeyringError>;

    /// Approvals that are repeated without asking, oldest first. What somebody else has written is left out.
    fn remembered(&self) -> Result<Vec<Remembered>, KeyringError>;
    /// Forgets one, whoever has written it.
    ///
    /// # Errors
    /// [`KeyringError::NotFound`].
    fn forget_remembered(&self, id: &RequestId, at: Timestamp, actor: &Actor) -> Result<(), KeyringError>;

    /// Keeps how Fieldgate is set up.
    fn save_settings(&self, settings: &Settings, at: Timestamp, actor: &Actor) -> Result<(), KeyringError>;

    /// Writes that the key of a grant may go to another receiver than was decided on.
    ///
    /// # Errors
    /// [`KeyringError::NotFound`], and [`KeyringError::Damaged`] for a row that somebody else has written.
    fn accept_receiver(
        &self,
        request: &RequestId,
        receiver: &Receiver,
        at: Timestamp,
        actor: &Actor,
    ) -> Result<(), KeyringError>;

    /// Reads a key's token back. The caller decides whether that is to be logged.
    fn reveal(&self, key: &KeyId) -> Result<KeySecret, KeyringError>;
    /// Reads back the query of a granted request and the hash of its collect secret, to deliver it again.
    fn reveal_asking(&self, request: &RequestId) -> Result<(Sealed, KeyHash), KeyringError>;

    /// Seals the log up to now: position and head under a MAC.
    fn checkpoint(&self, at: Timestamp) -> Result<(), KeyringError>;
    /// Walks the whole log and compares it with its chain and its checkpoints.
    fn verify_log(&self) -> Result<LogVerdict, KeyringError>;
}

/// A key with what it is recognised by.
#[derive(Debug, Clone)]
pub struct StoredKey {
    /// The record.
    pub key: ApiKey,
    /// SHA-256 of its token.
    pub hash: KeyHash,
}

/// Who was to receive a key, by one of its grants.
#[derive(Debug, Clone)]
pub struct Received {
    /// The request that was granted.
    pub request: RequestId,
    /// The key.
    pub key: KeyId,
    /// Its receiver.
    pub receiver: Receiver,
}

/// A user to add.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The record.
    pub user: User,
    /// Absent: Basic authentication is off for this user.
    pub password: Option<Password>,
}

/// A key to add.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// The record.
    pub key: ApiKey,
    /// Its token.
    pub secret: KeySecret,
}

/// What the history keeps of a request that ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EndedRequest {
    /// Handle.
    pub id: RequestId,
    /// The application as it is known by now; its row is written or refreshed with this.
    pub application: Application,
    /// The name it gave itself this time, made safe to show.
    pub name: Option<String>,
    /// How it asked.
    pub mode: Mode,
    /// Who asked.
    pub program: Option<Program>,
    /// The page that had sent the browser; absent for a program, and before this was kept.
    #[serde(default)]
    pub sent_by: Option<SentBy>,
    /// The redirect's origin: what of it is not secret.
    pub origin: Option<String>,
    /// What it asked for.
    pub permissions: PermissionSet,
    /// What it asked for that nobody knows, made safe to show.
    pub unknown: Vec<String>,
    /// Whether it wanted exactly that or nothing.
    pub strict: bool,
    /// Whether it let the human choose the stores.
    pub selective_stores: bool,
    /// Whether the redirect is plain http to somewhere else than this computer.
    pub unencrypted: bool,
    /// When it asked.
    pub asked: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// How it ended.
    pub status: RequestStatus,
}

/// A grant to write.
#[derive(Debug, Clone)]
pub struct NewGrant {
    /// The request it answers, status `Approved`.
    pub request: EndedRequest,
    /// Whose key it is.
    pub owner: UserId,
    /// What the key may do.
    pub permissions: PermissionSet,
    /// The key it hands over.
    pub key: GrantedKey,
    /// The raw query, sealed in the store: a redirect's query holds other people's secrets.
    pub query: Sealed,
    /// What recognises the asker's collect secret after a restart.
    pub collect: KeyHash,
    /// How the key has gone out by the time this is written: `Never`, or `Shown` when there is nowhere to send it.
    pub delivery: Delivery,
    /// Keys that its key takes the place of.
    pub replaces: Vec<Replacement>,
    /// Who is to receive it; absent without a redirect.
    pub receiver: Option<Receiver>,
    /// What is repeated without asking from now on, in place of what was said of the same key before.
    pub remember: Option<Remembered>,
    /// The remembered decision that this one repeats; its use is counted.
    pub repeats: Option<RequestId>,
}

/// The key of a grant.
#[derive(Debug, Clone)]
pub enum GrantedKey {
    /// Minted for this grant; its `application` is the request's.
    New(NewKey),
    /// One that is there already, handed over again.
    Existing(KeyId),
}

impl GrantedKey {
    /// The key's handle.
    #[must_use]
    pub fn id(&self) -> &KeyId {
        match self {
            Self::New(new) => &new.key.id,
            Self::Existing(id) => id,
        }
    }
}

/// A request of the history, with its grant if it was approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestRecord {
    /// What was asked and how it ended.
    pub request: EndedRequest,
    /// What was granted.
    pub grant: Option<Grant>,
}

/// A row that does not verify: written by somebody else, or damaged.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "row", content = "id", rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Damage {
    /// A key: not accepted any more.
    Key(KeyId),
    /// A user: neither role nor password is used.
    User(UserId),
    /// A membership: not used.
    Membership(StoreId, UserId),
    /// The settings: sign-in with a password is off.
    Settings,
    /// A standing: counts as New.
    Standing(ApplicationId),
    /// A grant: its key is not delivered again.
    Grant(RequestId),
    /// A remembered decision: repeats nothing.
    Remembered(RequestId),
}

/// What a walk over the log found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct LogVerdict {
    /// How many entries there are.
    pub entries: u64,
    /// How many of them are after the last checkpoint.
    pub not_yet_sealed: u64,
    /// What is wrong, each a sentence that names the entry (`entry 7 was edited`); empty when all is well.
    pub faults: Vec<String>,
}

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The passphrase does not open this vault.
    #[error("the passphrase does not open this vault")]
    WrongPassphrase,
    /// The file is damaged, or was changed by somebody else.
    #[error("the vault is damaged: {0}")]
    Damaged(String),
    /// The file was written by a newer Fieldgate.
    #[error("the vault was written by a newer Fieldgate (format {found}, this one knows {known})")]
    NewerFile {
        /// The file's format.
        found: i64,
        /// The newest format this program knows.
        known: i64,
    },
    /// There is something of this name already.
    #[error("{0} is there already")]
    Duplicate(&'static str),
    /// It is not there.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The disk is full; nothing was written.
    #[error("the disk is full; nothing was written")]
    DiskFull,
    /// Anything else the store could not do.
    #[error("the store failed")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}

/// The store's errors in the desk's codes.
impl From<KeyringError> for crate::CallError {
    fn from(error: KeyringError) -> Self {
        use crate::{CallError, Code};
        let code = match &error {
            KeyringError::WrongPassphrase => Code::WrongPassphrase,
            KeyringError::Damaged(_) => Code::VaultDamaged,
            KeyringError::NewerFile { .. } => Code::NewerFile,
            KeyringError::Duplicate(_) => Code::AlreadyExists,
            KeyringError::NotFound(_) => Code::NotFound,
            KeyringError::DiskFull => Code::DiskFull,
            KeyringError::Failed(source) => {
                tracing::error!(error = %source, "the store failed");
                Code::Failed
            }
        };
        CallError::new(code, error.to_string())
    }
}
