//! Nodes that follow another one: an honest one, one that lies, and authorities that sealed what they must not.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use louver_chain::{
    BlockHash, Candidate, Chain, Header,
    compact::CompactForm,
    development::authority_key,
    inclusion::{Leaf, transactions_root},
    state::opening::Question,
};
use louver_client::transport::{Http, Request, Response, Transport, Unreachable};
use louver_core::{
    ledger::Finality,
    store::{Batch, KeyRange, MemoryStore, Store as _, Table, redb::RedbStore},
};
use louver_light::{
    Evidence, SealedHeader, Step,
    evidence::{EvidenceError, Fault},
    rotation::Handover,
};

use super::*;
use crate::{
    backup::{self, Since},
    engine::Empty,
    folder::LastSealed,
    follow::evidence::{EvidenceFile, FileError, RefusedBlock},
    opening,
};

mod forms;

const SOON: Duration = Duration::from_secs(30);

fn follows(folder: &Path, source: Source) -> NodeConfig {
    NodeConfig { follow: Some(source), poll: Duration::from_millis(10), ..config(folder) }
}

async fn follower(folder: &Path, transport: impl Transport + 'static) -> RunningNode {
    let source = Source::new(Arc::new(transport), "the source".to_owned(), Duration::from_millis(500));
    start_with(follows(folder, source), Arc::new(ZeroProofs::default())).await.unwrap()
}

async fn reaches(node: &RunningNode, height: u32) {
    let mut tip = node.engine.watch_tip();
    let waited = tokio::time::timeout(SOON, tip.wait_for(|tip| *tip >= height)).await;
    if waited.is_err() {
        panic!("it stays at {}: {:?}", node.height(), node.engine.troubles());
    }
}

async fn holds(node: &RunningNode) -> String {
    let mut troubles = node.engine.watch_troubles();
    let waited = troubles.wait_for(|troubles| troubles.evidence.is_some());
    tokio::time::timeout(SOON, waited).await.unwrap().unwrap().evidence.clone().unwrap()
}

async fn complains(node: &RunningNode) -> String {
    let mut troubles = node.engine.watch_troubles();
    let waited = troubles.wait_for(|troubles| troubles.following.is_some());
    tokio::time::timeout(SOON, waited).await.unwrap().unwrap().following.clone().unwrap()
}

