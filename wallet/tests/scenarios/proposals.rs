//! Payments that take several transactions.

use louver_core::{shape::Shape, store::MemoryStore, transaction::Payment, value::Value};
use louver_wallet::{
    account::AccountNumber,
    history::Status,
    plan::{Action, FeeChoice, PlanError},
    proposal::{NextTransaction, Progress, Proposal, ScheduleId},
    send::SendError,
    wallet::Wallet,
};

use crate::{
    chain::{ART, Chain, EUR, FIRST, LVR, asset, pay, payment, send_plan, spendable},
    lifecycle::Shared,
};

/// Sends what a schedule asks for until it waits; gives how many were mined in one block, or `None` once all is done.
fn round(chain: &mut Chain, wallet: &mut Wallet, id: ScheduleId) -> Option<usize> {
    chain.sync(wallet);
    let mut sent = Vec::new();
    loop {
        match wallet.next_transaction(id).unwrap() {
            NextTransaction::Send(plan) => sent.push(send_plan(wallet, &plan).unwrap()),
            NextTransaction::Wait(waiting) => {
                assert!(!waiting.is_empty());
                break;
            }
            NextTransaction::Done => return None,
        }
    }
    // Those of one round are mined in one block.
    chain.mine(&sent);
    Some(sent.len())
}

fn run(chain: &mut Chain, wallet: &mut Wallet, proposal: &Proposal) -> Vec<usize> {
    let id = wallet.begin(proposal).unwrap();
    let mut rounds = Vec::new();
    while let Some(count) = round(chain, wallet, id) {
        rounds.push(count);
    }
    assert!(wallet.schedules().unwrap().is_empty());
    rounds
}

fn planned(proposal: &Proposal) -> Vec<usize> {
    proposal.rounds().iter().map(Vec::len).collect()
}

fn one(action: Action) -> Vec<Payment> {
    let Action::Pay { payments, .. } = action else { panic!("a payment") };
    payments
}

/// A list is longer than a transaction: everybody is paid once, as was said before.
#[test]
fn a_list_of_any_length_is_paid() {
    let mut chain = Chain::new();
    chain.mine_empty(5);
    let mut company = chain.funded(&[(EUR, 2_000), (EUR, 2_000)]);
    let mut people: Vec<Wallet> = (0..4).map(|_| chain.wallet()).collect();
    let payments: Vec<Payment> = (0..20u8)
        .map(|place| payment(&mut people[usize::from(place) % 4], EUR, 100 + u64::from(place), "salary"))
        .collect();
    assert!(matches!(
        company.plan(FIRST, &Action::Pay { payments: payments.clone(), fee: FeeChoice::Least }),
        Err(PlanError::TooManyPayments { payments: 20 })
    ));
    let proposal = company.propose(FIRST, payments, FeeChoice::Least).unwrap();
    let fees: u128 = proposal.fees().values().sum();
    let mut paid: Vec<usize> =
        proposal.rounds().iter().flatten().flat_map(|step| step.payments.clone()).collect();
    paid.sort_unstable();
    assert_eq!(paid, (0..20).collect::<Vec<_>>());
    assert!(proposal.doubled().is_empty());
    assert_eq!(run(&mut chain, &mut company, &proposal), planned(&proposal));
    for (person, place) in people.iter_mut().zip(0..) {
        chain.sync(person);
        assert_eq!(spendable(person, EUR), 540 + 5 * place);
    }
    chain.sync(&mut company);
    assert_eq!(spendable(&company, EUR), 4_000 - 2_190 - fees);
}

/// One note is enough for a list of any length: each transaction spends the change of the one before.
#[test]
fn one_note_pays_a_list_of_any_length() {
    for (rows, with_fees) in [(15, 0), (16, 0), (17, 0), (31, 0), (33, 0), (31, 100), (50, 100), (120, 0)] {
        let mut chain = Chain::new();
        let mut company = chain.funded(&[(EUR, 20_000)]);
        if with_fees > 0 {
            chain.fund(&mut company, &[(LVR, with_fees)]);
        }
        let mut bob = chain.wallet();
        let payments: Vec<Payment> = (0..rows).map(|_| payment(&mut bob, EUR, 10, "")).collect();
        let proposal = company.propose(FIRST, payments, FeeChoice::Least).unwrap();
        let mut paid: Vec<usize> =
            proposal.rounds().iter().flatten().flat_map(|step| step.payments.clone()).collect();
        paid.sort_unstable();
        assert_eq!(paid, (0..rows).collect::<Vec<_>>());
        assert_eq!(proposal.totals(), [(asset(EUR), 10 * rows as u128)].into());
        if rows == 33 {
            assert_eq!(run(&mut chain, &mut company, &proposal), planned(&proposal));
            chain.sync(&mut bob);
            assert_eq!(spendable(&bob, EUR), 330);
        }
    }
}

