//! A reader's demands on a file that was made for him, as options of the commands that check one.

use std::path::PathBuf;

use louver_core::{keys::AccountId, ledger::Genesis};
use louver_viewkeys::{
    auditor::ReaderKeys,
    report::Ground,
    signed::{Asked, Reading},
};

use super::{Writing, asking, identity};
use crate::{clock, exit::Failure, wallet::bytes32};

/// The demands, with the key that opens the file and signs a receipt.
#[derive(Debug, clap::Args)]
pub(super) struct Demands {
    /// Your name, if the file must be for you
    #[arg(long = "as", value_name = "NAME")]
    reader: Option<String>,
    /// The request that you made, which it must answer in full
    #[arg(long, value_name = "FILE", requires = "key", conflicts_with_all = ["reader", "nonce"])]
    request: Option<PathBuf>,
    /// A number that you gave in place of a request: 64 hexadecimal digits
    #[arg(long, value_name = "HEX")]
    nonce: Option<String>,
    /// Writes a receipt, which you sign: what you were shown, and what you concluded
    #[arg(long, value_name = "FILE", requires = "key")]
    receipt: Option<PathBuf>,
    /// The account that must have made it (lvraid1...)
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    /// Your secret key, if the file is sealed to you, answers your request, or you write a receipt
    #[arg(long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,
}

/// Demands that were read.
pub(super) struct Demanded {
    pub(super) reader: Option<String>,
    pub(super) request: Option<PathBuf>,
    pub(super) nonce: Option<[u8; 32]>,
    pub(super) account: Option<AccountId>,
    pub(super) keys: Option<ReaderKeys>,
}

impl Demands {
    /// The receipt that is to be written, if the place for it is free.
    pub(super) fn writing(&self) -> Result<Writing, Failure> {
        Writing::new(self.receipt.clone(), self.key.as_deref())
    }

    /// Reads them, before a node is asked for anything.
    pub(super) fn read(self) -> Result<Demanded, Failure> {
        Ok(Demanded {
            keys: self.key.as_deref().map(identity).transpose()?.as_ref().map(ReaderKeys::of),
            account: self.account.map(|id| id.parse()).transpose().map_err(Failure::input)?,
            nonce: self.nonce.map(|nonce| bytes32("nonce", &nonce)).transpose()?,
            reader: self.reader,
            request: self.request,
        })
    }
}

impl Demanded {
    /// The demands on a file of this chain.
    pub(super) fn reading(self, genesis: &Genesis, chain: Ground) -> Result<Reading, Failure> {
        let asked = match (self.request, self.nonce) {
            (Some(request), _) => Asked::Challenge(Box::new(asking::read(&request, genesis)?)),
            (None, Some(nonce)) => Asked::Nonce(nonce),
            (None, None) => Asked::Nothing,
        };
        Ok(Reading {
            genesis: genesis.hash(),
            chain,
            pool: genesis.terms().pool,
            account: self.account,
            reader: self.reader,
            asked,
            keys: self.keys,
            now: clock::now(),
        })
    }
}
