//! What the desk needs from the world. Adapters implement these traits and never see each other.

mod account;
mod keyring;
mod keys;
mod line;

use async_trait::async_trait;
use domain::{KeySecret, Moment, PermissionSet, Redirect, Timestamp, UserId};

pub use account::UserChange;
pub use keyring::{
    Damage, EndedRequest, GrantedKey, Keyring, KeyringError, LogVerdict, NewGrant, NewKey, NewUser,
    OpenKeyring, RequestRecord, StoredKey,
};
pub use keys::{FailedLogins, KeyChange, KeyUse};
pub use line::LogLine;

/// Reads the clocks, so that tests can turn them.
pub trait Clock: Send + Sync + 'static {
    /// Wall-clock time.
    fn now(&self) -> Timestamp;
    /// Monotonic time since some fixed moment of this process.
    fn moment(&self) -> Moment;
}

/// The window and its notifications, or what stands in their place. Every method returns at once.
pub trait Shell: Send + Sync + 'static {
    /// Whether there is a window that shows cards; without one a request counts as seen at once.
    fn has_window(&self) -> bool;
    /// Brings the window to the front, because an app asks or somebody pressed "Open Fieldgate".
    fn raise(&self);
    /// Opens an address of the gate in the human's browser; whether there was one to open it.
    fn open_in_browser(&self, url: &str) -> bool;
    /// Says that something changed. Carries no data: whoever shows it pulls anew.
    fn changed(&self);
}

/// Posts a granted key to a program's redirect.
#[async_trait]
pub trait Courier: Send + Sync + 'static {
    /// POSTs `{"apiKey","userId","permissions"}` as JSON to `redirect`: directly, without a proxy, following
    /// no redirect, to an address that is pinned once resolved and is not our own gate (`gate_port`);
    /// 10 s a try, three tries.
    ///
    /// # Errors
    /// [`Undelivered`] when no try was answered with success.
    async fn post(&self, redirect: &Redirect, gate_port: u16, parcel: &Parcel) -> Result<(), Undelivered>;
}

/// What an app receives. Not serialisable as such: the two adapters that hand it over write it themselves.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// The key.
    pub secret: KeySecret,
    /// Whose key it is.
    pub user: UserId,
    /// What it may do.
    pub permissions: PermissionSet,
}

/// Why a parcel did not arrive. Free of the URL's query and of the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not delivered: {0}")]
pub struct Undelivered(pub String);
