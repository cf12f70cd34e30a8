use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use super::*;
use crate::transaction::examples::{context, signed};

fn block() -> CompactBlock {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let transactions = (0..)
        .zip(Shape::ALL)
        .map(|(index, shape)| {
            let verified = Verified::unchecked(signed(shape, &mut rng), context());
            CompactTransaction::new(index, &verified)
        })
        .collect();
    CompactBlock {
        height: 7,
        hash: [1; 32],
        previous: [2; 32],
        time: 1_700_000_000,
        epoch: Epoch(0),
        tree_size: 12,
        root: Anchor::empty_tree(),
        transactions,
    }
}

#[test]
fn blocks_round_trip() {
    let block = block();
    assert_eq!(CompactBlock::from_bytes(&block.to_bytes()), Ok(block));
}

#[test]
fn the_least_transaction_is_counted_right() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let verified = Verified::unchecked(signed(Shape::TwoByThree, &mut rng), context());
    assert_eq!(CompactTransaction::new(0, &verified).to_bytes().len(), CompactTransaction::LEAST);
}

#[test]
fn counts_are_capped_before_anything_is_allocated() {
    let mut bytes = CompactBlock { transactions: Vec::new(), ..block() }.to_bytes();
    let at = bytes.len() - 4;
    bytes[at..].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(CompactBlock::from_bytes(&bytes), Err(DecodeError::CountTooLarge { count: u32::MAX.into() }));
}

#[test]
fn transactions_stand_in_order() {
    let mut block = block();
    block.transactions.swap(0, 1);
    let refused = DecodeError::NotCanonical { what: "the order of a block's transactions" };
    assert_eq!(CompactBlock::from_bytes(&block.to_bytes()), Err(refused));
}
