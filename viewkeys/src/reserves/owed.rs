use core::fmt;

use louver_core::encoding::{Decode, DecodeError, Encode, Reader};

use super::{MAX_DEPTH, Node, Subject, codec::begins};

/// How the file of a total begins.
const OWED: &[u8; 8] = b"LVROWED\x01";

/// `[reserves-owed]`: how much somebody owes in all, with what shows that it is the published root's. It names no customer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    pub(super) subject: Subject,
    pub(super) depth: u8,
    pub(super) top: Node,
}

impl Owed {
    /// Its subject, in its owner's words.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// How much is owed in all, in the asset's smallest unit.
    pub fn total(&self) -> u128 {
        self.top.sum
    }

    /// `[reserves-root]`: the hash that has to be published.
    pub fn root(&self) -> [u8; 32] {
        self.subject.root(self.depth.into(), &self.top)
    }
}

/// The beginning, the subject, the depth (1) and the top.
impl Encode for Owed {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(OWED);
        self.subject.encode(out);
        out.push(self.depth);
        self.top.encode(out);
    }
}

impl Decode for Owed {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        begins(reader, OWED)?;
        let (subject, depth) = (Subject::decode(reader)?, reader.u8()?);
        if usize::from(depth) > MAX_DEPTH {
            return Err(DecodeError::OutOfRange { what: "depth of a tree" });
        }
        let top = Node::decode(reader)?;
        // 2^depth leaves of 64 bits.
        if top.sum >> (64 + u32::from(depth)) != 0 {
            return Err(DecodeError::OutOfRange { what: "sum of a tree" });
        }
        Ok(Self { subject, depth, top })
    }
}

/// The total is public.
impl fmt::Debug for Owed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { subject, top, .. } = self;
        f.debug_struct("Owed").field("subject", subject).field("total", &top.sum).finish_non_exhaustive()
    }
}
