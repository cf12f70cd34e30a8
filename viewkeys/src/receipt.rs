//! `[receipt]`: what a reader has seen and concluded, in his own words and under his own signature. He shows it later, to
//! a court or to the account, without the data; and with the data, that it is what he saw.

mod codec;

use age::x25519::Identity;
use ed25519_dalek::{Signature, Signer, VerifyingKey};
use louver_core::{
    encoding::{DecodeError, Encode},
    spec::b32,
};
use thiserror::Error;

use crate::{
    auditor,
    report::{Assurance, Ground},
    signed::{Binding, Body, Signed},
};

/// The reader's conclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// He refused the file.
    Refused,
    /// It is true on a chain that he had not chosen beforehand.
    ChainNotChosen,
    /// It is true on the chain that he had chosen.
    Guaranteed,
}

/// A sentence of a verdict, with its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// The label; absent for a sentence about the file itself.
    pub label: Option<Assurance>,
    /// The sentence.
    pub text: String,
}

/// The head that a verdict stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadHead {
    /// The genesis hash of the chain.
    pub genesis: [u8; 32],
    /// The height of the head.
    pub height: u32,
    /// Its hash.
    pub hash: [u8; 32],
    /// Its time, in seconds since 1970.
    pub time: u64,
}

/// A receipt. Nothing in it is checked before [`Receipt::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    key: VerifyingKey,
    reader: String,
    kind: [u8; 8],
    envelope: [u8; 32],
    nonce: [u8; 32],
    head: ReadHead,
    made: u64,
    conclusion: Conclusion,
    sentences: Vec<Sentence>,
    signature: Signature,
}

/// Why a receipt shows nothing.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReceiptError {
    /// The key that it names did not sign it.
    #[error("the receipt is not signed by the key that it names: it was altered")]
    Signature,
    /// Another key signed it than the reader's challenge names.
    #[error("the receipt is signed by another key than the one that the challenge names")]
    OtherKey,
    /// It is about an answer to another challenge.
    #[error("the receipt is about a file that does not answer this challenge")]
    OtherChallenge,
    /// It is about another file, or says something else of this one than the file does.
    #[error(
        "the receipt is about another file than this one, or for another reader, question or chain than the file"
    )]
    OtherData,
    /// The challenge is not signed by the key that it names.
    #[error(transparent)]
    Challenge(#[from] crate::challenge::ChallengeError),
    /// The verdict is longer than a receipt can be.
    #[error("the verdict is too long for a receipt: have the account show less in one file")]
    TooLong,
    /// The head of a verdict is not one.
    #[error("the verdict names no head that a receipt could name")]
    Head(#[from] DecodeError),
}

impl Receipt {
    /// A receipt for a file, by the holder of a key. `made` is his clock, in seconds since 1970.
    ///
    /// # Errors
    /// [`ReceiptError::Head`] if the verdict's chain is not written as verdicts write it, [`ReceiptError::TooLong`].
    pub fn new<B: Body>(
        envelope: &Signed<B>,
        identity: &Identity,
        chain: &Ground,
        conclusion: Conclusion,
        sentences: Vec<Sentence>,
        made: u64,
    ) -> Result<Self, ReceiptError> {
        let signer = auditor::signing_key(identity);
        let bytes = |what, text: &str| {
            let mut bytes = [0u8; 32];
            hex::decode_to_slice(text, &mut bytes).map_err(|_| DecodeError::NotCanonical { what })?;
            Ok::<_, DecodeError>(bytes)
        };
        let head = ReadHead {
            genesis: bytes("genesis hash", &chain.genesis_hash)?,
            height: chain.head.height,
            hash: bytes("head", &chain.head.hash)?,
            time: chain.head.time.unix,
        };
        let mut receipt = Self {
            key: signer.verifying_key(),
            reader: envelope.reader().name.clone(),
            kind: *B::MAGIC,
            envelope: envelope.hash(),
            nonce: *envelope.nonce(),
            head,
            made,
            conclusion,
            sentences: codec::fitting(sentences),
            signature: Signature::from_bytes(&[0; 64]),
        };
        receipt.signature = signer.sign(&receipt.message());
        match receipt.to_bytes().len() <= Self::MAX_BYTES {
            true => Ok(receipt),
            false => Err(ReceiptError::TooLong),
        }
    }

    /// The key that signed it.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// The reader's name in the file.
    pub fn reader(&self) -> &str {
        &self.reader
    }

    /// The name of the file that it is about (`[envelope-hash]`).
    pub fn envelope(&self) -> &[u8; 32] {
        &self.envelope
    }

    /// How files of that kind begin.
    pub fn kind(&self) -> &[u8; 8] {
        &self.kind
    }

    /// The head that the verdict stands on.
    pub fn head(&self) -> &ReadHead {
        &self.head
    }

    /// When it was made, in seconds since 1970, by the reader's clock.
    pub fn made(&self) -> u64 {
        self.made
    }

    /// The conclusion.
    pub fn conclusion(&self) -> Conclusion {
        self.conclusion
    }

    /// The sentences of the verdict.
    pub fn sentences(&self) -> &[Sentence] {
        &self.sentences
    }

    /// Checks the signature; and, if the reader's challenge is at hand, that its key signed and that the file answers it.
    /// Without, anybody may have signed.
    ///
    /// # Errors
    /// [`ReceiptError`].
    pub fn verify(&self, challenge: Option<&crate::challenge::Challenge>) -> Result<(), ReceiptError> {
        self.key.verify_strict(&self.message(), &self.signature).map_err(|_| ReceiptError::Signature)?;
        let Some(challenge) = challenge else { return Ok(()) };
        let (genesis, pool) = challenge.place();
        challenge.verify(&genesis, pool)?;
        if challenge.key() != &self.key {
            return Err(ReceiptError::OtherKey);
        }
        let is_asked = challenge.hash() == self.nonce
            && challenge.reader().name == self.reader
            && genesis.0 == self.head.genesis;
        match is_asked {
            true => Ok(()),
            false => Err(ReceiptError::OtherChallenge),
        }
    }

    /// Checks that it is about this file, and says of it for whom it is, what it answers and of which chain it is.
    ///
    /// # Errors
    /// [`ReceiptError::OtherData`].
    pub fn is_about<B: Body>(&self, envelope: &Signed<B>) -> Result<(), ReceiptError> {
        let is_it = self.kind == *B::MAGIC
            && self.envelope == envelope.hash()
            && self.nonce == *envelope.nonce()
            && self.reader == envelope.reader().name
            && self.head.genesis == envelope.genesis().0;
        match is_it {
            true => Ok(()),
            false => Err(ReceiptError::OtherData),
        }
    }

    fn message(&self) -> [u8; 32] {
        b32(b"LouverReceipt", &[&self.contents()])
    }
}

/// The sentences about a file itself.
pub fn about(binding: &Binding) -> Vec<Sentence> {
    let lines = crate::report::words::heading(binding).into_iter();
    lines.map(|text| Sentence { label: None, text }).collect()
}

#[cfg(test)]
mod tests;