/// Not an attack: an owner is told that he has nothing, and puts in too much or gives up.
#[test]
fn a_list_says_what_all_of_it_needs() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 500)]);
    let mut bob = chain.wallet();
    let payments: Vec<Payment> = (0..40).map(|_| payment(&mut bob, EUR, 20, "")).collect();
    let refused = alice.propose(FIRST, payments.clone(), FeeChoice::Least).unwrap_err();
    let PlanError::InsufficientFunds { asset: missing_of, needed, spendable: there, missing, .. } = refused
    else {
        panic!("{refused:?}");
    };
    assert_eq!((missing_of, there, missing), (asset(EUR), 500, needed - 500));
    assert!(needed > 800 && needed < 850, "{needed}");
    // With exactly this more, it can be paid.
    chain.fund(&mut alice, &[(EUR, u64::try_from(missing).unwrap())]);
    alice.propose(FIRST, payments.clone(), FeeChoice::Least).unwrap();

    // Each asset that is missing is told.
    let mut mixed = payments;
    mixed.extend((0..3).map(|_| payment(&mut bob, ART, 7, "")));
    mixed.push(payment(&mut bob, EUR, 5_000, ""));
    let refused = alice.propose(FIRST, mixed, FeeChoice::LeastIn(asset(EUR))).unwrap_err();
    let PlanError::SeveralShort(short) = refused else { panic!("{refused:?}") };
    let told: Vec<_> = short.iter().map(|short| (short.asset, short.spendable)).collect();
    assert_eq!(told.len(), 2);
    assert!(told.contains(&(asset(ART), 0)), "{told:?}");
    assert!(short.iter().all(|short| short.missing == short.needed - short.spendable));

    // A list whose money ran out on the way says what is left to pay.
    let mut carol = chain.funded(&[(EUR, 500)]);
    let payments: Vec<Payment> = (0..20).map(|_| payment(&mut bob, EUR, 20, "")).collect();
    let proposal = carol.propose(FIRST, payments, FeeChoice::Least).unwrap();
    let id = carol.begin(&proposal).unwrap();
    let away = carol.plan(FIRST, &pay(&mut bob, EUR, 150, "")).unwrap();
    let away = send_plan(&mut carol, &away).unwrap();
    chain.mine(&[away]);
    chain.sync(&mut carol);
    let refused = loop {
        match carol.next_transaction(id) {
            Ok(NextTransaction::Send(plan)) => {
                let sent = send_plan(&mut carol, &plan).unwrap();
                chain.mine(&[sent]);
                chain.sync(&mut carol);
            }
            Ok(next) => panic!("{next:?}"),
            Err(refused) => break refused,
        }
    };
    let held = spendable(&carol, EUR);
    let left = carol.schedules().unwrap().remove(0).payments;
    let left = left.iter().filter(|(_, progress)| *progress == Progress::Planned).count() as u128;
    let PlanError::InsufficientFunds { needed, spendable, missing, .. } = refused else {
        panic!("{refused:?}");
    };
    assert_eq!((spendable, missing), (held, needed - held));
    assert!(needed > 20 * left && needed <= 20 * left + 10 && missing > 0, "{needed} for {left}");
}

/// Not an attack: an owner who mistypes the number of an account reads that his money is gone.
#[test]
fn an_account_that_does_not_exist_is_named() {
    let mut chain = Chain::new();
    let alice = chain.funded(&[(EUR, 500)]);
    let mut bob = chain.wallet();
    let none = AccountNumber(7);
    let is_named = |error: &dyn core::fmt::Display| error.to_string() == "the wallet has no account 7";
    let action = pay(&mut bob, EUR, 1, "");
    assert!(is_named(&alice.plan(none, &action).unwrap_err()));
    assert!(is_named(&alice.propose(none, one(action), FeeChoice::Least).unwrap_err()));
    let txid = alice.history(FIRST).unwrap()[0].txid;
    assert!(is_named(&alice.open_payments(none, txid, None).unwrap_err()));
    assert!(is_named(&alice.open_crossing(none, txid).unwrap_err()));
    assert!(is_named(&alice.open_note(none, txid, 0).unwrap_err()));
}

