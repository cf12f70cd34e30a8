//! The actions of an account.

use std::collections::BTreeMap;

use louver_core::{
    address::Address,
    asset::AssetId,
    note::Memo,
    transaction::{Payment, TransparentAccount},
    value::Value,
};

/// How the fee is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FeeChoice {
    /// The pool's least fee in its first fee asset, if the account holds enough of it. All wallets pay this by default,
    /// so the fee does not show which asset is sent. Otherwise the least fee in the asset that is sent, if the pool
    /// takes it. The public then sees which asset moves, and
    /// [`Preview::shows_asset`](crate::plan::Preview::shows_asset) says so.
    #[default]
    Least,
    /// The pool's least fee in this asset.
    LeastIn(AssetId),
    /// This amount; it must be at least the pool's least fee.
    Exactly {
        /// The asset.
        asset: AssetId,
        /// The fee.
        value: Value,
    },
}

/// An amount to move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// This amount, and the fee in addition.
    Exactly(Value),
    /// Everything there is of the asset, less the fee if it is paid in that asset.
    All,
}

impl From<Value> for Quantity {
    fn from(value: Value) -> Self {
        Self::Exactly(value)
    }
}

/// An action of an account.
#[derive(Clone, Debug)]
pub enum Action {
    /// Pay one or more addresses, in one asset, or in two if one of them is the fee's asset.
    Pay {
        /// The payments. Their order is not shown to anybody.
        payments: Vec<Payment>,
        /// The fee.
        fee: FeeChoice,
    },
    /// Pay everything that the account can spend of an asset to one address, in one transaction, as an owner does who
    /// leaves.
    PayAll {
        /// The address.
        to: Box<Address>,
        /// The asset.
        asset: AssetId,
        /// The memo to the payee.
        memo: Memo,
        /// The fee. If it is paid in the same asset, it is deducted from the amount.
        fee: FeeChoice,
    },
    /// Move an amount from a transparent account into the pool. The transaction declares no fee: the payer pays the
    /// pool's fee on the host's side.
    Shield {
        /// The transparent account. Its owner has to authorise the deposit.
        payer: TransparentAccount,
        /// The asset.
        asset: AssetId,
        /// The amount. `Quantity::All` needs `available`.
        value: Quantity,
        /// The holdings of the transparent account, by asset, according to the host. It holds nothing of assets that
        /// are not listed. A deposit that the account cannot pay is refused before anything is proven. `None` if the
        /// host does not know: then only the chain refuses it.
        available: Option<BTreeMap<AssetId, Value>>,
        /// The address to credit; `None` for one of the account's own.
        to: Option<Box<Address>>,
        /// The memo to the payee.
        memo: Memo,
    },
    /// Move an amount out of the pool to a transparent account.
    Withdraw {
        /// The transparent account.
        recipient: TransparentAccount,
        /// The asset.
        asset: AssetId,
        /// The amount.
        value: Quantity,
        /// The fee.
        fee: FeeChoice,
    },
    /// Join the smallest notes of an asset into one note.
    Consolidate {
        /// The asset.
        asset: AssetId,
        /// The fee.
        fee: FeeChoice,
    },
}
