use core::fmt;

use frost_core::keys::{KeyPackage, SigningShare};
use louver_core::{
    encoding::{Decode, DecodeError, Reader},
    secret::{ExposeBytes, Secret},
    spec::{Fj, spend_base},
};
use zeroize::Zeroizing;

use super::{GroupKey, KeygenError};
use crate::suite::JubjubBlake2b512;

/// A member's secret share of a key, and the transcript of the generation that made it.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyShare {
    member: u8,
    share: Secret<Fj>,
    transcript: [u8; 32],
}

impl KeyShare {
    pub(super) fn new(member: u8, share: Secret<Fj>, transcript: [u8; 32]) -> Self {
        Self { member, share, transcript }
    }

    /// The member's number.
    pub fn member(&self) -> u8 {
        self.member
    }

    /// The transcript of the generation that made it.
    pub fn transcript(&self) -> &[u8; 32] {
        &self.transcript
    }

    /// The secret: a point of the key's polynomial.
    pub fn secret(&self) -> &Secret<Fj> {
        &self.share
    }

    /// Whether it is a share of this key.
    pub fn fits(&self, group: &GroupKey) -> bool {
        self.transcript == *group.transcript()
            && group.verifying_share(self.member) == Some(&(spend_base() * self.share.expose()))
    }

    /// The share as `frost-core` takes it to sign.
    ///
    /// # Errors
    /// [`KeygenError::Inconsistent`] if it is not a share of this key.
    pub fn for_signing(&self, group: &GroupKey) -> Result<KeyPackage<JubjubBlake2b512>, KeygenError> {
        if !self.fits(group) {
            return Err(KeygenError::Inconsistent);
        }
        let bytes = Zeroizing::new(self.share.expose().to_bytes());
        let share = SigningShare::deserialize(bytes.as_slice()).map_err(|_| KeygenError::Inconsistent)?;
        let (identifier, public) = (group.terms().identifier(self.member)?, group.for_signing());
        let verifying = public.verifying_shares().get(&identifier).ok_or(KeygenError::Inconsistent)?;
        let threshold = group.terms().threshold().into();
        Ok(KeyPackage::new(identifier, share, *verifying, *public.verifying_key(), threshold))
    }
}

/// member u8 || share 32 || transcript 32
impl ExposeBytes for KeyShare {
    fn expose_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(65));
        out.push(self.member);
        out.extend_from_slice(Zeroizing::new(self.share.expose().to_bytes()).as_slice());
        out.extend_from_slice(&self.transcript);
        out
    }
}

impl Decode for KeyShare {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { member: reader.u8()?, share: Secret::new(reader.fj()?), transcript: reader.array()? })
    }
}

impl fmt::Debug for KeyShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyShare").field("member", &self.member).finish_non_exhaustive()
    }
}
