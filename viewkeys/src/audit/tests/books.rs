//! Sums, and owners who would have them say something else.

use louver_core::address::Address;

use super::*;
use crate::report::Bound;

fn all(account: &AccountSpendingKey) -> Grant {
    grant(account, Directions::ALL, 0, 0)
}

fn to(account: &AccountSpendingKey, value: u64) -> Pay<'static> {
    Pay { to: Ledger::address(account, Direction::External, 0), value, memo: "" }
}

#[test]
fn what_came_in_is_what_went_out_and_what_is_left() {
    let report = report(&story(), grant(&account(1), Directions::ALL, 0, 1), short_epochs());
    assert_eq!(report.totals.len(), 1);
    let totals = &report.totals[0];
    assert_eq!(sums(totals), [5, 100, 50, 0, 0, 55].map(Some));
    assert_eq!(totals.reconciliation, Reconciliation::IfPaid);
    let moved = |pick: fn(&crate::report::Movement) -> Option<crate::report::Units>| {
        report.movements.iter().filter_map(pick).map(|units| units.0).sum::<u128>()
    };
    assert_eq!(moved(crate::report::Movement::incoming), 105);
    assert_eq!(moved(crate::report::Movement::outgoing), 50);
}

#[test]
fn withdrawals_stand_in_the_sums() {
    let mut ledger = Ledger::new();
    let alice = account(1);
    let held = ledger.deposit(&alice, 0, &to(&alice, 100));
    ledger.withdraw(&alice, 0, &held[0]);
    let report = report(&ledger, all(&alice), long_epoch());
    assert_eq!(sums(&report.totals[0]), [0, 100, 0, 100, 0, 0].map(Some));
    assert_eq!(report.totals[0].reconciliation, Reconciliation::Closed);
}

/// Attacker: an owner whose auditor takes "0.00" for an answer that was never asked.
#[test]
fn what_is_not_granted_is_not_zero() {
    let only = |directions| report(&story(), grant(&account(1), directions, 0, 1), short_epochs());
    let receipts = only(Directions::INCOMING);
    assert_eq!(sums(&receipts.totals[0]), [Some(5), Some(100), None, None, None, None]);
    let payments = only(Directions { outgoing: true, ..Directions::default() });
    assert_eq!(sums(&payments.totals[0]), [None, None, Some(50), None, None, None]);
    let spends = only(Directions { incoming: true, spends: true, ..Directions::default() });
    assert_eq!(sums(&spends.totals[0]), [Some(5), Some(100), None, None, None, Some(5)]);
    for report in [&receipts, &payments, &spends] {
        assert_eq!(report.totals[0].reconciliation, Reconciliation::NotShown);
        assert!(
            report.movements.iter().all(|movement| movement.withdrawn.is_none() && movement.fees.is_none())
        );
    }
    // In words, the sums of a part claim less than those of the whole.
    let whole = only(Directions::ALL);
    let said = |report: &Report, pick: fn(&Totals) -> Option<&crate::report::Sum>| {
        let totals = &report.totals[0];
        crate::report::words::sum(pick(totals), totals.of.asset, &assets())
    };
    assert_eq!(said(&whole, |totals| totals.deposits.as_ref()), "1.00 LVR");
    for report in [&receipts, &payments, &spends] {
        let parts = [
            said(report, |totals| totals.received.as_ref()),
            said(report, |totals| totals.deposits.as_ref()),
            said(report, |totals| totals.paid.as_ref()),
            said(report, |totals| totals.fees.as_ref()),
        ];
        assert!(parts.iter().all(|part| part.contains("not shown")), "{parts:?}");
    }
    let receipts = serde_json::to_value(&receipts).unwrap();
    assert!(receipts["totals"][0]["paid"].is_null());
}

