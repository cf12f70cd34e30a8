use louver_chain::{
    Account, Action,
    development::faucet_key,
    testing::{coin, person},
};
use louver_core::{
    asset::AssetId,
    encoding::{Decode, Encode},
    pool::GenesisHash,
};
use louver_light::{Choice, Proven, reader::ReadError};
use pollster::block_on;

use super::*;
use crate::{api::Refusal, trust::Pin};

mod conviction;
mod lies;
mod node;
mod offline;
mod script;

use node::{BEGIN, Node, World, serious};

/// A world with money, a deposit, assets and a change of authorities.
fn world() -> World {
    let mut world = World::new();
    world.mint(&person(1), coin(), 1_000);
    world.register(&["EURX", "GOLD"]);
    world.mint(&person(1), AssetId::new(2).unwrap(), 500);
    world.deposit(1, &person(1), 50);
    world.rotate(&person(61));
    world.blocks(5);
    world
}

fn connect(node: &Arc<Node>, trust: Trust) -> Result<Arc<Connection>, ClientError> {
    block_on(Connection::connect_at(node.clone(), trust, Clock::new(|| BEGIN + 100_000)))
}

fn chosen(node: &Node) -> Trust {
    Trust::Genesis(node.world().genesis().hash())
}

#[test]
fn an_honest_node_is_followed_to_its_head() {
    let node = Node::of(world());
    let connection = connect(&node, chosen(&node)).unwrap();
    let head = connection.head();
    assert_eq!((head.height, head.choice), (10, Choice::Keys));
    assert_eq!(block_on(connection.status()).unwrap().height, 10);
    let parameters = block_on(connection.parameters()).unwrap();
    assert_eq!((parameters.height, parameters.assets.len()), (10, 2));
    let held = block_on(connection.holdings(Account::of(&person(1)))).unwrap();
    assert_eq!(held.balances.iter().map(|(_, amount)| amount.0).collect::<Vec<_>>(), [949, 500]);
    let supply = block_on(connection.supply(&[coin()])).unwrap();
    assert_eq!((supply.assets[0].issued.as_str(), supply.assets[0].pool.as_str()), ("1000", "50"));
    for height in 1..=10 {
        let block = block_on(connection.block(height)).unwrap();
        assert_eq!(block_on(connection.header(height)).unwrap(), *block.header());
        assert_eq!(block_on(connection.compact_block(height)).unwrap().header(), block.header());
        assert_eq!(block_on(connection.birthday(height)).unwrap().hash, block.header().hash().0);
    }
    assert_eq!(block_on(connection.compact_blocks(2..=9)).unwrap().len(), 8);
    let id = node.world().mint(&person(2), coin(), 5);
    assert_eq!(block_on(connection.operation_state(&id)), Ok(OperationState::Included(11)));
    assert_eq!(connection.head().height, 11);
}

#[test]
fn a_chain_at_its_genesis_is_read_from_genesis() {
    let node = Node::of(World::new());
    let connection = connect(&node, Trust::FirstContact).unwrap();
    assert_eq!(block_on(connection.status()).unwrap().height, 0);
    let nobody = block_on(connection.holdings(Account::of(&person(1)))).unwrap();
    assert_eq!((nobody.nonce, nobody.balances), (0, Vec::new()));
    assert_eq!((connection.head().height, connection.head().choice), (0, Choice::Nothing));
}

/// Attacker: a node that serves a chain of its own to people who mean another.
#[test]
fn another_chain_than_the_chosen_one_is_refused() {
    let node = Node::of(world());
    let other = connect(&node, Trust::Genesis(GenesisHash([7; 32]))).unwrap_err();
    assert!(matches!(other, ClientError::OtherGenesis { .. }), "{other}");
    let genesis = node.world().genesis().hash();
    let hash = node.world().chain.block(4).unwrap().unwrap().header().hash();
    let pin = |height, hash| Trust::Block { genesis, pin: Pin(louver_light::reader::Pin { height, hash }) };
    assert_eq!(connect(&node, pin(4, hash)).unwrap().head().choice, Choice::Pin);
    for (height, hash) in [(5, hash), (4, louver_chain::BlockHash([1; 32])), (400, hash), (0, hash)] {
        assert_eq!(connect(&node, pin(height, hash)).unwrap_err(), ClientError::OtherBlock { height });
    }
}

