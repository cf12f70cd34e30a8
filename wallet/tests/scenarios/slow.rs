//! Signers who take their time: committees, and people with a hardware wallet.

use louver_core::{
    epoch::{Epoch, EpochSchedule},
    note::Memo,
    transaction::Payment,
    value::Value,
};
use louver_wallet::{
    account::ReceivingPair,
    clock::Clock,
    plan::{Action, FeeChoice, Plan, PlanError},
    send::{Outgoing, SendError},
    vault::Protection,
    wallet::Wallet,
};

use crate::chain::{
    Chain, EUR, FIRST, NativeProver, PAYER, asset, block_time, pay, payment, send_plan, shield, spendable,
};

/// Builds now; proves and signs once `meanwhile` is over. `renewed` takes a fresh anchor before it proves.
fn signed_later(
    wallet: &mut Wallet,
    plan: &Plan,
    renewed: bool,
    meanwhile: impl FnOnce(&mut Wallet),
) -> Result<Outgoing, SendError> {
    let mut draft = wallet.build(plan, &mut rand::rng())?;
    let (txid, sighash) = {
        let request = draft.stage().signing_request();
        (request.txid(), request.sighash())
    };
    meanwhile(wallet);
    if renewed {
        draft = wallet.renew(draft)?;
        let request = draft.stage().signing_request();
        assert_eq!((request.txid(), request.sighash()), (txid, sighash), "signatures stay good");
    }
    let keys = wallet.unlock(&Protection::Unsealed).unwrap();
    let proven = draft.prove(&NativeProver, &mut louver_core::proof::Unwatched)?;
    wallet.sign(proven, &keys, Vec::new(), &mut rand::rng())
}

fn to(pair: &ReceivingPair, epoch: Epoch) -> Action {
    let both = [Some(&pair.now), pair.next.as_ref()];
    let to = both.into_iter().flatten().find(|given| given.address.epoch() == epoch).unwrap().address;
    let payment = Payment { to, asset: asset(EUR), value: Value(30), memo: Memo::empty() };
    Action::Pay { payments: vec![payment], fee: FeeChoice::Least }
}

/// Attacker: whoever makes payments until the ledger has forgotten the anchor under which a committee began to sign.
#[test]
fn a_committee_pays_a_request_in_the_month_in_which_it_has_signed() {
    for renewed in [false, true] {
        let mut chain = Chain::new();
        let mut alice = chain.funded(&[(EUR, 100)]);
        let (mut bob, mut mallory) = (chain.wallet(), chain.wallet());
        chain.mine_empty(35);
        chain.sync(&mut alice);
        chain.sync(&mut bob);
        let pair = bob.receive_pair(FIRST).unwrap();

        // Epoch 0 ends with second 40, and its grace with second 48.
        assert_eq!(alice.epoch_ready_by(47).unwrap(), Epoch(0));
        assert_eq!(alice.epoch_ready_by(48).unwrap(), Epoch(1));
        let by = 75;
        let action = to(&pair, alice.epoch_ready_by(by).unwrap());
        let plan = alice.plan_ready_by(FIRST, &action, by).unwrap();
        let preview = plan.preview();
        assert_eq!((preview.epoch, preview.not_before, preview.ready_by), (Epoch(1), Some(40), Some(by)));
        assert!(!preview.declares_previous_epoch && preview.expiry >= chain.height() + 40);
        let sent = signed_later(&mut alice, &plan, renewed, |alice| {
            chain.mine_empty(14);
            chain.sync(&mut mallory);
            chain.fund(&mut mallory, &[(EUR, 1); 20]);
            chain.sync(alice);
        })
        .unwrap();
        assert!(block_time(chain.height()) < by);
        assert_eq!(chain.try_mine(&[sent]).is_ok(), renewed, "the ledger has forgotten the first anchor");
        chain.sync(&mut alice);
        chain.sync(&mut bob);
        assert_eq!(spendable(&bob, EUR), if renewed { 30 } else { 0 });
    }
}

/// Attacker: a payer who wants next month's payment in a block of this month.
#[test]
fn what_is_signed_early_waits_for_its_month() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let pair = bob.receive_pair(FIRST).unwrap();
    let plan = alice.plan_ready_by(FIRST, &to(&pair, Epoch(1)), 60).unwrap();
    let sent = send_plan(&mut alice, &plan).unwrap();
    let early = chain.try_mine(std::slice::from_ref(&sent)).unwrap_err();
    assert!(early.to_string().contains("1970-01-01 00:00"), "{early}");
    chain.mine_empty(38);
    assert_eq!(block_time(chain.height() + 1), 39);
    assert!(chain.try_mine(std::slice::from_ref(&sent)).is_err());
    chain.mine_empty(1);
    chain.mine(&[sent]);
    chain.sync(&mut bob);
    assert_eq!(spendable(&bob, EUR), 30);
}

