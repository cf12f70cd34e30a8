//! Random blocks and roll-backs leave what the straight chain leaves, and what a naive model says.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{collection::vec, prelude::*};

use super::*;

#[derive(Clone, Debug)]
enum Step {
    /// Transactions by what they do: kind, the note they spend, asset, amount.
    Block(Vec<(u8, u64, u8, u64)>),
    /// How many blocks to undo.
    Back(u32),
}

fn step() -> impl Strategy<Value = Step> {
    let transaction = (0u8..3, 0u64..12, 1u8..4, 1u64..600);
    prop_oneof![
        4 => vec(transaction, 0..4).prop_map(Step::Block),
        1 => (0u32..4).prop_map(Step::Back),
    ]
}

fn draft((kind, spend, id, amount): (u8, u64, u8, u64), anchor: Anchor) -> Draft {
    match kind {
        0 => Draft::deposit(spend, anchor, ALICE, asset(id), amount),
        1 => Draft::withdrawal(spend, anchor, BOB, asset(id), amount),
        _ => Draft::internal(spend, anchor),
    }
}

/// The expected contents of a ledger, in the simplest form.
#[derive(Clone, Default, PartialEq, Debug)]
struct Model {
    spent: BTreeSet<u64>,
    supply: BTreeMap<u8, u64>,
    leaves: u64,
}

impl Model {
    /// Whether the transaction holds, and if so what it changes.
    fn apply(&mut self, (kind, spend, id, amount): (u8, u64, u8, u64)) -> bool {
        let mut supply = self.supply.clone();
        let mut take = |id, amount| {
            let held = supply.entry(id).or_default();
            let rest = held.checked_sub(amount);
            *held = rest.unwrap_or_default();
            rest.is_some()
        };
        let holds = match kind {
            0 => {
                *supply.entry(id).or_default() += amount;
                true
            }
            1 => take(id, amount) && take(1, 1),
            _ => take(1, 1),
        };
        if !holds || !self.spent.insert(spend) {
            return false;
        }
        self.supply = supply;
        self.leaves += 3;
        true
    }
}

fn block<S: Store>(ledger: &mut Ledger<S>, transactions: &[(u8, u64, u8, u64)], model: &mut Model) {
    let (height, anchor) = (ledger.tip().height + 1, ledger.tip().anchor);
    let mut block = ledger.begin_block(&TestHost, height, u64::from(height)).unwrap();
    for transaction in transactions {
        let draft = draft(*transaction, anchor);
        let applied = block.apply(&draft.verified(draft.context(ledger)));
        assert_eq!(applied.is_ok(), model.apply(*transaction), "{transaction:?}: {applied:?}");
    }
    let block = block.finish(format!("{transactions:?}").as_bytes()).unwrap();
    ledger.commit(block).unwrap();
}

fn agrees<S: Store>(store: S, steps: &[Step]) {
    let mut ledger = testing::ledger(store, genesis());
    let mut chain = Vec::new();
    let mut models = vec![Model::default()];
    for step in steps {
        match step {
            Step::Block(transactions) => {
                let mut model = models.last().unwrap().clone();
                block(&mut ledger, transactions, &mut model);
                chain.push(transactions.clone());
                models.push(model);
            }
            Step::Back(blocks) => {
                let height = ledger.tip().height.saturating_sub(*blocks);
                ledger.roll_back(height).unwrap();
                chain.truncate(height as usize);
                models.truncate(height as usize + 1);
            }
        }
    }
    let model = models.pop().unwrap();
    assert_eq!(ledger.tip().size, model.leaves);
    for id in 1..4 {
        let held = model.supply.get(&id).copied().unwrap_or_default();
        assert_eq!(ledger.supply(asset(id)).unwrap(), Value(held));
    }
    let mut straight = fresh();
    let mut model = Model::default();
    chain.iter().for_each(|transactions| block(&mut straight, transactions, &mut model));
    assert_eq!(ledger.tip(), straight.tip());
    assert_eq!(ledger.frontier(), straight.frontier());
    assert_eq!(contents(&ledger), contents(&straight));
    let back = ledger.oldest_checkpoint().unwrap();
    assert_eq!(back, 0, "every block can be undone");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn roll_backs_leave_no_trace_in_memory(steps in vec(step(), 0..14)) {
        agrees(MemoryStore::default(), &steps);
    }
}

#[cfg(feature = "redb")]
proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn roll_backs_leave_no_trace_on_disk(steps in vec(step(), 0..10)) {
        let folder = tempfile::tempdir().unwrap();
        agrees(crate::store::redb::RedbStore::open(&folder.path().join("store")).unwrap(), &steps);
    }
}
