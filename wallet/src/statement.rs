//! The material of statements: the notes that an account held or received, with their ways to the root of the ledger's tree
//! as it was after some block.

use std::collections::BTreeSet;

use louver_chain::compact::CompactBlock;
use louver_core::{
    asset::AssetId,
    epoch::EpochRange,
    note::{Note, Nullifier},
    store::Overlay,
    transaction::TxId,
    tree::{Anchor, MerklePath},
    value::Value,
};

use crate::{
    account::AccountNumber,
    disclosure::OpeningError,
    history::{self, OutputKind, Status},
    note::{self, OwnedNote, SpendState},
    tree::{Leaf, Tree, TreeError},
    wallet::{Birthday, Wallet},
};

/// A note of an account, and the place of its leaf.
#[derive(Clone, Debug)]
pub struct AccountNote {
    /// The note.
    pub note: Note,
    /// Its nullifier. It shows when the note is spent.
    pub nullifier: Nullifier,
    /// The leaf's position in the tree.
    pub position: u32,
    /// The height of the block that made it.
    pub height: u32,
}

impl Wallet {
    /// The notes of an asset that an account held after the block at `height`, the largest first: those made up to then, and
    /// not spent up to then. Notes that were spent later count.
    ///
    /// # Errors
    /// [`OpeningError::Account`] if there is no such account, and those of the store.
    pub fn held_at(
        &self,
        account: AccountNumber,
        asset: AssetId,
        height: u32,
    ) -> Result<Vec<AccountNote>, OpeningError> {
        self.account(account)?;
        let overlay = self.overlay();
        let mut held = Vec::new();
        for note in note::of_account(&overlay, account)? {
            let is_spent = matches!(note.state, SpendState::Spent { height: spent, .. } if spent <= height);
            if note.asset == asset && note.height <= height && !is_spent && note.value != Value::ZERO {
                held.extend(self.account_note(&overlay, account, note.commitment)?);
            }
        }
        Ok(largest_first(held))
    }

    /// The notes of an asset that came to an account from other accounts, in mined transactions of some epochs, the largest
    /// first. Money that the account paid to itself or brought into the pool does not count, though no proof would tell.
    ///
    /// # Errors
    /// As [`Wallet::held_at`].
    pub fn received_in(
        &self,
        account: AccountNumber,
        asset: AssetId,
        epochs: EpochRange,
    ) -> Result<Vec<AccountNote>, OpeningError> {
        self.account(account)?;
        let overlay = self.overlay();
        let mut received = Vec::new();
        for entry in self.history(account)? {
            let is_mined = matches!(entry.status, Status::Mined { .. });
            if !is_mined || entry.authorised || !epochs.contains(entry.epoch) {
                continue;
            }
            for output in &entry.outputs {
                let counts = output.kind == OutputKind::Received && output.asset == asset;
                if counts && output.value != Value::ZERO {
                    received.extend(self.account_note(&overlay, account, output.commitment)?);
                }
            }
        }
        Ok(largest_first(received))
    }

    /// The note that an output of a mined transaction made for an account.
    ///
    /// # Errors
    /// [`OpeningError::Unknown`] if the output is not a note of the account's, and those of [`Wallet::held_at`].
    pub fn note_of(
        &self,
        account: AccountNumber,
        txid: TxId,
        output: u8,
    ) -> Result<AccountNote, OpeningError> {
        self.account(account)?;
        let overlay = self.overlay();
        let entry = history::find(&overlay, account, txid)?.ok_or(OpeningError::Unknown)?;
        if !matches!(entry.status, Status::Mined { .. }) {
            return Err(OpeningError::NotMined);
        }
        let found = entry.outputs.iter().find(|found| found.index == output);
        let found = found.filter(|found| found.kind != OutputKind::Sent).ok_or(OpeningError::Unknown)?;
        self.account_note(&overlay, account, found.commitment)?.ok_or(OpeningError::Unknown)
    }