/// Attacker: a thief of keys that were replaced before the block that a reader chose, with a chain of his own.
#[test]
fn a_chosen_block_says_which_keys_count() {
    let node = Node::of(world());
    let genesis = node.world().genesis().hash();
    let hash = |height: u32| node.world().chain.block(height).unwrap().unwrap().header().hash();
    let pin =
        |height| Trust::Block { genesis, pin: Pin(louver_light::reader::Pin { height, hash: hash(height) }) };
    let of_genesis = Reader::of_keys(node.world().genesis(), 0);
    let connection = connect(&node, pin(7)).unwrap();
    assert_eq!((connection.head().height, connection.head().choice), (10, Choice::Pin));
    assert_ne!(connection.kept().authorities(), of_genesis.authorities());
    // The keys of genesis seal nothing for it.
    let mut forged = World::new();
    forged.blocks(12);
    let way = Proven { steps: forged.steps(0), openings: Vec::new() }.to_bytes();
    node.lies(move |path, body| if path.starts_with("/v1/head") { way.clone() } else { body });
    let refused = connect(&node, pin(7)).unwrap_err();
    assert!(matches!(refused, ClientError::Untrusted(ReadError::Seal(_))), "{refused}");
    // The authorities of another block are not those of the chosen one.
    let others = node.world().opening(4).to_bytes();
    node.lies(move |path, body| if path.starts_with("/v1/authorities") { others.clone() } else { body });
    let refused = connect(&node, pin(7)).unwrap_err();
    assert!(matches!(refused, ClientError::Untrusted(ReadError::Rotation(_))), "{refused}");
}

/// Attacker: authorities who show a wallet one chain of blocks on one day, and another on the next.
#[test]
fn two_branches_that_are_shown_on_two_days_are_evidence() {
    let monday = Node::of(world());
    let kept = connect(&monday, chosen(&monday)).unwrap().kept();
    let kept = Reader::from_bytes(&kept.to_bytes()).unwrap();
    for longer in [0, 3] {
        let mut other = World::new();
        other.mint(&person(1), coin(), 1_000);
        other.register(&["EURX", "GOLD"]);
        other.mint(&person(1), AssetId::new(2).unwrap(), 500);
        other.deposit(1, &person(1), 50);
        other.rotate(&person(61));
        other.mint(&person(3), coin(), 9);
        other.blocks(4 + longer);
        let tuesday = Node::of(other);
        let connection = connect(&tuesday, Trust::FirstContact).unwrap();
        let refused = block_on(connection.resume(kept.clone())).unwrap_err();
        assert!(matches!(refused, ClientError::Convicted(_)), "{refused}");
        let evidence = connection.evidence().unwrap();
        assert!(evidence.verify(&kept.genesis(), kept.authorities()).is_ok());
        // Nothing goes on, whatever is asked.
        let stopped = |error| assert!(matches!(error, ClientError::Convicted(_)), "{error}");
        stopped(block_on(connection.status()).unwrap_err());
        stopped(block_on(connection.submit(&[1])).unwrap_err());
        stopped(block_on(connection.advance()).unwrap_err());
        // The kept reader remembers.
        let again = Trust::Kept(Box::new(connection.kept()));
        assert!(matches!(connect(&monday, again), Err(ClientError::Convicted(_))));
    }
}

/// Attacker: a node that hides what was final, such as a payment.
#[test]
fn a_chain_that_goes_back_is_refused() {
    let node = Node::of(world());
    let connection = connect(&node, chosen(&node)).unwrap();
    node.world().chain.roll_back(8).unwrap();
    assert_eq!(block_on(connection.status()).unwrap_err(), ClientError::Behind { trusted: 10 });
    assert_eq!(block_on(connection.advance()).unwrap_err(), ClientError::Behind { trusted: 10 });
    // The same blocks once more are the same chain.
    node.world().blocks(2);
    assert_eq!(block_on(connection.advance()).unwrap().height, 10);
}

#[test]
fn a_node_that_is_a_moment_behind_is_waited_for() {
    let node = Node::of(world());
    let connection = connect(&node, chosen(&node)).unwrap();
    node.world().chain.roll_back(8).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(std::time::Duration::from_millis(300));
            node.world().blocks(2);
        });
        assert_eq!(block_on(connection.status()).unwrap().height, 10);
    });
}

#[test]
fn what_was_chosen_counts_on() {
    let node = Node::of(world());
    let first = connect(&node, Trust::FirstContact).unwrap();
    let now_chosen = connect(&node, chosen(&node)).unwrap();
    block_on(now_chosen.resume(first.kept())).unwrap();
    assert_eq!(now_chosen.head().choice, Choice::Keys);
    block_on(first.resume(now_chosen.kept())).unwrap();
    assert_eq!(first.head().choice, Choice::Keys);
}

