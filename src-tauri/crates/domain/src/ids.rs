//! Handles: public names of things. Each is safe in a log, a link and an argument, and gets nobody anything.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a text must be to serve as an id: 1 to 128 visible ASCII characters without `/`, `?`, `#` or `%`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a {kind}: 1 to 128 visible characters, without / ? # %")]
pub struct BadId {
    kind: &'static str,
}

fn well_formed(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'/' | b'?' | b'#' | b'%'))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident, $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        #[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(type = "string"))]
        pub struct $name(String);

        impl $name {
            /// The id as it is written in an URL, an argument or a table.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                if well_formed(text) { Ok(Self(text.to_owned())) } else { Err(BadId { kind: $kind }) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                if well_formed(&text) { Ok(Self(text)) } else { Err(BadId { kind: $kind }) }
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*};
}

ids! {
    /// Public handle of an API key: `akid_` and 16 hex digits.
    KeyId, "key id";
    /// Public handle of one asking: 32 hex digits from 128 random bits.
    RequestId, "request id";
    /// A user: a GUID, as BTCPay Server writes it.
    UserId, "user id";
    /// A store: base58 of 32 random bytes, as BTCPay Server writes it. Compared case-sensitively.
    StoreId, "store id";
    /// A connected BTCPay Server.
    ServerId, "server id";
    /// An application of the register.
    ApplicationId, "application id";
    /// Keys that were replaced together: `rep_` and 16 hex digits.
    ReplacementId, "replacement id";
}

impl KeyId {
    /// Builds the handle from 64 random bits.
    #[must_use]
    pub fn from_random(bytes: [u8; 8]) -> Self {
        Self(format!("akid_{}", hex::encode(bytes)))
    }
}

impl RequestId {
    /// Builds the handle from 128 random bits.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(hex::encode(bytes))
    }
}

impl ApplicationId {
    /// Builds the handle from 64 random bits.
    #[must_use]
    pub fn from_random(bytes: [u8; 8]) -> Self {
        Self(format!("app_{}", hex::encode(bytes)))
    }
}

impl ReplacementId {
    /// Builds the handle from 64 random bits.
    #[must_use]
    pub fn from_random(bytes: [u8; 8]) -> Self {
        Self(format!("rep_{}", hex::encode(bytes)))
    }
}

/// Who mints and revokes a key.
///
/// Written as `local` or `server:ID`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(type = "string"))]
pub enum Issuer {
    /// The embedded store: works on this computer, for software that talks to this gate.
    Local,
    /// A connected BTCPay Server.
    Server(ServerId),
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local => f.write_str("local"),
            Self::Server(id) => write!(f, "server:{id}"),
        }
    }
}

impl TryFrom<String> for Issuer {
    type Error = BadId;
    fn try_from(text: String) -> Result<Self, BadId> {
        match text.strip_prefix("server:") {
            Some(id) => Ok(Self::Server(id.parse()?)),
            None if text == "local" => Ok(Self::Local),
            None => Err(BadId { kind: "issuer" }),
        }
    }
}

impl From<Issuer> for String {
    fn from(issuer: Issuer) -> Self {
        issuer.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_with_a_path_separator_or_nothing_in_it_is_refused() {
        for bad in ["", "a/b", "a b", "a?b", "é", "a\n", &"x".repeat(129)] {
            assert!(bad.parse::<StoreId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn an_issuer_reads_back_what_it_wrote() -> Result<(), BadId> {
        for issuer in [Issuer::Local, Issuer::Server("s1".parse()?)] {
            assert_eq!(Issuer::try_from(issuer.to_string())?, issuer);
        }
        assert!(Issuer::try_from("server:".to_owned()).is_err());
        Ok(())
    }
}
