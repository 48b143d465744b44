//! Argon2id (RFC 9106): from something a person remembers to a key.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::Zeroize;

use super::{CryptoError, SecretBytes};

/// What one guess costs. Only values between [`KdfCost::FLOOR`] and [`KdfCost::CEILING`] exist, so a changed file
/// can neither make guessing cheap nor make unlocking take the machine down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KdfCost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl KdfCost {
    /// For a new vault: 64 MiB, three passes, one lane.
    pub const STANDARD: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
    /// The least that is accepted, and what users' passwords are hashed with: 19 MiB, two passes, one lane.
    pub const FLOOR: Self = Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 };
    /// The most that is accepted: 1 GiB, sixteen passes, four lanes.
    pub const CEILING: Self = Self { memory_kib: 1024 * 1024, passes: 16, lanes: 4 };

    /// Checks and takes a cost; memory in KiB.
    ///
    /// # Errors
    /// [`CryptoError::CostOutOfRange`] if any of the three is below the floor or above the ceiling.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, CryptoError> {
        let (least, most) = (Self::FLOOR, Self::CEILING);
        let fits = (least.memory_kib..=most.memory_kib).contains(&memory_kib)
            && (least.passes..=most.passes).contains(&passes)
            && (least.lanes..=most.lanes).contains(&lanes);
        if fits { Ok(Self { memory_kib, passes, lanes }) } else { Err(CryptoError::CostOutOfRange) }
    }

    /// Memory in KiB.
    #[must_use]
    pub fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    #[must_use]
    pub fn passes(self) -> u32 {
        self.passes
    }

    /// Lanes, computed one after the other.
    #[must_use]
    pub fn lanes(self) -> u32 {
        self.lanes
    }

    pub(super) fn params(self) -> Result<Params, CryptoError> {
        Params::new(self.memory_kib, self.passes, self.lanes, Some(32))
            .map_err(|_| CryptoError::CostOutOfRange)
    }
}

/// Derives 32 bytes. Blocks the thread for as long as `cost` says; the working memory is wiped.
pub(crate) fn derive(secret: &[u8], salt: &[u8], cost: KdfCost) -> Result<SecretBytes<32>, CryptoError> {
    let params = cost.params()?;
    let mut memory = Vec::new();
    memory.try_reserve_exact(params.block_count()).map_err(|_| CryptoError::NoMemory)?;
    memory.resize(params.block_count(), Block::new());

    let mut key = SecretBytes::empty();
    let done = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into_with_memory(
        secret,
        salt,
        key.fill(),
        &mut memory,
    );
    memory.iter_mut().for_each(Zeroize::zeroize);
    done.map_err(|_| CryptoError::CostOutOfRange)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_below_the_floor_or_above_the_ceiling_does_not_exist() {
        let (floor, ceiling) = (KdfCost::FLOOR, KdfCost::CEILING);
        for (memory, passes, lanes) in [
            (floor.memory_kib - 1, 2, 1),
            (floor.memory_kib, 1, 1),
            (floor.memory_kib, 2, 0),
            (ceiling.memory_kib + 1, 3, 1),
            (floor.memory_kib, 17, 1),
            (floor.memory_kib, 2, 5),
            (0, 0, 0),
            (u32::MAX, u32::MAX, u32::MAX),
        ] {
            assert_eq!(KdfCost::new(memory, passes, lanes), Err(CryptoError::CostOutOfRange));
        }
        for cost in [floor, ceiling, KdfCost::STANDARD] {
            assert_eq!(KdfCost::new(cost.memory_kib, cost.passes, cost.lanes), Ok(cost));
        }
    }

    #[test]
    fn the_key_depends_on_secret_salt_and_cost() -> Result<(), CryptoError> {
        let dearer = KdfCost::new(20 * 1024, 2, 1)?;
        let base = derive(b"one", &[1; 16], KdfCost::FLOOR)?;
        assert_eq!(derive(b"one", &[1; 16], KdfCost::FLOOR)?.get(), base.get());
        assert_ne!(derive(b"two", &[1; 16], KdfCost::FLOOR)?.get(), base.get());
        assert_ne!(derive(b"one", &[2; 16], KdfCost::FLOOR)?.get(), base.get());
        assert_ne!(derive(b"one", &[1; 16], dearer)?.get(), base.get());
        Ok(())
    }
}