/// Attacker: a payer who fills blocks until an answer is larger than clients take. A node ends such an answer early.
#[test]
fn blocks_that_do_not_fit_one_answer_are_asked_for_in_parts() {
    let node = Node::of(world());
    let connection = connect(&node, chosen(&node)).unwrap();
    let whole = block_on(connection.compact_blocks(2..=9)).unwrap();
    for most in [1, 3, 7] {
        node.world().most_blocks = most;
        node.heard.lock().unwrap().clear();
        let parts = block_on(connection.compact_blocks(2..=9)).unwrap();
        assert!(parts.iter().map(|block| block.hash()).eq(whole.iter().map(|block| block.hash())));
        assert_eq!(node.heard.lock().unwrap().len(), 8_usize.div_ceil(most as usize));
    }
}

/// Attacker: a node without any key that leads a wallet to the block that changed the authorities and leaves the change out,
/// so that the wallet takes nothing of honest nodes any more.
#[test]
fn a_wallet_that_was_misled_at_a_change_of_authorities_goes_on() {
    let mut world = World::new();
    world.blocks(3);
    world.rotate(&person(61));
    let node = Node::of(world);
    let strip = |bytes: &[u8]| {
        let mut proven = Proven::from_bytes(bytes).unwrap();
        proven.steps.iter_mut().for_each(|step| step.rotation = None);
        proven.to_bytes()
    };
    node.lies(move |path, body| {
        if path.starts_with("/v1/head") {
            return strip(&body);
        }
        let Ok(mut json) = serde_json::from_slice::<serde_json::Value>(&body) else { return body };
        let Some(proof) = json["proof"].as_str().map(|proof| hex::decode(proof).unwrap()) else {
            return body;
        };
        json["proof"] = hex::encode(strip(&proof)).into();
        json.to_string().into_bytes()
    });
    let misled = connect(&node, chosen(&node)).unwrap();
    assert_eq!(misled.head().height, 4);
    let before = misled.kept();
    // The state under the head names the authorities: asking for it is enough.
    block_on(misled.status()).unwrap();
    assert_ne!(misled.kept().authorities(), before.authorities());
    node.is_honest();
    node.world().blocks(3);
    let honest = connect(&node, chosen(&node)).unwrap();
    block_on(honest.resume(before)).unwrap();
    assert_eq!(honest.head().height, 7);
}

/// A wallet that lay still for longer than keys are trusted goes on once its owner has chosen the chain anew, and only on the
/// chain that it knew.
#[test]
fn a_wallet_that_lay_still_goes_on_by_a_fresh_choice() {
    let mut world = World::of(serious());
    world.blocks(3);
    let node = Node::of(world);
    let at = |trust: Trust, now: u64| {
        block_on(Connection::connect_at(node.clone(), trust, Clock::new(move || now))).unwrap()
    };
    let kept = at(chosen(&node), BEGIN + 600).kept();
    let louver_core::ledger::Finality::Solo { trusting_period, .. } = serious().terms().finality.clone();
    let later = BEGIN + 700 + u64::from(trusting_period);
    let anybody = at(Trust::FirstContact, later);
    let expired = Err(ClientError::Untrusted(ReadError::Expired));
    assert_eq!(block_on(anybody.resume(kept.clone())), expired);
    let again = at(chosen(&node), later);
    block_on(again.resume(kept.clone())).unwrap();
    assert_eq!((again.head().height, again.head().choice), (3, Choice::Keys));
    // The same authorities with another past.
    let mut other = World::of(serious());
    let action =
        Action::Mint { asset: coin(), amount: louver_core::value::Value(1), to: Account::of(&person(1)) };
    other.operate(&person(9), action);
    other.blocks(5);
    let other = Node::of(other);
    let elsewhere =
        block_on(Connection::connect_at(other.clone(), chosen(&other), Clock::new(move || later))).unwrap();
    let refused = block_on(elsewhere.resume(kept)).unwrap_err();
    assert!(matches!(refused, ClientError::Contradicted { .. }), "{refused}");
}

#[test]
fn an_old_head_is_told() {
    let node = Node::of(world());
    let at = |after: u64| {
        let clock = Clock::new(move || BEGIN + 600 + after);
        block_on(Connection::connect_at(node.clone(), chosen(&node), clock)).unwrap().head()
    };
    assert_eq!(
        [0, 900, 901].map(|after| (at(after).age, at(after).is_old)),
        [(0, false), (900, false), (901, true)]
    );
}

