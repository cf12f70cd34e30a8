use louver_chain::{
    inclusion::{TRANSACTIONS, transactions_root},
    state::{Section, opening::Question},
    testing::coin,
};
use louver_core::spec::b32;

use super::*;
use crate::testing::{World, quorum, state};

fn verify(world: &World, evidence: &Evidence) -> Result<(), EvidenceError> {
    assert_eq!(Evidence::from_bytes(&evidence.to_bytes()).as_ref(), Ok(evidence));
    evidence.verify(&world.hash(), &world.authorities)
}

/// It holds, and neither for other authorities nor another chain, nor with any byte altered.
fn holds(world: &World, evidence: &Evidence) {
    verify(world, evidence).unwrap();
    assert!(evidence.verify(&world.hash(), &quorum(1, &[7])).is_err());
    assert!(evidence.verify(&GenesisHash([1; 32]), &world.authorities).is_err());
    let bytes = evidence.to_bytes();
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        let held = Evidence::from_bytes(&flipped)
            .is_ok_and(|evidence| evidence.verify(&world.hash(), &world.authorities).is_ok());
        assert!(!held, "byte {at}");
    }
}

/// A server gains by accusing honest authorities.
#[test]
fn an_honest_chain_gives_no_evidence() {
    let world = World::new();
    for (earlier, later) in [(3, 4), (3, 3), (4, 3), (3, 17), (1, 20)] {
        let blocks = Box::new([world.sealed(earlier), world.sealed(later)]);
        assert!(verify(&world, &Evidence::TwoHeads(blocks.clone())).is_err());
        assert!(verify(&world, &Evidence::Broken { blocks: blocks.clone(), link: Link::Previous }).is_err());
        for at in 0..later {
            let path = world.chain.history_path(at, later).unwrap().unwrap();
            let hash = if at == 0 { BlockHash(world.hash().0) } else { world.header(at).hash() };
            let link = Link::History { hash, path };
            assert!(verify(&world, &Evidence::Broken { blocks: blocks.clone(), link }).is_err());
        }
    }
    let supply = world.chain.open_state(Question::Supply(coin())).unwrap().unwrap();
    let block = Box::new(world.sealed(20));
    let honest = Evidence::Supply { block, supply: Box::new(supply) };
    assert_eq!(verify(&world, &honest), Err(EvidenceError::NothingWrong));
}

#[test]
fn two_branches_are_shown_by_any_two_of_their_blocks() {
    let world = World::new();
    let mut forked = world.header(5);
    forked.time += 1;
    let forked = world.seal(forked);
    holds(&world, &Evidence::TwoHeads(Box::new([world.sealed(5), forked.clone()])));
    let next = Box::new([forked.clone(), world.sealed(6)]);
    holds(&world, &Evidence::Broken { blocks: next, link: Link::Previous });
    let far = Box::new([forked, world.sealed(17)]);
    let path = world.chain.history_path(5, 17).unwrap().unwrap();
    let link = Link::History { hash: world.header(5).hash(), path };
    holds(&world, &Evidence::Broken { blocks: far, link });
}

/// A deposit of the world, with its place in block 2.
fn deposit(world: &World) -> (Transaction, usize) {
    let block = world.chain.block(2).unwrap().unwrap();
    let found = block.transactions().iter().cloned().enumerate();
    let mut shielded = found.filter_map(|(place, transaction)| Some((transaction.into_shielded()?, place)));
    shielded.next().unwrap()
}

/// Attacker: authorities who show a receiver's wallet another payment than was made.
#[test]
fn a_compact_form_that_is_not_the_transaction_s_own_is_shown() {
    let world = World::new();
    let (transaction, place) = deposit(&world);
    let asset = |world: &World| world.chain.open_state(Question::Asset(coin())).unwrap().unwrap();
    let mut leaves = world.chain.block(2).unwrap().unwrap().leaves();
    let evidence = |leaves: &[Leaf], state_root| {
        let hashes: Vec<_> = leaves.iter().map(Leaf::hash).collect();
        let header = Header { transactions_root: transactions_root(leaves), state_root, ..world.header(2) };
        Evidence::CompactForm {
            block: Box::new(world.seal(header)),
            transaction: Box::new(transaction.clone()),
            compact: leaves[place].compact,
            path: TRANSACTIONS.path(&hashes, place as u64).unwrap(),
            assets: vec![asset(&world)],
        }
    };
    let root = world.header(20).state_root;
    assert_eq!(verify(&world, &evidence(&leaves, root)), Err(EvidenceError::NothingWrong));
    leaves[place].compact = [3; 32];
    holds(&world, &evidence(&leaves, root));
    // Without the transaction's assets nothing is shown.
    let Evidence::CompactForm { block, transaction, compact, path, .. } = evidence(&leaves, root) else {
        unreachable!()
    };
    let bare = Evidence::CompactForm { block, transaction, compact, path, assets: Vec::new() };
    assert_eq!(verify(&world, &bare), Err(EvidenceError::Proof));
}

/// Attacker: authorities who let more out of the pool than went in, and hide it in the state.
#[test]
fn a_pool_that_holds_more_than_was_issued_is_shown() {
    let world = World::new();
    let (asset, issued, in_pool) = (coin(), 5u64, 6u64);
    let value = [issued.to_le_bytes(), in_pool.to_le_bytes()].concat();
    let key_hash = b32(b"LouverSupplyKey", &[&asset.to_le_bytes()]);
    let leaf = b32(b"LouverSupplyLeaf", &[&key_hash, &b32(b"LouverSupplyVal", &[&value])]);
    let root = b32(b"LouverSupplyRoot", &[&leaf]);
    // Kind, asset and amounts; the map's root; a proof of the only key: it ends at the value, without hashes.
    let fact = [&[2][..], &asset.to_le_bytes(), &value, &root, &[1, 0, 0]].concat();
    let (state_root, supply) = state(Section::Supply, root, &fact);
    let block = Box::new(world.seal(Header { state_root, ..world.header(5) }));
    holds(&world, &Evidence::Supply { block, supply: Box::new(supply) });
}
