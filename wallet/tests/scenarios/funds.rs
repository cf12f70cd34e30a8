//! Planning and paying: balances, change, fees, shapes and what is refused.

use louver_core::{
    asset::AssetId,
    encoding::Decode,
    epoch::EpochSchedule,
    ledger::testing,
    proof::Unwatched,
    shape::Shape,
    transaction::{PublicSide, Transaction},
    value::Value,
};
use louver_wallet::{
    account::AccountError,
    plan::{Action, FeeChoice, PlanError},
    send::{HostMessage, Outgoing, SendError},
    vault::Protection,
    wallet::Wallet,
};

use crate::chain::{
    ART, Chain, EUR, FIRST, LVR, NativeProver, PAYER, asset, pay, payment, pending, send_plan, shield,
    spendable,
};

#[test]
fn shields_pays_and_keeps_the_change() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    assert_eq!(spendable(&alice, EUR), 100);

    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, "rent"));
    assert_eq!((spendable(&alice, EUR), pending(&alice, EUR)), (0, 69), "the fee is 1");
    chain.mine(&[sent]);
    chain.sync(&mut alice);
    chain.sync(&mut bob);
    assert_eq!((spendable(&alice, EUR), pending(&alice, EUR)), (69, 0));
    assert_eq!(spendable(&bob, EUR), 30);

    // Money that came back can be spent, and so can money that was received.
    let back = chain.send(&mut bob, &pay(&mut alice, EUR, 29, "and back"));
    chain.mine(&[back]);
    chain.sync(&mut alice);
    chain.sync(&mut bob);
    assert_eq!((spendable(&alice, EUR), spendable(&bob, EUR)), (98, 0));
}

#[test]
fn the_fee_may_be_of_another_asset() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(ART, 5), (LVR, 50)]);
    let mut bob = chain.wallet();
    let art = payment(&mut bob, ART, 5, "");
    let refused =
        alice.plan(FIRST, &Action::Pay { payments: vec![art.clone()], fee: FeeChoice::LeastIn(asset(ART)) });
    assert!(matches!(refused, Err(PlanError::FeeAsset(id)) if id == asset(ART)));

    let fee = FeeChoice::LeastIn(asset(LVR));
    let plan = alice.plan(FIRST, &Action::Pay { payments: vec![art], fee }).unwrap();
    let preview = plan.preview();
    assert_eq!((preview.shape, preview.notes_spent), (Shape::TwoByThree, 2));
    assert_eq!(preview.change, [(asset(LVR), Value(49))]);
    assert_eq!(preview.side, PublicSide::Internal, "the asset that is paid does not show");
    let sent = send_plan(&mut alice, &plan).unwrap();
    chain.mine(&[sent]);
    chain.sync(&mut alice);
    chain.sync(&mut bob);
    assert_eq!((spendable(&alice, ART), spendable(&alice, LVR), spendable(&bob, ART)), (0, 49, 5));
}

#[test]
fn pays_many_at_once_in_two_assets() {
    let mut chain = Chain::new();
    let mut company = chain.funded(&[(EUR, 10_000), (LVR, 1000)]);
    let mut people: Vec<_> = (0..7).map(|_| chain.wallet()).collect();
    let mut payments = Vec::new();
    for (index, person) in people.iter_mut().enumerate() {
        payments.push(payment(person, EUR, 1000 + index as u64, "salary"));
        payments.push(payment(person, LVR, 10, "bonus"));
    }
    let fee = FeeChoice::LeastIn(asset(LVR));
    // Rules version 2 has no 2x16, and it counts from block 5: the wallet still names version 1.
    let plan = company.plan(FIRST, &Action::Pay { payments, fee }).unwrap();
    assert_eq!(plan.preview().shape, Shape::TwoBySixteen);
    let sent = send_plan(&mut company, &plan).unwrap();
    chain.mine(&[sent]);
    chain.sync(&mut company);
    for (index, person) in people.iter_mut().enumerate() {
        chain.sync(person);
        assert_eq!((spendable(person, EUR), spendable(person, LVR)), (1000 + index as u128, 10));
    }
    assert_eq!(spendable(&company, EUR), 10_000 - 7 * 1000 - 21);
    assert_eq!(spendable(&company, LVR), 1000 - 70 - 4);
}

