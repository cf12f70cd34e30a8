//! `[memo]`: what a sender tells a receiver, in few sizes, so that length tells the public little.

use core::fmt;

use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

use crate::{
    encoding::{Decode, DecodeError, Encode, Reader, put_bytes},
    text::visible,
};

/// Why a memo cannot be sent.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum MemoError {
    /// The content is longer than the largest bucket, or than the transaction's, takes.
    #[error("the memo has {length} bytes; shorten it to at most {capacity}")]
    TooLong {
        /// Bytes of the content.
        length: usize,
        /// Bytes that would fit.
        capacity: usize,
    },
}

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

/// A sender's message to a receiver: at most 1022 bytes, of any meaning.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Memo(Zeroizing<Vec<u8>>);

impl Memo {
    /// The longest memo, in bytes.
    pub const MAX: usize = MemoBucket::Large.capacity();

    /// No memo.
    pub fn empty() -> Self {
        Self::default()
    }

    /// A memo of these bytes.
    pub fn new(content: &[u8]) -> Result<Self, MemoError> {
        match content.len() {
            length if length > Self::MAX => Err(MemoError::TooLong { length, capacity: Self::MAX }),
            _ => Ok(Self(Zeroizing::new(content.to_vec()))),
        }
    }

    /// The content.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The content as text, if it is UTF-8.
    pub fn as_text(&self) -> Option<&str> {
        core::str::from_utf8(&self.0).ok()
    }

    /// The memo for people: its text with hidden characters as escapes, or `0x` and its bytes in hexadecimal if it is
    /// not text.
    pub fn shown(&self) -> String {
        match self.as_text() {
            Some(text) => visible(text),
            None => self.0.iter().fold("0x".to_owned(), |out, byte| out + &format!("{byte:02x}")),
        }
    }

    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The smallest bucket that takes it.
    pub fn bucket(&self) -> MemoBucket {
        let fits = |bucket: &MemoBucket| self.0.len() <= bucket.capacity();
        MemoBucket::ALL.into_iter().find(fits).unwrap_or(MemoBucket::Large)
    }

    /// Whether it fits a bucket.
    pub(crate) fn check(&self, bucket: MemoBucket) -> Result<(), MemoError> {
        match (self.0.len(), bucket.capacity()) {
            (length, capacity) if length > capacity => Err(MemoError::TooLong { length, capacity }),
            _ => Ok(()),
        }
    }

    /// Writes the memo field: the length as u16, the content, and zeros up to the end of `field`, which has room.
    pub(super) fn write_field(&self, field: &mut [u8]) {
        let length = u16::try_from(self.0.len()).expect("a memo is short");
        field.zeroize();
        field[..2].copy_from_slice(&length.to_le_bytes());
        field[2..2 + self.0.len()].copy_from_slice(&self.0);
    }

    /// Reads a memo field. `None` if the length is more than the field holds or the padding is not zero.
    pub fn read_field(field: &[u8]) -> Option<Self> {
        let (length, rest) = field.split_first_chunk::<2>()?;
        let (content, padding) = rest.split_at_checked(u16::from_le_bytes(*length).into())?;
        padding.iter().all(|byte| *byte == 0).then(|| Self(Zeroizing::new(content.to_vec())))
    }
}

/// A 32-bit count of bytes, and the bytes. The field of an encrypted note is another form.
impl Encode for Memo {
    fn encode(&self, out: &mut Vec<u8>) {
        put_bytes(out, &self.0);
    }
}

impl Decode for Memo {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Self::new(reader.bytes()?).map_err(|_| DecodeError::OutOfRange { what: "memo" })
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memo(..)")
    }
}
