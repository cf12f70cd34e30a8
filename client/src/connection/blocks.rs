//! Blocks: compact, whole, and the tree after them. Each is one that the trusted head stands on.

use core::{convert::Infallible, ops::RangeInclusive};

use louver_chain::{Block, ChainTransaction, compact::CompactBlock};
use louver_core::{
    asset::{AssetDescriptor, AssetId},
    encoding::{Decode, Reader as Bytes},
    transaction::{Fee, PublicSide, Transaction, TxContext, TxId},
    tree::Frontier,
};
use louver_light::reader::Head;

use super::{
    Connection,
    proving::{ancestry, stands_under},
    requests,
};
use crate::{
    apart::apart,
    api::{path, view},
    error::ClientError,
};

impl Connection {
    /// The compact blocks of a range of heights. Each is what its header binds, each follows the one before, and the
    /// trusted head stands on the last. If the head is before it, the node is followed first.
    ///
    /// # Errors
    /// [`ClientError::Contradicted`] if they are not the chain's; [`ClientError::Answer`] if the answer ends early or cannot
    /// be read; those of [`Connection::advance`].
    pub async fn compact_blocks(&self, range: RangeInclusive<u32>) -> Result<Vec<CompactBlock>, ClientError> {
        let to = *range.end();
        let mut blocks: Vec<CompactBlock> = Vec::new();
        if range.is_empty() {
            return Ok(blocks);
        }
        let head = self.head_from(to).await?;
        let mut next = Some(*range.start());
        // A node ends an answer early that would be too large, and is asked for the rest.
        while let Some(from) = next.filter(|next| *next <= to) {
            blocks.extend(self.some_blocks(from..=to, &head).await?);
            next = blocks.last().and_then(|last| last.height().checked_add(1));
        }
        Ok(blocks)
    }

    /// At least one of the compact blocks of a range, from its first on. The last is the head, or shown to be under it.
    async fn some_blocks(
        &self,
        range: RangeInclusive<u32>,
        head: &Head,
    ) -> Result<Vec<CompactBlock>, ClientError> {
        let (from, to) = (*range.start(), *range.end());
        let path = format!("{}?from={from}&to={to}", path::COMPACT_BLOCKS);
        let body = self.under(&path, head.height).await?;
        let head = head.clone();
        apart(move || {
            let early = || ClientError::answer("the stream of blocks ends early");
            let (mut frame, mut rest) = requests::frame(&body).ok_or_else(early)?;
            let mut blocks: Vec<CompactBlock> = Vec::new();
            for height in range {
                // The last frame is not of a block.
                if rest.is_empty() && !blocks.is_empty() {
                    break;
                }
                let block = CompactBlock::from_bytes(frame)?;
                let follows = blocks.last().is_none_or(|last| last.hash() == block.header().previous);
                if block.height() != height || !follows {
                    return Err(ClientError::contradicted(format_args!("block {height}")));
                }
                blocks.push(block);
                (frame, rest) = requests::frame(rest).ok_or_else(early)?;
            }
            let mut bytes = Bytes::new(frame);
            let path = ancestry(&mut bytes)?;
            bytes.finish()?;
            let last = blocks.last().map(CompactBlock::header);
            match last.is_some_and(|last| stands_under(last, path.as_ref(), &head)) && rest.is_empty() {
                true => Ok(blocks),
                false => Err(ClientError::contradicted(format_args!("block {to}"))),
            }
        })
        .await
    }

    /// The compact block of a height.
    ///
    /// # Errors
    /// As [`Connection::compact_blocks`].
    pub async fn compact_block(&self, height: u32) -> Result<CompactBlock, ClientError> {
        let found = self.compact_blocks(height..=height).await?;
        found.into_iter().next().ok_or_else(|| ClientError::unproven(format_args!("block {height}")))
    }

    /// The whole block of a height.
    ///
    /// # Errors
    /// [`ClientError::Contradicted`] if the node sends another, and those of [`Connection::header`].
    pub async fn block(&self, height: u32) -> Result<Block, ClientError> {
        let header = self.header(height).await?;
        let bytes = self.requests.bytes(&path::with(path::BLOCK, height)).await?;
        let block = apart(move || Block::from_bytes(&bytes)).await?;
        match *block.header() == header {
            true => Ok(block),
            false => Err(ClientError::contradicted(format_args!("block {height}"))),
        }
    }

    /// The commitment tree after the block of a height, with the root and the size that the block's header states.
    ///
    /// # Errors
    /// [`ClientError::Contradicted`] if it is another, and those of [`Connection::header`].
    pub async fn tree(&self, height: u32) -> Result<Frontier, ClientError> {
        let header = self.header(height).await?;
        let tree: view::Tree = self.requests.json(&path::with(path::TREE, height)).await?;
        let frontier: Frontier = requests::from_hex(&tree.frontier)?;
        let anchor = hex::encode(header.anchor.to_array());
        let stated = (tree.height, tree.anchor, tree.size) == (height, anchor, header.tree_size);
        match stated && (frontier.root(), frontier.size()) == (header.anchor, header.tree_size) {
            true => Ok(frontier),
            false => Err(ClientError::contradicted(format_args!("the tree after block {height}"))),
        }
    }

    /// The shielded transactions of a block, each with its position and its id, which is computed here. The assets that they
    /// name in public are learnt first, as the ids bind their descriptions. `[sealed-lies]` Each has to have the compact form
    /// that the block binds.
    ///
    /// # Errors
    /// [`ClientError::Convicted`] if the authorities sealed another compact form; [`ClientError::Contradicted`] if nobody
    /// sealed it; those of [`Connection::learn_assets`].
    pub async fn shielded(&self, block: Block) -> Result<Vec<(u32, TxId, Transaction)>, ClientError> {
        let named: Vec<AssetId> = block
            .transactions()
            .iter()
            .filter_map(|transaction| match transaction {
                ChainTransaction::Shielded(transaction) => Some(transaction.effects()),
                ChainTransaction::Transparent(_) | ChainTransaction::Act(_) => None,
            })
            .flat_map(|effects| [effects.public_side().asset(), effects.fee().asset()])
            .collect();
        self.learn_assets(named).await?;
        let (header, leaves) = (block.header().clone(), block.leaves());
        let numbered = (0u32..).zip(block.into_transactions());
        let mined = |(index, transaction): (u32, ChainTransaction)| {
            let transaction = transaction.into_shielded()?;
            let effects = transaction.effects();
            let txid = transaction.txid(&self.context(effects.public_side(), effects.fee()));
            Some((index, txid, transaction))
        };
        let mut found: Vec<_> = numbered.filter_map(mined).collect();
        let is_false = |(index, _, transaction): &(u32, TxId, Transaction)| {
            let leaf = usize::try_from(*index).ok().and_then(|index| leaves.get(index));
            leaf.is_none_or(|leaf| !self.is_of(leaf, transaction))
        };
        match found.iter().position(is_false) {
            None => Ok(found),
            Some(at) => {
                let (index, _, transaction) = found.swap_remove(at);
                Err(self.accuse_form(&header, &leaves, index, transaction).await)
            }
        }
    }

    /// The context that the hashes of a transaction with this public side and fee bind in addition to its bytes. An unknown asset
    /// counts as none, so that the id differs from the ledger's.
    pub fn context(&self, side: &PublicSide, fee: Fee) -> TxContext {
        let assets = self.known();
        let hash = |id| Ok(assets.get(id).map(AssetDescriptor::hash).unwrap_or_default());
        let Ok(context) = TxContext::of::<Infallible>(self.genesis.hash(), side, fee, hash);
        context
    }
}
