//! `[grant-reading]`: the auditor's own scan. It reads the ledger with a grant, block by block, and keeps what the grant
//! shows.
//!
//! An [`Audit`] does no input or output. It asks ([`Audit::next`]), and whoever drives it fetches and answers:
//!
//! | it asks | it is answered by |
//! | --- | --- |
//! | [`Ask::Tip`] | [`Audit::learn_tip`] |
//! | [`Ask::Time`] | [`Audit::learn_time`] |
//! | [`Ask::Start`] | [`Audit::start`] |
//! | [`Ask::Last`] | [`Audit::confirm`] |
//! | [`Ask::Blocks`] | [`Audit::read`], for each block in order |
//! | [`Ask::Whole`] | [`Audit::read_whole`] or [`Audit::pass_over`] |
//! | [`Ask::Nothing`] | [`Audit::report`] |
//!
//! Nothing is taken from the account but its keys. Blocks must follow one another, and the roots that they state are
//! computed again, so no leaf is left out or altered unseen under a root that is known to be the chain's. Nullifiers and
//! spend tags are on the word of whoever serves the blocks: that should be a node of the auditor's own.
//!
//! An audit starts with the first block of the grant's first epoch. [`Audit::store`] keeps it, so that the next one reads
//! only new blocks.

mod book;
mod chain;
mod cover;
mod record;
mod report;
mod state;

use std::collections::{BTreeMap, HashMap, VecDeque};

use louver_chain::compact::CompactBlock;
use louver_core::{
    compact::CompactTransaction,
    epoch::{Epoch, EpochSchedule},
    keys::{IncomingViewingKey, View},
    note::{Memo, Note, OutputContext, encryption},
    time_search::TimeSearch,
    transaction::{Effects, Transaction, TxId},
    tree::Frontier,
};

pub(crate) use book::KeptTransaction;
pub use book::{BookLedger, ShownTransactions};
pub use chain::AuditError;
pub use state::StateError;

use self::{
    chain::Chain,
    cover::Busy,
    record::{Leaf, Opened, Order, Origin, Role, Seen},
};
use crate::{grant::Grant, signed::Binding};

/// A question of an audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ask {
    /// The height of the chain's last block.
    Tip,
    /// The time of the block at this height: the audit looks for the first block of the grant's first epoch.
    Time {
        /// The block.
        height: u32,
    },
    /// The compact block at this height, and the tree after it.
    Start {
        /// The last block before the first one to read.
        height: u32,
    },
    /// The compact block at this height, to see that it is still the chain's.
    Last {
        /// The last block that was read before.
        height: u32,
    },
    /// Compact blocks.
    Blocks {
        /// The first of them.
        first: u32,
        /// The last of them.
        last: u32,
    },
    /// A whole block. It has memos or outgoing ciphertexts that the grant can read, or it is a decoy: only the audit knows
    /// which ([`Audit::without_decoys`]). Fetch the block and not a single transaction, so that nobody learns which
    /// transaction it is about.
    Whole {
        /// Its height.
        height: u32,
    },
    /// Nothing: all blocks up to the tip were read.
    Nothing,
}

/// A whole block, as [`Audit::read_whole`] takes it.
#[derive(Clone, Copy, Debug)]
pub struct WholeBlock<'a> {
    /// Its height.
    pub height: u32,
    /// Its hash, computed from its header.
    pub hash: [u8; 32],
    /// Its time, in seconds since 1970.
    pub time: u64,
    /// Its shielded transactions, each with its place in the block and its id, computed from its bytes.
    pub transactions: &'a [(u32, TxId, Transaction)],
}

/// An audit under way.
pub struct Audit {
    grant: Grant,
    /// The grant's words about itself, as its reader checked them.
    binding: Option<Binding>,
    schedule: EpochSchedule,
    keys: HashMap<Epoch, Readers>,
    /// The height of the chain's last block, once it was told.
    tip: Option<u32>,
    /// The search for the start, while there is none.
    search: Option<TimeSearch>,
    /// The time of the latest block that the search looked at and that is before the start.
    last_before: Option<u64>,
    /// Whether the last block that was read is still to be confirmed.
    unconfirmed: bool,
    /// The light reader of the host, as it kept it; empty if it kept none.
    light_reader: Vec<u8>,
    /// The transactions kept for the reader of a book; `None` if the keys are of a grant.
    kept: Option<book::Kept>,
    /// Whether only those whole blocks are asked for that the grant can read something in.
    without_decoys: bool,
    scan: Scan,
}

