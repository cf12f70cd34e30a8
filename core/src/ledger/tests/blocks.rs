use super::*;
use crate::{encoding::Decode, store::Batch, transaction::Fee};

#[test]
fn a_block_moves_money_on_both_sides() {
    let mut ledger = funded();
    let anchor = ledger.tip().anchor;
    let out = Draft::withdrawal(1, anchor, BOB, asset(2), 400);
    apply(&mut ledger, &[out.clone(), Draft::internal(2, anchor)]);
    let balance = |account, id| TestHost::balance(&ledger.state(), account, asset(id)).unwrap();
    assert_eq!(
        ledger.supplies().unwrap(),
        [(asset(1), Value(998)), (asset(2), Value(600)), (asset(3), Value(1000))]
    );
    assert_eq!(balance(&BOB, 2), Value(1_000_400));
    // Asset 3 takes no fees: its deposit paid 1 of asset 1.
    assert_eq!(balance(&ALICE, 1), Value(1_000_000 - 1000 - 2));
    assert_eq!(balance(&ALICE, 3), Value(1_000_000 - 1000));
    assert_eq!((balance(&FEE_ACCOUNT, 1), balance(&FEE_ACCOUNT, 2)), (Value(4), Value(1)));
}

#[test]
fn a_deposit_pays_its_own_fee_out_of_the_pool_if_it_says_so() {
    let mut ledger = fresh();
    let anchor = ledger.tip().anchor;
    let fee = Fee::new(asset(2), Value(5)).unwrap();
    apply(&mut ledger, &[Draft { fee, ..Draft::deposit(1, anchor, ALICE, asset(2), 5) }]);
    assert_eq!(ledger.supplies().unwrap(), []);
    assert_eq!(TestHost::balance(&ledger.state(), &ALICE, asset(2)).unwrap(), Value(999_995));
}

#[test]
fn what_a_block_wrote_is_found() {
    let mut ledger = funded();
    let anchor = ledger.tip().anchor;
    let draft = Draft::internal(1, anchor);
    let verified = draft.verified(draft.context(&ledger));
    let mut block = ledger.begin_block(&TestHost, 2, 33).unwrap();
    let included = block.apply(&verified).unwrap();
    let block = block.finish(b"bytes").unwrap();
    let tip = ledger.commit(block).unwrap();

    assert_eq!((tip.height, tip.time, tip.size), (2, 33, 12));
    assert_eq!((included.index, included.first_leaf), (0, 9));
    assert_eq!(ledger.transaction(&included.id).unwrap(), Some((2, 0)));
    let summary = ledger.block(2).unwrap().unwrap();
    assert_eq!((summary.transactions, summary.first_leaf, summary.leaves), (1, 9, 3));
    assert_eq!(summary.anchor, tip.anchor);
    assert_eq!(ledger.block_bytes(2).unwrap().unwrap(), b"bytes");
    assert_eq!(ledger.frontier_at(2).unwrap().unwrap().root(), tip.anchor);
    let commitments: Vec<_> =
        verified.transaction().effects().outputs().iter().map(|output| output.cm).collect();
    assert_eq!(ledger.leaves(9, 10).unwrap(), commitments);
    for nullifier in verified.transaction().effects().nullifiers() {
        assert_eq!(ledger.spent_at(*nullifier).unwrap(), Some(2));
    }
    assert_eq!(ledger.block(3).unwrap(), None);
    assert_eq!(anchors::last_height(&ledger.state(), anchor).unwrap(), Some(1));
}

#[test]
fn a_completed_subtree_is_written_down_and_undone() {
    let mut ledger = funded();
    // The last leaf at 2^16 - 2: every bit is set but the lowest; seven hashes and eight pairs.
    let mut bytes = ((1u64 << 16) - 1).to_le_bytes().to_vec();
    bytes.extend([0u8; 32 * (1 + 7 + 16)]);
    ledger.head.frontier = Frontier::from_bytes(&bytes).unwrap();
    let draft = Draft::internal(1, ledger.tip().anchor);
    let mut expected = ledger.head.frontier.clone();
    expected.append(draft.effects().outputs()[0].cm).unwrap();
    apply(&mut ledger, &[draft]);
    let subtree = expected.completed_subtree().unwrap();
    assert_eq!(ledger.subtrees(0, 9).unwrap(), [(subtree, 2)]);
    assert_eq!(ledger.subtrees(1, 9).unwrap(), []);
    ledger.roll_back(1).unwrap();
    assert_eq!(ledger.subtrees(0, 9).unwrap(), []);
}

#[test]
fn blocks_follow_one_another() {
    let mut ledger = funded();
    let begun = |height, time| ledger.begin_block(&TestHost, height, time).map(|_| ());
    assert!(matches!(begun(1, 1), Err(LedgerError::Height { found: 1, expected: 2 })));
    assert!(matches!(begun(3, 1), Err(LedgerError::Height { found: 3, expected: 2 })));
    assert!(matches!(begun(2, 0), Err(LedgerError::Time { found: 0, last: 1 })));

    let one = ledger.begin_block(&TestHost, 2, 2).unwrap().finish(b"one").unwrap();
    let other = ledger.begin_block(&TestHost, 2, 2).unwrap().finish(b"other").unwrap();
    ledger.commit(one).unwrap();
    assert!(matches!(ledger.commit(other), Err(LedgerError::Stale)));
    assert_eq!(ledger.block_bytes(2).unwrap().unwrap(), b"one");
}

