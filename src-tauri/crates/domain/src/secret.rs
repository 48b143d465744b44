//! Secrets, typed at birth: none of them can be serialised, displayed or shown by `Debug`.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// What `Debug` prints in place of any secret.
const HIDDEN: &str = "(hidden)";

/// An API key's token: 40 lower-case hex digits from 20 random bytes.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct KeySecret(String);

impl KeySecret {
    /// Builds the token from 160 random bits.
    #[must_use]
    pub fn from_random(bytes: [u8; 20]) -> Self {
        Self(hex::encode(bytes))
    }

    /// Takes a token that somebody presents, whatever it looks like: only its hash is ever compared.
    #[must_use]
    pub fn presented(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The token in clear, for the one place that hands it over.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the store and the index keep in the token's place.
    #[must_use]
    pub fn hash(&self) -> KeyHash {
        digest(&self.0)
    }
}

/// Finished in place and wiped: a hasher that is moved leaves the text it was given behind on the stack.
fn digest(secret: &str) -> KeyHash {
    let mut hasher = Sha256::new();
    hasher.update(secret);
    KeyHash(hasher.finalize_reset().into())
}

impl fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

/// SHA-256 of a [`KeySecret`]. The token has 160 random bits, so a plain hash does not help to guess it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyHash(pub [u8; 32]);

impl KeyHash {
    /// Compares in constant time.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

/// What an asker must show to collect: 128 random bits as 32 hex digits. Knowing a `RequestId` is not enough.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct CollectSecret(String);

impl CollectSecret {
    /// Builds the secret from 128 random bits.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(hex::encode(bytes))
    }

    /// Takes what a caller presents.
    #[must_use]
    pub fn presented(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The secret in clear, for the asker's own URL.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept to recognise it, also over a restart.
    #[must_use]
    pub fn hash(&self) -> KeyHash {
        digest(&self.0)
    }
}

impl fmt::Debug for CollectSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

macro_rules! typed_words {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Zeroizing<String>);

        impl $name {
            /// Takes the text over; it is wiped when this is dropped.
            #[must_use]
            pub fn new(text: String) -> Self {
                Self(Zeroizing::new(text))
            }

            /// The text in clear, for the one place that hashes it.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(HIDDEN)
            }
        }
    )*};
}

typed_words! {
    /// What opens the vault.
    Passphrase;
    /// What a user signs in with over Basic authentication.
    Password;
    /// A redirect with its query, which holds other people's secrets; also the `state` that goes with it.
    Sealed;
}

/// A password is too easily guessed to be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a password has at least {} characters", Password::SHORTEST)]
pub struct PasswordTooShort;

impl Password {
    /// How short a chosen one may be, in characters (Greenfield `Users_CreateUser`).
    pub const SHORTEST: usize = 6;

    /// Takes a password that somebody chooses. One that is presented may be anything: [`Password::new`].
    ///
    /// # Errors
    /// [`PasswordTooShort`].
    pub fn chosen(text: String) -> Result<Self, PasswordTooShort> {
        let password = Self::new(text);
        password.may_be_chosen().map(|()| password)
    }

    /// Whether somebody may choose this one, where it is only known later whether they may choose at all.
    ///
    /// # Errors
    /// [`PasswordTooShort`].
    pub fn may_be_chosen(&self) -> Result<(), PasswordTooShort> {
        let long_enough = self.expose().chars().count() >= Self::SHORTEST;
        if long_enough { Ok(()) } else { Err(PasswordTooShort) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_of_every_secret_shows_none_of_it() {
        let shown = format!(
            "{:?} {:?} {:?} {:?} {:?} {:?}",
            KeySecret::presented("canary"),
            KeySecret::presented("canary").hash(),
            CollectSecret::presented("canary"),
            Passphrase::new("canary".into()),
            Password::new("canary".into()),
            Sealed::new("canary".into()),
        );
        assert!(!shown.contains("canary"), "{shown}");
        assert_eq!(shown.matches(HIDDEN).count(), 6);
    }

    #[test]
    fn a_chosen_password_has_six_characters_and_a_presented_one_whatever_it_has() {
        assert!(Password::chosen("five5".to_owned()).is_err());
        assert_eq!(Password::chosen("äöüäöü".to_owned()).unwrap().expose(), "äöüäöü");
        assert_eq!(Password::new("x".to_owned()).expose(), "x");
    }

    #[test]
    fn a_fresh_token_is_forty_lower_case_hex_digits() {
        let token = KeySecret::from_random([0xab; 20]);
        assert_eq!(token.expose(), "ab".repeat(20));
    }

    #[test]
    fn a_token_is_known_by_its_hash_alone() {
        let token = KeySecret::from_random([7; 20]);
        assert!(KeySecret::presented(token.expose()).hash().is(&token.hash()));
        assert!(!KeySecret::presented("").hash().is(&token.hash()));
    }
}