/// The results of reading, which can be kept.
#[derive(Default)]
struct Scan {
    /// The chain as far as it was read; absent until the start is known.
    chain: Option<Chain>,
    /// Blocks with transactions of the granted epochs, from which no choice was made yet.
    busy: Vec<Busy>,
    /// Whole blocks to fetch.
    chosen: VecDeque<Busy>,
    /// Transactions of the granted epochs, if their leaves are watched.
    origins: Vec<Origin>,
    /// Leaves of the granted epochs, by the nullifier that spends them.
    watched: HashMap<[u8; 32], Leaf>,
    /// Transactions that concern the account.
    seen: BTreeMap<Order, Seen>,
}

/// The receiving keys of an epoch, with the view that each is of.
type Readers = Vec<(View, IncomingViewingKey)>;

impl Audit {
    /// An audit with a grant that was verified, on a chain that cuts time into epochs as `schedule` says.
    pub fn new(grant: Grant, schedule: EpochSchedule) -> Self {
        // No block is before the first epoch.
        let is_first = grant.scope().epochs().first() == Epoch(0);
        let chain = is_first.then(|| Chain::genesis(grant.genesis().0));
        let scan = Scan { chain, ..Scan::default() };
        let keys = HashMap::new();
        Self {
            grant,
            binding: None,
            schedule,
            keys,
            tip: None,
            search: None,
            last_before: None,
            unconfirmed: false,
            light_reader: Vec::new(),
            kept: None,
            without_decoys: false,
            scan,
        }
    }

    /// An audit with the same grant that has read nothing.
    #[must_use]
    pub fn restarted(self) -> Self {
        let kept = self.kept.map(book::Kept::emptied);
        let (binding, without_decoys) = (self.binding, self.without_decoys);
        Self { kept, binding, without_decoys, ..Self::new(self.grant, self.schedule) }
    }

    /// The same, with what the check of the grant said of it ([`Grant::verify`]), so that reports begin with whom it is for,
    /// whether it was asked for, and until when it is valid.
    #[must_use]
    pub fn with_binding(self, binding: Binding) -> Self {
        Self { binding: Some(binding), ..self }
    }

    /// The grant.
    pub fn grant(&self) -> &Grant {
        &self.grant
    }

    /// The audit's next question.
    pub fn next(&self) -> Ask {
        let Some(tip) = self.tip else { return Ask::Tip };
        let Some(chain) = &self.scan.chain else {
            // Before the first epoch of the grant there is nothing to read.
            return match &self.search {
                None => Ask::Nothing,
                Some(search) => match search.next() {
                    Some(height) => Ask::Time { height },
                    None if search.last_before() >= tip => Ask::Nothing,
                    None => Ask::Start { height: search.last_before() },
                },
            };
        };
        if self.unconfirmed {
            return Ask::Last { height: chain.height() };
        }
        if chain.height() < tip {
            return Ask::Blocks { first: chain.next_height(), last: tip };
        }
        self.scan.chosen.front().map_or(Ask::Nothing, |block| Ask::Whole { height: block.height })
    }

    /// Answers [`Ask::Tip`]: the height of the chain's last block.
    ///
    /// # Errors
    ///
    /// [`AuditError::Behind`] if blocks above it were read before.
    pub fn learn_tip(&mut self, tip: u32) -> Result<(), AuditError> {
        let read = self.scan.chain.as_ref().map_or(0, Chain::height);
        if tip < read {
            return Err(AuditError::Behind { tip, read });
        }
        self.tip = Some(tip);
        if self.scan.chain.is_none() {
            let begins = self.schedule.begins(self.grant.scope().epochs().first());
            self.search = begins.map(|begins| TimeSearch::new(begins, tip));
        }
        self.begin_at_genesis();
        Ok(())
    }

    /// Answers [`Ask::Time`]: the time of the block, in seconds since 1970. It only tells where to begin: that the block is
    /// before the first epoch of the grant is seen again when the audit starts there.
    ///
    /// # Errors
    ///
    /// [`AuditError::NotAsked`] if no time was asked for.
    pub fn learn_time(&mut self, time: u64) -> Result<(), AuditError> {
        let (Ask::Time { height }, Some(search)) = (self.next(), &mut self.search) else {
            return Err(AuditError::NotAsked);
        };
        search.answer(time);
        if search.last_before() == height {
            self.last_before = Some(time);
        }
        self.begin_at_genesis();
        Ok(())
    }

    /// Where no block is before the first epoch of the grant, the audit reads from the first block on.
    fn begin_at_genesis(&mut self) {
        if self.next() == (Ask::Start { height: 0 }) {
            self.scan.chain = Some(Chain::genesis(self.grant.genesis().0));
        }
    }

