//! A user's address.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An e-mail address. Compared without regard to case, kept as it was typed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(type = "string"))]
pub struct Email(String);

/// Why a text is not an [`Email`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address: it needs one @ between two parts, without blanks")]
pub struct BadEmail;

impl Email {
    /// Takes `name@host`: one `@`, both parts there, no blank or control character, at most 254 characters.
    ///
    /// # Errors
    /// [`BadEmail`] for anything else.
    pub fn parse(text: &str) -> Result<Self, BadEmail> {
        let text = text.trim();
        let (name, host) = text.split_once('@').ok_or(BadEmail)?;
        let clean = |part: &str| {
            !part.is_empty()
                && !part.contains('@')
                && !part.chars().any(|c| c.is_whitespace() || c.is_control())
        };
        if clean(name) && clean(host) && text.len() <= 254 {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadEmail)
        }
    }

    /// The address as it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that is compared and looked up.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

impl PartialEq for Email {
    fn eq(&self, other: &Self) -> bool {
        self.folded() == other.folded()
    }
}

impl Eq for Email {}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Email {
    type Error = BadEmail;
    fn try_from(text: String) -> Result<Self, BadEmail> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_both_parts_is_refused() {
        for bad in ["", "ana", "@shop.example", "ana@", "a@b@c", "ana @shop.example", "ana@shop\n.example"] {
            assert_eq!(Email::parse(bad), Err(BadEmail), "{bad:?}");
        }
    }

    #[test]
    fn letter_case_makes_no_other_address() {
        assert_eq!(Email::parse("Ana@Shop.example"), Email::parse("ana@shop.EXAMPLE"));
    }
}
