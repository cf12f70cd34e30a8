//! A chain, through one of its nodes.
//!
//! A node is believed in nothing that its chain commits to. Each connection has a light reader: it leads from the trust
//! that was chosen to the node's newest head, and every answer is compared with what is proven under that head.

use core::fmt;
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, RwLock,
    atomic::{AtomicBool, Ordering},
};

use louver_core::{
    asset::KnownAssets,
    ledger::{Genesis, Pause, RulesEntry},
};
use louver_light::Reader;
use louver_wallet::{birthday::BirthdaySearch, chain::ChainParameters, clock::Clock, wallet::Birthday};

use crate::{
    api::{
        path,
        view::{self, Status},
    },
    error::ClientError,
    transport::Transport,
    trust::{Fingerprint, Trust},
};

mod announcements;
mod assets;
mod blocks;
mod conviction;
mod cover;
mod offline;
mod proving;
mod requests;
mod snapshots;
mod state;
mod transparent;

pub use announcements::Announcements;
pub(crate) use cover::Mined;
pub(crate) use proving::stands_under;
pub use transparent::{OperationFate, OperationState, SignedOperation, TransparentHoldings};

use requests::Requests;
use state::Facts;

/// A chain, through one of its nodes. It can be shared, and several requests may run at the same time.
///
/// Genesis is read once, by its bytes, whose hash is compared with the chosen one. The description of an asset never
/// changes: an amount is written and read by the decimals that were proven first. Everything else is proven under the
/// newest head that the light reader trusts.
pub struct Connection {
    requests: Requests,
    genesis: Genesis,
    assets: RwLock<KnownAssets>,
    reader: Mutex<Reader>,
    /// The state of the chain that was proven last.
    parameters: Mutex<Option<ChainParameters>>,
    /// Whether payments stand still, as it was proven last.
    pause: Mutex<Option<Pause>>,
    /// Whether the reader says that the node is his own, and has checked every proof.
    own_node: AtomicBool,
    clock: Clock,
}

impl Connection {
    /// Connects: reads the chain's genesis, whose hash is computed here and compared with the chosen one, follows the
    /// node to its newest head, and reads the first assets.
    ///
    /// # Errors
    /// [`ClientError::OtherGenesis`] or [`ClientError::OtherBlock`] if the node's chain is not the chosen one;
    /// [`ClientError::Untrusted`] and [`ClientError::Convicted`] if its head is not taken; those of the transport.
    pub async fn connect(transport: Arc<dyn Transport>, trust: Trust) -> Result<Arc<Self>, ClientError> {
        Self::connect_at(transport, trust, Clock::system()).await
    }

    /// [`Connection::connect`], by another clock than this machine's.
    ///
    /// # Errors
    /// As there.
    pub async fn connect_at(
        transport: Arc<dyn Transport>,
        trust: Trust,
        clock: Clock,
    ) -> Result<Arc<Self>, ClientError> {
        let requests = Requests(transport);
        let answer: view::Genesis = requests.json(path::GENESIS).await?;
        let genesis: Genesis = requests::from_hex(&answer.bytes)?;
        if let Some(chosen) = trust.genesis().filter(|chosen| *chosen != genesis.hash()) {
            let [chosen, served] = [chosen, genesis.hash()].map(|hash| hex::encode(hash.0));
            return Err(ClientError::OtherGenesis { chosen, served });
        }
        let reader = match trust {
            Trust::Genesis(_) => Reader::of_keys(&genesis, clock.now()),
            Trust::Block { pin, .. } => proving::pinned(&requests, &genesis, pin, clock.now()).await?,
            Trust::Kept(reader) => *reader,
            Trust::FirstContact => Reader::of_nothing(&genesis, clock.now()),
        };
        let assets = RwLock::new(KnownAssets::new(&genesis.terms().assets));
        let reader = Mutex::new(reader);
        let (parameters, pause) = (Mutex::default(), Mutex::default());
        let own_node = AtomicBool::new(false);
        let connection = Self { requests, genesis, assets, reader, parameters, pause, own_node, clock };
        connection.advance().await?;
        connection.refresh_assets().await?;
        Ok(Arc::new(connection))
    }

    /// The rules and the assets that the chain agreed on before its first block.
    pub fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// `[own-follower]` Takes note that the node is the reader's own, and that it follows the chain by itself: it has checked every
    /// proof of every block, and nobody else sees what it is asked. Nothing shows this, so say it only of such a node: verdicts
    /// then hold even if the chain's authorities lie, and nothing hides from the node which blocks matter.
    pub fn rely_on_own_node(&self) {
        self.own_node.store(true, Ordering::Relaxed);
    }

    /// Whether the reader said that the node is his own ([`Connection::rely_on_own_node`]).
    pub fn is_own_node(&self) -> bool {
        self.own_node.load(Ordering::Relaxed)
    }

