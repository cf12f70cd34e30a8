//! Payments are chosen for a package by what they are.

use louver_sdk::{EntryKind, PaymentFilter, Period, Shows};

use super::*;

#[test]
fn a_package_shows_what_its_filter_takes_and_what_was_previewed() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    let (rent_to, other_to) = (bob.address(), world.person("carol").address());
    let pay = |text, to: &str, memo| {
        let sent = world.send(&alice, world.pay(text, to, memo));
        world.blocks(1);
        alice.sync();
        sent.txid
    };
    let txids = [pay("25 LVR", &rent_to, "Rent"), pay("3 LVR", &other_to, "Tea")];
    let lvr = world.amount("1 LVR").asset;
    let full = || Detail::Full;
    let preview = |choice, detail| block_on(alice.wallet.preview_disclosure(0, choice, detail));
    let filtered = |filter: PaymentFilter, detail| preview(PackageChoice::Payments { filter }, detail);
    let any = PaymentFilter { asset: Some(lvr), ..PaymentFilter::default() };
    let ids = |filter: PaymentFilter| {
        let seen = filtered(filter, full()).unwrap();
        seen.into_iter().map(|payment| payment.txid).collect::<Vec<_>>()
    };
    let paid = PaymentFilter { kind: Some(EntryKind::Paid), ..any.clone() };
    let year = |year: &str| Some(Period { year: Some(year.to_owned()), ..nothing() });
    let seconds = block_on(alice.wallet.history(0)).unwrap();
    let Status::Mined { time, .. } = seconds[0].status else { panic!("it is mined") };
    let this_year = (1970 + time / 31_556_952).to_string();

    assert_eq!(ids(paid.clone()), txids);
    assert_eq!(ids(PaymentFilter { period: year(&this_year), ..paid.clone() }), txids);
    assert_eq!(ids(PaymentFilter { at_least: Some(3_000_001), ..paid.clone() }), txids[..1]);
    assert_eq!(ids(PaymentFilter { at_most: Some(24_999_999), ..paid.clone() }), txids[1..]);
    assert_eq!(ids(PaymentFilter { addresses: vec![other_to.clone()], ..any.clone() }), txids[1..]);
    let deposited = PaymentFilter { kind: Some(EntryKind::Deposited), ..any.clone() };
    let shielded = filtered(deposited, full()).unwrap();
    // Her own note of it is opened, so that the amount is proven.
    assert_eq!((shielded.len(), shielded[0].kind, shielded[0].shows), (1, EntryKind::Deposited, Shows::Full));
    let listed = |txids: &[String]| PackageChoice::Transactions { txids: txids.to_vec() };
    let seen = preview(listed(&[txids[1].clone(), txids[0].clone()]), full()).unwrap();
    assert_eq!((&seen[0].txid, seen[0].memo.as_deref()), (&txids[1], Some("Tea")));

    // Nothing is shown by mistake: a choice that takes nothing, or cannot be read, is told.
    let none = [
        PaymentFilter { at_least: Some(25_000_001), ..paid.clone() },
        PaymentFilter { period: year("2001"), ..paid.clone() },
        PaymentFilter { kind: Some(EntryKind::Withdrawn), ..any.clone() },
    ];
    for filter in none {
        assert_eq!(filtered(filter, full()), Err(DiscloseError::Nothing));
    }
    let unread = [
        PaymentFilter { at_least: Some(1), ..PaymentFilter::default() },
        PaymentFilter { asset: Some(u64::MAX), ..PaymentFilter::default() },
        PaymentFilter { addresses: vec!["lvr1oops".to_owned()], ..any.clone() },
        PaymentFilter { period: Some(nothing()), ..any.clone() },
    ];
    for filter in unread {
        let refused = filtered(filter, full());
        assert!(matches!(refused, Err(DiscloseError::Choice { .. })), "{refused:?}");
    }

    let request = |choice, detail| PackageRequest {
        choice,
        detail,
        auditor: "The bank".to_owned(),
        recipient: None,
        nonce: None,
        purpose: String::new(),
        days: 7,
        challenge: None,
    };
    let make = |choice, detail| {
        let (keys, prover) = (alice.keys.clone(), world.prover.clone());
        block_on(alice.wallet.disclose(0, request(choice, detail), keys, prover, None))
    };
    // Attacker: a reader who looks for more in the file than its owner was shown before.
    let detail = Detail::AtLeast { amount: world.amount("2 LVR") };
    let seen = filtered(paid.clone(), detail.clone()).unwrap();
    let package = Package::read(make(PackageChoice::Payments { filter: paid }, detail).unwrap()).unwrap();
    let report = block_on(package.verify(world.node.clone(), Expectations::default())).unwrap();
    assert_eq!((seen.len(), report.payments.len()), (2, 2));
    for (shown, seen) in report.payments.iter().zip(&seen) {
        assert_eq!((shown.shows, &shown.amount), (Shows::AtLeast, &world.amount("2 LVR")));
        assert_eq!((seen.shows, &seen.amount, &seen.txid), (shown.shows, &shown.amount, &shown.place.txid));
        assert_eq!((&shown.recipient, &shown.memo), (&seen.recipient, &seen.memo));
        assert_eq!((&seen.recipient, &seen.memo), (&None, &None));
    }
    let record = &block_on(alice.wallet.disclosures(0)).unwrap().records[0];
    assert_eq!(record.transactions, txids);
    // Attacker: an owner who lets payments of one asset pass for as much of another.
    let other = Amount { asset: lvr + 1, value: 1 };
    let passed = make(listed(&txids), Detail::AtLeast { amount: other });
    assert!(matches!(passed, Err(DiscloseError::Choice { .. })), "{passed:?}");
}

fn nothing() -> Period {
    Period { from: None, to: None, year: None, quarter: None, month: None }
}
