//! Blocks: compact, whole, and the tree after them.

use core::{convert::Infallible, ops::RangeInclusive};

use louver_chain::{Block, ChainTransaction, compact::CompactBlock};
use louver_core::{
    asset::AssetDescriptor,
    encoding::Decode,
    transaction::{Fee, PublicSide, Transaction, TxContext, TxId},
    tree::Frontier,
};
use louver_wallet::birthday::BirthdaySearch;

use super::{Connection, requests};
use crate::{
    apart::apart,
    api::{path, view},
    error::ClientError,
};

impl Connection {
    /// The compact blocks of a range of heights. The node must have all of them. Each is what its header binds; the reader
    /// has to check that they follow one another.
    ///
    /// # Errors
    /// [`ClientError::Answer`] if the answer ends early or cannot be read.
    pub async fn compact_blocks(&self, range: RangeInclusive<u32>) -> Result<Vec<CompactBlock>, ClientError> {
        let (from, to) = (*range.start(), *range.end());
        let body = self.requests.bytes(&format!("{}?from={from}&to={to}", path::COMPACT_BLOCKS)).await?;
        apart(move || {
            let mut rest = body.as_slice();
            let mut blocks = Vec::new();
            for _ in range {
                let (frame, after) = requests::frame(rest)
                    .ok_or_else(|| ClientError::answer("the stream of blocks ends early"))?;
                blocks.push(CompactBlock::from_bytes(frame)?);
                rest = after;
            }
            Ok(blocks)
        })
        .await
    }

    /// The compact block of a height.
    ///
    /// # Errors
    /// [`ClientError::Answer`] if the node sends another.
    pub async fn compact_block(&self, height: u32) -> Result<CompactBlock, ClientError> {
        let found = self.compact_blocks(height..=height).await?;
        let block = found.into_iter().next().filter(|block| block.height() == height);
        block.ok_or_else(|| ClientError::answer(format!("another block than that of height {height}")))
    }

    /// The block after which a wallet finds all that it received since a time, in seconds since 1970. It begins two days
    /// before that time, because the clocks of those who make blocks may be wrong.
    ///
    /// The node is asked for some twenty blocks and learns about when the wallet was made, as it does from the birthday.
    ///
    /// # Errors
    /// Those of [`Connection::status`] and [`Connection::compact_block`].
    pub async fn height_since(&self, time: u64) -> Result<u32, ClientError> {
        let mut search = BirthdaySearch::new(time, self.status().await?.height);
        while let Some(height) = search.next() {
            search.answer(self.compact_block(height).await?.header().time);
        }
        Ok(search.birthday())
    }

    /// The whole block of a height.
    ///
    /// # Errors
    /// [`ClientError::Answer`] if the node sends another.
    pub async fn block(&self, height: u32) -> Result<Block, ClientError> {
        let bytes = self.requests.bytes(&path::with(path::BLOCK, height)).await?;
        let block = apart(move || Block::from_bytes(&bytes)).await?;
        match block.header().height == height {
            true => Ok(block),
            false => Err(ClientError::answer(format!("another block than that of height {height}"))),
        }
    }

    /// The commitment tree after the block of a height. Compare its root with the one that the block states to check
    /// it.
    ///
    /// # Errors
    /// Those of the node and of the transport.
    pub async fn tree(&self, height: u32) -> Result<Frontier, ClientError> {
        let tree: view::Tree = self.requests.json(&path::with(path::TREE, height)).await?;
        requests::from_hex(&tree.frontier)
    }

    /// The shielded transactions of a block, each with its position and its id, which is computed here.
    pub fn shielded(&self, block: Block) -> Vec<(u32, TxId, Transaction)> {
        let numbered = (0u32..).zip(block.into_transactions());
        let mined = |(index, transaction)| match transaction {
            ChainTransaction::Shielded(transaction) => {
                let effects = transaction.effects();
                let txid = transaction.txid(&self.context(effects.public_side(), effects.fee()));
                Some((index, txid, *transaction))
            }
            ChainTransaction::Transparent(_) | ChainTransaction::Act(_) => None,
        };
        numbered.filter_map(mined).collect()
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
