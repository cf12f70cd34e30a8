//! Nodes as their clients see them: a real server on a free port, asked over HTTP.

use std::{io::Read, path::Path, sync::Arc};

use ed25519_dalek::SigningKey;
use louver_chain::{
    Account, Act, Action, Block, ChainTransaction, Deed, Operation, SignedAct,
    compact::{CompactBlock, CompactEntry},
    testing::{ZeroProofs, coin, genesis, mint, operation, person, signed, with_proof},
};
use louver_core::{
    encoding::{Decode, Encode},
    ledger::testing::Draft,
    pool::RulesVersion,
    tree::Anchor,
    value::Value as Amount,
};
use serde_json::{Value, json};

use super::*;
use crate::clock::ManualClock;

mod acts;
mod browsers;
mod clocks;
mod cosigning;
mod described;
mod disks;
mod folders;
mod following;
mod keys;
mod mempool;
mod operators;
mod pages;
mod peers;
mod proofs;
mod registry;
mod snapshots;

fn config(folder: &Path) -> NodeConfig {
    let clock = Arc::new(ManualClock::default());
    NodeConfig { inclusion_delay: None, clock, ..NodeConfig::new(folder, genesis()) }
}

async fn node(folder: &Path) -> RunningNode {
    start_with(config(folder), Arc::new(ZeroProofs::default())).await.unwrap()
}

/// A client that takes errors for answers.
#[derive(Clone)]
struct Client {
    agent: ureq::Agent,
    url: String,
}

impl Client {
    fn of(node: &RunningNode) -> Self {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        Self { agent, url: node.url() }
    }

    /// Runs blocking requests beside the server.
    async fn ask<T: Send + 'static>(&self, work: impl FnOnce(&Self) -> T + Send + 'static) -> T {
        let client = self.clone();
        tokio::task::spawn_blocking(move || work(&client)).await.unwrap()
    }

    fn read(mut response: ureq::http::Response<ureq::Body>) -> (u16, Value) {
        let status = response.status().as_u16();
        let text = response.body_mut().read_to_string().unwrap();
        (status, serde_json::from_str(&text).unwrap())
    }

    fn get(&self, path: &str) -> (u16, Value) {
        Self::read(self.agent.get(format!("{}{path}", self.url)).call().unwrap())
    }

    fn bytes(&self, path: &str) -> Vec<u8> {
        let mut response = self.agent.get(format!("{}{path}", self.url)).call().unwrap();
        response.body_mut().read_to_vec().unwrap()
    }

    fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let request =
            self.agent.post(format!("{}{path}", self.url)).header("content-type", "application/json");
        Self::read(request.send(body.to_string()).unwrap())
    }

    fn send(&self, transaction: &ChainTransaction) -> (u16, Value) {
        self.send_bytes(&transaction.to_bytes())
    }

    fn send_bytes(&self, bytes: &[u8]) -> (u16, Value) {
        let request = self.agent.post(format!("{}/v1/transactions", self.url));
        Self::read(request.header("content-type", "application/octet-stream").send(bytes).unwrap())
    }

    fn submit(&self, transaction: &ChainTransaction) -> String {
        let (status, answer) = self.send(transaction);
        assert_eq!(status, 202, "{answer}");
        answer["id"].as_str().unwrap().to_owned()
    }

    fn refused(&self, transaction: &ChainTransaction) -> String {
        let (status, answer) = self.send(transaction);
        assert!(status >= 400, "{answer}");
        answer["error"]["code"].as_str().unwrap().to_owned()
    }

    fn produce(&self, count: u32) {
        let (status, answer) = self.post("/v1/blocks", &json!({ "count": count }));
        assert_eq!(status, 200, "{answer}");
    }

    /// Lets time pass on the chain, and makes a block.
    fn pass(&self, seconds: u64) {
        let (status, answer) = self.post("/v1/blocks", &json!({ "pass": seconds }));
        assert_eq!(status, 200, "{answer}");
    }

    fn state(&self, id: &str) -> Value {
        self.get(&format!("/v1/transactions/{id}")).1
    }

    fn balance(&self, key: &SigningKey) -> u64 {
        let answer = self.get(&format!("/v1/accounts/{}", Account::of(key))).1;
        answer["balances"][0]["amount"].as_str().map_or(0, |amount| amount.parse().unwrap())
    }
}

