//! The use cases over ports, and the one list of calls.

mod accounts;
mod again;
mod api;
mod applications;
mod asking;
mod caller;
pub mod calls;
mod changes;
pub mod control;
mod copying;
mod deciding;
mod delivering;
mod desk;
mod editing;
mod effects;
mod error;
mod export;
mod front_door;
mod grants;
mod host;
mod index;
mod key_table;
mod keys;
mod log;
mod members;
mod people;
pub mod ports;
mod presence;
mod receipts;
mod receiving;
mod recipients;
mod register;
mod remembering;
mod replacing;
mod requests;
mod revoking;
mod settings;
mod sheet;
mod stop_old;
mod stores;
#[cfg(test)]
mod stories;
mod succession;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod trial;
mod uncollected;
mod unlocking;
mod users;
mod uses;
mod writing;

pub use accounts::UserWish;
pub use api::{ApiError, KeyName, KeyWish, Peer, Principal, ProfileWish, SignInError, Via};
pub use asking::{NotHandedOver, NotTaken, Seen, Ticket, Waiting};
pub use caller::Caller;
pub use desk::Desk;
pub use error::{CallError, Code};
pub use front_door::{FirstAdmin, Founder, FrontDoor, SHORTEST_PASSPHRASE};
pub use receiving::ReceiverCheck;

/// Fresh random bytes.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], CallError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|_| CallError::new(Code::Failed, "the system gives no randomness"))?;
    Ok(bytes)
}
