//! Compact blocks without transactions.

use louver_core::{compact::CompactBlock, epoch::Epoch, tree::Frontier};

/// How many blocks a row has.
pub(crate) const EMPTY: u32 = 10_000;

/// Blocks that follow one another from the first block of a chain on, over a tree that stays as it is. `first` is the hash
/// of the block before them.
pub(crate) fn row(frontier: &Frontier, first: [u8; 32]) -> Vec<CompactBlock> {
    let mut previous = first;
    let next = |height| {
        let block = empty(frontier, height, previous);
        previous = block.hash;
        block
    };
    (1..=EMPTY).map(next).collect()
}

/// A block of a height after a block of a hash.
pub(crate) fn empty(frontier: &Frontier, height: u32, previous: [u8; 32]) -> CompactBlock {
    let mut hash = [7; 32];
    hash[..4].copy_from_slice(&height.to_le_bytes());
    CompactBlock {
        height,
        hash,
        previous,
        time: 1_700_000_000 + u64::from(height),
        epoch: Epoch(0),
        tree_size: frontier.size(),
        root: frontier.root(),
        transactions: Vec::new(),
    }
}
