//! The entries of a book as its file has them.

use louver_core::{
    address::{Diversifier, OwnerTag},
    agreement::Element,
    asset::AssetId,
    proof::Proof,
    secret::Secret,
    spec::Fr,
    transaction::TxId,
    value::Value,
};

use crate::package::OutputOpening;

/// A transaction that the account made, opened whole.
pub struct BookTransaction {
    /// The transaction.
    pub txid: TxId,
    /// Every input, in the order of the nullifiers; a dummy has value 0.
    pub inputs: Vec<OutputOpening>,
    /// Every output, in its order on the ledger.
    pub outputs: Vec<BookOutput>,
    /// `[transaction-opening]`
    pub proof: Proof,
}

/// An output of a transaction that the account made.
pub enum BookOutput {
    /// An output of value 0: a dummy.
    Empty {
        /// Its owner tag.
        tag: OwnerTag,
        /// Its asset, which the transaction moves.
        asset: AssetId,
        /// The commitment's randomness.
        rcm: Secret<Fr>,
    },
    /// A note of the account's own: change, or a payment to itself.
    Own {
        /// Its asset.
        asset: AssetId,
        /// Its value.
        value: Value,
        /// `[note-opening]`
        proof: Proof,
    },
    /// A note that the account says it paid to somebody else.
    Paid {
        /// Its asset.
        asset: AssetId,
        /// Its value.
        value: Value,
        /// The recipient.
        recipient: Recipient,
    },
}

/// The recipient of a payment.
pub enum Recipient {
    /// He is not shown. The proof of `[note-opening]` shows the amount.
    Hidden(Proof),
    /// His address, and the seed that opens the note.
    Shown {
        /// The address's diversifier.
        diversifier: Diversifier,
        /// The address's transmission key.
        pk_d: Element,
        /// The address's owner tag.
        tag: OwnerTag,
        /// The random seed of the note.
        rseed: Secret<[u8; 32]>,
    },
}

/// A note that came from another account.
pub struct BookReceipt {
    /// The transaction.
    pub txid: TxId,
    /// The output's index.
    pub output: u8,
    /// The note's asset.
    pub asset: AssetId,
    /// The note's value.
    pub value: Value,
    /// `[note-opening]`
    pub proof: Proof,
}

/// A note from before the first epoch of the book.
pub struct OpeningNote {
    /// The note.
    pub note: OutputOpening,
    /// `[unspent]` at the snapshot of the epoch before. Without it the note counts only if the book spends it, or if the book
    /// before hands it on.
    pub proof: Option<Proof>,
}
