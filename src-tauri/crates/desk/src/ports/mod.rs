//! What the desk needs from the world. Adapters implement these traits and never see each other.

mod account;
mod clipboard;
mod keyring;
mod keys;
mod line;

use std::{fmt, net::SocketAddr, sync::Arc};

use async_trait::async_trait;
use domain::{KeySecret, Listener, Moment, PermissionSet, Program, Redirect, Timestamp, UserId};

use crate::ReceiverCheck;

pub use account::UserChange;
pub use clipboard::{Clipboard, NoClipboard};
pub use keyring::{
    Damage, EndedRequest, GrantedKey, Keyring, KeyringError, LogVerdict, NewGrant, NewKey, NewUser,
    OpenKeyring, Received, RequestRecord, StoredKey,
};
pub use keys::{FailedLogins, FirstUsed, KeyChange, KeyUse, ReplacedKey};
pub use line::LogLine;

/// Reads the clocks, so that tests can turn them.
pub trait Clock: Send + Sync + 'static {
    /// Wall-clock time.
    fn now(&self) -> Timestamp;
    /// Monotonic time since some fixed moment of this process.
    fn moment(&self) -> Moment;
}

/// What the human is told that needs no answer. Names that somebody claims never get here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Notice {
    /// A key was handed over again without asking, as the human had said.
    HandedOverAgain,
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HandedOverAgain => "a key was handed over again without asking, as you had said",
        })
    }
}

/// The window and its notifications, or what stands in their place. Every method returns at once.
pub trait Shell: Send + Sync + 'static {
    /// Whether there is a window that shows cards; without one a request counts as seen at once.
    fn has_window(&self) -> bool;
    /// Brings the window to the front, because an app asks or somebody pressed "Open Fieldgate".
    fn raise(&self);
    /// Opens an address of the gate in the human's browser; whether there was one to open it.
    fn open_in_browser(&self, url: &str) -> bool;
    /// The clipboard of whoever sits there; none without a window.
    fn clipboard(&self) -> Option<Arc<dyn Clipboard>>;
    /// Tells the human something that needs no answer, in fixed words.
    fn notify(&self, notice: Notice);
    /// Says that something changed. Carries no data: whoever shows it pulls anew.
    fn changed(&self);
}

/// Looks at the programs of this computer. Every method blocks for some milliseconds and looks at the moment it is
/// called.
pub trait Processes: Send + Sync + 'static {
    /// Who would answer a connection to `address`, which is one by which this computer reaches itself.
    fn listener(&self, address: SocketAddr) -> Listener;
    /// Whether a program that was seen before still runs; nothing where the system does not tell.
    fn is_running(&self, program: &Program) -> Option<bool>;
}

/// Posts a granted key to a program's redirect.
#[async_trait]
pub trait Courier: Send + Sync + 'static {
    /// The addresses of `redirect`'s host, with its port, as a delivery looks them up.
    ///
    /// # Errors
    /// [`Undelivered`] when the host has none.
    async fn addresses(&self, redirect: &Redirect) -> Result<Vec<SocketAddr>, Undelivered>;

    /// POSTs `{"apiKey","userId","permissions"}` as JSON to `redirect`: directly, without a proxy, following
    /// no redirect, to an address that is pinned once resolved and is not our own gate (`gate_port`);
    /// 10 s a try, three tries. Before each, `check` says which of the addresses it may go to; after
    /// [`Undelivered::Withheld`] there is none more.
    ///
    /// # Errors
    /// [`Undelivered`] when no try was answered with success.
    async fn post(
        &self,
        redirect: &Redirect,
        gate_port: u16,
        parcel: &Parcel,
        check: &ReceiverCheck,
    ) -> Result<(), Undelivered>;
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
pub enum Undelivered {
    /// It could not be posted.
    #[error("not delivered: {0}")]
    Failed(String),
    /// Another program would have received it than the one that was decided on.
    #[error("withheld: {0}")]
    Withheld(String),
}

impl Undelivered {
    /// The reason alone.
    #[must_use]
    pub fn why(&self) -> &str {
        match self {
            Self::Failed(why) | Self::Withheld(why) => why,
        }
    }
}
