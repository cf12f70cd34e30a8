//! A wallet file and the node that it follows.

use std::{collections::BTreeMap, ops::ControlFlow, path::Path};

use louver_chain::{Account, ChainTransaction};
use louver_core::{
    asset::{AssetId, KnownAssets},
    compact::CompactBlock,
    proof::Progress,
    tree::Frontier,
    value::Value,
};
use louver_wallet::{
    account::AccountNumber,
    chain::ChainParameters,
    cover::Reading,
    phrase::RecoveryPhrase,
    store::SqliteStore,
    vault::Protection,
    wallet::{Birthday, NewWallet, Wallet},
};

use crate::{
    client::{Client, ClientError},
    exit::Failure,
};

/// The account of a wallet that commands work with.
pub(crate) const FIRST: AccountNumber = AccountNumber(0);

/// How many compact blocks are scanned at a time.
const CHUNK: usize = 256;

/// An open wallet, its node, and the assets that are known.
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) wallet: Wallet,
    pub(crate) assets: KnownAssets,
}

/// What a synchronisation found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Synced {
    pub(crate) height: u32,
    pub(crate) blocks: usize,
    pub(crate) received: usize,
    pub(crate) spent: usize,
}

impl Session {
    /// What a transparent account holds, by asset.
    pub(crate) fn transparent_funds(&self, account: &Account) -> Result<BTreeMap<AssetId, Value>, Failure> {
        let held = self.client.account(&account.to_string())?;
        let amount = |balance: &louver_client::api::view::Balance| {
            let asset = balance.asset.parse().ok().and_then(AssetId::new);
            let asset = asset.ok_or_else(|| Failure::node("a balance of an asset without an id"))?;
            let value = balance.amount.parse().map_err(|_| Failure::node("a balance that is no number"))?;
            Ok((asset, Value(value)))
        };
        held.balances.iter().map(amount).collect()
    }

    /// Opens a wallet that is there.
    pub(crate) fn open(client: Client, path: &Path) -> Result<Self, Failure> {
        if !path.is_file() {
            return Err(Failure::storage(format!(
                "there is no wallet at {}: make one with `louver wallet create`",
                path.display()
            )));
        }
        let wallet = Wallet::open(SqliteStore::open(path)?)?;
        let mut assets = known_assets(&wallet)?;
        client.learn_assets(&mut assets)?;
        Ok(Self { client, wallet, assets })
    }

    /// Makes a wallet with one account, which looks for payments after the block at `birthday`.
    pub(crate) fn create(
        client: Client,
        path: &Path,
        phrase: &RecoveryPhrase,
        protection: &Protection,
        birthday: u32,
    ) -> Result<Self, Failure> {
        let chain = parameters(&client)?;
        let birthday = block_of_birth(&client, &chain, birthday)?;
        let new = NewWallet { phrase: Some((phrase, protection)), chain: &chain, birthday: &birthday };
        let wallet = Wallet::create(SqliteStore::open(path)?, new)?;
        let assets = known_assets(&wallet)?;
        Ok(Self { client, wallet, assets })
    }

