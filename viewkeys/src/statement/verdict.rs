//! `[statement-verdict]`: a statement that was checked, as data for programs.

use louver_core::{
    address::Address,
    asset::{AssetId, KnownAssets},
    epoch::{EpochRange, EpochSchedule},
    value::Value,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{NumberedSnapshot, StatedSum, TreeAt};
use crate::{
    package::OnLedger,
    report::{Amount, Assurance, Ground, Moment, Place, Span},
    reserves::Holding,
    signed::Binding,
};

/// The schema of [`VerifiedStatement`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum StatementSchema {
    /// The first version.
    #[serde(rename = "louver.statement-report/1")]
    V1,
}

/// A statement that was checked against the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VerifiedStatement {
    /// The schema of this object.
    pub schema: StatementSchema,
    /// The chain that was read, and how its reader came to trust it.
    pub chain: Ground,
    /// The file's words about itself, and those that were demanded.
    #[serde(flatten)]
    pub binding: Binding,
    /// How far the statement can be relied on. It is GUARANTEED if the reader chose the chain, as the file would be refused
    /// otherwise.
    pub assurance: Assurance,
    /// The statement.
    pub stated: Stated,
    /// The gaps of such a statement.
    pub unverified: Vec<StatementGap>,
    #[serde(skip)]
    pub(super) holding: Option<Holding>,
}

impl VerifiedStatement {
    /// The account's holdings, if the statement is about them: what can stand against debts (`[reserves-backing]`).
    pub fn holding(&self) -> Option<&Holding> {
        self.holding.as_ref()
    }
}

/// A snapshot of notes and nullifiers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SnapshotRead {
    /// Its index among those that the chain's state has taken in.
    pub index: u32,
    /// The period that was over.
    pub period: Span,
    /// The block after which it was taken.
    pub height: u32,
    /// That block's time: the time of the snapshot. It is not midnight.
    pub time: Moment,
}

/// The contents of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Stated {
    /// The account alone can spend what is paid to an address.
    Address {
        /// The address.
        address: String,
        /// The period that it is of.
        period: Span,
        /// The first second in which payers are asked for a newer address; absent if it never expires.
        valid_until: Option<Moment>,
        /// The first second in which no block pays it any more; absent if it never expires.
        payable_until: Option<Moment>,
    },
    /// The account held a note at a snapshot, and had not spent it then.
    Unspent {
        /// The transaction that made the note.
        place: Place,
        /// The output's index.
        output: u8,
        /// The snapshot.
        snapshot: SnapshotRead,
    },
    /// The account held at least so much.
    Holdings {
        /// The amount, with its asset.
        at_least: Amount,
        /// The snapshot.
        snapshot: SnapshotRead,
    },
    /// So much came to addresses that the account gives out.
    Total {
        /// The amount, with its asset.
        amount: Amount,
        /// Whether the notes that were counted come to exactly that; else to at least that.
        exactly: bool,
        /// The periods that the notes are of.
        periods: Span,
        /// The block after which all the notes were there.
        height: u32,
        /// That block's time.
        time: Moment,
    },
}

/// Something that a statement does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StatementGap {
    /// The owner of the account.
    Owner,
    /// Whether the address was given to anybody, or paid.
    AddressUse,
    /// The note's asset and amount.
    NoteAmount,
    /// Everything that happened since the snapshot.
    SinceSnapshot,
    /// Whether the money is the owner's to keep: it may be borrowed.
    Borrowed,
    /// How much more there was.
    More,
    /// Whether the account paid itself, and counts the same money several times.
    OwnMoney,
    /// Other notes of the same periods.
    OtherNotes,
    /// Whether what came in is still there.
    Spent,
    /// Whether the chain's transactions were valid.
    Validity,
}

impl StatementGap {
    pub(super) fn of(stated: &Stated) -> Vec<Self> {
        let own: &[Self] = match stated {
            Stated::Address { .. } => &[Self::AddressUse],
            Stated::Unspent { .. } => &[Self::NoteAmount, Self::SinceSnapshot],
            Stated::Holdings { .. } => &[Self::SinceSnapshot, Self::Borrowed, Self::More],
            Stated::Total { exactly: true, .. } => &[Self::OwnMoney, Self::OtherNotes, Self::Spent],
            Stated::Total { exactly: false, .. } => &[Self::OwnMoney, Self::More, Self::Spent],
        };
        let ledger = (!matches!(stated, Stated::Address { .. })).then_some(Self::Validity);
        own.iter().copied().chain([Self::Owner]).chain(ledger).collect()
    }
}

impl SnapshotRead {
    fn new(snapshot: &NumberedSnapshot, schedule: &EpochSchedule) -> Self {
        let entry = &snapshot.entry;
        Self {
            index: snapshot.index,
            period: span(entry.epoch, schedule),
            height: entry.height,
            time: Moment::new(entry.time),
        }
    }
}

fn span(epoch: louver_core::epoch::Epoch, schedule: &EpochSchedule) -> Span {
    Span { first: epoch.0, last: epoch.0, name: schedule.name(epoch) }
}

pub(super) fn address(address: &Address, schedule: &EpochSchedule) -> Stated {
    let epoch = address.epoch();
    Stated::Address {
        address: address.to_string(),
        period: span(epoch, schedule),
        valid_until: schedule.ends(epoch).map(Moment::new),
        payable_until: schedule.payable_until(epoch).map(Moment::new),
    }
}

pub(super) fn unspent(
    found: &OnLedger,
    output: u8,
    snapshot: &NumberedSnapshot,
    schedule: &EpochSchedule,
) -> Stated {
    let place = Place {
        height: found.height,
        time: Moment::new(found.time),
        txid: found.txid.to_string(),
        declared: found.declared.clone(),
    };
    Stated::Unspent { place, output, snapshot: SnapshotRead::new(snapshot, schedule) }
}

pub(super) fn holdings(
    (asset, at_least): (AssetId, Value),
    snapshot: &NumberedSnapshot,
    assets: &KnownAssets,
    schedule: &EpochSchedule,
) -> Stated {
    let at_least = Amount::new(asset, at_least, assets);
    Stated::Holdings { at_least, snapshot: SnapshotRead::new(snapshot, schedule) }
}

pub(super) fn total(
    (asset, sum): (AssetId, StatedSum),
    epochs: EpochRange,
    tree: &TreeAt,
    assets: &KnownAssets,
    schedule: &EpochSchedule,
) -> Stated {
    Stated::Total {
        amount: Amount::new(asset, sum.value(), assets),
        exactly: matches!(sum, StatedSum::Exactly(_)),
        periods: Span::new(epochs, *schedule),
        height: tree.height,
        time: Moment::new(tree.time),
    }
}
