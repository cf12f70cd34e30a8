//! `[genesis]`: the keys that a rules version names, by the hashes of their files.

use crate::{
    encoding::{Decode, DecodeError, Encode, Reader},
    shape::Shape,
};

/// The keys of one circuit, by the hashes of their files.
///
/// The ledger checks proofs with the verifying key. A wallet proves with the proving key; since genesis names it too, a
/// wallet can take the file from anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyHashes {
    /// `[verifying-key-file]`
    pub verifying: [u8; 32],
    /// `[proving-key-hash]`
    pub proving: [u8; 32],
}

impl KeyHashes {
    const BYTES: usize = 64;
}

/// verifying 32 || proving 32
impl Encode for KeyHashes {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.verifying);
        out.extend_from_slice(&self.proving);
    }
}

impl Decode for KeyHashes {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { verifying: reader.array()?, proving: reader.array()? })
    }
}

/// The keys of one shape under one rules version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShapeTerms {
    /// The shape that is allowed.
    pub shape: Shape,
    /// The keys of its transfer statement.
    pub keys: KeyHashes,
}

impl ShapeTerms {
    pub(in crate::ledger) const BYTES: usize = 1 + KeyHashes::BYTES;
}

/// code u8 || keys
impl Encode for ShapeTerms {
    fn encode(&self, out: &mut Vec<u8>) {
        self.shape.encode(out);
        self.keys.encode(out);
    }
}

impl Decode for ShapeTerms {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { shape: Shape::decode(reader)?, keys: KeyHashes::decode(reader)? })
    }
}

/// The keys of the statements behind disclosure under one rules version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DisclosureTerms {
    /// The keys of `[grant-keys]`: a grant's keys are the account's.
    pub account_keys: KeyHashes,
    /// The keys of `[note-opening]`: what an account shows of an output, and of its part in it.
    pub note_opening: KeyHashes,
}

impl DisclosureTerms {
    pub(super) const BYTES: usize = 2 * KeyHashes::BYTES;
}

/// account keys || note opening
impl Encode for DisclosureTerms {
    fn encode(&self, out: &mut Vec<u8>) {
        self.account_keys.encode(out);
        self.note_opening.encode(out);
    }
}

impl Decode for DisclosureTerms {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { account_keys: KeyHashes::decode(reader)?, note_opening: KeyHashes::decode(reader)? })
    }
}
