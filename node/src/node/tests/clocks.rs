//! Blocks and the node's clock.

use super::*;

const NOW: u64 = 1_800_000_000;
const DAY: u64 = 24 * 60 * 60;

async fn node_at(folder: &Path, clock: &Arc<ManualClock>) -> RunningNode {
    let config = NodeConfig { clock: clock.clone(), ..config(folder) };
    start_with(config, Arc::new(ZeroProofs::default())).await.unwrap()
}

/// Attacker: somebody who sets a node's clock ahead by a century, once: epochs end, and the chain sticks there.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_makes_no_block_and_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::new(NOW));
    let node = node_at(folder.path(), &clock).await;
    let (engine, hand) = (node.engine.clone(), clock.clone());
    Client::of(&node)
        .ask(move |client| {
            client.produce(1);
            assert_eq!(client.get("/v1/status").1["time"], NOW);
            assert_eq!(client.get("/ready").0, 200);
            hand.set(NOW + 36_500 * DAY);
            let (status, answer) = client.post("/v1/blocks", &json!({}));
            assert_eq!((status, &answer["error"]["code"]), (503, &json!("clock_wrong")));
            let (status, ready) = client.get("/ready");
            assert_eq!((status, &ready["ready"]), (503, &json!(false)));
            assert_eq!(ready["troubles"], client.get("/v1/status").1["troubles"]);
            assert!(ready["troubles"][0].as_str().unwrap().contains("jumped ahead"), "{ready}");
            hand.set(NOW + 60);
            client.produce(1);
            assert_eq!(client.get("/v1/status").1["time"], NOW + 60);
            assert_eq!(client.get("/ready").0, 200);
            // Set back: no block is of a later time than the clock shows.
            hand.set(NOW - 100);
            assert_eq!(client.post("/v1/blocks", &json!({})).1["error"]["code"], "clock_wrong");
            assert!(client.get("/ready").1["troubles"][0].as_str().unwrap().contains("behind"));
            hand.pass(160);
            client.produce(1);
            // The operator says that a jump is right.
            hand.set(NOW + DAY);
            assert_eq!(client.post("/v1/blocks", &json!({})).1["error"]["code"], "clock_wrong");
            assert_eq!(engine.accept_time(), Ok(NOW + DAY));
            client.produce(1);
            assert_eq!(client.get("/v1/status").1["time"], NOW + DAY);
        })
        .await;
    node.shutdown().await.unwrap();

    // A start accepts a jump of 30 days; a longer one needs the operator's word.
    clock.set(NOW + 31 * DAY);
    let node = node_at(folder.path(), &clock).await;
    Client::of(&node).ask(|client| client.produce(1)).await;
    node.shutdown().await.unwrap();
    clock.set(NOW + 62 * DAY);
    let node = node_at(folder.path(), &clock).await;
    let refused = Client::of(&node).ask(|client| client.post("/v1/blocks", &json!({})).1).await;
    assert_eq!(refused["error"]["code"], "clock_wrong");
    node.shutdown().await.unwrap();
}

async fn wait_for(node: &RunningNode, height: u32) {
    let mut tip = node.engine.watch_tip();
    let reached = tip.wait_for(|tip| *tip == height);
    tokio::time::timeout(Duration::from_secs(20), reached).await.unwrap().unwrap();
}

/// Attacker: a payer whose payment nobody can tell to be dead, since no block shows that its epoch is over.
#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_an_epoch_and_of_its_grace_make_a_block_each() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::new(5));
    let config = NodeConfig {
        inclusion_delay: Some(Duration::from_millis(10)),
        clock: clock.clone(),
        ..config(folder.path())
    };
    let node = start_with(config, Arc::new(ZeroProofs::default())).await.unwrap();
    Client::of(&node).ask(|client| client.produce(1)).await;
    let quiet = async || {
        tokio::time::sleep(Duration::from_millis(100)).await;
        node.height()
    };
    clock.pass(34);
    assert_eq!(quiet().await, 1, "second 39 is of the same epoch as second 5");
    clock.pass(1);
    wait_for(&node, 2).await;
    assert_eq!(quiet().await, 2);
    clock.pass(8);
    wait_for(&node, 3).await;
    assert_eq!(quiet().await, 3);
    let status = Client::of(&node).ask(|client| client.get("/v1/status").1).await;
    assert_eq!((&status["time"], &status["epoch"]["number"]), (&json!(48), &json!(1)));
    assert_eq!((&status["epoch"]["begins"], &status["epoch"]["payable_until"]), (&json!(40), &json!(88)));
    node.shutdown().await.unwrap();
}

/// Attacker: somebody who waits for a chain to fall silent, so that nobody sees time pass.
#[tokio::test(flavor = "multi_thread")]
async fn a_block_comes_at_least_as_often_as_genesis_says() {
    let folder = tempfile::tempdir().unwrap();
    let mut terms = genesis().terms().clone();
    terms.block_interval = 1;
    let config = NodeConfig {
        genesis: louver_core::ledger::Genesis::new(terms).unwrap(),
        inclusion_delay: Some(Duration::from_millis(10)),
        ..config(folder.path())
    };
    let node = start_with(config, Arc::new(ZeroProofs::default())).await.unwrap();
    wait_for(&node, 2).await;
    node.shutdown().await.unwrap();
}

/// Time that was let pass on a development chain stays passed when its node starts again.
#[tokio::test(flavor = "multi_thread")]
async fn time_passes_on_a_development_chain_when_it_is_asked_to() {
    let folder = tempfile::tempdir().unwrap();
    for expected in [100, 150] {
        let node = start_with(config(folder.path()), Arc::new(ZeroProofs::default())).await.unwrap();
        let pass = if expected == 100 { 100 } else { 50 };
        let time = Client::of(&node)
            .ask(move |client| {
                client.pass(pass);
                let (status, answer) = client.post("/v1/blocks", &json!({ "pass": u64::MAX }));
                assert_eq!((status, &answer["error"]["code"]), (400, &json!("count_invalid")));
                client.get("/v1/status").1["time"].clone()
            })
            .await;
        assert_eq!(time, expected);
        node.shutdown().await.unwrap();
    }
}
