//! `[operation-fees]`: the least fees of operations.

use louver_core::{asset::AssetId, ledger::Genesis, transaction::Fee, value::Value};
use thiserror::Error;

use super::{Action, UnsignedOperation};
use crate::Account;

/// Why the fee of an operation is refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum FeeError {
    /// There is none, and one is due.
    #[error("a fee is due for the operation: at least {minimum} of asset {asset}")]
    Missing {
        /// An asset in which fees are taken.
        asset: AssetId,
        /// The least fee in it.
        minimum: Value,
    },
    /// It is in an asset in which the chain takes no fees.
    #[error("fees are not taken in asset {0}")]
    Asset(AssetId),
    /// A mint and its fee together pass 64 bits.
    #[error("the amount and its fee together are more of asset {0} than can be counted")]
    Overflow(AssetId),
    /// It is less than the least.
    #[error("the fee is {fee} of asset {asset}, the least for the operation is {minimum}")]
    TooLow {
        /// The asset of the fee.
        asset: AssetId,
        /// The offered fee.
        fee: Value,
        /// The least fee.
        minimum: Value,
    },
}

impl UnsignedOperation {
    /// Whether the fee is one that the chain takes for the operation. It needs no state: the first of all checks.
    ///
    /// # Errors
    /// [`FeeError`].
    pub fn check_fee(&self, genesis: &Genesis) -> Result<(), FeeError> {
        let (kind, asset, fee) = (self.action.kind(), self.fee.asset(), self.fee.amount());
        if fee == Value::ZERO {
            return match genesis.terms().fees.first().filter(|_| !genesis.is_free_operation(kind)) {
                None => Ok(()),
                Some(terms) => {
                    Err(FeeError::Missing { asset: terms.asset, minimum: terms.operations.minimum(kind) })
                }
            };
        }
        let minimum = genesis.operation_fee(asset, kind).ok_or(FeeError::Asset(asset))?;
        match fee < minimum {
            true => Err(FeeError::TooLow { asset, fee, minimum }),
            false => Ok(()),
        }
    }
}

impl UnsignedOperation {
    /// An operation that pays the least fee: nothing where operations of its kind are free, and else in the first asset
    /// of the chain's terms of which `holds` says that the sender has enough. A mint of an asset that takes fees pays in
    /// that asset and mints the fee too, so that the recipient has the whole amount of the action.
    ///
    /// # Errors
    /// [`FeeError::Missing`] with the least fee in the first asset, if the sender cannot pay it in any;
    /// [`FeeError::Overflow`].
    pub fn paying(
        genesis: &Genesis,
        sender: Account,
        nonce: u64,
        action: Action,
        holds: impl Fn(AssetId) -> Value,
    ) -> Result<Self, FeeError> {
        let kind = action.kind();
        let terms = genesis.terms();
        let Some(first) = terms.fees.first().filter(|_| !genesis.is_free_operation(kind)) else {
            return Ok(Self { sender, nonce, fee: Fee::NONE, action });
        };
        let least = |asset| genesis.operation_fee(asset, kind);
        if let Action::Mint { asset, amount, to } = action
            && let Some(fee) = least(asset)
        {
            let amount = amount.checked_add(fee).ok_or(FeeError::Overflow(asset))?;
            let action = Action::Mint { asset, amount, to };
            return Ok(Self { sender, nonce, fee: pay(asset, fee), action });
        }
        let all = terms.fees.iter().map(|terms| (terms.asset, terms.operations.minimum(kind)));
        let needed = |asset, fee: Value| match &action {
            Action::Transfer { asset: moved, amount, .. } if *moved == asset => amount.checked_add(fee),
            _ => Some(fee),
        };
        let mut affordable =
            all.filter(|(asset, fee)| needed(*asset, *fee).is_some_and(|needed| holds(*asset) >= needed));
        match affordable.next() {
            Some((asset, fee)) => Ok(Self { sender, nonce, fee: pay(asset, fee), action }),
            None => Err(FeeError::Missing { asset: first.asset, minimum: first.operations.minimum(kind) }),
        }
    }
}

fn pay(asset: AssetId, fee: Value) -> Fee {
    Fee::new(asset, fee).unwrap_or(Fee::NONE)
}