fn transparent(operation: Operation) -> ChainTransaction {
    ChainTransaction::Transparent(operation)
}

/// An act before any change of guardians, signed by one key.
fn act(key: &SigningKey, deed: Deed) -> ChainTransaction {
    let act = Act { sequence: 0, deed };
    let signature = act.sign(&genesis().hash(), key);
    ChainTransaction::Act(Box::new(SignedAct::new(act, vec![signature])))
}

fn deposit(spend: u64, payer: &SigningKey, amount: u64) -> ChainTransaction {
    let draft = Draft::deposit(spend, Anchor::empty_tree(), Account::of(payer).into(), coin(), amount);
    ChainTransaction::Shielded(Box::new(signed(&genesis(), &draft, Some(payer))))
}

fn internal(spends: &[u64], fee: u64) -> ChainTransaction {
    ChainTransaction::Shielded(Box::new(signed(&genesis(), &internal_draft(spends, fee), None)))
}

fn internal_draft(spends: &[u64], fee: u64) -> Draft {
    let fee = louver_core::transaction::Fee::new(coin(), Amount(fee)).unwrap();
    Draft { spends: spends.to_vec(), fee, ..Draft::internal(0, Anchor::empty_tree()) }
}

/// Alice has a million, half of it in the pool.
fn endow(client: &Client) {
    let alice = person(1);
    client.submit(&transparent(mint(&genesis().hash(), 0, &alice, 1_000_000)));
    client.produce(1);
    client.submit(&deposit(1, &alice, 500_000));
    client.produce(1);
}

#[tokio::test(flavor = "multi_thread")]
async fn money_goes_into_the_pool_and_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            endow(client);
            // The deposit declared no fee: the least is paid on the transparent side.
            assert_eq!(client.balance(&person(1)), 499_999);
            let supply = client.get("/v1/supply").1;
            assert_eq!(
                supply["assets"][0],
                json!({ "id": "1", "issued": "1000000", "pool": "500000", "transparent": "500000" })
            );
            let status = client.get("/v1/status").1;
            assert_eq!((&status["height"], &status["tree_size"]), (&json!(2), &json!(3)));
            let tree = client.get("/v1/tree/2").1;
            assert_eq!(tree["anchor"], status["anchor"]);
            assert_eq!(client.get("/v1/tree/0").1["size"], json!(0));
            assert_eq!(client.get("/v1/tree/3").1["error"]["code"], "height_unknown");
        })
        .await;
    node.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_is_pending_then_included_and_submitting_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            endow(client);
            let transaction = internal(&[5], 1);
            let id = client.submit(&transaction);
            assert_eq!(client.state(&id), json!({ "id": id, "state": "pending" }));
            assert_eq!(client.send(&transaction).1["known"], true);
            client.produce(1);
            assert_eq!(client.state(&id), json!({ "id": id, "state": "included", "height": 3 }));
            assert_eq!(client.send(&transaction).1["known"], true);
            assert_eq!(client.get("/v1/status").1["pending"], json!({ "count": 0, "bytes": 0 }));
            let unknown = "00".repeat(32);
            assert_eq!(client.state(&unknown)["state"], "unknown");
            assert_eq!(client.get("/v1/transactions/zz").1["error"]["code"], "id_invalid");
        })
        .await;
    node.shutdown().await.unwrap();
}

