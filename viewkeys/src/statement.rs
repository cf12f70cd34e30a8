//! `[statement-file]`: one sentence about an account, proven without showing what it rests on: that an address is its own,
//! that a note was not spent, that it held so much of an asset at a snapshot, that so much came to it in some months.
//!
//! | step | by |
//! | --- | --- |
//! | the account proves and signs | [`StatementRequest::make`] |
//! | the reader looks up what the file names | [`Says`], [`LedgerFacts`] |
//! | he builds the claims from the file's words, and checks the proofs | [`StatementFile::verify`] |

mod claims;
mod codec;
mod making;
mod run;
mod verdict;
mod verify;
pub mod words;

use louver_core::{
    address::Address,
    asset::AssetId,
    disclosure::{Run, ShownSum},
    epoch::EpochRange,
    proof::Proof,
    transaction::TxId,
    value::Value,
};

pub use claims::StatementProof;
pub use making::{
    MakeStatementError, NumberedSnapshot, PlacedNote, Shows, StatementDraft, StatementRequest, TreeAt,
    UnspentNote,
};
pub use verdict::{SnapshotRead, Stated, StatementGap, StatementSchema, VerifiedStatement};
pub use verify::{LedgerFacts, StatementError, StatementReading};

use crate::signed::Signed;

/// A statement about an account, signed by the account, for one reader.
pub type StatementFile = Signed<Assertion>;

/// The body of a statement.
#[derive(Clone, PartialEq, Eq)]
pub struct Assertion {
    pub(super) says: Says,
    /// The commitments between the proofs, of a statement about a sum.
    pub(super) run: Option<Run>,
    /// The proofs: one, or as many as the run has.
    pub(super) proofs: Vec<Proof>,
}

/// The words of a statement. Everything that its proofs are checked against follows from them and from the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "there are few of them, and none is kept in a list")]
pub enum Says {
    /// The account alone can spend what is paid to an address.
    Address(Address),
    /// The account held a note at a snapshot, and had not spent it then.
    Unspent {
        /// The height of the block that the note's transaction is in.
        height: u32,
        /// The transaction.
        txid: TxId,
        /// The output's index.
        output: u8,
        /// The snapshot, by its index among those that the chain's state has taken in.
        snapshot: u32,
    },
    /// The account held at least so much of an asset at a snapshot.
    Holdings {
        /// The asset.
        asset: AssetId,
        /// The amount. It is not zero.
        at_least: Value,
        /// The snapshot, by its index among those that the chain's state has taken in.
        snapshot: u32,
    },
    /// So much of an asset came to addresses that the account gives out, in notes of some epochs.
    Total {
        /// The asset.
        asset: AssetId,
        /// The amount.
        sum: StatedSum,
        /// The epochs.
        epochs: EpochRange,
        /// The block after which all these notes stood in the ledger's tree.
        height: u32,
    },
}

/// An amount that a statement is about. It is not zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatedSum {
    /// At least so much.
    AtLeast(Value),
    /// Exactly so much, in the notes that were counted. There may be others.
    Exactly(Value),
}

impl StatedSum {
    /// The amount.
    pub fn value(self) -> Value {
        let (Self::AtLeast(value) | Self::Exactly(value)) = self;
        value
    }

    fn shown(self) -> ShownSum {
        match self {
            Self::AtLeast(value) => ShownSum::AtLeast(value),
            Self::Exactly(value) => ShownSum::Exactly(value),
        }
    }
}

impl Says {
    /// The asset that it names, for whoever has to learn the asset's name.
    pub fn asset(&self) -> Option<AssetId> {
        match self {
            Self::Address(_) | Self::Unspent { .. } => None,
            Self::Holdings { asset, .. } | Self::Total { asset, .. } => Some(*asset),
        }
    }
}

impl StatementFile {
    /// Its words. Nothing of them is checked before [`StatementFile::verify`].
    pub fn says(&self) -> &Says {
        &self.body.says
    }

    /// How many proofs it has.
    pub fn proofs(&self) -> usize {
        self.body.proofs.len()
    }
}

#[cfg(test)]
mod tests;