fn http(node: &RunningNode) -> Http {
    Http::new(&node.url()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_serves_the_same_chain_and_hands_transactions_on() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let maker = node(one.path()).await;
    Client::of(&maker).ask(endow).await;
    let node = follower(two.path(), http(&maker)).await;
    reaches(&node, 2).await;
    let of_maker = Client::of(&maker);
    Client::of(&node)
        .ask(move |client| {
            for path in
                ["/v1/blocks/2", "/v1/headers?from=1", "/v1/compact-blocks?from=1&head=2", "/v1/head?head=0"]
            {
                assert_eq!(client.bytes(path), of_maker.bytes(path), "{path}");
            }
            let account = format!("/v1/accounts/{}?head=1", Account::of(&person(1)));
            for path in ["/v1/supply?ids=1&head=0", "/v1/assets?ids=1&head=1", &account] {
                assert_eq!(client.get(path), of_maker.get(path), "{path}");
            }
            // A transaction that is taken in waits at the source too; one that the source does not take waits nowhere.
            let id = client.submit(&internal(&[5], 1));
            assert_eq!(
                (&client.state(&id)["state"], &of_maker.state(&id)["state"]),
                (&json!("pending"), &json!("pending"))
            );
            of_maker.submit(&internal(&[8], 1));
            assert_eq!(client.refused(&internal(&[8, 9], 1)), "mempool_conflict");
            let refused = client.post("/v1/blocks", &json!({}));
            assert_eq!((refused.0, &refused.1["error"]["code"]), (403, &json!("follows_only")));
            of_maker.produce(1);
        })
        .await;
    reaches(&node, 3).await;
    let client = Client::of(&node);
    assert_eq!(client.ask(|client| client.get("/v1/status").1["pending"]["count"].clone()).await, 0);
    maker.shutdown().await.unwrap();
    assert!(complains(&node).await.contains("the source"));
    client
        .ask(|client| {
            assert_eq!(client.get("/ready").0, 503);
            assert_eq!(client.refused(&internal(&[11], 1)), "source_unreachable");
            assert_eq!(client.get("/v1/status").1["pending"]["count"], 0);
        })
        .await;
    node.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_goes_on_where_it_was_and_its_folder_is_sound() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let maker = node(one.path()).await;
    let client = Client::of(&maker);
    for (height, more) in [(3, 3), (7, 4), (8, 1)] {
        client.ask(move |client| client.produce(more)).await;
        let node = follower(two.path(), http(&maker)).await;
        reaches(&node, height).await;
        node.shutdown().await.unwrap();
    }
    maker.shutdown().await.unwrap();
    let proofs = |_: &Genesis,
                  _: &[louver_core::ledger::RulesEntry]|
     -> Result<Box<dyn louver_core::proof::Verify>, NodeError> {
        Ok(Box::new(ZeroProofs::default()))
    };
    for folder in [&one, &two] {
        let checked = opening::check(folder.path(), proofs, |_| {}).unwrap();
        assert!(checked.faults.is_empty(), "{:?}", checked.faults);
        assert_eq!(checked.height, 8);
    }
}

/// A node whose backup is older than its seals makes no block before it has the missing ones; then it goes on.
#[tokio::test(flavor = "multi_thread")]
async fn an_older_backup_is_cured_by_following() {
    let places = [(); 4].map(|()| tempfile::tempdir().unwrap());
    let [one, other, place, _] = &places;
    let maker = node(one.path()).await;
    let copy = follower(other.path(), http(&maker)).await;
    Client::of(&maker).ask(|client| client.produce(2)).await;
    let out = place.path().join("backup");
    let (snapshot, genesis, _) = maker.engine.snapshot().unwrap();
    backup::write(&snapshot, &genesis, &out).unwrap();
    drop(snapshot);
    Client::of(&maker).ask(|client| client.produce(3)).await;
    reaches(&copy, 5).await;
    // The maker is lost, with block 3, 4 and 5.
    maker.shutdown().await.unwrap();
    let again = place.path().join("again");
    backup::restore(&out, &again, Since::Perhaps).unwrap();
    let restored = node(&again).await;
    assert!(Client::of(&restored).ask(|client| client.post("/v1/blocks", &json!({})).0).await == 503);
    restored.shutdown().await.unwrap();
    let following = follower(&again, http(&copy)).await;
    reaches(&following, 5).await;
    // The followed node may be behind, or keep blocks back: its silence does not show that nothing else was sealed.
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(following.folder.last_sealed().unwrap(), Some(LastSealed::Unknown));
    let last = (5, following.engine.chain().tip_hash());
    following.shutdown().await.unwrap();
    let locked = node(&again).await;
    assert!(Client::of(&locked).ask(|client| client.post("/v1/blocks", &json!({})).0).await == 503);
    locked.shutdown().await.unwrap();
    let word = |last| NodeConfig { nothing_after: Some(last), ..config(&again) };
    let wrong = start_with(word((4, last.1)), Arc::new(ZeroProofs::default())).await;
    assert!(matches!(wrong, Err(NodeError::Sealing(_))));
    let made = start_with(word(last), Arc::new(ZeroProofs::default())).await.unwrap();
    Client::of(&made).ask(|client| client.produce(1)).await;
    assert_eq!(made.height(), 6);
    made.shutdown().await.unwrap();
    copy.shutdown().await.unwrap();
}

/// The lie that a source makes of an answer.
type Lie = Box<dyn Fn(&str, Response) -> Result<Response, Unreachable> + Send + Sync>;

/// A source that lies for some answers, and then tells the truth.
struct Liar {
    truth: Http,
    lie: Lie,
    /// How many more answers are lies.
    left: AtomicUsize,
}

#[async_trait]
impl Transport for Liar {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        let path = request.path.clone();
        let answer = self.truth.send(request).await?;
        let lies = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        match lies {
            Ok(_) => (self.lie)(&path, answer),
            Err(_) => Ok(answer),
        }
    }
}

