use louver_core::{
    shape::Shape,
    transaction::{
        Verified,
        examples::{context, signed},
    },
    tree::Anchor,
};
use rand::{SeedableRng, rngs::StdRng};

use super::*;

fn header() -> Header {
    Header {
        height: 7,
        previous: BlockHash([2; 32]),
        time: 1_700_000_000,
        anchor: Anchor::empty_tree(),
        tree_size: 100,
        transactions_root: [0; 32],
        state_root: [3; 32],
        history_root: [4; 32],
    }
}

/// A transaction of the pool, an operation, and another of the pool.
fn entries() -> Vec<CompactEntry> {
    let mut rng = StdRng::seed_from_u64(1);
    let mut shielded = |shape| {
        let verified = Verified::unchecked(signed(shape, &mut rng), context());
        let form = CompactForm::Shielded(Box::new(CompactTransaction::new(&verified)));
        CompactEntry { form, full: [8; 32] }
    };
    let operation = CompactEntry { form: CompactForm::Transparent, full: [9; 32] };
    vec![shielded(Shape::TwoByThree), operation, shielded(Shape::FourByFour)]
}

fn bound(entries: &[CompactEntry]) -> Header {
    let leaves: Vec<_> = entries.iter().map(CompactEntry::leaf).collect();
    Header { transactions_root: transactions_root(&leaves), ..header() }
}

#[test]
fn blocks_round_trip() {
    let block = CompactBlock::new(bound(&entries()), entries()).unwrap();
    assert_eq!(CompactBlock::from_bytes(&block.to_bytes()), Ok(block.clone()));
    let places: Vec<_> = block.transactions().map(|(place, _)| place).collect();
    assert_eq!(places, [0, 2]);
    assert_eq!(block.first_leaf(), 100 - 3 - 4);
    let empty = CompactBlock::new(bound(&[]), Vec::new()).unwrap();
    assert_eq!(CompactBlock::from_bytes(&empty.to_bytes()), Ok(empty));
}

/// Attacker: a server that hides a payment, shows it twice, elsewhere, or as something else.
#[test]
fn transactions_are_those_that_the_header_binds() {
    let refused = Err(BlockError::Transactions { height: 7 });
    for change in [
        (|entries| drop(entries.pop())) as fn(&mut Vec<CompactEntry>),
        |entries| entries.push(entries[1].clone()),
        |entries| entries.swap(0, 2),
        |entries| entries[0].form = CompactForm::Transparent,
        |entries| entries[1].full = [0; 32],
        Vec::clear,
    ] {
        let mut changed = entries();
        change(&mut changed);
        assert_eq!(CompactBlock::new(bound(&entries()), changed), refused);
    }
}

#[test]
fn a_block_adds_no_more_leaves_than_the_tree_has() {
    let small = Header { tree_size: 6, ..bound(&entries()) };
    assert_eq!(CompactBlock::new(small, entries()), Err(BlockError::TreeSize { height: 7 }));
}

#[test]
fn counts_are_capped_before_anything_is_allocated() {
    let bytes = [bound(&[]).to_bytes(), u32::MAX.to_le_bytes().to_vec()].concat();
    assert_eq!(CompactBlock::from_bytes(&bytes), Err(DecodeError::CountTooLarge { count: u32::MAX.into() }));
}
