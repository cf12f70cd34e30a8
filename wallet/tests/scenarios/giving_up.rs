//! Transactions that no block takes: refused before they are proven, refused by a node, abandoned, overtaken.

use std::collections::BTreeMap;

use louver_core::{
    encoding::Decode,
    note::Memo,
    store::MemoryStore,
    transaction::{Transaction, TxId},
    value::Value,
};
use louver_wallet::{
    abandonment::{AbandonError, Final},
    history::{HistoryEntry, Status},
    payment_request::RequestedPayment,
    phrase::RecoveryPhrase,
    plan::{Action, FeeChoice, PlanError, Quantity},
    send::Outgoing,
    wallet::Wallet,
};

use crate::chain::{
    ART, Chain, EUR, FIRST, LVR, PAYER, asset, pay, payment, pending, send_plan, shield, spendable,
};

fn deposit(id: u8, value: impl Into<Quantity>, held: &[(u8, u64)]) -> Action {
    let available: BTreeMap<_, _> = held.iter().map(|(id, held)| (asset(*id), Value(*held))).collect();
    Action::Shield {
        payer: PAYER,
        asset: asset(id),
        value: value.into(),
        available: Some(available),
        to: None,
        memo: Memo::empty(),
    }
}

fn entry(wallet: &Wallet, txid: TxId) -> HistoryEntry {
    wallet.history_entry(FIRST, txid).unwrap().unwrap()
}

fn status(wallet: &Wallet, txid: TxId) -> Status {
    entry(wallet, txid).status
}

fn nullifiers(outgoing: &Outgoing) -> Vec<louver_core::note::Nullifier> {
    Transaction::from_bytes(&outgoing.bytes).unwrap().effects().nullifiers().to_vec()
}

/// Not an attack: somebody is told that money is on its way which no block will ever take.
#[test]
fn a_deposit_that_cannot_be_paid_is_refused_before_it_is_proven() {
    let alice = Chain::new().wallet();
    let refused = |action: &Action| match alice.plan(FIRST, action) {
        Err(PlanError::TransparentFunds { asset, needed, available, deposit, fits }) => {
            (asset, needed, available.0, deposit, fits.0)
        }
        other => panic!("{other:?}"),
    };
    // The fee of 1 is due beside the amount.
    assert_eq!(refused(&deposit(EUR, Value(500), &[(EUR, 500)])), (asset(EUR), 501, 500, asset(EUR), 499));
    assert_eq!(refused(&deposit(EUR, Value(1), &[])), (asset(EUR), 2, 0, asset(EUR), 0));
    // Of an asset that the pool takes no fee in, all can move, if the fee is there.
    assert_eq!(refused(&deposit(ART, Value(5), &[(ART, 5)])), (asset(EUR), 1, 0, asset(ART), 0));
    assert_eq!(refused(&deposit(ART, Value(6), &[(ART, 5), (EUR, 1)])), (asset(ART), 6, 5, asset(ART), 5));
    for (all, held, moved) in [
        (deposit(EUR, Quantity::All, &[(EUR, 500)]), EUR, 499),
        (deposit(ART, Quantity::All, &[(ART, 5), (EUR, 1)]), ART, 5),
    ] {
        let preview = alice.plan(FIRST, &all).unwrap().preview();
        assert_eq!((preview.payments[0].asset, preview.payments[0].value), (asset(held), Value(moved)));
    }
    assert_eq!(refused(&deposit(EUR, Quantity::All, &[(EUR, 1)])), (asset(EUR), 2, 1, asset(EUR), 0));
    let Action::Shield { payer, asset, to, memo, .. } = shield(EUR, 1) else { unreachable!() };
    let unknown = Action::Shield { payer, asset, value: Quantity::All, available: None, to, memo };
    assert!(matches!(alice.plan(FIRST, &unknown), Err(PlanError::BalanceUnknown)));
}

/// Not an attack: a deposit that a node refuses for good counts as pending, and its owner waits.
#[test]
fn what_is_refused_for_good_is_neither_pending_nor_submitted_again() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let deposit = chain.send(&mut alice, &shield(EUR, 50));
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, ""));
    assert_eq!(pending(&alice, EUR), 50 + 69);
    assert_eq!(alice.refused(deposit.txid, Final::Invalid).unwrap(), [deposit.txid]);
    assert_eq!(alice.refused(sent.txid, Final::AnchorTooOld).unwrap(), [sent.txid]);
    assert_eq!(alice.refused(sent.txid, Final::Rules).unwrap(), []);
    assert_eq!((spendable(&alice, EUR), pending(&alice, EUR)), (100, 0));
    assert_eq!(alice.waiting().unwrap(), []);
    assert!(matches!(status(&alice, sent.txid), Status::Refused { reason: Final::AnchorTooOld, .. }));
    // The node lied: it has the payment mined. The wallet sees that.
    chain.mine(std::slice::from_ref(&sent));
    chain.sync(&mut alice);
    assert!(matches!(status(&alice, sent.txid), Status::Mined { .. }));
    assert_eq!((spendable(&alice, EUR), pending(&alice, EUR)), (69, 0));
}