    /// Answers [`Ask::Start`]: the block before the first one to read, and the tree after it.
    ///
    /// # Errors
    ///
    /// [`AuditError::Height`] if it is another block, [`AuditError::Late`] if it is not before the first epoch of the grant,
    /// [`AuditError::Tree`] if the tree is not the block's,
    /// [`AuditError::NotAsked`] if the audit has a start.
    pub fn start(&mut self, block: &CompactBlock, frontier: Frontier) -> Result<(), AuditError> {
        let Ask::Start { height } = self.next() else { return Err(AuditError::NotAsked) };
        if block.height() != height {
            return Err(AuditError::Height { expected: height, found: block.height() });
        }
        let begins = self.schedule.begins(self.grant.scope().epochs().first());
        if begins.is_none_or(|begins| begins <= block.header().time) {
            return Err(AuditError::Late { height });
        }
        self.scan.chain = Some(Chain::after(block, frontier)?);
        Ok(())
    }

    /// Answers [`Ask::Last`]: the block that the chain has where this audit ended before.
    ///
    /// # Errors
    ///
    /// [`AuditError::Broken`] if it is not the block that was read: what was kept is of another branch, and the audit has
    /// to start anew. [`AuditError::Height`] if it has another height.
    pub fn confirm(&mut self, block: &CompactBlock) -> Result<(), AuditError> {
        let Some(chain) = &self.scan.chain else { return Err(AuditError::NotAsked) };
        chain.confirm(block)?;
        self.unconfirmed = false;
        self.choose_whole();
        Ok(())
    }

    /// Answers [`Ask::Blocks`] with the next of them.
    ///
    /// # Errors
    ///
    /// [`AuditError::Height`], [`AuditError::Broken`] and [`AuditError::Tree`] if it is not the next block of the chain;
    /// [`AuditError::NotAsked`] before the start.
    pub fn read(&mut self, block: &CompactBlock) -> Result<(), AuditError> {
        self.scan.chain.as_mut().filter(|_| !self.unconfirmed).ok_or(AuditError::NotAsked)?.accept(block)?;
        let (mut wanted, mut is_busy) = (false, false);
        for (place, transaction) in block.transactions() {
            if self.grant.pool_id() == transaction.pool {
                is_busy |= self.grant.scope().epochs().contains(transaction.epoch);
                wanted |= self.read_transaction(block, place, transaction);
            }
        }
        if is_busy && self.reads_whole_blocks() {
            self.scan.busy.push(Busy { height: block.height(), hash: block.hash().0, wanted });
        }
        self.choose_whole();
        Ok(())
    }

    /// Reads a transaction, and says whether its whole block is wanted.
    fn read_transaction(
        &mut self,
        block: &CompactBlock,
        place: u32,
        transaction: &CompactTransaction,
    ) -> bool {
        let (order, epoch) = ((block.height(), place), transaction.epoch);
        let nullifiers = &transaction.nullifiers;
        let spends: Vec<_> =
            nullifiers.iter().filter_map(|nf| self.scan.watched.get(&nf.to_array()).copied()).collect();
        let in_scope = self.grant.scope().epochs().contains(epoch);
        let own = book::is_own(&self.grant, transaction);
        if let Some(kept) = &mut self.kept {
            kept.take(order, block.header().time, own, transaction);
        }
        let opened = if in_scope { self.read_outputs(order, transaction) } else { BTreeMap::new() };
        let directions = self.grant.scope().directions();
        let memos = opened.values().any(|opened| matches!(opened.role, Role::Received { .. }));
        if own || !spends.is_empty() || !opened.is_empty() {
            let seen = seen(block.header().time, transaction, own, spends, opened);
            self.scan.seen.insert(order, seen);
        }
        in_scope && (memos || directions.outgoing && (own || !directions.detection))
    }

    /// Opens those of a transaction's outputs that the grant shows; every leaf is watched from now on.
    fn read_outputs(&mut self, order: Order, transaction: &CompactTransaction) -> BTreeMap<u8, Opened> {
        let Some(rho) = transaction.nullifiers.first() else { return BTreeMap::new() };
        let epoch = transaction.epoch;
        self.learn_keys(epoch);
        let readers = self.keys.get(&epoch).map_or(&[][..], Vec::as_slice);
        let mut opened = BTreeMap::new();
        for (index, output) in (0u8..).zip(&transaction.outputs) {
            let context = OutputContext { epoch, rho: *rho, index };
            let found = readers.iter().find_map(|(view, key)| {
                encryption::decrypt_compact(key, output, &context).map(|note| (*view, note))
            });
            if let Some((view, note)) = found {
                let role = match view {
                    View::Internal => Role::Change,
                    _ => Role::Received { memo: Memo::empty() },
                };
                opened.insert(index, open(&note, role));
            }
        }
        let key = self.grant.nullifier_key(epoch);
        if let Some((key, origin)) = key.zip(u32::try_from(self.scan.origins.len()).ok()) {
            for (output, leaf) in (0u8..).zip(&transaction.outputs) {
                self.scan.watched.insert(key.nullifier(leaf.cm).to_array(), Leaf { origin, output });
            }
            self.scan.origins.push(Origin { order, txid: transaction.txid, epoch });
        }
        opened
    }

