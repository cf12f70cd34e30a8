//! Disclosure packages, checked against the chain behind a node.

use std::collections::{BTreeSet, HashMap};

use louver_core::transaction::TxId;
use louver_viewkeys::{
    package::{Chosen, OnLedger, OutputOpening, Package, Show, Side, What},
    report::Declared,
};
use louver_wallet::{
    account::AccountNumber,
    disclosure::{CrossingOpening, KnownOutput, NoteOpening, OpeningError, PaymentOpening, PaymentSide},
    wallet::Wallet,
};

use crate::{
    connection::{Connection, Mined},
    error::ClientError,
};

/// The transactions of a package that are on the ledger, by height and id.
#[derive(Debug, Default)]
pub struct Found(HashMap<(u32, TxId), OnLedger>);

impl Found {
    /// Adds a transaction that is on the ledger.
    pub(crate) fn add(&mut self, found: OnLedger) {
        self.0.insert((found.height, found.txid), found);
    }

    /// The transaction of this height and id, if it is on the ledger, as [`Package::verify`] asks for it.
    pub fn get(&self, height: u32, txid: &TxId) -> Option<OnLedger> {
        self.0.get(&(height, *txid)).cloned()
    }
}

/// The items of a package that shows a mined transaction of an account: the payments that the account can open, or one of them; if
/// there are none, the deposit or withdrawal that it made. Empty if it made and received nothing in it.
///
/// # Errors
/// [`OpeningError`] if the account does not know the transaction, or cannot open it yet.
pub fn choose(
    wallet: &Wallet,
    account: AccountNumber,
    txid: TxId,
    output: Option<u8>,
    show: Show,
) -> Result<Vec<Chosen>, OpeningError> {
    let payment = |PaymentOpening { side, opening: NoteOpening { height, txid, spend_tag, note, .. } }| {
        let side = match side {
            PaymentSide::Payer => Side::Sent,
            PaymentSide::Payee => Side::Received,
        };
        Chosen { height, txid, spend_tag, what: What::Note { side, show, note: Box::new(note) } }
    };
    let payments: Vec<_> = wallet.open_payments(account, txid, output)?.into_iter().map(payment).collect();
    if !payments.is_empty() || output.is_some() {
        return Ok(payments);
    }
    let Some(CrossingOpening { txid, spend_tag, height, output }) = wallet.open_crossing(account, txid)?
    else {
        return Ok(payments);
    };
    let opening = match output {
        KnownOutput::Note(note) => OutputOpening::of(&note),
        KnownOutput::Dummy { effects, index, main } => {
            let viewing = wallet.account(account)?.full_viewing_key();
            OutputOpening::of_dummy(&effects, index, viewing, main).ok_or(OpeningError::Unknown)?
        }
    };
    Ok(vec![Chosen { height, txid, spend_tag, what: What::Crossing(opening) }])
}

impl Connection {
    /// Looks up the transactions of a package at the heights that it names. Check the package first ([`Package::check`]): a
    /// stranger's file may name every block there is. A block that the chain does not have yet
    /// contains none of them: such a package does not verify, whatever the node answers for that height. Whole blocks
    /// are fetched, with decoys, so that the node does not learn which transaction the package is about
    /// (`[whole-block-decoys]`).
    ///
    /// # Errors
    /// Those of the node and of the transport. They say nothing about the package.
    pub async fn find(&self, package: &Package) -> Result<Found, ClientError> {
        self.refresh_assets().await?;
        let wanted: BTreeSet<_> = package.items().iter().map(|item| (item.height, item.txid)).collect();
        let (mut found, schedule) = (Found::default(), self.genesis().terms().schedule);
        let take = |Mined { header, txid, transaction, .. }: Mined<'_>| {
            let declared = Declared::new(&schedule, transaction.effects().epoch(), header.time);
            found.add(OnLedger { height: header.height, time: header.time, txid, declared, transaction });
        };
        self.look_up(&wanted, &package.hash(), take).await?;
        let shown = package.items().iter().filter_map(|item| item.amount().map(|(asset, _)| asset));
        self.learn_assets(shown).await?;
        Ok(found)
    }
}
