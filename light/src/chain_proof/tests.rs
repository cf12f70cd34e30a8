use louver_chain::testing::{coin, genesis};

use super::*;
use crate::testing::{BLOCKS, World};

/// The proof of the transaction at a place of a block under a head, whole or compact.
fn proof(world: &World, (height, place): (u32, u32), head: u32, whole: bool) -> ChainProof {
    let block = world.chain.block(height).unwrap().unwrap();
    let (leaf, path) = world.chain.transaction_path(height, place).unwrap().unwrap();
    let shown = match whole {
        true => Shown::Whole {
            transaction: Box::new(block.transactions()[place as usize].clone()),
            compact: leaf.compact,
        },
        false => {
            let compact = world.chain.compact_block(height).unwrap().unwrap();
            Shown::Compact(compact.entries()[place as usize].clone())
        }
    };
    let history = if height == head { None } else { world.chain.history_path(height, head).unwrap() };
    ChainProof { shown, place: path, block: block.header().clone(), history, head: world.sealed(head) }
}

fn reader(world: &World) -> Reader {
    let mut reader = Reader::of_keys(world.genesis(), world.now());
    reader.advance(world.step(0, BLOCKS), world.now()).unwrap();
    reader
}

#[test]
fn every_transaction_is_shown_under_every_later_head() {
    let world = World::new();
    let reader = reader(&world);
    for height in [1, 2, 5, 19, 20] {
        for place in 0..2 {
            for head in height..=BLOCKS {
                for whole in [false, true] {
                    let proof = proof(&world, (height, place), head, whole);
                    assert_eq!(ChainProof::from_bytes(&proof.to_bytes()).as_ref(), Ok(&proof));
                    let included = proof.verify(&reader).unwrap();
                    assert_eq!((included.block.height, included.head.height), (height, head));
                    assert_eq!((included.place, included.choice), (place.into(), Choice::Keys));
                    proof.verify_by_keys(&world.hash(), &world.authorities).unwrap();
                    proof.verify_by_pin(world.header(head).hash()).unwrap();
                    assert!(proof.verify_by_pin(world.header(1 + head % BLOCKS).hash()).is_err());
                }
            }
        }
    }
}

/// A debtor gains by showing a payment that was never made, or an older or a later one. He lies in each byte of the file,
/// one at a time.
#[test]
fn no_altered_proof_holds() {
    let world = World::new();
    let reader = reader(&world);
    for (height, place, head, whole) in
        [(2, 2, 20, true), (2, 2, 20, false), (5, 0, 5, true), (19, 1, 20, false)]
    {
        let good = proof(&world, (height, place), head, whole);
        let bytes = good.to_bytes();
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            let Ok(altered) = ChainProof::from_bytes(&flipped) else { continue };
            // The reader knows the head by its hash; whoever has only the keys needs every seal.
            let by_keys = altered.verify_by_keys(&world.hash(), &world.authorities);
            assert!(by_keys.is_err(), "byte {at}");
            let shown = altered.verify(&reader);
            assert!(
                shown.is_err() || (altered.shown == good.shown && altered.block == good.block),
                "byte {at}"
            );
        }
    }
}

#[test]
fn a_compact_form_is_had_of_both_ways_to_show_a_transaction() {
    let world = World::new();
    let context = |transaction: &ChainTransaction| {
        let ChainTransaction::Shielded(transaction) = transaction else { return None };
        let effects = transaction.effects();
        let asset = genesis().terms().assets.iter().find(|asset| asset.id() == coin()).cloned()?;
        TxContext::of(world.hash(), effects.public_side(), effects.fee(), |_| Ok::<_, ()>(asset.hash())).ok()
    };
    let [compact, whole] = [false, true].map(|whole| proof(&world, (2, 2), 20, whole).shown);
    let form = compact.compact_form(|_| None).unwrap();
    assert_eq!(whole.compact_form(context), Some(form));
    // With the wrong context it is not the form that the block binds.
    let wrong = |transaction: &ChainTransaction| {
        let ChainTransaction::Shielded(transaction) = transaction else { return None };
        let effects = transaction.effects();
        let hash = |_| Ok::<_, ()>(louver_core::asset::DescriptorHash::default());
        TxContext::of(world.hash(), effects.public_side(), effects.fee(), hash).ok()
    };
    assert_eq!(whole.compact_form(wrong), None);
    assert_eq!(proof(&world, (2, 0), 20, true).shown.compact_form(context), None);
}

/// A head is final, or shows nothing.
#[test]
fn a_proof_without_finality_shows_nothing() {
    let world = World::new();
    let mut bare = proof(&world, (2, 0), 15, true);
    bare.head.seals = crate::Seals::default();
    assert!(matches!(bare.verify(&reader(&world)), Err(ProofError::Seal(SealError::TooFew { .. }))));
    // Under the very head that the reader trusts, no seals are needed.
    let mut bare = proof(&world, (2, 0), BLOCKS, true);
    bare.head.seals = crate::Seals::default();
    bare.verify(&reader(&world)).unwrap();
    let mut lost = proof(&world, (2, 0), 15, true);
    lost.history = None;
    assert_eq!(lost.verify(&reader(&world)), Err(ProofError::NoHistory));
}

/// At most 4 kB beyond the transaction: after 2^32 - 1 blocks, in a block of 1,000, with the seals of 20 authorities.
#[test]
fn a_proof_is_short() {
    let world = World::new();
    let small = proof(&world, (2, 0), 3, true);
    let beyond = |proof: &ChainProof| proof.to_bytes().len() - proof.shown.to_bytes().len();
    let path = |index, count, hashes| Path::new(index, count, vec![[0; 32]; hashes]).unwrap();
    let place = path(0, 1_000, 10);
    let history = Some(path(0, u64::from(u32::MAX), 32));
    let large = ChainProof { place, history, ..small };
    assert!(beyond(&large) + 18 * 65 <= 4096, "{}", beyond(&large));
}
