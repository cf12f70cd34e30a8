//! The material of grants and disclosures: openings of notes that an account received or sent, with their place in
//! the tree. Keys come from [`crate::account::Account::full_viewing_key`] and
//! [`crate::account::SpendingKeys::authorizing_key`].

use louver_core::{
    note::Note,
    store::StoreError,
    transaction::TxId,
    tree::{Anchor, MerklePath},
};
use thiserror::Error;

use crate::{
    account::AccountNumber,
    history::{self, OutputKind, Status},
    note,
    tree::{Tree, TreeError},
    wallet::Wallet,
};

/// Why a note was not opened.
#[derive(Debug, Error)]
pub enum OpeningError {
    /// The account has no such transaction, or cannot read that output.
    #[error("the account knows nothing of that output")]
    Unknown,
    /// The transaction is not in a block.
    #[error("the transaction is in no block")]
    NotMined,
    /// The transaction was not read in full yet.
    #[error("the transaction was not read in full yet: synchronise the wallet first")]
    Partial,
    /// The tree does not know the note's path.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An opened note: everything that its commitment hides, and the commitment's position.
#[derive(Clone, Debug)]
pub struct NoteOpening {
    /// The note.
    pub note: Note,
    /// Whether the account received it, kept it as change, or sent it.
    pub kind: OutputKind,
    /// The transaction that created it.
    pub txid: TxId,
    /// The height of that transaction's block.
    pub height: u32,
    /// The leaf's path to the root.
    pub path: MerklePath,
    /// The root.
    pub anchor: Anchor,
    /// The block after which the tree has that root.
    pub anchor_height: u32,
}

/// The side of a payment that the account is shown on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentSide {
    /// The account paid.
    Payer,
    /// The account was paid.
    Payee,
}

/// A payment that is opened from one side.
#[derive(Clone, Debug)]
pub struct PaymentOpening {
    /// The side.
    pub side: PaymentSide,
    /// The note.
    pub opening: NoteOpening,
}

impl Wallet {
    /// The payments of a mined transaction, opened for a disclosure: all that the account knows, or one output. Empty
    /// if the account neither paid anybody nor received anything in it.
    ///
    /// A payment of the account to itself is opened from both sides, so that no reader takes it for income.
    ///
    /// # Errors
    /// [`OpeningError`] if the account does not know the transaction, or cannot open a payment of it yet.
    pub fn open_payments(
        &self,
        account: AccountNumber,
        txid: TxId,
        output: Option<u8>,
    ) -> Result<Vec<PaymentOpening>, OpeningError> {
        let entry = history::find(&self.overlay(), account, txid)?.ok_or(OpeningError::Unknown)?;
        let mut opened = Vec::new();
        for found in entry.outputs.iter().filter(|found| output.is_none_or(|output| output == found.index)) {
            let sides: &[PaymentSide] = match found.kind {
                OutputKind::Sent => &[PaymentSide::Payer],
                OutputKind::Received if entry.authorised => &[PaymentSide::Payee, PaymentSide::Payer],
                OutputKind::Received => &[PaymentSide::Payee],
                OutputKind::Change => continue,
            };
            let opening = self.open_note(account, txid, found.index)?;
            opened.extend(sides.iter().map(|side| PaymentOpening { side: *side, opening: opening.clone() }));
        }
        Ok(opened)
    }

    /// Opens output `index` of one of an account's mined transactions.
    pub fn open_note(
        &self,
        account: AccountNumber,
        txid: TxId,
        index: u8,
    ) -> Result<NoteOpening, OpeningError> {
        let overlay = self.overlay();
        let entry = history::find(&overlay, account, txid)?.ok_or(OpeningError::Unknown)?;
        let (Status::Mined { height, .. }, Some(first)) = (entry.status, entry.first_position) else {
            return Err(OpeningError::NotMined);
        };
        let Some(output) = entry.outputs.iter().find(|output| output.index == index) else {
            return Err(if entry.complete { OpeningError::Unknown } else { OpeningError::Partial });
        };
        let opened = match output.kind {
            OutputKind::Sent => note::sent(&overlay, output.commitment)?,
            OutputKind::Received | OutputKind::Change => {
                note::get(&overlay, output.commitment)?.map(|owned| owned.note)
            }
        };
        let tree = Tree::load(&overlay)?;
        let anchor_height = self.position()?.height;
        Ok(NoteOpening {
            note: opened.ok_or(OpeningError::Unknown)?,
            kind: output.kind,
            txid,
            height,
            path: tree.path(first + u32::from(index), anchor_height)?,
            anchor: tree.anchor(anchor_height)?,
            anchor_height,
        })
    }
}