/// Attacker: a payee who sends a request once more, and is paid once more.
#[test]
fn a_request_that_was_paid_is_known_until_its_payment_is_given_up() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let Action::Pay { payments, fee } = pay(&mut bob, EUR, 30, "") else { unreachable!() };
    let asked = RequestedPayment {
        asset: Some(asset(EUR)),
        value: Some(Value(30)),
        ..RequestedPayment::to(payments[0].to)
    };
    let made = |alice: &Wallet, asked: &RequestedPayment| {
        alice.made_payments().unwrap().of_request(asked).map(|made| (made.txid, made.to_string()))
    };
    assert_eq!(made(&alice, &asked), None);
    let sent = chain.send(&mut alice, &Action::Pay { payments: payments.clone(), fee });
    let (txid, said) = made(&alice, &asked).unwrap();
    assert!(txid == sent.txid && said.contains("waits for a block"), "{said}");
    // Also if the payer was to choose the amount; not if another amount or asset is asked for, or another address.
    let open = RequestedPayment::to(payments[0].to);
    assert!(made(&alice, &open).is_some());
    assert_eq!(made(&alice, &RequestedPayment { value: Some(Value(31)), ..asked.clone() }), None);
    assert_eq!(made(&alice, &RequestedPayment { asset: Some(asset(ART)), ..asked.clone() }), None);
    let Action::Pay { payments: others, .. } = pay(&mut bob, EUR, 30, "") else { unreachable!() };
    assert_eq!(made(&alice, &RequestedPayment::to(others[0].to)), None);
    let next = RequestedPayment { address: others[0].to, next: Some(payments[0].to), ..asked.clone() };
    assert!(made(&alice, &next).is_some());
    alice.abandon(sent.txid).unwrap();
    assert_eq!(made(&alice, &asked), None);
    // It is mined all the same.
    chain.mine(std::slice::from_ref(&sent));
    chain.sync(&mut alice);
    let (_, said) = made(&alice, &asked).unwrap();
    assert!(said.contains("in block"), "{said}");
}

/// Attacker: a payee who keeps a payment that its payer gave up, and has both mined.
#[test]
fn an_abandoned_payment_and_the_next_attempt_exclude_each_other() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 40), (EUR, 30), (EUR, 90)]);
    let mut bob = chain.wallet();
    let first = chain.send(&mut alice, &pay(&mut bob, EUR, 25, ""));
    assert!(!entry(&alice, first.txid).nets().is_empty());
    assert_eq!(alice.abandon(first.txid).unwrap(), [first.txid]);
    // Money that never moved counts in no sum. The entry is found by its asset.
    let given_up = entry(&alice, first.txid);
    assert!(given_up.nets().is_empty() && given_up.fee_paid().amount() == Value(0), "{given_up:?}");
    assert!(!given_up.assets().is_empty());
    assert!(matches!(alice.abandon(first.txid), Err(AbandonError::NotWaiting(_))));
    assert!(matches!(alice.abandon(TxId([7; 32])), Err(AbandonError::Unknown(_))));
    assert_eq!((spendable(&alice, EUR), pending(&alice, EUR)), (160, 0));
    // A note that comes in meanwhile would fit better.
    chain.fund(&mut alice, &[(EUR, 26)]);
    let second = chain.send(&mut alice, &pay(&mut bob, EUR, 25, ""));
    assert!(nullifiers(&first).iter().any(|nullifier| nullifiers(&second).contains(nullifier)));
    // Whichever is mined, the other sends nothing.
    chain.mine(std::slice::from_ref(&first));
    chain.sync(&mut alice);
    assert!(matches!(status(&alice, first.txid), Status::Mined { .. }));
    let Status::Superseded { by, elsewhere, .. } = status(&alice, second.txid) else { panic!("it waits") };
    assert_eq!((by, elsewhere), (first.txid, false));
    assert!(chain.try_mine(&[second]).is_err());
}

/// Attacker: the same payee, whose payer can pay again only with other notes.
#[test]
fn a_second_payment_waits_where_it_cannot_exclude_the_first() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 10)]);
    let mut bob = chain.wallet();
    let action = pay(&mut bob, EUR, 8, "");
    let first = chain.send(&mut alice, &action);
    alice.abandon(first.txid).unwrap();
    // Another payment takes the note away, and is given up as well: the first can still be mined.
    let other = chain.send(&mut alice, &pay(&mut bob, EUR, 9, ""));
    let ready = alice.plan(FIRST, &action);
    assert!(matches!(ready, Err(PlanError::InsufficientFunds { .. })), "{ready:?}");
    alice.abandon(other.txid).unwrap();
    alice.set_confirmations(core::num::NonZeroU32::new(4).unwrap());
    let refused = alice.plan(FIRST, &action);
    assert!(
        matches!(refused, Err(PlanError::EarlierAttempt { until }) if until == first.expiry),
        "{refused:?}"
    );
    // Once it has expired, nothing but the node's word stands against it, as ever.
    chain.mine_empty(first.expiry as usize);
    chain.sync(&mut alice);
    alice.plan(FIRST, &pay(&mut bob, EUR, 8, "")).unwrap();
}

