//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha): its 192-bit nonces may be drawn at random for ever.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use zeroize::Zeroizing;

use super::{CryptoError, SecretBytes};

pub(crate) const NONCE_LEN: usize = 24;

/// `N` bytes from the operating system. For salts, nonces and handles; keys are filled in place instead.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], CryptoError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| CryptoError::NoRandom)?;
    Ok(bytes)
}

/// Encrypts and authenticates `plain`, and authenticates `context` with it. The result is 16 bytes longer.
pub(crate) fn seal_with(
    key: &SecretBytes<32>,
    nonce: &[u8; NONCE_LEN],
    context: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, CryptoError> {
    XChaCha20Poly1305::new(key.get().into())
        .encrypt(nonce.into(), Payload { msg: plain, aad: context })
        .map_err(|_| CryptoError::Unreadable)
}

/// The reverse of [`seal_with`]; any other key, nonce, context or text is [`CryptoError::Unreadable`].
pub(crate) fn open_with(
    key: &SecretBytes<32>,
    nonce: &[u8; NONCE_LEN],
    context: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    XChaCha20Poly1305::new(key.get().into())
        .decrypt(nonce.into(), Payload { msg: sealed, aad: context })
        .map(Zeroizing::new)
        .map_err(|_| CryptoError::Unreadable)
}
