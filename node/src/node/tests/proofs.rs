//! The answers of a node to a light reader, as the reader takes them.

use louver_chain::{Header, commitment::Path as WayTo, history::verify_ancestor, state::opening::Fact};
use louver_core::encoding::Reader as Bytes;
use louver_light::{Choice, Proven, Reader, Step, reader::ReadError};

use super::*;

const NOW: u64 = 5_000;

fn proven(answer: &Value) -> Proven {
    let bytes = hex::decode(answer["proof"].as_str().unwrap_or_else(|| panic!("{answer}"))).unwrap();
    Proven::from_bytes(&bytes).unwrap()
}

impl Client {
    fn lead(&self, reader: &mut Reader) -> Result<(), ReadError> {
        let path = format!("/v1/head?head={}", reader.head().height);
        reader.take(Proven::from_bytes(&self.bytes(&path)).unwrap(), NOW).map(|_| ())
    }
}

fn code(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["error"]["code"].as_str().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_is_led_from_genesis_to_every_head() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            let mut reader = Reader::of_keys(&genesis(), NOW);
            client.lead(&mut reader).unwrap();
            assert_eq!(reader.head().height, 0);
            let status = client.get("/v1/status?head=0").1;
            assert_eq!(reader.take(proven(&status), NOW).unwrap().len(), 4);
            for _ in 0..3 {
                client.produce(3);
                client.lead(&mut reader).unwrap();
                let status = client.get("/v1/status").1;
                assert_eq!(reader.head().height, status["height"]);
                assert_eq!(hex::encode(reader.head().hash.0), status["block_hash"]);
                assert_eq!(status["proof"], Value::Null);
                // A reader that is there already is told the same head.
                client.lead(&mut reader).unwrap();
            }
            assert_eq!(code(&client.get("/v1/head?head=10")), (404, "head_unknown"));
            assert_eq!(code(&client.get("/v1/status?head=10")), (404, "head_unknown"));
            assert_eq!(reader.choice(), Choice::Keys);
        })
        .await;
    node.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_is_opened_under_the_newest_head() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            endow(client);
            let take = |path: &str| {
                let (status, answer) = client.get(path);
                assert_eq!(status, 200, "{answer}");
                let facts = Reader::of_keys(&genesis(), NOW).take(proven(&answer), NOW).unwrap();
                (answer, facts)
            };
            let (_, facts) = take("/v1/status?head=0");
            assert!(matches!(
                &facts[..],
                [Fact::Rules(_), Fact::Authorities { .. }, Fact::Guardians { .. }, Fact::Auditors(_)]
            ));
            let (answer, facts) = take("/v1/assets?ids=1,2,63&head=0");
            assert_eq!(answer["assets"].as_array().unwrap().len(), 1);
            assert_eq!(facts, [Fact::Asset(genesis().terms().assets[0].clone())]);
            let (answer, facts) = take("/v1/supply?ids=1,5&head=0");
            let pool = json!({ "id": "1", "issued": "1000000", "pool": "500000", "transparent": "500000" });
            assert_eq!(answer["assets"], json!([pool]));
            let right = Fact::Supply { asset: coin(), issued: Amount(1_000_000), in_pool: Amount(500_000) };
            assert_eq!(facts, [right]);
            let account = Account::of(&person(1));
            let nothing = louver_core::asset::AssetId::new(9).unwrap();
            let (answer, facts) = take(&format!("/v1/accounts/{account}?assets=1,9&head=0"));
            assert_eq!(answer["balances"], json!([{ "asset": "1", "amount": "499999" }]));
            let balance = |asset, amount| Fact::Balance { account, asset, amount: Amount(amount) };
            let right =
                [Fact::Operations { account, count: 0 }, balance(coin(), 499_999), balance(nothing, 0)];
            assert_eq!(facts, right);
            let (answer, facts) = take(&format!("/v1/accounts/{account}?head=0"));
            assert_eq!(answer["nonce"], "0");
            assert_eq!(facts, right[..2]);
            assert_eq!(client.get(&format!("/v1/accounts/{account}?assets=9")).1["balances"], json!([]));
        })
        .await;
    node.shutdown().await.unwrap();
}

/// Attacker: whoever has a node build proofs without end.
#[tokio::test(flavor = "multi_thread")]
async fn no_question_is_longer_than_an_answer_may_be() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            let ids = |last: u32| (1..=last).map(|id| id.to_string()).collect::<Vec<_>>().join(",");
            let account = Account::of(&person(1));
            for path in ["/v1/assets?ids=", "/v1/supply?ids=", &format!("/v1/accounts/{account}?assets=")] {
                assert_eq!(client.get(&format!("{path}{}", ids(64))).0, 200);
                assert_eq!(code(&client.get(&format!("{path}{}", ids(65)))), (400, "too_many_ids"));
                assert_eq!(code(&client.get(&format!("{path}one"))), (400, "asset_invalid"));
                assert_eq!(client.get(path).0, 200);
            }
            assert_eq!(code(&client.get("/v1/assets?head=0")), (400, "query_invalid"));
            assert_eq!(code(&client.get("/v1/supply?head=0")), (400, "query_invalid"));
        })
        .await;
    node.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_are_proven_under_a_head() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            client.produce(9);
            let mut reader = Reader::of_keys(&genesis(), NOW);
            client.lead(&mut reader).unwrap();
            let head = reader.head().header().unwrap();
            for height in 1..=9 {
                let answer = client.bytes(&format!("/v1/history/{height}?head=9"));
                let mut bytes = Bytes::new(&answer);
                let header = Header::decode(&mut bytes).unwrap();
                match bytes.flag().unwrap() {
                    false => assert_eq!(&header, head),
                    true => {
                        let path = WayTo::decode(&mut bytes).unwrap();
                        verify_ancestor(&path, height, header.hash(), head).unwrap();
                    }
                }
                bytes.finish().unwrap();
            }
            assert_eq!(code(&client.get("/v1/history/0?head=9")), (400, "range_invalid"));
            assert_eq!(code(&client.get("/v1/history/10")), (404, "height_unknown"));
            assert_eq!(code(&client.get("/v1/history/9?head=5")), (400, "range_invalid"));
            assert_eq!(code(&client.get("/v1/history/5?head=10")), (404, "head_unknown"));
        })
        .await;
    node.shutdown().await.unwrap();
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

