//! Each rule with an attack that it stops; blocks and roll-backs against the straight chain; a store that fails.

use super::{testing::*, *};
use crate::{
    store::{MemoryStore, faulty::FaultyStore},
    transaction::TransparentAccount,
};

mod attacks;
mod blocks;
mod model;
mod snapshots;

const ALICE: TransparentAccount = TransparentAccount([1; 32]);
const BOB: TransparentAccount = TransparentAccount([2; 32]);

type MemoryLedger = Ledger<MemoryStore>;

fn fresh() -> MemoryLedger {
    ledger(MemoryStore::default(), genesis())
}

/// Applies drafts in one block. All of them must be valid.
fn apply<S: Store>(ledger: &mut Ledger<S>, drafts: &[Draft]) -> Tip {
    let height = ledger.tip().height + 1;
    let mut block = ledger.begin_block(&TestHost, height, u64::from(height)).unwrap();
    for draft in drafts {
        block.apply(&draft.verified(draft.context(ledger))).unwrap();
    }
    let block = block.finish(format!("block {height}").as_bytes()).unwrap();
    ledger.commit(block).unwrap()
}

/// Empty blocks up to a height.
fn advance<S: Store>(ledger: &mut Ledger<S>, height: u32) {
    while ledger.tip().height < height {
        apply(ledger, &[]);
    }
}

/// A ledger with 1000 of each asset in the pool, after block 1.
fn funded() -> MemoryLedger {
    let mut ledger = fresh();
    let anchor = ledger.tip().anchor;
    let deposits: Vec<_> =
        (1..=3).map(|id| Draft::deposit(1000 + u64::from(id), anchor, ALICE, asset(id), 1000)).collect();
    apply(&mut ledger, &deposits);
    ledger
}

/// Everything that a ledger wrote, but for the ways back.
fn contents<S: Store>(ledger: &Ledger<S>) -> Vec<(Table, Vec<crate::store::Entry>)> {
    let tables = TABLES.into_iter().filter(|table| *table != undo::UNDO).chain([Table("testing.balances")]);
    tables.map(|table| (table, ledger.store().scan(table, KeyRange::ALL).unwrap())).collect()
}

fn rule(result: Result<impl Sized, LedgerError>) -> RuleError {
    match result {
        Err(LedgerError::Rule(rule)) => rule,
        Err(error) => panic!("another error: {error}"),
        Ok(_) => panic!("the rule does not hold"),
    }
}
