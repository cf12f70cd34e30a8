//! Blocks, and nodes that leave out or alter.

use louver_chain::{
    BlockHash, Header,
    testing::{altered, compact_block, header},
};
use louver_core::encoding::{Decode, Encode};

use super::*;

#[test]
fn blocks_that_leave_out_or_alter_are_refused() {
    let ledger = story();
    let mut audit = Audit::new(grant(&account(1), Directions::ALL, 0, 1), short_epochs());
    audit.learn_tip(4).unwrap();
    let first = &ledger.blocks[0].0;
    assert_eq!(audit.read(&ledger.blocks[1].0), Err(AuditError::Height { expected: 1, found: 2 }));
    let missing = altered(first, Vec::clear);
    assert_eq!(audit.read(&missing), Err(AuditError::Tree { height: 1 }));
    let swapped = altered(first, |transactions| transactions[0].outputs.swap(0, 1));
    assert_eq!(audit.read(&swapped), Err(AuditError::Tree { height: 1 }));
    let resized = with_header(first, Header { tree_size: 7, ..first.header().clone() });
    assert_eq!(audit.read(&resized), Err(AuditError::Tree { height: 1 }));
    // A refused block left no trace.
    audit.read(first).unwrap();
    let second = &ledger.blocks[1].0;
    let previous = BlockHash([0xee; 32]);
    let other_chain = with_header(second, Header { previous, ..second.header().clone() });
    assert_eq!(audit.read(&other_chain), Err(AuditError::Broken { height: 2 }));
    let emptied = altered(second, Vec::clear);
    assert_eq!(audit.read(&emptied), Err(AuditError::Tree { height: 2 }));
    audit.read(&ledger.blocks[1].0).unwrap();
    assert_eq!(audit.next(), Ask::Blocks { first: 3, last: 4 });
}

fn with_header(block: &CompactBlock, header: Header) -> CompactBlock {
    let transactions = block.transactions().map(|(_, transaction)| transaction.clone()).collect();
    compact_block(header, transactions)
}

/// Who gains: a node that hides a receipt by one bit of a ciphertext. Whatever the auditor can take has another hash, and
/// the block after it does not follow.
#[test]
fn one_flipped_bit_of_a_block_is_refused() {
    let ledger = story();
    let bytes = ledger.blocks[0].0.to_bytes();
    let mut audit = Audit::new(grant(&account(1), Directions::ALL, 0, 1), short_epochs());
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        let Ok(read) = CompactBlock::from_bytes(&flipped) else { continue };
        assert!(at < Header::BYTES, "byte {at} is bound by the header");
        audit = audit.restarted();
        audit.learn_tip(4).unwrap();
        let refused = audit.read(&read).and_then(|()| audit.read(&ledger.blocks[1].0));
        assert!(refused.is_err(), "byte {at}");
    }
}

#[test]
fn whole_blocks_are_those_that_were_read_in_brief() {
    let ledger = story();
    let mut audit = Audit::new(grant(&account(1), Directions::ALL, 0, 1), short_epochs());
    audit.learn_tip(4).unwrap();
    ledger.blocks.iter().for_each(|(block, _)| audit.read(block).unwrap());
    assert_eq!(audit.next(), Ask::Whole { height: 1 });
    let (block, transactions) = (&ledger.blocks[0].0, ledger.shielded(1));
    let whole = WholeBlock {
        height: 1,
        hash: block.hash().0,
        time: block.header().time,
        transactions: &transactions,
    };
    let other_hash = WholeBlock { hash: [9; 32], ..whole };
    assert_eq!(audit.read_whole(&other_hash), Err(AuditError::TwoBlocks { height: 1 }));
    let others = ledger.shielded(2);
    let other_transactions = WholeBlock { transactions: &others, ..whole };
    assert_eq!(audit.read_whole(&other_transactions), Err(AuditError::TwoBlocks { height: 1 }));
    let other_height = WholeBlock { height: 2, ..whole };
    assert_eq!(audit.read_whole(&other_height), Err(AuditError::Height { expected: 1, found: 2 }));
    audit.read_whole(&whole).unwrap();
    assert_eq!(audit.next(), Ask::Whole { height: 2 });
}

/// Who gains: a node that begins an auditor with a tree of its own, to hide leaves.
#[test]
fn an_audit_starts_before_its_first_epoch_with_the_chains_tree() {
    let ledger = story();
    let mut audit = Audit::new(grant(&account(1), Directions::ALL, 1, 1), short_epochs());
    assert_eq!(audit.next(), Ask::Tip);
    assert_eq!(audit.read(&ledger.blocks[2].0), Err(AuditError::NotAsked));
    audit.learn_tip(4).unwrap();
    assert_eq!(audit.next(), Ask::Start { height: 2 });
    let (second, third) = (&ledger.blocks[1].0, &ledger.blocks[2].0);
    assert_eq!(audit.start(second, ledger.frontier(1)), Err(AuditError::Tree { height: 2 }));
    assert_eq!(audit.start(second, ledger.frontier(3)), Err(AuditError::Tree { height: 2 }));
    let wrong = audit.start(third, ledger.frontier(3));
    assert_eq!(wrong, Err(AuditError::Height { expected: 2, found: 3 }));
    audit.start(second, ledger.frontier(2)).unwrap();
    assert_eq!(audit.next(), Ask::Blocks { first: 3, last: 4 });
    assert_eq!(audit.start(second, ledger.frontier(2)), Err(AuditError::NotAsked));
    drive(&mut audit, &ledger).unwrap();
    assert_eq!(count(&kinds(&told(&audit)), "received"), 1);
}

#[test]
fn an_audit_of_epochs_to_come_reads_nothing() {
    let mut audit = Audit::new(grant(&account(1), Directions::ALL, 9, 9), short_epochs());
    audit.learn_tip(18).unwrap();
    assert_eq!(audit.next(), Ask::Nothing);
    audit.learn_tip(19).unwrap();
    assert_eq!(audit.next(), Ask::Start { height: 18 });
}

/// Who gains: a node that changes the tree under a block that adds nothing to it.
#[test]
fn empty_blocks_leave_the_tree_as_it_was() {
    const BLOCKS: u32 = 100;
    let (ledger, epochs) = (story(), EpochSchedule::new(1 << 20, 0).unwrap());
    let mut audit = Audit::new(grant(&account(1), Directions::ALL, 0, 0), epochs);
    audit.learn_tip(4 + BLOCKS).unwrap();
    ledger.blocks.iter().for_each(|(block, _)| audit.read(block).unwrap());
    let (mut previous, tree) = (ledger.blocks[3].0.hash(), ledger.frontier(4));
    for height in 5..=4 + BLOCKS {
        let empty = compact_block(header(height, previous, &tree), Vec::new());
        audit.read(&empty).unwrap();
        previous = empty.hash();
    }
    let altered =
        Header { anchor: ledger.blocks[0].0.header().anchor, ..header(5 + BLOCKS, previous, &tree) };
    let altered = compact_block(altered, Vec::new());
    assert_eq!(audit.read(&altered), Err(AuditError::Tree { height: 5 + BLOCKS }));
}
