//! `[offline-proof]`: a package's transactions are shown without a node, and lies in the file are noticed.

use std::collections::BTreeSet;

use louver_core::transaction::TxId;
use louver_light::{Seals, chain_proof::ProofError, seal::SealError};
use louver_viewkeys::report::ChainChoice;
use serde_json::Value;

use super::*;
use crate::{
    connection::offline::Needs,
    offline::{OfflineError, OfflineProof, PastBlock},
};

const NOW: u64 = BEGIN + 100_000;

fn id(id: u64) -> AssetId {
    AssetId::new(id).unwrap()
}

/// The transactions of the pool of a world, each with its height.
fn deposits(connection: &Connection) -> BTreeSet<(u32, TxId)> {
    let of = |height: u32| {
        let block = block_on(connection.block(height)).unwrap();
        let shielded = block_on(connection.shielded(block)).unwrap();
        shielded.into_iter().map(move |(_, txid, _)| (height, txid))
    };
    (1..=connection.head().height).flat_map(of).collect()
}

/// Transactions, whole, with assets.
fn whole<const N: usize>(wanted: &BTreeSet<(u32, TxId)>, assets: [AssetId; N]) -> Needs {
    Needs { whole: wanted.clone(), assets: BTreeSet::from(assets), ..Needs::default() }
}

/// A proof of the deposit of a node's world, with the asset that is not of genesis.
fn made(node: &Arc<Node>) -> (OfflineProof, BTreeSet<(u32, TxId)>) {
    let connection = connect(node, chosen(node)).unwrap();
    let wanted = deposits(&connection);
    assert!(!wanted.is_empty());
    let proof = block_on(connection.prove_offline(whole(&wanted, [coin(), id(2)]))).unwrap().unwrap();
    (proof, wanted)
}

#[test]
fn a_transaction_is_shown_without_a_node() {
    let node = Node::of(world());
    let (proof, wanted) = made(&node);
    let proof = OfflineProof::from_bytes(&proof.to_bytes()).unwrap();
    let hash = node.world().genesis().hash();
    let shown = proof.check(&Trust::Genesis(hash), NOW).unwrap();
    for (height, txid) in &wanted {
        let found = shown.found.get(*height, txid).unwrap();
        assert_eq!((found.height, found.txid), (*height, *txid));
        assert!(shown.found.get(height + 1, txid).is_none());
    }
    let connection = connect(&node, chosen(&node)).unwrap();
    assert_eq!(shown.rules, block_on(connection.rules()).unwrap());
    assert_eq!(shown.assets.get(id(2)), connection.assets().get(id(2)));
    assert!(shown.assets.get(id(3)).is_none(), "no more than what the package names");
    let ground = &shown.ground;
    assert_eq!((ground.head.height, ground.chosen, ground.offline), (10, ChainChoice::Genesis, true));
    // Years later it is an old head, and as true as ever.
    let later = proof.check(&Trust::Genesis(hash), NOW + 400_000_000).unwrap();
    assert_eq!((later.ground.head.is_old, later.ground.chosen), (true, ChainChoice::Genesis));
    // Nothing that was not chosen is guaranteed.
    assert_eq!(proof.check(&Trust::FirstContact, NOW).unwrap().ground.chosen, ChainChoice::Nothing);
    let kept = |trust| Trust::Kept(Box::new(connect(&node, trust).unwrap().kept()));
    let chosen_by = |trust: &Trust| proof.check(trust, NOW).unwrap().ground.chosen;
    assert_eq!(chosen_by(&kept(chosen(&node))), ChainChoice::Genesis);
    assert_eq!(chosen_by(&kept(Trust::FirstContact)), ChainChoice::Nothing);
}

