//! Keys for clients that have none.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use louver_chain::development::guardian_key;
use louver_circuits::{
    circuit::CircuitId,
    keyset::{KeySet, NamedKeys},
    parameters::ParameterStore,
    proving_key::compressed,
};
use louver_client::transport::{Request, Response, Transport, Unreachable};
use louver_core::{
    disclosure::Statement,
    ledger::{GenesisTerms, NewRules, RulesEntry, testing},
    pool::RulesVersion,
    proof::Unwatched,
    shape::Shape,
};

use super::*;
use crate::{
    follow::Source as Followed,
    keys::{ChainKeys, CompressedKey, FetchError, KeySource, KeySourceError, fetch, take_fetched},
};

/// A key of this many bytes, for every circuit but one, after some time, from the second question on.
#[derive(Debug, Default)]
struct Source {
    length: usize,
    takes: Duration,
    fails: usize,
    asked: AtomicUsize,
}

impl KeySource for Source {
    fn proving(&self, key: &NamedKeys) -> Result<Option<CompressedKey>, KeySourceError> {
        let before = self.asked.fetch_add(1, Ordering::SeqCst);
        std::thread::sleep(self.takes);
        if before < self.fails {
            return Err(KeySourceError::Failed { reason: "not today".to_owned() });
        }
        let bytes: Vec<u8> = (0u8..251).cycle().take(self.length).collect();
        let given = CompressedKey { hash: [7; 32], bytes: bytes.into() };
        Ok((key.circuit != CircuitId::Disclosure(Statement::AccountKeys)).then_some(given))
    }

    fn verifying(&self, key: &NamedKeys) -> Option<Vec<u8>> {
        (key.circuit != CircuitId::Disclosure(Statement::AccountKeys)).then(|| vec![9; self.length])
    }
}

async fn node_with(folder: &Path, source: Option<Arc<dyn KeySource>>, limits: Limits) -> RunningNode {
    let config = NodeConfig { handed_out: source, limits, ..config(folder) };
    start_with(config, Arc::new(ZeroProofs::default())).await.unwrap()
}

/// The whole length that a part tells, and the part.
fn part(client: &Client, query: &str) -> (usize, Vec<u8>) {
    let bytes = client.bytes(&format!("/v1/proving-keys/{query}"));
    let (whole, part) = bytes.split_first_chunk::<4>().unwrap();
    (u32::from_le_bytes(*whole) as usize, part.to_vec())
}

fn whole(client: &Client, circuit: CircuitId) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let (whole, part) = part(client, &format!("{circuit}?from={}", bytes.len()));
        bytes.extend(part);
        if bytes.len() == whole {
            return bytes;
        }
    }
}

/// A client that has only the genesis gets a prover and verifiers from the node.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_has_every_key_that_it_needs_from_a_node() {
    let folder = tempfile::tempdir().unwrap();
    let genesis = crate::development::genesis().unwrap();
    let store = ParameterStore::open_default().unwrap();
    let keys = KeySet::of(&genesis).unwrap().with_store(store);
    let config = NodeConfig {
        genesis: genesis.clone(),
        keys: Some(keys.clone()),
        handed_out: Some(ChainKeys::shared(keys.clone())),
        ..config(folder.path())
    };
    let node = start(config).await.unwrap();
    Client::of(&node)
        .ask(move |client| {
            let versions = RulesEntry::of_genesis(&genesis);
            let key =
                NamedKeys::find(&versions, None, CircuitId::Disclosure(Statement::NoteOpening)).unwrap();
            let bytes = whole(client, key.circuit);
            let own = keys.proving_key(&key, &mut Unwatched).unwrap();
            assert!(bytes == compressed::compress(&own));
            let client_side = KeySet::of(&genesis).unwrap();
            let expanded = client_side.add_proving(&key, bytes, &mut Unwatched).unwrap();
            assert!(expanded.as_bytes() == own.as_bytes() && client_side.is_ready(&key));
            for key in client_side.named() {
                let path = format!("/v1/verifying-keys/{}?rules={}", key.circuit, key.rules.0);
                assert_eq!(client_side.add_verifying(&client.bytes(&path)).unwrap(), key.circuit);
            }
            for unknown in ["3x3", "2x3?rules=2", "..%2f..%2fetc"] {
                let (status, answer) = client.get(&format!("/v1/verifying-keys/{unknown}"));
                assert_eq!((status, &answer["error"]["code"]), (404, &json!("no_such_key")), "{unknown}");
            }
        })
        .await;
    node.shutdown().await.unwrap();
}