#[test]
fn a_ledger_opens_where_it_was_and_for_its_own_chain_only() {
    let ledger = funded();
    let (tip, store) = (ledger.tip(), ledger.store().clone());
    let again = Ledger::open(store.clone(), genesis()).unwrap();
    assert_eq!(again.tip(), tip);
    assert_eq!(again.frontier(), ledger.frontier());
    let other = Genesis::new(GenesisTerms { chain: "fork".to_owned(), ..genesis().terms().clone() }).unwrap();
    let found = genesis().hash();
    assert!(matches!(Ledger::open(store, other), Err(LedgerError::OtherGenesis { found: f }) if f == found));
}

#[test]
fn a_damaged_record_is_an_error() {
    let mut store = funded().store().clone();
    let mut batch = Batch::default();
    batch.put(FRONTIERS, &1u32.to_be_bytes(), b"not a frontier");
    store.write(&batch).unwrap();
    let opened = Ledger::open(store, genesis());
    assert!(matches!(opened, Err(LedgerError::Store(StoreError::Record { table: "ledger.frontiers", .. }))));
}

#[test]
fn a_failed_write_leaves_the_ledger_as_it_was() {
    let mut ledger = ledger(FaultyStore::new(MemoryStore::default()), genesis());
    let anchor = ledger.tip().anchor;
    apply(&mut ledger, &[Draft::deposit(1, anchor, ALICE, asset(1), 50)]);
    let (tip, before) = (ledger.tip(), contents(&ledger));

    ledger.store.failing_writes = 2;
    let draft = Draft::internal(2, tip.anchor);
    let prepare = |ledger: &Ledger<_>| {
        let mut block = ledger.begin_block(&TestHost, 2, 2).unwrap();
        block.apply(&draft.verified(draft.context(ledger))).unwrap();
        block.finish(b"").unwrap()
    };
    let block = prepare(&ledger);
    assert!(matches!(ledger.commit(block), Err(LedgerError::Store(StoreError::Io(_)))));
    assert!(matches!(ledger.roll_back(0), Err(LedgerError::Store(StoreError::Io(_)))));
    assert_eq!(ledger.tip(), tip);
    assert_eq!(contents(&ledger), before);

    let block = prepare(&ledger);
    ledger.commit(block).unwrap();
    assert_eq!(Ledger::open(ledger.store().clone(), genesis()).unwrap().tip(), ledger.tip());
}

#[test]
fn only_kept_blocks_can_be_returned_to() {
    let mut ledger = funded();
    ledger.set_checkpoints(3);
    advance(&mut ledger, 8);
    assert_eq!(ledger.oldest_checkpoint().unwrap(), 5);
    assert!(matches!(ledger.roll_back(4), Err(LedgerError::NotKept { height: 4, oldest: 5 })));
    assert!(matches!(ledger.roll_back(9), Err(LedgerError::NotYet(9))));
    assert_eq!(ledger.tip().height, 8);
    assert_eq!(ledger.roll_back(8).unwrap().height, 8);
    assert_eq!(ledger.roll_back(5).unwrap().height, 5);
    assert_eq!(ledger.oldest_checkpoint().unwrap(), 5);
}

/// Not an attack: an operator who keeps fewer blocks is promised a way back that does not exist.
#[test]
fn fewer_blocks_are_kept_from_the_next_one_on() {
    let mut ledger = funded();
    advance(&mut ledger, 8);
    ledger.set_checkpoints(3);
    advance(&mut ledger, 9);
    assert_eq!((ledger.tip().height, ledger.oldest_checkpoint().unwrap()), (9, 6));
    assert!(matches!(ledger.roll_back(5), Err(LedgerError::NotKept { height: 5, oldest: 6 })));
    // More again: the way back grows block by block.
    ledger.set_checkpoints(100);
    advance(&mut ledger, 11);
    assert_eq!(ledger.oldest_checkpoint().unwrap(), 6);
    assert_eq!(ledger.roll_back(6).unwrap().height, 6);
}

#[test]
fn host_operations_are_whole_and_undone_with_the_block() {
    let mut ledger = funded();
    let before = contents(&ledger);
    let mut block = ledger.begin_block(&TestHost, 2, 2).unwrap();
    let failed: Result<(), HostError> = block.operate(|state| {
        TestHost.credit(state, &BOB, asset(1), Value(5))?;
        TestHost.debit(state, &ALICE, asset(1), Value(u64::MAX))
    });
    assert!(failed.is_err());
    let registration =
        registry::Registration { symbol: "NEW", decimals: 3, issuer: BOB, host_reference: b"ref" };
    let new = block.operate(|state| registry::register(state, &registration)).unwrap();
    assert_eq!(new.id(), asset(4));
    // A deposit of it in the same block.
    block.operate(|state| TestHost.credit(state, &BOB, new.id(), Value(9))).unwrap();
    let draft = Draft::deposit(5, ledger.tip().anchor, BOB, new.id(), 9);
    let context = block.context(draft.transaction(&draft.context(&ledger)).effects()).unwrap();
    block.apply(&draft.verified(context)).unwrap();
    let block = block.finish(b"").unwrap();
    ledger.commit(block).unwrap();
    let state = ledger.state();
    assert_eq!(TestHost::balance(&state, &BOB, asset(1)).unwrap(), Value(999_999), "the fee, and no credit");
    assert_eq!(ledger.asset(asset(4)).unwrap(), Some(new));
    assert_eq!(ledger.supply(asset(4)).unwrap(), Value(9));
    ledger.roll_back(1).unwrap();
    assert_eq!(contents(&ledger), before);
}
