//! A node: a folder, a chain in it, a mempool, blocks on a timer, and the API in front.

use louver_chain::{BlockLimits, Chain, ChainError, mempool::Capacity};
use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use louver_circuits::keyset::{KeySet, KeySetError};
use louver_core::{
    encoding::{Decode, DecodeError, Encode},
    ledger::{Genesis, LedgerError},
    store::{StoreError, redb::RedbStore},
};
use thiserror::Error;
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
    task::JoinHandle,
    time::MissedTickBehavior,
};

use crate::{
    engine::Engine,
    folder::{Folder, FolderError},
    http::{
        self, Shared, Shelf,
        layers::Origins,
        serve::{self, Limits, stopped},
    },
    keys::KeySource,
    pages::Pages,
    verification::SharedVerifier,
};

/// How long a stopping node waits for work that is under way.
const WIND_DOWN: Duration = Duration::from_secs(10);

/// How a node is to run.
#[derive(Clone, Debug)]
pub struct NodeConfig {
    /// The folder of its data: made if it is not there, and of one chain ever after.
    pub data_dir: PathBuf,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The chain.
    pub genesis: Genesis,
    /// How often a block is made if transactions wait; `None`: blocks come on demand only.
    pub block_interval: Option<Duration>,
    /// After how long without a block an empty one is made, so that epochs pass; `None`: never. Counts with
    /// `block_interval` only.
    pub empty_blocks: Option<Duration>,
    /// The most that a block holds.
    pub block_limits: BlockLimits,
    /// The most that waits.
    pub capacity: Capacity,
    /// What clients may ask.
    pub limits: Limits,
    /// Which web pages may call the API.
    pub origins: Origins,
    /// The keys of the chain. `None`: those of this build, which are enough for development chains alone.
    pub keys: Option<KeySet>,
    /// The keys that clients may have; `None`: none.
    pub handed_out: Option<Arc<dyn KeySource>>,
    /// Web pages at every path but those of the API, under one origin with it; `None`: none.
    pub pages: Option<Pages>,
}

