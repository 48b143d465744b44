//! The unlocked vault's keys, and what they are for.

use hkdf::HkdfExtract;
use hmac::{Hmac, KeyInit, Mac as _};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use super::{CryptoError, Fields, NONCE_LEN, SecretBytes, open_with, random, seal_with};

/// A row's or a checkpoint's MAC: HMAC-SHA256.
pub(crate) type Mac = [u8; 32];

/// First byte of everything sealed.
const SEAL_VERSION: u8 = 1;

/// The random data key of one vault and the three keys derived from it (HKDF-SHA256, RFC 5869). Wiped when dropped:
/// locking is dropping this.
pub(crate) struct Keys {
    data: SecretBytes<32>,
    seal: SecretBytes<32>,
    // A block long, so that HMAC takes them as they are.
    rows: SecretBytes<64>,
    checkpoints: SecretBytes<64>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(hidden)")
    }
}

/// Where a sealed value lives. A value copied to another place does not open there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// Table.
    pub(crate) table: &'a str,
    /// The row's primary key, as text.
    pub(crate) row: &'a str,
    /// Column.
    pub(crate) column: &'a str,
}

impl Place<'_> {
    fn context(&self) -> Fields {
        Fields::new().text("fieldgate seal 1").text(self.table).text(self.row).text(self.column)
    }
}

impl Keys {
    /// The keys of a new vault.
    ///
    /// # Errors
    /// [`CryptoError::NoRandom`].
    pub(crate) fn generate() -> Result<Self, CryptoError> {
        let mut data = SecretBytes::empty();
        getrandom::fill(data.fill()).map_err(|_| CryptoError::NoRandom)?;
        Ok(Self::derived_from(data))
    }

    pub(crate) fn derived_from(data: SecretBytes<32>) -> Self {
        Self {
            seal: subkey(&data, "fieldgate 1 seal"),
            rows: subkey(&data, "fieldgate 1 rows"),
            checkpoints: subkey(&data, "fieldgate 1 checkpoints"),
            data,
        }
    }

    /// The data key, for the one place that wraps it.
    pub(crate) fn data(&self) -> &SecretBytes<32> {
        &self.data
    }

    /// Seals a value for its place: a version byte, a random nonce, the ciphertext with its tag (41 bytes more).
    ///
    /// # Errors
    /// [`CryptoError::NoRandom`].
    pub(crate) fn seal(&self, place: Place<'_>, plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let nonce = random::<NONCE_LEN>()?;
        let hidden = seal_with(&self.seal, &nonce, place.context().as_bytes(), plain)?;
        Ok([[SEAL_VERSION].as_slice(), &nonce, &hidden].concat())
    }

    /// Opens what [`Keys::seal`] made for the same place.
    ///
    /// # Errors
    /// [`CryptoError::NewerSeal`] for an unknown version byte, [`CryptoError::Unreadable`] for anything else that is
    /// not byte for byte what was sealed there.
    pub(crate) fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        let (&version, rest) = sealed.split_first().ok_or(CryptoError::Unreadable)?;
        if version != SEAL_VERSION {
            return Err(CryptoError::NewerSeal(version));
        }
        let (nonce, hidden) = rest.split_first_chunk().ok_or(CryptoError::Unreadable)?;
        open_with(&self.seal, nonce, place.context().as_bytes(), hidden)
    }

    /// The MAC of a row that decides something. `fields` holds every column that does.
    #[must_use]
    pub(crate) fn row_mac(&self, table: &str, row: &str, fields: &Fields) -> Mac {
        self.row_hmac(table, row, fields).finalize().into_bytes().into()
    }

    /// Whether `mac` is the row's, compared in constant time.
    #[must_use]
    pub(crate) fn row_mac_holds(&self, table: &str, row: &str, fields: &Fields, mac: &[u8]) -> bool {
        self.row_hmac(table, row, fields).verify_slice(mac).is_ok()
    }

    /// The MAC of a checkpoint of the log.
    #[must_use]
    pub(crate) fn checkpoint_mac(&self, fields: &Fields) -> Mac {
        hmac(&self.checkpoints, fields).finalize().into_bytes().into()
    }

    /// Whether `mac` is the checkpoint's, compared in constant time.
    pub(crate) fn checkpoint_mac_holds(&self, fields: &Fields, mac: &[u8]) -> bool {
        hmac(&self.checkpoints, fields).verify_slice(mac).is_ok()
    }

    fn row_hmac(&self, table: &str, row: &str, fields: &Fields) -> Hmac<Sha256> {
        hmac(
            &self.rows,
            &Fields::new().text("fieldgate row 1").text(table).text(row).bytes(fields.as_bytes()),
        )
    }
}