#[test]
fn withdraws_to_a_transparent_account() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let action = Action::Withdraw {
        recipient: PAYER,
        asset: asset(EUR),
        value: Value(40).into(),
        fee: FeeChoice::Exactly { asset: asset(EUR), value: Value(3) },
    };
    let before = chain.ledger.supply(asset(EUR)).unwrap();
    let sent = chain.send(&mut alice, &action);
    chain.mine(&[sent]);
    chain.sync(&mut alice);
    assert_eq!(spendable(&alice, EUR), 57);
    assert_eq!(chain.ledger.supply(asset(EUR)).unwrap(), Value(before.0 - 43));
}

#[test]
fn says_what_is_missing() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let Err(PlanError::InsufficientFunds { needed, spendable, missing, .. }) =
        alice.plan(FIRST, &pay(&mut bob, EUR, 100, ""))
    else {
        panic!("the fee is not there")
    };
    assert_eq!((needed, spendable, missing), (101, 100, 1));
    // A note in flight cannot be spent again.
    chain.send(&mut alice, &pay(&mut bob, EUR, 10, ""));
    let refused = alice.plan(FIRST, &pay(&mut bob, EUR, 10, ""));
    assert!(matches!(refused, Err(PlanError::InsufficientFunds { spendable: 0, .. })));
}

#[test]
fn dust_is_consolidated_before_it_is_spent() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 10); 10]);
    let mut bob = chain.wallet();
    // Nine notes and more would be needed; eight is the most.
    let refused = alice.plan(FIRST, &pay(&mut bob, EUR, 85, ""));
    assert!(matches!(refused, Err(PlanError::TooFragmented { notes: 9, most: 8 })), "{refused:?}");
    let joined = chain.send(&mut alice, &Action::Consolidate { asset: asset(EUR), fee: FeeChoice::Least });
    chain.mine(&[joined]);
    chain.sync(&mut alice);
    assert_eq!(spendable(&alice, EUR), 97, "8x3 costs 3");
    let plan = alice.plan(FIRST, &pay(&mut bob, EUR, 85, "")).unwrap();
    assert_eq!(plan.preview().shape, Shape::TwoByThree);
    let sent = send_plan(&mut alice, &plan).unwrap();
    chain.mine(&[sent]);
    chain.sync(&mut bob);
    assert_eq!(spendable(&bob, EUR), 85);
}

#[test]
fn two_notes_are_joined_for_a_fee_in_another_asset() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(ART, 10), (ART, 5), (LVR, 20)]);
    let fee = FeeChoice::LeastIn(asset(LVR));
    let joined = chain.send(&mut alice, &Action::Consolidate { asset: asset(ART), fee });
    chain.mine(&[joined]);
    chain.sync(&mut alice);
    assert_eq!((spendable(&alice, ART), spendable(&alice, LVR)), (15, 18), "4x4 costs 2");
}

#[test]
fn the_order_of_payments_does_not_matter() {
    let mut chain = Chain::new();
    let alice = chain.funded(&[(ART, 10), (LVR, 20)]);
    let mut bob = chain.wallet();
    let payments = [payment(&mut bob, LVR, 1, ""), payment(&mut bob, ART, 1, "")];
    for payments in [payments.to_vec(), payments.iter().rev().cloned().collect()] {
        let fee = FeeChoice::LeastIn(asset(LVR));
        alice.plan(FIRST, &Action::Pay { payments, fee }).unwrap();
    }
}

#[test]
fn one_note_cannot_be_consolidated() {
    let mut chain = Chain::new();
    let alice = chain.funded(&[(EUR, 10)]);
    let refused = alice.plan(FIRST, &Action::Consolidate { asset: asset(EUR), fee: FeeChoice::Least });
    assert!(matches!(refused, Err(PlanError::NothingToConsolidate)));
}

