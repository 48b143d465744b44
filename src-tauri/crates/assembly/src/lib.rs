//! Puts a Fieldgate together from its adapters: what the window and the command line have in common.

pub mod clock;
mod desk;
mod first_start;
mod harden;
pub mod home;
mod log;
pub mod place;
mod running;

pub use self::desk::{desk, file_error};
pub use first_start::{first_start, make};
pub use harden::harden;
pub use log::start_log;
pub use running::{Running, not_bound};
