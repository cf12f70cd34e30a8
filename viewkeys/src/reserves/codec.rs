//! `[reserves-files]`: the owner's file and the customers' files.

use louver_core::{
    asset::AssetId,
    encoding::{Decode, DecodeError, Encode, Reader, put_count},
    keys::AccountId,
    pool::GenesisHash,
};

use super::{Inclusion, Leaf, Liabilities, MAX_CUSTOMER, MAX_DEPTH, Node, Subject, inclusion::Part};
use crate::text;

/// How an owner's file begins.
const LIABILITIES: &[u8; 8] = b"LVRDEBT\x01";
/// How a customer's file begins.
const INCLUSION: &[u8; 8] = b"LVRINCL\x01";
/// The fewest bytes of a leaf, and of a customer's part.
const LEAF: usize = 2 + 32 + 8;
const PART: usize = 4 + 32 + 8;
const NODE: usize = 16 + 32;

/// Genesis 32, account 32, asset 7, snapshot 4.
impl Encode for Subject {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.genesis.0);
        out.extend_from_slice(&self.account.to_scalar().to_bytes());
        self.asset.encode(out);
        out.extend_from_slice(&self.snapshot.to_le_bytes());
    }
}

impl Decode for Subject {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            genesis: GenesisHash(reader.array()?),
            account: AccountId::decode(reader)?,
            asset: match AssetId::decode(reader)? {
                AssetId::NONE => return Err(DecodeError::OutOfRange { what: "asset id" }),
                asset => asset,
            },
            snapshot: reader.u32()?,
        })
    }
}

impl Encode for Node {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.sum.to_le_bytes());
        out.extend_from_slice(&self.hash);
    }
}

impl Decode for Node {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { sum: u128::from_le_bytes(reader.array()?), hash: reader.array()? })
    }
}

/// The beginning, the subject, and the leaves (a count, and of each the name, the salt and the amount).
impl Encode for Liabilities {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(LIABILITIES);
        self.subject.encode(out);
        put_count(out, self.leaves.len());
        for leaf in &self.leaves {
            text::put(out, &leaf.name);
            out.extend_from_slice(&leaf.salt);
            out.extend_from_slice(&leaf.amount.to_le_bytes());
        }
    }
}

impl Decode for Liabilities {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        begins(reader, LIABILITIES)?;
        let subject = Subject::decode(reader)?;
        let count = reader.count(LEAF)?;
        if count > 1 << MAX_DEPTH {
            return Err(DecodeError::OutOfRange { what: "number of leaves" });
        }
        let leaves: Vec<_> = (0..count).map(|_| leaf(reader)).collect::<Result<_, _>>()?;
        Self::of(subject, leaves)
            .ok_or(DecodeError::NotCanonical { what: "leaves in a number that is not a power of two" })
    }
}

fn leaf(reader: &mut Reader<'_>) -> Result<Leaf, DecodeError> {
    let name = text::read(reader, "name of a customer", MAX_CUSTOMER)?;
    let leaf = Leaf { name, salt: reader.array()?, amount: reader.u64()? };
    match leaf.name.is_empty() && leaf.amount != 0 {
        true => Err(DecodeError::NotCanonical { what: "an amount that is owed to nobody" }),
        false => Ok(leaf),
    }
}

/// The beginning, the subject, the name, the depth (1), the top, and the parts (a count, and of each the index, the salt,
/// the amount and the siblings from the leaf up).
impl Encode for Inclusion {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(INCLUSION);
        self.subject.encode(out);
        text::put(out, &self.name);
        let depth = self.parts.first().map_or(0, |part| part.siblings.len());
        out.push(u8::try_from(depth).unwrap_or(u8::MAX));
        self.top.encode(out);
        put_count(out, self.parts.len());
        for part in &self.parts {
            out.extend_from_slice(&part.index.to_le_bytes());
            out.extend_from_slice(&part.salt);
            out.extend_from_slice(&part.amount.to_le_bytes());
            for sibling in &part.siblings {
                sibling.encode(out);
            }
        }
    }
}

impl Decode for Inclusion {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        begins(reader, INCLUSION)?;
        let subject = Subject::decode(reader)?;
        let name = text::read(reader, "name of a customer", MAX_CUSTOMER)?;
        let depth = usize::from(reader.u8()?);
        if depth > MAX_DEPTH {
            return Err(DecodeError::OutOfRange { what: "depth of a tree" });
        }
        let top = Node::decode(reader)?;
        let count = reader.count(PART + depth * NODE)?;
        if count == 0 {
            return Err(DecodeError::NotCanonical { what: "a customer without a leaf" });
        }
        let part = |reader: &mut Reader<'_>| {
            Ok(Part {
                index: reader.u32()?,
                salt: reader.array()?,
                amount: reader.u64()?,
                siblings: (0..depth).map(|_| Node::decode(reader)).collect::<Result<_, DecodeError>>()?,
            })
        };
        let parts = (0..count).map(|_| part(reader)).collect::<Result<_, DecodeError>>()?;
        Ok(Self { subject, name, top, parts })
    }
}

pub(super) fn begins(reader: &mut Reader<'_>, magic: &[u8; 8]) -> Result<(), DecodeError> {
    match reader.array::<8>()? == *magic {
        true => Ok(()),
        false => Err(DecodeError::UnknownTag { what: "kind of file", tag: 0 }),
    }
}
