//! `[whole-block-decoys]`: the whole blocks that an audit asks for.

use std::collections::BTreeSet;

use louver_core::{encoding::Decode, secret::ExposeBytes};

use super::*;

/// Alice is paid in one of forty blocks.
fn busy() -> Ledger {
    let mut ledger = Ledger::new();
    let other = account(3);
    for number in 1..=40 {
        let payee = if number == 20 { account(1) } else { account(3) };
        let to = Ledger::address(&payee, Direction::External, 0);
        ledger.deposit(&other, 0, &Pay { to, value: 10, memo: "rent" });
    }
    ledger
}

/// Reads the ledger, and returns the audit with the whole blocks that it asks for. Blocks that are missing are passed over.
fn asked(mut audit: Audit, ledger: &Ledger, missing: &[u32]) -> (Audit, BTreeSet<u32>, bool) {
    let (mut asked, mut lacks) = (BTreeSet::new(), false);
    audit.learn_tip(ledger.height()).unwrap();
    ledger.blocks.iter().for_each(|(block, _)| audit.read(block).unwrap());
    while let Ask::Whole { height } = audit.next() {
        asked.insert(height);
        if missing.contains(&height) {
            lacks |= audit.pass_over().unwrap();
            continue;
        }
        let (block, transactions) = (&ledger.blocks[height as usize - 1].0, ledger.shielded(height));
        let (hash, time) = (block.hash().0, block.header().time);
        audit.read_whole(&WholeBlock { height, hash, time, transactions: &transactions }).unwrap();
    }
    (audit, asked, lacks)
}

/// Attacker: a node that would like to know in which blocks an audited account was paid.
#[test]
fn the_block_that_matters_is_asked_for_among_others() {
    let ledger = busy();
    let incoming = Directions { incoming: true, ..Directions::default() };
    let kept = grant(&account(1), incoming, 0, 0).expose_bytes();
    let begin = || Audit::new(Grant::from_bytes(&kept).unwrap(), long_epoch());
    let (read, among, lacks) = asked(begin(), &ledger, &[]);
    assert_eq!((among.len(), among.contains(&20), lacks), (32, true, false));
    // A second reading asks for the same: what is in both does not stand out.
    assert_eq!(asked(begin(), &ledger, &[]).1, among);
    let (alone, only, _) = asked(begin().without_decoys(), &ledger, &[]);
    assert_eq!(only, BTreeSet::from([20]));
    assert_eq!(told(&read), told(&alone), "decoys leave nothing in a report");

    // Whatever the node has not kept, the rest is asked for all the same.
    let decoy = *among.iter().find(|height| **height != 20).unwrap();
    let missing = |heights: &[u32]| {
        let (_, all, lacks) = asked(begin(), &ledger, heights);
        (all == among, lacks)
    };
    assert_eq!((missing(&[decoy]), missing(&[decoy, 20])), ((true, false), (true, true)));
    assert_eq!(begin().pass_over(), Err(AuditError::NotAsked));
}

/// A grant that shows nothing in whole blocks asks for none.
#[test]
fn without_memos_and_payments_no_whole_block_is_asked_for() {
    let ledger = busy();
    let spends = Directions { detection: true, ..Directions::default() };
    let audit = Audit::new(grant(&account(3), spends, 0, 0), long_epoch());
    assert_eq!(asked(audit, &ledger, &[]).1, BTreeSet::new());
}
