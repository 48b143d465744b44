//! The harness of the journeys: a home, a gate, whoever asks, whoever receives, and a browser.
//!
//! It knows the built programs `fieldgatectl` and `fieldgate`, sockets and files, and nothing of what is inside.

#![expect(clippy::indexing_slicing, reason = "of JSON documents: what is missing is null")]

pub mod asker;
pub mod binary;
pub mod browser;
pub mod callback;
pub mod caller;
pub mod clipboard;
pub mod control;
pub mod crashes;
pub mod crowd;
pub mod ctl;
pub mod dice;
pub mod disk;
pub mod driver;
pub mod encoding;
pub mod gate;
pub mod hand;
pub mod home;
mod keyboard;
pub mod process;
pub mod screen;
pub mod tab;
pub mod until;
pub mod window;
pub mod wire;
pub mod world;

pub use asker::{Answer, Asked, Asker};
pub use browser::{Browser, Scripts};
pub use callback::{Callback, Received};
pub use caller::Caller;
pub use clipboard::Clipboard;
pub use ctl::Output;
pub use gate::{Gate, Start};
pub use hand::Hand;
pub use home::{ADMIN, Home, MERCHANT};
pub use tab::Tab;
pub use until::until;
pub use window::{Window, in_window};
pub use world::World;

/// How long anything may take before it counts as hanging. Generous: two cores may be compiling beside us.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(45);
