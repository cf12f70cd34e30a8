//! `[served-lies]`: a node that lies in any field that its chain commits to is noticed.

use core::fmt::Debug;
use std::sync::Mutex;

use louver_chain::announcement::{AnnouncementKind, AnnouncementTopic};
use louver_core::{ledger::testing::Draft, tree::Anchor, value::Value};
use serde_json::Value as Json;

use super::*;
use crate::testing::lies;

/// The description of the API: it says what vouches for each field.
fn description() -> Json {
    serde_json::from_str(include_str!("../../../../spec/schemas/node.json")).unwrap()
}

/// Tells every lie about an answer, one after the other: each is noticed, unless the description says that the field is
/// the node's word. Gives their number, and the places where one was believed.
fn each_lie<T: Debug>(
    node: &Arc<Node>,
    path: &'static str,
    schema: &str,
    ask: impl Fn(&Connection) -> Result<T, ClientError>,
) -> (usize, Vec<String>) {
    let ask = |connection: &Connection| ask(connection).map(|told| format!("{told:?}"));
    let connection = connect(node, chosen(node)).unwrap();
    let seen = Arc::new(Mutex::new(Json::Null));
    let sees = seen.clone();
    node.says(path, move |json| *sees.lock().unwrap() = json.clone());
    let truth = ask(&connection).unwrap();
    let honest = seen.lock().unwrap().clone();
    assert!(honest.is_object(), "{path} was not asked");
    let lies = lies(&description(), schema, &honest);
    let (count, mut believed) = (lies.len(), Vec::new());
    for lie in lies {
        let told = lie.clone();
        node.says(path, move |json| told.tell(json));
        let answer = ask(&connect(node, chosen(node)).unwrap_or_else(|_| connection.clone()));
        let is_harmless = lie.is_of_list() && answer.as_ref() == Ok(&truth);
        let is_noticed = answer.is_err() || is_harmless;
        assert!(is_noticed || lie.vouched == "unproven", "{path}: {lie:?} was believed: {answer:?}");
        if !is_noticed {
            believed.push(lie.place);
        }
        // The honest answer is taken afterwards: a lie does no harm.
        node.is_honest();
        ask(&connection).unwrap();
    }
    (count, believed)
}

#[test]
fn a_lie_in_a_status_is_noticed() {
    let node = Node::of(world());
    let (lies, believed) =
        each_lie(&node, "/v1/status", "Status", |connection| block_on(connection.status()));
    assert!(lies > 60, "{lies}");
    // The pause that a person is told of follows from the proven rules, not from the node's sentence.
    // A sentence about a pause that is made up stands in the object itself, which has none.
    let free = ["/version", "/pending", "/troubles", "/paused", "/acts"];
    let is_free = |place: &String| place.is_empty() || free.iter().any(|word| place.starts_with(word));
    assert!(believed.iter().all(is_free), "{believed:?}");
}

#[test]
fn a_lie_about_an_account_is_noticed() {
    let node = Node::of(world());
    let account = Account::of(&person(1));
    let path: &'static str = format!("/v1/accounts/{account}").leak();
    let (lies, _) = each_lie(&node, path, "AccountView", |connection| block_on(connection.holdings(account)));
    assert!(lies > 20, "{lies}");
}

#[test]
fn a_lie_about_assets_is_noticed() {
    let node = Node::of(world());
    let ask = |connection: &Connection| {
        block_on(connection.refresh_assets())?;
        Ok(connection.assets())
    };
    let (lies, _) = each_lie(&node, "/v1/assets", "Assets", ask);
    assert!(lies > 35, "{lies}");
}

#[test]
fn a_lie_about_supply_is_noticed() {
    let node = Node::of(world());
    let ids = [coin(), AssetId::new(2).unwrap()];
    let (lies, _) = each_lie(&node, "/v1/supply", "Supply", |connection| block_on(connection.supply(&ids)));
    assert!(lies > 20, "{lies}");
}

#[test]
fn a_lie_about_the_tree_is_noticed() {
    let node = Node::of(world());
    let (lies, _) = each_lie(&node, "/v1/tree/6", "Tree", |connection| block_on(connection.tree(6)));
    assert_eq!(lies, 8);
}

