//! One batch of blocks on its way into the wallet.

use std::collections::{BTreeMap, BTreeSet};

use louver_chain::compact::CompactBlock;
use louver_core::{
    compact::CompactTransaction,
    epoch::Epoch,
    keys::Direction,
    note::NoteCommitment,
    store::{Overlay, StoreError},
};

use super::{
    Position, ScanError, ScanSummary,
    found::{self, Found, Views},
    note_unplaced, position, record, rise,
};
use crate::{
    abandonment::give_up,
    account::AccountNumber,
    history::{self, HistoryEntry, OutputEntry, OutputKind, SpentEntry, Status},
    note::{self, OwnedNote, SpendState},
    resubmission,
    store::{BUSY, heights},
    tree::{Leaf, Tree, TreeError},
    wallet::Context,
};

/// The wallet's state while blocks are added to it.
pub(super) struct Step<'a, 'o> {
    overlay: &'a mut Overlay<'o>,
    context: &'a Context<'a>,
    tree: Tree,
    position: Position,
    views: BTreeMap<Epoch, Views>,
    /// The transactions that waited for a block when the batch began.
    pending: Vec<HistoryEntry>,
    /// The blocks of the batch that hold transactions of the pool.
    busy: BTreeSet<u32>,
    summary: ScanSummary,
}

impl<'a, 'o> Step<'a, 'o> {
    pub(super) fn new(overlay: &'a mut Overlay<'o>, context: &'a Context<'a>) -> Result<Self, StoreError> {
        Ok(Self {
            tree: Tree::load(overlay)?,
            position: position(overlay)?,
            views: BTreeMap::new(),
            pending: history::pending(overlay)?,
            busy: BTreeSet::new(),
            summary: ScanSummary::default(),
            overlay,
            context,
        })
    }

    /// Adds blocks. Keys are tried on all of them at once, on every processor.
    pub(super) fn blocks(&mut self, blocks: &[CompactBlock]) -> Result<(), ScanError> {
        for transaction in
            blocks.iter().flat_map(CompactBlock::transactions).map(|(_, transaction)| transaction)
        {
            self.open_epoch(transaction.epoch);
        }
        let mut found = found::look(&self.views, blocks);
        for block in blocks {
            let rest = found.split_off(block.transactions().count());
            self.block(block, found)?;
            found = rest;
        }
        Ok(())
    }

    /// Writes the tree, and which blocks to choose whole ones among, and gives up the transactions that no block can take
    /// any more.
    pub(super) fn finish(mut self) -> Result<ScanSummary, ScanError> {
        let Position { height: at, time, .. } = self.position;
        let schedule = self.context.chain.schedule();
        for entry in history::pending(self.overlay)? {
            // Every later block is higher, and not of an earlier time.
            let by_height = matches!(entry.status, Status::Pending { expiry } if expiry <= at);
            if by_height || schedule.is_over(entry.epoch, time) {
                let expired = give_up(self.overlay, &entry, |expiry| Status::Expired { expiry, at })?;
                self.summary.expired += expired.len();
            }
        }
        heights::add(self.overlay, BUSY, &self.busy)?;
        rise(self.overlay, self.position.height)?;
        self.tree.save(self.overlay)?;
        Ok(self.summary)
    }

    fn open_epoch(&mut self, epoch: Epoch) {
        let Context { chain, accounts } = self.context;
        let pool = chain.pool_tag();
        self.views.entry(epoch).or_insert_with(|| {
            Views::new(accounts.iter().map(|account| account.view(pool, epoch)).collect())
        });
    }

    fn block(&mut self, block: &CompactBlock, found: Vec<Found>) -> Result<(), ScanError> {
        let (header, height) = (block.header(), block.height());
        let expected = self.position.height.saturating_add(1);
        if height != expected {
            return Err(ScanError::Gap { expected, found: height });
        }
        if header.previous.0 != self.position.hash {
            return Err(ScanError::Reorganised { height });
        }
        let mut frontier = self.position.frontier.clone();
        let mut leaves = Vec::new();
        let mut first_positions = Vec::new();
        for ((_, transaction), found) in block.transactions().zip(&found) {
            for (index, output) in (0u8..).zip(&transaction.outputs) {
                let own = found.notes.iter().any(|note| note.index == index);
                let position = frontier.append(output.cm).map_err(|_| TreeError::Full)?;
                if index == 0 {
                    first_positions.push(position);
                }
                let marked = own || !found.authorised.is_empty();
                leaves.push(Leaf { commitment: output.cm, marked });
            }
        }
        let computed = frontier.root();
        if computed != header.anchor {
            return Err(ScanError::WrongRoot { height, stated: header.anchor, computed });
        }
        if frontier.size() != header.tree_size {
            let (stated, computed) = (header.tree_size, frontier.size());
            return Err(ScanError::WrongSize { height, stated, computed });
        }
        self.tree.append_block(height, &leaves)?;
        self.position = Position { height, hash: block.hash().0, time: header.time, frontier };
        record(self.overlay, &self.position);
        let busy = !first_positions.is_empty();
        for (((_, transaction), found), first) in block.transactions().zip(found).zip(first_positions) {
            self.transaction(transaction, &found, first)?;
        }
        if busy {
            self.busy.insert(height);
        }
        self.summary.blocks += 1;
        Ok(())
    }

