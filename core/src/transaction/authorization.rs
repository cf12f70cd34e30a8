//! The authorisation of a transaction.

use crate::{
    encoding::{Decode, DecodeError, Encode, Reader},
    keys::SpendSignature,
    proof::Proof,
    tree::Anchor,
};

/// The proof with its anchor, the account's signature, and the host's account's where the host is debited.
///
/// No signature covers it: proofs may be made again, under later anchors, without the signer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    anchor: Anchor,
    proof: Proof,
    signature: SpendSignature,
    host: Vec<u8>,
}

impl Authorization {
    /// The longest authorisation of a host's account, in bytes.
    pub const MAX_HOST: usize = 256;

    /// An authorisation. `host` is what the host asks of an account that it debits, at most 256 bytes.
    pub fn new(
        anchor: Anchor,
        proof: Proof,
        signature: SpendSignature,
        host: Vec<u8>,
    ) -> Result<Self, DecodeError> {
        if host.len() > Self::MAX_HOST {
            return Err(DecodeError::OutOfRange { what: "host authorisation length" });
        }
        Ok(Self { anchor, proof, signature, host })
    }

    /// An authorisation without a host's part.
    pub(super) fn without_host(anchor: Anchor, proof: Proof, signature: SpendSignature) -> Self {
        Self { anchor, proof, signature, host: Vec::new() }
    }

    /// The same with another host's part.
    pub(super) fn with_host(self, host: Vec<u8>) -> Result<Self, DecodeError> {
        Self::new(self.anchor, self.proof, self.signature, host)
    }

    /// The root under which the spent notes stand.
    pub fn anchor(&self) -> Anchor {
        self.anchor
    }

    /// The proof.
    pub fn proof(&self) -> &Proof {
        &self.proof
    }

    /// The account's signature of the effects.
    pub fn signature(&self) -> &SpendSignature {
        &self.signature
    }

    /// The authorisation by the account that the host debits; empty unless value is deposited.
    pub fn host(&self) -> &[u8] {
        &self.host
    }
}

impl Encode for Authorization {
    fn encode(&self, out: &mut Vec<u8>) {
        self.anchor.encode(out);
        self.proof.encode(out);
        self.signature.encode(out);
        // Bounded by the constructor.
        out.extend_from_slice(&u16::try_from(self.host.len()).unwrap_or(u16::MAX).to_le_bytes());
        out.extend_from_slice(&self.host);
    }
}

impl Decode for Authorization {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let anchor = Anchor::decode(reader)?;
        let proof = Proof::decode(reader)?;
        let signature = SpendSignature::decode(reader)?;
        let length = usize::from(reader.u16()?);
        if length > Self::MAX_HOST {
            return Err(DecodeError::OutOfRange { what: "host authorisation length" });
        }
        Self::new(anchor, proof, signature, reader.take(length)?.to_vec())
    }
}
