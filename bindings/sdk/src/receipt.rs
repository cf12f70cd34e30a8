//! Receipts: what a reader was shown and what he concluded, under his signature.

use std::sync::Arc;

use louver_client::clock;
use louver_core::encoding::{Decode, Encode};
use louver_viewkeys::{
    receipt::{self as engine, Conclusion},
    report::{ChainChoice, Ground, words},
    signed::{Body, Signed},
};

use crate::{Assurance, AuditorKey, Book, Package, ReceiptError, Statement, challenge};

choice! {
    /// A reader's conclusion.
    pub enum ReceiptConclusion {
        /// The reader refused the file.
        Refused,
        /// The file is true on a chain that the reader had not chosen.
        ChainNotChosen,
        /// The file is true on the chain that the reader had chosen.
        Guaranteed,
    }
}

data! {
    /// A sentence of a verdict, with its label.
    pub struct ReceiptSentence {
        /// The label; absent for a sentence about the file itself.
        pub label: Option<Assurance>,
        /// The sentence. It may have words of a stranger: show it as plain text.
        pub text: String,
    }
}

data! {
    /// The words of a receipt. They are true of its signer once the receipt was verified.
    pub struct ReceiptInfo {
        /// The reader's name in the file. The text comes from a stranger: show it as plain text.
        pub auditor: String,
        /// The key that signed it, in hexadecimal.
        pub key: String,
        /// The hash of the file that it is about, in hexadecimal.
        pub file_hash: String,
        /// The hash of the chain's genesis, in hexadecimal.
        pub genesis_hash: String,
        /// The height of the block that the verdict stands under.
        pub height: u32,
        /// The hash of that block, in hexadecimal.
        pub block_hash: String,
        /// The time of that block, in seconds since 1970.
        pub time: u64,
        /// When it was made, in seconds since 1970, by the reader's clock.
        pub made: u64,
        /// The conclusion.
        pub conclusion: ReceiptConclusion,
        /// The conclusion in words.
        pub says: String,
        /// The sentences of the verdict.
        pub sentences: Vec<ReceiptSentence>,
    }
}

/// A receipt that was read. Nothing in it is verified yet.
#[derive(Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Receipt(engine::Receipt);

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Receipt {
    /// Reads a receipt.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn read(bytes: Vec<u8>) -> Result<Arc<Self>, ReceiptError> {
        let none = |reason: String| ReceiptError::NotAReceipt { reason };
        if bytes.len() > engine::Receipt::MAX_BYTES || !engine::Receipt::is_one(&bytes) {
            return Err(none("it does not begin as a receipt does, or is too long".to_owned()));
        }
        engine::Receipt::from_bytes(&bytes)
            .map(|read| Arc::new(Self(read)))
            .map_err(|error| none(error.to_string()))
    }

    /// The words of the receipt.
    pub fn info(&self) -> ReceiptInfo {
        let Self(receipt) = self;
        let head = receipt.head();
        let sentence = |sentence: &engine::Sentence| ReceiptSentence {
            label: sentence.label.map(Into::into),
            text: sentence.text.clone(),
        };
        ReceiptInfo {
            auditor: receipt.reader().to_owned(),
            key: hex::encode(receipt.key().as_bytes()),
            file_hash: hex::encode(receipt.envelope()),
            genesis_hash: hex::encode(head.genesis),
            height: head.height,
            block_hash: hex::encode(head.hash),
            time: head.time,
            made: receipt.made(),
            conclusion: match receipt.conclusion() {
                Conclusion::Refused => ReceiptConclusion::Refused,
                Conclusion::ChainNotChosen => ReceiptConclusion::ChainNotChosen,
                Conclusion::Guaranteed => ReceiptConclusion::Guaranteed,
            },
            says: words::conclusion(receipt).to_owned(),
            sentences: receipt.sentences().iter().map(sentence).collect(),
        }
    }

    /// Checks that the key that it names signed it. With the file of the reader's challenge, it checks, too, that the same key
    /// made that challenge, and that the receipt is about an answer to it: otherwise anybody may have signed.
    pub fn verify(&self, challenge: Option<Vec<u8>>) -> Result<(), ReceiptError> {
        let challenge = challenge.map(|file| challenge::read(&file)).transpose();
        let challenge = challenge.map_err(|error| ReceiptError::NotShown { reason: error.to_string() })?;
        Ok(self.0.verify(challenge.as_ref())?)
    }

    /// Checks that it is about this package and no other.
    pub fn verify_about(&self, package: Arc<Package>) -> Result<(), ReceiptError> {
        Ok(self.0.is_about(package.inner())?)
    }

    /// Checks that it is about this book and no other.
    pub fn verify_about_book(&self, book: Arc<Book>) -> Result<(), ReceiptError> {
        Ok(self.0.is_about(book.inner())?)
    }

    /// Checks that it is about this statement and no other.
    pub fn verify_about_statement(&self, statement: Arc<Statement>) -> Result<(), ReceiptError> {
        Ok(self.0.is_about(statement.inner())?)
    }
}

/// A receipt for a file with a verdict.
pub(crate) fn write<B: Body>(
    file: &Signed<B>,
    key: &AuditorKey,
    chain: &Ground,
    sentences: Vec<engine::Sentence>,
) -> Result<Vec<u8>, ReceiptError> {
    let conclusion = match chain.chosen {
        ChainChoice::Nothing => Conclusion::ChainNotChosen,
        _ => Conclusion::Guaranteed,
    };
    let receipt = engine::Receipt::new(file, &key.0, chain, conclusion, sentences, clock::now())?;
    Ok(receipt.to_bytes())
}