/// Not an attack: an owner of two devices waits for a payment that never can be made, or pays it twice.
#[test]
fn a_payment_overtaken_by_another_device_is_said_to_have_sent_nothing() {
    let mut chain = Chain::new();
    let phrase = RecoveryPhrase::generate(&mut rand::rng());
    let mut phone = chain.wallet_of(&phrase, MemoryStore::default());
    let mut laptop = chain.wallet_of(&phrase, MemoryStore::default());
    chain.fund(&mut phone, &[(EUR, 100)]);
    chain.sync(&mut laptop);
    let mut bob = chain.wallet();
    let lost = chain.send(&mut phone, &pay(&mut bob, EUR, 30, ""));
    let won = chain.send(&mut laptop, &pay(&mut bob, EUR, 50, ""));
    let before = chain.height();
    chain.mine(std::slice::from_ref(&won));
    let found = chain.sync(&mut phone);
    assert_eq!((found.superseded, found.expired), (1, 0));
    let told = Status::Superseded { by: won.txid, elsewhere: true, height: before + 1, expiry: lost.expiry };
    assert_eq!(status(&phone, lost.txid), told);
    assert_eq!((spendable(&phone, EUR), pending(&phone, EUR)), (49, 0));
    assert_eq!(phone.waiting().unwrap(), []);
    // The block is undone: either may be mined now.
    chain.reorganise(before);
    chain.mine_empty(1);
    chain.sync(&mut phone);
    assert!(matches!(status(&phone, lost.txid), Status::Pending { .. }));
    assert_eq!((spendable(&phone, EUR), pending(&phone, EUR)), (0, 69));
    chain.mine(std::slice::from_ref(&lost));
    chain.sync(&mut phone);
    assert!(matches!(status(&phone, lost.txid), Status::Mined { .. }));
}

/// Everything goes out at once, whichever asset pays the fee.
#[test]
fn all_of_an_asset_is_paid_or_withdrawn() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(LVR, 40), (LVR, 30), (LVR, 1), (ART, 9)]);
    let mut bob = chain.wallet();
    let all = |bob: &mut Wallet, id| {
        let to = Box::new(payment(bob, id, 1, "").to);
        Action::PayAll { to, asset: asset(id), memo: Memo::empty(), fee: FeeChoice::Least }
    };
    // Four inputs take a fee of 2, in the asset itself.
    let preview = alice.plan(FIRST, &all(&mut bob, LVR)).unwrap().preview();
    assert_eq!((preview.payments[0].value, preview.change.len()), (Value(69), 0));
    let out = |id| Action::Withdraw {
        recipient: PAYER,
        asset: asset(id),
        value: Quantity::All,
        fee: FeeChoice::Least,
    };
    assert!(matches!(alice.plan(FIRST, &out(ART)), Err(PlanError::InsufficientFunds { .. })));
    chain.fund(&mut alice, &[(EUR, 5)]);
    let plan = alice.plan(FIRST, &out(ART)).unwrap();
    let sent = send_plan(&mut alice, &plan).unwrap();
    chain.mine(&[sent]);
    chain.sync(&mut alice);
    let sent = chain.send(&mut alice, &all(&mut bob, LVR));
    chain.mine(&[sent]);
    for wallet in [&mut alice, &mut bob] {
        chain.sync(wallet);
    }
    assert_eq!((spendable(&alice, ART), spendable(&alice, LVR), spendable(&alice, EUR)), (0, 0, 2));
    assert_eq!(spendable(&bob, LVR), 71);
    assert!(matches!(alice.plan(FIRST, &all(&mut bob, LVR)), Err(PlanError::InsufficientFunds { .. })));
}

/// Not an attack: an owner sees money that he cannot spend, and is not told why.
#[test]
fn what_cannot_be_spent_now_is_explained() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 40)]);
    let mut bob = chain.wallet();
    let old = pay(&mut bob, EUR, 60, "");
    chain.mine_empty(40 - chain.height() as usize);
    chain.sync(&mut alice);
    chain.fund(&mut alice, &[(EUR, 50)]);
    let unspendable = |alice: &Wallet, action: &Action| match alice.plan(FIRST, action) {
        Err(PlanError::InsufficientFunds { spendable, unspendable, .. }) => {
            (spendable, unspendable.immature, unspendable.pending, unspendable.newer)
        }
        other => panic!("{other:?}"),
    };
    // She holds 90. Bob's address is of the epoch before, in which she had not received the 50.
    assert_eq!(unspendable(&alice, &old), (40, 0, 0, 50));
    assert!(alice.plan(FIRST, &old).unwrap_err().to_string().contains("ask the payee for a new address"));
    chain.sync(&mut bob);
    let new = pay(&mut bob, EUR, 60, "");
    alice.plan(FIRST, &new).unwrap();
    alice.set_confirmations(core::num::NonZeroU32::new(2).unwrap());
    assert_eq!(unspendable(&alice, &new), (40, 50, 0, 0));
    chain.send(&mut alice, &pay(&mut bob, EUR, 9, ""));
    assert_eq!(unspendable(&alice, &new), (0, 50, 30, 0));
}
