//! A broken generator of random numbers, for tests.

use core::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};

/// Gives one byte again and again, so that everybody foretells it and every draw repeats.
pub(crate) struct Stuck;

/// The byte.
pub(crate) const BYTE: u8 = 7;

impl TryRng for Stuck {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes([BYTE; 4]))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes([BYTE; 8]))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        out.fill(BYTE);
        Ok(())
    }
}

impl TryCryptoRng for Stuck {}
