//! `louver audit receipt`: what a reader has seen, under his signature.

use std::path::{Path, PathBuf};

use age::x25519::Identity;
use louver_core::{
    calendar::moment,
    encoding::{Decode, Encode},
    text::visible,
};
use louver_viewkeys::{
    book::{Book, Openings},
    challenge::Challenge,
    grant::{Grant, ScopeKeys},
    package::{Items, Package},
    receipt::{Conclusion, Receipt, Sentence},
    report::{ChainChoice, Ground, words},
    signed::{Body, Signed},
    statement::{Assertion, StatementFile},
};

use super::{identity, unverified};
use crate::{
    clock,
    exit::Failure,
    file,
    inspect::seeming,
    json::{
        audit::{ReceiptRead, ReceiptSentence},
        quantity::Moment,
    },
    output::{Output, Style},
};

/// Checks a reader's receipt, which says what he was shown and what he concluded
///
/// With --data it says, too, whether the receipt is about that file, and about no other.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  louver audit receipt pay.receipt
  louver audit receipt pay.receipt --data pay.disclosure --key auditor.key --request pay.request
  louver audit receipt book.receipt --data answer.book --key auditor.key --request book.request")]
pub(super) struct Check {
    /// The receipt
    receipt: PathBuf,
    /// The file that it should be about
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// The secret key that opens the file, if it is sealed
    #[arg(long, value_name = "FILE", requires = "data")]
    key: Option<PathBuf>,
    /// The request that the file answers: its key must have signed the receipt
    #[arg(long, value_name = "FILE")]
    request: Option<PathBuf>,
}

impl Check {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        let receipt = read(&self.receipt)?;
        let challenge = self.request.as_deref().map(challenge).transpose()?;
        receipt.verify(challenge.as_ref()).map_err(unverified)?;
        if let Some(data) = &self.data {
            let (bytes, key) = (file::read(data)?, self.key.as_deref().map(identity).transpose()?);
            let other = |error: &dyn core::fmt::Display| {
                Failure::input(format!("{} cannot be opened: {error}", data.display()))
            };
            let about = match receipt.kind() {
                kind if kind == ScopeKeys::MAGIC => Grant::open(&bytes, key.as_ref())
                    .map_err(|error| other(&error))
                    .map(|grant| receipt.is_about(&grant)),
                kind if kind == Items::MAGIC => Package::open(&bytes, key.as_ref())
                    .map_err(|error| other(&error))
                    .map(|package| receipt.is_about(&package)),
                kind if kind == Assertion::MAGIC => StatementFile::open(&bytes, key.as_ref())
                    .map_err(|error| other(&error))
                    .map(|statement| receipt.is_about(&statement)),
                kind if kind == Openings::MAGIC => Book::open(&bytes, key.as_ref())
                    .map_err(|error| other(&error))
                    .map(|book| receipt.is_about(&book)),
                _ => {
                    return Err(Failure::input("the receipt is about a kind of file that is not known here"));
                }
            };
            about?.map_err(unverified)?;
        }
        let told = told(&receipt, self.data.is_some(), challenge.is_some());
        output.result(&told, || {
            let signer = match told.key_checked {
                true => "the key that the request names".to_owned(),
                false => format!("the key {}, which you did not name: anybody may hold it", told.key),
            };
            let data = match told.data_checked {
                true => "this file".to_owned(),
                false => format!("the file with the hash {}", told.envelope),
            };
            let sentences = told.sentences.iter().map(|sentence| match &sentence.label {
                Some(label) => format!("\n  {label}: {}", visible(&sentence.text)),
                None => format!("\n  {}", visible(&sentence.text)),
            });
            format!(
                "{}\n  by {}, with {signer}\n  about {data}\n  made {}, under block {} of {}, {}\n  {}\n{}",
                output.paint(Style::Title, "Receipt"),
                visible(receipt.reader()),
                moment(receipt.made()),
                receipt.head().height,
                moment(receipt.head().time),
                hex::encode(receipt.head().hash),
                words::conclusion(&receipt),
                sentences.collect::<String>(),
            )
        });
        Ok(())
    }
}

fn challenge(path: &Path) -> Result<Challenge, Failure> {
    let bytes = file::read(path)?;
    Challenge::from_bytes(&bytes).map_err(|error| seeming::not_one(path, &bytes, seeming::REQUEST, error))
}

fn read(path: &Path) -> Result<Receipt, Failure> {
    let bytes = file::read(path)?;
    if bytes.len() > Receipt::MAX_BYTES || !Receipt::is_one(&bytes) {
        return Err(seeming::not_one(path, &bytes, seeming::RECEIPT, "it is too long"));
    }
    Receipt::from_bytes(&bytes).map_err(|error| seeming::not_one(path, &bytes, seeming::RECEIPT, error))
}

fn told(receipt: &Receipt, data_checked: bool, key_checked: bool) -> ReceiptRead {
    let head = receipt.head();
    let sentence = |sentence: &Sentence| ReceiptSentence {
        label: sentence.label.map(|label| words::label(label).to_owned()),
        text: sentence.text.clone(),
    };
    ReceiptRead {
        reader: receipt.reader().to_owned(),
        key: hex::encode(receipt.key().as_bytes()),
        key_checked,
        envelope: hex::encode(receipt.envelope()),
        data_checked,
        genesis_hash: hex::encode(head.genesis),
        height: head.height,
        block_hash: hex::encode(head.hash),
        time: Moment::new(head.time),
        made: Moment::new(receipt.made()),
        conclusion: words::conclusion(receipt).to_owned(),
        sentences: receipt.sentences().iter().map(sentence).collect(),
    }
}

/// Writes a receipt for a file that was taken.
pub(super) fn write<B: Body>(
    path: &Path,
    envelope: &Signed<B>,
    key: &Identity,
    chain: &Ground,
    sentences: Vec<Sentence>,
) -> Result<(), Failure> {
    let conclusion = match chain.chosen {
        ChainChoice::Nothing => Conclusion::ChainNotChosen,
        _ => Conclusion::Guaranteed,
    };
    let receipt =
        Receipt::new(envelope, key, chain, conclusion, sentences, clock::now()).map_err(Failure::input)?;
    // It says all that a sealed file showed.
    file::write_new(path, &receipt.to_bytes(), file::Readers::Owner)
}