/// People read dates and plain words, and are told which fee stands in no sum.
#[test]
fn verdicts_speak_of_time_and_fees_in_plain_words() {
    use crate::report::words;
    let report = report(&story(), grant(&account(1), Directions::ALL, 0, 1), short_epochs());
    let lines: Vec<String> = words::guarantees(&report)
        .into_iter()
        .chain(report.unverified.iter().map(|gap| words::gap(*gap).to_owned()))
        .chain(report.remarks.iter().map(words::remark))
        .collect();
    assert!(lines.iter().any(|line| line.contains(&report.epochs.all.name)), "{lines:?}");
    for line in &lines {
        assert!(!["epoch", "ovk", "nk ", "ciphertext"].iter().any(|word| line.contains(word)), "{line}");
    }
    let deposit = report.findings.iter().find_map(|found| match &found.finding {
        finding @ Finding::Authorised { fee, crossing: Some(crossing), .. }
            if matches!(crossing, crate::report::Crossing::Deposit { .. }) =>
        {
            Some((words::detail(finding, &assets()), words::fee(fee.as_ref(), Some(crossing), &assets())))
        }
        _ => None,
    });
    let (detail, fee) = deposit.unwrap();
    assert!(detail.contains("counts in no sum here"), "{detail}");
    assert_eq!(fee, "fee paid outside the pool");
}

#[test]
fn an_owner_cannot_hide_a_spend_from_her_auditor() {
    // Alice pays a friend's account and seals the payment to nobody.
    let mut ledger = Ledger::new();
    let (alice, friend) = (account(1), account(2));
    let deposit = ledger.deposit(&alice, 0, &to(&alice, 100));
    ledger.transact(&alice, 0, &[&deposit[0]], &[&to(&friend, 100)], PublicSide::Internal, None);
    let report = report(&ledger, all(&alice), long_epoch());
    let kinds = kinds(&report);
    assert!(kinds.contains(&("spent", Assurance::Guaranteed)));
    // Where it went is not shown, and the report says so, with the sum.
    assert_eq!(kinds.last(), Some(&("authorised", Assurance::Unexplained)));
    let totals = &report.totals[0];
    assert_eq!(sums(totals), [0, 100, 0, 0, 0, 0].map(Some));
    let Reconciliation::Open { went_unseen, came_unseen, spent_outside } = totals.reconciliation else {
        panic!("the books close")
    };
    assert_eq!((went_unseen.0, came_unseen.0, spent_outside.0), (100, 0, 0));
}

#[test]
fn an_owner_cannot_balance_her_books_with_notes_from_before_the_grant() {
    // Alice spends 100 of epoch 0, which her auditor did not see come in, along with 50 that he did, and keeps nothing.
    let mut ledger = Ledger::new();
    let (alice, friend) = (account(1), account(2));
    let before = ledger.deposit(&alice, 0, &to(&alice, 100));
    ledger.deposit(&friend, 0, &to(&friend, 1));
    let own = Pay { to: Ledger::address(&alice, Direction::External, 1), value: 50, memo: "" };
    let after = ledger.deposit(&alice, 1, &own);
    let hidden = Pay { to: Ledger::address(&friend, Direction::External, 1), value: 150, memo: "" };
    ledger.transact(&alice, 1, &[&before[0], &after[0]], &[&hidden], PublicSide::Internal, None);
    let report = report(&ledger, grant(&alice, Directions::ALL, 1, 1), short_epochs());
    assert_eq!(report.blocks.map(|blocks| (blocks.first, blocks.last)), Some((3, 4)));
    assert_eq!(kinds(&report).last(), Some(&("authorised", Assurance::Unexplained)));
    let range = EpochRange::new(Epoch(1), Epoch(1)).unwrap();
    let first = Span::new(range, short_epochs());
    assert!(report.remarks.contains(&Remark::EarlierNotesNotShown { first }));
    let Reconciliation::Open { went_unseen, .. } = report.totals[0].reconciliation else {
        panic!("it closes")
    };
    assert_eq!(went_unseen.0, 50);
}

