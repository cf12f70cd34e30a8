//! Memos: what a sender tells a receiver, in few sizes, so that length tells the public little.

use crate::encoding::{Decode, DecodeError, Encode, Reader};

/// The size of a memo field. All the outputs of a transaction have the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MemoBucket {
    /// 64 bytes.
    #[default]
    Small,
    /// 256 bytes.
    Medium,
    /// 1024 bytes.
    Large,
}

impl MemoBucket {
    /// Every bucket, by code.
    pub const ALL: [Self; 3] = [Self::Small, Self::Medium, Self::Large];

    /// The byte that stands for the bucket on the wire.
    pub const fn code(self) -> u8 {
        match self {
            Self::Small => 0,
            Self::Medium => 1,
            Self::Large => 2,
        }
    }

    /// Bytes of the memo field: a 16-bit length, the content and zeros.
    pub const fn field_length(self) -> usize {
        match self {
            Self::Small => 64,
            Self::Medium => 256,
            Self::Large => 1024,
        }
    }

    /// The longest content.
    pub const fn capacity(self) -> usize {
        self.field_length() - 2
    }
}

impl Encode for MemoBucket {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(self.code());
    }
}

impl Decode for MemoBucket {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let code = reader.u8()?;
        Self::ALL
            .into_iter()
            .find(|bucket| bucket.code() == code)
            .ok_or(DecodeError::UnknownTag { what: "memo bucket", tag: code.into() })
    }
}
