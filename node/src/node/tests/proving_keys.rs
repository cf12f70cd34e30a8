//! Proving keys for clients that have none.

use std::sync::atomic::{AtomicUsize, Ordering};

use louver_circuits::{
    circuit::CircuitId,
    key_file::{ParameterPolicy, pinned_key},
    parameters::ParameterStore,
    proving_key::compressed,
};
use louver_core::proof::Unwatched;

use super::*;
use crate::proving_keys::{CompressedKey, DevelopmentKeys, KeySource, KeySourceError};

/// A key of so many bytes, for every circuit but one, after some time, from the second question on.
#[derive(Debug, Default)]
struct Source {
    length: usize,
    takes: Duration,
    fails: usize,
    asked: AtomicUsize,
}

impl KeySource for Source {
    fn key(&self, circuit: CircuitId) -> Result<Option<CompressedKey>, KeySourceError> {
        let before = self.asked.fetch_add(1, Ordering::SeqCst);
        std::thread::sleep(self.takes);
        if before < self.fails {
            return Err(KeySourceError::Failed { reason: "not today".to_owned() });
        }
        let bytes: Vec<u8> = (0u8..251).cycle().take(self.length).collect();
        let key = CompressedKey { hash: [7; 32], bytes: bytes.into() };
        Ok((circuit != CircuitId::AccountKeys).then_some(key))
    }
}

async fn node_with(folder: &Path, source: Option<Arc<dyn KeySource>>, limits: Limits) -> RunningNode {
    let config = NodeConfig { proving_keys: source, limits, ..config(folder) };
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

#[tokio::test(flavor = "multi_thread")]
async fn the_parts_of_a_key_are_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let store = ParameterStore::open_default().unwrap();
    let source = DevelopmentKeys::shared(store.clone());
    let node = node_with(folder.path(), Some(source), Limits::default()).await;
    Client::of(&node)
        .ask(move |client| {
            let circuit = CircuitId::AccountLink;
            let key = store.development(circuit, &mut Unwatched).unwrap();
            let bytes = whole(client, circuit);
            assert!(bytes == compressed::compress(&key));
            let pinned = pinned_key(circuit);
            let policy = ParameterPolicy::BUILD;
            let expanded = compressed::expand(&bytes, circuit, &pinned, policy, &mut Unwatched).unwrap();
            assert!(expanded.as_bytes() == key.as_bytes());
        })
        .await;
    node.shutdown().await.unwrap();
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
