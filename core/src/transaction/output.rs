//! What a transaction carries of a note that it makes.

use jubjub::SubgroupPoint;

use crate::{
    encoding::{Decode, DecodeError, Encode, Reader, point_bytes},
    note::{commitment::NoteCommitment, memo::MemoBucket},
};

/// The part of an output that says whose note it is and what it holds, to its holder: all that light wallets need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompactOutput {
    /// The commitment, a leaf of the tree.
    pub cm: NoteCommitment,
    /// The ephemeral key: not of small order, in the prime-order subgroup.
    pub epk: SubgroupPoint,
    /// The ciphertext of the compact plaintext, without its tag.
    pub ciphertext: [u8; CompactOutput::CIPHERTEXT],
}

impl CompactOutput {
    /// Bytes of the compact ciphertext.
    pub const CIPHERTEXT: usize = 64;
    /// Bytes of an encoded compact output.
    pub const LENGTH: usize = 128;
}

impl Encode for CompactOutput {
    fn encode(&self, out: &mut Vec<u8>) {
        self.cm.encode(out);
        out.extend_from_slice(&point_bytes(&self.epk));
        out.extend_from_slice(&self.ciphertext);
    }
}

impl Decode for CompactOutput {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let cm = NoteCommitment::decode(reader)?;
        Ok(Self { cm, epk: reader.subgroup_point()?, ciphertext: reader.array()? })
    }
}

/// A note's commitment and its ciphertexts, for its receiver and for its sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// What light wallets need.
    pub compact: CompactOutput,
    /// The ciphertext of the memo field and the tag: as long as the transaction's memo bucket says, and 16 bytes.
    pub rest: Vec<u8>,
    /// What the sender's outgoing viewing key opens; random if it was sealed to none.
    pub outgoing: [u8; Output::OUTGOING],
}

impl Output {
    /// Bytes of the outgoing ciphertext.
    pub const OUTGOING: usize = 112;
    /// Bytes of the authentication tag.
    pub const TAG: usize = 16;

    /// The compact ciphertext and the rest as one, as it was encrypted.
    pub fn ciphertext(&self) -> Vec<u8> {
        [self.compact.ciphertext.as_slice(), &self.rest].concat()
    }

    /// Bytes of the rest under a memo bucket.
    pub const fn rest_length(bucket: MemoBucket) -> usize {
        bucket.field_length() + Self::TAG
    }

    /// Reads an output of a transaction with this memo bucket.
    pub fn decode_in(bucket: MemoBucket, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let compact = CompactOutput::decode(reader)?;
        let rest = reader.take(Self::rest_length(bucket))?.to_vec();
        Ok(Self { compact, rest, outgoing: reader.array()? })
    }
}

impl Encode for Output {
    fn encode(&self, out: &mut Vec<u8>) {
        self.compact.encode(out);
        out.extend_from_slice(&self.rest);
        out.extend_from_slice(&self.outgoing);
    }
}