#[test]
fn a_block_that_the_proof_shows_can_be_chosen() {
    let node = Node::of(world());
    let (proof, wanted) = made(&node);
    let (genesis, paid) = (node.world().genesis().hash(), wanted.first().unwrap().0);
    let hash = |height: u32| node.world().chain.block(height).unwrap().unwrap().header().hash();
    let at = |height, hash| {
        let pin = Pin(louver_light::reader::Pin { height, hash });
        proof.check(&Trust::Block { genesis, pin }, NOW).map(|shown| shown.ground.chosen)
    };
    // An earlier block is shown to be there. It does not say which keys sealed those after it: the genesis does.
    for (height, chosen) in
        [(paid, ChainChoice::Genesis), (5, ChainChoice::Genesis), (10, ChainChoice::Block)]
    {
        assert_eq!(at(height, hash(height)), Ok(chosen), "{height}");
        let other = at(height, louver_chain::BlockHash([1; 32]));
        assert_eq!(other, Err(OfflineError::OtherBlock { height }));
    }
    assert_eq!(at(7, hash(7)), Err(OfflineError::OtherBlock { height: 7 }));
}

/// Attacker: a debtor who shows a payment on a chain that he made himself.
#[test]
fn a_proof_of_another_chain_is_refused() {
    let node = Node::of(world());
    let (proof, _) = made(&node);
    let refused = proof.check(&Trust::Genesis(GenesisHash([7; 32])), NOW).unwrap_err();
    assert!(matches!(refused, OfflineError::OtherGenesis { .. }), "{refused}");
    // The chosen genesis in front of the other chain's blocks.
    let mut other = World::of(serious());
    other.blocks(1);
    let grafted = OfflineProof { genesis: other.genesis().clone(), ..proof };
    let refused = grafted.check(&Trust::Genesis(other.genesis().hash()), NOW).unwrap_err();
    assert!(matches!(refused, OfflineError::Head(_)), "{refused}");
}

/// Attacker: whoever seals a head without the authorities; and whoever shows another branch to one who knows the block.
#[test]
fn a_head_that_is_not_final_is_refused() {
    let node = Node::of(world());
    let (proof, _) = made(&node);
    let mut bare = proof.clone();
    bare.proven.steps.last_mut().unwrap().sealed.seals = Seals::default();
    let refused = bare.check(&chosen(&node), NOW).unwrap_err();
    assert!(matches!(refused, OfflineError::Head(ReadError::Seal(SealError::TooFew { .. }))), "{refused}");
    // Without the hand-over, the new authorities' seals count for nothing.
    let mut skips = proof.clone();
    let rotation = skips.proven.steps.iter_mut().find_map(|step| step.rotation.take());
    assert!(rotation.is_some());
    assert!(matches!(skips.check(&chosen(&node), NOW), Err(OfflineError::Head(_))));
    let mut other = World::new();
    other.mint(&person(1), coin(), 1_000);
    other.blocks(9);
    let kept = connect(&Node::of(other), chosen(&node)).unwrap().kept();
    let refused = proof.check(&Trust::Kept(Box::new(kept)), NOW).unwrap_err();
    assert_eq!(refused, OfflineError::OtherHead { height: 10 });
}