/// Not an attack: an owner of many small notes cannot pay, or pays for more joins than he needs.
#[test]
fn small_notes_are_joined_as_far_as_a_payment_needs() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 10); 12]);
    let mut bob = chain.wallet();
    let payments = one(pay(&mut bob, EUR, 85, ""));
    let proposal = alice.propose(FIRST, payments, FeeChoice::Least).unwrap();
    // Nine notes and one for the fees come down to eight, by one join of the smallest kind that does it.
    let rounds = proposal.rounds();
    assert_eq!((rounds.len(), rounds[0].len(), rounds[1].len()), (2, 1, 1));
    assert!(rounds[0][0].payments.is_empty());
    assert!(rounds[0][0].notes_spent <= 3, "{rounds:?}");
    assert_eq!(rounds[1][0].payments, [0]);
    assert_eq!(run(&mut chain, &mut alice, &proposal), planned(&proposal));
    chain.sync(&mut bob);
    assert_eq!(spendable(&bob, EUR), 85);
}

/// Fees of another asset: there is one note for them, and each join needs its own.
#[test]
fn joins_of_one_round_pay_their_fees_side_by_side() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(ART, 2); 30]);
    chain.fund(&mut alice, &[(EUR, 60)]);
    let mut bob = chain.wallet();
    let proposal = alice.propose(FIRST, one(pay(&mut bob, ART, 60, "")), FeeChoice::Least).unwrap();
    assert!(proposal.rounds().len() <= 5, "{:?}", planned(&proposal));
    assert!(proposal.rounds().iter().flatten().all(|step| !step.shows_asset));
    let fees: u128 = proposal.fees().values().sum();
    assert_eq!(run(&mut chain, &mut alice, &proposal), planned(&proposal));
    for wallet in [&mut alice, &mut bob] {
        chain.sync(wallet);
    }
    assert_eq!((spendable(&bob, ART), spendable(&alice, ART), spendable(&alice, EUR)), (60, 0, 60 - fees));
}

/// Attacker: a payee of a list, whose payer is stopped after each transaction and starts again.
#[test]
fn a_schedule_goes_on_where_it_was_stopped_and_pays_nobody_twice() {
    let mut chain = Chain::new();
    chain.mine_empty(5);
    let phrase = louver_wallet::phrase::RecoveryPhrase::generate(&mut rand::rng());
    let store = Shared::new(MemoryStore::default());
    let mut alice = chain.wallet_of(&phrase, store.clone());
    chain.fund(&mut alice, &[(EUR, 100), (EUR, 100)]);
    let mut bob = chain.wallet();
    let payments: Vec<Payment> = (0..7).map(|_| payment(&mut bob, EUR, 10, "")).collect();
    let proposal = alice.propose(FIRST, payments, FeeChoice::Least).unwrap();
    let id = alice.begin(&proposal).unwrap();
    let mut expired = false;
    for _ in 0..40 {
        drop(alice);
        alice = Wallet::open(store.clone()).unwrap().with_clock(chain.clock());
        chain.sync(&mut alice);
        match alice.next_transaction(id).unwrap() {
            NextTransaction::Send(plan) => {
                let sent = send_plan(&mut alice, &plan).unwrap();
                assert!(send_plan(&mut alice, &plan).is_err());
                let schedule = alice.schedules().unwrap().remove(0);
                let waits = |(_, progress): &&(Payment, Progress)| *progress == Progress::Waiting(sent.txid);
                assert_eq!(schedule.payments.iter().filter(waits).count(), plan.preview().payments.len());
                if expired {
                    chain.mine(&[sent]);
                } else {
                    // The first is lost, and its payments are made anew.
                    expired = true;
                    chain.mine_empty((sent.expiry - chain.height()) as usize);
                    chain.sync(&mut alice);
                    assert!(matches!(
                        alice.history(FIRST).unwrap()[0].status,
                        Status::Mined { .. } | Status::Expired { .. }
                    ));
                }
            }
            NextTransaction::Wait(_) => chain.mine_empty(1),
            NextTransaction::Done => break,
        }
    }
    assert!(alice.schedules().unwrap().is_empty());
    chain.sync(&mut bob);
    assert_eq!(spendable(&bob, EUR), 70);
}