/// Attacker: an owner who shows the same money as income again and again.
#[test]
fn an_owner_earns_nothing_by_paying_herself() {
    let mut ledger = Ledger::new();
    let alice = account(1);
    let salary = Pay { memo: "Salary December", ..to(&alice, 100) };
    let mut held = ledger.deposit(&alice, 0, &to(&alice, 100));
    for _ in 0..2 {
        held = ledger.pay(&alice, 0, &[&held[0]], &[&salary]);
    }
    let full = report(&ledger, all(&alice), long_epoch());
    assert_eq!(count(&kinds(&full), "received"), 3);
    let named = full.findings.iter().filter_map(|found| match &found.finding {
        Finding::Received { payer, .. } => Some((*payer, crate::report::words::title(&found.finding))),
        _ => None,
    });
    let named: Vec<_> = named.collect();
    assert_eq!(named[0], (Party::Itself, "brought in by itself"));
    assert_eq!(named[1..], [(Party::Itself, "from itself"); 2]);
    assert_eq!(sums(&full.totals[0]), [0, 100, 0, 0, 0, 100].map(Some));
    // Without the spend tags nobody can tell payments to herself from others. Each line and the report say so, and a
    // deposit does not count as income even then.
    let receipts = report(&ledger, grant(&alice, Directions::INCOMING, 0, 0), long_epoch());
    assert_eq!(sums(&receipts.totals[0])[..2], [Some(200), Some(100)]);
    assert!(receipts.remarks.contains(&Remark::OwnTransactionsNotShown));
    for found in &receipts.findings {
        let detail = crate::report::words::detail(&found.finding, &assets());
        assert!(detail.contains("who paid is not shown: it may be the account itself"), "{detail}");
    }
}

/// Attacker: an owner who has a friend seal to her outgoing key what he pays to her, so that it passes for an expense.
#[test]
fn what_comes_to_an_owner_is_not_what_she_paid() {
    let mut ledger = Ledger::new();
    let (alice, friend) = (account(1), account(2));
    let deposit = ledger.deposit(&friend, 0, &to(&friend, 40));
    let seal = alice.full_viewing_key().outgoing(Ledger::pool(), Epoch(0));
    let paid =
        ledger.transact(&friend, 0, &[&deposit[0]], &[&to(&alice, 40)], PublicSide::Internal, Some(seal));
    let payee = |report: &Report| match report.findings[0].finding {
        Finding::Paid { payee, .. } => {
            (payee, report.totals[0].paid.map(|paid| (paid.value.0, paid.assurance)))
        }
        ref other => panic!("{other:?}"),
    };
    // The tag key that comes with the receipts knows the addresses that the account gives out.
    let both = Directions { incoming: true, outgoing: true, ..Directions::default() };
    let both = report(&ledger, grant(&alice, both, 0, 0), long_epoch());
    assert_eq!(kinds(&both).iter().map(|kind| kind.0).collect::<Vec<_>>(), ["received"]);
    // That of the change does not: it says nothing of an address that was given out.
    let change = Directions { change: true, outgoing: true, ..Directions::default() };
    let change = report(&ledger, grant(&alice, change, 0, 0), long_epoch());
    assert_eq!(payee(&change), (Party::NotShown, Some((40, Assurance::Unverified))));
    // Without any, the line and the sum only rest on her word, until a spend shows the truth.
    let blind = Directions { outgoing: true, spends: true, ..Directions::default() };
    let before = report(&ledger, grant(&alice, blind, 0, 0), long_epoch());
    assert_eq!(payee(&before), (Party::NotShown, Some((40, Assurance::Unverified))));
    ledger.withdraw(&alice, 0, &paid[0]);
    let after = report(&ledger, grant(&alice, blind, 0, 0), long_epoch());
    assert_eq!(payee(&after), (Party::Itself, Some((0, Assurance::Guaranteed))));
}

/// Attacker: an owner who passes off her savings as expenses. She pays to an owner tag of her own, beside the key of a
/// friend's address, so that none of her keys reads the note before she spends it.
#[test]
fn what_an_owner_can_still_spend_is_not_called_anothers() {
    let mut ledger = Ledger::new();
    let (alice, friend) = (account(1), account(2));
    let deposit = ledger.deposit(&alice, 0, &to(&alice, 100)).remove(0);
    let (own, his) =
        (Ledger::address(&alice, Direction::External, 0), Ledger::address(&friend, Direction::External, 0));
    let mixed = Address::from_parts(Ledger::pool(), Epoch(0), *his.diversifier(), *his.pk_d(), own.tag());
    // A program of her own spends it with the key of her address in the witness: no clause has the note's.
    ledger.pay(&alice, 0, &[&deposit], &[&Pay { to: mixed, value: 100, memo: "" }]);
    let before = report(&ledger, all(&alice), long_epoch());
    let paid = |report: &Report| {
        report.findings.iter().find_map(|found| match found.finding {
            Finding::Paid { payee, .. } => Some((payee, found.assurance)),
            _ => None,
        })
    };
    assert_eq!(paid(&before), Some((Party::NotShown, Assurance::Unverified)));
    let totals = &before.totals[0];
    let sum = totals.paid.unwrap();
    assert_eq!((sum.value.0, sum.bound, sum.assurance), (100, Bound::Shown, Assurance::Unverified));
    assert_eq!(totals.reconciliation, Reconciliation::IfPaid);
    let said = crate::report::words::reconciliation(totals, &assets());
    assert!(said.contains("may be the account's own until it is spent"), "{said}");
}

