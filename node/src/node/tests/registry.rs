//! `[asset-buckets]` A registry that strangers made long: what a node answers, a block, and what a client reads cost the same
//! with 100,000 assets as with 300.

use std::sync::atomic::{AtomicU64, Ordering};

use louver_chain::{BlockLimits, Candidate, Chain, development::authority_key};
use louver_client::{
    connection::Connection,
    transport::{Http, Request, Response, Transport, Unreachable},
    trust::Trust,
};
use louver_core::{
    asset::AssetId,
    store::{
        Batch, Entry, KeyRange, Store, StoreError, Table,
        redb::{RedbStore, Snapshot},
    },
};

use super::*;
use crate::{folder::Folder, sealing::Sealer, store::NodeStore};

/// How often a store is asked, and the bytes that it gives.
#[derive(Clone, Debug, Default)]
struct Counts(Arc<(AtomicU64, AtomicU64)>);

impl Counts {
    fn add(&self, times: u64, bytes: usize) {
        self.0.0.fetch_add(times, Ordering::SeqCst);
        self.0.1.fetch_add(bytes as u64, Ordering::SeqCst);
    }

    fn take(&self) -> Cost {
        Cost { times: self.0.0.swap(0, Ordering::SeqCst), bytes: self.0.1.swap(0, Ordering::SeqCst) }
    }
}

/// The cost of something.
#[derive(Clone, Copy, Debug)]
struct Cost {
    times: u64,
    bytes: u64,
}

/// A store that counts what is read of it.
struct Counted {
    store: RedbStore,
    counts: Counts,
}

impl Store for Counted {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.store.get(table, key)?;
        self.counts.add(1, found.as_ref().map_or(0, Vec::len));
        Ok(found)
    }

    fn scan(&self, table: Table, range: KeyRange<'_>) -> Result<Vec<Entry>, StoreError> {
        let found = self.store.scan(table, range)?;
        self.counts.add(1, found.iter().map(|(key, value)| key.len() + value.len()).sum());
        Ok(found)
    }

    fn write(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.store.write(batch)
    }

    fn recover(&mut self) -> Result<(), StoreError> {
        self.store.recover()
    }
}

impl NodeStore for Counted {
    fn snapshot(&self) -> Result<Snapshot, StoreError> {
        self.store.snapshot()
    }
}

/// A client's line to a node that counts questions and the bytes of answers.
struct Line {
    http: Http,
    counts: Counts,
}

#[async_trait::async_trait]
impl Transport for Line {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        let answer = self.http.send(request).await?;
        self.counts.add(1, answer.body.len());
        Ok(answer)
    }
}

/// Fills a folder with a chain on which a stranger registered assets, up to this many in all.
fn fill(path: &Path, assets: u64) {
    let folder = Arc::new(Folder::open(path).unwrap());
    let genesis = genesis();
    let store = RedbStore::open(&folder.store()).unwrap();
    let mut chain = Chain::open(store, genesis.clone()).unwrap();
    folder.put_genesis(&genesis).unwrap();
    let sealer = Sealer::new(vec![authority_key()], folder);
    let (stranger, hash) = (person(8), genesis.hash());
    let first = genesis.terms().assets.len() as u64;
    let register = |nonce: u64| {
        let (symbol, reference) = (format!("S{nonce}"), Vec::new());
        let action = Action::RegisterAsset { symbol, decimals: 2, reference };
        let operation = operation(&hash, &stranger, nonce, action).verify(&hash).unwrap();
        Candidate::Transparent(Box::new(operation))
    };
    let nonces: Vec<u64> = (0..assets - first).collect();
    for nonces in nonces.chunks(10_000) {
        let candidates: Vec<_> = nonces.iter().map(|nonce| register(*nonce)).collect();
        let limits = BlockLimits { transactions: usize::MAX, bytes: usize::MAX };
        let proposal = chain.propose(genesis.terms().time, limits, &candidates).unwrap();
        assert!(proposal.refused().is_empty(), "{:?}", proposal.refused().first());
        chain.commit(proposal).unwrap();
        sealer.seal_last(&mut chain).unwrap();
    }
}

/// The costs with a registry of some length: of each question to the node, of a block, and of a client that begins.
async fn costs(assets: u64) -> Vec<(&'static str, Cost)> {
    let place = tempfile::tempdir().unwrap();
    fill(place.path(), assets);
    let counts = Counts::default();
    let counted = counts.clone();
    let config = NodeConfig { checked_blocks: 1, ..config(place.path()) };
    let wrap = move |store| -> AnyStore { Box::new(Counted { store, counts: counted }) };
    let node = start_on(config, Arc::new(ZeroProofs::default()), wrap).await.unwrap();
    let client = Client::of(&node);
    let mut found = Vec::new();
    let submitted = counts.clone();
    client
        .ask(move |client| {
            client.submit(&transparent(mint(&genesis().hash(), 0, &person(1), 1_000_000)));
            client.produce(1);
            client.submit(&deposit(1, &person(1), 5_000));
            submitted.take();
            client.produce(1);
        })
        .await;
    found.push(("a block", counts.take()));
    let account = format!("/v1/accounts/{}?assets=1,2,3&head=0", Account::of(&person(1)));
    let questions = [
        ("the status", "/v1/status?head=0".to_owned()),
        ("assets", "/v1/assets?ids=1,2,65,299&head=0".to_owned()),
        ("supply", "/v1/supply?ids=1,2,65,299&head=0".to_owned()),
        ("an account", account),
        ("a page of assets", "/v1/assets?from=100&limit=100".to_owned()),
    ];
    for (name, path) in questions {
        let bytes = client.ask(move |client| client.bytes(&path)).await;
        let Cost { times, .. } = counts.take();
        found.push((name, Cost { times, bytes: bytes.len() as u64 }));
    }
    let line = Counts::default();
    let transport = Line { http: Http::new(&node.url()).unwrap(), counts: line.clone() };
    let (owner, middle) = (Account::of(&person(1)), AssetId::new(200).unwrap());
    let connection =
        Connection::connect(Arc::new(transport), Trust::Genesis(genesis().hash())).await.unwrap();
    connection.parameters().await.unwrap();
    connection.learn_assets([middle]).await.unwrap();
    assert_eq!(connection.assets().get(middle).unwrap().symbol(), "S198");
    let held = connection.holdings(owner).await.unwrap();
    assert_eq!(held.balances, [(coin(), Amount(995_000 - 1))]);
    connection.supply(&[coin(), middle]).await.unwrap();
    connection.compact_blocks(node.height()..=node.height()).await.unwrap();
    found.push(("a client's reading, from the node's store", counts.take()));
    found.push(("a client's reading, over the line", line.take()));
    node.shutdown().await.unwrap();
    found
}

/// Attacker: a stranger who registers assets without end, so that every wallet reads for hours and every node stands still.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "registers 100,000 assets"]
async fn a_long_registry_costs_nobody_more() {
    let (short, long) = (costs(300).await, costs(100_000).await);
    for ((name, before), (_, after)) in short.iter().zip(&long) {
        println!(
            "{name}: {} and {} times, {} and {} bytes",
            before.times, after.times, before.bytes, after.bytes
        );
        // A path in the registry has 17 nodes instead of 9; all else stays.
        assert!(after.times <= 2 * before.times, "{name}: {before:?}, {after:?}");
        assert!(after.bytes <= 2 * before.bytes, "{name}: {before:?}, {after:?}");
    }
}
