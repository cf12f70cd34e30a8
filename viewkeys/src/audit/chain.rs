//! The chain as far as an audit has read it.

use louver_chain::compact::CompactBlock;
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader, put_option},
    tree::{Anchor, Frontier},
};
use thiserror::Error;

/// Why an audit cannot go on with what a node gave it. The audit stands as before.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuditError {
    /// Not the block that is due.
    #[error("block {found} was given where block {expected} is due")]
    Height {
        /// The height that is due.
        expected: u32,
        /// The height that was given.
        found: u32,
    },
    /// The block does not follow the one before, or is not the one that was read: the chain went another way. Start the
    /// audit anew.
    #[error("block {height} does not belong to the chain that was read: audit again from the start")]
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
    /// The whole block is not the block that was read in brief.
    #[error("the node serves two blocks of height {height}")]
    TwoBlocks {
        /// The block's height.
        height: u32,
    },
    /// The node's chain ends before the last block that was read.
    #[error(
        "the node has blocks up to {tip}, but blocks up to {read} were read before: it is behind, or follows another chain"
    )]
    Behind {
        /// The height of the node's last block.
        tip: u32,
        /// The last block that was read.
        read: u32,
    },
    /// The block is not before the first epoch of the grant: blocks of that epoch would be left out.
    #[error("block {height} is not before the first period of the grant, as the node said")]
    Late {
        /// The block's height.
        height: u32,
    },
    /// A block is of an earlier time than the one before it.
    #[error("block {height} is of an earlier time than the block before it")]
    Time {
        /// The block's height.
        height: u32,
    },
    /// Something was given that was not asked for.
    #[error("the audit did not ask for this")]
    NotAsked,
}

/// The chain as far as it was read: the state after the block at `height`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chain {
    first: u32,
    height: u32,
    /// The time of the block at `height`; `None` at genesis.
    time: Option<u64>,
    hash: [u8; 32],
    frontier: Frontier,
    /// The frontier's root, so that a block without leaves costs no hash.
    root: Anchor,
    /// Whether any block was read.
    any: bool,
}

impl Chain {
    /// A chain with only its genesis known.
    pub(super) fn genesis(hash: [u8; 32]) -> Self {
        let frontier = Frontier::empty();
        Self { first: 1, height: 0, time: None, hash, root: frontier.root(), frontier, any: false }
    }

    /// A chain that is read from the block after `block`, whose tree ends as `frontier` says.
    pub(super) fn after(block: &CompactBlock, frontier: Frontier) -> Result<Self, AuditError> {
        let (header, height, root) = (block.header(), block.height(), frontier.root());
        if (root, frontier.size()) != (header.anchor, header.tree_size) {
            return Err(AuditError::Tree { height });
        }
        let (first, hash) = (height.saturating_add(1), block.hash().0);
        Ok(Self { first, height, time: Some(header.time), hash, frontier, root, any: false })
    }

    pub(super) fn height(&self) -> u32 {
        self.height
    }

    /// The time of the last block that is known, in seconds since 1970; `None` at genesis.
    pub(super) fn time(&self) -> Option<u64> {
        self.time
    }

    pub(super) fn next_height(&self) -> u32 {
        self.height.saturating_add(1)
    }

    /// The first and the last block that were read.
    pub(super) fn read(&self) -> Option<(u32, u32)> {
        self.any.then_some((self.first, self.height))
    }

    /// Whether `block` is the last that was read.
    pub(super) fn confirm(&self, block: &CompactBlock) -> Result<(), AuditError> {
        match (block.height() == self.height, block.hash().0 == self.hash) {
            (true, true) => Ok(()),
            (true, false) => Err(AuditError::Broken { height: self.height }),
            (false, _) => Err(AuditError::Height { expected: self.height, found: block.height() }),
        }
    }

    /// Goes on to `block`, or stays where it is.
    pub(super) fn accept(&mut self, block: &CompactBlock) -> Result<(), AuditError> {
        let (header, height) = (block.header(), block.height());
        if height != self.next_height() {
            return Err(AuditError::Height { expected: self.next_height(), found: height });
        }
        if self.hash != header.previous.0 {
            return Err(AuditError::Broken { height });
        }
        if self.time.is_some_and(|last| header.time < last) {
            return Err(AuditError::Time { height });
        }
        if self.frontier.size() != block.first_leaf() {
            return Err(AuditError::Tree { height });
        }
        let transactions = block.transactions().map(|(_, transaction)| transaction);
        let mut leaves = transactions.flat_map(|transaction| &transaction.outputs).peekable();
        if leaves.peek().is_some() {
            let mut frontier = self.frontier.clone();
            for leaf in leaves {
                frontier.append(leaf.cm).map_err(|_| AuditError::Tree { height })?;
            }
            let root = frontier.root();
            if root != header.anchor {
                return Err(AuditError::Tree { height });
            }
            (self.frontier, self.root) = (frontier, root);
        } else if self.root != header.anchor {
            return Err(AuditError::Tree { height });
        }
        (self.height, self.time, self.hash, self.any) = (height, Some(header.time), block.hash().0, true);
        Ok(())
    }
}

impl Encode for Chain {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.first.to_le_bytes());
        out.extend_from_slice(&self.height.to_le_bytes());
        put_option(out, self.time.as_ref());
        out.extend_from_slice(&self.hash);
        out.push(self.any.into());
        self.frontier.encode(out);
    }
}

impl Decode for Chain {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (first, height) = (reader.u32()?, reader.u32()?);
        let time = reader.option()?;
        let hash = reader.array()?;
        let any = reader.flag()?;
        let frontier = Frontier::decode(reader)?;
        Ok(Self { first, height, time, hash, root: frontier.root(), frontier, any })
    }
}
