//! `[served-lies]`: a real node, with somebody between it and its client who alters one place after the other of what it
//! serves. The description of the API says which answers and fields there are, and which of them nothing vouches for; every
//! other lie is noticed.

use std::sync::Arc;

use louver_chain::{
    Account, Action,
    announcement::{AnnouncementKind, AnnouncementTopic},
    development::faucet_key,
    testing::{coin, person},
};
use louver_client::{
    ClientError,
    api::path,
    connection::{Connection, OperationState},
    testing::{Answer, Form, Liar, answers, lies, vouched_fields},
    transport::Http,
    trust::Trust,
};
use louver_core::pool::GenesisHash;
use pollster::block_on;
use serde_json::Value as Json;

use crate::town::{EPOCH_SECONDS, Town};

fn connect(liar: &Liar, chain: GenesisHash) -> Result<Arc<Connection>, ClientError> {
    block_on(Connection::connect(Arc::new(Http::new(liar.url()).unwrap()), Trust::Genesis(chain)))
}

/// From now on, the JSON of an answer is altered.
fn says(liar: &Liar, answer: &Answer, alter: impl Fn(&mut Json) + Send + 'static) {
    liar.tells(answer, move |body| {
        let mut json = serde_json::from_slice(body).unwrap();
        alter(&mut json);
        *body = json.to_string().into_bytes();
    });
}

fn topic() -> AnnouncementTopic {
    let announcer = Account::of(&faucet_key());
    AnnouncementTopic { kind: AnnouncementKind::LogHead, announcer, subject: [7; 32] }
}

/// Reads an answer in JSON; `None` if no client of ours asks for it.
fn read(node: &Connection, path: &str) -> Option<Result<String, ClientError>> {
    fn told<T: core::fmt::Debug>(answer: Result<T, ClientError>) -> Result<String, ClientError> {
        answer.map(|answer| format!("{answer:?}"))
    }
    Some(match path {
        path::STATUS => told(block_on(node.status())),
        path::GENESIS => Ok(format!("{:?}", node.genesis())),
        path::ACCOUNT => told(block_on(node.holdings(Account::of(&person(7))))),
        path::ASSETS => told(block_on(node.refresh_assets()).map(|()| node.assets())),
        path::SUPPLY => told(block_on(node.supply(&[coin()]))),
        path::SNAPSHOTS => told(block_on(node.snapshots(0))),
        path::ANNOUNCEMENTS => told(block_on(node.announcements(&topic(), 100))),
        path::TREE => told(block_on(node.tree(2))),
        path::PARAMETERS => return None,
        other => panic!("nobody lies about {other} yet: say how it is read"),
    })
}

/// Attacker: the operator of a node, who shows a payee money that is not there, or a payer other terms.
#[test]
fn each_lie_that_a_chain_contradicts_is_noticed() {
    let town = Town::new();
    town.client.faucet(Account::of(&person(7)), 500);
    town.client.mine(1);
    let AnnouncementTopic { kind, subject, .. } = topic();
    block_on(town.client.operate(&faucet_key(), Action::Announce { kind, subject, hash: [9; 32] })).unwrap();
    town.client.mine(3);
    // An epoch ends, and some blocks later the state takes a snapshot.
    town.client.pass(2 * EPOCH_SECONDS);
    town.client.mine(70);
    let chain = town.client.genesis().hash();
    let liar = Liar::before(&town.url());
    let asked = block_on(town.client.bytes(path::OPENAPI)).unwrap();
    let description: Json = serde_json::from_slice(&asked).unwrap();
    for answer in answers(&description) {
        let Form::Json(schema) = &answer.form else { continue };
        let connection = connect(&liar, chain).unwrap();
        let Some(truth) = read(&connection, &answer.path) else { continue };
        let heard = liar.heard();
        let (.., body) = heard.iter().rfind(|(_, path, _)| answer.is_at(path)).expect(&answer.path);
        let honest = serde_json::from_slice(body).unwrap();
        let mut missed = vouched_fields(&description, schema);
        for lie in lies(&description, schema, &honest) {
            liar.is_honest();
            let connection = connect(&liar, chain).unwrap();
            let told = lie.clone();
            says(&liar, &answer, move |json| told.tell(json));
            let answered = read(&connection, &answer.path).unwrap();
            // Of genesis the bytes are read, whose hash was chosen, and nothing else.
            let may_pass = lie.is_of_list() || answer.path == path::GENESIS;
            let is_noticed = answered.is_err() || may_pass && answered == truth;
            assert!(is_noticed || lie.is_free(), "{}: {lie:?} was believed", answer.path);
            missed.remove(&lie.field);
            liar.is_honest();
            read(&connection, &answer.path).unwrap().unwrap();
        }
        // This chain has no auditors, and one form of schedule.
        missed.retain(|field| !field.starts_with("AuditorState.") && !field.starts_with("Schedule."));
        assert!(missed.is_empty(), "{}: no lie about {missed:?}", answer.path);
    }
    // An operation in a block where it is not.
    let operation = "ab".repeat(32);
    let state = Answer {
        method: "GET".to_owned(),
        path: path::TRANSACTION.to_owned(),
        form: Form::Json("TransactionState".to_owned()),
    };
    says(&liar, &state, |json| {
        json["state"] = "included".into();
        json["height"] = 2.into();
    });
    let told = block_on(connect(&liar, chain).unwrap().operation_state(&operation));
    assert!(matches!(told, Err(ClientError::Contradicted { .. })), "{told:?}");
    liar.is_honest();
    assert_eq!(
        block_on(connect(&liar, chain).unwrap().operation_state(&operation)),
        Ok(OperationState::Unknown)
    );
}