/// Attacker: the operator of a node who answers for one chain with the keys of another.
#[tokio::test(flavor = "multi_thread")]
async fn the_keys_of_another_chain_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Some(KeySet::of(&crate::development::genesis().unwrap()).unwrap());
    let refused = start(NodeConfig { keys, ..config(folder.path()) }).await;
    assert!(matches!(refused, Err(NodeError::OtherKeys)));
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_are_what_is_asked_for_within_bounds() {
    let folder = tempfile::tempdir().unwrap();
    let source = Source { length: 3 << 20, ..Source::default() };
    let node = node_with(folder.path(), Some(Arc::new(source)), Limits::default()).await;
    Client::of(&node)
        .ask(|client| {
            let all = whole(client, Shape::TwoByThree.into());
            let length = |query: &str| part(client, query).1.len();
            assert_eq!(part(client, "2x3?from=5&length=3"), (3 << 20, all[5..8].to_vec()));
            assert_eq!(length("2x3"), 256 << 10);
            assert_eq!(length("2x3?length=4294967295"), 1 << 20);
            assert_eq!(part(client, "2x3?from=3145727&length=9").1, all[all.len() - 1..]);
            for wrong in ["2x3?from=3145728", "2x3?from=4294967295&length=4294967295", "2x3?length=0"] {
                let (status, answer) = client.get(&format!("/v1/proving-keys/{wrong}"));
                assert_eq!((status, &answer["error"]["code"]), (400, &json!("range_invalid")), "{wrong}");
            }
            for wrong in ["2x3?from=-1", "2x3?from=4294967296", "2x3?length=many"] {
                let (status, answer) = client.get(&format!("/v1/proving-keys/{wrong}"));
                assert_eq!((status, &answer["error"]["code"]), (400, &json!("query_invalid")), "{wrong}");
            }
            for unknown in ["account-keys", "3x3", "2X3", "..%2f..%2fetc", "%00"] {
                let (status, answer) = client.get(&format!("/v1/proving-keys/{unknown}"));
                assert_eq!((status, &answer["error"]["code"]), (404, &json!("no_such_key")), "{unknown}");
            }
        })
        .await;
    node.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_may_be_kept_and_are_known_by_the_hash() {
    let folder = tempfile::tempdir().unwrap();
    let source = Source { length: 10, ..Source::default() };
    let node = node_with(folder.path(), Some(Arc::new(source)), Limits::default()).await;
    Client::of(&node)
        .ask(|client| {
            let url = format!("{}/v1/proving-keys/2x3", client.url);
            let first = client.agent.get(&url).call().unwrap();
            let header = |name: &str| first.headers()[name].to_str().unwrap().to_owned();
            let tag = format!("\"{}\"", "07".repeat(32));
            assert_eq!(header("etag"), tag);
            assert_eq!(header("cache-control"), "public, max-age=3600");
            assert_eq!(header("content-type"), "application/octet-stream");
            assert_eq!(header("content-length"), "14");
            let again = client.agent.get(&url).header("if-none-match", format!("\"other\", {tag}"));
            let again = again.call().unwrap();
            assert_eq!(again.status(), 304);
            assert_eq!(again.headers()["etag"], tag.as_str());
            let other = client.agent.get(&url).header("if-none-match", "\"other\"").call().unwrap();
            assert_eq!(other.status(), 200);
        })
        .await;
    node.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_hands_out_keys_only_if_it_is_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    let answer = Client::of(&node).ask(|client| client.get("/v1/proving-keys/2x3")).await;
    assert_eq!((answer.0, &answer.1["error"]["code"]), (404, &json!("no_such_key")));
    node.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_made_once_whoever_asks_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let source = Source { length: 100, takes: Duration::from_millis(300), ..Source::default() };
    let source = Arc::new(source);
    let node = node_with(folder.path(), Some(source.clone()), Limits::default()).await;
    let client = Client::of(&node);
    let asking: Vec<_> = (0..12)
        .map(|_| {
            let client = client.clone();
            tokio::task::spawn_blocking(move || part(&client, "2x3").1.len())
        })
        .collect();
    for asked in asking {
        assert_eq!(asked.await.unwrap(), 100);
    }
    assert_eq!(source.asked.load(Ordering::SeqCst), 1);
    node.shutdown().await.unwrap();
}

/// The making goes on when a request has waited long enough.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_past_his_deadline_for_a_key() {
    let folder = tempfile::tempdir().unwrap();
    let source = Source { length: 100, takes: Duration::from_millis(700), ..Source::default() };
    let source = Arc::new(source);
    let limits = Limits { request_timeout: Duration::from_millis(400), ..Limits::default() };
    let node = node_with(folder.path(), Some(source.clone()), limits).await;
    Client::of(&node)
        .ask(|client| {
            let first = client.agent.get(format!("{}/v1/proving-keys/2x3", client.url)).call().unwrap();
            assert_eq!(first.headers()["retry-after"], "5");
            let (status, answer) = Client::read(first);
            assert_eq!((status, &answer["error"]["code"]), (503, &json!("key_being_made")));
            while client.agent.get(format!("{}/v1/proving-keys/2x3", client.url)).call().unwrap().status()
                != 200
            {}
        })
        .await;
    assert_eq!(source.asked.load(Ordering::SeqCst), 1);
    node.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_failed_is_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    let source = Source { length: 100, fails: 1, ..Source::default() };
    let node = node_with(folder.path(), Some(Arc::new(source)), Limits::default()).await;
    Client::of(&node)
        .ask(|client| {
            let (status, answer) = client.get("/v1/proving-keys/2x3");
            assert_eq!((status, &answer["error"]["code"]), (500, &json!("internal")));
            assert_eq!(part(client, "2x3").1.len(), 100);
        })
        .await;
    node.shutdown().await.unwrap();
}

