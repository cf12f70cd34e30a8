//! A node: a folder, a chain in it, a mempool, blocks on a timer, and the API in front.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::{Arc, atomic::AtomicUsize},
    time::{Duration, Instant},
};

use ed25519_dalek::SigningKey;
use ipnet::IpNet;
use louver_chain::{
    Account, BlockHash, BlockLimits, Chain, ChainError, development::authority_key, integrity::Damage,
    mempool::Capacity,
};
use louver_circuits::keyset::{KeySet, KeySetError};
use louver_core::{
    calendar::moment,
    ledger::Genesis,
    store::{StoreError, redb::RedbStore},
};
use louver_light::seal::SealError;
use thiserror::Error;
use tokio::{
    net::TcpListener,
    sync::{Notify, oneshot, watch},
    task::JoinHandle,
};

use crate::{
    clock::{BlockClock, Clock, ClockSteps, SystemClock},
    engine::{BlockOrigin, Empty, Engine, EngineParts, Origin, ProductionError},
    folder::{Folder, FolderError},
    follow::{self, Follower, Source, cosigning::Cosigner},
    http::{
        self, ProvingKeyStore, Shared, Slots,
        layers::Origins,
        serve::{self, Limits, Server},
    },
    keys::{self, KeySource},
    opening, operator,
    pages::Pages,
    peers::Peers,
    sealing::{self, Sealer, SealingError},
    signals::StopSignals,
    store::AnyStore,
    tending,
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
    /// How soon a block is made of transactions that can be included. Blocks without any come as genesis says. `None`:
    /// blocks come on demand only, for development and tests.
    pub inclusion_delay: Option<Duration>,
    /// The clock that blocks have their time from.
    pub clock: Arc<dyn Clock>,
    /// Which of the clock's steps are taken.
    pub clock_steps: ClockSteps,
    /// The last block of a folder that is a copy, by height and hash, if the operator knows that nothing was sealed after it.
    pub nothing_after: Option<(u32, BlockHash)>,
    /// How many of the last blocks are checked at each start.
    pub checked_blocks: u32,
    /// How many of the last blocks are kept whole; `None`: all. Of the others there are headers, compact blocks and what
    /// they made of the state.
    pub keep_bodies: Option<u32>,
    /// How often what waits is written down, if it has changed.
    pub keep_waiting: Duration,
    /// The most that a block holds.
    pub block_limits: BlockLimits,
    /// The most that waits.
    pub capacity: Capacity,
    /// The limits of clients.
    pub limits: Limits,
    /// Proxies that say for whom they ask, in `X-Forwarded-For`. Nobody else's word counts.
    pub trusted_proxies: Vec<IpNet>,
    /// Where an operator's machines read metrics, and whether the node is alive and ready; `None`: nowhere. Not for the
    /// network: what a node counts is nobody else's business.
    pub metrics: Option<SocketAddr>,
    /// Which web pages may call the API.
    pub origins: Origins,
    /// The keys of the chain. `None` means the keys of this build, which are only enough for development chains.
    pub keys: Option<KeySet>,
    /// The authorities' keys that seal blocks. With fewer than have to seal, a node that makes blocks waits for the seals of
    /// nodes that follow it and have the others. A development chain has its own besides.
    pub authority_keys: Vec<SigningKey>,
    /// How long a block may wait for the seals of other nodes before this one says that it is not ready.
    pub seal_patience: Duration,
    /// The node to take the chain from, instead of making it; `None`: it is made here.
    pub follow: Option<Source>,
    /// How soon a source that had nothing new is asked again.
    pub poll: Duration,
    /// The keys that clients may have; `None`: none.
    pub handed_out: Option<Arc<dyn KeySource>>,
    /// Web pages at every path but those of the API, under one origin with it; `None`: none.
    pub pages: Option<Pages>,
}

