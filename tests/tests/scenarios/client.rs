//! A node as its clients see it, asked from a thread that waits.

use std::{ops::Deref, sync::Arc};

use louver_chain::{Account, Block, compact::CompactBlock, testing::coin};
use louver_client::{connection::Connection, transport::Http, trust::Trust};
use louver_core::{ledger::Genesis, pool::GenesisHash, value::Value};
use pollster::block_on;

/// Asks one node.
#[derive(Clone)]
pub(crate) struct Client(Arc<Connection>);

impl Deref for Client {
    type Target = Arc<Connection>;

    fn deref(&self) -> &Arc<Connection> {
        &self.0
    }
}

impl Client {
    /// A client of the node at a URL that has chosen the chain.
    pub(crate) fn new(url: &str, chain: GenesisHash) -> Self {
        let http = Arc::new(Http::new(url).unwrap());
        Self(block_on(Connection::connect(http, Trust::Genesis(chain))).unwrap())
    }

    pub(crate) fn genesis(&self) -> Genesis {
        self.0.genesis().clone()
    }

    pub(crate) fn height(&self) -> u32 {
        block_on(self.0.status()).unwrap().height
    }

    pub(crate) fn block(&self, height: u32) -> Block {
        block_on(self.0.block(height)).unwrap()
    }

    /// The compact blocks from a height to the last.
    pub(crate) fn compact_blocks(&self, from: u32) -> Vec<CompactBlock> {
        block_on(self.0.compact_blocks(from..=self.height())).unwrap()
    }

    /// Submits a transaction of the pool: its id, or the code of the refusal.
    pub(crate) fn submit(&self, transaction: &[u8]) -> Result<String, String> {
        match block_on(self.0.submit(transaction)) {
            Ok(submitted) => Ok(submitted.id),
            Err(error) => Err(error.refusal().unwrap().to_string()),
        }
    }

    /// Asks for money.
    pub(crate) fn faucet(&self, account: Account, amount: u64) {
        block_on(self.0.faucet(account, coin(), Value(amount))).unwrap();
    }

    /// Asks for blocks.
    pub(crate) fn mine(&self, count: u32) {
        block_on(self.0.produce(count)).unwrap();
    }

    /// Lets time pass, and asks for a block.
    pub(crate) fn pass(&self, seconds: u32) {
        block_on(self.0.pass(seconds.into())).unwrap();
    }

    /// The amount of the coin on a transparent account.
    pub(crate) fn holds(&self, account: Account) -> u64 {
        let balances = block_on(self.0.holdings(account)).unwrap().balances;
        balances.iter().find(|(asset, _)| *asset == coin()).map_or(0, |(_, value)| value.0)
    }

    /// The amount of the coin in the pool.
    pub(crate) fn pool(&self) -> u64 {
        block_on(self.0.supply(&[coin()])).unwrap().assets[0].pool.parse().unwrap()
    }
}