/// Attacker: a source that lies, sends garbage, or answers without end. It costs time, and nothing that is false is taken.
#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_lies_is_outlived() {
    let one = tempfile::tempdir().unwrap();
    let maker = node(one.path()).await;
    Client::of(&maker)
        .ask(|client| {
            endow(client);
            client.produce(2);
        })
        .await;
    let with = |body: Vec<u8>| Ok(Response { status: 200, body });
    let lies: Vec<(&str, Lie)> = vec![
        ("nothing", Box::new(move |_, _| with(Vec::new()))),
        ("garbage", Box::new(move |_, _| with(vec![0xa5; 70_000]))),
        ("a flood", Box::new(move |_, answer| with(answer.body.repeat(5_000)))),
        ("cut short", Box::new(move |_, answer| with(answer.body[..answer.body.len() / 2].to_vec()))),
        ("an error", Box::new(|_, _| Ok(Response { status: 500, body: b"<html>".to_vec() }))),
        ("gone", Box::new(|_, _| Err(Unreachable { reason: "gone".to_owned() }))),
        (
            "a flipped bit",
            Box::new(move |_, mut answer| {
                let middle = answer.body.len() / 2;
                answer.body[middle] ^= 1;
                with(answer.body)
            }),
        ),
        (
            "another header",
            Box::new(move |path, answer| match path.starts_with("/v1/headers") {
                true => with(answer.body[frames(&answer.body)[0].len() + 4..].to_vec()),
                false => Ok(answer),
            }),
        ),
    ];
    for (name, lie) in lies {
        let folder = tempfile::tempdir().unwrap();
        let liar = Liar { truth: http(&maker), lie, left: AtomicUsize::new(3) };
        let node = follower(folder.path(), liar).await;
        reaches(&node, 4).await;
        assert!(node.engine.troubles().evidence.is_none(), "{name}");
        node.shutdown().await.unwrap();
    }
    maker.shutdown().await.unwrap();
}

fn frames(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut frames = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk() {
        let (frame, rest) = rest.split_at(u32::from_le_bytes(*length).try_into().unwrap());
        frames.push(frame);
        bytes = rest;
    }
    frames
}

/// A source that does not answer.
struct Silent;