/// Attacker: a node that hides every block of a chain in use, which shows by the age of the chain's genesis. A development
/// chain that nobody used yet has a genesis as old.
#[test]
fn a_development_chain_at_its_beginning_is_not_old() {
    const YEAR: u64 = 365 * 24 * 60 * 60;
    let is_old = |world: World| {
        let node = Node::of(world);
        let clock = Clock::new(|| BEGIN + YEAR);
        block_on(Connection::connect_at(node.clone(), chosen(&node), clock)).unwrap().head().is_old
    };
    assert!(!is_old(World::new()));
    assert!(is_old(World::of(serious())));
    assert!(is_old(world_of_blocks(1)));
}

/// Attacker: somebody who has a wallet restored from a date to come, so that it finds nothing.
#[test]
fn nothing_begins_at_a_date_to_come() {
    let node = Node::of(world());
    let at = |now: u64| {
        block_on(Connection::connect_at(node.clone(), chosen(&node), Clock::new(move || now))).unwrap()
    };
    let connection = at(BEGIN + 900);
    assert_eq!(block_on(connection.height_since(BEGIN + 900)), Ok(0));
    let to_come = block_on(connection.height_since(BEGIN + 901));
    assert_eq!(to_come, Err(ClientError::DateToCome(BEGIN + 901)));
    // A clock that is behind does not make the last block a date to come.
    let last = connection.head().time;
    assert_eq!(block_on(at(BEGIN + 500).height_since(last)), Ok(0));
    assert!(block_on(at(BEGIN + 500).height_since(last + 1)).is_err());
}

/// Attacker: a node with a clock of its own. Development chains have one, and nothing to lose.
#[test]
fn a_head_of_a_time_that_has_not_come_is_refused() {
    let mut world = World::of(serious());
    world.blocks(3);
    let node = Node::of(world);
    let at = |now: u64| {
        let connected = Connection::connect_at(node.clone(), chosen(&node), Clock::new(move || now));
        block_on(connected).map(|connection| connection.head().height)
    };
    assert_eq!(at(BEGIN + 60), Ok(3));
    assert_eq!(at(BEGIN + 59), Err(ClientError::Untrusted(ReadError::Ahead { seconds: 121 })));
    let development = Node::of(world_of_blocks(3));
    let connected = Connection::connect_at(development.clone(), chosen(&development), Clock::new(|| 0));
    assert_eq!(block_on(connected).unwrap().head().height, 3);
}

fn world_of_blocks(count: u32) -> World {
    let mut world = World::new();
    world.blocks(count);
    world
}

/// Attacker: strangers who register assets until nobody's wallet works.
#[test]
fn a_long_registry_is_never_read() {
    let mut world = World::new();
    let symbols: Vec<String> = (0..300).map(|number| format!("S{number}")).collect();
    let symbols: Vec<&str> = symbols.iter().map(String::as_str).collect();
    world.register(&symbols);
    let node = Node::of(world);
    let connection = connect(&node, chosen(&node)).unwrap();
    assert_eq!(connection.assets().iter().count(), 63);
    let id = |id| AssetId::new(id).unwrap();
    let asked = || node.heard.lock().unwrap().iter().filter(|path| path.starts_with("/v1/assets")).count();
    assert_eq!(asked(), 1);
    block_on(connection.learn_assets([id(5), id(200), id(201), id(255)])).unwrap();
    assert_eq!((asked(), connection.assets().iter().count()), (2, 63 + 64));
    block_on(connection.learn_named("S140#142")).unwrap();
    assert_eq!(connection.assets().name(id(142)), "S140");
    block_on(connection.parameters()).unwrap();
    assert_eq!(asked(), 3);
    for path in node.heard.lock().unwrap().iter().filter(|path| path.starts_with("/v1/assets")) {
        let ids: Vec<u64> =
            path[15..].split('&').next().unwrap().split(',').map(|id| id.parse().unwrap()).collect();
        assert!(ids.len() >= 63 && ids.iter().all(|id| id / 64 == ids[0] / 64), "{path}");
    }
    // The newest asset of an issuer is found by a few questions.
    let action =
        |symbol: &str| Action::RegisterAsset { symbol: symbol.to_owned(), decimals: 2, reference: vec![] };
    let faucet = Account::of(&faucet_key());
    let found = block_on(connection.registered(faucet, &action("S299"))).unwrap().unwrap();
    assert_eq!(found.id(), id(301));
    assert_eq!(block_on(connection.registered(faucet, &action("OTHER"))), Ok(None));
    assert_eq!(block_on(connection.registered(Account::of(&person(1)), &action("S299"))), Ok(None));
}
