//! `[served-lies]`: a node that lies in any field that its chain commits to is noticed.

use core::fmt::Debug;
use std::{collections::BTreeSet, sync::Mutex};

use louver_chain::announcement::{AnnouncementKind, AnnouncementTopic};
use louver_core::{ledger::testing::Draft, tree::Anchor, value::Value};
use serde_json::{Value as Json, json};

use super::*;
use crate::{
    api::path,
    testing::{Answer, Form, answers, byte_lies, lies, vouched_fields},
};

/// The description of the API: it says what vouches for each field.
fn description() -> Json {
    serde_json::from_str(include_str!("../../../../spec/schemas/node.json")).unwrap()
}

/// The answers that something vouches for.
fn all_answers() -> BTreeSet<Answer> {
    answers(&description())
}

/// Tells every lie about an answer, one after the other: each is noticed, unless the description says that the field is
/// the node's word. Gives the fields that were lied about.
fn each_lie(
    node: &Arc<Node>,
    path: String,
    schema: &str,
    ask: &dyn Fn(&Connection) -> Result<String, ClientError>,
) -> BTreeSet<String> {
    let path: &'static str = path.leak();
    let connection = connect(node, chosen(node)).unwrap();
    let seen = Arc::new(Mutex::new(Json::Null));
    let sees = seen.clone();
    node.says(path, move |json| *sees.lock().unwrap() = json.clone());
    connect(node, chosen(node)).unwrap();
    let truth = ask(&connection).unwrap();
    let honest = seen.lock().unwrap().clone();
    assert!(honest.is_object(), "{path} was not asked");
    let mut fields = BTreeSet::new();
    for lie in lies(&description(), schema, &honest) {
        let told = lie.clone();
        node.says(path, move |json| told.tell(json));
        let answer = ask(&connect(node, chosen(node)).unwrap_or_else(|_| connection.clone()));
        // Of genesis the bytes are read, whose hash was chosen, and nothing else.
        let may_pass = lie.is_of_list() || path == path::GENESIS;
        let is_noticed = answer.is_err() || may_pass && answer.as_ref() == Ok(&truth);
        assert!(is_noticed || lie.is_free(), "{path}: {lie:?} was believed: {answer:?}");
        fields.insert(lie.field);
        // The honest answer is taken afterwards: a lie does no harm.
        node.is_honest();
        ask(&connection).unwrap();
    }
    fields
}

/// A chain with something for each field of each answer.
fn rich() -> World {
    let mut world = with_snapshots();
    for hash in 1..=3 {
        let AnnouncementTopic { kind, subject, .. } = topic(7);
        world.operate(&person(1), Action::Announce { kind, subject, hash: [hash; 32] });
    }
    world.enter_auditor();
    world
}

type Ask = fn(&Connection) -> Result<String, ClientError>;

/// The part in braces of the path that is asked, and the question, for each answer in JSON that something vouches for.
fn reader(path: &str) -> (String, Ask) {
    let account = || Account::of(&person(1)).to_string();
    fn told(answer: impl Debug) -> String {
        format!("{answer:?}")
    }
    match path {
        path::STATUS => (String::new(), |node| block_on(node.status()).map(told)),
        path::GENESIS => (String::new(), |node| Ok(told(node.genesis()))),
        path::ACCOUNT => (account(), |node| block_on(node.holdings(Account::of(&person(1)))).map(told)),
        path::ASSETS => (String::new(), |node| block_on(node.refresh_assets()).map(|()| told(node.assets()))),
        path::SUPPLY => {
            (String::new(), |node| block_on(node.supply(&[coin(), AssetId::new(2).unwrap()])).map(told))
        }
        path::TREE => ("6".to_owned(), |node| block_on(node.tree(6)).map(told)),
        path::ANNOUNCEMENTS => (account(), |node| block_on(node.announcements(&topic(7), 100)).map(told)),
        path::SNAPSHOTS => (String::new(), |node| block_on(node.snapshots(0)).map(told)),
        other => panic!("nobody lies about {other} yet: say how it is read"),
    }
}

/// The answers that no client of ours asks for, so that nobody believes them.
const UNREAD: [&str; 1] = [path::PARAMETERS];

/// The list of answers and of their fields is the description's: a new one fails here until somebody lies about it.
#[test]
fn a_lie_in_any_field_of_any_answer_is_noticed() {
    let node = Node::of(rich());
    for answer in all_answers() {
        let Some(schema) = answer.schema().filter(|_| !UNREAD.contains(&answer.path.as_str())) else {
            continue;
        };
        let (part, ask) = reader(&answer.path);
        let lied = each_lie(&node, path::with(&answer.path, part), schema, &ask);
        let mut missed = vouched_fields(&description(), schema);
        missed.retain(|field| !lied.contains(field));
        // A schedule has one form of several, each of which stands in the genesis's bytes.
        missed.retain(|field| !field.starts_with("Schedule."));
        assert!(missed.is_empty(), "{}: no lie about {missed:?}", answer.path);
    }
    let heard = node.heard.lock().unwrap();
    assert!(!heard.iter().any(|asked| UNREAD.iter().any(|path| asked.starts_with(path))));
}

fn topic(subject: u8) -> AnnouncementTopic {
    AnnouncementTopic {
        kind: AnnouncementKind::Reserves,
        announcer: Account::of(&person(1)),
        subject: [subject; 32],
    }
}

