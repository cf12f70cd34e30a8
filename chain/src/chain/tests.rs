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

/// A block with another header, whose root of the transactions is made to fit.
fn reheaded(block: &Block, change: impl FnOnce(&mut Header)) -> Block {
    let mut header = block.header().clone();
    change(&mut header);
    crate::testing::block(header, block.transactions().to_vec())
}

/// A server gains by a chain with a transaction added, left out or moved, or with a state that is not the chain's.
#[test]
fn a_replayed_block_must_be_what_follows() {
    let mut chain = chain();
    extend(&mut chain, 0);
    extend(&mut chain, 0);
    let blocks = [1, 2].map(|height| chain.block(height).unwrap().unwrap());
    let fresh = super::tests::chain();
    let refused = |block: Block| fresh.replay(block, &ZeroProofs::default()).unwrap_err();
    assert!(matches!(refused(blocks[1].clone()), ChainError::Header("height")));
    // Each field by itself; where two are altered, the one that is checked first is named.
    let pairs =
        blocks[0].transactions().iter().cloned().zip(blocks[0].leaves().into_iter().map(|leaf| leaf.compact));
    let pairs: Vec<_> = pairs.collect();
    let altered = |change: fn(&mut Header)| {
        let mut header = blocks[0].header().clone();
        change(&mut header);
        refused(Block::new(header, pairs.clone()).unwrap())
    };
    for (part, change) in [
        ("previous hash", (|header| header.previous.0[0] ^= 1) as fn(&mut Header)),
        ("anchor", |header| header.anchor = Anchor::empty_tree()),
        ("tree size", |header| header.tree_size += 1),
        ("state root", |header| header.state_root[31] ^= 1),
        ("history root", |header| header.history_root[0] ^= 1),
    ] {
        assert!(matches!(altered(change), ChainError::Header(named) if named == part), "{part}");
    }
    // A compact form that is not the transaction's own: readers would look for another payment than was made.
    let lied = reheaded(&blocks[0], |_| ());
    assert_ne!(lied.header(), blocks[0].header());
    assert!(matches!(refused(lied), ChainError::Header("transactions root")));
    let with = |transactions: &[ChainTransaction]| {
        refused(crate::testing::block(blocks[0].header().clone(), transactions.to_vec()))
    };
    let all = blocks[0].transactions();
    assert!(matches!(with(&all[1..]), ChainError::Operation(_) | ChainError::Header("transactions root")));
    assert!(matches!(with(&all[..all.len() - 1]), ChainError::Header("transactions root" | "anchor")));
}

/// A server gains by cutting bytes out of a block, or by putting others in.
#[test]
fn a_block_s_transactions_are_those_that_its_header_binds() {
    let mut chain = chain();
    extend(&mut chain, 0);
    for bytes in [chain.block_bytes(1).unwrap().unwrap(), chain.compact_bytes(1).unwrap().unwrap()] {
        for at in (0..bytes.len()).step_by(7) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            let (whole, compact) = (Block::from_bytes(&flipped), CompactBlock::from_bytes(&flipped));
            assert!(at < Header::BYTES || (whole.is_err() && compact.is_err()), "byte {at}");
        }
    }
    let (whole, compact) = (chain.block(1).unwrap().unwrap(), chain.compact_block(1).unwrap().unwrap());
    assert_eq!(whole.header(), compact.header());
    assert!(compact.entries().iter().map(CompactEntry::leaf).eq(whole.leaves()));
    for place in 0..3 {
        let (leaf, path) = chain.transaction_path(1, place).unwrap().unwrap();
        assert_eq!(leaf, whole.leaves()[place as usize]);
        leaf.verify(&path, &whole.header().transactions_root).unwrap();
    }
    assert!(chain.transaction_path(1, 3).unwrap().is_none());
    assert!(chain.transaction_path(2, 0).unwrap().is_none());
}

/// Attacker: a server that shows a block that the chain does not stand on.
#[test]
fn every_block_is_proven_under_every_later_head() {
    let mut chain = chain();
    (0..9).for_each(|variant| extend(&mut chain, variant));
    let header = |height| chain.block(height).unwrap().unwrap().header().clone();
    let hash = |height| match height {
        0 => BlockHash(chain.genesis_hash().0),
        height => header(height).hash(),
    };
    for head in 1..=9 {
        for height in 0..head {
            let path = chain.history_path(height, head).unwrap().unwrap();
            let verify = |height, hash, head| history::verify_ancestor(&path, height, hash, &header(head));
            verify(height, hash(height), head).unwrap();
            assert!(verify(height + 1, hash(height), head).is_err());
            assert!(verify(height, hash(height + 1), head).is_err());
            assert!(
                (1..=9)
                    .filter(|other| *other != head)
                    .all(|other| verify(height, hash(height), other).is_err())
            );
        }
        assert_eq!(chain.history_path(head, head).unwrap(), None);
    }
    assert_eq!(chain.history_path(3, 10).unwrap(), None);
}

/// Blocks without a change hash nothing but the history, and leave no record of the state behind.
#[test]
fn an_empty_block_writes_no_state() {
    let mut chain = chain();
    extend(&mut chain, 0);
    let proposal = chain.propose(7, BlockLimits::default(), &[]).unwrap();
    let root = chain.block(1).unwrap().unwrap().header().state_root;
    assert_eq!(proposal.block().header().state_root, root);
    let before = chain.ledger().store().clone();
    chain.commit(proposal).unwrap();
    for table in state::TABLES {
        let all = |store: &MemoryStore| store.scan(table, louver_core::store::KeyRange::ALL).unwrap();
        assert_eq!(all(&before), all(chain.ledger().store()), "{}", table.0);
    }
}

#[test]
fn blocks_keep_their_limits_and_take_the_rest_later() {
    let mut chain = chain();
    let all = candidates(1, 0);
    let limits = BlockLimits { transactions: 2, ..BlockLimits::default() };
    let first = chain.propose(1, limits, &all).unwrap();
    assert_eq!(first.block().transactions().len(), 2);
    chain.commit(first).unwrap();
    let second = chain.propose(1, limits, &all).unwrap();
    assert_eq!(second.block().transactions().len(), 1);
    assert_eq!(second.refused().len(), 2);
    let none = BlockLimits { bytes: 10, ..limits };
    assert_eq!(chain.propose(1, none, &all[2..]).unwrap().block().transactions().len(), 0);
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

/// Attacker: a block maker who stamps blocks with a later time than the clock shows, or with an earlier one.
#[test]
fn a_block_has_the_time_that_is_asked_for_or_is_not_made() {
    let mut chain = chain();
    extend(&mut chain, 0);
    extend(&mut chain, 0);
    let early = chain.propose(1, BlockLimits::default(), &[]);
    assert!(matches!(early, Err(ChainError::Ledger(LedgerError::Time { found: 1, last: 2 }))), "{early:?}");
    assert_eq!(chain.propose(2, BlockLimits::default(), &[]).unwrap().block().header().time, 2);
}

/// Attacker: a sender whose first operation spends the money that the later ones need.
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

/// Attacker: a holder of an operation that was signed for another chain.
#[test]
fn an_operation_verified_for_another_chain_is_refused() {
    let (chain, other) = (chain(), louver_core::pool::GenesisHash([9; 32]));
    let foreign = mint(&other, 0, &person(1), 10).verify(&other).unwrap();
    assert!(matches!(
        chain.check_operation(&[], &foreign, &[]),
        Err(ChainError::Operation(OperationError::Signature))
    ));
}

/// Attacker: a reader of the supply who would believe that nothing was issued, or an account of genesis that would be
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
