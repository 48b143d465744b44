//! The vault's header: what is needed, besides the passphrase, to unlock.
//!
//! 110 bytes, numbers big-endian: magic `fg-vault` (8), format (2), Argon2id memory in KiB (4), passes (4), lanes (4),
//! salt (16); then nonce (24) and the wrapped data key (48). The first 38 are authenticated with the wrapped key.

use domain::Passphrase;
use rusqlite::{Connection, OptionalExtension, params};

use crate::crypto::{
    CryptoError, KdfCost, Keys, NONCE_LEN, SecretBytes, derive, open_with, random, seal_with,
};

const MAGIC: &[u8; 8] = b"fg-vault";
/// The format this version writes, and the newest it knows.
pub(crate) const KNOWN_FORMAT: u16 = 1;
const SALT_LEN: usize = 16;
const WRAPPED_LEN: usize = 48;

/// Why a header does not unlock.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HeaderError {
    /// The passphrase is not the one the key was wrapped with. A header whose parameters were changed to other
    /// plausible ones looks the same: no cipher can tell the two apart.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// The header is absent, cut, or names impossible values.
    #[error("the vault's header is damaged")]
    Damaged,
    /// The header was written by a newer version.
    #[error("the vault's header has format {found}; this version knows {KNOWN_FORMAT}")]
    Newer {
        /// The format found.
        found: u16,
    },
    /// Deriving or wrapping failed for want of memory or random bytes.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// The database did not answer.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// A header as stored. Holds nothing that is secret without the passphrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    cost: KdfCost,
    salt: [u8; SALT_LEN],
    nonce: [u8; NONCE_LEN],
    wrapped: [u8; WRAPPED_LEN],
}

impl Header {
    /// Wraps the data key of `keys` under a passphrase: for a new vault, and to change a passphrase. Blocks for as
    /// long as `cost` says.
    ///
    /// # Errors
    /// [`HeaderError::Crypto`].
    pub(crate) fn wrap(keys: &Keys, passphrase: &Passphrase, cost: KdfCost) -> Result<Self, HeaderError> {
        let mut header = Self { cost, salt: random()?, nonce: random()?, wrapped: [0; WRAPPED_LEN] };
        let wrapping = header.wrapping_key(passphrase)?;
        let wrapped = seal_with(&wrapping, &header.nonce, &header.context(), keys.data().get())?;
        header.wrapped = wrapped.try_into().map_err(|_| HeaderError::Damaged)?;
        Ok(header)
    }

    /// Recovers the keys. Blocks for as long as the stored cost says.
    ///
    /// # Errors
    /// [`HeaderError::WrongPassphrase`], or [`HeaderError::Crypto`] for want of memory.
    pub(crate) fn unlock(&self, passphrase: &Passphrase) -> Result<Keys, HeaderError> {
        let wrapping = self.wrapping_key(passphrase)?;
        let opened = open_with(&wrapping, &self.nonce, &self.context(), &self.wrapped)
            .map_err(|_| HeaderError::WrongPassphrase)?;
        let mut data = SecretBytes::<32>::empty();
        if opened.len() != data.get().len() {
            return Err(HeaderError::Damaged);
        }
        data.fill().copy_from_slice(&opened);
        Ok(Keys::derived_from(data))
    }

    /// The 110 bytes.
    #[must_use]
    pub(crate) fn encode(&self) -> Vec<u8> {
        [self.context().as_slice(), &self.nonce, &self.wrapped].concat()
    }

    /// Reads the 110 bytes.
    ///
    /// # Errors
    /// [`HeaderError::Newer`], or [`HeaderError::Damaged`] if anything is malformed or out of range.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, HeaderError> {
        let mut rest = Reader(bytes);
        if &rest.take::<8>()? != MAGIC {
            return Err(HeaderError::Damaged);
        }
        match u16::from_be_bytes(rest.take()?) {
            KNOWN_FORMAT => {}
            0 => return Err(HeaderError::Damaged),
            found => return Err(HeaderError::Newer { found }),
        }
        let cost =
            KdfCost::new(rest.number()?, rest.number()?, rest.number()?).map_err(|_| HeaderError::Damaged)?;
        let header = Self { cost, salt: rest.take()?, nonce: rest.take()?, wrapped: rest.take()? };
        if rest.0.is_empty() { Ok(header) } else { Err(HeaderError::Damaged) }
    }

    /// Reads the header of an open file.
    ///
    /// # Errors
    /// As [`Header::decode`]; a file without a header is [`HeaderError::Damaged`].
    pub(crate) fn load(conn: &Connection) -> Result<Self, HeaderError> {
        let bytes: Option<Vec<u8>> =
            conn.query_row("SELECT bytes FROM header", [], |row| row.get(0)).optional()?;
        Self::decode(&bytes.ok_or(HeaderError::Damaged)?)
    }

    /// Writes the header, in place of the one there was.
    ///
    /// # Errors
    /// What SQLite says.
    pub(crate) fn store(&self, conn: &Connection) -> rusqlite::Result<()> {
        conn.execute("INSERT OR REPLACE INTO header (only, bytes) VALUES (1, ?1)", params![self.encode()])?;
        Ok(())
    }

    fn wrapping_key(&self, passphrase: &Passphrase) -> Result<SecretBytes<32>, CryptoError> {
        derive(passphrase.expose().as_bytes(), &self.salt, self.cost)
    }

    fn context(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&KNOWN_FORMAT.to_be_bytes());
        for number in [self.cost.memory_kib(), self.cost.passes(), self.cost.lanes()] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        bytes.extend_from_slice(&self.salt);
        bytes
    }
}

