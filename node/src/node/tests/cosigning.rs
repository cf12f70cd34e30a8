//! Authorities on several machines: two of three seal each block, whatever becomes of the third, and of machines on the way.

use std::sync::{
    Mutex,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use louver_chain::{BlockHash, BlockLimits, Chain};
use louver_client::{
    api::path,
    transport::{Http, Request, Response, Transport, Unreachable},
};
use louver_core::{
    asset::AssetDescriptor,
    ledger::{Finality, GenesisTerms, Guardians, Quorum},
    store::MemoryStore,
};
use louver_light::{Evidence, Reader, SealedHeader, Seals, evidence::Fault, seal::AuthoritySeal};

use super::*;
use crate::{
    cosigning::{GivenSeals, ProposalRequest},
    engine::Empty,
    folder::LastSealed,
    follow::Source,
    health,
    sealing::{SealingError, sealed_header},
};

const SOON: Duration = Duration::from_secs(60);

fn quorum(needed: u8, numbers: &[u8]) -> Quorum {
    let keys = numbers.iter().map(|number| person(*number).verifying_key().to_bytes()).collect();
    Quorum::new(needed, keys).unwrap()
}

/// A chain of which two of the authorities 1, 2 and 3 seal each block.
fn of_three() -> Genesis {
    let finality = Finality::Solo { authorities: quorum(2, &[1, 2, 3]), trusting_period: 1_000_000 };
    Genesis::new(GenesisTerms { finality, ..genesis().terms().clone() }).unwrap()
}

fn with_keys(folder: &Path, keys: &[u8]) -> NodeConfig {
    NodeConfig {
        genesis: of_three(),
        authority_keys: keys.iter().map(|number| person(*number)).collect(),
        seal_patience: Duration::ZERO,
        poll: Duration::from_millis(10),
        ..config(folder)
    }
}

async fn starts(config: NodeConfig) -> RunningNode {
    start_with(config, Arc::new(ZeroProofs::default())).await.unwrap()
}

async fn maker(folder: &Path) -> RunningNode {
    starts(with_keys(folder, &[1])).await
}

async fn cosigner(folder: &Path, transport: impl Transport + 'static, keys: &[u8]) -> RunningNode {
    let source = Source::new(Arc::new(transport), "the maker".to_owned(), Duration::from_secs(2));
    starts(NodeConfig { follow: Some(source), ..with_keys(folder, keys) }).await
}

fn http(node: &RunningNode) -> Http {
    Http::new(&node.url()).unwrap()
}

async fn reaches(node: &RunningNode, height: u32) {
    let mut tip = node.engine.watch_tip();
    let waited = tokio::time::timeout(SOON, tip.wait_for(|tip| *tip >= height)).await;
    if waited.is_err() {
        panic!("it stays at {}: {:?}", node.height(), node.engine.troubles());
    }
}

/// Makes a block, which waits for seals.
async fn makes(node: &RunningNode) -> SealingError {
    match node.engine.blocking(|engine| engine.produce(Empty::Made)).await.unwrap() {
        Err(ProductionError::Sealing(error @ SealingError::Waits { .. })) => error,
        other => panic!("{other:?}"),
    }
}

/// Waits until a node has sealed a block of a height, and gives the block.
async fn seals(node: &RunningNode, height: u32) -> BlockHash {
    let sealed = async {
        loop {
            if let Some(LastSealed::Block { height: sealed, hash }) = node.folder.last_sealed().unwrap()
                && sealed == height
            {
                return hash;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(SOON, sealed).await.unwrap()
}

async fn says(node: &RunningNode) -> String {
    let mut troubles = node.engine.watch_troubles();
    let waited = troubles.wait_for(|troubles| troubles.cosigning.is_some());
    tokio::time::timeout(SOON, waited).await.unwrap().unwrap().cosigning.clone().unwrap()
}

fn code(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["error"]["code"].as_str().unwrap_or_default())
}

impl Client {
    fn post_bytes(&self, path: &str, bytes: &[u8]) -> (u16, Value) {
        let request = self.agent.post(format!("{}{path}", self.url));
        Self::read(request.header("content-type", "application/octet-stream").send(bytes).unwrap())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_three_machines_seal_and_one_may_be_down() {
    let places = [(); 4].map(|()| tempfile::tempdir().unwrap());
    let [one, two, three, reader] = &places;
    let made = maker(one.path()).await;
    let second = cosigner(two.path(), http(&made), &[2]).await;
    let follower = cosigner(reader.path(), http(&made), &[]).await;
    for height in 1..=3 {
        makes(&made).await;
        for node in [&made, &second, &follower] {
            reaches(node, height).await;
        }
    }
    // The second machine is gone; the third one takes its place.
    second.shutdown().await.unwrap();
    let third = cosigner(three.path(), http(&made), &[3]).await;
    reaches(&third, 3).await;
    makes(&made).await;
    reaches(&made, 4).await;
    let second = cosigner(two.path(), http(&made), &[2]).await;
    for node in [&second, &third, &follower] {
        reaches(node, 4).await;
    }
    // Both are there: the block is final once, with the seals that came first.
    makes(&made).await;
    for node in [&made, &second, &third, &follower] {
        reaches(node, 5).await;
        let told = node.engine.chain().seals(5).unwrap();
        assert_eq!(told, made.engine.chain().seals(5).unwrap());
    }
    Client::of(&follower)
        .ask(|client| {
            let mut reader = Reader::of_keys(&of_three(), 5_000);
            let way = Decode::from_bytes(&client.bytes("/v1/head?head=0")).unwrap();
            reader.take(way, 5_000).unwrap();
            assert_eq!(reader.head().height, 5);
        })
        .await;
    for node in [third, second, follower, made] {
        node.shutdown().await.unwrap();
    }
}

/// Two machines are down: nothing is final, no reader sees what is not final, nothing is lost, and it goes on afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn with_two_of_three_down_nothing_is_final_and_nothing_is_lost() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let made = maker(one.path()).await;
    let minted = transparent(mint(&of_three().hash(), 0, &person(5), 70));
    let id = Client::of(&made)
        .ask({
            let minted = minted.clone();
            move |client| client.submit(&minted)
        })
        .await;
    let waits = makes(&made).await;
    assert!(matches!(waits, SealingError::Waits { height: 1, needed: 2, found: 1, .. }), "{waits}");
    let offered = seals(&made, 1).await;
    let nothing_is_final = {
        let id = id.clone();
        move |client: &Client| {
            let status = client.get("/v1/status").1;
            assert_eq!(status["height"], 0);
            assert!(
                status["troubles"][0].as_str().unwrap().contains("waits for the seals of 1 more"),
                "{status}"
            );
            assert_eq!(client.get("/ready").0, 503);
            assert_eq!(code(&client.get("/v1/blocks/1")), (404, "height_unknown"));
            assert_eq!(code(&client.get("/v1/headers?from=1")), (404, "height_unknown"));
            assert_eq!(code(&client.get("/v1/status?head=1")), (404, "head_unknown"));
            assert_eq!(client.state(&id)["state"], "pending");
            assert_eq!(client.balance(&person(5)), 0);
        }
    };
    Client::of(&made).ask(nothing_is_final.clone()).await;
    // It takes transactions on, and makes no second block in place of the first, also after a new start.
    let later = transparent(mint(&of_three().hash(), 1, &person(5), 5));
    Client::of(&made).ask(move |client| client.submit(&later)).await;
    makes(&made).await;
    made.shutdown().await.unwrap();
    let made = maker(one.path()).await;
    makes(&made).await;
    assert_eq!(seals(&made, 1).await, offered);
    Client::of(&made).ask(nothing_is_final).await;
    // A machine comes back.
    let second = cosigner(two.path(), http(&made), &[2]).await;
    reaches(&made, 1).await;
    assert_eq!(made.engine.chain().tip_hash(), offered);
    let mut troubles = made.engine.watch_troubles();
    let ready = troubles.wait_for(health::Troubles::is_ready);
    drop(tokio::time::timeout(SOON, ready).await.unwrap().unwrap());
    makes(&made).await;
    reaches(&second, 2).await;
    let balance = |client: &Client| client.balance(&person(5));
    assert_eq!((Client::of(&made).ask(balance).await, Client::of(&second).ask(balance).await), (75, 75));
    second.shutdown().await.unwrap();
    made.shutdown().await.unwrap();
}

/// Hands everything on but seals, as a machine does that is killed between its seal and its word.
struct Mute {
    truth: Http,
    is_mute: Arc<AtomicBool>,
}

#[async_trait]
impl Transport for Mute {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        if request.path == path::SEALS && self.is_mute.load(Ordering::SeqCst) {
            return Err(Unreachable { reason: "the line is dead".to_owned() });
        }
        self.truth.send(request).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cosigner_that_is_killed_seals_the_same_block_again() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let made = maker(one.path()).await;
    makes(&made).await;
    let is_mute = Arc::new(AtomicBool::new(true));
    let second = cosigner(two.path(), Mute { truth: http(&made), is_mute }, &[2]).await;
    let sealed = seals(&second, 1).await;
    // Killed after its durable write, before its word arrives. The maker is killed too.
    drop(second);
    drop(made);
    let made = loop {
        // A killed node lets go of its folder a moment later.
        match start_with(with_keys(one.path(), &[1]), Arc::new(ZeroProofs::default())).await {
            Ok(node) => break node,
            Err(NodeError::Folder(FolderError::InUse(_))) => {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            Err(error) => panic!("{error}"),
        }
    };
    assert_eq!(made.height(), 0);
    let second = loop {
        let source = Source::new(Arc::new(http(&made)), "the maker".to_owned(), Duration::from_secs(2));
        let config = NodeConfig { follow: Some(source), ..with_keys(two.path(), &[2]) };
        match start_with(config, Arc::new(ZeroProofs::default())).await {
            Ok(node) => break node,
            Err(NodeError::Folder(FolderError::InUse(_))) => {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            Err(error) => panic!("{error}"),
        }
    };
    reaches(&second, 1).await;
    assert_eq!(second.engine.chain().tip_hash(), sealed);
    assert_eq!(made.engine.chain().tip_hash(), sealed);
    second.shutdown().await.unwrap();
    made.shutdown().await.unwrap();
}

/// The machine that makes blocks is lost, after one cosigner sealed its last block. A node in its place makes no other block
/// of that height, and says which one has to.
#[tokio::test(flavor = "multi_thread")]
async fn a_maker_that_is_lost_is_replaced_by_the_one_who_has_its_last_block() {
    let places = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let [one, two, three] = &places;
    let made = maker(one.path()).await;
    let is_mute = Arc::new(AtomicBool::new(false));
    let mute = Mute { truth: http(&made), is_mute: is_mute.clone() };
    let second = cosigner(two.path(), mute, &[2]).await;
    makes(&made).await;
    reaches(&second, 1).await;
    let third = cosigner(three.path(), http(&made), &[]).await;
    reaches(&third, 1).await;
    is_mute.store(true, Ordering::SeqCst);
    makes(&made).await;
    let last = seals(&second, 2).await;
    for node in [made, second, third] {
        node.shutdown().await.unwrap();
    }
    // The third one begins to make blocks, hears of nobody, and then of the second one's block.
    let third = starts(with_keys(three.path(), &[3])).await;
    makes(&third).await;
    assert_eq!(third.folder.last_sealed().unwrap(), None);
    let second = cosigner(two.path(), http(&third), &[2]).await;
    let elsewhere = async {
        loop {
            let made = third.engine.blocking(|engine| engine.produce(Empty::Made)).await.unwrap();
            if let Err(ProductionError::Sealing(SealingError::SealedElsewhere { height: 2, .. })) = made {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, elsewhere).await.unwrap();
    assert!(says(&third).await.contains("let the one with that key make the blocks"));
    assert_eq!(third.folder.last_sealed().unwrap(), None);
    third.shutdown().await.unwrap();
    second.shutdown().await.unwrap();
    // So the second one makes them, and its block becomes final.
    let second = starts(with_keys(two.path(), &[2])).await;
    let third = cosigner(three.path(), http(&second), &[3]).await;
    reaches(&third, 2).await;
    assert_eq!(third.engine.chain().tip_hash(), last);
    // The next block waits until a quorum was heard of, which the third one is.
    let goes_on = async {
        while second.height() < 3 {
            makes_or_made(&second).await;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, goes_on).await.unwrap();
    reaches(&third, 3).await;
    third.shutdown().await.unwrap();
    second.shutdown().await.unwrap();
}

/// A maker that offers what it is told to, and keeps the seals that it is given.
#[derive(Clone)]
struct TwoFaced {
    truth: Arc<Http>,
    offer: Arc<Mutex<Vec<u8>>>,
    given: Arc<Mutex<Vec<GivenSeals>>>,
}

#[async_trait]
impl Transport for TwoFaced {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        let answer = |body| Ok(Response { status: 200, body });
        match request.path.as_str() {
            path::PROPOSAL => answer(self.offer.lock().unwrap().clone()),
            path::SEALS => {
                self.given.lock().unwrap().push(GivenSeals::from_bytes(&request.body).unwrap());
                answer(br#"{"found":1,"needed":2,"is_final":false}"#.to_vec())
            }
            _ => self.truth.send(request).await,
        }
    }
}

/// A block on genesis, of a time that tells it from others.
fn block_at(time: u64) -> Block {
    let chain = Chain::open(MemoryStore::default(), of_three()).unwrap();
    chain.propose(time, BlockLimits::default(), &[]).unwrap().block().clone()
}

/// Attack: whoever makes blocks pays two people with the same money, by two blocks of one height, each sealed by another
/// cosigner. Each of them seals one at most, so without the maker's own second seal no two are final; and with it, its own
/// key is in the evidence.
#[tokio::test(flavor = "multi_thread")]
async fn a_maker_with_two_blocks_of_a_height_gets_one_seal_of_each_cosigner() {
    let places = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let [one, two, three] = &places;
    let truth = Arc::new(http(&maker(one.path()).await));
    let blocks = [block_at(1), block_at(2)];
    let face = |block: &Block| TwoFaced {
        truth: truth.clone(),
        offer: Arc::new(Mutex::new(block.to_bytes())),
        given: Arc::default(),
    };
    let faces = [face(&blocks[0]), face(&blocks[1])];
    let second = cosigner(two.path(), faces[0].clone(), &[2]).await;
    let third = cosigner(three.path(), faces[1].clone(), &[3]).await;
    let hashes = blocks.clone().map(|block| block.header().hash());
    assert_eq!([seals(&second, 1).await, seals(&third, 1).await], hashes);
    // Now each is offered the other block, and then garbage.
    for (face, other) in faces.iter().zip(blocks.iter().rev()) {
        *face.offer.lock().unwrap() = other.to_bytes();
    }
    for node in [&second, &third] {
        let said = says(node).await;
        assert!(said.contains("another block 1 was sealed from this folder"), "{said}");
    }
    for face in &faces {
        *face.offer.lock().unwrap() = vec![7; 400];
    }
    second.shutdown().await.unwrap();
    // A new start does not make it forget.
    *faces[0].offer.lock().unwrap() = blocks[1].to_bytes();
    let second = cosigner(two.path(), faces[0].clone(), &[2]).await;
    assert!(says(&second).await.contains("another block 1"));
    for (face, (hash, number)) in faces.iter().zip(hashes.into_iter().zip([2, 3])) {
        let given = face.given.lock().unwrap();
        assert!(!given.is_empty());
        let right = AuthoritySeal::sign(&of_three().hash(), hash, &person(number));
        assert!(given.iter().all(|given| (given.block, &given.seals[..]) == (hash, &[right][..])));
    }
    // With the maker's seals on both, anybody can convict it.
    let (genesis, authorities) = (of_three().hash(), quorum(2, &[1, 2, 3]));
    let sealed = [0, 1].map(|at| {
        let own = AuthoritySeal::sign(&genesis, hashes[at], &person(1));
        let theirs = faces[at].given.lock().unwrap()[0].seals[0];
        let seals = Seals::of(&authorities, [&own, &theirs]);
        SealedHeader { header: blocks[at].header().clone(), seals }
    });
    assert!(sealed.iter().all(|sealed| sealed.verify(&genesis, &authorities).is_ok()));
    let [first, other] = sealed;
    let fault = Fault::TwoHeads(Box::new([first, other]));
    let evidence = Evidence { handovers: Vec::new(), fault };
    evidence.verify(&genesis, &authorities).unwrap();
    third.shutdown().await.unwrap();
    second.shutdown().await.unwrap();
}

/// Attacker: whoever makes a cosigner seal what it has not checked: a block that breaks a rule, or none.
#[tokio::test(flavor = "multi_thread")]
async fn a_block_that_breaks_a_rule_is_not_sealed() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let made = maker(one.path()).await;
    let mut header = block_at(5).header().clone();
    header.state_root = [9; 32];
    let broken = louver_chain::testing::block(header, Vec::new());
    let offer = Arc::new(Mutex::new(broken.to_bytes()));
    let face = TwoFaced { truth: Arc::new(http(&made)), offer, given: Arc::default() };
    let second = cosigner(two.path(), face.clone(), &[2]).await;
    let said = says(&second).await;
    assert!(said.contains("breaks a rule") && said.contains("state root"), "{said}");
    assert_eq!(second.folder.last_sealed().unwrap(), None);
    // A block on another one than its last is none for it to judge.
    let mut elsewhere = block_at(5).header().clone();
    elsewhere.previous = BlockHash([1; 32]);
    *face.offer.lock().unwrap() = louver_chain::testing::block(elsewhere, Vec::new()).to_bytes();
    // And an honest one is sealed afterwards.
    tokio::time::sleep(Duration::from_millis(100)).await;
    *face.offer.lock().unwrap() = block_at(5).to_bytes();
    assert_eq!(seals(&second, 1).await, block_at(5).header().hash());
    assert!(face.given.lock().unwrap().iter().all(|given| given.block == block_at(5).header().hash()));
    second.shutdown().await.unwrap();
    made.shutdown().await.unwrap();
}

/// As [`of_three`], and not for development.
fn serious() -> Genesis {
    let issuer = Account::of(&person(9));
    let asset = AssetDescriptor::new(coin(), "LVR", 6, issuer.0, b"").unwrap();
    let guardians = Guardians { quorum: Some(quorum(1, &[8])), delay: 1 };
    let terms = of_three().terms().clone();
    let fee_account = issuer.into();
    let serious = GenesisTerms { development: false, guardians, fee_account, assets: vec![asset], ..terms };
    Genesis::new(serious).unwrap()
}

/// Attacker: whoever sets the clock of the machine that makes blocks ahead, so that epochs end for everybody.
#[tokio::test(flavor = "multi_thread")]
async fn a_block_of_the_future_is_sealed_when_its_time_has_come() {
    const NOW: u64 = 1_800_000_000;
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let clock = Arc::new(ManualClock::new(NOW));
    let made = starts(NodeConfig { genesis: serious(), clock, ..with_keys(one.path(), &[1]) }).await;
    let clock = Arc::new(ManualClock::new(NOW - 121));
    let source = Source::new(Arc::new(http(&made)), "the maker".to_owned(), Duration::from_secs(2));
    let config = NodeConfig { genesis: serious(), clock: clock.clone(), ..with_keys(two.path(), &[2]) };
    let second = starts(NodeConfig { follow: Some(source), ..config }).await;
    makes(&made).await;
    let said = says(&second).await;
    assert!(said.contains("121 s ahead of this machine's clock"), "{said}");
    assert_eq!(second.folder.last_sealed().unwrap(), None);
    clock.pass(1);
    reaches(&made, 1).await;
    reaches(&second, 1).await;
    second.shutdown().await.unwrap();
    made.shutdown().await.unwrap();
}

/// Attacker: a cosigner, or a stranger, who makes a block final by seals that are not there, or learns of blocks that are
/// not final.
#[tokio::test(flavor = "multi_thread")]
async fn seals_of_others_of_other_blocks_and_garbage_count_nothing() {
    let one = tempfile::tempdir().unwrap();
    let made = maker(one.path()).await;
    makes(&made).await;
    let block = seals(&made, 1).await;
    let genesis = of_three().hash();
    let sign = move |block, number| AuthoritySeal::sign(&genesis, block, &person(number));
    let give = move |block, seals: Vec<AuthoritySeal>| GivenSeals { block, seals }.to_bytes();
    let question = move |number, height, previous| {
        ProposalRequest::sign(&genesis, &person(number), height, previous, None, 1).to_bytes()
    };
    let root = made.engine.chain().tip_hash();
    Client::of(&made)
        .ask(move |client| {
            let seals = |bytes: &[u8]| client.post_bytes("/v1/seals", bytes);
            let other = BlockHash([5; 32]);
            // A signature of another authority under one's name, and a seal of another block.
            let mut stolen = give(block, vec![sign(block, 2)]);
            stolen[36..68].copy_from_slice(person(3).verifying_key().as_bytes());
            assert_eq!(code(&seals(&stolen)), (422, "seal_invalid"));
            assert_eq!(code(&seals(&give(block, vec![sign(other, 2)]))), (422, "seal_invalid"));
            assert_eq!(code(&seals(&give(other, vec![sign(other, 2)]))), (404, "no_proposal"));
            assert_eq!(code(&seals(&give(block, vec![sign(block, 9)]))), (403, "not_authority"));
            // One that holds does not make another hold that comes with it.
            let mixed = give(block, vec![sign(block, 2), sign(other, 3)]);
            assert_eq!(code(&seals(&mixed)), (422, "seal_invalid"));
            // The maker's own, again and again.
            let (status, taken) = seals(&give(block, vec![sign(block, 1); 32]));
            assert_eq!((status, &taken["found"], &taken["is_final"]), (200, &json!(1), &json!(false)));
            assert_eq!(seals(&give(block, Vec::new())).1["found"], 1);
            assert_eq!(seals(&[7; 90]).0, 400);
            assert_eq!(client.get("/v1/status").1["height"], 0);

            let asks = |bytes: &[u8]| client.post_bytes("/v1/proposal", bytes);
            assert_eq!(code(&asks(&question(9, 1, root))), (403, "not_authority"));
            let mut forged = question(2, 1, root);
            *forged.last_mut().unwrap() ^= 1;
            assert_eq!(code(&asks(&forged)), (422, "seal_invalid"));
            assert_eq!(code(&asks(&question(2, 2, block))), (404, "no_proposal"));
            assert_eq!(asks(&[1, 2, 3]).0, 400);
            let mut given = client.agent.post(format!("{}/v1/proposal", client.url));
            given = given.header("content-type", "application/octet-stream");
            let bytes = given.send(&question(2, 1, root)).unwrap().body_mut().read_to_vec().unwrap();
            assert_eq!(Block::from_bytes(&bytes).unwrap().header().hash(), block);
            // A flood is stopped.
            let mut refusals = (0..2_000).map(|_| asks(&question(9, 1, root)));
            assert!(refusals.any(|refused| code(&refused) == (429, "too_many_refusals")));
        })
        .await;
    made.shutdown().await.unwrap();
}

/// The authorities change their keys, each on its own machine. The block waits until enough of the new ones are there, and is
/// sealed by the old ones and the new ones.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_keys_on_several_machines_is_sealed_by_both() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let made = starts(with_keys(one.path(), &[1, 4])).await;
    let second = cosigner(two.path(), http(&made), &[2]).await;
    makes(&made).await;
    reaches(&second, 1).await;
    let deed = Deed::RotateAuthorities(quorum(2, &[4, 5]));
    let act = Act { sequence: 0, deed };
    let signatures = [1, 2].map(|number| act.sign(&of_three().hash(), &person(number)));
    let act = ChainTransaction::Act(Box::new(SignedAct::new(act, signatures.to_vec())));
    Client::of(&made).ask(move |client| client.submit(&act)).await;
    makes(&made).await;
    reaches(&second, 2).await;
    assert_eq!(made.engine.chain().rotation(2).unwrap(), None, "nobody has the key of 5 yet");
    second.shutdown().await.unwrap();
    let second = cosigner(two.path(), http(&made), &[2, 5]).await;
    // The new key asks, and from then on the act is taken.
    let handed_over = async {
        loop {
            makes_or_made(&made).await;
            if !made.engine.chain().rotations_after(0, 1).unwrap().is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(SOON, handed_over).await.unwrap();
    let height = made.height();
    reaches(&second, height).await;
    makes(&made).await;
    reaches(&second, height + 1).await;
    let sealed = sealed_header(&second.engine.chain(), height + 1).unwrap().unwrap();
    sealed.verify(&of_three().hash(), &quorum(2, &[4, 5])).unwrap();
    second.shutdown().await.unwrap();
    made.shutdown().await.unwrap();
}

/// Makes a block, or waits for the seals of the last one.
async fn makes_or_made(node: &RunningNode) {
    let made = node.engine.blocking(|engine| engine.produce(Empty::Made)).await.unwrap();
    assert!(matches!(made, Ok(_) | Err(ProductionError::Sealing(SealingError::Waits { .. }))), "{made:?}");
}

/// A payment of person 5 into the pool of [`of_three`].
fn payment(spend: u64) -> ChainTransaction {
    let payer = person(5);
    let draft = Draft::deposit(spend, Anchor::empty_tree(), Account::of(&payer).into(), coin(), 10);
    ChainTransaction::Shielded(Box::new(signed(&of_three(), &draft, Some(&payer))))
}

/// A cosigner with key 2, and the count of the proofs that it checks.
async fn counting(folder: &Path, transport: impl Transport + 'static) -> (RunningNode, Arc<ZeroProofs>) {
    let proofs = Arc::new(ZeroProofs::default());
    let source = Source::new(Arc::new(transport), "the maker".to_owned(), Duration::from_secs(2));
    let config = NodeConfig { follow: Some(source), ..with_keys(folder, &[2]) };
    (start_with(config, proofs.clone()).await.unwrap(), proofs)
}

/// A machine that seals a block and then follows it checks its proofs once.
#[tokio::test(flavor = "multi_thread")]
async fn a_cosigner_checks_each_block_once() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let made = maker(one.path()).await;
    let (second, proofs) = counting(two.path(), http(&made)).await;
    let money = transparent(mint(&of_three().hash(), 0, &person(5), 70));
    for (height, transaction) in [(1, money), (2, payment(8)), (3, payment(16))] {
        Client::of(&made).ask(move |client| client.submit(&transaction)).await;
        makes(&made).await;
        reaches(&made, height).await;
        reaches(&second, height).await;
        assert_eq!(second.engine.chain().tip_hash(), made.engine.chain().tip_hash());
        // One batch for each block.
        assert_eq!(proofs.asked(), usize::try_from(height).unwrap());
    }
    second.shutdown().await.unwrap();
    made.shutdown().await.unwrap();
}

/// Attacker: a maker who shows a cosigner a sound block, and has another one made final: that one is checked, too.
#[tokio::test(flavor = "multi_thread")]
async fn a_block_that_was_checked_counts_for_no_other() {
    let [one, two, three] = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let made = maker(one.path()).await;
    let offer = Arc::new(Mutex::new(block_at(5).to_bytes()));
    let face = TwoFaced { truth: Arc::new(http(&made)), offer, given: Arc::default() };
    let second = cosigner(two.path(), face, &[2]).await;
    assert_eq!(seals(&second, 1).await, block_at(5).header().hash());
    let money = transparent(mint(&of_three().hash(), 0, &person(5), 70));
    Client::of(&made).ask(move |client| client.submit(&money)).await;
    makes(&made).await;
    let third = cosigner(three.path(), http(&made), &[3]).await;
    reaches(&second, 1).await;
    let hash = second.engine.chain().tip_hash();
    assert!(hash == made.engine.chain().tip_hash() && hash != block_at(5).header().hash());
    assert_eq!(Client::of(&second).ask(|client| client.balance(&person(5))).await, 70);
    for node in [third, second, made] {
        node.shutdown().await.unwrap();
    }
}
