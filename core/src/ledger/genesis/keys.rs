//! `[genesis]`: the keys that a rules version names, by the hashes of their files.

use std::collections::BTreeMap;

use crate::{
    disclosure::Statement,
    encoding::{Decode, DecodeError, Encode, Reader, put_count},
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

/// The keys of the statements behind disclosure under one rules version. There are always keys of
/// [`Statement::NEEDED`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisclosureTerms(BTreeMap<Statement, KeyHashes>);

impl DisclosureTerms {
    /// The least that they take: the keys of the statements that are needed.
    pub(super) const LEAST: usize = 4 + Statement::NEEDED.len() * Self::ENTRY;
    const ENTRY: usize = 1 + KeyHashes::BYTES;

    /// The keys of these statements, the last if a statement stands twice; `None` if one of [`Statement::NEEDED`] is not
    /// among them.
    pub fn new(keys: impl IntoIterator<Item = (Statement, KeyHashes)>) -> Option<Self> {
        let keys: BTreeMap<_, _> = keys.into_iter().collect();
        Statement::NEEDED.iter().all(|needed| keys.contains_key(needed)).then_some(Self(keys))
    }

    /// The keys of a statement, if there are any.
    pub fn get(&self, statement: Statement) -> Option<KeyHashes> {
        self.0.get(&statement).copied()
    }

    /// Takes keys for a statement, in place of those that it had.
    pub fn insert(&mut self, statement: Statement, keys: KeyHashes) {
        self.0.insert(statement, keys);
    }

    /// The statements and their keys, in the order of the statements' codes.
    pub fn iter(&self) -> impl Iterator<Item = (Statement, KeyHashes)> + '_ {
        self.0.iter().map(|(statement, keys)| (*statement, *keys))
    }
}

/// count u32 || for each statement: code u8 || keys; codes ascend
impl Encode for DisclosureTerms {
    fn encode(&self, out: &mut Vec<u8>) {
        put_count(out, self.0.len());
        for (statement, keys) in self.iter() {
            statement.encode(out);
            keys.encode(out);
        }
    }
}

impl Decode for DisclosureTerms {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let count = reader.count(Self::ENTRY)?;
        let entry = |_| Ok((Statement::decode(reader)?, KeyHashes::decode(reader)?));
        let keys: Vec<_> = (0..count).map(entry).collect::<Result<_, DecodeError>>()?;
        if !keys.is_sorted_by(|(before, _), (after, _)| before.code() < after.code()) {
            return Err(DecodeError::NotCanonical { what: "order of statements" });
        }
        Self::new(keys).ok_or(DecodeError::NotCanonical { what: "statements of a rules version" })
    }
}
