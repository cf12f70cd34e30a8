//! The clauses by the names under which they fail.

use thiserror::Error;

/// A clause of the transfer statement that a witness does not meet.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum Violation {
    /// Not as many inputs and outputs as the shape has.
    #[error("not as many inputs and outputs as the shape has")]
    Size,
    /// `[transfer-input]` Else a note of a later kind could be opened as one of version 1.
    #[error("input {input}: the note's index is not of 8 bits")]
    InputIndexRange {
        /// Which input.
        input: usize,
    },
    /// `[transfer-input]` Else a note could be opened with other keys, and spent twice.
    #[error("input {input}: the note's epoch is not of 16 bits")]
    InputEpochRange {
        /// Which input.
        input: usize,
    },
    /// `[transfer-input]` Else a note of the next epoch could be spent inside the grace window.
    #[error("input {input}: the note is of a later epoch than the transaction")]
    InputEpochOrder {
        /// Which input.
        input: usize,
    },
    /// `[transfer-input]` Else one asset could be spent as another.
    #[error("input {input}: neither of the main nor of the fee's asset")]
    InputAsset {
        /// Which input.
        input: usize,
    },
    /// `[transfer-input]` Else a note could be opened with another asset and a greater value.
    #[error("input {input}: the value is not of 64 bits")]
    InputValueRange {
        /// Which input.
        input: usize,
    },
    /// `[transfer-input]` Else a reader of a grant could spend what she reads, by an element between her own tag keys
    /// and beyond that gives the owner's.
    #[error("input {input}: neither of the external nor of the internal tag key")]
    InputDirection {
        /// Which input.
        input: usize,
    },
    /// `[transfer-input]` Else a note that nobody made could be spent.
    #[error("input {input}: the path breaks at level {level}")]
    InputPath {
        /// Which input.
        input: usize,
        /// How many levels above the leaf.
        level: usize,
    },
    /// `[transfer-input]` Else a note from a tree of the spender's own could be spent.
    #[error("input {input}: a note of non-zero value does not stand under the anchor")]
    InputRoot {
        /// Which input.
        input: usize,
    },
    /// `[transfer-input]` Else a note could be spent again and again.
    #[error("input {input}: the nullifier is not the note's")]
    InputNullifier {
        /// Which input.
        input: usize,
    },
    /// `[transfer-account]` Else the key's keys could be chosen freely.
    #[error("the account's key is not on the curve")]
    AccountKeyOffCurve,
    /// `[transfer-account]` Else anybody could sign for the account.
    #[error("the account's key is of small order")]
    AccountKeySmallOrder,
    /// `[transfer-account]` Else a key of another could sign.
    #[error("rk does not re-randomise the account's key")]
    RandomizedKey,
    /// `[transfer-output]` Else one asset could be turned into another.
    #[error("output {output}: neither of the main nor of the fee's asset")]
    OutputAsset {
        /// Which output.
        output: usize,
    },
    /// `[transfer-output]` Else a negative output could pay for another: inflation.
    #[error("output {output}: the value is not of 64 bits")]
    OutputValueRange {
        /// Which output.
        output: usize,
    },
    /// `[transfer-output]` Else a leaf could hold anything.
    #[error("output {output}: the commitment is not the note's")]
    OutputCommitment {
        /// Which output.
        output: usize,
    },
    /// `[transfer-balance]` Else value could be made or lost.
    #[error("the main asset does not balance")]
    BalanceMain,
    /// `[transfer-balance]` Else value could be made or lost.
    #[error("the fee's asset does not balance")]
    BalanceFee,
    /// `[transfer-balance]` Else one asset could be turned into another.
    #[error("value passes between two different assets")]
    Exchange,
    /// `[transfer-balance]` Else one asset could leave the pool as another.
    #[error("the public value is not of the main asset")]
    PublicAsset,
    /// `[transfer-balance]` Else a note of a later class could be opened as one of version 1.
    #[error("the main asset is not of 56 bits")]
    MainRange,
    /// `[transfer-spend-tag]` Else an owner could hide a transaction from her auditor.
    #[error("the spend tag is not the account's")]
    SpendTag,
    /// `[audited-transfer]` Else the sums by which the circuit multiplies the auditor key could be undefined, and come out as
    /// anything.
    #[error("the secret of the audit ciphertext is not wide")]
    AuditSecretRange,
    /// `[audited-transfer]` Else everybody would know the keystream.
    #[error("the shared secret of the audit ciphertext is the identity")]
    AuditSharedIdentity,
    /// `[audited-transfer]` Else the auditors would compute another keystream than the payer.
    #[error("epk is not the multiple of the base by the secret of the audit ciphertext")]
    AuditEphemeralKey,
    /// `[audited-transfer]` Else auditors would read what is not so, or nothing.
    #[error("element {element} of the audit ciphertext does not encrypt what the transaction does")]
    AuditElement {
        /// Which element.
        element: usize,
    },
}
