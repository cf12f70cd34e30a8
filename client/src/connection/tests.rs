use std::{collections::HashMap, sync::Mutex};

use async_trait::async_trait;
use louver_chain::{
    Account, BlockHash,
    compact::CompactBlock,
    testing::{compact_block, header},
};
use louver_core::{
    asset::{AssetDescriptor, AssetId},
    encoding::Encode,
    ledger::testing,
    tree::Frontier,
};
use pollster::block_on;

use super::*;
use crate::{
    api::Refusal,
    transport::{Request, Response, Unreachable},
};

/// A node that says at each path what it is told to say.
#[derive(Default)]
struct Script {
    answers: Mutex<HashMap<String, Response>>,
    heard: Mutex<Vec<String>>,
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        self.heard.lock().unwrap().push(request.path.clone());
        let answer = self.answers.lock().unwrap().get(&request.path).cloned();
        answer.ok_or_else(|| Unreachable { reason: "nobody is there".to_owned() })
    }
}

impl Script {
    fn says(&self, path: &str, status: u16, body: impl Into<Vec<u8>>) {
        let response = Response { status, body: body.into() };
        self.answers.lock().unwrap().insert(path.to_owned(), response);
    }

    fn lists(&self, assets: &[AssetDescriptor]) {
        let entry = |asset: &AssetDescriptor| view::Asset {
            id: asset.id().to_string(),
            symbol: asset.symbol().to_owned(),
            decimals: asset.decimals(),
            issuer: Account(*asset.issuer()).to_string(),
            reference: hex::encode(asset.host_reference()),
            descriptor_hash: hex::encode(asset.hash().0),
        };
        let assets = view::Assets { assets: assets.iter().map(entry).collect(), proof: None };
        self.says("/v1/assets", 200, serde_json::to_vec(&assets).unwrap());
    }
}

/// A node of the testing chain.
fn node() -> Arc<Script> {
    let script = Arc::new(Script::default());
    let genesis = testing::genesis();
    let answer = serde_json::json!({
        "hash": "00".repeat(32), "bytes": hex::encode(genesis.to_bytes()), "name": "", "development": true,
        "pool_id": 1, "time": 0, "epochs": { "kind": "endless" }, "block_interval": 60, "anchor_window": 1, "fee_account": "", "minimum_fees": [],
    });
    script.says("/v1/genesis", 200, answer.to_string());
    script.lists(&genesis.terms().assets[..1]);
    script
}

fn connect(node: &Arc<Script>) -> Result<Arc<Connection>, ClientError> {
    block_on(Connection::connect(node.clone()))
}

fn asset(id: u64, symbol: &str, decimals: u8) -> AssetDescriptor {
    let issuer = *testing::genesis().terms().assets[0].issuer();
    AssetDescriptor::new(AssetId::new(id).unwrap(), symbol, decimals, issuer, b"").unwrap()
}

/// Who gains: a node that says it is another chain's than its bytes are.
#[test]
fn a_genesis_is_what_its_bytes_are() {
    assert_eq!(connect(&node()).unwrap().genesis(), &testing::genesis());
}

/// Who gains: a payee whose node moves the decimal point of what was checked, so that 25.00 becomes 2,500.
#[test]
fn an_asset_is_what_it_was_when_it_was_first_known() {
    let node = node();
    let genuine = testing::genesis().terms().assets.clone();
    let first = &genuine[0];
    let decimals = first.decimals() + 2;
    let altered =
        AssetDescriptor::new(first.id(), first.symbol(), decimals, *first.issuer(), first.host_reference());
    node.lists(&[altered.unwrap()]);
    assert!(matches!(connect(&node), Err(ClientError::Answer { .. })));
    // An asset that the node leaves out stays known.
    node.lists(&[asset(77, "NEW", 2)]);
    let connection = connect(&node).unwrap();
    let known = connection.assets();
    assert_eq!(
        known.iter().cloned().collect::<Vec<_>>(),
        [genuine.as_slice(), &[asset(77, "NEW", 2)]].concat()
    );
    for lie in [vec![asset(78, "ALSO", 0), asset(77, "NEW", 0)], vec![asset(77, "NEW2", 2)]] {
        node.lists(&lie);
        assert!(matches!(block_on(connection.refresh_assets()), Err(ClientError::Answer { .. })));
        assert!(matches!(block_on(connection.parameters()), Err(ClientError::Answer { .. })));
        assert_eq!(connection.assets(), known);
    }
    // A hash that is not the entry's.
    let said = node.answers.lock().unwrap()["/v1/assets"].clone();
    let said = String::from_utf8(said.body).unwrap().replace("NEW2", "NEW3");
    node.says("/v1/assets", 200, said);
    assert!(block_on(connection.refresh_assets()).is_err());
}

