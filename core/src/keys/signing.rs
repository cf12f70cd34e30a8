//! `[spend-authorisation]`, `[redjubjub]`: signatures under a key re-randomised for each transaction.
//!
//! Source: the Zcash protocol specification, section 5.4.7, whose base point and hash these are.

use core::fmt;

use group::Group;
use jubjub::{AffinePoint, ExtendedPoint, SubgroupPoint};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use rand_core::CryptoRng;
use redjubjub::{Signature, SigningKey, SpendAuth, VerificationKey, VerificationKeyBytes};
use subtle::ConstantTimeEq;
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

use crate::{
    encoding::{Decode, DecodeError, Encode, Reader},
    secret::Secret,
    spec::{Fj, Fr, b32, spend_base},
};

mod batch;

pub(crate) use batch::{SignedMessage, invalid_signatures};

/// Why a signature was not made or not accepted.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum SigningError {
    /// The transaction is to be signed under another key than this one re-randomised by alpha.
    #[error("the transaction's key is not this account's, re-randomised as stated")]
    WrongKey,
    /// The signature is not one of the message under the key.
    #[error("the signature is not valid")]
    InvalidSignature,
}

/// `ask`: authorises the spends of an account. Lives with the signer, away from provers and viewers.
pub struct SpendAuthorizingKey {
    ask: Secret<Fj>,
}

impl SpendAuthorizingKey {
    /// The key with this value, which is not zero.
    pub(super) fn from_scalar(ask: Secret<Fj>) -> Self {
        Self { ask }
    }

    /// `ak = [ask] G`.
    pub(super) fn public(&self) -> SubgroupPoint {
        spend_base() * self.ask.expose()
    }

    /// Signs `sighash` under `rk`, after checking that `rk` is this key re-randomised by `alpha`: the signer trusts no
    /// one else's word for what key it signs with.
    pub fn sign<R: CryptoRng>(
        &self,
        alpha: &Fj,
        rk: &RandomizedKey,
        sighash: &[u8; 32],
        mut rng: R,
    ) -> Result<SpendSignature, SigningError> {
        let mut rsk = self.ask.expose() + alpha;
        let mut bytes = rsk.to_bytes();
        let key = SigningKey::<SpendAuth>::from_bytes(&bytes);
        rsk.zeroize();
        bytes.zeroize();
        let key = key.map_err(|_| SigningError::WrongKey)?;
        let own: [u8; 32] = VerificationKey::from(&key).into();
        if !bool::from(own.ct_eq(&rk.to_array())) {
            return Err(SigningError::WrongKey);
        }
        Ok(SpendSignature(key.sign(self.nonces(rk, sighash, &mut rng), sighash).into()))
    }
}

impl SpendAuthorizingKey {
    /// `[redjubjub]`: where the nonce of a signature comes from. The secret is in it, so whoever foretells random numbers
    /// does not learn the nonce, and with it the key.
    fn nonces(&self, rk: &RandomizedKey, sighash: &[u8; 32], fresh: &mut impl CryptoRng) -> ChaCha20Rng {
        let mut drawn = Zeroizing::new([0u8; 32]);
        fresh.fill_bytes(drawn.as_mut_slice());
        let secret = Zeroizing::new(self.ask.expose().to_bytes());
        let parts = [drawn.as_slice(), secret.as_slice(), &rk.to_array(), sighash];
        ChaCha20Rng::from_seed(*Zeroizing::new(b32(b"LouverNonce", &parts)))
    }
}

impl fmt::Debug for SpendAuthorizingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SpendAuthorizingKey(..)")
    }
}

/// `rk = ak + [alpha] G`: what a transaction is signed under. Fresh for each, and never of small order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RandomizedKey(AffinePoint);

impl RandomizedKey {
    pub(super) fn new(ak: &SubgroupPoint, alpha: &Fj) -> Option<Self> {
        let rk = ak + spend_base() * alpha;
        (!bool::from(rk.is_identity())).then(|| Self(ExtendedPoint::from(rk).into()))
    }

    /// `(u, v)`, as circuits see the key.
    pub fn coordinates(&self) -> (Fr, Fr) {
        (self.0.get_u(), self.0.get_v())
    }

    /// The compressed point.
    pub fn to_array(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Checks a signature of `sighash` under this key.
    pub fn verify(&self, sighash: &[u8; 32], signature: &SpendSignature) -> Result<(), SigningError> {
        let bytes = VerificationKeyBytes::<SpendAuth>::from(self.to_array());
        VerificationKey::try_from(bytes)
            .and_then(|key| key.verify(sighash, &Signature::from(signature.0)))
            .map_err(|_| SigningError::InvalidSignature)
    }
}

impl Encode for RandomizedKey {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_array());
    }
}

impl Decode for RandomizedKey {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.subgroup_point_vartime().map(Self)
    }
}

/// A RedJubjub signature, `R || s`. Whether it is one is for [`RandomizedKey::verify`] to say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SpendSignature([u8; 64]);

impl SpendSignature {
    /// The signature with these bytes.
    pub fn from_array(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// The signature's bytes.
    pub fn to_array(self) -> [u8; 64] {
        self.0
    }
}

impl fmt::Debug for SpendSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SpendSignature(")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

impl Encode for SpendSignature {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }
}

impl Decode for SpendSignature {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.array().map(Self)
    }
}

#[cfg(test)]
mod tests;