/// Attacker: a debtor together with a thief of keys that were replaced, who seals a payment with them and leaves the change
/// of keys out. Somebody who followed the chain past the change does not take it, whatever height it is at.
#[test]
fn keys_that_a_kept_reader_saw_replaced_seal_nothing() {
    let node = Node::of(world());
    let kept = connect(&node, chosen(&node)).unwrap().kept();
    let genesis = node.world().genesis().hash();
    let hash = node.world().chain.block(9).unwrap().unwrap().header().hash();
    let pin = Trust::Block { genesis, pin: Pin(louver_light::reader::Pin { height: 9, hash }) };
    let pinned = connect(&node, pin).unwrap().kept();
    let changed = kept.known_blocks().next().unwrap().0;
    assert!(changed < 10);
    for height in [changed + 1, 9, 10, 14] {
        let mut forged = World::new();
        forged.mint(&person(1), coin(), 1_000);
        forged.deposit(1, &person(1), 50);
        forged.blocks(height - 2);
        let forged = Node::of(forged);
        let connection = connect(&forged, chosen(&forged)).unwrap();
        let proof = block_on(connection.prove_offline(whole(&deposits(&connection), []))).unwrap().unwrap();
        // By the genesis alone it is believed: nothing else was chosen.
        assert!(proof.check(&chosen(&node), NOW).is_ok());
        let refused = proof.check(&Trust::Kept(Box::new(kept.clone())), NOW).unwrap_err();
        assert_eq!(refused, OfflineError::OtherHead { height: changed });
        // A reader of a chosen block does not know when the keys changed, but who seals after that block.
        let refused = proof.check(&Trust::Kept(Box::new(pinned.clone())), NOW).err();
        let expected = match height {
            14 => Some(OfflineError::OtherAuthorities { height: 10 }),
            10 => Some(OfflineError::OtherHead { height: 10 }),
            _ => None,
        };
        assert_eq!(refused, expected, "{height}");
    }
    // The chain's own proofs are taken, older and newer than the reader.
    let (proof, _) = made(&node);
    assert!(proof.check(&Trust::Kept(Box::new(kept.clone())), NOW).is_ok());
    node.world().rotate(&person(62));
    node.world().blocks(3);
    let (newer, _) = made(&node);
    for reader in [kept, pinned] {
        assert!(newer.check(&Trust::Kept(Box::new(reader)), NOW).is_ok());
    }
    let later = connect(&node, chosen(&node)).unwrap().kept();
    assert!(proof.check(&Trust::Kept(Box::new(later)), NOW).is_ok());
}

/// Attacker: a debtor who shows one payment as another, or under a head that is not the proof's.
#[test]
fn a_transaction_of_another_block_is_refused() {
    let mut two = world();
    two.deposit(2, &person(1), 7);
    let node = Node::of(two);
    let (proof, wanted) = made(&node);
    assert_eq!(wanted.len(), 2);
    let check = |proof: &OfflineProof| proof.check(&chosen(&node), NOW).map(drop).unwrap_err();
    let mut swapped = proof.clone();
    let block = swapped.transactions[0].block.clone();
    swapped.transactions[1].block = block;
    assert!(matches!(check(&swapped), OfflineError::Transaction { place: 2, .. }));
    let mut swapped = proof.clone();
    let place = swapped.transactions[1].shown.clone();
    swapped.transactions[0].shown = place;
    assert!(matches!(check(&swapped), OfflineError::Transaction { place: 1, error: ProofError::Place(_) }));
    let mut elsewhere = proof.clone();
    elsewhere.transactions[0].head = node.world().sealed(10);
    assert_eq!(check(&elsewhere), OfflineError::UnderOtherHead { place: 1 });
    // A compact form is there, and is not a transaction of the pool with all of its bytes.
    let (height, _) = *wanted.first().unwrap();
    let compact = node.world().chain.compact_block(height).unwrap().unwrap().entries()[0].clone();
    let mut short = proof.clone();
    short.transactions[0].shown = louver_light::chain_proof::Shown::Compact(compact);
    assert!(
        short.check(&chosen(&node), NOW).unwrap().found.get(height, &wanted.first().unwrap().1).is_none()
    );
    // One that the proof lacks is not found.
    let mut lacks = proof;
    lacks.transactions.pop();
    let (height, txid) = wanted.last().unwrap();
    assert!(lacks.check(&chosen(&node), NOW).unwrap().found.get(*height, txid).is_none());
    let connection = connect(&node, chosen(&node)).unwrap();
    let none = BTreeSet::from([(*height - 1, *txid)]);
    assert_eq!(block_on(connection.prove_offline(whole(&none, []))), Ok(None));
    let none = BTreeSet::from([(4_000, *txid), (0, *txid)]);
    assert_eq!(block_on(connection.prove_offline(whole(&none, []))), Ok(None));
}

