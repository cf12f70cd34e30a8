//! For every rule, who gains by breaking it, and that he is refused, by the block and by the mempool's check alike, and
//! without a trace.

use super::*;
use crate::{
    asset::{AssetDescriptor, DescriptorHash},
    audit::NumberedKey,
    encoding::Decode,
    epoch::{Epoch, EpochSchedule},
    pool::{PoolId, RulesVersion},
    shape::Shape,
    transaction::{Fee, PublicSide, TxContext},
};

/// The rule that a draft breaks in the next block.
fn refusal<S: Store>(ledger: &Ledger<S>, draft: &Draft) -> RuleError {
    let context = draft.context(ledger);
    let height = ledger.tip().height + 1;
    let mut block = ledger.begin_block(&TestHost, height, u64::from(height)).unwrap();
    let broken = rule(block.apply(&draft.verified(context)));
    assert_eq!(rule(ledger.check(&TestHost, &draft.transaction(&context), height.into())), broken);
    let block = block.finish(b"").unwrap();
    let untouched = ledger.begin_block(&TestHost, height, u64::from(height)).unwrap().finish(b"").unwrap();
    assert_eq!(block.changes, untouched.changes, "a refused transaction left a trace");
    broken
}

fn accepted<S: Store>(ledger: &Ledger<S>, draft: &Draft) {
    let now = u64::from(ledger.tip().height + 1);
    ledger.check(&TestHost, &draft.transaction(&draft.context(ledger)), now).unwrap();
}

fn internal(ledger: &MemoryLedger) -> Draft {
    Draft::internal(1, ledger.tip().anchor)
}

fn fee(id: u8, amount: u64) -> Fee {
    Fee::new(asset(id), Value(amount)).unwrap()
}

/// Attacker: a holder in another pool of the chain, who would spend there and here.
#[test]
fn a_transaction_of_another_pool() {
    let ledger = funded();
    let draft = Draft { pool: PoolId(2), ..internal(&ledger) };
    assert_eq!(refusal(&ledger, &draft), RuleError::Pool(PoolId(2)));
}

/// A stranger gains by replaying a deposit after a reorganisation that gave its asset's id to another token.
#[test]
fn a_transaction_verified_under_another_context() {
    let ledger = funded();
    let draft = Draft::deposit(1, ledger.tip().anchor, ALICE, asset(2), 5);
    let right = draft.context(&ledger);
    let other = AssetDescriptor::new(asset(2), "WORTHY", 2, [9; 32], b"").unwrap().hash();
    let wrong = [
        TxContext { genesis: GenesisHash([0; 32]), ..right },
        TxContext { public_asset: other, ..right },
        TxContext { public_asset: DescriptorHash::default(), ..right },
        TxContext { fee_asset: other, ..right },
    ];
    let height = ledger.tip().height + 1;
    for context in wrong {
        let mut block = ledger.begin_block(&TestHost, height, 9).unwrap();
        assert_eq!(rule(block.apply(&draft.verified(context))), RuleError::Context);
    }
    let mut block = ledger.begin_block(&TestHost, height, 9).unwrap();
    block.apply(&draft.verified(right)).unwrap();
}

/// Attacker: a payer who shows her transaction to a key of her own under the number of the auditors' or under none, to a key that
/// was ended since it was found out, or to nobody; and one who would have a pool without auditors carry what nobody checks.
#[test]
fn transactions_that_the_auditors_of_the_pool_do_not_see() {
    let mut terms = genesis().terms().clone();
    terms.rules = vec![rules(1, 1, None, &Shape::AUDITED)];
    let mut ledger = super::ledger(MemoryStore::default(), Genesis::new(terms).unwrap());
    let draft = |auditor, ledger: &MemoryLedger| Draft {
        shape: Shape::AuditedTwoByThree,
        auditor,
        ..Draft::deposit(1, ledger.tip().anchor, ALICE, asset(2), 5)
    };
    assert_eq!(refusal(&ledger, &draft(3, &ledger)), RuleError::AuditorUnknown(3));
    accepted(&ledger, &draft(1, &ledger));
    accepted(&ledger, &draft(2, &ledger));
    // Verified under another key than the one of its number.
    let second = draft(2, &ledger);
    let context = second.context(&ledger);
    let first = TestHost::auditor_key(1).unwrap().key;
    let stolen = context.auditor.map(|auditor| NumberedKey { key: first, ..auditor });
    for wrong in [context.with_auditor(stolen), context.with_auditor(None)] {
        let mut block = ledger.begin_block(&TestHost, ledger.tip().height + 1, 9).unwrap();
        assert_eq!(rule(block.apply(&second.verified(wrong))), RuleError::Context);
    }
    let (version, shape) = (RulesVersion(1), Shape::TwoByThree);
    let plain = Draft { shape, ..second };
    assert_eq!(refusal(&ledger, &plain), RuleError::Shape { version, shape });
    let shape = Shape::AuditedTwoByThree;
    assert_eq!(refusal(&funded(), &Draft { shape, ..plain }), RuleError::Shape { version, shape });
    // The first key serves up to the block before its end, and then no more, whoever encrypted to it and when.
    advance(&mut ledger, 2);
    let ended = RuleError::AuditorEnded { number: 1, since: 3 };
    assert_eq!(refusal(&ledger, &draft(1, &ledger)), ended);
    accepted(&ledger, &draft(2, &ledger));
}