/// Attacker: whoever waits for a maker of blocks to lose the keys of the rules in force: it refuses every payment, and must not
/// say that all is well.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_without_the_keys_of_a_version_in_force_is_not_ready() {
    let folder = tempfile::tempdir().unwrap();
    let genesis = crate::development::genesis().unwrap();
    let keys = KeySet::of(&genesis).unwrap();
    let config = NodeConfig { genesis: genesis.clone(), keys: Some(keys), ..config(folder.path()) };
    let node = start(config).await.unwrap();
    Client::of(&node)
        .ask(move |client| {
            let new = testing::rules(2, 0, None, &Shape::PLAIN);
            let (shapes, disclosures) = (new.shapes, new.disclosures);
            let deed = Deed::AddRules(NewRules { version: RulesVersion(2), shapes, disclosures });
            let act = Act { sequence: 0, deed };
            let signature = act.sign(&genesis.hash(), &guardian_key());
            client.submit(&ChainTransaction::Act(Box::new(SignedAct::new(act, vec![signature]))));
            client.produce(1);
            assert_eq!(client.get("/ready").0, 200, "the version does not count yet");
            client.produce(genesis.terms().guardians.delay);
            let (status, answer) = client.get("/ready");
            assert_eq!(status, 503, "{answer}");
            let said = answer["troubles"][0].as_str().unwrap();
            for word in ["rules version 2 is in force", "--keys", "Wallets lose nothing"] {
                assert!(said.contains(word), "{word}: {said}");
            }
        })
        .await;
    node.shutdown().await.unwrap();
}

/// A node that answers every question for a key with the same bytes, or not at all.
struct Keyholder(Option<Vec<u8>>);

#[async_trait]
impl Transport for Keyholder {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        assert!(request.path.starts_with("/v1/verifying-keys/"), "{}", request.path);
        match &self.0 {
            Some(bytes) => Ok(Response { status: 200, body: bytes.clone() }),
            None => Err(Unreachable { reason: "nobody is there".to_owned() }),
        }
    }
}

/// Attacker: the node that is followed, which gives keys whose secrets it knows.
#[tokio::test]
async fn a_follower_takes_no_key_that_its_chain_does_not_name() {
    let folder = tempfile::tempdir().unwrap();
    let terms = testing::genesis().terms().clone();
    let genesis = Genesis::new(GenesisTerms { development: false, ..terms }).unwrap();
    let keys = KeySet::of(&genesis).unwrap();
    let lacking = keys.lacks_verifying().len();
    assert_ne!(lacking, 0);
    let source = |given| Followed::new(Arc::new(Keyholder(given)), "it".to_owned(), Duration::from_secs(5));
    let named = KeySet::development().unwrap();
    let own = named.verifying_key_file(&named.named()[0]).unwrap();
    for given in [own.clone(), vec![7; 500], Vec::new()] {
        let refused = fetch(&keys, &source(Some(given)), folder.path()).await.unwrap_err();
        assert!(matches!(refused, FetchError::Keys(_)), "{refused}");
        assert!(refused.to_string().contains("--keys"), "{refused}");
    }
    let refused = fetch(&keys, &source(None), folder.path()).await.unwrap_err();
    assert!(matches!(refused, FetchError::Source { .. }), "{refused}");
    assert!(refused.to_string().contains("--keys"), "{refused}");
    assert!(!folder.path().join("verifying-keys").exists());
    // Nor one that somebody put into its folder.
    std::fs::create_dir(folder.path().join("verifying-keys")).unwrap();
    std::fs::write(folder.path().join("verifying-keys/2x3.vk"), own).unwrap();
    take_fetched(&keys, folder.path());
    assert_eq!(keys.lacks_verifying().len(), lacking);
}