#[tokio::test(flavor = "multi_thread")]
async fn blocks_to_scan_end_with_their_place_under_the_head() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            client.produce(9);
            let head =
                CompactBlock::from_bytes(frames(&client.bytes("/v1/compact-blocks?from=9"))[0]).unwrap();
            let answer = client.bytes("/v1/compact-blocks?from=2&to=6&head=9");
            let found = frames(&answer);
            let last = CompactBlock::from_bytes(found[4]).unwrap();
            let (found, [1, path @ ..]) = (found.len(), found[5]) else { panic!("{found:?}") };
            assert_eq!(found, 6);
            let path = WayTo::from_bytes(path).unwrap();
            verify_ancestor(&path, 6, last.hash(), head.header()).unwrap();
            for path in ["/v1/compact-blocks?from=9&head=9", "/v1/compact-blocks?from=9&to=9&head=9"] {
                let answer = client.bytes(path);
                assert_eq!(frames(&answer)[1..], [&[0][..]]);
            }
            // Without `to` the answer ends at the head, whatever came since.
            let answer = client.bytes("/v1/compact-blocks?from=5&head=7");
            assert_eq!((frames(&answer).len(), frames(&answer)[3]), (4, &[0][..]));
            assert_eq!(frames(&client.bytes("/v1/compact-blocks?from=8&to=7&head=9")).len(), 0);
            let refused = client.get("/v1/compact-blocks?from=1&to=8&head=7");
            assert_eq!(code(&refused), (400, "range_invalid"));
            assert_eq!(code(&client.get("/v1/compact-blocks?from=1&head=10")), (404, "head_unknown"));
        })
        .await;
    node.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_header_comes_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            client.produce(5);
            let mut reader = Reader::of_keys(&genesis(), NOW);
            let answer = client.bytes("/v1/headers?from=1&to=3");
            for frame in frames(&answer) {
                reader.advance(Step::from_bytes(frame).unwrap(), NOW).unwrap();
            }
            let answer = client.bytes("/v1/headers?from=4");
            for frame in frames(&answer) {
                reader.advance(Step::from_bytes(frame).unwrap(), NOW).unwrap();
            }
            assert_eq!(reader.head().height, 5);
            assert_eq!(code(&client.get("/v1/headers?from=0&to=3")), (400, "range_invalid"));
            assert_eq!(code(&client.get("/v1/headers?from=3&to=2")), (400, "range_invalid"));
            assert_eq!(code(&client.get("/v1/headers?from=6&to=7")), (404, "height_unknown"));
        })
        .await;
    node.shutdown().await.unwrap();
}

/// Attack: an operator without the authorities' keys starts a node of their chain, and it stands still without a word.
#[tokio::test(flavor = "multi_thread")]
async fn a_chain_of_real_authorities_is_not_made_without_their_keys() {
    let folder = tempfile::tempdir().unwrap();
    let mut terms = genesis().terms().clone();
    let keys = [1, 2, 3].map(|number| person(number).verifying_key().to_bytes());
    let authorities = louver_core::ledger::Quorum::new(2, keys.to_vec()).unwrap();
    terms.finality = louver_core::ledger::Finality::Solo { authorities, trusting_period: 1_000 };
    let genesis = Genesis::new(terms).unwrap();
    let start = async |keys: &[u8]| {
        let authority_keys = keys.iter().map(|number| person(*number)).collect();
        let config = NodeConfig { genesis: genesis.clone(), authority_keys, ..config(folder.path()) };
        start_with(config, Arc::new(ZeroProofs::default())).await
    };
    for keys in [&[][..], &[9], &[9, 9]] {
        let Err(refused) = start(keys).await else { panic!("it started with {keys:?}") };
        assert!(matches!(refused, NodeError::AuthorityKeys { needed: 2, .. }), "{refused}");
        assert!(refused.to_string().contains("--authority-key"));
    }
    // With some of them it waits for the others, and says so.
    let waiting = start(&[1, 1, 9]).await.unwrap();
    let refused = Client::of(&waiting).ask(|client| client.post("/v1/blocks", &json!({}))).await;
    assert_eq!(code(&refused), (503, "seals_awaited"));
    waiting.shutdown().await.unwrap();
    let node = start(&[3, 1]).await.unwrap();
    let client = Client::of(&node);
    client
        .ask(move |client| {
            // The block that waited was sealed at the start.
            assert_eq!(client.get("/v1/status").1["height"], 1);
            client.produce(1);
            let mut reader = Reader::of_keys(&genesis, NOW);
            client.lead(&mut reader).unwrap();
            assert_eq!(reader.head().height, 2);
        })
        .await;
    node.shutdown().await.unwrap();
}