/// A forger gains by a hole in a circuit that is not agreed on yet, not any more, or not for his shape.
#[test]
fn rules_that_do_not_count() {
    let mut ledger = funded();
    let rules = |version| Draft { rules: RulesVersion(version), ..internal(&ledger) };
    assert_eq!(refusal(&ledger, &rules(3)), RuleError::RulesUnknown(RulesVersion(3)));
    let early = RuleError::RulesNotYet { version: RulesVersion(2), from: 5 };
    assert_eq!(refusal(&ledger, &rules(2)), early);
    advance(&mut ledger, 4);
    let now = Draft { rules: RulesVersion(2), ..internal(&ledger) };
    accepted(&ledger, &now);
    let wide = Draft { shape: Shape::TwoBySixteen, fee: fee(1, 4), ..now };
    let refused = RuleError::Shape { version: RulesVersion(2), shape: Shape::TwoBySixteen };
    assert_eq!(refusal(&ledger, &wide), refused);
    accepted(&ledger, &Draft { rules: RulesVersion(1), ..wide });

    advance(&mut ledger, 68);
    let last = Draft { epoch: Epoch(1), expiry: 96, ..internal(&ledger) };
    accepted(&ledger, &last);
    advance(&mut ledger, 69);
    let late = Draft { anchor: ledger.tip().anchor, ..last };
    assert_eq!(refusal(&ledger, &late), RuleError::RulesOff { version: RulesVersion(1), since: 70 });
}

/// A forger of proofs gains, from the day the hole is known to the day it is mended.
#[test]
fn rules_that_were_switched_off() {
    let mut ledger = funded();
    let mut block = ledger.begin_block(&TestHost, 2, 2).unwrap();
    block.switch_off(RulesVersion(1)).unwrap();
    let draft = internal(&ledger);
    let off = RuleError::RulesOff { version: RulesVersion(1), since: 2 };
    assert_eq!(rule(block.apply(&draft.verified(draft.context(&ledger)))), off, "at once");
    assert_eq!(rule(block.switch_off(RulesVersion(9))), RuleError::RulesUnknown(RulesVersion(9)));
    let block = block.finish(b"").unwrap();
    ledger.commit(block).unwrap();
    let switches = |ledger: &MemoryLedger| -> Vec<_> {
        ledger.rules().unwrap().into_iter().map(|entry| (entry.terms.version.0, entry.switched_off)).collect()
    };
    assert_eq!(switches(&ledger), [(1, Some(2)), (2, None)]);
    assert_eq!(refusal(&ledger, &draft), off);
    ledger.roll_back(1).unwrap();
    assert_eq!(switches(&ledger), [(1, None), (2, None)]);
    accepted(&ledger, &draft);
    // It counts from the start of its block: nothing of the version slips in before it.
    let mut block = ledger.begin_block(&TestHost, 2, 2).unwrap();
    block.apply(&draft.verified(draft.context(&ledger))).unwrap();
    assert_eq!(rule(block.switch_off(RulesVersion(1))), RuleError::RulesUsed(RulesVersion(1)));
    block.switch_off(RulesVersion(2)).unwrap();
    let off = RuleError::RulesOff { version: RulesVersion(2), since: 2 };
    assert_eq!(rule(block.switch_off(RulesVersion(2))), off, "once");
}

