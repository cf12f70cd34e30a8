//! What the node sees of its light wallets. It is curious: it keeps every request, and would like to know whose notes are
//! whose, who was paid, and where.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use louver_core::{compact::CompactBlock, encoding::Encode, store::MemoryStore};
use louver_sdk::{
    Action, Amount, Fee, HttpMethod, HttpRequest, HttpResponse, Node, Payment, Protection, Prover,
    RecoveryPhrase, Sent, SpendingKeys, Transport, TransportError, Wallet,
};
use pollster::block_on;

use crate::town::Town;

/// What is asked of the node by one client, and kept by the node.
struct Overheard {
    agent: ureq::Agent,
    url: String,
    requests: Mutex<Vec<HttpRequest>>,
    told: Mutex<usize>,
}

#[async_trait]
impl Transport for Overheard {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let url = format!("{}{}", self.url, request.path);
        let headers = request.headers.clone();
        let answer = match request.method {
            HttpMethod::Get => headers.iter().fold(self.agent.get(url), |r, (n, v)| r.header(n, v)).call(),
            HttpMethod::Post => {
                headers.iter().fold(self.agent.post(url), |r, (n, v)| r.header(n, v)).send(&request.body)
            }
        };
        self.requests.lock().unwrap().push(request);
        let mut answer = answer.unwrap();
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(64 << 20).read_to_vec().unwrap();
        Ok(HttpResponse { status, body })
    }
}

impl Overheard {
    /// What was asked since this was last called, as lines.
    fn news(&self) -> Vec<String> {
        let (requests, mut told) = (self.requests.lock().unwrap(), self.told.lock().unwrap());
        let begin = std::mem::replace(&mut *told, requests.len());
        let line = |request: &HttpRequest| format!("{:?} {}", request.method, request.path);
        requests[begin..].iter().map(line).collect()
    }

    fn kept(&self) -> Vec<HttpRequest> {
        self.requests.lock().unwrap().clone()
    }
}

/// Somebody with a light wallet.
struct Client {
    overheard: Arc<Overheard>,
    wallet: Arc<Wallet>,
    keys: Arc<SpendingKeys>,
}

impl Client {
    fn new(town: &Town) -> Self {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let overheard = Arc::new(Overheard {
            agent,
            url: town.url(),
            requests: Mutex::default(),
            told: Mutex::default(),
        });
        let node = block_on(Node::connect(overheard.clone())).unwrap();
        let (phrase, protection) = (RecoveryPhrase::generate(), Protection::unsealed());
        let store = MemoryStore::default();
        let wallet =
            block_on(Wallet::create_in(store, None, node, phrase, protection.clone(), Some(0))).unwrap();
        let keys = block_on(wallet.unlock(protection)).unwrap();
        Self { overheard, wallet, keys }
    }

    fn sync(&self) -> u32 {
        block_on(self.wallet.sync(None)).unwrap().received
    }

    fn address(&self) -> String {
        block_on(self.wallet.receive(0, None)).unwrap().address
    }

    fn spendable(&self) -> u64 {
        block_on(self.wallet.balances(0)).unwrap().first().map_or(0, |balance| balance.spendable)
    }

    fn send(&self, action: Action, prover: &Arc<Prover>) -> Sent {
        let plan = block_on(self.wallet.plan(0, action)).unwrap();
        let sent = block_on(self.wallet.send(plan, self.keys.clone(), prover.clone(), None)).unwrap();
        assert_eq!(sent.not_taken, None);
        sent
    }

    fn shield(&self, value: u64, prover: &Arc<Prover>) -> Sent {
        let from = self.keys.transparent_account();
        self.send(Action::Shield { from, amount: coin(value) }, prover)
    }

    fn pay(&self, to: String, value: u64, memo: &str, prover: &Arc<Prover>) -> Sent {
        let payments = vec![Payment { to, amount: coin(value), memo: memo.to_owned() }];
        self.send(Action::Pay { payments, fee: Fee::Least }, prover)
    }

    fn memos(&self) -> Vec<String> {
        let history = block_on(self.wallet.history(0)).unwrap();
        history.into_iter().flat_map(|entry| entry.outputs).filter_map(|output| output.memo).collect()
    }
}

fn coin(value: u64) -> Amount {
    Amount { asset: 1, value }
}