/// Attacker: a debtor whose worthless coin is written with the symbol or the decimals of a good one.
#[test]
fn swapped_assets_and_hidden_rules_are_refused() {
    let node = Node::of(world());
    let (proof, _) = made(&node);
    let check = |proof: &OfflineProof| proof.check(&chosen(&node), NOW).map(drop);
    let connection = connect(&node, chosen(&node)).unwrap();
    let wanted = deposits(&connection);
    let gold = block_on(connection.prove_offline(whole(&wanted, [id(3)]))).unwrap().unwrap();
    let last = |proof: &OfflineProof| proof.proven.openings.last().unwrap().clone();
    let eurx = last(&proof).to_bytes();
    let mut swapped = proof.clone();
    *swapped.proven.openings.last_mut().unwrap() = last(&gold);
    let shown = swapped.check(&chosen(&node), NOW).unwrap();
    assert!(shown.assets.get(id(2)).is_none(), "the other asset does not stand for it");
    for altered in 1..eurx.len() {
        let mut bytes = eurx.clone();
        bytes[altered] ^= 1;
        let Ok(opening) = Decode::from_bytes(&bytes) else { continue };
        *swapped.proven.openings.last_mut().unwrap() = opening;
        let refused = check(&swapped).unwrap_err();
        assert!(matches!(refused, OfflineError::Head(ReadError::Opening(_))), "byte {altered}: {refused}");
    }
    let mut hidden = proof.clone();
    hidden.proven.openings.remove(0);
    assert_eq!(check(&hidden), Err(OfflineError::Facts));
    let mut twice = proof;
    let rules = twice.proven.openings[0].clone();
    twice.proven.openings.push(rules);
    assert_eq!(check(&twice), Err(OfflineError::Facts));
}

/// Attacker: whoever alters the file on its way, in any byte.
#[test]
fn no_flipped_byte_changes_a_verdict() {
    let node = Node::of(world());
    let (proof, wanted) = made(&node);
    let verdict = |proof: &OfflineProof| {
        let shown = proof.check(&chosen(&node), NOW).ok()?;
        let found = wanted.iter().map(|(height, txid)| shown.found.get(*height, txid));
        let found: Vec<_> =
            found.map(|found| found.map(|found| (found.time, found.transaction.to_bytes()))).collect();
        let assets: Vec<_> = shown.assets.iter().cloned().collect();
        Some((found, assets, shown.rules, shown.ground))
    };
    let honest = verdict(&proof).unwrap();
    assert!(honest.0.iter().all(Option::is_some));
    let bytes = proof.to_bytes();
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        let Ok(flipped) = OfflineProof::from_bytes(&flipped) else { continue };
        if let Some(told) = verdict(&flipped) {
            assert!(told == honest, "byte {at}");
        }
    }
}

/// Attacker: whoever brings a key of his own, under which everything is proven.
#[test]
fn a_key_that_the_chain_does_not_name_is_refused() {
    let node = Node::of(world());
    let (proof, _) = made(&node);
    assert!(proof.keys.is_empty(), "every build has the keys of a development chain");
    for key in
        [b"a key of my own, as long as keys may be or longer, for I have made it".to_vec(), vec![0; 3_023]]
    {
        let forged = OfflineProof { keys: vec![key], ..proof.clone() };
        let forged = OfflineProof::from_bytes(&forged.to_bytes()).unwrap();
        let refused = forged.check(&chosen(&node), NOW).unwrap_err();
        assert_eq!(refused, OfflineError::Key { place: 1 });
    }
    let many = OfflineProof { keys: vec![vec![1; 64]; OfflineProof::MOST_KEYS + 1], ..proof };
    assert!(OfflineProof::from_bytes(&many.to_bytes()).is_err());
}

