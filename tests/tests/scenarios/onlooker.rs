//! The requests of light wallets, as their node sees them. The node is curious: it records every request, and would
//! like to know whose notes are whose, who was paid, and where.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use age::x25519::Identity;
use async_trait::async_trait;
use louver_chain::{compact::CompactBlock, testing::coin as lvr};
use louver_circuits::{keyset::KeySet, parameters::ParameterStore};
use louver_client::{
    connection::Connection,
    session::{Beginning, Session, Waited},
    transport::{self, Http, Method, Request, Response, Unreachable},
    trust,
};
use louver_core::{
    encoding::Encode,
    epoch::{Epoch, EpochRange},
    proof::Proof,
    store::MemoryStore,
    transaction::TxId,
    value::Value,
};
use louver_sdk::{
    Action, Amount, Birthday, Fee, HttpMethod, HttpRequest, HttpResponse, Node, Payment, Protection, Prover,
    RecoveryPhrase, Sent, SpendingKeys, Transport, TransportError, Trust, Wallet,
};
use louver_viewkeys::{
    audit::Audit,
    grant::GrantRequest,
    package::{Package, PackageRequest},
    scope::{Directions, Scope},
    signed::{Asked, ReaderId, Terms},
};
use louver_wallet::{account::AccountNumber, phrase, plan, vault};
use pollster::block_on;

use crate::{person::Person, town::Town};

/// The requests of one client, recorded by the node.
struct Overheard {
    http: Http,
    requests: Mutex<Vec<Request>>,
    told: Mutex<usize>,
}

#[async_trait]
impl transport::Transport for Overheard {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        self.requests.lock().unwrap().push(request.clone());
        self.http.send(request).await
    }
}

#[async_trait]
impl Transport for Overheard {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let method = match request.method {
            HttpMethod::Get => Method::Get,
            HttpMethod::Post => Method::Post,
        };
        let content_type = request.headers.get("content-type").map(|kind| match kind.as_str() {
            "application/json" => "application/json",
            "application/octet-stream" => "application/octet-stream",
            other => panic!("{other}"),
        });
        assert_eq!(request.headers.len(), usize::from(content_type.is_some()));
        let request = Request { method, path: request.path, content_type, body: request.body };
        let Response { status, body } = transport::Transport::send(self, request).await.unwrap();
        Ok(HttpResponse { status, body })
    }
}

impl Overheard {
    fn at(town: &Town) -> Arc<Self> {
        let http = Http::new(&town.url()).unwrap();
        Arc::new(Self { http, requests: Mutex::default(), told: Mutex::default() })
    }

    /// The requests since this was last called, as lines.
    fn news(&self) -> Vec<String> {
        let (requests, mut told) = (self.requests.lock().unwrap(), self.told.lock().unwrap());
        let begin = std::mem::replace(&mut *told, requests.len());
        let line = |request: &Request| format!("{:?} {}", request.method, request.path);
        requests[begin..].iter().map(line).collect()
    }