/// Attacker: a debtor's node that shows another root of what he owes than he announced, or only one of two.
#[test]
fn what_was_announced_is_shown_whole() {
    let node = Node::of(rich());
    let connection = connect(&node, chosen(&node)).unwrap();
    let found = block_on(connection.announcements(&topic(7), 100)).unwrap();
    let hashes: Vec<_> = found.all.unwrap().iter().map(|one| one.hash[0]).collect();
    assert_eq!((found.announced.count, hashes), (3, vec![1, 2, 3]));
    let none = block_on(connection.announcements(&topic(8), 100)).unwrap();
    assert_eq!((none.announced.count, none.all), (0, Some(Vec::new())));
    // Nobody is made to read a list without end.
    let many = block_on(connection.announcements(&topic(7), 2)).unwrap();
    assert_eq!((many.announced.count, many.all), (3, None));
}

/// A world with some snapshots.
pub(super) fn with_snapshots() -> World {
    let mut world = world();
    world.deposit(2, &person(1), 60);
    // Each block ends an epoch, and 60 blocks later the state takes the snapshot.
    world.blocks(65);
    world
}

/// Attacker: a node that shows a debtor's notes as they stood at another time.
#[test]
fn snapshots_are_shown_from_any_of_them_on() {
    let node = Node::of(with_snapshots());
    let connection = connect(&node, chosen(&node)).unwrap();
    let (first, rest) =
        (block_on(connection.snapshots(0)).unwrap(), block_on(connection.snapshots(1)).unwrap());
    assert!(first.len() > 1 && first.iter().any(|(_, entry)| entry.nullifiers > 0), "{first:?}");
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
    // Of all that is the node's word here nothing is believed, as the block is read.
    let honest = json!({ "id": id, "state": "included", "height": 11 });
    let lies = lies(&description(), "TransactionState", &honest);
    assert_eq!(lies.len(), 6);
    for lie in lies {
        let told = lie.clone();
        node.says(path, move |json| told.tell(json));
        let state = block_on(connect(&node, chosen(&node)).unwrap().operation_state(&id));
        assert!(!matches!(state, Ok(OperationState::Included(height)) if height != 11), "{lie:?}");
        assert!(state.is_err() || state == Ok(OperationState::Included(11)), "{lie:?}: {state:?}");
    }
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

type AskBytes = fn(&Arc<Node>) -> Result<(), ClientError>;

/// A connection that was made before anybody lied.
fn followed(node: &Arc<Node>) -> Arc<Connection> {
    node.followed.get_or_init(|| connect(node, chosen(node)).unwrap()).clone()
}

/// The question for each answer in bytes; `None` if another test lies about it.
fn reader_of_bytes(path: &str) -> Option<Vec<AskBytes>> {
    let way: AskBytes = |node| connect(node, chosen(node)).map(drop);
    let pinned: AskBytes = |node| {
        let (genesis, height) = (node.world().genesis().hash(), 7);
        let hash = node.world().chain.block(height).unwrap().unwrap().header().hash();
        connect(node, Trust::Block { genesis, pin: Pin(louver_light::reader::Pin { height, hash }) })
            .map(drop)
    };
    Some(match path {
        path::COMPACT_BLOCKS => {
            vec![|node| block_on(followed(node).compact_blocks(4..=7)).map(drop), |node| {
                block_on(followed(node).compact_blocks(9..=10)).map(drop)
            }]
        }
        path::HISTORY => vec![|node| block_on(followed(node).header(5)).map(drop), pinned],
        path::BLOCK => vec![|node| block_on(followed(node).block(5)).map(drop)],
        path::HEAD => vec![way],
        path::AUTHORITIES => vec![pinned],
        // `no_altered_bucket_is_taken`
        path::BUCKET => return None,
        // A key is taken by its hash: the key sets' tests lie.
        path::VERIFYING_KEY | path::PROVING_KEY => return None,
        // Followers read them, and their tests lie; clients read one for a conviction, which verifies itself.
        path::HEADERS => return None,
        other => panic!("nobody lies about {other} yet: say how it is read"),
    })
}

/// Attacker: a node that alters a block, a header or the way to it, by a single bit.
#[test]
fn no_altered_block_is_taken() {
    let node = Node::of(world());
    followed(&node);
    let bytes = all_answers().into_iter().filter(|answer| answer.form == Form::Bytes);
    let read = bytes.filter_map(|answer| Some((reader_of_bytes(&answer.path)?, answer.path)));
    let asks: Vec<_> =
        read.flat_map(|(asks, path)| asks.into_iter().map(move |ask| (path.clone(), ask))).collect();
    assert_eq!(asks.len(), 7);
    for (path, ask) in asks {
        let path: &'static str =
            path.split_once("/{").map_or(path.as_str(), |(path, _)| path).to_owned().leak();
        let length = Arc::new(Mutex::new(0));
        let measured = length.clone();
        node.lies(move |asked, body| {
            if asked.starts_with(path) {
                *measured.lock().unwrap() = body.len();
            }
            body
        });
        ask(&node).unwrap();
        let length = *length.lock().unwrap();
        assert!(length > 100, "{path}");
        for (number, lie) in byte_lies(length, 3).enumerate() {
            node.lies(move |asked, mut body| {
                if asked.starts_with(path) {
                    lie(&mut body);
                }
                body
            });
            assert!(ask(&node).is_err(), "{path}: {number}");
        }
        node.is_honest();
        ask(&node).unwrap();
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