#[test]
fn an_owner_cannot_count_another_accounts_payments_as_her_own() {
    // A friend pays somebody and seals the payment to Alice's outgoing key.
    let mut ledger = Ledger::new();
    let (alice, friend) = (account(1), account(2));
    let deposit = ledger.deposit(&friend, 0, &to(&friend, 100));
    let seal = alice.full_viewing_key().outgoing(Ledger::pool(), Epoch(0));
    ledger.transact(&friend, 0, &[&deposit[0]], &[&to(&account(3), 100)], PublicSide::Internal, Some(seal));
    let outgoing = Directions { outgoing: true, ..Directions::default() };
    let unlabelled = report(&ledger, grant(&alice, outgoing, 0, 0), long_epoch());
    assert_eq!(kinds(&unlabelled), [("paid", Assurance::Unverified)]);
    // With the spend tags it is known not to be hers, should the auditor come across it.
    let with_tags = grant(&alice, Directions { detection: true, ..outgoing }, 0, 0);
    let mut labelled = audit_of(&ledger, with_tags, long_epoch());
    let (block, transactions) = (ledger.blocks[1].0.clone(), ledger.shielded(2));
    labelled.scan.chosen.push_back(Busy { height: 2, hash: block.hash().0, wanted: true });
    let whole = WholeBlock {
        height: 2,
        hash: block.hash().0,
        time: block.header().time,
        transactions: &transactions,
    };
    labelled.read_whole(&whole).unwrap();
    assert_eq!(kinds(&told(&labelled)), [("paid", Assurance::Unverified)]);
    assert_eq!(told(&labelled).totals[0].paid.map(|paid| paid.value.0), Some(0));
}

#[test]
fn spends_after_the_granted_epochs_have_a_name_in_the_sums() {
    let report = report(&story(), grant(&account(1), Directions::ALL, 0, 0), short_epochs());
    let totals = &report.totals[0];
    assert_eq!(sums(totals), [0, 100, 30, 0, 0, 0].map(Some));
    let Reconciliation::Open { spent_outside, went_unseen, came_unseen } = totals.reconciliation else {
        panic!("it closes")
    };
    assert_eq!((spent_outside.0, went_unseen.0, came_unseen.0), (70, 0, 0));
}

/// Attacker: an owner who grants epochs that have not begun, and shows the empty report as a clean one.
#[test]
fn nothing_is_guaranteed_of_epochs_that_have_not_begun() {
    let ledger = story();
    let later = report(&ledger, grant(&account(1), Directions::ALL, 2, 3), short_epochs());
    assert_eq!((later.blocks, &later.guaranteed[..]), (None, &[][..]));
    assert_eq!(later.epochs.to_come.as_ref().map(|span| (span.first, span.last)), Some((2, 3)));
    assert!(later.remarks.iter().any(|remark| matches!(remark, Remark::ToCome(_))));
    let half = report(&ledger, grant(&account(1), Directions::ALL, 1, 2), short_epochs());
    // The last block is of the last second of epoch 1: more blocks may declare it.
    assert_eq!(half.epochs.unfinished.as_ref().map(|span| (span.first, span.last)), Some((1, 1)));
    assert!(!half.guaranteed.is_empty());
    let running = report(&ledger, all(&account(1)), long_epoch());
    let unfinished = running.epochs.unfinished.clone().unwrap();
    assert!(running.remarks.contains(&Remark::Unfinished(unfinished)));
    let guaranteed = crate::report::words::guarantees(&running);
    assert!(guaranteed.iter().filter(|line| line.contains("up to block 4")).count() == 2, "{guaranteed:?}");
    // Where nothing was opened, nothing is said of openings.
    let empty = report(&ledger, grant(&account(3), Directions::INCOMING, 0, 0), long_epoch());
    assert_eq!(empty.guaranteed, []);
}
