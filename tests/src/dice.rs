//! Chance that can be repeated.

use std::hash::{BuildHasher, RandomState};

/// A stream of numbers that follows from its seed (xorshift64*).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// From the seed in `JOURNEY_SEED`, else from a new one. The seed is printed.
    ///
    /// # Errors
    /// When `JOURNEY_SEED` is no number.
    pub fn from_environment() -> anyhow::Result<Self> {
        let seed = match std::env::var("JOURNEY_SEED") {
            Ok(seed) => seed.parse()?,
            Err(_) => Self::thrown().0,
        };
        println!("JOURNEY_SEED={seed}");
        Ok(Self::seeded(seed))
    }

    /// From this seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// From a seed nobody knows.
    #[must_use]
    pub fn thrown() -> Self {
        Self::seeded(RandomState::new().hash_one(std::process::id()))
    }

    /// The next number.
    #[expect(clippy::should_implement_trait, reason = "it never ends, so there is no Option to unwrap")]
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }
}
