//! What an application asks for: the authorize query, its redirect, and the words it says of itself.

mod claimed;
mod query;
mod redirect;

pub use claimed::ClaimedText;
pub use query::{AuthorizeRequest, Fingerprint, QueryError};
pub use redirect::{BadRedirect, OwnAddress, Redirect};