#[test]
fn long_lists_are_no_proof() {
    let (proof, _) = made(&Node::of(world()));
    let past = |proof: &OfflineProof| PastBlock {
        header: proof.transactions[0].block.clone(),
        history: proof.transactions[0].history.clone(),
    };
    let with = |openings: usize, transactions: usize, trees: usize| {
        let mut proof = proof.clone();
        proof.proven.openings = vec![proof.proven.openings[0].clone(); openings];
        proof.transactions = vec![proof.transactions[0].clone(); transactions];
        proof.trees = vec![past(&proof); trees];
        OfflineProof::from_bytes(&proof.to_bytes()).map(drop)
    };
    // All that a package names.
    assert_eq!(with(2, louver_viewkeys::package::Items::MOST_TRANSACTIONS, 1), Ok(()));
    assert!(with(2, OfflineProof::MOST_TRANSACTIONS + 1, 1).is_err());
    assert_eq!(with(OfflineProof::MOST_OPENINGS, 1, OfflineProof::MOST_TREES), Ok(()));
    assert!(with(OfflineProof::MOST_OPENINGS + 1, 1, 1).is_err());
    assert!(with(2, 1, OfflineProof::MOST_TREES + 1).is_err());
}

/// Statements and books rest on a tree of notes, on a snapshot, and on transactions in their compact form.
///
/// Attacker: an owner who shows the tree of a block that is not the chain's, or a later tree as an earlier one; and a node without
/// what is named.
#[test]
fn trees_snapshots_and_compact_transactions_are_shown_without_a_node() {
    let node = Node::of(lies::with_snapshots());
    let connection = connect(&node, chosen(&node)).unwrap();
    let compact = deposits(&connection);
    let (index, entry) = block_on(connection.snapshots(0)).unwrap()[0];
    let trees = BTreeSet::from([3, connection.head().height]);
    let needs = Needs { compact, snapshots: BTreeSet::from([index]), trees, ..Needs::default() };
    let made = |needs: &Needs| block_on(connection.prove_offline(needs.clone())).unwrap();
    let proof = OfflineProof::from_bytes(&made(&needs).unwrap().to_bytes()).unwrap();
    let shown = proof.check(&chosen(&node), NOW).unwrap();
    assert!(!needs.compact.is_empty() && shown.assets.get(id(2)).is_none());
    let there = shown.compact.iter().map(|found| (found.height, found.transaction.txid));
    assert_eq!(there.collect::<BTreeSet<_>>(), needs.compact);
    assert_eq!(
        shown.snapshots.iter().map(|found| (found.index, found.entry)).collect::<Vec<_>>(),
        [(index, entry)]
    );
    let header = |height| block_on(connection.header(height)).unwrap();
    for (tree, height) in shown.trees.iter().zip([3, connection.head().height]) {
        assert_eq!((tree.height, tree.root, tree.time), (height, header(height).anchor, header(height).time));
    }
    let check = |proof: &OfflineProof| proof.check(&chosen(&node), NOW).map(drop);
    let mut other = proof.clone();
    other.trees[0].header.anchor = other.trees[1].header.anchor;
    assert_eq!(check(&other), Err(OfflineError::Tree { height: 3 }));
    let mut later = proof.clone();
    later.trees[0].header = later.trees[1].header.clone();
    assert_eq!(check(&later), Err(OfflineError::Tree { height: connection.head().height }));
    for lacking in [
        Needs { snapshots: BTreeSet::from([index, 900]), ..needs.clone() },
        Needs { trees: BTreeSet::from([4_000]), ..needs.clone() },
        Needs { compact: BTreeSet::from([(2, TxId([7; 32]))]), ..needs.clone() },
    ] {
        assert!(made(&lacking).is_none(), "{lacking:?}");
    }
}

/// Attacker: a node that gives a proof which nobody takes when it matters.
#[test]
fn a_node_that_lies_makes_no_proof() {
    let node = Node::of(world());
    let connection = connect(&node, chosen(&node)).unwrap();
    let wanted = deposits(&connection);
    let make = || block_on(connection.prove_offline(whole(&wanted, [id(2)])));
    node.says("/v1/status", |json| json["proof"] = Value::Null);
    assert!(matches!(make(), Err(ClientError::Unproven { .. })));
    node.says("/v1/assets", |json| json["proof"] = Value::Null);
    assert!(matches!(make(), Err(ClientError::Unproven { .. })));
    node.is_honest();
    assert!(make().unwrap().is_some());
}
