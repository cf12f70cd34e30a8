//! Compact blocks without transactions.

use louver_chain::{
    BlockHash,
    compact::CompactBlock,
    testing::{compact_block, header},
};
use louver_core::tree::Frontier;

/// How many blocks a row has.
pub(crate) const EMPTY: u32 = 10_000;

/// Blocks that follow one another from the first block of a chain on, over a tree that stays as it is. `first` is the hash
/// of the block before them.
pub(crate) fn row(frontier: &Frontier, first: BlockHash) -> Vec<CompactBlock> {
    let mut previous = first;
    let next = |height| {
        let block = empty(frontier, height, previous);
        previous = block.hash();
        block
    };
    (1..=EMPTY).map(next).collect()
}

/// A block of a height after a block of a hash.
pub(crate) fn empty(frontier: &Frontier, height: u32, previous: BlockHash) -> CompactBlock {
    compact_block(header(height, previous, frontier), Vec::new())
}