impl NodeConfig {
    /// A node on a free port, for this machine only. It makes a block each second while something can be
    /// included, and otherwise as rarely as genesis allows.
    pub fn new(data_dir: impl Into<PathBuf>, genesis: Genesis) -> Self {
        Self {
            data_dir: data_dir.into(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            genesis,
            inclusion_delay: Some(Duration::from_secs(1)),
            clock: SystemClock::shared(),
            clock_steps: ClockSteps::default(),
            nothing_after: None,
            checked_blocks: 100,
            keep_bodies: None,
            keep_waiting: Duration::from_secs(10),
            block_limits: BlockLimits::default(),
            capacity: Capacity::default(),
            limits: Limits::default(),
            trusted_proxies: Vec::new(),
            metrics: None,
            origins: Origins::default(),
            keys: None,
            authority_keys: Vec::new(),
            seal_patience: Duration::from_secs(10),
            follow: None,
            poll: Duration::from_secs(1),
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
    /// The chain's data is damaged.
    #[error(
        "the data in {} is damaged: {damage}. Nothing was changed; `louver node check` lists all faults, and a backup can be restored into a new folder",
        folder.display()
    )]
    Damaged {
        /// The folder.
        folder: PathBuf,
        /// The first fault.
        damage: Box<Damage>,
    },
    /// A backup cannot be restored.
    #[error(
        "the backup {} cannot be restored: {why}. Nothing was made of it, and it is as it was: restore another backup, or make \
         one anew of a node that has the chain, with `louver node backup`",
        backup.display()
    )]
    Backup {
        /// The folder of the backup.
        backup: PathBuf,
        /// The fault in it.
        why: String,
    },
    /// Transactions that were taken in could not be kept when the node stopped.
    #[error(
        "{count} transactions that waited for a block could not be kept: {source}. Their senders have to send them again, once the node has started"
    )]
    NotKept {
        /// How many.
        count: usize,
        /// Why not.
        source: FolderError,
    },
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
    /// The node that is followed does not give the chain's keys.
    #[error(transparent)]
    Fetch(#[from] keys::FetchError),
    /// The keys are those of another chain.
    #[error("the keys were opened for another chain than that of the genesis")]
    OtherKeys,
    /// The keys of enough authorities are missing.
    #[error(
        "{found} keys of the chain's authorities are at hand, and {needed} have to seal each block{strangers}: name the file of at least one with --authority-key, and let the nodes of the others follow this one with theirs; or follow a node that makes blocks, with --follow"
    )]
    AuthorityKeys {
        /// How many have to seal.
        needed: u8,
        /// How many are at hand.
        found: usize,
        /// That the named keys are none of theirs, if any were named.
        strangers: String,
    },
    /// The operator's word about the last block that was sealed is not taken.
    #[error(transparent)]
    Sealing(#[from] SealingError),
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
#[must_use = "a node that is dropped stops at once"]
pub struct RunningNode {
    address: SocketAddr,
    metrics_address: Option<SocketAddr>,
    engine: Arc<Engine>,
    folder: Arc<Folder>,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
    maker: JoinHandle<Result<(), ChainError>>,
    /// Ends with the maker.
    made_last: oneshot::Receiver<()>,
    /// The other tasks, which end when the node stops.
    helpers: Vec<JoinHandle<()>>,
}

/// Starts a node that checks proofs with the keys that the genesis names. It starts only if all are at hand: those of
/// disclosures too, which it hands out to auditors.
///
/// # Errors
/// As [`start_with`], and [`NodeError::Keys`] if a key is missing or refused.
pub async fn start(mut config: NodeConfig) -> Result<RunningNode, NodeError> {
    let (genesis, keys) = (config.genesis.clone(), config.keys.take());
    let keys = match keys {
        Some(keys) => keys,
        None => KeySet::of(&genesis)?,
    };
    if keys.genesis() != Some(genesis.hash()) {
        return Err(NodeError::OtherKeys);
    }
    keys::take_fetched(&keys, &config.data_dir);
    if let Some(source) = &config.follow {
        keys::fetch(&keys, source, &config.data_dir).await?;
    }
    let read = tokio::task::spawn_blocking(move || {
        keys.disclosure_verifier()?;
        let verifier = keys.verifier()?;
        Ok::<_, KeySetError>((keys, verifier))
    });
    let (keys, verifier) = read.await.map_err(|error| NodeError::Failed(error.to_string()))??;
    start_with(NodeConfig { keys: Some(keys), ..config }, Arc::new(verifier)).await
}

/// Starts a node that checks proofs with `verifier`.
///
/// # Errors
/// [`NodeError::Folder`] if the folder is of another chain, in use, or a chain that was begun in it is lost in part;
/// [`NodeError::Damaged`] if the last blocks are not as they were written; [`NodeError::Listen`].
pub async fn start_with(config: NodeConfig, verifier: SharedVerifier) -> Result<RunningNode, NodeError> {
    start_on(config, verifier, |store| Box::new(store)).await
}

/// Starts a node on what `wrap` makes of the store in its folder.
pub(crate) async fn start_on(
    config: NodeConfig,
    verifier: SharedVerifier,
    wrap: impl FnOnce(RedbStore) -> AnyStore + Send + 'static,
) -> Result<RunningNode, NodeError> {
    let (listener, address) = listen(config.listen).await?;
    let operators = match config.metrics {
        Some(address) => Some(listen(address).await?),
        None => None,
    };

    let NodeConfig { data_dir, genesis, checked_blocks, keys, .. } = config;
    let (chain_keys, follows) = (keys.clone(), config.follow.is_some());
    let open = move || {
        let opened = opening::open(&data_dir, &genesis, checked_blocks, wrap)?;
        if let Some(keys) = &chain_keys {
            keys::learn_rules(keys, &opened.chain, follows)?;
            keys::take_fetched(keys, &data_dir);
        }
        Ok::<_, NodeError>(opened)
    };
    let opened = tokio::task::spawn_blocking(open).await;
    let opening::Opened { folder, chain, waiting } =
        opened.map_err(|error| NodeError::Failed(error.to_string()))??;
    if let Some(last) = config.nothing_after {
        sealing::take_word(&folder, &chain, last)?;
    }
    let folder = Arc::new(folder);
    let origin = match config.follow {
        Some(source) => {
            let cosigns = !config.authority_keys.is_empty();
            let cosigner = cosigns.then(|| Arc::new(Sealer::new(config.authority_keys, folder.clone())));
            BlockOrigin::Followed { source, cosigner }
        }
        None => BlockOrigin::Made(Arc::new(sealer_of(&chain, config.authority_keys, folder.clone())?)),
    };
    let cosigner = match &origin {
        BlockOrigin::Followed { cosigner, .. } => cosigner.clone(),
        BlockOrigin::Made(_) => None,
    };

    let clock = BlockClock::new(config.clock, config.clock_steps);
    let passed = chain.ledger().tip().time.saturating_sub(clock.now());
    if chain.terms().development && passed > 0 {
        // Time that was let pass there before stays passed.
        clock.pass(passed);
    }
    let engine = Arc::new(Engine::new(EngineParts {
        chain,
        verifier: verifier.clone(),
        keys,
        capacity: config.capacity,
        limits: config.block_limits,
        clock,
        origin,
        seal_patience: config.seal_patience,
    }));
    engine.look_for_pause(&engine.chain());
    if folder.has_evidence() {
        engine.convict(&folder.evidence_file(), "what they must not have, as this node found before");
    }
    // A block that was written and not sealed before the node was killed is sealed now. If it cannot be, the troubles say
    // so, and the node is read meanwhile.
    engine.blocking(|engine| drop(engine.seal_last())).await;
    restore(&engine, waiting).await;
    let (stop, stopping) = watch::channel(false);
    let limits = config.limits;
    let peers = Peers::new(limits.peer, config.trusted_proxies);
    let shared = Shared {
        engine: engine.clone(),
        limits,
        peers: peers.clone(),
        metrics: Arc::default(),
        slots: Arc::new(Slots::new(&limits)),
        stop: stopping.clone(),
        making: Arc::default(),
        // A client has an answer before the deadline of its request.
        keys: Arc::new(ProvingKeyStore::new(config.handed_out, limits.request_timeout.mul_f32(0.75))),
    };
    let metrics = shared.metrics.clone();
    let server = |router| Server { router, limits, peers: peers.clone(), metrics: metrics.clone() };
    let metrics_address = operators.as_ref().map(|(_, address)| *address);
    let mut helpers = Vec::new();
    if let Some((listener, _)) = operators {
        // Its connections are counted apart, so that clients cannot hide the node from its operator.
        let apart = Server {
            router: http::operators_router(shared.clone()),
            limits,
            peers: Peers::new(limits.peer, Vec::new()),
            metrics: Arc::default(),
        };
        helpers.push(tokio::spawn(serve::serve(listener, apart, stopping.clone())));
    }
    let server = server(http::router(shared, config.origins, config.pages));
    let server = tokio::spawn(serve::serve(listener, server, stopping.clone()));
    let longest = engine.chain().terms().block_interval;
    let longest = Duration::from_secs(longest.into());
    let timing = tending::Timing { delay: config.inclusion_delay, longest };
    let (ending, made_last) = oneshot::channel();
    let source = engine.source().cloned();
    let wake = Arc::new(Notify::new());
    if let Some((source, sealer)) = source.clone().zip(cosigner) {
        let (engine, wake) = (engine.clone(), wake.clone());
        let cosigner =
            Cosigner { engine, source, sealer, poll: config.poll, wake, turn: AtomicUsize::default() };
        helpers.push(tokio::spawn(follow::cosigning::cosign(cosigner, stopping.clone())));
    }
    let (blocks, until) = ((engine.clone(), folder.clone()), stopping.clone());
    let maker = tokio::spawn(async move {
        let (engine, folder) = blocks;
        let made = match source {
            None => tending::make_blocks(engine, timing, until).await,
            Some(source) => {
                let follower = Follower {
                    engine,
                    folder,
                    source,
                    verifier,
                    poll: config.poll,
                    wake,
                    told_copy: false.into(),
                };
                follow::follow(follower, until).await
            }
        };
        drop(ending);
        made
    });
    let keeping =
        tending::keep_waiting(engine.clone(), folder.clone(), config.keep_waiting, stopping.clone());
    helpers.push(tokio::spawn(keeping));
    if let Some(keep) = config.keep_bodies {
        helpers.push(tokio::spawn(tending::forget_bodies(engine.clone(), keep, stopping.clone())));
    }
    helpers.push(tokio::spawn(operator::answer(engine.clone(), folder.clone(), stopping)));
    tracing::info!(height = engine.chain().height(), port = address.port(), "the node runs");
    let schedule = engine.chain().terms().schedule;
    if let (Some(_), Some(from)) = (schedule.length(), schedule.withdrawals_only_from()) {
        // A chain of short epochs comes to its last one within months.
        tracing::info!(from = moment(from), "the chain takes withdrawals only from this time on");
    }
    Ok(RunningNode { address, metrics_address, engine, folder, stop, server, maker, made_last, helpers })
}

/// The authority keys of a node that makes blocks, of which there have to be enough.
fn sealer_of(
    chain: &Chain<AnyStore>,
    mut keys: Vec<SigningKey>,
    folder: Arc<Folder>,
) -> Result<Sealer, NodeError> {
    let named: Vec<_> = keys.iter().map(|key| Account::of(key).to_string()).collect();
    let strangers = match named.is_empty() {
        true => String::new(),
        false => format!(" (the named key is none of the chain's: {})", named.join(", ")),
    };
    if chain.terms().development {
        keys.push(authority_key());
    }
    let sealer = Sealer::new(keys, folder);
    match sealer.check_keys(chain) {
        Ok(()) => Ok(sealer),
        Err(SealingError::Keys(SealError::TooFew { needed, found: 0 })) => {
            Err(NodeError::AuthorityKeys { needed, found: 0, strangers })
        }
        Err(SealingError::Keys(SealError::TooFew { needed, found })) => {
            tracing::info!(
                needed,
                found,
                "other nodes have to seal each block too: those of the other authorities follow this one with their keys"
            );
            Ok(sealer)
        }
        Err(SealingError::Chain(error)) => Err(error.into()),
        Err(error) => Err(NodeError::Failed(error.to_string())),
    }
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), NodeError> {
    let failed = |source| NodeError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// Submits again what waited when it was last written down, in the order of its arrival.
async fn restore(engine: &Arc<Engine>, waiting: Vec<Vec<u8>>) {
    let (count, mut taken) = (waiting.len(), 0usize);
    for transaction in waiting {
        // A transaction that the chain does not take any more is dropped, as it would have been.
        taken += usize::from(engine.submit(transaction, Origin::Client).await.is_ok());
    }
    if count > 0 {
        tracing::info!(count, taken, "transactions that waited were submitted again");
    }
}

/// Makes blocks of a node, in the process that runs it. A node that is to stop waits a while for makers to be dropped.
#[derive(Clone)]
pub struct BlockMaker(Arc<Engine>);

impl BlockMaker {
    /// Lets seconds pass on the node's clock, for demonstrations that tell of more than a day.
    pub fn pass(&self, seconds: u64) {
        self.0.pass(seconds);
    }

    /// The time on the node's clock, in seconds since 1970.
    pub fn now(&self) -> u64 {
        self.0.now()
    }

    /// Makes a block of what waits, or an empty one. Gives its height. May wait for the disk.
    ///
    /// # Errors
    /// If the block cannot be written, or the clock is wrong.
    pub fn make(&self) -> Result<u32, ProductionError> {
        self.0.produce(Empty::Made)?;
        Ok(self.0.chain().height())
    }
}

impl RunningNode {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where an operator's machines ask, if they may.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_address
    }

    /// The root of its API's addresses, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The last block's height.
    pub fn height(&self) -> u32 {
        self.engine.chain().height()
    }

    /// Makes blocks of this node at the word of whoever runs it, on any chain.
    pub fn block_maker(&self) -> BlockMaker {
        BlockMaker(self.engine.clone())
    }

    /// Stops: takes no more requests, finishes the block under way, and stores waiting transactions for the next start.
    ///
    /// # Errors
    /// [`NodeError::NotKept`] if the waiting transactions cannot be stored, [`NodeError::Chain`] if making blocks had
    /// failed.
    pub async fn shutdown(self) -> Result<(), NodeError> {
        let Self { engine, folder, stop, server, maker, helpers, .. } = self;
        stop.send_replace(true);
        let ended = |error: tokio::task::JoinError| NodeError::Failed(error.to_string());
        server.await.map_err(ended)?;
        let made = maker.await.map_err(ended)?;
        for helper in helpers {
            helper.await.map_err(ended)?;
        }
        let kept = tending::keep_at_last(&engine, &folder, WIND_DOWN).await;
        // Requests that were cut off may still be reading on threads of their own.
        let deadline = Instant::now() + WIND_DOWN;
        while Arc::strong_count(&engine) > 1 && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        drop(engine);
        drop(folder);
        tracing::info!("the node has stopped");
        kept?;
        Ok(made?)
    }

    /// Runs until the process is told to stop or making blocks fails; then shuts down.
    ///
    /// # Errors
    /// As [`RunningNode::shutdown`].
    pub async fn run(mut self, stop: StopSignals) -> Result<(), NodeError> {
        tokio::select! {
            () = stop.heard() => {}
            _ = &mut self.made_last => {}
        }
        self.shutdown().await
    }
}

#[cfg(test)]
mod tests;