/// Attacker: an owner who hides a transaction from her auditor in the books of another epoch.
#[test]
fn an_epoch_that_is_not_on() {
    let mut ledger = funded();
    let next = Draft { epoch: Epoch(1), expiry: 96, ..internal(&ledger) };
    let early = RuleError::EpochNotYet { epoch: Epoch(1), begins: Some(40) };
    assert_eq!(refusal(&ledger, &next), early);
    advance(&mut ledger, 38);
    assert_eq!(refusal(&ledger, &next), early);
    advance(&mut ledger, 39);
    accepted(&ledger, &Draft { anchor: ledger.tip().anchor, ..next });
    advance(&mut ledger, 46);
    accepted(&ledger, &internal(&ledger));
    advance(&mut ledger, 47);
    assert_eq!(refusal(&ledger, &internal(&ledger)), RuleError::EpochOver { epoch: Epoch(0), until: 48 });
}

/// A ledger whose epochs are cut otherwise.
fn cut(schedule: EpochSchedule, time: u64) -> MemoryLedger {
    let snapshots = SnapshotTerms::usual(&schedule);
    let terms = GenesisTerms { schedule, snapshots, time, ..genesis().terms().clone() };
    testing::ledger(MemoryStore::default(), Genesis::new(terms).unwrap())
}

/// Attacker: an owner who moves her transactions into an epoch that no grant can be made for.
#[test]
fn an_epoch_that_the_chain_does_not_have() {
    let ledger = cut(EpochSchedule::ENDLESS, 0);
    accepted(&ledger, &Draft::deposit(1, ledger.tip().anchor, ALICE, asset(2), 5));
    let other = Draft { epoch: Epoch(1), ..internal(&ledger) };
    assert_eq!(refusal(&ledger, &other), RuleError::EpochNotYet { epoch: Epoch(1), begins: None });
}

/// Not an attack: what enters the last epoch could never be told to be over, and no address follows.
#[test]
fn anything_but_a_withdrawal_in_the_last_epoch() {
    let schedule = EpochSchedule::seconds(0, 10, 0).unwrap();
    let begins = schedule.begins(EpochSchedule::LAST).unwrap();
    for later in [0, 10, u64::MAX - begins] {
        let ledger = cut(schedule, begins + later);
        let anchor = ledger.tip().anchor;
        let check = |draft: Draft| {
            let draft = Draft { epoch: EpochSchedule::LAST, ..draft };
            ledger.check(&TestHost, &draft.transaction(&draft.context(&ledger)), begins)
        };
        assert_eq!(rule(check(internal(&ledger))), RuleError::LastEpoch);
        assert_eq!(rule(check(Draft::deposit(1, anchor, ALICE, asset(2), 5))), RuleError::LastEpoch);
        // The pool is empty: whatever else was wrong would have been told before.
        let withdrawal = rule(check(Draft::withdrawal(1, anchor, ALICE, asset(1), 5)));
        assert!(matches!(withdrawal, RuleError::TurnstileEmpty { .. }), "{withdrawal:?}");
    }
}

/// Attacker: somebody who stops a chain over the end of an epoch, so that nobody can send when it goes on.
#[test]
fn a_mempool_goes_by_its_clock_after_a_pause() {
    let ledger = funded();
    let next = Draft { epoch: Epoch(3), expiry: 96, ..internal(&ledger) };
    let check =
        |draft: &Draft, now| ledger.check(&TestHost, &draft.transaction(&draft.context(&ledger)), now);
    check(&next, 120).unwrap();
    assert_eq!(rule(check(&next, 119)), RuleError::EpochNotYet { epoch: Epoch(3), begins: Some(120) });
    let over = RuleError::EpochOver { epoch: Epoch(0), until: 48 };
    assert_eq!(rule(check(&internal(&ledger), 120)), over);
    // A clock that is behind the last block counts as that block.
    check(&internal(&ledger), 0).unwrap();
}

/// Attacker: a wallet's watcher, by an odd expiry; a payee, by a payment that its payer believed dead.
#[test]
fn an_expiry_that_is_odd_late_or_over() {
    let mut ledger = funded();
    let expiry = |expiry| Draft { expiry, ..internal(&ledger) };
    accepted(&ledger, &expiry(16));
    assert_eq!(refusal(&ledger, &expiry(17)), RuleError::ExpiryBucket(17));
    // An epoch may end before a transaction's height does: whichever comes first counts.
    accepted(&ledger, &expiry(64));
    assert_eq!(refusal(&ledger, &expiry(0)), RuleError::Expired(0));
    advance(&mut ledger, 15);
    accepted(&ledger, &Draft { expiry: 16, ..internal(&ledger) });
    advance(&mut ledger, 16);
    assert_eq!(refusal(&ledger, &Draft { expiry: 16, ..internal(&ledger) }), RuleError::Expired(16));
}

