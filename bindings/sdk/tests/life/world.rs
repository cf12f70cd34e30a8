//! A node in this process, and what people do with it.

use std::{path::PathBuf, sync::Arc};

use async_trait::async_trait;
use louver_circuits::{circuit::CircuitId, parameters::ParameterStore};
use louver_core::{
    epoch::EpochSchedule,
    ledger::{Genesis, GenesisTerms, SnapshotTerms},
    proof::Unwatched,
};
use louver_node::{NodeConfig, RunningNode, development};
use louver_sdk::{
    Action, Amount, Birthday, Circuit, Fee, HttpMethod, HttpRequest, HttpResponse, Node, Payment, Protection,
    Prover, RecoveryPhrase, Sent, SpendingKeys, Transport, TransportError, Trust, Wallet,
};
use tempfile::TempDir;

/// HTTP as a host would bring it.
pub(crate) struct Http(pub(crate) String);

#[async_trait]
impl Transport for Http {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let url = format!("{}{}", self.0, request.path);
        blocking::unblock(move || {
            let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
            let sent = match request.method {
                HttpMethod::Get => agent.get(&url).call(),
                HttpMethod::Post => {
                    let post = request
                        .headers
                        .iter()
                        .fold(agent.post(&url), |post, (name, value)| post.header(name, value));
                    post.send(&request.body)
                }
            };
            let unreachable = |error: ureq::Error| TransportError::Unreachable { reason: error.to_string() };
            let mut answer = sent.map_err(unreachable)?;
            let status = answer.status().as_u16();
            let body = answer.body_mut().with_config().limit(64 << 20).read_to_vec().map_err(unreachable)?;
            Ok(HttpResponse { status, body })
        })
        .await
    }
}

/// A development chain whose blocks come when they are asked for.
pub(crate) struct World {
    runtime: tokio::runtime::Runtime,
    running: Option<RunningNode>,
    genesis: Genesis,
    pub(crate) node: Arc<Node>,
    pub(crate) prover: Arc<Prover>,
    pub(crate) folder: TempDir,
}

impl World {
    /// A chain with epochs of this many thousand seconds, a quarter of which are grace; 0 for one endless epoch.
    pub(crate) fn new(epoch: u32) -> Self {
        Self::with(epoch, |_| {})
    }

    /// The same, on other terms.
    pub(crate) fn with(epoch: u32, change: impl FnOnce(&mut GenesisTerms)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let time = louver_client::clock::now();
        let schedule = match epoch {
            0 => EpochSchedule::ENDLESS,
            thousands => EpochSchedule::seconds(time, thousands * 1000, thousands * 250).unwrap(),
        };
        let snapshots = SnapshotTerms::usual(&schedule);
        let mut terms =
            GenesisTerms { time, schedule, snapshots, ..development::genesis().unwrap().terms().clone() };
        change(&mut terms);
        let genesis = Genesis::new(terms).unwrap();
        let mut config = NodeConfig::new(folder.path().join("node"), genesis.clone());
        config.listen = "127.0.0.1:0".parse().unwrap();
        config.inclusion_delay = None;
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let running = runtime.block_on(louver_node::start(config)).unwrap();
        let trust = Trust { genesis_hash: Some(hex::encode(genesis.hash().0)), ..Trust::default() };
        let node = pollster::block_on(Node::connect(Arc::new(Http(running.url())), trust)).unwrap();
        Self { runtime, running: Some(running), genesis, node, prover: prover(), folder }
    }

    pub(crate) fn url(&self) -> String {
        self.running.as_ref().unwrap().url()
    }

    pub(crate) fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    pub(crate) fn path(&self, name: &str) -> String {
        let path: PathBuf = self.folder.path().join(name);
        path.to_str().unwrap().to_owned()
    }

    pub(crate) fn blocks(&self, count: u32) -> u32 {
        pollster::block_on(self.node.produce_blocks(count)).unwrap()
    }

    /// Lets thousands of seconds pass, and makes a block.
    pub(crate) fn pass(&self, thousands: u64) -> u32 {
        pollster::block_on(self.node.pass_time(thousands * 1000)).unwrap()
    }

    pub(crate) fn amount(&self, text: &str) -> Amount {
        self.node.parse_amount(text.to_owned()).unwrap()
    }

    /// Somebody with a new wallet.
    pub(crate) fn person(&self, name: &str) -> Person {
        let phrase = RecoveryPhrase::generate();
        self.restore(name, &phrase, None)
    }

    /// Somebody whose wallet comes back from its phrase.
    pub(crate) fn restore(&self, name: &str, phrase: &Arc<RecoveryPhrase>, birthday: Option<u32>) -> Person {
        let made = Wallet::create(
            self.path(name),
            self.node.clone(),
            phrase.clone(),
            Protection::unsealed(),
            birthday.map(|height| Birthday::Block { height }),
        );
        let wallet = pollster::block_on(made).unwrap();
        let keys = pollster::block_on(wallet.unlock(Protection::unsealed())).unwrap();
        Person { wallet, keys }
    }

    /// Money in the pool, out of nowhere.
    pub(crate) fn endow(&self, person: &Person, text: &str) {
        let account = person.keys.transparent_account(0);
        let all = self.amount(text);
        let more = Amount { value: all.value + 10_000_000, ..all.clone() };
        pollster::block_on(self.node.faucet(account.clone(), more)).unwrap();
        self.blocks(1);
        self.send(person, Action::Shield { from: account, amount: all });
        self.blocks(1);
        person.sync();
    }

    /// Plans, proves and submits.
    pub(crate) fn send(&self, person: &Person, action: Action) -> Sent {
        let plan = pollster::block_on(person.wallet.plan(0, action)).unwrap();
        let sent =
            pollster::block_on(person.wallet.send(plan, person.keys.clone(), self.prover.clone(), None));
        let sent = sent.unwrap();
        assert_eq!(sent.not_taken, None);
        sent
    }

    pub(crate) fn pay(&self, text: &str, to: &str, memo: &str) -> Action {
        let payment = Payment { to: to.to_owned(), amount: self.amount(text), memo: memo.to_owned() };
        Action::Pay { payments: vec![payment], fee: Fee::Least }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            drop(self.runtime.block_on(running.shutdown()));
        }
    }
}

pub(crate) struct Person {
    pub(crate) wallet: Arc<Wallet>,
    pub(crate) keys: Arc<SpendingKeys>,
}

impl Person {
    pub(crate) fn sync(&self) {
        pollster::block_on(self.wallet.sync(None)).unwrap();
    }

    pub(crate) fn address(&self) -> String {
        pollster::block_on(self.wallet.receive(0, None)).unwrap().address
    }

    /// The amount of the chain's coin that can be spent.
    pub(crate) fn spendable(&self) -> u64 {
        let balances = pollster::block_on(self.wallet.balances(0)).unwrap();
        balances.iter().find(|balance| balance.asset == 1).map_or(0, |balance| balance.spendable)
    }
}

/// A prover with this machine's keys of payments and of disclosures.
fn prover() -> Arc<Prover> {
    let store = ParameterStore::open_default().unwrap();
    let prover = Prover::new();
    for circuit in [
        Circuit::Transfer2x3,
        Circuit::AccountKeys,
        Circuit::NoteOpening,
        Circuit::TransactionOpening2,
        Circuit::Address,
    ] {
        let key = store.development(CircuitId::from(circuit), &mut Unwatched).unwrap();
        pollster::block_on(prover.install(circuit, key.as_bytes().to_vec(), None)).unwrap();
    }
    prover
}
