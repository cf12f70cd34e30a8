//! Offline proofs: files by which a package, a statement or a book is checked without a node.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use louver_client::{
    keys::KeyFetchError,
    offline::{OfflineError, OfflineProof, ShownChain},
    trust::Trust,
};
use louver_core::{
    encoding::{Decode, Encode},
    transaction::TxId,
};
use louver_viewkeys::{
    book::{Book, Openings},
    package::Package,
    signed::{Asked, Body, Reading, SealError, Signed, unseal},
    statement::{Assertion, StatementFile},
};
use pollster::block_on;

use super::{books, ledger::Ledger, stating, unverified};
use crate::{
    client::Client,
    clock,
    exit::{Failure, Kind},
    file,
    inspect::seeming,
    json::{audit::ProofWritten, quantity::Moment},
    output::{Output, progress::Line},
    trust::ChainArgs,
};

impl From<OfflineError> for Failure {
    fn from(error: OfflineError) -> Self {
        let code = match &error {
            OfflineError::OtherGenesis { .. }
            | OfflineError::OtherBlock { .. }
            | OfflineError::OtherHead { .. } => "other_chain",
            OfflineError::LacksTransaction { .. }
            | OfflineError::LacksPart { .. }
            | OfflineError::LacksAsset { .. } => "proof_lacks",
            _ => "not_verified",
        };
        match code {
            "proof_lacks" => {
                Self::new(Kind::Expectation, code, format!("{error}, with `louver audit prove`"))
            }
            _ => Self::new(Kind::Expectation, code, error),
        }
    }
}

/// The place of a file's proof: beside it.
pub(crate) fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".proof");
    PathBuf::from(name)
}

/// A file that a proof stands beside.
pub(crate) enum Proven<'a> {
    Package(&'a Package),
    Statement(&'a StatementFile),
    /// With the heights and ids of its transactions.
    Book(&'a Book, BTreeSet<(u32, TxId)>),
}

/// Makes a file's proof under the newest head and writes it, in place of an older one: sealed to the reader to whom the file is
/// sealed, since it tells which transactions are of one account. `None` if the chain does not have what the file names.
pub(crate) fn write(
    client: &Client,
    proven: &Proven<'_>,
    out: &Path,
) -> Result<Option<ProofWritten>, Failure> {
    let connection = client.connection();
    let seal: &dyn Fn(Vec<u8>) -> Result<Vec<u8>, SealError> = match proven {
        Proven::Package(package) => &|proof| package.seal_beside(proof),
        Proven::Statement(statement) => &|proof| statement.seal_beside(proof),
        Proven::Book(book, _) => &|proof| book.seal_beside(proof),
    };
    let made: Result<_, KeyFetchError> = match proven {
        Proven::Package(package) => block_on(connection.offline_proof(package)),
        Proven::Statement(statement) => block_on(connection.offline_proof_of_statement(statement)),
        Proven::Book(book, places) => block_on(connection.offline_proof_of_book(book, places.clone())),
    };
    let Some(proof) = made? else { return Ok(None) };
    file::replace(out, &seal(proof.to_bytes()).map_err(Failure::input)?, file::Readers::Owner)?;
    let head = proof.head().ok_or_else(|| Failure::node("the chain has no block yet"))?;
    Ok(Some(ProofWritten {
        file: out.display().to_string(),
        height: head.height,
        time: Moment::new(head.time),
    }))
}

/// The same, beside a file that its owner just wrote: without it the file is as good for readers with a node.
pub(crate) fn hand_out(
    client: &Client,
    proven: &Proven<'_>,
    out: &Path,
    output: Output,
) -> Option<ProofWritten> {
    let why = match write(client, proven, &beside(out)) {
        Ok(Some(written)) => return Some(written),
        Ok(None) => "the chain does not show all that it names yet".to_owned(),
        Err(failure) => failure.message,
    };
    output.note(format!(
        "{} is complete, but not its proof for readers without a node: {why}. `louver audit prove` makes it",
        out.display()
    ));
    None
}

/// `audit prove`: makes a proof, or renews it.
pub(super) fn prove(
    ledger: &Ledger,
    path: &Path,
    key: Option<&Path>,
    out: &Path,
    output: Output,
) -> Result<ProofWritten, Failure> {
    let identity = key.map(super::identity).transpose()?;
    let opened = unseal(&file::read(path)?, identity.as_ref()).map_err(Failure::input)?;
    let client = &ledger.client;
    let written = if opened.starts_with(Openings::MAGIC) {
        let book = books::open(path, identity.as_ref())?;
        signed(&book, ledger)?;
        let watch = Line::watch(output, "reading the ledger");
        let places = block_on(client.connection().scan_for_book(&book, watch))?.places();
        write(client, &Proven::Book(&book, places), out)
    } else if opened.starts_with(Assertion::MAGIC) {
        let statement = stating::open(path, key)?;
        signed(&statement, ledger)?;
        write(client, &Proven::Statement(&statement), out)
    } else {
        let package = super::read_package(path, key)?;
        signed(&package, ledger)?;
        write(client, &Proven::Package(&package), out)
    };
    let lacks = "the chain does not have a transaction, a block or a snapshot that the file names where it names it: the file is                  false, or the node is behind. No proof was written";
    written?.ok_or_else(|| unverified(lacks))
}

/// Whether a file is of this chain and signed, whenever it may be presented.
fn signed<B: Body>(file: &Signed<B>, ledger: &Ledger) -> Result<(), Failure> {
    let reading = Reading {
        genesis: ledger.genesis.hash(),
        chain: ledger.ground(),
        pool: ledger.genesis.terms().pool,
        account: None,
        reader: None,
        asked: Asked::Nothing,
        keys: None,
        now: file.issued(),
    };
    file.check(&reading).map(drop).map_err(unverified)
}

/// The chain, as the proof beside a file shows it.
pub(super) fn shown(
    file: &Path,
    proof: Option<&Path>,
    key: Option<&Path>,
    chain: &ChainArgs,
) -> Result<ShownChain, Failure> {
    let proof = proof.map_or_else(|| beside(file), Path::to_owned);
    Ok(read(&proof, key)?.check(&chain.trust()?, clock::now())?)
}

/// A proof from its file, opened with the key that opens the package.
pub(super) fn read(path: &Path, key: Option<&Path>) -> Result<OfflineProof, Failure> {
    let key = key.map(super::identity).transpose()?;
    let bytes = unseal(&file::read(path)?, key.as_ref()).map_err(Failure::input)?;
    OfflineProof::from_bytes(&bytes).map_err(|error| seeming::not_one(path, &bytes, seeming::PROOF, error))
}

/// Checks a proof by what was chosen, and that it shows all that a package names.
pub(crate) fn check(
    proof: &OfflineProof,
    package: &Package,
    trust: &Trust,
    now: u64,
) -> Result<ShownChain, Failure> {
    let shown = proof.check(trust, now)?;
    shown.covers(package)?;
    Ok(shown)
}