fn hmac(key: &SecretBytes<64>, fields: &Fields) -> Hmac<Sha256> {
    Hmac::<Sha256>::new(key.get().into()).chain_update(fields.as_bytes())
}

fn subkey<const N: usize>(data: &SecretBytes<32>, purpose: &str) -> SecretBytes<N> {
    let mut extract = HkdfExtract::<Sha256>::new(None);
    extract.input_ikm(data.get());
    let (mut pseudorandom, hkdf) = extract.finalize();
    pseudorandom.as_mut_slice().zeroize();

    let mut key = SecretBytes::empty();
    #[expect(
        clippy::expect_used,
        reason = "HKDF fails only beyond 8160 bytes, and the longest key here has 64"
    )]
    hkdf.expand(purpose.as_bytes(), key.fill()).expect("a key is far below HKDF's limit");
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place<'static> = Place { table: "keys", row: "akid_1", column: "sealed_secret" };

    fn keys() -> Keys {
        Keys::generate().expect("random bytes")
    }

    #[test]
    fn a_sealed_value_opens_in_its_own_place_and_nowhere_else() -> Result<(), CryptoError> {
        let keys = keys();
        let sealed = keys.seal(HERE, b"canary")?;
        assert_eq!(keys.open(HERE, &sealed)?.as_slice(), b"canary");
        for elsewhere in [
            Place { table: "grants", ..HERE },
            Place { row: "akid_2", ..HERE },
            Place { column: "sealed_state", ..HERE },
            // The same letters with another boundary between table and row.
            Place { table: "keysa", row: "kid_1", ..HERE },
        ] {
            assert_eq!(keys.open(elsewhere, &sealed).unwrap_err(), CryptoError::Unreadable, "{elsewhere:?}");
        }
        assert_eq!(self::keys().open(HERE, &sealed).unwrap_err(), CryptoError::Unreadable);
        Ok(())
    }

    #[test]
    fn one_changed_or_missing_byte_of_a_sealed_value_shows() -> Result<(), CryptoError> {
        let keys = keys();
        let sealed = keys.seal(HERE, b"canary")?;
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(keys.open(HERE, &changed).is_err(), "byte {at}");
            assert!(keys.open(HERE, &sealed[..at]).is_err(), "cut at {at}");
        }
        Ok(())
    }

    #[test]
    fn sealing_twice_never_gives_the_same_bytes() -> Result<(), CryptoError> {
        let keys = keys();
        assert_ne!(keys.seal(HERE, b"canary")?, keys.seal(HERE, b"canary")?);
        Ok(())
    }

    #[test]
    fn a_row_s_mac_holds_for_its_table_its_id_and_its_content_only() {
        let keys = keys();
        let fields = Fields::new().text("owner").int(5);
        let mac = keys.row_mac("keys", "1", &fields);
        assert!(keys.row_mac_holds("keys", "1", &fields, &mac));
        assert!(!keys.row_mac_holds("users", "1", &fields, &mac));
        assert!(!keys.row_mac_holds("keys", "2", &fields, &mac));
        assert!(!keys.row_mac_holds("keys", "1", &fields.clone().int(0), &mac));
        assert!(!keys.row_mac_holds("keys", "1", &fields, &mac[..31]));
        assert!(!keys.row_mac_holds("keys", "1", &fields, &[]));
        assert!(!self::keys().row_mac_holds("keys", "1", &fields, &mac));
    }

    #[test]
    fn the_keys_for_rows_and_checkpoints_differ() {
        let keys = keys();
        assert_ne!(keys.rows.get(), keys.checkpoints.get());
        assert_ne!(keys.seal.get()[..], keys.rows.get()[..32]);
        assert_ne!(keys.seal.get(), keys.data.get());
    }

    #[test]
    fn debug_of_keys_shows_none_of_them() {
        let mut data = SecretBytes::empty();
        *data.fill() = [0xab; 32];
        let alone = format!("{data:?}");
        let shown = format!("{alone} {:?}", Keys::derived_from(data));
        assert_eq!(shown.replace("(hidden)", ""), " Keys");
    }
}
