use louver_core::{
    ledger::{GenesisBalance, testing::Draft},
    store::MemoryStore,
    tree::Anchor,
    value::Value,
};
use proptest::{collection::vec, prelude::*};

use super::*;
use crate::testing::{ZeroProofs, coin, context, genesis, mint, operation, person, signed};
use crate::{Action, Operation};

fn chain() -> Chain<MemoryStore> {
    Chain::open(MemoryStore::default(), genesis()).unwrap()
}

fn shielded(draft: &Draft, payer: Option<u8>) -> Candidate {
    let payer = payer.map(person);
    let transaction = signed(&genesis(), draft, payer.as_ref());
    let verified = transaction.verify(context(&genesis(), draft), &ZeroProofs::default()).unwrap();
    Candidate::Shielded(Box::new(verified))
}

fn transparent(operation: Operation) -> Candidate {
    Candidate::Transparent(Box::new(operation.verify(&genesis().hash()).unwrap()))
}

/// The transactions of block `height` of every chain of these tests: of both kinds, each depending on those before.
fn candidates(height: u32, variant: u8) -> Vec<Candidate> {
    let (hash, alice) = (genesis().hash(), person(1));
    let (nonce, fresh) = (u64::from(height) - 1, u64::from(height) * 256 + u64::from(variant) * 8);
    let pay = Action::Transfer { asset: coin(), amount: Value(1), to: Account([variant; 32]) };
    let draft = Draft::deposit(fresh, Anchor::empty_tree(), Account::of(&alice).into(), coin(), 5);
    let mut candidates = vec![
        transparent(mint(&hash, nonce, &alice, 1_000)),
        transparent(operation(&hash, &alice, nonce, pay)),
    ];
    // Later, the anchor of these drafts is too old.
    if height < 5 {
        candidates.push(shielded(&draft, Some(1)));
    }
    candidates
}

fn extend(chain: &mut Chain<MemoryStore>, variant: u8) {
    let height = chain.height() + 1;
    let proposal =
        chain.propose(u64::from(height), BlockLimits::default(), &candidates(height, variant)).unwrap();
    assert!(proposal.refused().is_empty(), "{:?}", proposal.refused());
    chain.commit(proposal).unwrap();
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Extend(u8),
    Back(u32),
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever was built and rolled back on the way, the chain is the one of the blocks that stayed: accounts, pool,
    /// ids and compact blocks included.
    #[test]
    fn blocks_rolled_back_leave_no_trace(
        steps in vec(prop_oneof![(0u8..8).prop_map(Step::Extend), (0u32..4).prop_map(Step::Back)], 0..14)
    ) {
        let (mut chain, mut kept) = (chain(), Vec::new());
        for step in steps {
            match step {
                Step::Extend(variant) => {
                    extend(&mut chain, variant);
                    kept.push(variant);
                }
                Step::Back(blocks) => {
                    let height = chain.height().saturating_sub(blocks);
                    chain.roll_back(height).unwrap();
                    kept.truncate(height as usize);
                }
            }
        }
        let mut straight = super::tests::chain();
        for height in 1..=chain.height() {
            let block = chain.block(height).unwrap().unwrap();
            let proposal = straight.replay(block, &ZeroProofs::default()).unwrap();
            straight.commit(proposal).unwrap();
        }
        prop_assert_eq!(chain.height() as usize, kept.len());
        prop_assert_eq!(chain.tip_hash(), straight.tip_hash());
        prop_assert!(chain.ledger().store() == straight.ledger().store());
    }
}

/// Who gains: whoever serves a chain with a transaction added, left out or moved.
#[test]
fn a_replayed_block_must_be_what_follows() {
    let mut chain = chain();
    extend(&mut chain, 0);
    extend(&mut chain, 0);
    let blocks = [1, 2].map(|height| chain.block(height).unwrap().unwrap());
    let fresh = super::tests::chain();
    let refused = |block: Block| fresh.replay(block, &ZeroProofs::default()).unwrap_err();
    assert!(matches!(refused(blocks[1].clone()), ChainError::Header("height")));
    let altered = |change: fn(&mut Block)| {
        let mut block = blocks[0].clone();
        change(&mut block);
        refused(block)
    };
    assert!(matches!(altered(|block| block.header.previous.0[0] ^= 1), ChainError::Header("previous hash")));
    assert!(matches!(
        altered(|block| block.header.anchor = Anchor::empty_tree()),
        ChainError::Header("anchor")
    ));
    assert!(matches!(
        altered(|block| drop(block.transactions.remove(0))),
        ChainError::Operation(_) | ChainError::Header("body hash")
    ));
    assert!(matches!(
        altered(|block| drop(block.transactions.pop())),
        ChainError::Header("body hash" | "anchor")
    ));
}

#[test]
fn blocks_keep_their_limits_and_take_the_rest_later() {
    let mut chain = chain();
    let all = candidates(1, 0);
    let limits = BlockLimits { transactions: 2, ..BlockLimits::default() };
    let first = chain.propose(1, limits, &all).unwrap();
    assert_eq!(first.block().transactions.len(), 2);
    chain.commit(first).unwrap();
    let second = chain.propose(1, limits, &all).unwrap();
    assert_eq!(second.block().transactions.len(), 1);
    assert_eq!(second.refused().len(), 2);
    let none = BlockLimits { bytes: 10, ..limits };
    assert_eq!(chain.propose(1, none, &all[2..]).unwrap().block().transactions.len(), 0);
}