    /// A note of an account, with its nullifier and its place.
    pub(crate) fn account_note(
        &self,
        overlay: &Overlay<'_>,
        account: AccountNumber,
        commitment: louver_core::note::NoteCommitment,
    ) -> Result<Option<AccountNote>, OpeningError> {
        let pool = self.chain().pool_tag();
        let viewing = self.account(account)?.full_viewing_key();
        let note = note::get(overlay, commitment)?;
        Ok(note.map(|OwnedNote { note, position, height, .. }| {
            let nullifier = note.nullifier(&viewing.epoch_keys(pool, note.epoch()).nullifier);
            AccountNote { note, nullifier, position, height }
        }))
    }

    /// The ways of some leaves to the root of the tree after the block at `height`, in their order, and that root. `None` if
    /// the wallet does not keep the tree of that block any more: [`PastTree`] makes it again.
    ///
    /// # Errors
    /// [`TreeError`] if a leaf is later, or no note of the wallet's; those of the store.
    pub fn paths_at(
        &self,
        positions: &[u32],
        height: u32,
    ) -> Result<Option<(Vec<MerklePath>, Anchor)>, OpeningError> {
        let tree = Tree::load(&self.overlay())?;
        let anchor = match tree.anchor(height) {
            Err(TreeError::NoCheckpoint { .. }) => return Ok(None),
            anchor => anchor?,
        };
        let paths = positions.iter().map(|position| tree.path(*position, height));
        Ok(Some((paths.collect::<Result<_, _>>()?, anchor)))
    }
}

fn largest_first(mut notes: Vec<AccountNote>) -> Vec<AccountNote> {
    notes.sort_by_key(|held| core::cmp::Reverse(held.note.value().0));
    notes
}

/// The ledger's tree after an older block, made again from compact blocks: a wallet keeps only the trees of its last blocks.
/// Nobody learns from it which leaves are meant, as the blocks are those that the wallet has read before.
pub struct PastTree {
    tree: Tree,
    marked: BTreeSet<u32>,
    height: u32,
    size: u64,
}

impl PastTree {
    /// A tree that begins at the wallet's birthday, for the ways of leaves at these positions.
    ///
    /// # Errors
    /// [`TreeError`] if the birthday's tree cannot be used.
    pub fn begin(birthday: &Birthday, positions: impl IntoIterator<Item = u32>) -> Result<Self, TreeError> {
        Ok(Self {
            tree: Tree::start(&birthday.frontier, birthday.height)?,
            marked: positions.into_iter().collect(),
            height: birthday.height,
            size: birthday.frontier.size(),
        })
    }

    /// The last block that it has.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Adds the next block's leaves.
    ///
    /// # Errors
    /// [`TreeError::Inconsistent`] if the block is not the next one.
    pub fn append(&mut self, block: &CompactBlock) -> Result<(), TreeError> {
        if self.height.checked_add(1) != Some(block.height()) {
            return Err(TreeError::Inconsistent);
        }
        let outputs = block.transactions().flat_map(|(_, transaction)| &transaction.outputs);
        let leaves: Vec<Leaf> = (self.size..)
            .zip(outputs)
            .map(|(position, output)| Leaf {
                commitment: output.cm,
                marked: u32::try_from(position).is_ok_and(|position| self.marked.contains(&position)),
            })
            .collect();
        self.tree.append_block(block.height(), &leaves)?;
        self.height = block.height();
        self.size += leaves.len() as u64;
        Ok(())
    }

    /// The ways of some leaves to the root, in their order, and the root.
    ///
    /// # Errors
    /// [`TreeError::NoPath`] for a leaf that was not named at the beginning, or is not there yet.
    pub fn paths(&self, positions: &[u32]) -> Result<(Vec<MerklePath>, Anchor), TreeError> {
        let paths = positions.iter().map(|position| self.tree.path(*position, self.height));
        Ok((paths.collect::<Result<_, _>>()?, self.tree.anchor(self.height)?))
    }
}

impl core::fmt::Debug for PastTree {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("PastTree").field("height", &self.height).finish_non_exhaustive()
    }
}
