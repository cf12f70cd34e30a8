//! What a transaction is to do.

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
    /// The least that the pool takes, in the asset that the pool names first, if the account holds enough of that. All
    /// wallets pay it so, and the fee does not show which asset is sent. Otherwise the least in the asset that is sent, if
    /// the pool takes it: the public then sees which asset moves, and [`Preview::shows_asset`](crate::plan::Preview::shows_asset) says so.
    #[default]
    Least,
    /// The least that the pool takes in this asset.
    LeastIn(AssetId),
    /// So much; at least the pool's least.
    Exactly {
        /// The asset.
        asset: AssetId,
        /// The fee.
        value: Value,
    },
}

/// How much to move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// This much, and the fee beside it.
    Exactly(Value),
    /// All there is of the asset, less the fee if that is paid in it.
    All,
}

impl From<Value> for Quantity {
    fn from(value: Value) -> Self {
        Self::Exactly(value)
    }
}

/// What to do.
#[derive(Clone, Debug)]
pub enum Action {
    /// Pay one or more addresses, in one asset, or in two of which one is the fee's.
    Pay {
        /// The payments; the order does not show.
        payments: Vec<Payment>,
        /// The fee.
        fee: FeeChoice,
    },
    /// Pay all that can be spent of an asset to one address, in one transaction: what an owner does who leaves.
    PayAll {
        /// The address.
        to: Box<Address>,
        /// The asset.
        asset: AssetId,
        /// What to tell the payee.
        memo: Memo,
        /// The fee. Paid in the asset itself, it comes off what is paid.
        fee: FeeChoice,
    },
    /// Move from a transparent account into the pool. It declares no fee: what the pool asks is paid on the host's
    /// side, by the payer.
    Shield {
        /// The transparent account, which has to authorise the deposit.
        payer: TransparentAccount,
        /// The asset.
        asset: AssetId,
        /// How much. All that fits takes `available`.
        value: Quantity,
        /// What the transparent account holds, by asset, as the host knows it. What is not listed, it holds nothing of. A
        /// deposit that the account cannot pay is refused before anything is proven. `None` if the host does not know:
        /// then the chain refuses it.
        available: Option<BTreeMap<AssetId, Value>>,
        /// To whom; `None` for an address of the account's own.
        to: Option<Box<Address>>,
        /// What to tell the payee.
        memo: Memo,
    },
    /// Move out of the pool to a transparent account.
    Withdraw {
        /// The transparent account.
        recipient: TransparentAccount,
        /// The asset.
        asset: AssetId,
        /// How much.
        value: Quantity,
        /// The fee.
        fee: FeeChoice,
    },
    /// Join the smallest notes of an asset into one.
    Consolidate {
        /// The asset.
        asset: AssetId,
        /// The fee.
        fee: FeeChoice,
    },
}