/// Who gains: an issuer whose asset would take the symbol of one that the wallet knew before.
#[test]
fn what_a_wallet_knew_first_keeps_its_symbol() {
    let node = node();
    node.lists(&[asset(70, "NEW", 0), asset(77, "NEW", 2)]);
    let connection = connect(&node).unwrap();
    let mut kept = KnownAssets::new(&testing::genesis().terms().assets);
    kept.learn([asset(77, "NEW", 2)]).unwrap();
    connection.recall(&kept).unwrap();
    let names = [77, 70].map(|id| connection.assets().name(AssetId::new(id).unwrap()));
    assert_eq!(names, ["NEW", "NEW#70"]);
    let mut other = KnownAssets::new(&testing::genesis().terms().assets);
    other.learn([asset(77, "NEW", 3)]).unwrap();
    assert!(connection.recall(&other).is_err());
}

#[test]
fn another_block_than_the_one_asked_for_is_refused() {
    let node = node();
    let connection = connect(&node).unwrap();
    let block =
        |height: u32| compact_block(header(height, BlockHash([0; 32]), &Frontier::empty()), Vec::new());
    let framed = |block: CompactBlock| {
        let bytes = block.to_bytes();
        [&u32::try_from(bytes.len()).unwrap().to_le_bytes()[..], &bytes].concat()
    };
    node.says("/v1/compact-blocks?from=7&to=7", 200, framed(block(8)));
    assert!(matches!(block_on(connection.compact_block(7)), Err(ClientError::Answer { .. })));
    node.says("/v1/compact-blocks?from=7&to=7", 200, framed(block(7)));
    assert_eq!(block_on(connection.compact_block(7)), Ok(block(7)));
    node.says("/v1/compact-blocks?from=7&to=8", 200, framed(block(7)));
    assert!(matches!(block_on(connection.compact_blocks(7..=8)), Err(ClientError::Answer { .. })));
}

#[test]
fn what_a_node_says_no_to_is_told_by_its_code() {
    let node = node();
    let connection = connect(&node).unwrap();
    let refusal = br#"{"error":{"code":"mempool_full","message":"wait"}}"#;
    node.says("/v1/transactions", 503, &refusal[..]);
    let refused = block_on(connection.submit(&[1])).unwrap_err();
    assert_eq!(refused.refusal(), Some(&Refusal::MempoolFull));
    node.says("/v1/transactions", 502, &b"<html>"[..]);
    assert!(matches!(block_on(connection.submit(&[1])), Err(ClientError::Answer { .. })));
    node.answers.lock().unwrap().clear();
    assert!(matches!(block_on(connection.submit(&[1])), Err(ClientError::Unreachable(_))));
}

/// Who gains: whoever gives an id that leads elsewhere.
#[test]
fn an_id_stays_one_word_of_the_path() {
    let node = node();
    let connection = connect(&node).unwrap();
    drop(block_on(connection.operation_state("../../v1/blocks?x=#")));
    assert_eq!(node.heard.lock().unwrap().last().unwrap(), "/v1/transactions/v1blocksx");
}

/// A development chain's guardian, and a node that serves what it signed.
mod acts {
    use louver_chain::{Act, Deed, SignedAct, act::TakenAct, development::guardian_key, testing::genesis};
    use louver_core::{
        ledger::{NewRules, RulesEntry, testing::rules},
        pool::RulesVersion,
        shape::Shape,
    };

    use super::*;

