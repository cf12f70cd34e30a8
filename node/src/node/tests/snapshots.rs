//! Snapshots as wallets ask a node for them.

use louver_chain::state::opening::Fact;
use louver_core::nullifier_tree::{Bucket, NullifierPrefix};
use louver_light::{Proven, Reader};

use super::*;

const NOW: u64 = 5_000;

fn code(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["error"]["code"].as_str().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_is_opened_under_the_head_and_its_nullifiers_lead_to_its_root() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            assert_eq!(client.get("/v1/snapshots?head=0").1["snapshots"], json!([]));
            assert_eq!(code(&client.get("/v1/snapshots/0/bucket")), (404, "snapshot_unknown"));
            endow(client);
            client.pass(60);
            // The state takes it in some blocks after the grace.
            client.produce(70);
            let (status, answer) = client.get("/v1/snapshots?head=0");
            assert_eq!(status, 200, "{answer}");
            let proof = hex::decode(answer["proof"].as_str().unwrap()).unwrap();
            let mut reader = Reader::of_keys(&genesis(), NOW);
            let facts = reader.take(Proven::from_bytes(&proof).unwrap(), NOW).unwrap();
            let [Fact::Snapshot { index: 0, entry }] = &facts[..] else { panic!("{facts:?}") };
            let told = &answer["snapshots"][0];
            assert_eq!(told["nullifier_root"], hex::encode(entry.nullifier_root.to_bytes()));
            assert_eq!((&told["height"], &told["time"]), (&json!(entry.height), &json!(entry.time)));
            assert!(entry.nullifiers > 0);
            assert_eq!(client.get("/v1/snapshots").1["proof"], Value::Null);
            assert_eq!(client.get("/v1/snapshots?from=1&head=0").1["snapshots"], json!([]));

            for prefix in ["", "0", "01101"] {
                let body = client.bytes(&format!("/v1/snapshots/0/bucket?prefix={prefix}"));
                let bucket = Bucket::from_bytes(&body).unwrap();
                // There are few, so they are given whole.
                assert_eq!(bucket.prefix, NullifierPrefix::ALL);
                assert_eq!(bucket.verify(&prefix.parse().unwrap(), entry.nullifier_root), Ok(()));
                assert_eq!(bucket.leaves.len() as u64, entry.nullifiers + 1);
            }
            assert_eq!(code(&client.get("/v1/snapshots/1/bucket?prefix=0")), (404, "snapshot_unknown"));
            assert_eq!(code(&client.get("/v1/snapshots/0/bucket?prefix=2")), (400, "query_invalid"));
            let long = format!("/v1/snapshots/0/bucket?prefix={}", "0".repeat(33));
            assert_eq!(code(&client.get(&long)), (400, "query_invalid"));
            assert_eq!(code(&client.get("/v1/snapshots/x/bucket")), (400, "path_invalid"));
            assert_eq!(code(&client.get("/v1/snapshots?head=1000")), (404, "head_unknown"));
        })
        .await;
    node.shutdown().await.unwrap();
}
