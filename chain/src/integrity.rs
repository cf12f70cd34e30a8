//! Whether what a store holds is what its blocks make.
//!
//! [`check_recent`] reads the last blocks, for every start. [`check_all`] makes the whole chain again and compares every
//! record.

use std::fmt;

use louver_core::{
    encoding::Decode,
    proof::Verify,
    store::{KeyRange, MemoryStore, Store, StoreError, Table},
};
use thiserror::Error;

use crate::{
    Block, BlockHash, Chain, ChainError, Header,
    chain::tables,
    compact::{CompactBlock, CompactEntry},
    history::verify_ancestor,
};

/// The most faults that [`check_all`] lists.
const MOST_FAULTS: usize = 100;
/// Records that are compared at a time.
const AT_A_TIME: usize = 1024;

/// Something in a store that is not as it was written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Damage {
    /// A record of a block is not there.
    #[error("block {height}: its {what} is missing")]
    Missing {
        /// The block.
        height: u32,
        /// Which record.
        what: &'static str,
    },
    /// A record of a block is not what the block says.
    #[error("block {height}: its {what} is not what the block says")]
    Differs {
        /// The block.
        height: u32,
        /// Which record.
        what: &'static str,
    },
    /// A block does not follow from the blocks before it.
    #[error("block {height} does not follow from the blocks before it: {error}")]
    Block {
        /// The block.
        height: u32,
        /// The rule or the record that is against it.
        error: ChainError,
    },
    /// A record is not what the blocks make of it.
    #[error("the record {} of {table} is not what the blocks make of it", hex::encode(key))]
    Record {
        /// The table.
        table: String,
        /// The key of the record.
        key: Vec<u8>,
    },
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ChainError> for Damage {
    fn from(error: ChainError) -> Self {
        match error {
            ChainError::Store(error) => Self::Store(error),
            ChainError::Damaged { height, source } => {
                Self::Block { height, error: ChainError::Damaged { height, source } }
            }
            error => Self::Block { height: 0, error },
        }
    }
}

/// Checks the last `count` blocks: each follows the one before, and its compact form, the tree after it and the blocks
/// before it are the ones that its header names; and the state is the one that the last header names. A block whose body
/// is not kept is checked without it.
///
/// # Errors
/// The first [`Damage`].
pub fn check_recent<S: Store>(chain: &Chain<S>, count: u32) -> Result<(), Damage> {
    let tip = chain.height();
    let first = tip.saturating_sub(count.saturating_sub(1)).max(1);
    let mut previous = match first {
        1 => (BlockHash(chain.genesis_hash().0), 0),
        _ => {
            let before = header_of(chain, first - 1)?;
            (before.hash(), before.time)
        }
    };
    let mut state_root = None;
    let oldest = chain.oldest_body()?;
    for height in first..=tip {
        let differs = |what| Err(Damage::Differs { height, what });
        let block = if height < oldest { None } else { Some(whole(chain, height)?) };
        let header = match &block {
            Some(block) => block.header().clone(),
            None => header_of(chain, height)?,
        };
        if header.height != height {
            return differs("height");
        }
        if header.previous != previous.0 {
            return differs("previous hash");
        }
        if header.time < previous.1 {
            return differs("time");
        }
        let compact = chain.compact_bytes(height)?.ok_or(Damage::Missing { height, what: "compact form" })?;
        let Ok(compact) = CompactBlock::from_bytes(&compact) else { return differs("compact form") };
        let same = |block: &Block| compact.entries().iter().map(CompactEntry::leaf).eq(block.leaves());
        if *compact.header() != header || !block.as_ref().is_none_or(same) {
            return differs("compact form");
        }
        let ledger = chain.ledger();
        let tree = ledger.frontier_at(height)?.ok_or(Damage::Missing { height, what: "tree" })?;
        if (tree.root(), tree.size()) != (header.anchor, header.tree_size) {
            return differs("tree");
        }
        let before = ledger.frontier_at(height - 1)?.ok_or(Damage::Missing { height, what: "tree" })?;
        if compact.first_leaf() != before.size() {
            return differs("compact form");
        }
        let missing = Damage::Missing { height, what: "history" };
        let path = chain.history_path(height - 1, height)?.ok_or(missing)?;
        if verify_ancestor(&path, height - 1, previous.0, &header).is_err() {
            return differs("history");
        }
        let summary = ledger.block(height)?.ok_or(Damage::Missing { height, what: "summary" })?;
        let earlier = ledger.block(height - 1)?.ok_or(Damage::Missing { height, what: "summary" })?;
        let spent: usize = compact.transactions().map(|(_, transaction)| transaction.nullifiers.len()).sum();
        let nullifiers = earlier.nullifiers.checked_add(spent as u64);
        if (summary.time, summary.anchor, Some(summary.nullifiers))
            != (header.time, header.anchor, nullifiers)
        {
            return differs("summary");
        }
        (previous, state_root) = ((header.hash(), header.time), Some(header.state_root));
    }
    if previous.0 != chain.tip_hash() {
        return Err(Damage::Differs { height: tip, what: "hash" });
    }
    match state_root {
        None => Ok(()),
        Some(root) => match chain.state_root()? == Some(root) {
            true => Ok(()),
            false => Err(Damage::Differs { height: tip, what: "state" }),
        },
    }
}