    fn node() -> Arc<Script> {
        let script = super::node();
        let genesis = genesis();
        let mut answer: serde_json::Value =
            serde_json::from_slice(&script.answers.lock().unwrap()["/v1/genesis"].body).unwrap();
        answer["bytes"] = hex::encode(genesis.to_bytes()).into();
        script.says("/v1/genesis", 200, answer.to_string());
        script.lists(&genesis.terms().assets);
        script
    }

    fn signed(deed: Deed, key: &ed25519_dalek::SigningKey) -> SignedAct {
        let act = Act { sequence: 0, deed };
        let signature = act.sign(&genesis().hash(), key);
        SignedAct::new(act, vec![signature])
    }

    fn serve(node: &Script, acts: &[TakenAct]) {
        let all = acts
            .iter()
            .map(|taken| view::Act { height: taken.height, act: hex::encode(taken.signed.to_bytes()) });
        let all = view::Acts { acts: all.collect() };
        let none = view::Acts { acts: Vec::new() };
        node.says("/v1/acts?from=0", 200, serde_json::to_vec(&all).unwrap());
        if !acts.is_empty() {
            node.says(&format!("/v1/acts?from={}", acts.len()), 200, serde_json::to_vec(&none).unwrap());
        }
    }

    fn status(rules: &[RulesEntry]) -> Status {
        let nobody = view::Quorum { sequence: 0, needed: 0, keys: Vec::new() };
        Status {
            version: String::new(),
            development: true,
            genesis_hash: hex::encode(genesis().hash().0),
            pool_id: 1,
            pool: String::new(),
            height: 9,
            block_hash: String::new(),
            time: 0,
            epoch: view::Epoch {
                number: 0,
                name: "January 1970".to_owned(),
                begins: 0,
                ends: None,
                payable_until: None,
            },
            rules_version: 1,
            rules: rules.iter().map(told).collect(),
            guardians: nobody.clone(),
            authorities: nobody,
            auditors: Vec::new(),
            acts: 0,
            anchor: String::new(),
            tree_size: 0,
            pending: view::Pending { count: 0, bytes: 0 },
            troubles: Vec::new(),
            proof: None,
        }
    }

    /// Who gains: a node that has wallets prove under keys of its own making, which give away what they hide; or that
    /// stops them by a switch that no guardian threw.
    #[test]
    fn a_rules_version_or_a_switch_counts_only_if_the_guardians_signed_it() {
        let node = node();
        let connection = connect(&node).unwrap();
        let ours = RulesEntry::of_genesis(&genesis());
        // Nothing is asked for while nothing has changed.
        assert_eq!(block_on(connection.rules(&status(&ours))).unwrap(), ours);
        let terms = rules(2, 0, None, &Shape::ALL);
        let new = NewRules { version: RulesVersion(2), shapes: terms.shapes, disclosures: terms.disclosures };
        let added = RulesEntry { terms: new.from(14), switched_off: None };
        let off = RulesEntry { switched_off: Some(4), ..ours[0].clone() };
        let stated = [off.clone(), added.clone()];
        let acts = |key: &ed25519_dalek::SigningKey| {
            let add = signed(Deed::AddRules(new.clone()), key);
            let switch = signed(Deed::SwitchOff { rules: RulesVersion(1) }, key);
            [TakenAct { height: 4, signed: add }, TakenAct { height: 4, signed: switch }]
        };
        let stranger = ed25519_dalek::SigningKey::from_bytes(&[3; 32]);
        for lie in [Vec::new(), acts(&stranger).to_vec(), acts(&guardian_key())[..1].to_vec()] {
            serve(&node, &lie);
            let refused = block_on(connection.rules(&status(&stated)));
            assert!(matches!(refused, Err(ClientError::Answer { .. })), "{refused:?}");
        }
        serve(&node, &acts(&guardian_key()));
        assert_eq!(block_on(connection.rules(&status(&stated))).unwrap(), stated);
        // Another version than the signed one under the same number.
        let other = RulesEntry { terms: new.from(15), switched_off: None };
        assert!(block_on(connection.rules(&status(&[off, other]))).is_err());
    }
}
