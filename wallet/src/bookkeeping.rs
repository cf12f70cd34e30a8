//! The material of an account's books: everything that a wallet knows of the transactions of some epochs.

use louver_core::{
    encoding::Decode,
    epoch::EpochRange,
    note::{Note, NoteCommitment, SpendTag},
    store::{Overlay, StoreError},
    transaction::{Effects, Transaction, TxId},
};

use crate::{
    account::AccountNumber,
    disclosure::OpeningError,
    history::{self, HistoryEntry, OutputKind, Status},
    note::{self, SpendState},
    statement::AccountNote,
    wallet::Wallet,
};

/// Everything that a wallet knows of an account's transactions in some epochs.
#[derive(Clone, Debug)]
pub struct BookMaterial {
    /// The transactions that the account made, in the order of the ledger.
    pub made: Vec<MadeEntry>,
    /// The notes that came from other accounts, in the order of the ledger.
    pub received: Vec<ReceivedEntry>,
    /// The notes from before these epochs that were not spent before or in them.
    pub before: Vec<AccountNote>,
}

/// A mined transaction that the account made.
#[derive(Clone, Debug)]
pub struct MadeEntry {
    /// Its id.
    pub txid: TxId,
    /// The height of its block.
    pub height: u32,
    /// Its effects; `None` if this wallet did not make it, as after a restore. They are in the block.
    pub effects: Option<Effects>,
    /// The notes of the account that it spends.
    pub spent: Vec<Note>,
    /// Its outputs that the account can open.
    pub outputs: Vec<Note>,
}

/// A note that came from another account.
#[derive(Clone, Debug)]
pub struct ReceivedEntry {
    /// Its transaction.
    pub txid: TxId,
    /// That transaction's spend tag.
    pub spend_tag: SpendTag,
    /// The note.
    pub note: Note,
}

impl Wallet {
    /// The material of an account's book of some epochs, from mined transactions alone.
    ///
    /// # Errors
    /// [`OpeningError::Partial`] if a transaction was not read in full yet, [`OpeningError::Account`] if there is no such
    /// account, and those of the store.
    pub fn book_material(
        &self,
        account: AccountNumber,
        epochs: EpochRange,
    ) -> Result<BookMaterial, OpeningError> {
        self.account(account)?;
        let overlay = self.overlay();
        let mut mined: Vec<_> = self
            .history(account)?
            .into_iter()
            .filter_map(|entry| match entry.status {
                Status::Mined { height, .. } => Some((height, entry)),
                _ => None,
            })
            .filter(|(_, entry)| epochs.contains(entry.epoch))
            .collect();
        mined.sort_by_key(|(height, entry)| (*height, entry.first_position));
        let (mut made, mut received) = (Vec::new(), Vec::new());
        for (height, entry) in mined {
            match entry.authorised {
                true if !entry.complete => return Err(OpeningError::Partial),
                true => made.push(made_entry(&overlay, height, &entry)?),
                false => {
                    let (txid, spend_tag) = (entry.txid, entry.spend_tag);
                    let notes = owned(&overlay, entry.outputs.iter().map(|output| output.commitment))?;
                    received.extend(notes.into_iter().map(|note| ReceivedEntry { txid, spend_tag, note }));
                }
            }
        }
        let mut held = Vec::new();
        for note in note::of_account(&overlay, account)? {
            let is_spent = match note.state {
                SpendState::Spent { entry, .. } => {
                    history::get(&overlay, entry)?.is_some_and(|entry| entry.epoch <= epochs.last())
                }
                SpendState::Unspent | SpendState::InFlight { .. } => false,
            };
            if note.epoch < epochs.first() && !is_spent {
                held.extend(self.account_note(&overlay, account, note.commitment)?);
            }
        }
        Ok(BookMaterial { made, received, before: held })
    }
}

fn made_entry(overlay: &Overlay<'_>, height: u32, entry: &HistoryEntry) -> Result<MadeEntry, StoreError> {
    let mut outputs = Vec::new();
    for output in &entry.outputs {
        match output.kind {
            OutputKind::Sent => outputs.extend(note::sent(overlay, output.commitment)?),
            OutputKind::Received | OutputKind::Change => {
                outputs.extend(owned(overlay, core::iter::once(output.commitment))?);
            }
        }
    }
    let signed = entry.signed.as_ref().and_then(|signed| Transaction::from_bytes(&signed.bytes).ok());
    Ok(MadeEntry {
        txid: entry.txid,
        height,
        effects: signed.map(|transaction| transaction.effects().clone()),
        spent: owned(overlay, entry.spent.iter().map(|spent| spent.commitment))?,
        outputs,
    })
}

/// The account's notes of these commitments, as far as the wallet has them.
fn owned(
    overlay: &Overlay<'_>,
    commitments: impl Iterator<Item = NoteCommitment>,
) -> Result<Vec<Note>, StoreError> {
    let mut notes = Vec::new();
    for commitment in commitments {
        notes.extend(note::get(overlay, commitment)?.map(|owned| owned.note));
    }
    Ok(notes)
}
