//! Acts with the signatures under them.

use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    ledger::Quorum,
    pool::GenesisHash,
};

use super::{Act, ActId};

/// A signature under an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActSignature {
    /// The key of the guardian or authority.
    pub signer: [u8; 32],
    /// The Ed25519 signature over the act's id.
    pub signature: [u8; 64],
}

impl ActSignature {
    const BYTES: usize = 32 + 64;
}

/// signer 32 || signature 64
impl Encode for ActSignature {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.signer);
        out.extend_from_slice(&self.signature);
    }
}

impl Decode for ActSignature {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { signer: reader.array()?, signature: reader.array()? })
    }
}

/// An act and the signatures under it, in ascending order of the signers' keys, each once. Whether the signatures hold,
/// and are enough, only the chain's state can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedAct {
    act: Act,
    signatures: Vec<ActSignature>,
}

impl SignedAct {
    /// An act with signatures in any order. Of several by one signer the first stays.
    pub fn new(act: Act, mut signatures: Vec<ActSignature>) -> Self {
        signatures.sort_by_key(|signature| signature.signer);
        signatures.dedup_by_key(|signature| signature.signer);
        Self { act, signatures }
    }

    /// The act and its signatures.
    pub fn into_parts(self) -> (Act, Vec<ActSignature>) {
        (self.act, self.signatures)
    }

    /// The act.
    pub fn act(&self) -> &Act {
        &self.act
    }

    /// The signatures, ascending by the signers' keys.
    pub fn signatures(&self) -> &[ActSignature] {
        &self.signatures
    }

    /// The act's id on the chain with this genesis.
    pub fn id(&self, genesis: &GenesisHash) -> ActId {
        self.act.id(genesis)
    }
}

/// act || count u8 of signatures || signatures
impl Encode for SignedAct {
    fn encode(&self, out: &mut Vec<u8>) {
        self.act.encode(out);
        // More are refused by every reader.
        let most = self.signatures.len().min(u8::MAX.into());
        out.extend(u8::try_from(most));
        self.signatures[..most].iter().for_each(|signature| signature.encode(out));
    }
}

impl Decode for SignedAct {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let act = Act::decode(reader)?;
        let count = usize::from(reader.u8()?);
        if count > Quorum::MAX_KEYS {
            return Err(DecodeError::OutOfRange { what: "number of signatures under an act" });
        }
        if reader.remaining() < count * ActSignature::BYTES {
            return Err(DecodeError::UnexpectedEnd {
                missing: count * ActSignature::BYTES - reader.remaining(),
            });
        }
        let signatures = (0..count).map(|_| ActSignature::decode(reader)).collect::<Result<Vec<_>, _>>()?;
        if !signatures.is_sorted_by(|a, b| a.signer < b.signer) {
            return Err(DecodeError::NotCanonical { what: "order of the signatures under an act" });
        }
        Ok(Self { act, signatures })
    }
}
