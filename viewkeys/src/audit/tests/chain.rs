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

/// Attacker: a node that hides a receipt by one bit of a ciphertext. Whatever the auditor can take has another hash, and
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

/// Attacker: a node that begins an auditor with a tree of its own, to hide leaves.
#[test]
fn an_audit_starts_before_its_first_epoch_with_the_chains_tree() {
    let ledger = story();
    let mut audit = Audit::new(grant(&account(1), Directions::ALL, 1, 1), short_epochs());
    assert_eq!(audit.next(), Ask::Tip);
    assert_eq!(audit.read(&ledger.blocks[2].0), Err(AuditError::NotAsked));
    audit.learn_tip(4).unwrap();
    while let Ask::Time { height } = audit.next() {
        audit.learn_time(ledger.blocks[height as usize - 1].0.header().time).unwrap();
    }
    assert_eq!(audit.next(), Ask::Start { height: 2 });
    assert_eq!(audit.learn_time(0), Err(AuditError::NotAsked));
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

/// Answers with the times of a chain that has a block a second, the first in the first second of epoch 0.
fn search(audit: &mut Audit) {
    while let Ask::Time { height } = audit.next() {
        audit.learn_time(1_700_000_000 + u64::from(height)).unwrap();
    }
}

#[test]
fn an_audit_of_epochs_to_come_reads_nothing() {
    let mut audit = Audit::new(grant(&account(1), Directions::ALL, 9, 9), short_epochs());
    audit.learn_tip(18).unwrap();
    search(&mut audit);
    assert_eq!(audit.next(), Ask::Nothing);
    assert!(told(&audit).epochs.finished.is_none() && !told(&audit).epochs.has_begun());
    audit.learn_tip(19).unwrap();
    search(&mut audit);
    assert_eq!(audit.next(), Ask::Start { height: 18 });
}

/// Attacker: a node that states false times, so that an auditor begins late and misses blocks of the granted epoch.
#[test]
fn an_audit_does_not_begin_after_its_first_epoch() {
    let ledger = story();
    let mut audit = Audit::new(grant(&account(1), Directions::ALL, 1, 1), short_epochs());
    audit.learn_tip(4).unwrap();
    while let Ask::Time { .. } = audit.next() {
        audit.learn_time(0).unwrap();
    }
    assert_eq!(
        audit.next(),
        Ask::Nothing,
        "a lie about every block leaves nothing to read, and nothing guaranteed"
    );
    assert!(!told(&audit).epochs.has_begun());
    audit.learn_tip(4).unwrap();
    while let Ask::Time { height } = audit.next() {
        audit.learn_time(if height < 4 { 0 } else { u64::MAX }).unwrap();
    }
    assert_eq!(audit.next(), Ask::Start { height: 3 });
    let third = &ledger.blocks[2].0;
    assert_eq!(audit.start(third, ledger.frontier(3)), Err(AuditError::Late { height: 3 }));
}

/// Attacker: an owner whose late transactions would be read as those of the month after.
#[test]
fn transactions_of_a_grace_are_marked() {
    let ledger = story();
    // Block 3 is in the grace of epoch 0; blocks 3 and 4 declare epoch 1, which their times do not reach yet.
    let epochs = EpochSchedule::seconds(1_700_000_000, 2, 1).unwrap();
    let report = report(&ledger, grant(&account(1), Directions::ALL, 0, 1), epochs);
    let marks: Vec<_> = report
        .findings
        .iter()
        .map(|found| found.finding.place())
        .map(|place| (place.height, place.declared.in_grace))
        .collect();
    assert!(marks.contains(&(1, false)) && marks.contains(&(2, true)), "{marks:?}");
    // People read the mark in the line itself.
    for found in &report.findings {
        let is_marked = words::detail(&found.finding, &assets()).contains("in a block of its days of grace");
        assert_eq!(is_marked, found.finding.place().declared.in_grace);
    }
}

/// Attacker: a node that lets time fall, so that an epoch seems open again.
#[test]
fn time_does_not_fall() {
    let ledger = story();
    let mut audit = Audit::new(grant(&account(1), Directions::ALL, 0, 1), short_epochs());
    audit.learn_tip(4).unwrap();
    audit.read(&ledger.blocks[0].0).unwrap();
    let (first, second) = (ledger.blocks[0].0.header(), &ledger.blocks[1].0);
    let earlier = with_header(second, Header { time: first.time - 1, ..second.header().clone() });
    assert_eq!(audit.read(&earlier), Err(AuditError::Time { height: 2 }));
}

/// Attacker: a node that changes the tree under a block that adds nothing to it.
#[test]
fn empty_blocks_leave_the_tree_as_it_was() {
    const BLOCKS: u32 = 100;
    let (ledger, epochs) = (story(), long_epoch());
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