    fn learn_keys(&mut self, epoch: Epoch) {
        let grant = &self.grant;
        self.keys.entry(epoch).or_insert_with(|| {
            [(View::External, grant.incoming(epoch)), (View::Internal, grant.change(epoch))]
                .into_iter()
                .filter_map(|(view, key)| key.map(|key| (view, key)))
                .collect()
        });
    }

    /// Answers [`Ask::Whole`]: reads the memos and outgoing ciphertexts of a block.
    ///
    /// # Errors
    ///
    /// [`AuditError::TwoBlocks`] if it is not the block that was read in brief, [`AuditError::NotAsked`] if another block
    /// is wanted.
    pub fn read_whole(&mut self, block: &WholeBlock<'_>) -> Result<(), AuditError> {
        let Some(Busy { height, hash, wanted }) = self.scan.chosen.front().copied() else {
            return Err(AuditError::NotAsked);
        };
        if height != block.height {
            return Err(AuditError::Height { expected: height, found: block.height });
        }
        let is_same = |(index, txid, _): &(u32, TxId, Transaction)| {
            self.scan.seen.get(&(height, *index)).is_none_or(|seen| seen.txid == *txid)
        };
        if hash != block.hash || !block.transactions.iter().all(is_same) {
            return Err(AuditError::TwoBlocks { height });
        }
        for (index, txid, transaction) in block.transactions {
            let effects = transaction.effects();
            let in_scope = self.grant.scope().epochs().contains(effects.epoch());
            if effects.pool() == self.grant.pool_id() && in_scope {
                let order = (height, *index);
                for (index, note, memo) in self.read_ciphertexts(order, transaction) {
                    // A decoy takes the time of a block that matters, and the report does not depend on it.
                    if wanted {
                        self.learn_paid(order, block.time, txid, effects, index, (note, memo));
                    }
                }
            }
        }
        self.scan.chosen.pop_front();
        Ok(())
    }

    /// Reads the memos of receipts, and returns the outputs that the account's own record opens.
    fn read_ciphertexts(&mut self, order: Order, transaction: &Transaction) -> Vec<(u8, Note, Memo)> {
        let (effects, epoch) = (transaction.effects(), transaction.effects().epoch());
        let mut paid = Vec::new();
        let (reader, sent) = (self.grant.incoming(epoch), self.grant.outgoing(epoch));
        for (index, output) in (0u8..).zip(effects.outputs()) {
            let context = OutputContext { epoch, rho: effects.rho(), index };
            let read = reader.as_ref().and_then(|key| encryption::decrypt(key, output, &context));
            let known = self.scan.seen.get_mut(&order).and_then(|seen| seen.opened.get_mut(&index));
            if let (Some((_, read)), Some(Opened { role: Role::Received { memo }, .. })) = (read, known) {
                *memo = read;
            }
            let recovered = sent.as_ref().and_then(|key| encryption::recover(key, output, &context));
            paid.extend(recovered.map(|(note, memo)| (index, note, memo)));
        }
        paid
    }

    fn learn_paid(
        &mut self,
        order: Order,
        time: u64,
        txid: &TxId,
        effects: &Effects,
        index: u8,
        (note, memo): (Note, Memo),
    ) {
        let own = self.grant.knows_as_own(note.to());
        let seen = self.scan.seen.entry(order).or_insert_with(|| Seen {
            time,
            epoch: effects.epoch(),
            txid: *txid,
            own: false,
            public: *effects.public_side(),
            fee: effects.fee(),
            inputs: count(effects.nullifiers().len()),
            outputs: count(effects.outputs().len()),
            spends: Vec::new(),
            opened: BTreeMap::new(),
        });
        // The account's own change may be sealed to the outgoing key too. It is not a payment.
        let role = || Role::Paid { recipient: note.to().to_string(), own, memo };
        seen.opened.entry(index).or_insert_with(|| open(&note, role()));
    }
}

fn seen(
    time: u64,
    transaction: &CompactTransaction,
    own: bool,
    spends: Vec<Leaf>,
    opened: BTreeMap<u8, Opened>,
) -> Seen {
    Seen {
        time,
        epoch: transaction.epoch,
        txid: transaction.txid,
        own,
        public: transaction.public_side,
        fee: transaction.fee,
        inputs: count(transaction.nullifiers.len()),
        outputs: count(transaction.outputs.len()),
        spends,
        opened,
    }
}

fn open(note: &Note, role: Role) -> Opened {
    Opened { asset: note.asset(), value: note.value(), role }
}

/// How many inputs or outputs there are: every shape has few.
fn count(length: usize) -> u8 {
    u8::try_from(length).unwrap_or(u8::MAX)
}

impl core::fmt::Debug for Audit {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Audit").field("grant", &self.grant).finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(crate) mod tests;