/// Attacker: a debtor's node that shows another root of what he owes than he announced, or only one of two.
#[test]
fn a_lie_about_announcements_is_noticed() {
    let mut world = world();
    let topic = |subject| AnnouncementTopic {
        kind: AnnouncementKind::Reserves,
        announcer: Account::of(&person(1)),
        subject: [subject; 32],
    };
    for hash in 1..=3 {
        let AnnouncementTopic { kind, subject, .. } = topic(7);
        world.operate(&person(1), Action::Announce { kind, subject, hash: [hash; 32] });
    }
    let node = Node::of(world);
    let path: &'static str = format!("/v1/announcements/{}", Account::of(&person(1))).leak();
    let ask = |connection: &Connection| {
        let found = block_on(connection.announcements(&topic(7), 100))?;
        let hashes: Vec<_> = found.all.unwrap().iter().map(|one| one.hash[0]).collect();
        assert_eq!((found.announced.count, hashes), (3, vec![1, 2, 3]));
        Ok(())
    };
    let (lies, _) = each_lie(&node, path, "Announcements", ask);
    assert!(lies > 15, "{lies}");
    let connection = connect(&node, chosen(&node)).unwrap();
    let none = block_on(connection.announcements(&topic(8), 100)).unwrap();
    assert_eq!((none.announced.count, none.all), (0, Some(Vec::new())));
    // Nobody is made to read a list without end.
    let many = block_on(connection.announcements(&topic(7), 2)).unwrap();
    assert_eq!((many.announced.count, many.all), (3, None));
}

/// A world with some snapshots.
fn with_snapshots() -> World {
    let mut world = world();
    world.deposit(2, &person(1), 60);
    // Each block ends an epoch, and 60 blocks later the state takes the snapshot.
    world.blocks(65);
    world
}

/// Attacker: a node that shows a debtor's notes as they stood at another time.
#[test]
fn a_lie_about_snapshots_is_noticed() {
    let node = Node::of(with_snapshots());
    let ask = |connection: &Connection| {
        let found = block_on(connection.snapshots(0))?;
        assert!(found.len() > 1 && found.iter().any(|(_, entry)| entry.nullifiers > 0), "{found:?}");
        Ok(found)
    };
    let (lies, _) = each_lie(&node, "/v1/snapshots", "Snapshots", ask);
    assert!(lies > 35, "{lies}");
    let connection = connect(&node, chosen(&node)).unwrap();
    let (first, rest) =
        (block_on(connection.snapshots(0)).unwrap(), block_on(connection.snapshots(1)).unwrap());
    assert_eq!(first[1..], rest[..]);
    assert_eq!(block_on(connection.snapshots(10_000)).unwrap(), []);
}

/// Attacker: a node that shows a spent note as unspent, or the other way round.
#[test]
fn no_altered_bucket_is_taken() {
    let node = Node::of(with_snapshots());
    let connection = connect(&node, chosen(&node)).unwrap();
    let snapshots = block_on(connection.snapshots(0)).unwrap();
    let (index, entry) = *snapshots.last().unwrap();
    assert!(entry.nullifiers > 0);
    let of = |number| Draft::internal(number, Anchor::empty_tree()).effects().nullifiers()[0];
    let bucket = block_on(connection.bucket(index, &entry, of(3))).unwrap();
    assert_eq!(bucket.leaves.len() as u64, entry.nullifiers + 1);
    assert_eq!(bucket.absence(of(3)).unwrap().root(of(3)), Some(entry.nullifier_root));
    assert!(bucket.absence(of(8)).is_none(), "it is spent");
    let length = bucket.to_bytes().len();
    for at in (0..length).step_by(97).chain([length - 1]) {
        node.lies(move |asked, mut body| {
            if asked.contains("/bucket") {
                body[at] ^= 1;
            }
            body
        });
        assert!(block_on(connection.bucket(index, &entry, of(3))).is_err(), "byte {at}");
    }
    // The bucket of another snapshot.
    let (early, before) = snapshots[0];
    assert_ne!(before.nullifier_root, entry.nullifier_root);
    node.is_honest();
    let other = block_on(connection.bucket(early, &entry, of(3)));
    assert!(matches!(other, Err(ClientError::Contradicted { .. })), "{other:?}");
}

/// Attacker: a node that tells a payee that an operation is in a block.
#[test]
fn a_lie_about_an_operation_is_noticed() {
    let mut world = world();
    let id = world.mint(&person(5), coin(), 3);
    let node = Node::of(world);
    let path: &'static str = format!("/v1/transactions/{id}").leak();
    let ask = |connection: &Connection| match block_on(connection.operation_state(&id))? {
        OperationState::Included(11) => Ok(()),
        other => Err(ClientError::answer(format!("{other:?}"))),
    };
    // Of all that is the node's word here nothing is believed, as the block is read.
    assert_eq!(each_lie(&node, path, "TransactionState", ask), (6, Vec::new()));
    node.says(path, |json| json["height"] = 9.into());
    let connection = connect(&node, chosen(&node)).unwrap();
    assert!(matches!(block_on(connection.operation_state(&id)), Err(ClientError::Contradicted { .. })));
}