/// Not an attack: the funds would be lost, since the owner no longer looks there.
#[test]
fn an_expired_address_is_refused() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let old = pay(&mut bob, EUR, 10, "");
    chain.mine_empty(44);
    chain.sync(&mut alice);
    // Grace: epochs have 40 seconds, and 8 more in which the old one may still be declared.
    let plan = alice.plan(FIRST, &old).unwrap();
    assert!(plan.preview().declares_previous_epoch);
    assert_eq!(plan.preview().expiry, 64);
    chain.mine_empty(3);
    chain.sync(&mut alice);
    let refused = alice.plan(FIRST, &old);
    assert!(matches!(refused, Err(PlanError::AddressExpired { until: 48 })), "{refused:?}");
    // The plan was made in time and is too late now.
    chain.mine_empty(1);
    chain.sync(&mut alice);
    assert!(send_plan(&mut alice, &plan).is_err());
}

#[test]
fn the_grace_window_pays_the_old_address() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let old = pay(&mut bob, EUR, 10, "late");
    let early = bob.receive_in(FIRST, louver_core::epoch::Epoch(2)).unwrap().address;
    chain.mine_empty(42);
    chain.sync(&mut alice);
    chain.sync(&mut bob);
    let sent = chain.send(&mut alice, &old);
    chain.mine(&[sent]);
    chain.sync(&mut alice);
    chain.sync(&mut bob);
    assert_eq!((spendable(&alice, EUR), spendable(&bob, EUR)), (89, 10));

    let (mut fresh, mut late) = (payment(&mut bob, EUR, 1, ""), payment(&mut bob, EUR, 1, ""));
    let Action::Pay { payments, .. } = old else { panic!("a payment") };
    late.to = payments[0].to;
    let mixed = Action::Pay { payments: vec![fresh.clone(), late], fee: FeeChoice::Least };
    assert!(matches!(alice.plan(FIRST, &mixed), Err(PlanError::MixedEpochs)));
    fresh.to = early;
    let early = Action::Pay { payments: vec![fresh], fee: FeeChoice::Least };
    assert!(matches!(alice.plan(FIRST, &early), Err(PlanError::AddressNotYetValid { from: Some(80) })));
}

/// Attacker: whoever asks to be paid where no payment can ever arrive, so that the payer waits for ever.
#[test]
fn no_address_of_the_last_epoch_is_given_out() {
    let bob = Chain::new().wallet();
    let refused = bob.receive_in(FIRST, EpochSchedule::LAST).unwrap_err();
    assert!(matches!(refused, AccountError::LastEpoch(_)), "{refused}");
    assert!(refused.to_string().contains("never be paid"), "{refused}");
    assert!(bob.receive_in(FIRST, EpochSchedule::LAST.previous().unwrap()).is_ok());
}

/// Attacker: one who passes off an address of a worthless fork as one of this pool.
#[test]
fn a_foreign_pool_is_refused() {
    let mut chain = Chain::new();
    let alice = chain.funded(&[(EUR, 100)]);
    let bob = chain.wallet();
    let key = bob.account(FIRST).unwrap().full_viewing_key();
    let foreign = louver_core::pool::PoolTag::from_le_bytes([7; 16]);
    let to = key.address(
        foreign,
        louver_core::epoch::Epoch(0),
        louver_core::keys::Direction::External,
        louver_core::keys::AddressIndex(0),
    );
    let payment = louver_core::transaction::Payment {
        to,
        asset: asset(EUR),
        value: Value(1),
        memo: louver_core::note::Memo::empty(),
    };
    let refused = alice.plan(FIRST, &Action::Pay { payments: vec![payment], fee: FeeChoice::Least });
    assert!(matches!(refused, Err(PlanError::ForeignPool)));
}