/// A forger gains by proving his notes in a tree of his own making.
#[test]
fn an_anchor_that_never_was_or_is_too_old() {
    let mut ledger = funded();
    let first = ledger.tip().anchor;
    let invented = Draft { anchor: Anchor::from_scalar(first.to_scalar().double()), ..internal(&ledger) };
    assert_eq!(refusal(&ledger, &invented), RuleError::AnchorUnknown);
    let old = internal(&ledger);
    apply(&mut ledger, &[Draft::internal(2, first)]);
    advance(&mut ledger, 10);
    accepted(&ledger, &old);
    advance(&mut ledger, 11);
    assert_eq!(refusal(&ledger, &old), RuleError::AnchorTooOld { last: 1, window: 10 });
    accepted(&ledger, &internal(&ledger));
}

/// Every owner of a note gains. The plainest theft of all.
#[test]
fn a_note_spent_twice() {
    let mut ledger = funded();
    let anchor = ledger.tip().anchor;
    let twice = Draft { spends: vec![5, 5], ..Draft::internal(5, anchor) };
    assert_eq!(refusal(&ledger, &twice), RuleError::NullifierRepeated { input: 1 });

    let first = Draft { spends: vec![5, 6], ..Draft::internal(5, anchor) };
    let second = Draft { spends: vec![7, 6], ..first.clone() };
    let mut block = ledger.begin_block(&TestHost, 2, 2).unwrap();
    block.apply(&first.verified(first.context(&ledger))).unwrap();
    let again = block.apply(&second.verified(second.context(&ledger)));
    assert_eq!(rule(again), RuleError::NullifierInBlock { input: 1 });
    let block = block.finish(b"").unwrap();
    ledger.commit(block).unwrap();
    assert_eq!(refusal(&ledger, &second), RuleError::NullifierSpent { input: 1, height: 2 });
    assert_eq!(refusal(&ledger, &first), RuleError::NullifierSpent { input: 0, height: 2 });

    ledger.roll_back(1).unwrap();
    accepted(&ledger, &second);
}

/// A payer gains by filling blocks for nothing, or by paying with what is worth nothing.
#[test]
fn a_fee_that_is_missing_too_low_or_worthless() {
    let ledger = funded();
    let with = |shape, fee| Draft { shape, fee, ..internal(&ledger) };
    let small = Shape::TwoByThree;
    assert_eq!(refusal(&ledger, &with(small, Fee::NONE)), RuleError::FeeMissing(small));
    assert_eq!(refusal(&ledger, &with(small, fee(3, 9))), RuleError::FeeAsset(asset(3)));
    assert_eq!(refusal(&ledger, &with(small, fee(77, 9))), RuleError::AssetUnknown(asset(77)));
    let low = RuleError::FeeTooLow { fee: Value(3), minimum: Value(4) };
    assert_eq!(refusal(&ledger, &with(Shape::TwoBySixteen, fee(2, 3))), low);
    accepted(&ledger, &with(Shape::TwoBySixteen, fee(2, 4)));
}

/// A payer gains by bringing in a token of his own and taking out another.
#[test]
fn an_asset_that_nobody_registered() {
    let ledger = funded();
    let anchor = ledger.tip().anchor;
    let unknown = RuleError::AssetUnknown(asset(9));
    assert_eq!(refusal(&ledger, &Draft::deposit(1, anchor, ALICE, asset(9), 1)), unknown);
    assert_eq!(refusal(&ledger, &Draft::withdrawal(1, anchor, BOB, asset(9), 1)), unknown);
}