/// `[wallet-whole-blocks]` Who gains: the node's operator, who sells what he knows of his users.
#[test]
fn a_node_learns_nothing_of_notes_from_its_light_wallets() {
    let town = Town::new();
    let prover = Prover::new();
    let (alice, bob, carol) = (Client::new(&town), Client::new(&town), Client::new(&town));
    assert_eq!(bob.overheard.news(), carol.overheard.news());

    block_on(alice.wallet.node().faucet(alice.keys.transparent_account(), coin(500_000))).unwrap();
    town.client.mine(1);
    alice.sync();
    let mut sent = vec![alice.shield(400_000, &prover).txid];
    town.client.mine(1);
    alice.sync();

    // Bob and Carol look at the same times; Bob is paid, and has a memo to fetch.
    let both_look = |expected: u32| {
        assert_eq!((bob.sync(), carol.sync()), (expected, 0));
        let (of_bob, of_carol) = (bob.overheard.news(), carol.overheard.news());
        assert!(of_bob.iter().any(|line| line.starts_with("Get /v1/blocks/")), "{of_bob:?}");
        assert_eq!(of_bob, of_carol);
    };
    both_look(0);
    sent.push(alice.pay(bob.address(), 150_000, "rent for May", &prover).txid);
    town.client.mine(1);
    both_look(1);
    assert_eq!((bob.spendable(), bob.memos()), (150_000, vec!["rent for May".to_owned()]));
    alice.sync();
    sent.push(alice.pay(bob.address(), 20_000, "and for water", &prover).txid);
    town.client.mine(1);
    both_look(1);

    // Bob spends both notes.
    let bobs = bob.pay(alice.address(), 160_000, "too much", &prover).txid;
    town.client.mine(1);
    bob.sync();
    assert_eq!(alice.sync(), 2, "the payment, and the change of the last");
    assert!(alice.memos().contains(&"too much".to_owned()));

    let blocks = town.client.compact_blocks(1);
    for (client, own) in [(&alice, sent), (&bob, vec![bobs]), (&carol, Vec::new())] {
        nothing_but_ranges(&client.overheard.kept(), &own, &blocks);
    }
}

/// Whether requests ask for ranges and whole blocks alone, but for the client's own transactions, and say nothing of any
/// note.
fn nothing_but_ranges(requests: &[HttpRequest], own: &[String], blocks: &[CompactBlock]) {
    assert!(requests.len() > 10);
    let secrets = notes(blocks);
    assert!(secrets.len() > 20);
    let mut submitted = 0;
    for request in requests {
        let path = request.path.as_str();
        let number = |text: &str| text.parse::<u32>().is_ok();
        let allowed = match (request.method, path.strip_prefix("/v1/").unwrap()) {
            (HttpMethod::Get, "status" | "genesis" | "assets") => true,
            (HttpMethod::Get, path) => {
                let range =
                    path.strip_prefix("compact-blocks?from=").and_then(|range| range.split_once("&to="));
                range.is_some_and(|(from, to)| number(from) && number(to))
                    || path.strip_prefix("blocks/").is_some_and(number)
                    || path.strip_prefix("tree/").is_some_and(number)
                    || path.starts_with("proving-keys/2x3?from=")
                    // Whoever handed it in is known to have done so.
                    || (submitted > 0
                        && path.strip_prefix("transactions/").is_some_and(|id| own.iter().any(|own| own == id)))
            }
            (HttpMethod::Post, "transactions") => {
                submitted += 1;
                continue;
            }
            (HttpMethod::Post, path) => path == "faucet",
        };
        assert!(allowed, "{:?} {path}", request.method);
        let said = format!("{path} {:?}", request.headers).to_ascii_lowercase();
        for secret in &secrets {
            let found = request.body.windows(secret.len()).any(|window| window == secret.as_slice());
            assert!(!found && !said.contains(&hex::encode(secret)), "{path} names a note");
        }
    }
    assert_eq!(submitted, own.len());
}

/// All that could name a note: nullifiers, commitments, ephemeral keys and ciphertexts, spend tags.
fn notes(blocks: &[CompactBlock]) -> Vec<Vec<u8>> {
    let transactions = blocks.iter().flat_map(|block| &block.transactions);
    let named = transactions.flat_map(|transaction| {
        let nullifiers = transaction.nullifiers.iter().map(Encode::to_bytes);
        let outputs = transaction.outputs.iter().map(Encode::to_bytes);
        // cm, epk and ciphertext, each for itself.
        let parts = outputs.flat_map(|note| note.chunks(32).map(<[u8]>::to_vec).collect::<Vec<_>>());
        nullifiers.chain(parts).chain([transaction.spend_tag.to_bytes()]).collect::<Vec<_>>()
    });
    named.collect()
}