/// A block is not made on a state that has passed.
#[test]
fn a_stale_proposal_is_not_committed() {
    let mut chain = chain();
    let stale = chain.propose(1, BlockLimits::default(), &[]).unwrap();
    extend(&mut chain, 0);
    let before = chain.tip_hash();
    assert!(matches!(chain.commit(stale), Err(ChainError::Ledger(LedgerError::Stale))));
    assert_eq!(chain.tip_hash(), before);
}

/// Who gains: a block maker who stamps blocks with a later time than the clock shows, or with an earlier one.
#[test]
fn a_block_has_the_time_that_is_asked_for_or_is_not_made() {
    let mut chain = chain();
    extend(&mut chain, 0);
    extend(&mut chain, 0);
    let early = chain.propose(1, BlockLimits::default(), &[]);
    assert!(matches!(early, Err(ChainError::Ledger(LedgerError::Time { found: 1, last: 2 }))), "{early:?}");
    assert_eq!(chain.propose(2, BlockLimits::default(), &[]).unwrap().block().header.time, 2);
}

/// Who gains: a sender whose first operation spends the money that the later ones need.
#[test]
fn operations_after_a_new_one_are_tried_as_well() {
    let mut chain = chain();
    let (hash, alice) = (genesis().hash(), person(1));
    let first = chain.propose(1, BlockLimits::default(), &[transparent(mint(&hash, 0, &alice, 10))]).unwrap();
    chain.commit(first).unwrap();
    let pay = |nonce, amount| {
        let action = Action::Transfer { asset: coin(), amount: Value(amount), to: Account([9; 32]) };
        operation(&hash, &alice, nonce, action).verify(&hash).unwrap()
    };
    let later = [pay(1, 3), pay(2, 3), pay(3, 3)];
    let after: Vec<_> = later.iter().collect();
    assert_eq!(chain.check_operation(&[], &pay(0, 1), &after).unwrap(), 3);
    assert_eq!(chain.check_operation(&[], &pay(0, 4), &after).unwrap(), 2);
    assert_eq!(chain.check_operation(&[], &pay(0, 10), &after).unwrap(), 0);
    assert!(chain.check_operation(&[], &pay(0, 11), &after).is_err());
    assert_eq!(chain.check_operation(&after[..0], &pay(0, 1), &after[1..]).unwrap(), 0);
}

/// Who gains: a holder of an operation that was signed for another chain.
#[test]
fn an_operation_verified_for_another_chain_is_refused() {
    let (chain, other) = (chain(), louver_core::pool::GenesisHash([9; 32]));
    let foreign = mint(&other, 0, &person(1), 10).verify(&other).unwrap();
    assert!(matches!(
        chain.check_operation(&[], &foreign, &[]),
        Err(ChainError::Operation(OperationError::Signature))
    ));
}

/// Who gains: a reader of the supply who would believe that nothing was issued, or an account of genesis that would be
/// credited again whenever the chain is opened.
#[test]
fn balances_of_genesis_are_credited_once_and_count_as_issued() {
    let balance = |key: u8, amount| GenesisBalance {
        account: Account::of(&person(key)).into(),
        asset: coin(),
        amount: Value(amount),
    };
    let mut balances = vec![balance(1, 70), balance(2, 5)];
    balances.sort_by_key(|held| held.account);
    let genesis = Genesis::new(GenesisTerms { balances, ..genesis().terms().clone() }).unwrap();
    let mut chain = Chain::open(MemoryStore::default(), genesis.clone()).unwrap();
    for _ in 0..2 {
        let state = chain.ledger().state();
        let held =
            [1, 2, 3].map(|key| holdings::balance(&state, &Account::of(&person(key)), coin()).unwrap());
        assert_eq!(held, [Value(70), Value(5), Value(0)]);
        assert_eq!(holdings::issued(&state, coin()).unwrap(), Value(75));
        chain = Chain::open(chain.ledger().store().clone(), genesis.clone()).unwrap();
    }
    let pay = Action::Transfer { asset: coin(), amount: Value(70), to: Account::of(&person(3)) };
    let paid = operation(&genesis.hash(), &person(1), 0, pay).verify(&genesis.hash()).unwrap();
    let candidates = [Candidate::Transparent(Box::new(paid))];
    let block = chain.propose(1, BlockLimits::default(), &candidates).unwrap();
    assert!(block.refused().is_empty(), "{:?}", block.refused());
    chain.commit(block).unwrap();
    let state = chain.ledger().state();
    assert_eq!(holdings::balance(&state, &Account::of(&person(3)), coin()).unwrap(), Value(70));
    assert_eq!(holdings::issued(&state, coin()).unwrap(), Value(75));
    // A chain cannot issue more than 64 bits of an asset on top of what it began with.
    let more = mint(&genesis.hash(), 0, &person(1), u64::MAX).verify(&genesis.hash()).unwrap();
    let refused =
        chain.propose(2, BlockLimits::default(), &[Candidate::Transparent(Box::new(more))]).unwrap();
    assert!(matches!(refused.refused(), [(_, ChainError::Operation(OperationError::Holdings(_)))]));
}