#[async_trait]
impl Transport for Silent {
    async fn send(&self, _: Request) -> Result<Response, Unreachable> {
        std::future::pending().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_stalls_is_said_and_does_not_hold_the_node() {
    let folder = tempfile::tempdir().unwrap();
    let node = follower(folder.path(), Silent).await;
    assert!(complains(&node).await.contains("no answer"));
    Client::of(&node).ask(|client| assert_eq!(client.get("/v1/status").1["height"], 0)).await;
    tokio::time::timeout(SOON, node.shutdown()).await.unwrap().unwrap();
}

/// Authorities who seal what they like, and a server of theirs.
#[derive(Default)]
struct Forger {
    steps: Vec<Step>,
    bodies: Vec<Vec<u8>>,
    /// The answer to whoever stands at the last block.
    head: Option<Step>,
}

impl Forger {
    /// The blocks of an honest chain, as far as they go.
    fn of(chain: &Chain<MemoryStore>) -> Self {
        let mut forger = Self::default();
        for height in 1..=chain.height() {
            forger.seal(&chain.block(height).unwrap().unwrap());
        }
        forger
    }

    fn seal(&mut self, block: &Block) {
        self.steps.push(Step { sealed: sealed(block.header().clone()), history: None, rotation: None });
        self.bodies.push(block.to_bytes());
    }
}

fn sealed(header: Header) -> SealedHeader {
    let Finality::Solo { authorities, .. } = &genesis().terms().finality.clone();
    SealedHeader::sign(&genesis().hash(), header, authorities, &[authority_key()])
}

/// The blocks that a forger serves now.
#[derive(Clone, Default)]
struct Served(Arc<Mutex<Forger>>);

#[async_trait]
impl Transport for Served {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        let forger = self.0.lock().unwrap();
        let number = |name: &str| {
            let (_, rest) = request.path.split_once(name).unwrap();
            rest.split('&').next().unwrap().parse::<usize>().unwrap()
        };
        let body = if request.path.starts_with("/v1/headers") {
            let steps = forger.steps.iter().skip(number("from=") - 1);
            let frames = steps.map(|step| {
                let bytes = step.to_bytes();
                [&u32::try_from(bytes.len()).unwrap().to_le_bytes()[..], &bytes].concat()
            });
            frames.collect::<Vec<_>>().concat()
        } else if request.path.starts_with("/v1/blocks/") {
            forger.bodies[number("/v1/blocks/") - 1].clone()
        } else {
            let steps = forger.head.clone().or(forger.steps.last().cloned());
            louver_light::Proven { steps: steps.into_iter().collect(), openings: Vec::new() }.to_bytes()
        };
        if body.is_empty() {
            let none = json!({ "error": { "code": "height_unknown", "message": "not yet" } });
            return Ok(Response { status: 404, body: none.to_string().into_bytes() });
        }
        Ok(Response { status: 200, body })
    }
}

fn chain() -> Chain<MemoryStore> {
    Chain::open(MemoryStore::default(), genesis()).unwrap()
}

/// Makes a block of a mint for each nonce.
fn extend(chain: &mut Chain<MemoryStore>, time: u64, nonces: &[u64]) -> Block {
    let hash = genesis().hash();
    let mint = |nonce: &u64| {
        let operation = mint(&hash, *nonce, &person(1), 1_000).verify(&hash).unwrap();
        Candidate::Transparent(Box::new(operation))
    };
    extend_by(chain, time, &nonces.iter().map(mint).collect::<Vec<_>>())
}

/// Makes a block of the candidates, all of them.
fn extend_by(chain: &mut Chain<MemoryStore>, time: u64, candidates: &[Candidate]) -> Block {
    let proposal = chain.propose(time, BlockLimits::default(), candidates).unwrap();
    assert!(proposal.refused().is_empty(), "{:?}", proposal.refused());
    chain.commit(proposal).unwrap()
}

/// A block whose transactions and header are as somebody likes, with the right root of its transactions.
fn forged(of: &Block, more: &[ChainTransaction], change: impl FnOnce(&mut Header)) -> Block {
    let mut header = of.header().clone();
    let mut parts: Vec<(ChainTransaction, [u8; 32])> =
        of.transactions().iter().cloned().zip(of.leaves().iter().map(|leaf| leaf.compact)).collect();
    parts.extend(more.iter().map(|transaction| {
        let compact = match transaction {
            ChainTransaction::Shielded(_) => [9; 32],
            ChainTransaction::Transparent(_) => CompactForm::Transparent.hash(),
            ChainTransaction::Act(_) => CompactForm::Act.hash(),
        };
        (transaction.clone(), compact)
    }));
    let leaves: Vec<_> =
        parts.iter().map(|(transaction, compact)| Leaf::new(transaction, *compact)).collect();
    header.transactions_root = transactions_root(&leaves);
    change(&mut header);
    Block::new(header, parts).unwrap()
}

/// Attack: authorities seal a block with another state, a payment without a valid proof, or money that nobody issued. The
/// follower takes none of them, keeps what shows it, and goes no further, not even after a restart.
#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_block_that_breaks_a_rule_stops_the_follower() {
    let mut honest = chain();
    extend(&mut honest, 1, &[0]);
    extend(&mut honest, 2, &[1]);
    let mut further = Chain::open(honest.ledger().store().clone(), genesis()).unwrap();
    let next = extend(&mut further, 3, &[2]);
    let alice = person(1);
    let draft = Draft::deposit(7, Anchor::empty_tree(), Account::of(&alice).into(), coin(), 5);
    let unproven =
        ChainTransaction::Shielded(Box::new(with_proof(&genesis(), &draft, Some(&alice), [1; 192])));
    // Minted by somebody who is not the issuer.
    let inflated = {
        let action = Action::Mint { asset: coin(), amount: Amount(1_000_000), to: Account::of(&alice) };
        transparent(operation(&genesis().hash(), &alice, 0, action))
    };
    let bad: [(&str, Block, &str); 5] = [
        ("state", forged(&next, &[], |header| header.state_root[3] ^= 1), "state root"),
        ("history", forged(&next, &[], |header| header.history_root[3] ^= 1), "history root"),
        ("proof", forged(&next, &[unproven], |_| {}), "proof"),
        ("supply", forged(&next, &[inflated], |_| {}), "issued by another account"),
        ("tree", forged(&next, &[], |header| header.tree_size += 1), "tree size"),
    ];
    for (name, block, rule) in bad {
        let folder = tempfile::tempdir().unwrap();
        let mut forger = Forger::of(&honest);
        forger.seal(&block);
        let served = Served(Arc::new(Mutex::new(forger)));
        let node = follower(folder.path(), served.clone()).await;
        let sentence = holds(&node).await;
        assert!(sentence.contains("block 3") && sentence.contains(rule), "{name}: {sentence}");
        assert_eq!(node.height(), 2, "{name}");
        Client::of(&node)
            .ask(|client| {
                assert_eq!(client.get("/ready").0, 503);
                assert!(client.get("/v1/status").1["troubles"][0].as_str().unwrap().contains("evidence"));
                assert_eq!(client.refused(&internal(&[5], 1)), "convicted");
            })
            .await;
        node.shutdown().await.unwrap();
        // The file shows it to anybody who has the chain before, and nothing against a chain that is another.
        let file = EvidenceFile::read(&std::fs::read(folder.path().join("evidence")).unwrap()).unwrap();
        let shown = file.verify_on(&honest, &ZeroProofs::default()).unwrap();
        assert!(shown.unwrap().to_string().contains(rule), "{name}");
        assert!(file.verify_on(&further, &ZeroProofs::default()).is_err());
        assert!(file.verify(&genesis()).is_err());
        let mut again = Forger::of(&further);
        again.head = None;
        *served.0.lock().unwrap() = again;
        let node = follower(folder.path(), served).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(node.height(), 2, "{name}");
        assert!(node.engine.troubles().evidence.is_some());
        node.shutdown().await.unwrap();
    }
}

