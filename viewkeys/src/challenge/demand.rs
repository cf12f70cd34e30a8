use louver_core::{
    asset::AssetId,
    epoch::{Epoch, EpochRange},
    value::Value,
};
use thiserror::Error;

use crate::{
    package::{Part, Side},
    scope::{Directions, Scope},
};

/// The demand of a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// A grant of these directions and epochs at least.
    Grant {
        /// The directions.
        directions: Directions,
        /// The epochs.
        epochs: EpochRange,
    },
    /// A package of payments. Receipts from the account itself, deposits, withdrawals and notes of no value do not count. Notes
    /// that the account paid may be its own change all the same: nothing shows that a recipient is another account.
    Payments {
        /// The epochs that their transactions declare; any if absent.
        epochs: Option<EpochRange>,
        /// The account's side of them; either if absent.
        side: Option<Side>,
        /// Their asset, by its id: anybody can issue another with the same symbol. Any if absent.
        asset: Option<AssetId>,
        /// The amount that they come to at least, together. It goes with an asset.
        at_least: Option<Value>,
    },
}

/// `[challenge-answer]`: what an answer lacks of what was asked for.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shortfall {
    /// The challenge asks for the other kind of file.
    #[error("the challenge asks for another kind of file")]
    Kind,
    /// Not all epochs are shown.
    #[error("not all months that the challenge asks for are shown")]
    Epochs,
    /// Not all directions are shown.
    #[error("not all directions that the challenge asks for are shown")]
    Directions,
    /// No payment is of the epochs, side and asset that were asked for.
    #[error(
        "no payment is shown of the months, the side and the asset with the number that the challenge asks for"
    )]
    NoPayment,
    /// The payments come to less.
    #[error(
        "the payments that the challenge asks for come to {shown} units, and it asks for {asked} at least"
    )]
    Amount {
        /// The amount that was asked for.
        asked: u64,
        /// The amount that is shown.
        shown: u128,
    },
}

/// One output as an answer shows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact {
    /// The epoch that its transaction declares.
    pub(crate) epoch: Epoch,
    /// The account's part in it.
    pub(crate) part: Part,
    /// Its asset and the amount that it has at least; absent for a deposit or a withdrawal.
    pub(crate) amount: Option<(AssetId, Value)>,
}

impl Demand {
    /// Whether a grant of a scope is what was asked for.
    pub(crate) fn met_by_scope(&self, scope: &Scope) -> Result<(), Shortfall> {
        let Self::Grant { directions, epochs } = self else { return Err(Shortfall::Kind) };
        if !scope.epochs().contains(epochs.first()) || !scope.epochs().contains(epochs.last()) {
            return Err(Shortfall::Epochs);
        }
        match scope.directions().has(*directions) {
            true => Ok(()),
            false => Err(Shortfall::Directions),
        }
    }

    /// Whether a book of some epochs is what was asked for.
    pub(crate) fn met_by_book(&self, _: EpochRange) -> Result<(), Shortfall> {
        match self {
            Self::Grant { .. } | Self::Payments { .. } => Err(Shortfall::Kind),
        }
    }

    /// Whether payments that are shown are what was asked for.
    pub(crate) fn met_by_payments(&self, shown: &[Fact]) -> Result<(), Shortfall> {
        let Self::Payments { epochs, side, asset, at_least } = self else { return Err(Shortfall::Kind) };
        let counts = |fact: &Fact| {
            let (asset_shown, value) = fact.amount?;
            let is_asked = epochs.is_none_or(|epochs| epochs.contains(fact.epoch))
                && fact.part != Part::Received { own: true }
                && value != Value::ZERO
                && side.is_none_or(|side| fact.part.side() == side)
                && asset.is_none_or(|asset| asset == asset_shown);
            is_asked.then_some(u128::from(value.0))
        };
        let amounts: Vec<u128> = shown.iter().filter_map(counts).collect();
        if amounts.is_empty() {
            return Err(Shortfall::NoPayment);
        }
        let shown: u128 = amounts.iter().sum();
        match at_least {
            Some(Value(asked)) if shown < u128::from(*asked) => {
                Err(Shortfall::Amount { asked: *asked, shown })
            }
            _ => Ok(()),
        }
    }
}