#[test]
fn nonsense_is_refused_by_name() {
    let mut chain = Chain::new();
    let alice = chain.funded(&[(EUR, 100), (LVR, 100), (ART, 100)]);
    let mut bob = chain.wallet();
    let plan = |payments, fee| alice.plan(FIRST, &Action::Pay { payments, fee });
    assert!(matches!(plan(vec![], FeeChoice::Least), Err(PlanError::Nothing)));
    assert!(matches!(plan(vec![payment(&mut bob, EUR, 0, "")], FeeChoice::Least), Err(PlanError::Nothing)));
    let three = [EUR, LVR, ART].map(|id| payment(&mut bob, id, 1, "")).to_vec();
    assert!(matches!(plan(three, FeeChoice::Least), Err(PlanError::TooManyAssets)));
    let mut unknown = payment(&mut bob, EUR, 1, "");
    unknown.asset = AssetId::new(99).unwrap();
    assert!(matches!(plan(vec![unknown], FeeChoice::Least), Err(PlanError::UnknownAsset(_))));
    let low = FeeChoice::Exactly { asset: asset(EUR), value: Value(0) };
    assert!(matches!(
        plan(vec![payment(&mut bob, EUR, 1, "")], low),
        Err(PlanError::FeeTooLow { least: Value(1), .. })
    ));
    let many = (0..17).map(|_| payment(&mut bob, EUR, 1, "")).collect();
    assert!(matches!(plan(many, FeeChoice::Least), Err(PlanError::TooManyPayments { payments: 17 })));
}

#[test]
fn two_plans_of_one_note_cannot_both_be_sent() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let first = alice.plan(FIRST, &pay(&mut bob, EUR, 10, "")).unwrap();
    let second = alice.plan(FIRST, &pay(&mut bob, EUR, 20, "")).unwrap();
    send_plan(&mut alice, &first).unwrap();
    let refused = send_plan(&mut alice, &second);
    assert!(matches!(refused, Err(louver_wallet::send::SendError::PlanVoid)), "{refused:?}");
    assert_eq!(alice.waiting().unwrap().len(), 1);
}

#[test]
fn confirmations_are_waited_for() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    alice.set_confirmations(core::num::NonZeroU32::new(3).unwrap());
    let balance = |alice: &louver_wallet::wallet::Wallet| alice.balance(FIRST).unwrap()[&asset(EUR)];
    assert_eq!((balance(&alice).spendable, balance(&alice).immature), (0, 100));
    chain.mine_empty(2);
    chain.sync(&mut alice);
    assert_eq!((balance(&alice).spendable, balance(&alice).immature), (100, 0));
    let mut bob = chain.wallet();
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 10, ""));
    chain.mine(&[sent]);
}

#[test]
fn a_deposit_needs_its_payer() {
    let chain = Chain::new();
    let mut alice = chain.wallet();
    let plan = alice.plan(FIRST, &shield(EUR, 5)).unwrap();
    assert_eq!(plan.preview().host_fee, Some((asset(EUR), Value(1))));
    let keys = alice.unlock(&louver_wallet::vault::Protection::Unsealed).unwrap();
    let sender = louver_wallet::send::Sender {
        keys: &keys,
        prover: &crate::chain::NativeProver,
        progress: &mut louver_core::proof::Unwatched,
        authorize: None,
    };
    let refused = alice.send(&plan, sender, &mut rand::rng());
    assert!(matches!(refused, Err(louver_wallet::send::SendError::HostAuthorization)));
    assert_eq!(alice.waiting().unwrap(), []);
}

/// Not an attack: somebody taps twice, and would deposit twice.
#[test]
fn a_plan_is_sent_once() {
    let mut chain = Chain::new();
    let mut alice = chain.wallet();
    let plan = alice.plan(FIRST, &shield(EUR, 5)).unwrap();
    let proven = |alice: &Wallet| {
        let draft = alice.build(&plan, &mut rand::rng()).unwrap();
        let HostMessage { payer, message } = draft.host_message().unwrap();
        let host = testing::TestHost::authorization(&payer, &message).to_vec();
        (draft.prove(&NativeProver, &mut Unwatched).unwrap(), host)
    };
    // Twice at once: both are proven before either is signed.
    let ((first, first_host), (second, second_host)) = (proven(&alice), proven(&alice));
    let keys = alice.unlock(&Protection::Unsealed).unwrap();
    let sent = alice.sign(first, &keys, first_host, &mut rand::rng()).unwrap();
    let refused = alice.sign(second, &keys, second_host, &mut rand::rng());
    assert!(matches!(refused, Err(SendError::PlanVoid)), "{refused:?}");
    // One after the other: it is not even built again, whatever became of the first.
    let again = |alice: &Wallet| matches!(alice.build(&plan, &mut rand::rng()), Err(SendError::PlanVoid));
    assert!(again(&alice));
    assert_eq!(alice.waiting().unwrap(), std::slice::from_ref(&sent));
    chain.mine(&[sent]);
    chain.sync(&mut alice);
    assert!(again(&alice));
    // A new plan is another deposit.
    assert!(send_plan(&mut alice, &plan).is_err());
    chain.fund(&mut alice, &[(EUR, 5)]);
    assert_eq!(spendable(&alice, EUR), 10);
}

