//! Payments that a wallet made before, so that nobody is paid twice by a slip.

use core::fmt;
use std::collections::HashMap;

use louver_core::{
    address::Address, asset::AssetId, calendar::moment, encoding::Encode, store::StoreError,
    transaction::TxId, value::Value,
};

use super::{OutputKind, Status};
use crate::{payment_request::RequestedPayment, wallet::Wallet};

/// A payment that a wallet made. It is in a block, or waits for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MadePayment {
    /// The asset.
    pub asset: AssetId,
    /// The amount, in the asset's smallest unit.
    pub value: Value,
    /// The transaction that made it.
    pub txid: TxId,
    /// The state of that transaction.
    pub status: Status,
}

/// The payments that a wallet made and that are in a block or wait for one, by address.
#[derive(Clone, Debug, Default)]
pub struct MadePayments(HashMap<Vec<u8>, Vec<MadePayment>>);

impl Wallet {
    /// The payments that the wallet's accounts made to others and to themselves, change left out.
    ///
    /// # Errors
    /// Those of the store.
    pub fn made_payments(&self) -> Result<MadePayments, StoreError> {
        let mut made = MadePayments::default();
        for account in self.accounts() {
            let entries = self.history(account.number())?;
            for entry in entries.iter().filter(|entry| entry.authorised && entry.moves_money()) {
                for output in entry.outputs.iter().filter(|output| output.kind != OutputKind::Change) {
                    let (asset, value) = (output.asset, output.value);
                    let payment = MadePayment { asset, value, txid: entry.txid, status: entry.status };
                    made.0.entry(output.address.to_bytes()).or_default().push(payment);
                }
            }
        }
        Ok(made)
    }
}

impl MadePayments {
    /// The payment to an address, of an asset and an amount where these are given.
    pub fn find(&self, to: &Address, asset: Option<AssetId>, value: Option<Value>) -> Option<&MadePayment> {
        self.0.get(&to.to_bytes())?.iter().find(|made| {
            asset.is_none_or(|asset| asset == made.asset) && value.is_none_or(|value| value == made.value)
        })
    }

    /// The payment of a request, to either of its addresses.
    pub fn of_request(&self, asked: &RequestedPayment) -> Option<&MadePayment> {
        let addresses = [Some(&asked.address), asked.next.as_ref()];
        addresses.into_iter().flatten().find_map(|to| self.find(to, asked.asset, asked.value))
    }
}

/// Its transaction, and what the wallet knows of that.
impl fmt::Display for MadePayment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let txid = self.txid;
        match self.status {
            Status::Mined { height, time } => {
                write!(f, "transaction {txid} in block {height} of {}", moment(time))
            }
            _ => write!(f, "transaction {txid}, which waits for a block"),
        }
    }
}