    /// The marks that a person compares before the chain is trusted.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.genesis)
    }

    /// The state of the chain under the newest head. Its version, what waits for a block and its troubles are the node's
    /// word, and so is the epoch that transactions declare now; all else is proven.
    ///
    /// # Errors
    /// [`ClientError::OtherChain`] if the node serves another chain now, and those of [`Connection::advance`].
    pub async fn status(&self) -> Result<Status, ClientError> {
        let (status, facts) = self.proven_status().await?;
        self.learn_parameters(&facts)?;
        Ok(status)
    }

    /// The state of the chain under the newest head, with the facts that prove it.
    async fn proven_status(&self) -> Result<(Status, Facts), ClientError> {
        let (status, facts) = self.proven::<Status>(path::STATUS, "the chain's state").await?;
        if status.genesis_hash != hex::encode(self.genesis.hash().0) {
            return Err(ClientError::OtherChain);
        }
        self.check_status(&status, &facts)?;
        self.learn_pause(facts.rules()?).await;
        Ok((status, facts))
    }

    /// `[payments-paused]` Whether payments stand still, since guardians have switched off the chain's rules, as it was proven
    /// when its state was read last.
    pub fn pause(&self) -> Option<Pause> {
        *self.pause.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn learn_pause(&self, rules: &[RulesEntry]) {
        let (head, interval) = (self.head(), self.genesis.terms().block_interval);
        let mut pause = Pause::of(rules, (head.height, head.time), interval);
        if let Some(pause) = &mut pause {
            let known = self.pause().filter(|known| known.since == pause.since);
            pause.since_time = match known.and_then(|known| known.since_time) {
                Some(time) => Some(time),
                // Without its date the rest is true all the same.
                None => self.header(pause.since).await.ok().map(|header| header.time),
            };
        }
        *self.pause.lock().unwrap_or_else(PoisonError::into_inner) = pause;
    }

    /// The rules versions, with their switches.
    ///
    /// # Errors
    /// As [`Connection::status`].
    pub async fn rules(&self) -> Result<Vec<RulesEntry>, ClientError> {
        Ok(self.rules_under_head().await?.0)
    }

    /// The same, with the height of the head under which they are proven.
    pub(crate) async fn rules_under_head(&self) -> Result<(Vec<RulesEntry>, u32), ClientError> {
        let (_, facts) = self.proven_status().await?;
        Ok((facts.rules()?.to_vec(), facts.height()))
    }

    /// The state of the chain, for a wallet, under the newest head.
    ///
    /// # Errors
    /// As [`Connection::status`].
    pub async fn parameters(&self) -> Result<ChainParameters, ClientError> {
        self.refresh_assets().await?;
        let (_, facts) = self.proven_status().await?;
        self.learn_parameters(&facts)
    }

    /// The facts as a wallet needs them, with the assets that are known.
    fn learn_parameters(&self, facts: &Facts) -> Result<ChainParameters, ClientError> {
        let assets = self.assets().registered().to_vec();
        let chain = ChainParameters::new(self.genesis.clone()).with_rules(facts.rules()?.to_vec());
        let chain = chain.with_auditors(facts.auditors()?.to_vec());
        let parameters = ChainParameters { assets, height: facts.height(), ..chain };
        *self.proven_last() = Some(parameters.clone());
        Ok(parameters)
    }

    /// The state of the chain as it was proven last, for work that goes on while the node does not answer; it is asked for
    /// if nothing was proven yet.
    ///
    /// # Errors
    /// As [`Connection::parameters`].
    pub async fn known_parameters(&self) -> Result<ChainParameters, ClientError> {
        let known = self.proven_last().clone();
        match known {
            Some(known) => Ok(known),
            None => self.parameters().await,
        }
    }

    fn proven_last(&self) -> MutexGuard<'_, Option<ChainParameters>> {
        self.parameters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The block after which a wallet starts to read, with its tree.
    ///
    /// # Errors
    /// [`ClientError::Contradicted`] if the node's tree is not the one that the block states.
    pub async fn birthday(&self, height: u32) -> Result<Birthday, ClientError> {
        if height == 0 {
            return Ok(Birthday::genesis(&self.genesis));
        }
        let header = self.header(height).await?;
        let frontier = self.tree(height).await?;
        Ok(Birthday { height, hash: header.hash().0, time: header.time, frontier })
    }

    /// The block after which a wallet finds all that it received since a time, in seconds since 1970. It begins two days
    /// before that time, because the clocks of those who make blocks may be wrong.
    ///
    /// The node is asked for some twenty headers and learns about when the wallet was made, as it does from the birthday.
    ///
    /// # Errors
    /// [`ClientError::DateToCome`] for a time after the present and the last block; those of [`Connection::advance`] and
    /// [`Connection::header`].
    pub async fn height_since(&self, time: u64) -> Result<u32, ClientError> {
        let head = self.advance().await?;
        if time > self.clock.now().max(head.time) {
            return Err(ClientError::DateToCome(time));
        }
        let mut search = BirthdaySearch::new(time, head.height);
        while let Some(height) = search.next() {
            search.answer(self.header(height).await?.time);
        }
        Ok(search.birthday())
    }

    /// The body at a path of the API, such as a part of a proving key. The caller has to check it.
    ///
    /// # Errors
    /// Those of the node and of the transport.
    pub async fn bytes(&self, path: &str) -> Result<Vec<u8>, ClientError> {
        self.requests.bytes(path).await
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("genesis", &self.genesis.hash()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