    fn transaction(
        &mut self,
        transaction: &CompactTransaction,
        found: &Found,
        first_position: u32,
    ) -> Result<(), ScanError> {
        let spent = self.spent_notes(transaction)?;
        let mut accounts = found.authorised.clone();
        accounts.extend(found.notes.iter().map(|note| note.account));
        accounts.extend(spent.iter().map(|note| note.account));
        accounts.sort_unstable();
        accounts.dedup();
        for account in accounts {
            let mut entry = self.entry(account, transaction)?;
            if entry.signed.is_some() && !matches!(entry.status, Status::Mined { .. }) {
                self.summary.mined += 1;
            }
            resubmission::forget(self.overlay, entry.txid);
            entry.status = Status::Mined { height: self.position.height, time: self.position.time };
            entry.authorised |= found.authorised.contains(&account);
            entry.first_position = Some(first_position);
            for note in spent.iter().filter(|note| note.account == account) {
                self.spend(&mut entry, note.clone())?;
            }
            for note in found.notes.iter().filter(|note| note.account == account) {
                self.receive(&mut entry, transaction, note, first_position)?;
            }
            // Only a deposit spends no note: every other transaction of the account spends one.
            if entry.authorised && !entry.side.is_deposit() && entry.spent.is_empty() {
                note_unplaced(self.overlay, self.position.height)?;
                self.summary.late_birthday = true;
            }
            history::save(self.overlay, &entry);
        }
        Ok(())
    }

    fn spent_notes(&self, transaction: &CompactTransaction) -> Result<Vec<OwnedNote>, StoreError> {
        transaction
            .nullifiers
            .iter()
            .filter_map(|nullifier| note::by_nullifier(self.overlay, *nullifier).transpose())
            .collect()
    }

    /// The waiting transaction that spends a note, which may return after a roll-back.
    fn pending_spender(&self, commitment: NoteCommitment) -> Result<Option<u64>, StoreError> {
        for entry in self.pending.iter().filter(|entry| entry.spends(commitment)) {
            let now = history::get(self.overlay, entry.number)?;
            if now.is_some_and(|entry| entry.is_pending()) {
                return Ok(Some(entry.number));
            }
        }
        Ok(None)
    }

    fn entry(
        &mut self,
        account: AccountNumber,
        transaction: &CompactTransaction,
    ) -> Result<HistoryEntry, StoreError> {
        match history::find(self.overlay, account, transaction.txid)? {
            Some(entry) => Ok(entry),
            None => Ok(HistoryEntry {
                number: history::take_number(self.overlay)?,
                account,
                txid: transaction.txid,
                epoch: transaction.epoch,
                spend_tag: transaction.spend_tag,
                status: Status::Mined { height: self.position.height, time: self.position.time },
                authorised: false,
                side: transaction.public_side,
                fee: transaction.fee,
                spent: Vec::new(),
                outputs: Vec::new(),
                complete: false,
                first_position: None,
                signed: None,
            }),
        }
    }

    fn spend(&mut self, entry: &mut HistoryEntry, mut note: OwnedNote) -> Result<(), StoreError> {
        // Other transactions of this wallet meant to spend it and never will.
        let (by, height, elsewhere) = (entry.txid, self.position.height, entry.signed.is_none());
        let others =
            self.pending.iter().filter(|other| other.number != entry.number && other.spends(note.commitment));
        let others: Vec<u64> = others.map(|other| other.number).collect();
        for number in others {
            if let Some(other) = history::get(self.overlay, number)?.filter(|other| other.txid != by) {
                let superseded = |expiry| Status::Superseded { by, elsewhere, height, expiry };
                self.summary.superseded += give_up(self.overlay, &other, superseded)?.len();
            }
        }
        note.state = SpendState::Spent { entry: entry.number, height: self.position.height };
        note::save(self.overlay, &note);
        self.summary.spent += 1;
        if !entry.spent.iter().any(|spent| spent.commitment == note.commitment) {
            entry.spent.push(SpentEntry::of(&note));
        }
        Ok(())
    }

    fn receive(
        &mut self,
        entry: &mut HistoryEntry,
        transaction: &CompactTransaction,
        found: &found::FoundNote,
        first_position: u32,
    ) -> Result<(), StoreError> {
        let Some(view) = self
            .views
            .get(&transaction.epoch)
            .and_then(|views| views.views.iter().find(|view| view.account == found.account))
        else {
            return Ok(());
        };
        let commitment = found.note.commitment();
        let nullifier = view.keys.nullifier.nullifier(commitment);
        let owned = OwnedNote {
            account: found.account,
            direction: found.direction,
            note: found.note.clone(),
            commitment,
            position: first_position + u32::from(found.index),
            height: self.position.height,
            state: match self.pending_spender(commitment)? {
                Some(entry) => SpendState::InFlight { entry },
                None => SpendState::Unspent,
            },
        };
        note::insert(self.overlay, &owned, nullifier);
        self.summary.received += 1;
        let address = found.note.to();
        let kind = match found.direction {
            Direction::External => OutputKind::Received,
            Direction::Internal => OutputKind::Change,
        };
        if !entry.outputs.iter().any(|output| output.index == found.index) {
            entry.outputs.push(OutputEntry {
                index: found.index,
                kind,
                address: *address,
                asset: found.note.asset(),
                value: found.note.value(),
                commitment,
                memo: None,
            });
        }
        Ok(())
    }
}