/// Attacker: a node that says that nothing was done, so that an issuer issues twice.
#[test]
fn what_became_of_an_operation_is_not_the_nodes_word() {
    let node = Node::of(world());
    let connection = connect(&node, chosen(&node)).unwrap();
    let sign = |amount| {
        let action = Action::Mint { asset: coin(), amount: Value(amount), to: Account::of(&person(5)) };
        block_on(connection.sign_operation(&faucet_key(), action)).unwrap()
    };
    let fate = |operation: &SignedOperation| block_on(connection.fate(operation)).unwrap();
    let first = sign(5);
    // The node does not know it, and its number is not used: it may still come.
    assert_eq!(block_on(connection.operation_state(&first.id)), Ok(OperationState::Unknown));
    assert_eq!(fate(&first), OperationFate::Open);
    // Something else takes its number.
    node.world().mint(&person(5), coin(), 6);
    assert_eq!(fate(&first), OperationFate::Displaced);
    // It comes, and the node says that it does not know it.
    let second = sign(7);
    assert_eq!(node.world().mint(&person(5), coin(), 7), second.id);
    let path: &'static str = format!("/v1/transactions/{}", second.id).leak();
    node.says(path, |json| json["state"] = "unknown".into());
    assert_eq!(fate(&second), OperationFate::Included(12));
}

/// Attacker: a node that alters a block, a header or the way to it, by a single bit.
#[test]
fn no_altered_block_is_taken() {
    let node = Node::of(world());
    let connection = connect(&node, chosen(&node)).unwrap();
    type Ask = fn(&Connection) -> Result<(), ClientError>;
    let asks: [(&str, Ask); 4] = [
        ("/v1/compact-blocks", |connection| block_on(connection.compact_blocks(4..=7)).map(drop)),
        ("/v1/compact-blocks", |connection| block_on(connection.compact_blocks(9..=10)).map(drop)),
        ("/v1/history", |connection| block_on(connection.header(5)).map(drop)),
        ("/v1/blocks", |connection| block_on(connection.block(5)).map(drop)),
    ];
    for (path, ask) in asks {
        let length = Arc::new(Mutex::new(0));
        let measured = length.clone();
        node.lies(move |asked, body| {
            if asked.starts_with(path) {
                *measured.lock().unwrap() = body.len();
            }
            body
        });
        ask(&connection).unwrap();
        let length = *length.lock().unwrap();
        assert!(length > 100, "{path}");
        for at in (0..length).step_by(3).chain([length - 1]) {
            node.lies(move |asked, mut body| {
                if asked.starts_with(path) {
                    body[at] ^= 1;
                }
                body
            });
            assert!(ask(&connection).is_err(), "{path}: byte {at}");
        }
        for cut in [0, 1, length / 2, length - 1] {
            node.lies(move |asked, mut body| {
                if asked.starts_with(path) {
                    body.truncate(cut);
                }
                body
            });
            assert!(ask(&connection).is_err(), "{path}: cut at {cut}");
        }
        node.is_honest();
        ask(&connection).unwrap();
    }
}

/// Attacker: a node that answers for a chain as it was, such as a balance from before a payment.
#[test]
fn an_answer_without_its_proof_is_refused() {
    let node = Node::of(world());
    let connection = connect(&node, chosen(&node)).unwrap();
    node.says("/v1/status", |json| drop(json.as_object_mut().unwrap().remove("proof")));
    assert!(matches!(block_on(connection.status()), Err(ClientError::Unproven { .. })));
    // The proof of another answer.
    node.is_honest();
    let account = Account::of(&person(1));
    let path: &'static str = format!("/v1/accounts/{account}").leak();
    let old = Arc::new(Mutex::new(Json::Null));
    let keeps = old.clone();
    node.says(path, move |json| *keeps.lock().unwrap() = json.clone());
    block_on(connection.holdings(account)).unwrap();
    node.world().mint(&person(1), coin(), 1);
    let old = old.lock().unwrap().clone();
    node.says(path, move |json| *json = old.clone());
    let fresh = connect(&node, chosen(&node)).unwrap();
    assert!(block_on(fresh.holdings(account)).is_err());
}
