use louver_core::{
    address::Address,
    asset::AssetId,
    calendar::moment,
    epoch::{Epoch, EpochRange},
    transaction::TxId,
    value::Value,
};
use thiserror::Error;

use crate::{
    package::{Part, Side},
    scope::{Directions, Scope},
    statement::Says,
};

/// The demand of a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "there are few of them, and none is kept in a list")]
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
    /// A statement that an address is the account's.
    Address(Address),
    /// A statement that a note was not spent.
    Unspent {
        /// The transaction that made the note.
        txid: TxId,
        /// The output's index.
        output: u8,
        /// The snapshot is not of an earlier time, in seconds since 1970.
        since: u64,
    },
    /// A statement that the account held at least so much of an asset.
    Holdings {
        /// The asset, by its id.
        asset: AssetId,
        /// The amount. It is not zero.
        at_least: Value,
        /// The snapshot is not of an earlier time, in seconds since 1970.
        since: u64,
    },
    /// A statement that at least so much of an asset came to the account in some epochs. It may be the account's own money.
    Total {
        /// The asset, by its id.
        asset: AssetId,
        /// The amount. It is not zero.
        at_least: Value,
        /// The epochs. No note of another one counts.
        epochs: EpochRange,
    },
    /// A book of these epochs at least.
    Book {
        /// The epochs.
        epochs: EpochRange,
    },
}

impl Demand {
    /// The asset that it names.
    pub fn asset(&self) -> Option<AssetId> {
        match self {
            Self::Grant { .. } | Self::Address(_) | Self::Unspent { .. } | Self::Book { .. } => None,
            Self::Payments { asset, .. } => *asset,
            Self::Holdings { asset, .. } | Self::Total { asset, .. } => Some(*asset),
        }
    }

    /// Whether it asks for a statement.
    pub fn is_statement(&self) -> bool {
        match self {
            Self::Grant { .. } | Self::Payments { .. } | Self::Book { .. } => false,
            Self::Address(_) | Self::Unspent { .. } | Self::Holdings { .. } | Self::Total { .. } => true,
        }
    }
}

/// The words of a statement, and the time of the snapshot that it is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stating {
    pub(crate) says: Says,
    pub(crate) snapshot_time: Option<u64>,
}

/// `[challenge-answer]`: what an answer lacks of what was asked for.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shortfall {
    /// The challenge asks for the other kind of file.
    #[error("the challenge asks for another kind of file, or for another statement")]
    Kind,
    /// The statement is about another address.
    #[error("the challenge asks about another address")]
    Address,
    /// The statement is about another note.
    #[error("the challenge asks about another note")]
    Note,
    /// The statement is about another asset.
    #[error("the challenge asks for the asset with the number {asked}, and another one is shown")]
    Asset {
        /// The asset that was asked for.
        asked: AssetId,
    },
    /// The statement is about less.
    #[error("the challenge asks for at least {asked} units, and the statement is about {stated}")]
    Stated {
        /// The amount that was asked for.
        asked: u64,
        /// The amount of the statement.
        stated: u64,
    },
    /// The snapshot is older than the challenge allows.
    #[error("the challenge asks for a snapshot of {} or later, and an older one is shown", moment(*since))]
    Older {
        /// The earliest time, in seconds since 1970.
        since: u64,
    },
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
        covers(scope.epochs(), *epochs)?;
        match scope.directions().has(*directions) {
            true => Ok(()),
            false => Err(Shortfall::Directions),
        }
    }

    /// Whether a book of some epochs is what was asked for.
    pub(crate) fn met_by_book(&self, shown: EpochRange) -> Result<(), Shortfall> {
        let Self::Book { epochs } = self else { return Err(Shortfall::Kind) };
        covers(shown, *epochs)
    }

    /// Whether a statement is what was asked for. The ids of assets are compared, not their symbols.
    pub(crate) fn met_by_statement(&self, stating: &Stating) -> Result<(), Shortfall> {
        let of_asset = |asked: AssetId, shown: AssetId| match asked == shown {
            true => Ok(()),
            false => Err(Shortfall::Asset { asked }),
        };
        let of_amount = |asked: Value, stated: Value| match stated >= asked {
            true => Ok(()),
            false => Err(Shortfall::Stated { asked: asked.0, stated: stated.0 }),
        };
        let not_older = |since: u64| match stating.snapshot_time {
            Some(time) if time >= since => Ok(()),
            _ => Err(Shortfall::Older { since }),
        };
        match (self, &stating.says) {
            (Self::Address(asked), Says::Address(shown)) if asked == shown => Ok(()),
            (Self::Address(_), Says::Address(_)) => Err(Shortfall::Address),
            (Self::Unspent { txid: asked, output: index, since }, Says::Unspent { txid, output, .. }) => {
                match (asked, index) == (txid, output) {
                    true => not_older(*since),
                    false => Err(Shortfall::Note),
                }
            }
            (
                Self::Holdings { asset: asked, at_least: least, since },
                Says::Holdings { asset, at_least, .. },
            ) => {
                of_asset(*asked, *asset)?;
                of_amount(*least, *at_least)?;
                not_older(*since)
            }
            (
                Self::Total { asset: asked, at_least, epochs: months },
                Says::Total { asset, sum, epochs, .. },
            ) => {
                of_asset(*asked, *asset)?;
                of_amount(*at_least, sum.value())?;
                covers(*months, *epochs)
            }
            _ => Err(Shortfall::Kind),
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

/// Whether all epochs that are asked for are shown.
fn covers(shown: EpochRange, asked: EpochRange) -> Result<(), Shortfall> {
    match shown.contains(asked.first()) && shown.contains(asked.last()) {
        true => Ok(()),
        false => Err(Shortfall::Epochs),
    }
}
