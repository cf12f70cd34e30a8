//! Randomness as `frost-core` takes it: by the traits of an older generation of `rand_core` than ours.

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng as _, SeedableRng as _},
};
use rand_core_of_frost::{CryptoRng, Error, RngCore};
use zeroize::Zeroizing;

/// A generator from a secret seed.
pub(crate) struct Seeded(ChaCha20Rng);

impl Seeded {
    pub(crate) fn new(seed: &Zeroizing<[u8; 32]>) -> Self {
        Self(ChaCha20Rng::from_seed(**seed))
    }
}

impl RngCore for Seeded {
    fn next_u32(&mut self) -> u32 {
        self.0.next_u32()
    }

    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        self.0.fill_bytes(out);
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Error> {
        self.0.fill_bytes(out);
        Ok(())
    }
}

impl CryptoRng for Seeded {}
