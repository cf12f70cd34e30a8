//! The material of grants and disclosures: openings of notes that an account received or sent, with their place in
//! the tree. Keys come from [`crate::account::Account::full_viewing_key`] and
//! [`crate::account::SpendingKeys::authorizing_key`].

use louver_core::{
    asset::AssetId,
    encoding::Decode,
    note::{Note, SpendTag},
    store::StoreError,
    transaction::{Effects, PublicSide, Transaction, TxId},
    tree::{Anchor, MerklePath},
};
use thiserror::Error;

use crate::{
    account::{AccountError, AccountNumber},
    history::{self, HistoryEntry, OutputKind, Status},
    note,
    tree::{Tree, TreeError},
    wallet::Wallet,
};

/// Why a note was not opened.
#[derive(Debug, Error)]
pub enum OpeningError {
    /// The wallet has no such account.
    #[error(transparent)]
    Account(#[from] AccountError),
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
    /// That transaction's spend tag.
    pub spend_tag: SpendTag,
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

/// A deposit or a withdrawal that an account made, opened for a disclosure.
#[derive(Clone, Debug)]
pub struct CrossingOpening {
    /// The transaction.
    pub txid: TxId,
    /// Its spend tag.
    pub spend_tag: SpendTag,
    /// The height of its block.
    pub height: u32,
    /// An output of it that the account can open.
    pub output: KnownOutput,
}

/// An output that an account can open.
#[derive(Clone, Debug)]
pub enum KnownOutput {
    /// A note.
    Note(Box<Note>),
    /// A dummy of the account's.
    Dummy {
        /// The transaction's effects.
        effects: Box<Effects>,
        /// The output's index.
        index: u8,
        /// The asset that the transaction moves.
        main: AssetId,
    },
}

impl Wallet {
    /// The deposit or withdrawal that a mined transaction of the account is; `None` if it is neither, or if another account
    /// made it.
    ///
    /// # Errors
    /// [`OpeningError`] if the account does not know the transaction, or can open none of its outputs: after a restore, a
    /// withdrawal of everything has none that it could.
    pub fn open_crossing(
        &self,
        account: AccountNumber,
        txid: TxId,
    ) -> Result<Option<CrossingOpening>, OpeningError> {
        self.account(account)?;
        let entry = history::find(&self.overlay(), account, txid)?.ok_or(OpeningError::Unknown)?;
        let Status::Mined { height, .. } = entry.status else { return Err(OpeningError::NotMined) };
        if !entry.authorised || entry.side == PublicSide::Internal {
            return Ok(None);
        }
        let note = |index| {
            let opened = self.open_note(account, txid, index)?;
            Ok::<_, OpeningError>(KnownOutput::Note(Box::new(opened.note)))
        };
        // Output 0 wherever the account can open it, so that the index does not tell dummies from notes.
        let output = match entry.outputs.first() {
            Some(known) if known.index == 0 => note(0)?,
            Some(known) => match self.own_dummy(&entry) {
                Ok(dummy @ KnownOutput::Dummy { index: 0, .. }) => dummy,
                _ => note(known.index)?,
            },
            None => self.own_dummy(&entry)?,
        };
        Ok(Some(CrossingOpening { txid, spend_tag: entry.spend_tag, height, output }))
    }

    /// A dummy output of a deposit or withdrawal that this wallet signed.
    fn own_dummy(&self, entry: &HistoryEntry) -> Result<KnownOutput, OpeningError> {
        let signed = entry.signed.as_ref().ok_or(OpeningError::Unknown)?;
        let transaction = Transaction::from_bytes(&signed.bytes).map_err(|_| OpeningError::Unknown)?;
        let effects = transaction.effects();
        let account = self.account(entry.account)?;
        let dummies = effects.dummy_outputs(account.full_viewing_key());
        let index = *dummies.first().ok_or(OpeningError::Unknown)?;
        // The asset that crosses the border is the main one.
        let main = entry.side.asset();
        Ok(KnownOutput::Dummy { effects: Box::new(effects.clone()), index, main })
    }

    /// The payments of a mined transaction, opened for a disclosure: all that the account knows, or one output. Empty
    /// if the account neither paid anybody nor received anything in it.
    ///
    /// A payment of the account to itself is opened from the side of the payee: a proof from that side says that the
    /// account paid itself, so that no reader takes it for income.
    ///
    /// # Errors
    /// [`OpeningError`] if the account does not know the transaction, or cannot open a payment of it yet.
    pub fn open_payments(
        &self,
        account: AccountNumber,
        txid: TxId,
        output: Option<u8>,
    ) -> Result<Vec<PaymentOpening>, OpeningError> {
        self.account(account)?;
        let entry = history::find(&self.overlay(), account, txid)?.ok_or(OpeningError::Unknown)?;
        let mut opened = Vec::new();
        for found in entry.outputs.iter().filter(|found| output.is_none_or(|output| output == found.index)) {
            let side = match found.kind {
                OutputKind::Sent => PaymentSide::Payer,
                OutputKind::Received => PaymentSide::Payee,
                OutputKind::Change => continue,
            };
            opened.push(PaymentOpening { side, opening: self.open_note(account, txid, found.index)? });
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
        self.account(account)?;
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
            spend_tag: entry.spend_tag,
            height,
            path: tree.path(first + u32::from(index), anchor_height)?,
            anchor: tree.anchor(anchor_height)?,
            anchor_height,
        })
    }
}
