//! A disk that is full, and then has room again.

use louver_core::store::{
    StoreError,
    faulty::{FaultyStore, FullDisk},
    redb::Snapshot,
};

use super::*;
use crate::store::NodeStore;

impl NodeStore for FaultyStore<RedbStore> {
    fn snapshot(&self) -> Result<Snapshot, StoreError> {
        self.inner().snapshot()
    }
}

async fn node_on(folder: &Path, disk: &FullDisk, interval: Option<Duration>) -> RunningNode {
    let config = NodeConfig { inclusion_delay: interval, ..config(folder) };
    let disk = disk.clone();
    let wrap = |store| -> AnyStore { Box::new(FaultyStore::on(store, disk)) };
    start_on(config, Arc::new(ZeroProofs::default()), wrap).await.unwrap()
}

async fn becomes(node: &RunningNode, ready: bool) {
    let mut troubles = node.engine.watch_troubles();
    let changed = troubles.wait_for(|troubles| troubles.is_ready() == ready);
    tokio::time::timeout(Duration::from_secs(30), changed).await.unwrap().unwrap();
}

fn paid(nonce: u64) -> ChainTransaction {
    transparent(mint(&genesis().hash(), nonce, &person(1), 5))
}

/// Nobody gains: a payer who was told 202 would lose a payment, and the operator would not learn of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_and_outlived() {
    let folder = tempfile::tempdir().unwrap();
    let disk = FullDisk::default();
    let node = node_on(folder.path(), &disk, Some(Duration::from_millis(10))).await;
    let client = Client::of(&node);
    client.ask(|client| client.submit(&paid(0))).await;
    let mut tip = node.engine.watch_tip();
    tip.wait_for(|tip| *tip == 1).await.unwrap();

    disk.set(true);
    let taken = client.ask(|client| client.submit(&paid(1))).await;
    becomes(&node, false).await;
    client
        .ask(|client| {
            let (status, ready) = client.get("/ready");
            assert_eq!((status, &ready["ready"]), (503, &json!(false)));
            let (status, answer) = client.send(&paid(2));
            assert_eq!((status, &answer["error"]["code"]), (503, &json!("storage_failing")));
            let wish = json!({ "account": Account::of(&person(3)).to_string(), "asset": "1", "amount": "7" });
            assert_eq!(client.post("/v1/faucet", &wish).0, 503);
            assert_eq!(client.get("/health_").0, 404);
        })
        .await;
    // The store is opened again to be read, while it takes no blocks.
    let read = async {
        while client.ask(|client| client.get("/v1/status").0).await != 200 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), read).await.unwrap();
    let status = client.ask(|client| client.get("/v1/status").1).await;
    assert!(status["troubles"][0].as_str().unwrap().contains("cannot be written"), "{status}");
    assert_eq!(status["height"], 1);

    disk.set(false);
    becomes(&node, true).await;
    tokio::time::timeout(Duration::from_secs(20), tip.wait_for(|tip| *tip == 2)).await.unwrap().unwrap();
    client
        .ask(move |client| {
            assert_eq!(client.state(&taken)["state"], "included");
            assert_eq!(client.get("/ready").0, 200);
            client.submit(&paid(2));
        })
        .await;
    node.shutdown().await.unwrap();
}

/// For a chain whose blocks come on demand, only the node itself can try again.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_on_demand_recovers_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let disk = FullDisk::default();
    let node = node_on(folder.path(), &disk, None).await;
    let client = Client::of(&node);
    disk.set(true);
    client
        .ask(|client| {
            client.submit(&paid(0));
            let (status, answer) = client.post("/v1/blocks", &json!({}));
            assert_eq!((status, &answer["error"]["code"]), (503, &json!("storage_failing")));
        })
        .await;
    disk.set(false);
    becomes(&node, true).await;
    client
        .ask(|client| {
            client.produce(1);
            assert_eq!(client.balance(&person(1)), 5);
        })
        .await;
    node.shutdown().await.unwrap();
}

/// Not an attack: what was taken in would be gone after a crash.
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_written_down_while_the_node_runs() {
    let folder = tempfile::tempdir().unwrap();
    let config = NodeConfig { keep_waiting: Duration::from_millis(20), ..config(folder.path()) };
    let node = start_with(config, Arc::new(ZeroProofs::default())).await.unwrap();
    let id = Client::of(&node).ask(|client| client.submit(&paid(0))).await;
    let file = folder.path().join("mempool");
    let kept = async {
        while !file.exists() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), kept).await.unwrap();
    // As after a kill: the same files, and no orderly end.
    let after = tempfile::tempdir().unwrap();
    let RunningNode { engine, .. } = &node;
    engine.snapshot().unwrap().0.copy_to(&after.path().join("ledger.redb")).unwrap();
    for name in ["genesis", "mempool"] {
        std::fs::copy(folder.path().join(name), after.path().join(name)).unwrap();
    }
    node.shutdown().await.unwrap();
    let again = super::node(after.path()).await;
    let state = Client::of(&again).ask(move |client| client.state(&id)).await;
    assert_eq!(state["state"], "pending");
    again.shutdown().await.unwrap();
}

/// A node that cannot keep its waiting transactions says how many they are.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_kept_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node).ask(|client| client.submit(&paid(0))).await;
    // A folder in the place of the new file: writing it fails, as on a full disk.
    std::fs::create_dir(folder.path().join("mempool.new")).unwrap();
    let ended = node.shutdown().await;
    assert!(matches!(ended, Err(NodeError::NotKept { count: 1, .. })), "{ended:?}");
}