    /// Follows the node to its last block: returns from blocks that are gone, scans the new ones, and reads the
    /// wallet's own transactions in full. What has waited for a block for long is sent again, unless the
    /// node has seen less of the chain than the wallet.
    pub(crate) fn sync(&mut self, progress: &mut dyn Progress) -> Result<Synced, Failure> {
        let chain = parameters(&self.client)?;
        let tip = chain.height;
        // The next block has to have its place.
        if !chain.goes_on_after(tip) {
            return Err(Failure::node(format!(
                "the node speaks of {tip} blocks, more than its chain can have"
            )));
        }
        // The height is the node's word until its blocks were read.
        let known = self.wallet.chain().height;
        self.wallet.update_chain(&ChainParameters { height: known, ..chain.clone() })?;
        self.assets = known_assets(&self.wallet)?;
        self.return_to_chain(tip)?;
        let first = self.wallet.position()?.height.saturating_add(1);
        let mut found = Synced { height: tip.max(first.saturating_sub(1)), ..Synced::default() };
        let mut waiting = Vec::with_capacity(CHUNK);
        self.client.compact_blocks(first, tip, |block| {
            let height = block.height;
            waiting.push(block);
            if waiting.len() == CHUNK || height == tip {
                let scanned = self.wallet.scan(&waiting, &mut louver_core::proof::Unwatched)?;
                found.blocks += scanned.blocks;
                found.received += scanned.received;
                found.spent += scanned.spent;
                waiting.clear();
                if let ControlFlow::Break(()) = progress.report(height - first + 1, tip - first + 1) {
                    return Err(Failure::wallet("cancelled", "synchronising was stopped"));
                }
            }
            Ok(())
        })?;
        self.wallet.update_chain(&chain)?;
        let reading = self.fetch_in_full()?;
        let sent = self.send_again(tip);
        // Last, as the node would see how long it takes.
        self.wallet.finish_reading(reading)?;
        sent?;
        Ok(found)
    }

    /// Rolls back to the last block that the wallet and the node have in common.
    fn return_to_chain(&mut self, tip: u32) -> Result<(), Failure> {
        let known = self.wallet.known_blocks()?;
        let genesis = self.wallet.chain().genesis.hash().0;
        for (steps, (height, hash)) in known.into_iter().enumerate() {
            let theirs = match height {
                0 => Some(genesis),
                height if height <= tip => Some(self.client.compact_block(height)?.hash),
                _ => None,
            };
            if theirs == Some(hash) {
                // A node whose last block it is, is behind.
                return if steps == 0 || height == tip {
                    Ok(())
                } else {
                    Ok(self.wallet.roll_back(height)?)
                };
            }
        }
        Err(Failure::node(
            "the node is on another branch than the wallet ever saw: restore it from its phrase",
        ))
    }

    /// Fetches whole blocks beside others, all of them before any is read, so that the node does not learn which of them
    /// concern the wallet.
    fn fetch_in_full(&mut self) -> Result<Reading, Failure> {
        let mut reading = self.wallet.begin_reading()?;
        for height in reading.heights() {
            let block = self.client.block(height)?;
            reading.take(block.transactions.into_iter().filter_map(ChainTransaction::into_shielded));
        }
        Ok(reading)
    }

    fn send_again(&mut self, tip: u32) -> Result<(), Failure> {
        for outgoing in self.wallet.overdue(tip)? {
            match self.client.submit_shielded(&outgoing.bytes) {
                // If it is refused now, it expires, and its notes are free again.
                Ok(_) | Err(ClientError::Refused { .. }) => {}
                Err(error) => return Err(error.into()),
            }
            self.wallet.handed_in(outgoing.txid)?;
        }
        Ok(())
    }
}

/// What the node says of its chain. The genesis is read from its bytes: its hash cannot be made up.
pub(crate) fn parameters(client: &Client) -> Result<ChainParameters, Failure> {
    let genesis = client.genesis()?;
    let mut assets = KnownAssets::new(&genesis.terms().assets);
    client.learn_assets(&mut assets)?;
    let assets = assets.registered().to_vec();
    let height = client.status()?.height;
    Ok(ChainParameters { assets, height, ..ChainParameters::new(genesis) })
}

/// The assets that the wallet knows: amounts are read and written by them, and by no later answer of the node's.
fn known_assets(wallet: &Wallet) -> Result<KnownAssets, Failure> {
    wallet.chain().known_assets().map_err(Failure::storage)
}

fn block_of_birth(client: &Client, chain: &ChainParameters, height: u32) -> Result<Birthday, Failure> {
    if height == 0 {
        return Ok(Birthday { height, hash: chain.genesis.hash().0, frontier: Frontier::empty() });
    }
    let block: CompactBlock = client.compact_block(height)?;
    let frontier = client.frontier(height)?;
    match frontier.root() == block.root {
        true => Ok(Birthday { height, hash: block.hash, frontier }),
        false => Err(Failure::node(format!("the node's tree after block {height} is not that block's"))),
    }
}
