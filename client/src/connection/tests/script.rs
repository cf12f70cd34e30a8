//! A node that says at each path what it is told to say.

use std::{collections::HashMap, sync::Mutex};

use async_trait::async_trait;
use louver_core::{asset::AssetDescriptor, ledger::testing};

use super::*;
use crate::transport::{Request, Response, Unreachable};

/// Answers of an honest node, but at the paths where another answer is set.
struct Script {
    node: Arc<Node>,
    answers: Mutex<HashMap<String, Response>>,
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        let answer = self.answers.lock().unwrap().get(&request.path).cloned();
        match answer {
            Some(answer) if answer.status == 0 => Err(Unreachable { reason: "nobody is there".to_owned() }),
            Some(answer) => Ok(answer),
            None => self.node.send(request).await,
        }
    }
}

impl Script {
    fn says(&self, path: &str, status: u16, body: impl Into<Vec<u8>>) {
        let response = Response { status, body: body.into() };
        self.answers.lock().unwrap().insert(path.to_owned(), response);
    }
}

fn script() -> (Arc<Script>, Arc<Connection>) {
    let script = Arc::new(Script { node: Node::of(world()), answers: Mutex::default() });
    let connection = block_on(Connection::connect(script.clone(), chosen(&script.node))).unwrap();
    (script, connection)
}

#[test]
fn what_a_node_says_no_to_is_told_by_its_code() {
    let (script, connection) = script();
    let refusal = br#"{"error":{"code":"mempool_full","message":"wait"}}"#;
    script.says("/v1/transactions", 503, &refusal[..]);
    let refused = block_on(connection.submit(&[1])).unwrap_err();
    assert_eq!(refused.refusal(), Some(&Refusal::MempoolFull));
    script.says("/v1/transactions", 502, &b"<html>"[..]);
    assert!(matches!(block_on(connection.submit(&[1])), Err(ClientError::Answer { .. })));
    script.says("/v1/transactions", 0, &b""[..]);
    assert!(matches!(block_on(connection.submit(&[1])), Err(ClientError::Unreachable(_))));
}

/// Attacker: whoever gives an id that leads elsewhere.
#[test]
fn an_id_stays_one_word_of_the_path() {
    let (script, connection) = script();
    drop(block_on(connection.operation_state("../../v1/blocks?x=#")));
    assert_eq!(script.node.heard.lock().unwrap().last().unwrap(), "/v1/transactions/v1blocksx");
}

/// Attacker: an issuer whose asset would take the symbol of one that the wallet knew before.
#[test]
fn what_a_wallet_knew_first_keeps_its_symbol() {
    let (_, connection) = script();
    let issuer = *testing::genesis().terms().assets[0].issuer();
    let asset = |id, decimals| {
        AssetDescriptor::new(AssetId::new(id).unwrap(), "EURX", decimals, issuer, b"").unwrap()
    };
    let mut kept = KnownAssets::new(&connection.genesis().terms().assets);
    kept.learn([asset(70, 2)]).unwrap();
    connection.recall(&kept).unwrap();
    let names = [70, 2].map(|id| connection.assets().name(AssetId::new(id).unwrap()));
    assert_eq!(names, ["EURX", "EURX#2"]);
    let mut other = KnownAssets::new(&connection.genesis().terms().assets);
    other.learn([asset(70, 3)]).unwrap();
    assert!(connection.recall(&other).is_err());
}
