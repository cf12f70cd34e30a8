use louver_core::{compact::CompactBlock, tree::Frontier};
use thiserror::Error;

/// What an audit starts from: the state after the block at `height`. Genesis by default.
#[derive(Clone, Debug)]
pub struct Start {
    /// The last block before the first one to read.
    pub height: u32,
    /// The hash of that block, if the auditor knows it.
    pub hash: Option<[u8; 32]>,
    /// The tree after that block.
    pub frontier: Frontier,
}

/// Why a block was refused. The audit stands as before it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AuditError {
    /// Not the next block.
    #[error("block {found} was given where block {expected} is due")]
    Height {
        /// The height that is due.
        expected: u32,
        /// The height that was given.
        found: u32,
    },
    /// The block does not follow the one before: another chain, or a reorganisation. Start again below it.
    #[error("block {height} does not follow the block before it")]
    Broken {
        /// The block's height.
        height: u32,
    },
    /// The leaves do not make the tree that the block states: some were left out, added or altered.
    #[error("block {height} does not have the tree that it states")]
    Tree {
        /// The block's height.
        height: u32,
    },
}

/// The chain as far as it was read.
pub(super) struct Chain {
    first: u32,
    height: u32,
    hash: Option<[u8; 32]>,
    frontier: Frontier,
}

impl Chain {
    pub(super) fn new(start: Start) -> Self {
        let Start { height, hash, frontier } = start;
        Self { first: height.saturating_add(1), height, hash, frontier }
    }

    pub(super) fn next_height(&self) -> u32 {
        self.height.saturating_add(1)
    }

    /// The first and the last block that were read.
    pub(super) fn heights(&self) -> (u32, u32) {
        (self.first, self.height)
    }

    /// Goes on to `block`, or stays where it is.
    pub(super) fn accept(&mut self, block: &CompactBlock) -> Result<(), AuditError> {
        let height = block.height;
        if height != self.next_height() {
            return Err(AuditError::Height { expected: self.next_height(), found: height });
        }
        if self.hash.is_some_and(|hash| hash != block.previous) {
            return Err(AuditError::Broken { height });
        }
        let mut frontier = self.frontier.clone();
        if frontier.size() != block.tree_size {
            return Err(AuditError::Tree { height });
        }
        for output in block.transactions.iter().flat_map(|transaction| &transaction.outputs) {
            frontier.append(output.cm).map_err(|_| AuditError::Tree { height })?;
        }
        if frontier.root() != block.root {
            return Err(AuditError::Tree { height });
        }
        *self = Self { first: self.first, height, hash: Some(block.hash), frontier };
        Ok(())
    }
}
