//! Key bytes that stay in one place and are wiped from it.

use std::fmt;

use zeroize::Zeroize;

/// `N` secret bytes on the heap: moving the owner moves a pointer and leaves no copy of the bytes behind.
pub(crate) struct SecretBytes<const N: usize>(Box<[u8; N]>);

impl<const N: usize> SecretBytes<N> {
    /// Zeroes, to be filled in place.
    pub(crate) fn empty() -> Self {
        Self(Box::new([0; N]))
    }

    pub(crate) fn get(&self) -> &[u8; N] {
        &self.0
    }

    pub(crate) fn fill(&mut self) -> &mut [u8; N] {
        &mut self.0
    }
}

impl<const N: usize> Drop for SecretBytes<N> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<const N: usize> fmt::Debug for SecretBytes<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}
