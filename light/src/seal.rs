//! `[seal]`: the signatures by which a quorum of authorities makes a block final.

use ed25519_dalek::{Signature, Signer, SigningKey};
use louver_chain::{BlockHash, Header};
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    ledger::Quorum,
    pool::GenesisHash,
    spec::b32,
};
use thiserror::Error;

/// Why seals make no block final.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum SealError {
    /// Fewer authorities sealed than are needed.
    #[error("{found} authorities sealed the block, and {needed} have to")]
    TooFew {
        /// How many have to.
        needed: u8,
        /// How many did.
        found: usize,
    },
    /// A seal of nobody.
    #[error("there is no authority {0}")]
    Nobody(u8),
    /// A signature that is not the authority's over the block on this chain.
    #[error("the seal of authority {0} is not its signature over the block on this chain")]
    Signature(u8),
    /// A seal by a key that is none of the authorities'.
    #[error("the seal is by a key that none of the authorities has")]
    Stranger,
    /// Seals that do not ascend by authority: one would count twice.
    #[error("the seals do not ascend by authority, or one stands there twice")]
    Order,
}

impl From<SealError> for DecodeError {
    fn from(_: SealError) -> Self {
        Self::NotCanonical { what: "order of seals" }
    }
}

/// An authority's signature over a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seal {
    /// The authority's place among the keys of its quorum.
    place: u8,
    signature: [u8; 64],
}

/// The seals of a block, ascending by authority.
///
/// Encoded: count u8, and each the authority's place among the keys u8 and an Ed25519 signature (64).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seals(Vec<Seal>);

/// One authority's seal of a block, by its key: as it is given to whoever makes the block.
///
/// Encoded: key 32 || an Ed25519 signature (64).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthoritySeal {
    key: [u8; 32],
    signature: [u8; 64],
}

impl AuthoritySeal {
    /// The seal of a block by a key.
    pub fn sign(genesis: &GenesisHash, block: BlockHash, key: &SigningKey) -> Self {
        let signature = key.sign(&message(genesis, block)).to_bytes();
        Self { key: key.verifying_key().to_bytes(), signature }
    }

    /// The key that it says it is by.
    pub fn key(&self) -> &[u8; 32] {
        &self.key
    }

    /// Checks that it is the seal of one of a quorum's authorities on a block.
    ///
    /// # Errors
    /// [`SealError::Stranger`], [`SealError::Signature`].
    pub fn verify(&self, genesis: &GenesisHash, block: BlockHash, quorum: &Quorum) -> Result<(), SealError> {
        let place = quorum.keys().iter().position(|key| *key.as_bytes() == self.key);
        let place = place.ok_or(SealError::Stranger)?;
        let (key, signature) = (&quorum.keys()[place], Signature::from_bytes(&self.signature));
        let place = u8::try_from(place).unwrap_or(u8::MAX);
        key.verify_strict(&message(genesis, block), &signature).map_err(|_| SealError::Signature(place))
    }
}

impl Encode for AuthoritySeal {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.key);
        out.extend_from_slice(&self.signature);
    }
}

impl Decode for AuthoritySeal {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { key: reader.array()?, signature: reader.array()? })
    }
}

/// The message that authorities sign: the block's hash on the chain of a genesis.
fn message(genesis: &GenesisHash, block: BlockHash) -> [u8; 32] {
    b32(b"LouverSeal", &[&genesis.0, &block.0])
}

impl Seals {
    /// The seals of a block by those of `keys` that are authorities of a quorum.
    pub fn sign<'k>(
        genesis: &GenesisHash,
        block: BlockHash,
        quorum: &Quorum,
        keys: impl IntoIterator<Item = &'k SigningKey>,
    ) -> Self {
        let keys = keys.into_iter().filter(|key| quorum.keys().contains(&key.verifying_key()));
        Self::of(quorum, &keys.map(|key| AuthoritySeal::sign(genesis, block, key)).collect::<Vec<_>>())
    }

    /// Those of some seals that are by authorities of a quorum. They are not checked.
    pub fn of<'s>(quorum: &Quorum, seals: impl IntoIterator<Item = &'s AuthoritySeal>) -> Self {
        let mut seals: Vec<Seal> = seals
            .into_iter()
            .filter_map(|seal| {
                let place = quorum.keys().iter().position(|key| *key.as_bytes() == seal.key)?;
                Some(Seal { place: u8::try_from(place).ok()?, signature: seal.signature })
            })
            .collect();
        seals.sort_unstable_by_key(|seal| seal.place);
        seals.dedup_by_key(|seal| seal.place);
        Self(seals)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Checks that enough of a quorum's authorities sealed a block on the chain of a genesis. Every seal has to hold,
    /// also beyond those that are needed.
    ///
    /// # Errors
    /// The fault.
    pub fn verify(&self, genesis: &GenesisHash, block: BlockHash, quorum: &Quorum) -> Result<(), SealError> {
        if self.0.len() < quorum.needed().into() {
            return Err(SealError::TooFew { needed: quorum.needed(), found: self.0.len() });
        }
        let message = message(genesis, block);
        for Seal { place, signature } in &self.0 {
            let key = quorum.keys().get(usize::from(*place)).ok_or(SealError::Nobody(*place))?;
            let signature = Signature::from_bytes(signature);
            key.verify_strict(&message, &signature).map_err(|_| SealError::Signature(*place))?;
        }
        Ok(())
    }
}

impl Encode for Seals {
    fn encode(&self, out: &mut Vec<u8>) {
        // At most one for each key of a quorum.
        out.extend(u8::try_from(self.0.len()));
        for seal in &self.0 {
            out.push(seal.place);
            out.extend_from_slice(&seal.signature);
        }
    }
}

impl Decode for Seals {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let count = reader.u8()?;
        if usize::from(count) > Quorum::MAX_KEYS {
            return Err(DecodeError::OutOfRange { what: "number of seals" });
        }
        let seals = (0..count)
            .map(|_| Ok(Seal { place: reader.u8()?, signature: reader.array()? }))
            .collect::<Result<Vec<_>, DecodeError>>()?;
        match seals.is_sorted_by(|a, b| a.place < b.place) {
            true => Ok(Self(seals)),
            false => Err(SealError::Order.into()),
        }
    }
}

/// A header with its seals.
///
/// Encoded: header, seals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedHeader {
    /// The header.
    pub header: Header,
    /// Its seals.
    pub seals: Seals,
}

impl SealedHeader {
    /// A header, sealed with those of `keys` that are authorities of a quorum.
    pub fn sign<'k>(
        genesis: &GenesisHash,
        header: Header,
        quorum: &Quorum,
        keys: impl IntoIterator<Item = &'k SigningKey>,
    ) -> Self {
        Self { seals: Seals::sign(genesis, header.hash(), quorum, keys), header }
    }

    /// Checks that enough authorities sealed it.
    ///
    /// # Errors
    /// The fault.
    pub fn verify(&self, genesis: &GenesisHash, quorum: &Quorum) -> Result<(), SealError> {
        self.seals.verify(genesis, self.header.hash(), quorum)
    }
}

impl Encode for SealedHeader {
    fn encode(&self, out: &mut Vec<u8>) {
        self.header.encode(out);
        self.seals.encode(out);
    }
}

impl Decode for SealedHeader {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { header: Header::decode(reader)?, seals: Seals::decode(reader)? })
    }
}

#[cfg(test)]
mod tests;
