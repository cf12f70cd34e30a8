//! `[sealed-lies]`: what authorities sealed and must not have makes a file that anybody checks; what nobody sealed accuses
//! nobody.

use louver_chain::{Block, inclusion::transactions_root};
use louver_light::Evidence;
use louver_wallet::follow::Ask;

use super::*;

/// The last block of a world, with another compact form of its only transaction of the pool than the transaction's own.
fn bent(world: &World) -> Block {
    let height = world.chain.height();
    let bytes = world.chain.block_bytes(height).unwrap().unwrap();
    let block = Block::from_bytes(&bytes).unwrap();
    let mut leaves = block.leaves();
    let right = core::mem::replace(&mut leaves[0].compact, [3; 32]);
    let swap = |bytes: Vec<u8>, old: [u8; 32], new: [u8; 32]| {
        let at = bytes.windows(32).rposition(|window| window == old).unwrap();
        [&bytes[..at], &new, &bytes[at + 32..]].concat()
    };
    let bytes = swap(bytes, right, [3; 32]);
    let bytes = swap(bytes, block.header().transactions_root, transactions_root(&leaves));
    Block::from_bytes(&bytes).unwrap()
}

/// A world that ends with a payment into the pool, before or after its authorities changed.
fn paid(changed: bool) -> World {
    let mut world = World::new();
    world.mint(&person(1), coin(), 1_000);
    if changed {
        world.rotate(&person(61));
    }
    world.deposit(1, &person(1), 50);
    world
}

/// A way in which the whole block of a height is read.
type AskBlock = fn(&Connection, u32) -> Result<(), ClientError>;

/// The ways in which whole blocks are read: by wallets, and by auditors, packages and proofs.
fn asks() -> [AskBlock; 2] {
    [
        |connection, height| block_on(connection.answer(Ask::Whole(height))).map(drop),
        |connection, height| {
            let block = block_on(connection.block(height))?;
            block_on(connection.shielded(block)).map(drop)
        },
    ]
}

/// Attacker: authorities who show wallets and auditors another payment than was made.
#[test]
fn a_sealed_compact_form_that_is_not_the_transactions_own_is_evidence() {
    for changed in [false, true] {
        for ask in asks() {
            let mut world = paid(changed);
            let height = world.chain.height();
            let node = Node::of(paid(changed));
            let honest = connect(&node, chosen(&node)).unwrap();
            ask(&honest, height).unwrap();
            world.bent = Some(bent(&world));
            let node = Node::of(world);
            let connection = connect(&node, chosen(&node)).unwrap();
            let refused = ask(&connection, height).unwrap_err();
            assert!(matches!(refused, ClientError::Convicted(_)), "{refused}");
            // The file is checked without a node, by whoever has the genesis.
            let file = connection.evidence().unwrap().to_bytes();
            let of_genesis = Reader::of_keys(node.world().genesis(), 0);
            let evidence = Evidence::from_bytes(&file).unwrap();
            evidence.verify(&of_genesis.genesis(), of_genesis.authorities()).unwrap();
            // Nothing goes on, and the kept reader remembers.
            assert!(matches!(block_on(connection.status()), Err(ClientError::Convicted(_))));
            assert!(Reader::from_bytes(&connection.kept().to_bytes()).unwrap().evidence().is_some());
        }
    }
}

/// Attacker: a node that would have its clients accuse honest authorities, and stop.
#[test]
fn a_compact_form_that_nobody_sealed_accuses_nobody() {
    for ask in asks() {
        let node = Node::of(paid(true));
        let height = node.world().chain.height();
        let connection = connect(&node, chosen(&node)).unwrap();
        let forged = bent(&node.world());
        let body = forged.to_bytes();
        node.lies(move |asked, honest| if asked.starts_with("/v1/blocks/") { body.clone() } else { honest });
        let refused = ask(&connection, height).unwrap_err();
        assert!(matches!(refused, ClientError::Contradicted { .. }), "{refused}");
        assert_eq!(connection.evidence(), None);
        node.is_honest();
        ask(&connection, height).unwrap();
        // Nor does a block that somebody else brought.
        let refused = block_on(connection.shielded(forged)).unwrap_err();
        assert!(matches!(refused, ClientError::Contradicted { .. }), "{refused}");
        assert_eq!(connection.evidence(), None);
    }
}

/// A block that was pinned is trusted without seals.
#[test]
fn a_false_form_under_a_pinned_block_is_refused() {
    let mut world = paid(false);
    world.bent = Some(bent(&world));
    let (height, hash) = (world.chain.height(), world.sealed(world.chain.height()).header.hash());
    let node = Node::of(world);
    let genesis = node.world().genesis().hash();
    let pin = Trust::Block { genesis, pin: Pin(louver_light::reader::Pin { height, hash }) };
    let connection = connect(&node, pin).unwrap();
    let refused = asks()[0](&connection, height).unwrap_err();
    assert!(matches!(refused, ClientError::Contradicted { .. }), "{refused}");
    assert_eq!(connection.evidence(), None);
}
