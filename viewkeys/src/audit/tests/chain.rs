//! Blocks, and nodes that leave out or alter.

use super::*;

#[test]
fn blocks_that_leave_out_or_alter_are_refused() {
    let ledger = story();
    let mut audit = Audit::new(grant(&account(1), Directions::ALL, 0, 1), short_epochs());
    audit.learn_tip(4).unwrap();
    let first = &ledger.blocks[0].0;
    assert_eq!(audit.read(&ledger.blocks[1].0), Err(AuditError::Height { expected: 1, found: 2 }));
    let mut missing = first.clone();
    missing.transactions.clear();
    assert_eq!(audit.read(&missing), Err(AuditError::Tree { height: 1 }));
    let mut altered = first.clone();
    altered.transactions[0].outputs.swap(0, 1);
    assert_eq!(audit.read(&altered), Err(AuditError::Tree { height: 1 }));
    let mut resized = first.clone();
    resized.tree_size = 3;
    assert_eq!(audit.read(&resized), Err(AuditError::Tree { height: 1 }));
    // A refused block left no trace.
    audit.read(first).unwrap();
    let mut other_chain = ledger.blocks[1].0.clone();
    other_chain.previous = [0xee; 32];
    assert_eq!(audit.read(&other_chain), Err(AuditError::Broken { height: 2 }));
    let mut emptied = ledger.blocks[1].0.clone();
    emptied.transactions.clear();
    assert_eq!(audit.read(&emptied), Err(AuditError::Tree { height: 2 }));
    audit.read(&ledger.blocks[1].0).unwrap();
    assert_eq!(audit.next(), Ask::Blocks { first: 3, last: 4 });
}

#[test]
fn whole_blocks_are_those_that_were_read_in_brief() {
    let ledger = story();
    let mut audit = Audit::new(grant(&account(1), Directions::ALL, 0, 1), short_epochs());
    audit.learn_tip(4).unwrap();
    ledger.blocks.iter().for_each(|(block, _)| audit.read(block).unwrap());
    assert_eq!(audit.next(), Ask::Whole { height: 1 });
    let (block, transactions) = (&ledger.blocks[0].0, ledger.shielded(1));
    let whole = WholeBlock { height: 1, hash: block.hash, time: block.time, transactions: &transactions };
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
    let (last, tree_size) = (&ledger.blocks[3].0, ledger.frontier(4).size());
    let hash = |height: u32| {
        let mut hash = [0xee; 32];
        hash[..4].copy_from_slice(&height.to_le_bytes());
        hash
    };
    let empty = (5..=4 + BLOCKS).map(|height| CompactBlock {
        height,
        hash: hash(height),
        previous: if height == 5 { last.hash } else { hash(height - 1) },
        tree_size,
        transactions: Vec::new(),
        ..last.clone()
    });
    let empty: Vec<_> = empty.collect();
    empty.iter().for_each(|block| audit.read(block).unwrap());
    let mut altered = empty[0].clone();
    (altered.height, altered.previous) = (5 + BLOCKS, hash(4 + BLOCKS));
    altered.root = ledger.blocks[0].0.root;
    assert_eq!(audit.read(&altered), Err(AuditError::Tree { height: 5 + BLOCKS }));
}
