//! The secrets of one contribution. Somebody who knew the secrets of every contribution could forge proofs, so they are
//! wiped as soon as they have been used.

use louver_core::{
    secret::Secret,
    spec::{Fr, b64, to_fr},
};
use rand::{TryRng, rngs::SysRng};
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

/// The operating system gives no randomness.
#[derive(Debug, Error)]
#[error("the operating system gives no randomness: {0}")]
pub struct EntropyError(String);

impl EntropyError {
    pub(super) fn from_error(error: impl core::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// A contributor's typing or dice, mixed into the operating system's randomness and never used without it.
#[derive(Debug)]
pub struct Entropy(Secret<Vec<u8>>);

impl Entropy {
    /// Only the operating system's.
    pub fn none() -> Self {
        Self(Secret::new(Vec::new()))
    }

    /// With these bytes on top.
    pub fn with(bytes: &[u8]) -> Self {
        Self(Secret::new(bytes.to_vec()))
    }
}

/// One factor for each element of a phase; none is 0 or 1.
pub(super) struct Factors(Vec<Secret<Fr>>);

impl Factors {
    /// `[ceremony-secrets]`: fresh ones.
    pub(super) fn draw(count: usize, entropy: &Entropy) -> Result<Self, EntropyError> {
        loop {
            let mut random = Zeroizing::new([0u8; 64]);
            SysRng.try_fill_bytes(random.as_mut()).map_err(EntropyError::from_error)?;
            let seed = Zeroizing::new(b64(b"LouverEntropy", &[random.as_ref(), entropy.0.expose()]));
            let factor = |index: usize| {
                let index = u8::try_from(index).unwrap_or(u8::MAX);
                let mut wide = b64(b"LouverSecret", &[seed.as_ref(), &[index]]);
                let factor = Secret::new(to_fr(&wide));
                wide.zeroize();
                factor
            };
            if let Some(factors) = Self::new((0..count).map(factor).collect()) {
                return Ok(factors);
            }
        }
    }

    /// These, if none is 0 or 1.
    fn new(factors: Vec<Secret<Fr>>) -> Option<Self> {
        let weak = |factor: &Secret<Fr>| *factor.expose() == Fr::zero() || *factor.expose() == Fr::one();
        (!factors.iter().any(weak)).then_some(Self(factors))
    }

    /// The factors of a beacon, which are not secrets; `None` if one is 0 or 1, which a hash will not be.
    pub(super) fn public(factors: &[Fr]) -> Option<Self> {
        Self::new(factors.iter().map(|factor| Secret::new(*factor)).collect())
    }

    /// The factor of an element. There is one for each element of the phase.
    pub(super) fn expose(&self, element: usize) -> &Fr {
        self.0[element].expose()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Secret<Fr>> {
        self.0.iter()
    }
}

/// The bytes of a scalar for multiplication, wiped when dropped.
pub(super) fn bytes(scalar: &Fr) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(scalar.to_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_fresh_and_not_shown() {
        let entropy = Entropy::with(b"dice");
        let (one, two) = (Factors::draw(3, &entropy).unwrap(), Factors::draw(3, &entropy).unwrap());
        assert!(one.iter().zip(two.iter()).all(|(a, b)| a.expose() != b.expose()));
        assert_eq!(format!("{entropy:?}"), "Entropy(Secret(..))");
        assert!(Factors::public(&[Fr::one()]).is_none() && Factors::public(&[Fr::zero()]).is_none());
    }
}