/// Attacker: a payee whose payer taps twice, or whose payer stops a list while a proof is made.
#[test]
fn a_plan_of_a_schedule_is_void_once_its_payment_is_made_or_the_schedule_stopped() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100), (EUR, 100)]);
    let mut bob = chain.wallet();
    let begin = |alice: &mut Wallet, bob: &mut Wallet| {
        let payments = one(pay(bob, EUR, 50, ""));
        let proposal = alice.propose(FIRST, payments, FeeChoice::Least).unwrap();
        alice.begin(&proposal).unwrap()
    };
    let next = |alice: &mut Wallet, id| match alice.next_transaction(id).unwrap() {
        NextTransaction::Send(plan) => plan,
        next => panic!("{next:?}"),
    };
    let id = begin(&mut alice, &mut bob);
    let first = next(&mut alice, id);
    // A note that fits better comes in between: the second plan spends that, and not the first one's.
    chain.fund(&mut alice, &[(EUR, 60)]);
    let second = next(&mut alice, id);
    assert_ne!(first.preview().change, second.preview().change);
    let sent = send_plan(&mut alice, &first).unwrap();
    assert!(matches!(send_plan(&mut alice, &second), Err(SendError::PlanVoid)));
    chain.mine(&[sent]);
    chain.sync(&mut alice);
    assert!(matches!(send_plan(&mut alice, &second), Err(SendError::PlanVoid)));
    assert!(matches!(alice.next_transaction(id).unwrap(), NextTransaction::Done));

    let id = begin(&mut alice, &mut bob);
    let plan = next(&mut alice, id);
    alice.stop(id).unwrap();
    assert!(matches!(send_plan(&mut alice, &plan), Err(SendError::PlanVoid)));
    chain.sync(&mut bob);
    assert_eq!(spendable(&bob, EUR), 50);
}

/// Attacker: a payee who is on a list twice, by a slip of whoever wrote it.
#[test]
fn doubled_rows_are_pointed_out() {
    let mut chain = Chain::new();
    let alice = chain.funded(&[(EUR, 100)]);
    let (mut bob, mut carol) = (chain.wallet(), chain.wallet());
    let (to_bob, to_carol) = (payment(&mut bob, EUR, 10, ""), payment(&mut carol, EUR, 10, ""));
    let again = Payment { memo: payment(&mut bob, EUR, 1, "again").memo, ..to_bob.clone() };
    let proposal = alice.propose(FIRST, vec![to_bob.clone(), to_carol, again], FeeChoice::Least).unwrap();
    let [doubled] = proposal.doubled() else { panic!("one is doubled") };
    assert_eq!(
        (doubled.to, doubled.value, doubled.places.as_slice()),
        (to_bob.to, Value(10), [0, 2].as_slice())
    );
    assert!(matches!(alice.propose(FIRST, Vec::new(), FeeChoice::Least), Err(PlanError::Nothing)));
}

/// Not an attack: a list is begun that cannot be paid to its end.
#[test]
fn what_cannot_be_paid_in_all_rounds_is_not_begun() {
    let mut chain = Chain::new();
    let alice = chain.funded(&[(EUR, 10); 12]);
    let mut bob = chain.wallet();
    let refused = alice.propose(FIRST, one(pay(&mut bob, EUR, 118, "")), FeeChoice::Least);
    assert!(
        matches!(refused, Err(PlanError::InsufficientFunds { .. } | PlanError::TooFragmented { .. })),
        "{refused:?}"
    );
    let mixed = vec![payment(&mut bob, EUR, 10, ""), payment(&mut bob, LVR, 10, "")];
    let refused = alice.propose(FIRST, mixed, FeeChoice::Least);
    let lvr = asset(LVR);
    assert!(
        matches!(refused, Err(PlanError::InsufficientFunds { asset, .. }) if asset == lvr),
        "{refused:?}"
    );
}

/// A payment cleans up small notes where it has inputs to spare, and nobody sees it.
#[test]
fn spare_inputs_take_small_notes() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100), (EUR, 3), (EUR, 2), (EUR, 4)]);
    let mut bob = chain.wallet();
    chain.mine_empty(6);
    chain.sync(&mut alice);
    let preview = alice.plan(FIRST, &pay(&mut bob, EUR, 50, "")).unwrap().preview();
    assert_eq!(
        (preview.shape, preview.notes_spent, &preview.change[..]),
        (Shape::TwoByThree, 2, &[(asset(EUR), Value(51))][..])
    );
    // No change, no clean-up: an output more could need a larger shape.
    let preview = alice.plan(FIRST, &pay(&mut bob, EUR, 99, "")).unwrap().preview();
    assert_eq!((preview.notes_spent, preview.change.len()), (1, 0));
    // A note that is younger than the common anchor would show when the wallet last read the chain.
    chain.fund(&mut alice, &[(EUR, 1)]);
    let plan = alice.plan(FIRST, &pay(&mut bob, EUR, 50, "")).unwrap();
    assert_eq!(plan.preview().change, [(asset(EUR), Value(51))]);
}