/// Attacker: a payer who shows two payees two transactions that spend one note.
#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_spent_once() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            endow(client);
            let first = client.submit(&internal(&[5, 6], 5));
            assert_eq!(client.refused(&internal(&[7, 5], 5)), "mempool_conflict");
            let (_, answer) = client.send(&internal(&[7, 5], 6));
            assert_eq!(answer["replaced"], json!([first]));
            assert_eq!(client.state(&first)["state"], "unknown");
            client.produce(1);
            assert_eq!(client.refused(&internal(&[5, 6], 50)), "nullifier_known");
        })
        .await;
    node.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_too_late_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            endow(client);
            let mut draft = internal_draft(&[5], 1);
            draft.expiry = 16;
            let transaction = ChainTransaction::Shielded(Box::new(signed(&genesis(), &draft, None)));
            client.produce(14);
            assert_eq!(client.refused(&transaction), "expired");
            // The anchor, of the empty tree, is too old as well by now.
            assert_eq!(client.refused(&internal(&[6], 1)), "anchor_too_old");
            client.pass(48);
            assert_eq!(client.refused(&internal(&[6], 1)), "epoch_over");
        })
        .await;
    node.shutdown().await.unwrap();
}

/// Each refusal has its own code, which programs rely on.
#[tokio::test(flavor = "multi_thread")]
async fn refusals_have_codes() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            let hash = genesis().hash();
            let (alice, bob) = (person(1), person(2));
            endow(client);
            let wrap = |transaction| ChainTransaction::Shielded(Box::new(transaction));
            // Forged proof; signature over something else; a host authorisation by another.
            let draft = internal_draft(&[9], 1);
            assert_eq!(
                client.refused(&wrap(with_proof(&genesis(), &draft, None, [1; 192]))),
                "proof_invalid"
            );
            let mut bytes = internal(&[9], 1).to_bytes();
            let signature = bytes.len() - 2 - 64;
            bytes[signature] ^= 1;
            assert_eq!(client.send_bytes(&bytes).1["error"]["code"], "signature_invalid");
            let theft = Draft::deposit(9, Anchor::empty_tree(), Account::of(&alice).into(), coin(), 5);
            assert_eq!(client.refused(&wrap(signed(&genesis(), &theft, Some(&bob)))), "host_authorization");
            assert_eq!(client.refused(&deposit(9, &bob, 5)), "host_debit");
            let cheap = louver_core::transaction::Fee::NONE;
            let cheap = Draft { fee: cheap, ..internal_draft(&[9], 1) };
            assert_eq!(client.refused(&wrap(signed(&genesis(), &cheap, None))), "fee_missing");
            let withdrawal =
                Draft::withdrawal(9, Anchor::empty_tree(), Account::of(&bob).into(), coin(), 500_001);
            assert_eq!(client.refused(&wrap(signed(&genesis(), &withdrawal, None))), "turnstile_empty");
            // Operations.
            let pay =
                |amount| Action::Transfer { asset: coin(), amount: Amount(amount), to: Account::of(&bob) };
            let send = |key, nonce, action| transparent(operation(&hash, key, nonce, action));
            assert_eq!(client.refused(&send(&alice, 1, pay(1))), "nonce_wrong");
            assert_eq!(client.refused(&send(&alice, 100, pay(1))), "too_many_operations");
            assert_eq!(client.refused(&send(&alice, 0, pay(1_000_000))), "insufficient_balance");
            let other_chain = operation(&louver_core::pool::GenesisHash([9; 32]), &alice, 0, pay(1));
            assert_eq!(client.refused(&transparent(other_chain)), "signature_invalid");
            let inflate = Action::Mint { asset: coin(), amount: Amount(1), to: Account::of(&alice) };
            assert_eq!(client.refused(&send(&alice, 0, inflate)), "not_issuer");
            // Bytes that are not a transaction.
            assert_eq!(client.send_bytes(&[]).1["error"]["code"], "unexpected_end");
            assert_eq!(client.send_bytes(&[9]).1["error"]["code"], "unknown_tag");
            let trailing = [internal(&[9], 1).to_bytes(), vec![0]].concat();
            assert_eq!(client.send_bytes(&trailing).1["error"]["code"], "trailing_bytes");
            let (status, answer) = client.send_bytes(&[1; 70_000]);
            assert_eq!((status, &answer["error"]["code"]), (413, &json!("body_too_large")));
            // Requests that are not questions.
            assert_eq!(client.get("/v2/status").1["error"]["code"], "no_such_path");
            assert_eq!(client.get("/v1/faucet").1["error"]["code"], "method_not_allowed");
            assert_eq!(client.get("/v1/blocks/x").1["error"]["code"], "path_invalid");
            assert_eq!(client.get("/v1/compact-blocks").1["error"]["code"], "query_invalid");
            assert_eq!(client.get("/v1/compact-blocks?from=99").1["error"]["code"], "height_unknown");
            assert_eq!(client.get("/v1/accounts/lvrt1x").1["error"]["code"], "account_invalid");
            assert_eq!(client.post("/v1/blocks", &json!({ "count": 0 })).1["error"]["code"], "count_invalid");
            assert_eq!(client.post("/v1/blocks", &json!({ "x": 0 })).1["error"]["code"], "body_invalid");
        })
        .await;
    node.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_faucet_gives_and_registered_assets_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            let wish =
                json!({ "account": Account::of(&person(3)).to_string(), "asset": "1", "amount": "77" });
            for _ in 0..3 {
                assert_eq!(client.post("/v1/faucet", &wish).0, 202);
            }
            let euro = Action::RegisterAsset { symbol: "EURX".into(), decimals: 2, reference: vec![7] };
            client.submit(&transparent(operation(&genesis().hash(), &person(3), 0, euro)));
            client.produce(1);
            assert_eq!(client.balance(&person(3)), 231);
            let assets = client.get("/v1/assets").1;
            assert_eq!(assets["assets"][1]["id"], "2");
            assert_eq!(assets["assets"][1]["symbol"], "EURX");
            assert_eq!(assets["assets"][1]["issuer"], Account::of(&person(3)).to_string());
        })
        .await;
    node.shutdown().await.unwrap();
}