fn header_of<S: Store>(chain: &Chain<S>, height: u32) -> Result<Header, Damage> {
    chain.header(height)?.ok_or(Damage::Missing { height, what: "compact form" })
}

fn whole<S: Store>(chain: &Chain<S>, height: u32) -> Result<Block, Damage> {
    chain.block(height)?.ok_or(Damage::Missing { height, what: "body" })
}

/// Makes the chain again from its blocks, in memory, verifying every proof, signature and rule, and compares every record
/// of the store with what comes out. `progress` is told each height. Gives what is damaged, at most 100 faults; what
/// follows a block that cannot be made again is not looked at. Of a chain that does not keep all bodies, all blocks are
/// checked as by [`check_recent`] instead.
///
/// # Errors
/// [`Damage::Block`] if the genesis itself makes no chain.
pub fn check_all<S: Store>(
    chain: &Chain<S>,
    verify: &dyn Verify,
    mut progress: impl FnMut(u32),
) -> Result<Vec<Damage>, Damage> {
    if chain.oldest_body()? > 1 {
        return Ok(check_recent(chain, u32::MAX).err().into_iter().collect());
    }
    let mut again = Chain::open(MemoryStore::default(), chain.ledger().genesis().clone())?;
    for height in 1..=chain.height() {
        let made = whole(chain, height).and_then(|block| {
            let at = |error| Damage::Block { height, error };
            let proposal = again.replay(block, verify).map_err(at)?;
            again.commit(proposal).map_err(at)
        });
        if let Err(damage) = made {
            return Ok(vec![damage]);
        }
        progress(height);
    }
    let mut faults = Vec::new();
    match grow_as(chain, &mut again) {
        Ok(()) => {}
        Err(damage) => faults.push(damage),
    }
    for table in compared() {
        if let Err(damage) = compare(chain.ledger().store(), again.ledger().store(), table, &mut faults) {
            faults.push(damage.into());
        }
    }
    faults.truncate(MOST_FAULTS);
    Ok(faults)
}

/// Lets the tree of nullifiers grow as far as the one of `chain` has: it grows beside the path of blocks, and its records
/// follow from how far it has come.
///
/// # Errors
/// [`Damage::Store`] if a tree cannot be read or written.
pub fn grow_as<S: Store>(chain: &Chain<S>, again: &mut Chain<MemoryStore>) -> Result<(), Damage> {
    let right = chain.ledger().nullifier_tree().open()?;
    loop {
        let open = again.ledger().nullifier_tree().open()?;
        if (open.number(), open.count()) == (right.number(), right.count()) {
            return Ok(());
        }
        let missing = right.count().saturating_sub(open.count());
        let most = usize::try_from(missing).unwrap_or(usize::MAX).clamp(1, AT_A_TIME);
        if !again.grow_nullifier_tree(most)? {
            return Ok(());
        }
    }
}

/// The tables that [`check_all`] compares: all that a chain writes.
pub fn compared() -> impl Iterator<Item = Table> {
    tables()
}

/// Compares a table of two stores, some records at a time.
fn compare(
    found: &dyn Store,
    right: &dyn Store,
    table: Table,
    faults: &mut Vec<Damage>,
) -> Result<(), StoreError> {
    let mut from = Vec::new();
    loop {
        let range = KeyRange { from: &from, until: None, limit: AT_A_TIME };
        let rights = right.scan(table, range)?;
        // Up to the last key of these, or to the end of the table with the last of them.
        let last = rights.last().filter(|_| rights.len() == AT_A_TIME).map(|(key, _)| after(key));
        let range = KeyRange { from: &from, until: last.as_deref(), limit: usize::MAX };
        let founds = found.scan(table, range)?;
        if founds != rights {
            let wrong = |(key, value): &(Vec<u8>, Vec<u8>), others: &[(Vec<u8>, Vec<u8>)]| {
                let other = others.binary_search_by(|(other, _)| other.cmp(key)).ok();
                other.is_none_or(|at| others[at].1 != *value)
            };
            let altered = founds.iter().filter(|entry| wrong(entry, &rights)).map(|(key, _)| key);
            let lost = rights.iter().map(|(key, _)| key);
            let lost = lost.filter(|key| founds.binary_search_by(|(found, _)| found.cmp(key)).is_err());
            let damage = |key: &Vec<u8>| Damage::Record { table: table.0.to_owned(), key: key.clone() };
            faults.extend(altered.chain(lost).take(MOST_FAULTS).map(damage));
        }
        match last {
            Some(last) if faults.len() < MOST_FAULTS => from = last,
            _ => return Ok(()),
        }
    }
}

/// The first key after `key`.
fn after(key: &[u8]) -> Vec<u8> {
    [key, &[0]].concat()
}

/// The faults as people read them, a line each.
#[derive(Debug)]
pub struct Faults<'a>(pub &'a [Damage]);

impl fmt::Display for Faults<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|damage| writeln!(f, "{damage}"))
    }
}
