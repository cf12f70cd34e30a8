//! Blocks and the node's clock.

use super::*;
use crate::clock::ManualClock;

const NOW: u64 = 1_800_000_000;
const DAY: u64 = 24 * 60 * 60;

async fn node_at(folder: &Path, clock: &Arc<ManualClock>) -> RunningNode {
    let config = NodeConfig { clock: clock.clone(), ..config(folder) };
    start_with(config, Arc::new(ZeroProofs::default())).await.unwrap()
}

/// Who gains: somebody who sets a node's clock ahead by a century, once: epochs end, and the chain sticks there.
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
            assert_eq!(engine.accept_time(), NOW + DAY);
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