/// Attacker: an onlooker who tells wallets apart by when they last read the chain.
#[test]
fn old_notes_are_spent_under_one_anchor_whoever_spends_them() {
    let mut chain = Chain::new();
    let mut wallets = [chain.funded(&[(EUR, 100)]), chain.funded(&[(EUR, 100)])];
    let mut bob = chain.wallet();
    chain.mine_empty(4);
    let anchor = |outgoing: &Outgoing| {
        let transaction = Transaction::from_bytes(&outgoing.bytes).unwrap();
        transaction.authorization().anchor()
    };
    let root = |chain: &Chain, height: usize| chain.blocks[height - 1].compact.header().anchor;
    // Each block has a root of its own.
    let mut rich = chain.wallet();
    chain.sync(&mut rich);
    assert_eq!(chain.height(), 6);
    chain.fund(&mut rich, &[(LVR, 1); 4]);
    chain.sync(&mut wallets[0]);
    let first = chain.send(&mut wallets[0], &pay(&mut bob, EUR, 10, ""));
    chain.fund(&mut rich, &[(LVR, 1); 2]);
    chain.sync(&mut wallets[1]);
    let second = chain.send(&mut wallets[1], &pay(&mut bob, EUR, 20, ""));
    assert_eq!((chain.height(), anchor(&first), anchor(&second)), (12, root(&chain, 8), root(&chain, 8)));
    chain.mine(&[first, second]);
    // A note that is younger is spent at once, under the last block that was read.
    chain.sync(&mut bob);
    let mut carol = chain.wallet();
    let young = chain.send(&mut bob, &pay(&mut carol, EUR, 5, ""));
    assert_eq!(anchor(&young), root(&chain, 13));
    chain.mine(&[young]);
}

/// Attacker: an onlooker who wants to know which asset moves, of an owner who left the fee to the wallet.
#[test]
fn the_least_fee_names_the_asset_only_where_it_must() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(LVR, 50), (LVR, 20)]);
    let mut bob = chain.wallet();
    let fee_of = |alice: &Wallet, action: &Action| {
        let preview = alice.plan(FIRST, action).unwrap().preview();
        (preview.fee.asset(), preview.shows_asset)
    };
    // She holds nothing of the asset that the pool names first, so the fee is paid in what is sent, and that is said.
    let mut actions =
        vec![pay(&mut bob, LVR, 10, ""), Action::Consolidate { asset: asset(LVR), fee: FeeChoice::Least }];
    for action in &actions {
        assert_eq!(fee_of(&alice, action), (asset(LVR), true));
    }
    chain.fund(&mut alice, &[(EUR, 5), (ART, 7), (ART, 1)]);
    actions.push(pay(&mut bob, ART, 3, ""));
    actions.push(Action::Consolidate { asset: asset(ART), fee: FeeChoice::Least });
    for action in &actions {
        assert_eq!(fee_of(&alice, action), (asset(EUR), false));
    }
    // All of the first asset moves: nothing of it is left for the fee, and no other asset can pay it unseen.
    let both = vec![payment(&mut bob, EUR, 5, ""), payment(&mut bob, LVR, 10, "")];
    assert_eq!(fee_of(&alice, &Action::Pay { payments: both, fee: FeeChoice::Least }), (asset(LVR), true));
    // The pool takes no fee in what is sent: what is missing is the first asset's.
    let carol = chain.funded(&[(ART, 9)]);
    let refused = carol.plan(FIRST, &pay(&mut bob, ART, 3, ""));
    let first = asset(EUR);
    assert!(
        matches!(refused, Err(PlanError::InsufficientFunds { asset, .. }) if asset == first),
        "{refused:?}"
    );
}