/// A forger gains by proofs under rules that were found broken, until nobody takes them any more.
#[tokio::test(flavor = "multi_thread")]
async fn an_off_switch_stops_what_is_new_and_what_waits() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            endow(client);
            assert_eq!(client.get("/v1/status").1["rules"], json!([{ "version": 1, "from": 1 }]));
            // Nobody but the guardian throws it.
            let theft = act(&person(3), Deed::SwitchOff { rules: RulesVersion(1) });
            assert_eq!(client.refused(&theft), "act_signers");
            let (status, answer) = client.post("/v1/switch-off", &json!({ "rules_version": 9 }));
            assert_eq!((status, &answer["error"]["code"]), (422, &json!("rules_unknown")));

            let height = client.get("/v1/status").1["height"].as_u64().unwrap();
            assert_eq!(client.post("/v1/switch-off", &json!({ "rules_version": 1 })).0, 202);
            let waits = client.submit(&internal(&[5], 1));
            client.produce(1);
            let status = client.get("/v1/status").1;
            assert_eq!(status["rules"], json!([{ "version": 1, "from": 1, "switched_off": height + 1 }]));
            assert_eq!(status["rules_version"], 0);
            assert_eq!(status["acts"], 1);
            // It says so, and is ready for what the guardians do next.
            let paused = status["paused"].as_str().unwrap();
            assert!(paused.contains(&format!("since block {} of ", height + 1)), "{paused}");
            assert!(paused.contains("No money is lost"), "{paused}");
            let (code, ready) = client.get("/ready");
            assert_eq!((code, &ready["ready"], ready["paused"].as_str()), (200, &json!(true), Some(paused)));
            let acts = client.get("/v1/acts").1["acts"].as_array().unwrap().clone();
            assert_eq!((acts.len(), acts[0]["height"].as_u64()), (1, Some(height + 1)));
            // The same act again is the one that a block has.
            let again = client.post("/v1/switch-off", &json!({ "rules_version": 1 }));
            assert_eq!((again.0, &again.1["known"]), (202, &json!(true)));
            assert_eq!(client.get(&format!("/v1/transactions/{waits}")).1["state"], "unknown");
            let (status, answer) = client.send(&internal(&[6], 1));
            assert_eq!((status, &answer["error"]["code"]), (422, &json!("rules_off")));
        })
        .await;
    node.shutdown().await.unwrap();
}

