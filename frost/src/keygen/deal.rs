use core::fmt;

use ed25519_dalek::{Signer, SigningKey};
use louver_core::{
    encoding::{Decode, DecodeError, Reader},
    secret::{ExposeBytes, Secret},
    spec::{Fj, b32},
};
use zeroize::Zeroizing;

use super::{KeygenError, Terms};

/// `[frost-deal]`: the share of its polynomial that a member gives to another in round 2. Secret: it travels sealed to that
/// member alone. The dealer signs it, so that a false share is evidence against it.
#[derive(Clone, PartialEq, Eq)]
pub struct Deal {
    pub(super) transcript: [u8; 32],
    pub(super) from: u8,
    pub(super) to: u8,
    pub(super) share: Secret<Fj>,
    pub(super) signature: [u8; 64],
}

impl Deal {
    /// How many bytes a deal has.
    pub const BYTES: usize = 32 + 1 + 1 + 32 + 64;

    pub(super) fn sign(
        transcript: [u8; 32],
        from: u8,
        to: u8,
        share: Secret<Fj>,
        signer: &SigningKey,
    ) -> Self {
        let mut deal = Self { transcript, from, to, share, signature: [0; 64] };
        deal.signature = signer.sign(&deal.message()).to_bytes();
        deal
    }

    /// The number of the member who deals.
    pub fn from(&self) -> u8 {
        self.from
    }

    /// The number of the member whom it is for.
    pub fn to(&self) -> u8 {
        self.to
    }

    pub(super) fn verify_signature(&self, terms: &Terms) -> Result<(), KeygenError> {
        terms.check(self.from, &self.message(), &self.signature)
    }

    fn message(&self) -> [u8; 32] {
        b32(b"LouverFrostRnd2", &[&self.contents()])
    }

    fn contents(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(Self::BYTES));
        out.extend_from_slice(&self.transcript);
        out.extend_from_slice(&[self.from, self.to]);
        out.extend_from_slice(Zeroizing::new(self.share.expose().to_bytes()).as_slice());
        out
    }
}

/// transcript 32 || from u8 || to u8 || share 32 || signature 64
impl ExposeBytes for Deal {
    fn expose_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut out = self.contents();
        out.extend_from_slice(&self.signature);
        out
    }
}

impl Decode for Deal {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            transcript: reader.array()?,
            from: reader.u8()?,
            to: reader.u8()?,
            share: Secret::new(reader.fj()?),
            signature: reader.array()?,
        })
    }
}

impl fmt::Debug for Deal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deal").field("from", &self.from).field("to", &self.to).finish_non_exhaustive()
    }
}
