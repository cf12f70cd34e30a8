//! `[cosign]` The questions and answers of authorities on several machines, so that a quorum of them seals a block.
//!
//! One node makes blocks and offers each before it is final. The others ask for it, which needs no open port of theirs, check
//! every rule, and give their seals. A seal is its own proof of who it is by, and so is the question: nobody but an
//! authority is given a block that is not final.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use louver_chain::BlockHash;
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader, put_list},
    ledger::Quorum,
    pool::GenesisHash,
    spec::b32,
};
use louver_light::seal::AuthoritySeal;

/// An authority's question for the block that goes on the last one that it has.
///
/// Encoded: key 32 || height u32 || hash of the last block 32 || 0, or 1 and the hash of the block of this height that it
/// sealed (32) || how long it waits for an answer, in milliseconds, u32 || an Ed25519 signature (64) over
/// `B32("LouverCosigner", genesis hash || all that before it)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProposalRequest {
    pub(crate) key: [u8; 32],
    pub(crate) height: u32,
    pub(crate) previous: BlockHash,
    pub(crate) sealed: Option<BlockHash>,
    pub(crate) patience: u32,
    signature: [u8; 64],
}

impl ProposalRequest {
    pub(crate) fn sign(
        genesis: &GenesisHash,
        key: &SigningKey,
        height: u32,
        previous: BlockHash,
        sealed: Option<BlockHash>,
        patience: u32,
    ) -> Self {
        let unsigned = Self {
            key: key.verifying_key().to_bytes(),
            height,
            previous,
            sealed,
            patience,
            signature: [0; 64],
        };
        let signature = key.sign(&unsigned.message(genesis)).to_bytes();
        Self { signature, ..unsigned }
    }

    /// Whether the owner of the key asks.
    pub(crate) fn is_signed(&self, genesis: &GenesisHash) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(&self.key) else { return false };
        key.verify_strict(&self.message(genesis), &Signature::from_bytes(&self.signature)).is_ok()
    }

    fn message(&self, genesis: &GenesisHash) -> [u8; 32] {
        let mut said = Vec::new();
        self.said(&mut said);
        b32(b"LouverCosigner", &[&genesis.0, &said])
    }

    fn said(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.key);
        out.extend_from_slice(&self.height.to_le_bytes());
        out.extend_from_slice(&self.previous.0);
        out.push(self.sealed.is_some().into());
        out.extend(self.sealed.iter().flat_map(|hash| hash.0));
        out.extend_from_slice(&self.patience.to_le_bytes());
    }
}

impl Encode for ProposalRequest {
    fn encode(&self, out: &mut Vec<u8>) {
        self.said(out);
        out.extend_from_slice(&self.signature);
    }
}

impl Decode for ProposalRequest {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            key: reader.array()?,
            height: reader.u32()?,
            previous: BlockHash(reader.array()?),
            sealed: reader.flag()?.then(|| reader.array().map(BlockHash)).transpose()?,
            patience: reader.u32()?,
            signature: reader.array()?,
        })
    }
}

/// Seals of a block that is offered.
///
/// Encoded: block hash 32 || count u32, at most 32, and the seals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GivenSeals {
    pub(crate) block: BlockHash,
    pub(crate) seals: Vec<AuthoritySeal>,
}

impl Encode for GivenSeals {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.block.0);
        put_list(out, &self.seals);
    }
}

impl Decode for GivenSeals {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let block = BlockHash(reader.array()?);
        let seals: Vec<AuthoritySeal> = reader.list(96)?;
        match seals.len() <= Quorum::MAX_KEYS {
            true => Ok(Self { block, seals }),
            false => Err(DecodeError::OutOfRange { what: "number of seals" }),
        }
    }
}

#[cfg(test)]
mod tests {
    use louver_chain::testing::person;

    use super::*;

    /// Attacker: whoever repeats an authority's question with another height, and is shown a block that is not final.
    #[test]
    fn each_part_of_a_question_is_signed() {
        let (genesis, hash) = (GenesisHash([1; 32]), BlockHash([2; 32]));
        for sealed in [None, Some(BlockHash([3; 32]))] {
            let asked = ProposalRequest::sign(&genesis, &person(1), 7, hash, sealed, 100);
            assert!(asked.is_signed(&genesis) && !asked.is_signed(&GenesisHash([2; 32])));
            let bytes = asked.to_bytes();
            assert_eq!(ProposalRequest::from_bytes(&bytes), Ok(asked));
            for at in 0..bytes.len() {
                let mut altered = bytes.clone();
                altered[at] ^= 1;
                let asked = ProposalRequest::from_bytes(&altered);
                assert!(asked.is_err() || asked.is_ok_and(|asked| !asked.is_signed(&genesis)), "byte {at}");
            }
        }
    }

    #[test]
    fn seals_have_one_encoding_and_a_bounded_number() {
        let (genesis, block) = (GenesisHash([1; 32]), BlockHash([2; 32]));
        let seal = AuthoritySeal::sign(&genesis, block, &person(1));
        for count in [0, 1, 32] {
            let given = GivenSeals { block, seals: vec![seal; count] };
            assert_eq!(GivenSeals::from_bytes(&given.to_bytes()), Ok(given));
        }
        let many = GivenSeals { block, seals: vec![seal; 33] };
        assert!(GivenSeals::from_bytes(&many.to_bytes()).is_err());
    }
}