/// A plan that is built late takes its anchor then.
#[test]
fn a_plan_is_built_under_an_anchor_of_then() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let action = pay(&mut bob, EUR, 30, "");
    let plan = alice.plan_ready_by(FIRST, &action, 40).unwrap();
    assert_eq!((plan.preview().epoch, plan.preview().not_before), (Epoch(0), None));
    chain.mine_empty(25);
    chain.sync(&mut alice);
    let sent = send_plan(&mut alice, &plan).unwrap();
    chain.mine(&[sent]);
    chain.sync(&mut bob);
    assert_eq!(spendable(&bob, EUR), 30);

    // One that leaves nobody time dies meanwhile.
    let plan = alice.plan(FIRST, &shield(EUR, 5)).unwrap();
    assert_eq!(plan.preview().ready_by, None);
}

/// Attacker: a payee whose only address is over by the time at which a committee has signed. He would not look for the payment,
/// and the money would be tied up until it expires.
#[test]
fn an_address_that_leaves_no_time_is_refused_before_anybody_signs() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let this_month = pay(&mut bob, EUR, 30, "");
    assert!(alice.plan_ready_by(FIRST, &this_month, 47).is_ok());
    let refused = alice.plan_ready_by(FIRST, &this_month, 48).unwrap_err();
    assert!(matches!(refused, PlanError::AddressLeavesNoTime { until: 48, ready_by: 48 }));
    assert!(refused.to_string().contains("ask the payee for an address of a later month"), "{refused}");

    // An address of next month is taken where the time reaches into it, and not before.
    let mut next = payment(&mut bob, EUR, 30, "");
    next.to = bob.receive_in(FIRST, Epoch(1)).unwrap().address;
    let next = Action::Pay { payments: vec![next], fee: FeeChoice::Least };
    assert!(matches!(
        alice.plan_ready_by(FIRST, &next, 39),
        Err(PlanError::AddressNotYetValid { from: Some(40) })
    ));
    assert_eq!(alice.plan_ready_by(FIRST, &next, 40).unwrap().preview().not_before, Some(40));

    // A time that has passed counts as now.
    chain.mine_empty(3);
    chain.sync(&mut alice);
    let now = alice.plan_ready_by(FIRST, &this_month, 0).unwrap().preview();
    assert_eq!((now.epoch, now.expiry), (Epoch(0), alice.plan(FIRST, &this_month).unwrap().preview().expiry));
}

/// Attacker: whoever has somebody plan for a time of which nothing is known yet, so that the notes are tied up for years.
#[test]
fn nothing_is_planned_past_the_next_month() {
    let mut chain = Chain::new();
    let alice = chain.funded(&[(EUR, 100)]);
    let withdraw = Action::Withdraw {
        recipient: PAYER,
        asset: asset(EUR),
        value: Value(10).into(),
        fee: FeeChoice::Least,
    };
    let join = shield(EUR, 10);
    for action in [&withdraw, &join] {
        assert_eq!(alice.plan_ready_by(FIRST, action, 87).unwrap().preview().epoch, Epoch(1));
        for late in [88, 400, u64::MAX] {
            let refused = alice.plan_ready_by(FIRST, action, late).unwrap_err();
            assert!(matches!(refused, PlanError::TooFarAhead { until: 88 }), "{refused}");
        }
    }

    // In the last epoch money can only be moved out.
    let last = EpochSchedule::LAST.previous().unwrap();
    let begins = u64::from(last.0) * 40;
    let mut alice = alice.with_clock(Clock::new(move || begins));
    chain.mine_empty(1);
    chain.sync(&mut alice);
    let over = begins + 40 + 8;
    assert_eq!(alice.plan_ready_by(FIRST, &join, over - 1).unwrap().preview().epoch, last);
    let refused = alice.plan_ready_by(FIRST, &join, over).unwrap_err();
    assert!(matches!(refused, PlanError::TooFarAhead { until } if until == over), "{refused}");
    let preview = alice.plan_ready_by(FIRST, &withdraw, over).unwrap().preview();
    assert_eq!((preview.epoch, preview.not_before), (EpochSchedule::LAST, Some(begins + 40)));
    // The last epoch has no end, and heights have one.
    let refused = alice.plan_ready_by(FIRST, &withdraw, u64::MAX).unwrap_err();
    assert!(matches!(refused, PlanError::TooFarAhead { until } if until == begins + (1 << 31)), "{refused}");
}

/// Attacker: whoever pays somebody while he waits for signatures, in the hope that the plan falls apart.
#[test]
fn notes_that_come_meanwhile_change_nothing() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let plan = alice.plan_ready_by(FIRST, &pay(&mut bob, EUR, 30, ""), 47).unwrap();
    let sent = signed_later(&mut alice, &plan, true, |alice| {
        chain.mine_empty(39);
        chain.sync(alice);
        // This note is of epoch 1, which the transaction of epoch 0 cannot spend.
        chain.fund(alice, &[(EUR, 7)]);
    })
    .unwrap();
    chain.mine(&[sent]);
    chain.sync(&mut alice);
    chain.sync(&mut bob);
    assert_eq!((spendable(&alice, EUR), spendable(&bob, EUR)), (69 + 7, 30));
}
