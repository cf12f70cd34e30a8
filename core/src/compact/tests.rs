use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use super::*;
use crate::transaction::examples::{context, signed};

fn compact(shape: Shape) -> CompactTransaction {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    CompactTransaction::new(&Verified::unchecked(signed(shape, &mut rng), context()))
}

#[test]
fn transactions_round_trip() {
    for compact in Shape::ALL.map(compact) {
        assert_eq!(CompactTransaction::from_bytes(&compact.to_bytes()), Ok(compact));
    }
}

#[test]
fn the_least_transaction_is_counted_right() {
    assert_eq!(compact(Shape::TwoByThree).to_bytes().len(), CompactTransaction::LEAST);
}