/// Takes fixed-size pieces off the front.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], HeaderError> {
        let (piece, rest) = self.0.split_first_chunk().ok_or(HeaderError::Damaged)?;
        self.0 = rest;
        Ok(*piece)
    }

    fn number(&mut self) -> Result<u32, HeaderError> {
        Ok(u32::from_be_bytes(self.take()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::Fields;

    fn phrase(text: &str) -> Passphrase {
        Passphrase::new(text.to_owned())
    }

    fn made() -> Result<(Keys, Header), HeaderError> {
        let keys = Keys::generate()?;
        let header = Header::wrap(&keys, &phrase("right"), KdfCost::FLOOR)?;
        Ok((keys, header))
    }

    #[test]
    fn the_right_passphrase_gives_back_the_same_keys() -> Result<(), HeaderError> {
        let (keys, header) = made()?;
        let read = Header::decode(&header.encode())?;
        assert_eq!(read, header);
        let again = read.unlock(&phrase("right"))?;
        let fields = Fields::new().text("x");
        assert!(again.row_mac_holds("t", "1", &fields, &keys.row_mac("t", "1", &fields)));
        Ok(())
    }

    #[test]
    fn a_wrong_passphrase_is_called_that() -> Result<(), HeaderError> {
        let (_, header) = made()?;
        for wrong in ["", "Right", "right "] {
            assert!(matches!(header.unlock(&phrase(wrong)), Err(HeaderError::WrongPassphrase)), "{wrong:?}");
        }
        Ok(())
    }

    #[test]
    fn whichever_byte_is_changed_it_never_unlocks() -> Result<(), HeaderError> {
        let (_, header) = made()?;
        let bytes = header.encode();
        assert_eq!(bytes.len(), 110);
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            let outcome = Header::decode(&changed).and_then(|header| header.unlock(&phrase("right")));
            let expected = match at {
                0..8 => matches!(outcome, Err(HeaderError::Damaged)),
                8 => matches!(outcome, Err(HeaderError::Newer { found: 257 })),
                9 => matches!(outcome, Err(HeaderError::Damaged)),
                10..22 => matches!(outcome, Err(HeaderError::Damaged | HeaderError::WrongPassphrase)),
                _ => matches!(outcome, Err(HeaderError::WrongPassphrase)),
            };
            assert!(expected, "byte {at}: {outcome:?}");
        }
        Ok(())
    }

    #[test]
    fn a_cut_or_lengthened_header_is_damaged() -> Result<(), HeaderError> {
        let (_, header) = made()?;
        let bytes = header.encode();
        for length in 0..bytes.len() {
            assert!(matches!(Header::decode(&bytes[..length]), Err(HeaderError::Damaged)), "{length}");
        }
        assert!(matches!(Header::decode(&[bytes, vec![0]].concat()), Err(HeaderError::Damaged)));
        Ok(())
    }

    #[test]
    fn a_cost_out_of_range_is_refused_before_any_work() -> Result<(), HeaderError> {
        let (_, header) = made()?;
        for (at, number) in [(10, 8_u32), (10, u32::MAX), (14, 1), (14, 17), (18, 0), (18, 5)] {
            let mut bytes = header.encode();
            bytes[at..at + 4].copy_from_slice(&number.to_be_bytes());
            assert!(matches!(Header::decode(&bytes), Err(HeaderError::Damaged)), "{at} {number}");
        }
        Ok(())
    }

    #[test]
    fn a_new_passphrase_opens_the_same_keys_and_the_old_one_nothing() -> Result<(), HeaderError> {
        let (keys, _) = made()?;
        let changed = Header::wrap(&keys, &phrase("new"), KdfCost::FLOOR)?;
        assert_eq!(changed.unlock(&phrase("new"))?.data().get(), keys.data().get());
        assert!(changed.unlock(&phrase("right")).is_err());
        Ok(())
    }
}