/// Attack: a disk that alters a record, so that the follower holds its own damage against the chain's authorities for good.
#[tokio::test(flavor = "multi_thread")]
async fn damage_of_ones_own_accuses_nobody() {
    let mut chain = chain();
    extend(&mut chain, 1, &[0]);
    let (folder, served) = (tempfile::tempdir().unwrap(), Served(Arc::new(Mutex::new(Forger::of(&chain)))));
    let node = follower(folder.path(), served.clone()).await;
    reaches(&node, 1).await;
    node.shutdown().await.unwrap();
    let table = Table("chain.balances");
    let mut store = RedbStore::open(&folder.path().join("ledger.redb")).unwrap();
    let mut batch = Batch::default();
    for (key, mut value) in store.scan(table, KeyRange::ALL).unwrap() {
        *value.last_mut().unwrap() ^= 1;
        batch.put(table, &key, &value);
    }
    store.write(&batch).unwrap();
    drop(store);
    extend(&mut chain, 2, &[1]);
    *served.0.lock().unwrap() = Forger::of(&chain);
    let node = follower(folder.path(), served).await;
    let sentence = complains(&node).await;
    assert!(sentence.contains("the data of this node is damaged"), "{sentence}");
    assert!(node.engine.troubles().evidence.is_none() && !folder.path().join("evidence").exists());
    node.shutdown().await.unwrap();
}