fn frames(mut bytes: &[u8]) -> Vec<CompactBlock> {
    let mut blocks = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        let (block, rest) = rest.split_at(u32::from_le_bytes(*length) as usize);
        blocks.push(CompactBlock::from_bytes(block).unwrap());
        bytes = rest;
    }
    blocks
}

#[tokio::test(flavor = "multi_thread")]
async fn compact_blocks_stream_and_follow() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    let client = Client::of(&node);
    client
        .ask(|client| {
            endow(client);
            client.produce(198);
            let all = frames(&client.bytes("/v1/compact-blocks?from=1"));
            assert_eq!(
                all.iter().map(CompactBlock::height).collect::<Vec<_>>(),
                (1..=200).collect::<Vec<_>>()
            );
            assert!(all.windows(2).all(|pair| pair[1].header().previous == pair[0].hash()));
            assert_eq!(all[1].transactions().count(), 1);
            assert_eq!((all[1].first_leaf(), all[2].first_leaf()), (0, 3));
            assert_eq!(frames(&client.bytes("/v1/compact-blocks?from=7&to=9")).len(), 3);
            assert_eq!(frames(&client.bytes("/v1/compact-blocks?from=201")).len(), 0);
            let block = Block::from_bytes(&client.bytes("/v1/blocks/2")).unwrap();
            assert_eq!(block.header(), all[1].header());
            assert!(all[1].entries().iter().map(CompactEntry::leaf).eq(block.leaves()));
        })
        .await;
    let followed = client.ask(|client| {
        let path = format!("{}/v1/compact-blocks?from=200&to=202&follow=true", client.url);
        let mut response = client.agent.get(path).call().unwrap();
        let mut bytes = Vec::new();
        response.body_mut().as_reader().read_to_end(&mut bytes).unwrap();
        frames(&bytes).len()
    });
    let made = client.ask(|client| client.produce(2));
    assert_eq!(tokio::join!(followed, made).0, 3);
    node.shutdown().await.unwrap();
}

