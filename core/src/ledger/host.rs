//! `[host]`: what the ledger asks of the chain it is embedded in: the transparent side.

use thiserror::Error;

use crate::{
    asset::AssetId,
    audit::AuditorKey,
    store::{Overlay, StoreError},
    transaction::TransparentAccount,
    value::Value,
};

/// Why the host refuses.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum HostRefusal {
    /// The account holds too little.
    #[error("the account holds {balance}, {needed} are needed")]
    InsufficientBalance {
        /// The account's balance.
        balance: Value,
        /// The amount that was asked of it.
        needed: Value,
    },
    /// The account would hold more than can be counted.
    #[error("the account would hold more than can be counted")]
    Overflow,
    /// The account does not exist, or may neither pay nor be paid.
    #[error("the account may not take part")]
    Account,
    /// The authorisation is not the account's, or not over this transaction.
    #[error("the account has not authorised it")]
    Unauthorized,
}

/// Why the host does not do as asked.
#[derive(Debug, Error)]
pub enum HostError {
    /// It refuses; the transaction at hand is not applied.
    #[error(transparent)]
    Refused(#[from] HostRefusal),
    /// Its state cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An auditor key that was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnteredKey {
    /// The key.
    pub key: AuditorKey,
    /// The first block that it does not serve in; `None` while no end is known.
    pub until: Option<u32>,
}

/// The chain around the ledger. It keeps its balances in tables of its own behind the ledger's [`Overlay`], so that
/// one write commits both sides of a block, and one roll-back undoes both.
pub trait Host {
    /// `[auditor-key]`: the auditor key of a number, if one was ever entered. A host without audited pools has none.
    ///
    /// # Errors
    /// Those of the store.
    fn auditor(&self, _: &Overlay<'_>, _number: u32) -> Result<Option<EnteredKey>, StoreError> {
        Ok(None)
    }

    /// Takes an amount from an account.
    fn debit(
        &self,
        state: &mut Overlay<'_>,
        account: &TransparentAccount,
        asset: AssetId,
        amount: Value,
    ) -> Result<(), HostError>;

    /// Gives an amount to an account.
    fn credit(
        &self,
        state: &mut Overlay<'_>,
        account: &TransparentAccount,
        asset: AssetId,
        amount: Value,
    ) -> Result<(), HostError>;

    /// Checks that `account` authorised `message`, the hash that stands for a transaction on the host's side.
    fn authorize(
        &self,
        state: &Overlay<'_>,
        account: &TransparentAccount,
        message: &[u8; 32],
        authorization: &[u8],
    ) -> Result<(), HostError>;
}