/// Attack: authorities show one branch to one reader and another to the next.
#[tokio::test(flavor = "multi_thread")]
async fn two_branches_stop_the_follower_and_anybody_checks_the_file() {
    let mut one = chain();
    extend(&mut one, 1, &[0]);
    let mut two = Chain::open(one.ledger().store().clone(), genesis()).unwrap();
    let last = extend(&mut one, 2, &[1]);
    extend(&mut two, 3, &[]);
    let longer = extend(&mut two, 4, &[]);
    let other = two.block(2).unwrap().unwrap();
    assert_ne!(last.header(), other.header());
    // A branch that ends at the same height, and one that goes on.
    for (height, next, head) in [(2, None, Some(other.header())), (2, Some(longer), None)] {
        let folder = tempfile::tempdir().unwrap();
        let served = Served(Arc::new(Mutex::new(Forger::of(&one))));
        let node = follower(folder.path(), served.clone()).await;
        reaches(&node, height).await;
        {
            let mut forger = served.0.lock().unwrap();
            next.iter().for_each(|block| forger.seal(block));
            forger.head =
                head.map(|header| Step { sealed: sealed(header.clone()), history: None, rotation: None });
        }
        holds(&node).await;
        assert_eq!(node.height(), height);
        node.shutdown().await.unwrap();
        let bytes = std::fs::read(folder.path().join("evidence")).unwrap();
        assert!(Evidence::from_bytes(&bytes).is_ok());
        let file = EvidenceFile::read(&bytes).unwrap();
        file.verify(&genesis()).unwrap();
        let mut terms = genesis().terms().clone();
        terms.chain = "another".to_owned();
        assert!(file.verify(&Genesis::new(terms).unwrap()).is_err());
    }
}

/// Attack: a server keeps new blocks back, or shows a head that is older than what it served before.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_head_is_said() {
    let mut chain = chain();
    extend(&mut chain, 1, &[0]);
    extend(&mut chain, 2, &[1]);
    let served = Served(Arc::new(Mutex::new(Forger::of(&chain))));
    let folder = tempfile::tempdir().unwrap();
    let node = follower(folder.path(), served.clone()).await;
    reaches(&node, 2).await;
    let first = chain.block(1).unwrap().unwrap().header().clone();
    served.0.lock().unwrap().head = Some(Step { sealed: sealed(first), history: None, rotation: None });
    assert!(complains(&node).await.contains("before the last trusted block"));
    assert_eq!(node.height(), 2);
    node.shutdown().await.unwrap();
}