impl NodeConfig {
    /// A node on a free port of this machine alone, with a block each second in which something waits, and every
    /// minute otherwise.
    pub fn new(data_dir: impl Into<PathBuf>, genesis: Genesis) -> Self {
        Self {
            data_dir: data_dir.into(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            genesis,
            block_interval: Some(Duration::from_secs(1)),
            empty_blocks: Some(Duration::from_secs(60)),
            block_limits: BlockLimits::default(),
            capacity: Capacity::default(),
            limits: Limits::default(),
            origins: Origins::default(),
            keys: None,
            handed_out: None,
            pages: None,
        }
    }
}

/// Why a node does not start, or stopped.
#[derive(Debug, Error)]
pub enum NodeError {
    /// The folder cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The chain in it cannot be opened or carried on.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// It cannot listen there.
    #[error("cannot listen at {address}: {source}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// The system's word.
        source: io::Error,
    },
    /// The keys that genesis names cannot be used, or are not at hand.
    #[error("the keys of the chain cannot be used: {0}")]
    Keys(#[from] KeySetError),
    /// The keys are those of another chain.
    #[error("the keys were opened for another chain than that of the genesis")]
    OtherKeys,
    /// A task of the node's own ended early.
    #[error("the node failed: {0}")]
    Failed(String),
}

impl From<StoreError> for NodeError {
    fn from(error: StoreError) -> Self {
        Self::Chain(error.into())
    }
}

/// A node at work. Dropped, it stops at once, and forgets what waited; [`RunningNode::shutdown`] keeps that.
pub struct RunningNode {
    address: SocketAddr,
    engine: Arc<Engine>,
    folder: Folder,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
    maker: JoinHandle<Result<(), ChainError>>,
}

/// Starts a node that checks proofs with the keys that the genesis names. It starts only if all are at hand: those of
/// disclosures too, which it hands out to auditors.
///
/// # Errors
/// As [`start_with`], and [`NodeError::Keys`] if a key is missing or refused.
pub async fn start(config: NodeConfig) -> Result<RunningNode, NodeError> {
    let (genesis, keys) = (config.genesis.clone(), config.keys.clone());
    let verifier = tokio::task::spawn_blocking(move || {
        let keys = keys.map_or_else(|| KeySet::of(&genesis), Ok)?;
        if keys.genesis() != Some(genesis.hash()) {
            return Err(NodeError::OtherKeys);
        }
        keys.disclosure_verifier()?;
        Ok(keys.verifier()?)
    });
    let verifier = verifier.await.map_err(|error| NodeError::Failed(error.to_string()))??;
    start_with(config, Arc::new(verifier)).await
}

/// Starts a node that checks proofs with `verifier`.
///
/// # Errors
/// [`FolderError::OtherChain`] if the folder is of another chain, [`FolderError::InUse`] if another process has it.
pub async fn start_with(config: NodeConfig, verifier: SharedVerifier) -> Result<RunningNode, NodeError> {
    let address = config.listen;
    let failed = |source| NodeError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;

    let NodeConfig { data_dir, genesis, .. } = config;
    let opened = tokio::task::spawn_blocking(move || open(&data_dir, &genesis)).await;
    let (folder, chain, waiting) = opened.map_err(|error| NodeError::Failed(error.to_string()))??;

    let engine = Arc::new(Engine::new(chain, verifier, config.capacity, config.block_limits));
    restore(&engine, waiting).await;
    let (stop, stopping) = watch::channel(false);
    let shared = Shared {
        engine: engine.clone(),
        streams: Arc::new(Semaphore::new(config.limits.streams)),
        stop: stopping.clone(),
        making: Arc::default(),
        // Whoever asks has an answer before the deadline of his request.
        keys: Arc::new(Shelf::new(config.handed_out, config.limits.request_timeout.mul_f32(0.75))),
    };
    let router = http::router(shared, config.limits, config.origins, config.pages);
    let server = tokio::spawn(serve::serve(listener, router, config.limits, stopping.clone()));
    let maker =
        tokio::spawn(make_blocks(engine.clone(), config.block_interval, config.empty_blocks, stopping));
    Ok(RunningNode { address, engine, folder, stop, server, maker })
}

type Opened = (Folder, Chain<RedbStore>, Vec<Vec<u8>>);

fn open(data_dir: &Path, genesis: &Genesis) -> Result<Opened, NodeError> {
    let folder = Folder::open(data_dir)?;
    match folder.genesis()? {
        None => folder.put_genesis(&genesis.to_bytes())?,
        Some(bytes) => {
            let found = Genesis::from_bytes(&bytes).map_err(|source| damaged(data_dir, source))?;
            if found != *genesis {
                return Err(other_chain(data_dir, &found, genesis).into());
            }
        }
    }
    let store = RedbStore::open(&folder.store())?;
    let chain = Chain::open(store, genesis.clone()).map_err(|error| match error {
        ChainError::Ledger(LedgerError::OtherGenesis { found }) => {
            NodeError::Folder(FolderError::OtherChain {
                folder: data_dir.to_owned(),
                found,
                expected: genesis.hash(),
            })
        }
        error => error.into(),
    })?;
    let waiting = folder.take_waiting()?;
    Ok((folder, chain, waiting))
}

fn damaged(data_dir: &Path, source: DecodeError) -> FolderError {
    FolderError::Damaged { file: data_dir.join("genesis"), source }
}

fn other_chain(data_dir: &Path, found: &Genesis, expected: &Genesis) -> FolderError {
    FolderError::OtherChain { folder: data_dir.to_owned(), found: found.hash(), expected: expected.hash() }
}

/// Submits again what waited when the node last stopped, in the order of its arrival.
async fn restore(engine: &Arc<Engine>, waiting: Vec<Vec<u8>>) {
    for transaction in waiting {
        // What the chain does not take any more is dropped, as it would have been.
        drop(engine.submit(transaction).await);
    }
}

/// Makes blocks on a timer until the node stops.
async fn make_blocks(
    engine: Arc<Engine>,
    interval: Option<Duration>,
    empty: Option<Duration>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), ChainError> {
    let Some(interval) = interval else {
        stopped(&mut stop).await;
        return Ok(());
    };
    let mut ticks = tokio::time::interval(interval.max(Duration::from_millis(1)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut last = Instant::now();
    loop {
        tokio::select! {
            () = stopped(&mut stop) => return Ok(()),
            _ = ticks.tick() => {}
        }
        let due = empty.is_some_and(|empty| last.elapsed() >= empty);
        if due || !engine.mempool().is_empty() {
            // Not cut short by a stop: a block that is begun is finished.
            if let Some(made) = engine.blocking(Engine::produce).await {
                made?;
            }
            last = Instant::now();
        }
    }
}

impl RunningNode {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The root of its API's addresses, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The last block's height.
    pub fn height(&self) -> u32 {
        self.engine.chain().height()
    }

    /// Stops: no more requests, the block under way finished, what waits kept for the next start.
    pub async fn shutdown(self) -> Result<(), NodeError> {
        let Self { engine, folder, stop, server, maker, .. } = self;
        stop.send_replace(true);
        server.await.map_err(|error| NodeError::Failed(error.to_string()))?;
        let made = maker.await.map_err(|error| NodeError::Failed(error.to_string()))?;
        folder.put_waiting(&engine.waiting())?;
        // Requests that were cut off may still be reading on threads of their own.
        let deadline = Instant::now() + WIND_DOWN;
        while Arc::strong_count(&engine) > 1 && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        drop(engine);
        drop(folder);
        Ok(made?)
    }

    /// Runs until the process is told to stop (SIGTERM or SIGINT) or making blocks fails; then shuts down.
    pub async fn run(mut self) -> Result<(), NodeError> {
        tokio::select! {
            () = told_to_stop() => self.shutdown().await,
            ended = &mut self.maker => {
                let ended = ended.map_err(|error| NodeError::Failed(error.to_string()))?;
                self.folder.put_waiting(&self.engine.waiting())?;
                Ok(ended?)
            }
        }
    }
}

#[cfg(unix)]
async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn told_to_stop() {
    drop(tokio::signal::ctrl_c().await);
}

#[cfg(test)]
mod tests;