    fn kept(&self) -> Vec<Request> {
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
        let overheard = Overheard::at(town);
        let node = block_on(Node::connect(overheard.clone(), Trust::default())).unwrap();
        let (phrase, protection) = (RecoveryPhrase::generate(), Protection::unsealed());
        let store = MemoryStore::default();
        let wallet = block_on(Wallet::create_in(
            store,
            None,
            node,
            phrase,
            protection.clone(),
            Some(Birthday::Block { height: 0 }),
        ))
        .unwrap();
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
        let from = self.keys.transparent_account(0);
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

/// Somebody whose wallet is driven from Rust, without the SDK.
struct Driver {
    overheard: Arc<Overheard>,
    session: Arc<Session>,
}

impl Driver {
    fn new(town: &Town) -> Self {
        let overheard = Overheard::at(town);
        let connection =
            block_on(Connection::connect(overheard.clone(), trust::Trust::FirstContact)).unwrap();
        let phrase = phrase::RecoveryPhrase::generate(&mut rand::rng());
        let beginning = Beginning { phrase, protection: vault::Protection::Unsealed, birthday: Some(0) };
        let session = block_on(Session::create(MemoryStore::default(), None, connection, beginning)).unwrap();
        Self { overheard, session }
    }

    fn sync(&self) -> u32 {
        block_on(self.session.follow(None)).unwrap().received
    }
}

/// `[wallet-submission]` Attacker: a node that would like to know who waits for which transaction.
#[test]
fn whoever_waits_for_a_block_asks_for_blocks() {
    let town = Town::new();
    let dora = Driver::new(&town);
    let keys = block_on(dora.session.with(|wallet| wallet.unlock(&vault::Protection::Unsealed))).unwrap();
    let keys = Arc::new(keys);
    let payer = keys.transparent(0).account();
    block_on(dora.session.connection().faucet(payer.into(), lvr(), Value(500_000))).unwrap();
    town.client.mine(1);
    dora.sync();
    let action = plan::Action::Shield {
        payer,
        asset: lvr(),
        value: Value(400_000).into(),
        available: None,
        to: None,
        memo: louver_core::note::Memo::empty(),
    };
    let plan = block_on(dora.session.with(move |wallet| wallet.plan(AccountNumber(0), &action))).unwrap();
    let keys_of_chain = KeySet::of(&town.client.genesis()).unwrap();
    let prover = keys_of_chain.with_store(ParameterStore::open_default().unwrap()).prover();
    let sent = block_on(dora.session.send(plan, keys, Arc::new(prover), None)).unwrap();
    assert_eq!(sent.not_taken, None);
    let wait = |txid: TxId, most| block_on(dora.session.wait_for(txid, most)).unwrap();
    dora.overheard.news();
    let expiry = sent.outgoing.expiry;
    assert_eq!(wait(sent.outgoing.txid, Duration::from_secs(1)), Waited::Pending { expiry });
    town.client.mine(1);
    let height = town.client.height();
    assert_eq!(wait(sent.outgoing.txid, Duration::from_secs(60)), Waited::Mined { height });
    let news = dora.overheard.news();
    assert!(news.len() > 3 && news.iter().all(|line| !line.contains("/v1/transactions")), "{news:?}");
    nothing_but_ranges(&dora.overheard.kept(), 1, &town.client.compact_blocks(1));
}

/// `[wallet-whole-blocks]` Attacker: the node's operator, who sells what he knows of his users.
#[test]
fn a_node_learns_nothing_of_notes_from_its_light_wallets() {
    let town = Town::new();
    let prover = Prover::new();
    let (alice, bob, carol) = (Client::new(&town), Client::new(&town), Client::new(&town));
    let dora = Driver::new(&town);
    let first = bob.overheard.news();
    assert_eq!((&first, first.clone()), (&carol.overheard.news(), dora.overheard.news()));

    block_on(alice.wallet.node().faucet(alice.keys.transparent_account(0), coin(500_000))).unwrap();
    town.client.mine(1);
    alice.sync();
    alice.shield(400_000, &prover);
    town.client.mine(1);
    alice.sync();

    // Bob, Carol and Dora look at the same times; Bob is paid, and has a memo to fetch.
    let all_look = |expected: u32| {
        assert_eq!((bob.sync(), carol.sync(), dora.sync()), (expected, 0, 0));
        let (of_bob, of_carol) = (bob.overheard.news(), carol.overheard.news());
        assert_eq!(of_carol, dora.overheard.news());
        assert!(of_bob.iter().any(|line| line.starts_with("Get /v1/blocks/")), "{of_bob:?}");
        assert_eq!(of_bob, of_carol);
    };
    all_look(0);
    alice.pay(bob.address(), 150_000, "rent for May", &prover);
    town.client.mine(1);
    all_look(1);
    assert_eq!((bob.spendable(), bob.memos()), (150_000, vec!["rent for May".to_owned()]));
    alice.sync();
    alice.pay(bob.address(), 20_000, "and for water", &prover);
    town.client.mine(1);
    all_look(1);

    // Bob spends both notes.
    bob.pay(alice.address(), 160_000, "too much", &prover);
    town.client.mine(1);
    bob.sync();
    assert_eq!(alice.sync(), 2, "the payment, and the change of the last");
    assert!(alice.memos().contains(&"too much".to_owned()));

    let blocks = town.client.compact_blocks(1);
    let everybody = [(&alice.overheard, 3), (&bob.overheard, 1), (&carol.overheard, 0), (&dora.overheard, 0)];
    for (overheard, sent) in everybody {
        nothing_but_ranges(&overheard.kept(), sent, &blocks);
    }
}

/// `[whole-block-decoys]` Attacker: a node whose users check what others disclosed to them, or make proofs of it, and that would
/// like to know which payments those were. Two readers ask the same, whatever blocks matter to them.
#[test]
fn a_node_learns_nothing_of_payments_from_those_who_check_them() {
    let town = Town::new();
    let (mut dora, eve) = (Person::new(&town.client), Person::new(&town.client));
    town.client.faucet(dora.account(), 1_000_000);
    town.client.mine(1);
    let (mut txids, mut blocks) = (Vec::new(), Vec::new());
    for value in [400_000, 300_000] {
        let deposit = dora.shield(value, &town.transfers);
        town.client.submit(&deposit.bytes).unwrap();
        town.client.mine(1);
        txids.push(deposit.txid);
        blocks.push(format!("Get /v1/blocks/{}", town.client.height()));
    }
    town.client.mine(3);
    dora.sync();

    let genesis = town.client.genesis();
    let (hash, schedule) = (genesis.hash(), genesis.terms().schedule);
    let terms = || Terms {
        genesis: hash,
        pool: genesis.terms().pool,
        reader: ReaderId {
            name: "The bank".to_owned(),
            recipient: Some(Identity::generate().to_public().to_string()),
        },
        asked: Asked::Nothing,
        purpose: "account opening".to_owned(),
        issued: 1_000,
        expires: 2_000,
    };
    // The node is asked before any proof is looked at.
    let none = |count| vec![Proof::from_array([0; 192]); count];
    let packages = txids.iter().map(|txid| {
        let request = PackageRequest { terms: terms(), chosen: dora.chosen(*txid) };
        let draft = request.draft(&dora.viewing(), &mut rand::rng()).unwrap();
        let proofs = none(draft.statements().len());
        draft.sign(proofs, &dora.signer(), &mut rand::rng()).unwrap()
    });
    let packages: Vec<Package> = packages.collect();
    let grant = |owner: &Person| {
        let epochs = EpochRange::new(Epoch(0), Epoch(0)).unwrap();
        let request = GrantRequest { terms: terms(), scope: Scope::new(Directions::ALL, epochs).unwrap() };
        let draft = request.draft(&owner.viewing(), &mut rand::rng()).unwrap();
        let proofs = none(draft.statements().len());
        draft.sign(proofs, &owner.signer(), &mut rand::rng()).unwrap()
    };

    let asked = |look: &dyn Fn(&Connection)| {
        let overheard = Overheard::at(&town);
        let connection =
            block_on(Connection::connect(overheard.clone(), trust::Trust::Genesis(hash))).unwrap();
        overheard.news();
        look(&connection);
        let news = overheard.news();
        let whole: Vec<String> =
            news.iter().filter(|line| line.starts_with("Get /v1/blocks/")).cloned().collect();
        (news, whole)
    };
    let find = |package: &Package, txid: TxId| {
        asked(&|connection| {
            let found = block_on(connection.find(package)).unwrap();
            assert!(found.get(package.items()[0].height, &txid).is_some());
        })
    };
    let first = find(&packages[0], txids[0]);
    assert_eq!((&first, &first.1), (&find(&packages[1], txids[1]), &blocks));
    let prove = |package: &Package| {
        asked(&|connection| assert!(block_on(connection.offline_proof(package)).unwrap().is_some()))
    };
    let first = prove(&packages[0]);
    assert_eq!((&first, &first.1), (&prove(&packages[1]), &blocks));
    // Dora received twice, and Eve never.
    let audit = |owner: &Person| {
        asked(&|connection| {
            block_on(connection.audit(Audit::new(grant(owner), schedule), None)).unwrap();
        })
    };
    let of_dora = audit(&dora);
    assert_eq!((&of_dora, &of_dora.1), (&audit(&eve), &blocks));

    // A node of the reader's own tells nobody, so it is asked for what matters alone.
    let (_, whole) = asked(&|connection| {
        connection.rely_on_own_node();
        block_on(connection.find(&packages[1])).unwrap();
    });
    assert_eq!(whole, blocks[1..]);
    let (_, whole) = asked(&|connection| {
        connection.rely_on_own_node();
        block_on(connection.audit(Audit::new(grant(&eve), schedule), None)).unwrap();
    });
    assert!(whole.is_empty(), "{whole:?}");
}

/// Whether all requests ask for ranges or whole blocks, submit this many transactions, and say nothing about any note.
/// None asks for a transaction, not even for the client's own.
fn nothing_but_ranges(requests: &[Request], sent: usize, blocks: &[CompactBlock]) {
    assert!(requests.len() > 10);
    let secrets = notes(blocks);
    assert!(secrets.len() > 5);
    let mut submitted = 0;
    for request in requests {
        let path = request.path.as_str();
        let number = |text: &str| text.parse::<u32>().is_ok();
        // The head that a reader trusts tells how far it has read, as the ranges do.
        let (asked, head) = path.split_once("head=").unwrap_or((path, "0"));
        assert!(number(head), "{path}");
        let asked = asked.trim_end_matches(['?', '&']);
        let allowed = match (request.method, asked.strip_prefix("/v1/").unwrap()) {
            (Method::Get, "status" | "genesis" | "head") => true,
            // Everybody asks for the first ids.
            (Method::Get, path) if path.starts_with("assets?ids=1,2,3,") => path.ends_with(",62,63"),
            (Method::Get, path) => {
                let range =
                    path.strip_prefix("compact-blocks?from=").and_then(|range| range.split_once("&to="));
                range.is_some_and(|(from, to)| number(from) && number(to))
                    || path.strip_prefix("blocks/").is_some_and(number)
                    || path.strip_prefix("tree/").is_some_and(number)
                    || path.strip_prefix("history/").is_some_and(number)
                    // The holdings of a transparent account are public.
                    || path.starts_with("accounts/lvrt1")
                    || path.starts_with("proving-keys/2x3?")
            }
            (Method::Post, "transactions") => {
                submitted += 1;
                continue;
            }
            (Method::Post, path) => path == "faucet",
        };
        assert!(allowed, "{:?} {path}", request.method);
        let said = path.to_ascii_lowercase();
        for secret in &secrets {
            let found = request.body.windows(secret.len()).any(|window| window == secret.as_slice());
            assert!(!found && !said.contains(&hex::encode(secret)), "{path} names a note");
        }
    }
    assert_eq!(submitted, sent);
}

/// All that could name a note: nullifiers, commitments, ephemeral keys and ciphertexts, spend tags.
fn notes(blocks: &[CompactBlock]) -> Vec<Vec<u8>> {
    let transactions = blocks.iter().flat_map(CompactBlock::transactions).map(|(_, transaction)| transaction);
    let named = transactions.flat_map(|transaction| {
        let nullifiers = transaction.nullifiers.iter().map(Encode::to_bytes);
        let outputs = transaction.outputs.iter().map(Encode::to_bytes);
        // cm, epk and ciphertext, each for itself.
        let parts = outputs.flat_map(|note| note.chunks(32).map(<[u8]>::to_vec).collect::<Vec<_>>());
        nullifiers.chain(parts).chain([transaction.spend_tag.to_bytes()]).collect::<Vec<_>>()
    });
    named.collect()
}
