use louver_chain::{
    BlockLimits, Chain,
    development::authority_key,
    mempool::Capacity,
    testing::{ZeroProofs, genesis},
};
use std::{path::Path, sync::Arc, time::Duration};

use louver_core::store::redb::RedbStore;
use tokio::sync::watch;

use super::*;
use crate::{
    clock::{BlockClock, ClockSteps, SystemClock},
    engine::{BlockOrigin, Empty, Engine, EngineParts},
    folder::Folder,
    http::ProvingKeyStore,
    peers::Peers,
    sealing::Sealer,
    store::AnyStore,
};

const BLOCKS: u32 = 7 * CHUNK_BLOCKS;

/// A chain of some chunks.
async fn shared(folder: &Path) -> (Shared, watch::Sender<bool>) {
    let store: AnyStore = Box::new(RedbStore::open(&folder.join("ledger")).unwrap());
    let engine = Arc::new(Engine::new(EngineParts {
        chain: Chain::open(store, genesis()).unwrap(),
        verifier: Arc::new(ZeroProofs::default()),
        keys: None,
        capacity: Capacity::default(),
        limits: BlockLimits::default(),
        clock: BlockClock::new(SystemClock::shared(), ClockSteps::default()),
        origin: BlockOrigin::Made(Arc::new(Sealer::new(
            vec![authority_key()],
            Arc::new(Folder::open(folder).unwrap()),
        ))),
        seal_patience: Duration::ZERO,
    }));
    let make = |engine: &Engine| (0..BLOCKS).for_each(|_| drop(engine.produce(Empty::Made).unwrap()));
    engine.blocking(make).await.unwrap();
    let (stop, stopping) = watch::channel(false);
    let keys = Arc::new(ProvingKeyStore::new(None, Duration::ZERO));
    let limits = Limits::default();
    let shared = Shared {
        engine,
        limits,
        peers: Peers::new(limits.peer, Vec::new()),
        metrics: Arc::default(),
        slots: Arc::new(Slots::new(&limits)),
        stop: stopping,
        making: Arc::default(),
        keys,
    };
    (shared, stop)
}

async fn settle(stream: &mpsc::Receiver<Bytes>) {
    let full = async {
        while stream.len() < AHEAD {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), full).await.unwrap();
    // Long enough to read all the rest, if it were read.
    tokio::time::sleep(Duration::from_millis(200)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_has_few_chunks_read_ahead_of_him() {
    let folder = tempfile::tempdir().unwrap();
    let (shared, _stop) = shared(folder.path()).await;
    let (chunks, mut stream) = mpsc::channel(AHEAD);
    let span = Span { from: 1, to: None, follow: false, head: None };
    let sending = tokio::spawn(async move { send(shared, span, BLOCKS, &chunks).await });
    let mut length = 0;
    for _ in 0..2 {
        settle(&stream).await;
        assert_eq!(stream.len(), AHEAD);
        assert!(!sending.is_finished());
        length += stream.recv().await.unwrap().len();
    }
    while let Some(chunk) = stream.recv().await {
        assert!(chunk.len() < 2 * CHUNK_BYTES);
        length += chunk.len();
    }
    sending.await.unwrap();
    // The frame's length, the header, and a count of transactions.
    let frame = 4 + louver_chain::Header::BYTES + 4;
    assert_eq!(length, BLOCKS as usize * frame);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_read_for_a_reader_who_has_gone() {
    let folder = tempfile::tempdir().unwrap();
    let (shared, _stop) = shared(folder.path()).await;
    for follow in [false, true] {
        let (chunks, stream) = mpsc::channel(AHEAD);
        let span = Span { from: 1, to: None, follow, head: None };
        let shared = shared.clone();
        let sending = tokio::spawn(async move { send(shared, span, BLOCKS, &chunks).await });
        settle(&stream).await;
        drop(stream);
        tokio::time::timeout(Duration::from_secs(20), sending).await.unwrap().unwrap();
    }
}
