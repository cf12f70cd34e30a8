use ed25519_dalek::Signature;
use louver_core::encoding::{Decode, DecodeError, Encode, Reader, put_count};

use super::{Conclusion, ReadHead, Receipt, Sentence};
use crate::{challenge::verifying_key, report::Assurance, signed::MAX_NAME, text};

/// How a receipt begins: a name and a version.
const MAGIC: &[u8; 8] = b"LVRCEPT\x01";
/// The longest sentence, in bytes.
const MAX_SENTENCE: usize = 4096;
/// No sentence is shorter, in bytes.
const LEAST: usize = 3;

/// Sentences as a receipt has them: one that is too long is cut, where a character ends.
pub(super) fn fitting(sentences: Vec<Sentence>) -> Vec<Sentence> {
    let cut = |Sentence { label, mut text }| {
        let mut end = MAX_SENTENCE.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        Sentence { label, text }
    };
    sentences.into_iter().map(cut).collect()
}

impl Receipt {
    /// The most bytes of a receipt.
    pub const MAX_BYTES: usize = 1 << 24;

    /// Whether a file is a receipt, by its first bytes.
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(&MAGIC[..7])
    }

    pub(super) fn contents(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend_from_slice(self.key.as_bytes());
        text::put(&mut out, &self.reader);
        out.extend_from_slice(&self.kind);
        out.extend_from_slice(&self.envelope);
        out.extend_from_slice(&self.nonce);
        out.extend_from_slice(&self.head.genesis);
        out.extend_from_slice(&self.head.height.to_le_bytes());
        out.extend_from_slice(&self.head.hash);
        out.extend_from_slice(&self.head.time.to_le_bytes());
        out.extend_from_slice(&self.made.to_le_bytes());
        out.push(match self.conclusion {
            Conclusion::Refused => 0,
            Conclusion::ChainNotChosen => 1,
            Conclusion::Guaranteed => 2,
        });
        put_count(&mut out, self.sentences.len());
        for sentence in &self.sentences {
            out.push(match sentence.label {
                None => 0,
                Some(Assurance::Guaranteed) => 1,
                Some(Assurance::ChainNotChosen) => 2,
                Some(Assurance::Unverified) => 3,
                Some(Assurance::Unexplained) => 4,
            });
            text::put(&mut out, &sentence.text);
        }
        out
    }
}

impl Encode for Receipt {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.contents());
        out.extend_from_slice(&self.signature.to_bytes());
    }
}

impl Decode for Receipt {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let magic: [u8; 8] = reader.array()?;
        if magic != *MAGIC {
            return Err(DecodeError::UnknownTag { what: "receipt version", tag: u64::from_le_bytes(magic) });
        }
        let key = verifying_key(reader)?;
        let name = text::read(reader, "reader's name", MAX_NAME)?;
        let (kind, envelope, nonce) = (reader.array()?, reader.array()?, reader.array()?);
        let head = ReadHead {
            genesis: reader.array()?,
            height: reader.u32()?,
            hash: reader.array()?,
            time: reader.u64()?,
        };
        let made = reader.u64()?;
        let conclusion = match reader.u8()? {
            0 => Conclusion::Refused,
            1 => Conclusion::ChainNotChosen,
            2 => Conclusion::Guaranteed,
            tag => return Err(DecodeError::UnknownTag { what: "conclusion", tag: tag.into() }),
        };
        let count = reader.count(LEAST)?;
        let sentences = (0..count)
            .map(|_| {
                let label = match reader.u8()? {
                    0 => None,
                    1 => Some(Assurance::Guaranteed),
                    2 => Some(Assurance::ChainNotChosen),
                    3 => Some(Assurance::Unverified),
                    4 => Some(Assurance::Unexplained),
                    tag => return Err(DecodeError::UnknownTag { what: "label", tag: tag.into() }),
                };
                Ok(Sentence { label, text: text::read(reader, "sentence", MAX_SENTENCE)? })
            })
            .collect::<Result<_, _>>()?;
        let signature = Signature::from_bytes(&reader.array()?);
        Ok(Self { key, reader: name, kind, envelope, nonce, head, made, conclusion, sentences, signature })
    }
}
