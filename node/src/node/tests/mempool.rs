//! Waiting transactions, and strangers who send many.

use louver_chain::UnsignedOperation;
use louver_core::transaction::Fee;

use super::*;

fn pay(key: &SigningKey, nonce: u64, fee: u64, amount: u64) -> ChainTransaction {
    let action = Action::Transfer { asset: coin(), amount: Amount(amount), to: Account([7; 32]) };
    let fee = match fee {
        0 => Fee::NONE,
        fee => Fee::new(coin(), Amount(fee)).unwrap(),
    };
    let unsigned = UnsignedOperation { sender: Account::of(key), nonce, fee, action };
    transparent(unsigned.sign(&genesis().hash(), key))
}

fn give(client: &Client, to: &SigningKey, amount: u64) {
    let wish = json!({ "account": Account::of(to).to_string(), "asset": "1", "amount": amount.to_string() });
    let (status, answer) = client.post("/v1/faucet", &wish);
    assert_eq!(status, 202, "{answer}");
}

/// Attacker: a stranger who fills the mempool for good: he replaces the first of many operations by one that spends all
/// that the others would have paid with.
#[tokio::test(flavor = "multi_thread")]
async fn what_can_no_longer_be_included_leaves_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            let alice = person(1);
            give(client, &alice, 1_000);
            client.produce(1);
            let ids: Vec<_> = (0..64).map(|nonce| client.submit(&pay(&alice, nonce, 1, 1))).collect();
            assert_eq!(client.refused(&pay(&alice, 64, 1, 1)), "too_many_operations");
            let (status, answer) = client.send(&pay(&alice, 0, 2, 900));
            assert_eq!(status, 202, "{answer}");
            // 98 are left for operations that take 2 each.
            assert_eq!(answer["replaced"].as_array().unwrap().len(), 1 + 63 - 49);
            assert_eq!(client.state(&ids[49])["state"], "pending");
            assert_eq!(client.state(&ids[50])["state"], "unknown");
            assert_eq!(client.get("/v1/status").1["pending"]["count"], 50);
            client.produce(1);
            assert_eq!(client.get("/v1/status").1["pending"]["count"], 0);
            assert_eq!(client.balance(&alice), 0);
        })
        .await;
    node.shutdown().await.unwrap();
}

/// Attacker: a stranger who makes a node write a block each second for nothing, with two deposits of one balance.
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_and_cannot_be_included_makes_no_block() {
    let folder = tempfile::tempdir().unwrap();
    let interval = Some(Duration::from_millis(10));
    let config = NodeConfig { inclusion_delay: interval, ..config(folder.path()) };
    let node = start_with(config, Arc::new(ZeroProofs::default())).await.unwrap();
    let client = Client::of(&node);
    client.ask(|client| give(client, &person(1), 1_000)).await;
    let mut tip = node.engine.watch_tip();
    tokio::time::timeout(Duration::from_secs(20), tip.wait_for(|tip| *tip == 1)).await.unwrap().unwrap();
    client
        .ask(|client| {
            let first = client.submit(&deposit(1, &person(1), 900));
            let (_, answer) = client.send(&deposit(2, &person(1), 900));
            let gone = |id: &Value| client.state(id.as_str().unwrap())["state"] != "pending";
            while !gone(&json!(first)) || answer["id"].is_string() && !gone(&answer["id"]) {
                std::thread::sleep(Duration::from_millis(10));
            }
        })
        .await;
    let height = node.height();
    assert!(height <= 3);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(node.height(), height);
    assert!(node.engine.mempool().is_empty());
    node.shutdown().await.unwrap();
}

/// Attacker: a stranger who pays next to nothing so that nobody gets money from the faucet.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_mempool_does_not_stop_the_faucet() {
    let folder = tempfile::tempdir().unwrap();
    let capacity = Capacity { count: 20, ..Capacity::default() };
    let config = NodeConfig { capacity, ..config(folder.path()) };
    let node = start_with(config, Arc::new(ZeroProofs::default())).await.unwrap();
    Client::of(&node)
        .ask(|client| {
            give(client, &person(1), 1_000);
            client.produce(1);
            (0..20).for_each(|nonce| drop(client.submit(&pay(&person(1), nonce, 1, 1))));
            assert_eq!(client.refused(&pay(&person(1), 20, 1, 1)), "mempool_full");
            give(client, &person(2), 5);
            client.produce(1);
            assert_eq!(client.balance(&person(2)), 5);
            assert_eq!(client.get("/v1/status").1["pending"]["count"], 0);
        })
        .await;
    node.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_for_a_day_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(crate::clock::ManualClock::new(1_800_000_000));
    // Blocks that have room for nothing.
    let block_limits = BlockLimits { transactions: 0, ..BlockLimits::default() };
    let config = NodeConfig { clock: clock.clone(), block_limits, ..config(folder.path()) };
    let node = start_with(config, Arc::new(ZeroProofs::default())).await.unwrap();
    Client::of(&node)
        .ask(move |client| {
            let id = client.submit(&transparent(mint(&genesis().hash(), 0, &person(1), 5)));
            clock.pass(24 * 60 * 60);
            client.produce(1);
            assert_eq!(client.state(&id)["state"], "pending");
            clock.pass(1);
            client.produce(1);
            assert_eq!(client.state(&id)["state"], "unknown");
        })
        .await;
    node.shutdown().await.unwrap();
}

/// Attacker: a stranger who stops a node with operations of a false signature, each behind 63 others.
///
/// The answer tells the order of the checks: the signature is refused, although an operation before it cannot be included
/// any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_false_signature_is_refused_before_anything_is_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            let alice = person(1);
            give(client, &alice, 1_000);
            client.produce(1);
            (0..3).for_each(|nonce| drop(client.submit(&pay(&alice, nonce, 0, 300))));
            // A deposit takes the money that those need, and stands in a block before them.
            client.submit(&deposit(1, &alice, 500));
            let forge = |nonce| {
                let mut bytes = pay(&alice, nonce, 0, 1).to_bytes();
                let middle = bytes.len() - 40;
                bytes[middle] ^= 1;
                client.send_bytes(&bytes).1["error"]["code"].clone()
            };
            // Numbers come before signatures, which cost more.
            assert_eq!(forge(9), "nonce_wrong");
            assert_eq!(forge(70), "too_many_operations");
            for _ in 0..2 {
                assert_eq!(forge(3), "signature_invalid");
            }
            // The right one is refused for what stands before it.
            assert_eq!(client.refused(&pay(&alice, 3, 0, 500)), "insufficient_balance");
        })
        .await;
    node.shutdown().await.unwrap();
}