/// Attack: whoever stole keys that were replaced makes blocks with them.
#[tokio::test(flavor = "multi_thread")]
async fn blocks_of_retired_keys_count_for_nothing() {
    let mut chain = chain();
    extend(&mut chain, 1, &[0]);
    let quorum = louver_core::ledger::Quorum::new(1, vec![person(7).verifying_key().to_bytes()]).unwrap();
    let deed = Deed::RotateAuthorities(quorum.clone());
    let rotate = Act { sequence: 0, deed };
    let signature = rotate.sign(&genesis().hash(), &authority_key());
    let candidate = Candidate::Act(Box::new(SignedAct::new(rotate, vec![signature])));
    let block = extend_by(&mut chain, 2, &[candidate]);
    let opening = chain.open_state(Question::Authorities).unwrap().unwrap();
    let hash = block.header().hash();
    let seals = louver_light::Seals::sign(&genesis().hash(), hash, &quorum, &[person(7)]);
    let rotation = louver_light::rotation::Rotation { authorities: opening, seals };
    let after = extend(&mut chain, 3, &[1]);

    let mut forger = Forger::of(&chain);
    forger.steps[1].rotation = Some(rotation.clone());
    let by_new = {
        let seals =
            louver_light::Seals::sign(&genesis().hash(), after.header().hash(), &quorum, &[person(7)]);
        Step { sealed: SealedHeader { header: after.header().clone(), seals }, history: None, rotation: None }
    };
    let folder = tempfile::tempdir().unwrap();
    let served = Served(Arc::new(Mutex::new(forger)));
    let node = follower(folder.path(), served.clone()).await;
    assert!(complains(&node).await.contains("replaced at block 2"));
    assert_eq!(node.height(), 2);
    assert!(node.engine.troubles().evidence.is_none());
    // The change is left out, and with it the new keys: nothing of it is taken either.
    let bare = tempfile::tempdir().unwrap();
    let hidden = Served(Arc::new(Mutex::new(Forger::of(&chain))));
    let other = follower(bare.path(), hidden).await;
    assert!(complains(&other).await.contains("left out"));
    assert_eq!(other.height(), 1);
    other.shutdown().await.unwrap();
    // The new keys go on, also for a follower that starts again.
    served.0.lock().unwrap().steps[2] = by_new;
    reaches(&node, 3).await;
    node.shutdown().await.unwrap();
    let node = follower(folder.path(), served).await;
    reaches(&node, 3).await;
    let led = Client::of(&node).ask(|client| client.bytes("/v1/head?head=0")).await;
    let mut reader = louver_light::Reader::of_keys(&genesis(), 100);
    reader.take(louver_light::Proven::from_bytes(&led).unwrap(), 100).unwrap();
    assert_eq!(reader.head().hash, BlockHash(after.header().hash().0));
    node.shutdown().await.unwrap();
    // Two heads by the old keys accuse nobody before whoever knows the change. The new authorities are accused before
    // whoever has the genesis alone.
    let two_heads = |handovers: Vec<Handover>, seal: &dyn Fn(Header) -> SealedHeader| {
        let header = after.header().clone();
        let forked = Header { time: header.time + 1, ..header.clone() };
        let fault = Fault::TwoHeads(Box::new([seal(header), seal(forked)]));
        EvidenceFile::read(&Evidence { handovers, fault }.to_bytes()).unwrap()
    };
    let on_folder = |file: &EvidenceFile| {
        let proofs = |_: &Genesis,
                      _: &[louver_core::ledger::RulesEntry]|
         -> Result<Box<dyn louver_core::proof::Verify>, NodeError> {
            Ok(Box::new(ZeroProofs::default()))
        };
        opening::check_evidence(folder.path(), file, proofs).unwrap()
    };
    let by_old = two_heads(Vec::new(), &sealed);
    by_old.verify(&genesis()).unwrap();
    let warned = on_folder(&by_old);
    let retired = EvidenceError::Retired { height: 2 };
    assert!(matches!(warned, Err(FileError::Evidence(error)) if error == retired), "{warned:?}");
    let handover = Handover { sealed: sealed(block.header().clone()), rotation };
    let by_new = two_heads(vec![handover], &|header| {
        SealedHeader::sign(&genesis().hash(), header, &quorum, &[person(7)])
    });
    by_new.verify(&genesis()).unwrap();
    assert!(matches!(on_folder(&by_new), Ok(None)));
}

/// Attack: a server of another chain answers for the one that was chosen.
#[tokio::test(flavor = "multi_thread")]
async fn a_source_of_another_chain_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let maker = node(folder.path()).await;
    let source = Source::of_url(&maker.url()).unwrap();
    assert_eq!(source.genesis(genesis().hash()).await.unwrap(), genesis());
    let other = louver_core::pool::GenesisHash([9; 32]);
    let refused = source.genesis(other).await;
    assert!(matches!(refused, Err(follow::SourceError::OtherChain { .. })), "{refused:?}");
    assert!(matches!(maker.engine.produce(Empty::Made), Ok(Some(_))));
    maker.shutdown().await.unwrap();
}
