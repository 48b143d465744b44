//! Users' passwords as Argon2id PHC strings.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Params, Version};
use domain::Password;
use subtle::ConstantTimeEq;

use super::{CryptoError, KdfCost, derive, random};

/// Hashes a password for storing: a PHC string with a fresh salt, at [`KdfCost::FLOOR`]. Blocks for some 30 ms.
///
/// # Errors
/// [`CryptoError::NoRandom`] or [`CryptoError::NoMemory`].
pub(crate) fn hash_password(password: &Password) -> Result<String, CryptoError> {
    let salt = random::<16>()?;
    let hash = derive(password.expose().as_bytes(), &salt, KdfCost::FLOOR)?;
    let written = PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&KdfCost::FLOOR.params()?).map_err(|_| CryptoError::CostOutOfRange)?,
        salt: Some(Salt::new(&salt).map_err(|_| CryptoError::CostOutOfRange)?),
        hash: Some(Output::new(hash.get()).map_err(|_| CryptoError::CostOutOfRange)?),
    };
    Ok(written.to_string())
}

/// Whether `password` is the one `stored` was made from.
///
/// With no stored hash (an unknown user, or one without a password) or an unreadable one the same work is done and
/// the answer is no, so that the time taken tells nobody which e-mails exist.
#[must_use]
pub(crate) fn verify_password(password: &Password, stored: Option<&str>) -> bool {
    let found = stored.and_then(Stored::read);
    let known = found.is_some();
    let against = found.unwrap_or(Stored::NOBODY);
    let Ok(hash) = derive(password.expose().as_bytes(), &against.salt, against.cost) else { return false };
    known & bool::from(hash.get().ct_eq(&against.hash))
}

struct Stored {
    cost: KdfCost,
    salt: [u8; 16],
    hash: [u8; 32],
}

impl Stored {
    const NOBODY: Self = Self { cost: KdfCost::FLOOR, salt: [0; 16], hash: [0; 32] };

    /// Reads only what [`hash_password`] could have written: no other algorithm and no cost out of range.
    fn read(text: &str) -> Option<Self> {
        let parsed = PasswordHash::new(text).ok()?;
        let argon2id_v19 =
            parsed.algorithm == ARGON2ID_IDENT && parsed.version == Some(Version::V0x13.into());
        let params = Params::try_from(&parsed).ok().filter(|_| argon2id_v19)?;
        Some(Self {
            cost: KdfCost::new(params.m_cost(), params.t_cost(), params.p_cost()).ok()?,
            salt: parsed.salt?.as_ref().try_into().ok()?,
            hash: parsed.hash?.as_bytes().try_into().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password::new(text.to_owned())
    }

    #[test]
    fn only_the_right_password_verifies() -> Result<(), CryptoError> {
        let stored = hash_password(&password("correct"))?;
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(!stored.contains("correct"));
        assert!(verify_password(&password("correct"), Some(&stored)));
        assert!(!verify_password(&password("Correct"), Some(&stored)));
        assert!(!verify_password(&password(""), Some(&stored)));
        Ok(())
    }

    #[test]
    fn nobody_and_a_damaged_hash_verify_nothing() -> Result<(), CryptoError> {
        let stored = hash_password(&password("correct"))?;
        let weak = stored.replace("m=19456", "m=8");
        let huge = stored.replace("m=19456", "m=4194304");
        let other = stored.replace("argon2id", "argon2i");
        for bad in [None, Some(""), Some("x"), Some(&weak), Some(&huge), Some(&other)] {
            assert!(!verify_password(&password("correct"), bad), "{bad:?}");
        }
        Ok(())
    }

    #[test]
    fn the_same_password_hashes_differently_each_time() -> Result<(), CryptoError> {
        assert_ne!(hash_password(&password("correct"))?, hash_password(&password("correct"))?);
        Ok(())
    }
}