/// A stream that would go on for ever does not keep the node from stopping.
#[tokio::test(flavor = "multi_thread")]
async fn a_follower_is_let_go_when_the_node_stops() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    let client = Client::of(&node);
    let (begun, waits) = tokio::sync::oneshot::channel();
    let follower = client.ask(move |client| {
        let path = format!("{}/v1/compact-blocks?from=1&follow=true", client.url);
        let mut response = client.agent.get(path).call().unwrap();
        begun.send(()).unwrap();
        response.body_mut().read_to_vec().map(|bytes| bytes.len())
    });
    let stop = async {
        waits.await.unwrap();
        node.shutdown().await.unwrap();
    };
    assert_eq!(tokio::join!(follower, stop).0.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_keeps_the_chain_and_what_waits() {
    let folder = tempfile::tempdir().unwrap();
    let first = node(folder.path()).await;
    let (id, before) = Client::of(&first)
        .ask(|client| {
            endow(client);
            let id = client.submit(&internal(&[5], 1));
            (id, client.get("/v1/status").1)
        })
        .await;
    let second_at_once = start_with(config(folder.path()), Arc::new(ZeroProofs::default())).await;
    assert!(matches!(second_at_once, Err(NodeError::Folder(FolderError::InUse(_)))));
    first.shutdown().await.unwrap();

    let mut terms = genesis().terms().clone();
    terms.chain = "another".to_owned();
    let other = NodeConfig::new(folder.path(), Genesis::new(terms).unwrap());
    let refused = start_with(other, Arc::new(ZeroProofs::default())).await;
    assert!(matches!(refused, Err(NodeError::Folder(FolderError::OtherChain { .. }))));

    let again = node(folder.path()).await;
    Client::of(&again)
        .ask(move |client| {
            assert_eq!(client.get("/v1/status").1, before);
            assert_eq!(client.state(&id)["state"], "pending");
            client.produce(1);
            assert_eq!(client.state(&id)["state"], "included");
        })
        .await;
    again.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_makes_blocks_of_what_waits() {
    let folder = tempfile::tempdir().unwrap();
    let interval = Some(Duration::from_millis(10));
    let config = NodeConfig { inclusion_delay: interval, ..config(folder.path()) };
    let node = start_with(config, Arc::new(ZeroProofs::default())).await.unwrap();
    let client = Client::of(&node);
    client.ask(|client| client.submit(&transparent(mint(&genesis().hash(), 0, &person(1), 5)))).await;
    let mut tip = node.engine.watch_tip();
    tokio::time::timeout(Duration::from_secs(5), tip.wait_for(|tip| *tip == 1)).await.unwrap().unwrap();
    // Nothing waits: no block is made.
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(node.height(), 1);
    node.shutdown().await.unwrap();
}

/// One wrong proof among many costs none of the others its place, and a proof is looked at once.
#[tokio::test(flavor = "multi_thread")]
async fn proofs_are_checked_together_and_once() {
    let folder = tempfile::tempdir().unwrap();
    let verifier = Arc::new(ZeroProofs::default());
    let node = start_with(config(folder.path()), verifier.clone()).await.unwrap();
    Client::of(&node).ask(endow).await;
    let before = verifier.asked();
    let submit = |bytes: Vec<u8>| {
        let engine = node.engine.clone();
        async move { engine.submit(bytes, Origin::Client).await }
    };
    let good: Vec<_> = (10..20).map(|spend| internal(&[spend], 1).to_bytes()).collect();
    let twelve = good[2].clone();
    let bad = with_proof(&genesis(), &internal_draft(&[99], 1), None, [1; 192]);
    let bad = ChainTransaction::Shielded(Box::new(bad)).to_bytes();
    let mut tasks: Vec<_> = good.into_iter().chain([bad]).map(|bytes| tokio::spawn(submit(bytes))).collect();
    let bad = tasks.pop().unwrap().await.unwrap();
    assert!(matches!(
        bad,
        Err(crate::engine::SubmitError::Verification(crate::verification::VerificationError::Refused(_)))
    ));
    for task in tasks {
        assert!(!task.await.unwrap().unwrap().known);
    }
    // Replaced, and submitted again: what was verified is remembered.
    let asked = verifier.asked();
    assert!(asked > before);
    submit(internal(&[10, 11], 3).to_bytes()).await.unwrap();
    let asked_for_one = verifier.asked();
    assert_eq!(asked_for_one, asked + 1);
    node.engine.mempool().remove_expired(u32::MAX, 0);
    assert!(!submit(twelve).await.unwrap().known);
    assert_eq!(verifier.asked(), asked_for_one);
    // Signed anew it is another transaction of the same id: nothing is remembered of it.
    node.engine.mempool().remove_expired(u32::MAX, 0);
    submit(internal(&[12], 1).to_bytes()).await.unwrap();
    assert_eq!(verifier.asked(), asked_for_one + 1);
    node.shutdown().await.unwrap();
}

/// Attacker: the operator of a chain whose circuits are not those that its users agreed on.
#[tokio::test(flavor = "multi_thread")]
async fn a_chain_of_other_keys_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = start(config(folder.path())).await;
    let refused = refused.err().unwrap();
    assert!(matches!(refused, NodeError::Keys(KeySetError::NoVerifyingKey { .. })), "{refused}");
    let own = NodeConfig { genesis: crate::development::genesis().unwrap(), ..config(folder.path()) };
    let node = start(own).await.unwrap();
    let status = Client::of(&node).ask(|client| client.get("/v1/status").1).await;
    assert_eq!(status["rules_version"], 1);
    node.shutdown().await.unwrap();
}
