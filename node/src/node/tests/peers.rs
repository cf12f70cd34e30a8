//! Peers who take more than their share.

use std::{
    io::Write,
    net::{SocketAddr, TcpStream},
};

use super::*;
use crate::{http::serve::Limits, peers::PeerLimits};

async fn limited(folder: &Path, limits: Limits) -> RunningNode {
    let config =
        NodeConfig { limits, trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()], ..config(folder) };
    start_with(config, Arc::new(ZeroProofs::default())).await.unwrap()
}

/// Asks as a proxy does for a peer; gives the head of the answer as far as it is there, and the open connection.
fn ask(address: SocketAddr, peer: &str, request: &str) -> (String, TcpStream) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "{request}\r\nhost: node\r\nx-forwarded-for: {peer}\r\n\r\n").unwrap();
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        head.push(byte[0]);
    }
    (String::from_utf8(head).unwrap(), stream)
}

fn status(head: &str) -> u16 {
    head.split(' ').nth(1).unwrap().parse().unwrap()
}

/// Attacker: somebody who follows the chain many times and reads nothing, so that nobody else can synchronise.
#[tokio::test(flavor = "multi_thread")]
async fn followers_leave_room_for_others() {
    let folder = tempfile::tempdir().unwrap();
    let peer = PeerLimits { streams: 3, ..PeerLimits::default() };
    let node = limited(folder.path(), Limits { streams: 8, peer, ..Limits::default() }).await;
    let address = node.address();
    Client::of(&node)
        .ask(move |client| {
            client.produce(2);
            let follow = "GET /v1/compact-blocks?from=4294967295&follow=true HTTP/1.1";
            let mut held = Vec::new();
            for _ in 0..3 {
                let (head, stream) = ask(address, "192.0.2.1", follow);
                assert_eq!(status(&head), 200);
                held.push(stream);
            }
            let (head, _) = ask(address, "192.0.2.1", follow);
            assert_eq!(status(&head), 429);
            assert!(head.to_ascii_lowercase().contains("retry-after"), "{head}");
            // Four of eight may follow, and the fifth may not, whoever asks.
            held.push(ask(address, "192.0.2.2", follow).1);
            assert_eq!(status(&ask(address, "192.0.2.3", follow).0), 503);
            // Others still read blocks.
            assert_eq!(status(&ask(address, "192.0.2.3", "GET /v1/compact-blocks?from=1 HTTP/1.1").0), 200);
            assert_eq!(frames(&client.bytes("/v1/compact-blocks?from=1")).len(), 2);
            drop(held);
        })
        .await;
    node.shutdown().await.unwrap();
}

/// Attacker: as above, with streams that never end.
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_after_its_time() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { stream_time: Duration::from_millis(300), ..Limits::default() };
    let node = limited(folder.path(), limits).await;
    let client = Client::of(&node);
    let read = client.ask(|client| {
        client.produce(2);
        frames(&client.bytes("/v1/compact-blocks?from=1&follow=true")).len()
    });
    // The blocks that were sent by then are whole.
    assert_eq!(tokio::time::timeout(Duration::from_secs(20), read).await.unwrap(), 2);
    node.shutdown().await.unwrap();
}

/// Attacker: somebody who opens requests and never ends their bodies.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_body_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { body_timeout: Duration::from_millis(200), ..Limits::default() };
    let node = limited(folder.path(), limits).await;
    let address = node.address();
    let head = tokio::task::spawn_blocking(move || {
        ask(address, "192.0.2.1", "POST /v1/transactions HTTP/1.1\r\ncontent-length: 1000").0
    });
    assert_eq!(status(&head.await.unwrap()), 408);
    node.shutdown().await.unwrap();
}

/// Attacker: somebody who has a node check one wrong transaction after the other.
#[tokio::test(flavor = "multi_thread")]
async fn refused_transactions_run_out() {
    let folder = tempfile::tempdir().unwrap();
    let peer = PeerLimits { refusals: 3, refusals_per_second: 0, ..PeerLimits::default() };
    let node = limited(folder.path(), Limits { peer, ..Limits::default() }).await;
    Client::of(&node)
        .ask(|client| {
            let wrong = transparent(mint(&genesis().hash(), 7, &person(1), 5));
            for _ in 0..3 {
                assert_eq!(client.refused(&wrong), "nonce_wrong");
            }
            let (status, answer) = client.send(&transparent(mint(&genesis().hash(), 0, &person(1), 5)));
            assert_eq!((status, &answer["error"]["code"]), (429, &json!("too_many_refusals")));
            // Reading goes on.
            assert_eq!(client.get("/v1/status").0, 200);
        })
        .await;
    node.shutdown().await.unwrap();
}

/// Attacker: somebody who lengthens a list that others have to read. It is read by pages, and as a stream.
#[tokio::test(flavor = "multi_thread")]
async fn long_lists_come_by_parts() {
    const COUNT: u64 = 600;
    let folder = tempfile::tempdir().unwrap();
    let capacity = Capacity { operations_of_one: 10_000, ..Capacity::default() };
    let node = start_with(NodeConfig { capacity, ..config(folder.path()) }, Arc::new(ZeroProofs::default()))
        .await
        .unwrap();
    Client::of(&node)
        .ask(|client| {
            let (hash, alice) = (genesis().hash(), person(1));
            for nonce in 0..COUNT {
                let reference = nonce.to_le_bytes().to_vec();
                let register = Action::RegisterAsset { symbol: "X".into(), decimals: 2, reference };
                client.submit(&transparent(operation(&hash, &alice, nonce, register)));
            }
            client.produce(1);
            for nonce in 0..COUNT {
                let asset = louver_core::asset::AssetId::new(nonce + 2).unwrap();
                let mint = Action::Mint { asset, amount: Amount(nonce + 1), to: Account::of(&alice) };
                client.submit(&transparent(operation(&hash, &alice, COUNT + nonce, mint)));
            }
            client.produce(1);
            let ids = |answer: &Value| -> Vec<String> {
                let assets = answer["assets"].as_array().unwrap().iter();
                assets.map(|asset| asset["id"].as_str().unwrap().to_owned()).collect()
            };
            let all: Vec<String> = (1..=COUNT + 1).map(|id| id.to_string()).collect();
            assert_eq!(ids(&client.get("/v1/assets").1), all);
            assert_eq!(ids(&client.get("/v1/assets?from=3&limit=2").1), ["3", "4"]);
            assert_eq!(ids(&client.get("/v1/assets?from=599&limit=5000").1).len(), 3);
            assert_eq!(ids(&client.get("/v1/assets?from=100000").1).len(), 0);
            let supply = client.get("/v1/supply").1;
            assert_eq!(ids(&supply), all);
            assert_eq!(supply["assets"][600]["issued"], "600");
            let account = client.get(&format!("/v1/accounts/{}", Account::of(&alice))).1;
            let balances = account["balances"].as_array().unwrap();
            assert_eq!(balances.len(), 600);
            let sum: u64 =
                balances.iter().map(|held| held["amount"].as_str().unwrap().parse::<u64>().unwrap()).sum();
            assert_eq!(sum, 600 * 601 / 2);
            assert_eq!(account["nonce"], "1200");
        })
        .await;
    node.shutdown().await.unwrap();
}
