//! The one form in which a secret crosses between the desk and its hosts.

use std::fmt;

use domain::Password;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::CallError;

/// A secret on its way to or from a person: serialised in a frame of the control socket or of the window's one
/// command, and nowhere else. `Debug` shows none of it; it is wiped when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(type = "string"))]
pub struct Revealed(String);

impl Revealed {
    /// Takes the text over.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The password that a person has chosen.
    ///
    /// # Errors
    /// `invalid` with the field `password` for one that is too short.
    pub fn chosen_password(&self) -> Result<Password, CallError> {
        Password::chosen(self.0.clone()).map_err(|error| CallError::invalid("password", error.to_string()))
    }

    /// The text in clear.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Revealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_none_of_it() {
        assert_eq!(format!("{:?}", Revealed::new("canary".into())), "(hidden)");
    }
}
