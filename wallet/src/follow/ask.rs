//! Questions to a node, and its answers.

use core::ops::RangeInclusive;

use louver_chain::compact::CompactBlock;
use louver_core::{
    asset::{AssetDescriptor, AssetId},
    store::StoreError,
    transaction::{Transaction, TxId},
    tree::Frontier,
};

use crate::{abandonment::Final, chain::ChainParameters, send::Outgoing, wallet::Wallet};

/// A wallet's question to its host.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ask {
    /// The state of the chain. [`Answer::Tip`].
    Tip,
    /// The compact blocks of these heights: one, or a range of at most [`super::MOST_BLOCKS`]. [`Answer::Blocks`].
    Blocks(RangeInclusive<u32>),
    /// The commitment tree after the block of this height. [`Answer::Tree`].
    Tree(u32),
    /// The whole block of this height. [`Answer::Whole`], or [`Answer::Pruned`].
    Whole(u32),
    /// The descriptions of these assets, which the wallet met in its notes and does not know. [`Answer::Assets`].
    Assets(Vec<AssetId>),
    /// Submit this transaction to the node. [`Answer::Submitted`].
    Submit(Outgoing),
    /// Nothing of the node: the wallet's writes have to be safe from a crash before anything else is asked. Hosts whose
    /// store writes durably have nothing to do. [`Answer::Saved`].
    Save,
}

/// The host's answer to an [`Ask`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Answer {
    /// The chain, with the genesis that the host connected to, and with unchanged descriptions of assets. The host has seen
    /// its last block to be final.
    Tip(ChainParameters),
    /// The compact blocks as the node has them.
    Blocks(Vec<CompactBlock>),
    /// The commitment tree.
    Tree(Frontier),
    /// The shielded transactions of a whole block.
    Whole(Vec<Transaction>),
    /// The node keeps the whole block no longer. Memos are asked for again in the next exchange.
    Pruned,
    /// The assets that are registered, as far as the node shows them; others may be among them.
    Assets(Vec<AssetDescriptor>),
    /// The node's reaction to a transaction.
    Submitted(Submission),
    /// The writes are safe.
    Saved,
}

/// A node's reaction to a submitted transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Submission {
    /// It waits for a block now, or is in one already.
    Taken,
    /// The node refused it. A block may still take it until it expires, and the wallet submits it again at its next look.
    Refused,
    /// The node refused it for a reason that no later block cures. Its notes are free again at once:
    /// [`Wallet::refused`].
    ///
    /// [`Wallet::refused`]: crate::wallet::Wallet::refused
    RefusedForGood(Final),
}

impl Submission {
    /// Records in the wallet how the node reacted to a transaction.
    ///
    /// # Errors
    /// Those of the store.
    pub fn note(self, wallet: &mut Wallet, txid: TxId) -> Result<(), StoreError> {
        match self {
            Self::Taken => wallet.submitted(txid),
            Self::Refused => Ok(()),
            Self::RefusedForGood(reason) => wallet.refused(txid, reason).map(drop),
        }
    }
}
