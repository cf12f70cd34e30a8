//! The statements behind disclosure, as native relations: what an account proves of itself without showing its keys.
//!
//! Each speaks of one account, named by its id, under a re-randomised key `rk` that signs what is disclosed. `ak` and
//! `nk` are never shown.

mod absence;
mod account;
mod address;
mod claim;
#[cfg(any(test, feature = "testing"))]
pub mod examples;
mod holdings;
mod keys;
mod note;
mod owned;
mod run;
mod statement;
mod total;
mod transaction;
mod unspent;

pub use absence::AbsenceWitness;
pub use account::{AccountOpening, Randomized};
pub use address::AddressClaim;
pub use claim::Claim;
pub use holdings::{HeldNote, HoldingsClaim};
pub use keys::{AccountKeys, EPOCHS_PER_PROOF, EpochClaim, KeyFlags};
pub use note::{LedgerOutput, NoteClaim, NoteWitness, Receipt, ShownAmount};
pub use owned::{NoteFault, OwnedNote};
pub use run::{
    MOST_PROOFS, NOTES_PER_PROOF, Run, RunCommitment, RunState, RunStep, RunWitness, SUM_BITS, ShownSum,
};
pub use statement::{InputCount, Statement};
pub use total::{ReceivedNote, TotalClaim};
pub use transaction::{OpenedInput, OpenedInputs, TransactionClaim, TransactionWitness};
pub use unspent::{UnspentClaim, UnspentWitness};

use thiserror::Error;

/// The clause that a disclosure statement breaks.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum DisclosureViolation {
    /// The witness is not for as many notes as the statement.
    #[error("the witness is not for as many notes as the statement")]
    Size,
    /// `ak` is not on the curve, or of small order.
    #[error("ak is not on the curve, or of small order")]
    SpendAuthority,
    /// `rk` is not `ak + [alpha] G`.
    #[error("rk does not re-randomise ak")]
    RandomizedKey,
    /// The account id is not that of `ak` and `nk` in this pool.
    #[error("the account id is another account's")]
    AccountId,
    /// The external tag key shown for an epoch is not the account's.
    #[error("the external tag key of claim {0} is not the account's")]
    ExternalTagKey(usize),
    /// The internal tag key shown for an epoch is not the account's.
    #[error("the internal tag key of claim {0} is not the account's")]
    InternalTagKey(usize),
    /// The nullifier key shown for an epoch is not the account's.
    #[error("the nullifier key of claim {0} is not the account's")]
    NullifierKey(usize),
    /// The spend-detection key shown for an epoch is not the account's.
    #[error("the detection key of claim {0} is not the account's")]
    DetectionKey(usize),
    /// The note's asset is not of 56 bits.
    #[error("the note's asset is not of 56 bits")]
    AssetRange,
    /// The note's value is not of 64 bits.
    #[error("the note's value is not of 64 bits")]
    ValueRange,
    /// The note's parts do not open the commitment.
    #[error("the note does not open the commitment")]
    Commitment,
    /// Whether the account paid is neither 0 nor 1.
    #[error("whether the account paid is neither 0 nor 1")]
    PaidBit,
    /// Whether the account received is neither 0 nor 1.
    #[error("whether the account received is neither 0 nor 1")]
    ReceivedBit,
    /// The note's direction is neither 0 nor 1.
    #[error("the note's direction is neither 0 nor 1")]
    DirectionBit,
    /// The account did not make the transaction: the spend tag is not its own.
    #[error("the spend tag is not the account's")]
    SpendTag,
    /// The note is not the account's: the owner tag is not its own.
    #[error("the owner tag is not the account's")]
    OwnerTag,
    /// The account neither paid nor received.
    #[error("the account had no part in the payment")]
    NoSide,
    /// It is said that the account paid, and not proven.
    #[error("it is not proven that the account paid")]
    Paid,
    /// It is said that the account received, and not proven.
    #[error("it is not proven that the account received")]
    Received,
    /// Whether the account paid itself is not as it is said.
    #[error("whether the account paid itself is not as it is said")]
    Own,
    /// The owner tag that is shown is not the note's.
    #[error("the owner tag that is shown is not the note's")]
    ShownTag,
    /// The owner tag is not of the address that is shown.
    #[error("the owner tag is not of the address that is shown")]
    ShownKey,
    /// The asset that is shown is not the note's.
    #[error("the asset that is shown is not the note's")]
    ShownAsset,
    /// The value that is shown is not the note's.
    #[error("the value that is shown is not the note's")]
    ShownValue,
    /// The note's value is below the threshold.
    #[error("the note's value is below the threshold")]
    Threshold,
    /// An input's epoch is not of 16 bits.
    #[error("the epoch of input {0} is not of 16 bits")]
    InputEpochRange(usize),
    /// An input's nullifier is not that of the commitment, or not the account's.
    #[error("input {0} did not spend the note that is opened")]
    InputNullifier(usize),
    /// A clause about the note.
    #[error("the note: {0}")]
    Note(NoteFault),
    /// A clause about one of several notes.
    #[error("note {0}: {1}")]
    NoteOf(usize, NoteFault),
    /// The run does not go on from what the proofs before it have counted.
    #[error("the run does not go on from what was counted before")]
    RunBefore,
    /// The count after the proof is not the one that it is said to be.
    #[error("what has been counted is not what the run goes on with")]
    RunAfter,
    /// The sum is not what is shown of it.
    #[error("the sum is not what is shown of it")]
    Sum,
}

#[cfg(test)]
mod tests;