/// Attacker: somebody who forged a proof. For no asset can he get more than is in the pool.
#[test]
fn more_leaves_than_came_in() {
    let ledger = funded();
    let anchor = ledger.tip().anchor;
    let empty = |id| RuleError::TurnstileEmpty { asset: asset(id), held: Value(1000) };
    let out = |id, amount| Draft::withdrawal(1, anchor, BOB, asset(id), amount);
    assert_eq!(refusal(&ledger, &out(2, 1001)), empty(2));
    assert_eq!(refusal(&ledger, &out(2, u64::MAX)), empty(2));
    accepted(&ledger, &out(2, 1000));
    // Of the fee's own asset, amount and fee count together.
    assert_eq!(refusal(&ledger, &out(1, 1000)), empty(1));
    accepted(&ledger, &out(1, 999));
    assert_eq!(refusal(&ledger, &Draft { fee: fee(1, 1001), ..out(2, 1) }), empty(1));
    // Two that each would hold, not both.
    let half = |spend| Draft::withdrawal(spend, anchor, BOB, asset(2), 501);
    let mut block = ledger.begin_block(&TestHost, 2, 2).unwrap();
    block.apply(&half(1).verified(half(1).context(&ledger))).unwrap();
    let left = RuleError::TurnstileEmpty { asset: asset(2), held: Value(499) };
    assert_eq!(rule(block.apply(&half(2).verified(half(2).context(&ledger)))), left);
}

/// A forger gains by wrapping the count of the pool around, to hide what leaves it.
#[test]
fn more_comes_in_than_can_be_counted() {
    let mut ledger = funded();
    let anchor = ledger.tip().anchor;
    let mut block = ledger.begin_block(&TestHost, 2, 2).unwrap();
    block.operate(|state| TestHost.credit(state, &BOB, asset(3), Value(u64::MAX - 1_000_000))).unwrap();
    let block = block.finish(b"").unwrap();
    ledger.commit(block).unwrap();
    let all = Draft::deposit(1, anchor, BOB, asset(3), u64::MAX);
    let full = RuleError::TurnstileOverflow { asset: asset(3), held: Value(1000) };
    assert_eq!(refusal(&ledger, &all), full);
}

/// A payer gains by shielding another's money, or money that is not there.
#[test]
fn a_deposit_that_its_payer_did_not_sign_or_cannot_pay() {
    let ledger = funded();
    let anchor = ledger.tip().anchor;
    let good = Draft::deposit(1, anchor, ALICE, asset(2), 100);
    let unsigned = RuleError::HostAuthorization(HostRefusal::Unauthorized);
    assert_eq!(refusal(&ledger, &Draft { signer: Some(BOB), ..good.clone() }), unsigned);
    assert_eq!(refusal(&ledger, &Draft { signer: None, ..good.clone() }), unsigned);
    let moved = PublicSide::Deposit { asset: asset(2), amount: Value(100), payer: BOB };
    assert_eq!(refusal(&ledger, &Draft { public_side: moved, ..good }), unsigned);

    let poor = |amount| Draft::deposit(1, anchor, BOB, asset(2), amount);
    let refused = RuleError::HostDebit(HostRefusal::InsufficientBalance {
        balance: Value(1_000_000),
        needed: Value(1_000_001),
    });
    assert_eq!(refusal(&ledger, &poor(1_000_001)), refused);
    // The least fee is due beside the amount.
    let fee_short =
        RuleError::HostDebit(HostRefusal::InsufficientBalance { balance: Value(0), needed: Value(1) });
    assert_eq!(refusal(&ledger, &poor(1_000_000)), fee_short);
    accepted(&ledger, &poor(999_999));
}

/// Not an attack: what leaves the pool must arrive.
#[test]
fn a_withdrawal_that_cannot_arrive() {
    let mut ledger = funded();
    let mut block = ledger.begin_block(&TestHost, 2, 2).unwrap();
    block
        .operate(|state| TestHost.credit(state, &TransparentAccount([7; 32]), asset(2), Value(u64::MAX)))
        .unwrap();
    let block = block.finish(b"").unwrap();
    ledger.commit(block).unwrap();
    let draft = Draft::withdrawal(1, ledger.tip().anchor, TransparentAccount([7; 32]), asset(2), 1);
    assert_eq!(refusal(&ledger, &draft), RuleError::HostCredit(HostRefusal::Overflow));
}

/// A maker of blocks gains by overwriting the first leaves.
#[test]
fn a_tree_without_room() {
    let mut ledger = funded();
    let mut bytes = (u64::from(u32::MAX) - 1).to_le_bytes().to_vec();
    // The last leaf, at 2^32 - 3: every bit is set but one.
    bytes.extend([0u8; 32 * (1 + 16 + 30)]);
    ledger.head.frontier = Frontier::from_bytes(&bytes).unwrap();
    assert_eq!(refusal(&ledger, &internal(&ledger)), RuleError::TreeFull);
}
