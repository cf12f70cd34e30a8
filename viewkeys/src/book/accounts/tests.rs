use louver_core::{spec::Fr, transaction::TransparentAccount};

use super::*;

fn asset(id: u64) -> AssetId {
    AssetId::new(id).unwrap()
}

/// A note of asset 1, told apart by its number.
fn note(number: u64, epoch: u16, value: u64) -> Opened {
    Opened {
        commitment: NoteCommitment::from_scalar(Fr::from(number)),
        rho: Nullifier::from_scalar(Fr::from(1000 + number)).unwrap(),
        epoch: Epoch(epoch),
        asset: asset(1),
        value: Value(value),
    }
}

fn made(inputs: &[Opened], own: &[Opened], paid: &[Opened]) -> Made {
    Made {
        inputs: inputs.to_vec(),
        own: own.to_vec(),
        paid: (0..).zip(paid.iter().copied()).collect(),
        public: PublicSide::Internal,
        fee: Fee::NONE,
        host_fee: None,
    }
}

/// A book of epochs 3 and 4.
fn entries(made: Vec<Made>, receipts: &[Opened]) -> Entries {
    Entries {
        epochs: EpochRange::new(Epoch(3), Epoch(4)).unwrap(),
        made,
        receipts: receipts.to_vec(),
        opening: Vec::new(),
        unopened: HashSet::new(),
        before: None,
    }
}

fn sums(accounts: &Accounts) -> Sums {
    accounts.sums.get(&asset(1)).copied().unwrap_or_default()
}

/// The two sides of the account, which are the same wherever everything is opened.
fn sides(sums: &Sums) -> (u128, u128) {
    let came = sums.opening + sums.received + sums.deposits + sums.unexplained;
    (came, sums.paid + sums.withdrawn + sums.fees + sums.closing)
}

fn notes(spent: &[Spent]) -> Vec<Opened> {
    spent.iter().map(|spent| spent.note).collect()
}

#[test]
fn every_column_counts_and_the_sides_agree() {
    let (before, got) = (note(1, 1, 100), note(2, 3, 50));
    let (change, rent) = (note(3, 3, 118), note(4, 3, 30));
    let fee = Fee::new(asset(1), Value(2)).unwrap();
    let pays = Made { fee, ..made(&[before, got], &[change], &[rent]) };
    let deposit =
        PublicSide::Deposit { asset: asset(1), amount: Value(7), payer: TransparentAccount([1; 32]) };
    let host_fee = Some((asset(1), Value(3)));
    let brings = Made { public: deposit, host_fee, ..made(&[], &[note(5, 4, 7)], &[]) };
    let withdrawal = PublicSide::Withdrawal {
        asset: asset(1),
        amount: Value(118),
        recipient: TransparentAccount([2; 32]),
    };
    let takes = Made { public: withdrawal, ..made(&[change], &[], &[]) };
    for made in [&pays, &brings, &takes] {
        assert!(made.balances());
    }
    let accounts = entries(vec![pays, brings, takes], &[got]).accounts();
    let expected = Sums {
        opening: 100,
        received: 50,
        deposits: 7,
        unexplained: 0,
        paid: 30,
        withdrawn: 118,
        fees: 2,
        host_fees: 3,
        closing: 7,
    };
    assert_eq!(sums(&accounts), expected);
    assert_eq!(sides(&expected), (157, 157));
    assert_eq!(accounts.closing, Some(vec![note(5, 4, 7)]));
}

/// Attacker: an owner who keeps back a receipt and spends it.
#[test]
fn a_receipt_that_was_kept_back_is_named_with_its_month_and_value() {
    let kept_back = note(1, 3, 40);
    let accounts = entries(vec![made(&[kept_back], &[note(2, 4, 10)], &[note(3, 4, 30)])], &[]).accounts();
    assert_eq!(notes(&accounts.kept_back), [kept_back]);
    let sums = sums(&accounts);
    assert_eq!((sums.unexplained, sums.received, sides(&sums)), (40, 0, (40, 40)));
}

/// Attacker: an owner who calls an output of her own paid, and spends it later, in this book or the next.
#[test]
fn an_output_that_was_called_paid_and_spent_is_a_contradiction_and_becomes_own() {
    let hidden = note(2, 3, 90);
    let first = made(&[note(1, 1, 100)], &[note(3, 3, 10)], &[hidden]);
    let honest = entries(vec![first.clone()], &[]).accounts();
    assert_eq!((sums(&honest).paid, sums(&honest).closing), (90, 10));
    let second = made(&[hidden], &[], &[note(4, 4, 90)]);
    let accounts = entries(vec![first, second], &[]).accounts();
    assert_eq!(notes(&accounts.paid_and_spent), [hidden]);
    // 90 went out once, and not twice.
    assert_eq!((sums(&accounts).paid, sums(&accounts).closing), (90, 10));
    assert_eq!((accounts.kept_back.len(), sides(&sums(&accounts))), (0, (100, 100)));

    let carried = Carried { closing: honest.closing, paid: honest.paid };
    let later = Opened { epoch: Epoch(2), ..hidden };
    let next =
        Entries { before: Some(carried), ..entries(vec![made(&[later], &[], &[note(4, 4, 90)])], &[]) };
    let accounts = next.accounts();
    assert_eq!(notes(&accounts.paid_and_spent), [later]);
    assert_eq!((sums(&accounts).opening, accounts.not_handed_on.len()), (90, 0));
}

/// Attacker: an owner who shows notes from before that she had spent by then.
#[test]
fn notes_from_before_count_only_with_a_ground() {
    let (spent_here, proven, handed, bare) = (note(1, 1, 1), note(2, 1, 2), note(3, 1, 4), note(4, 1, 8));
    let mut book = entries(vec![made(&[spent_here], &[note(5, 3, 1)], &[])], &[]);
    book.opening = vec![(spent_here, false), (proven, true), (handed, false), (bare, false)];
    let accounts = book.accounts();
    assert_eq!((sums(&accounts).opening, accounts.unverified.as_slice()), (3, &[handed, bare][..]));
    book.before = Some(Carried { closing: Some(vec![spent_here, handed]), ..Carried::default() });
    let accounts = book.accounts();
    assert_eq!((sums(&accounts).opening, accounts.unverified.as_slice()), (7, &[bare][..]));
    assert_eq!(sums(&accounts).closing, 7);
}

/// Attacker: an owner who hands on a closing balance while a transaction is missing.
#[test]
fn nothing_is_handed_on_while_a_transaction_is_not_opened() {
    let change = note(2, 3, 60);
    let mut book = entries(vec![made(&[change], &[note(3, 4, 60)], &[])], &[]);
    book.unopened.insert(change.rho.to_array());
    let accounts = book.accounts();
    assert_eq!(accounts.closing, None);
    // The input is of the transaction that is missing, and not a receipt.
    assert_eq!((notes(&accounts.of_unopened), accounts.kept_back.len()), (vec![change], 0));
    let carried = Carried { closing: accounts.closing, paid: accounts.paid };
    let mut next = entries(vec![], &[]);
    next.opening = vec![(note(3, 2, 60), false)];
    next.before = Some(carried);
    assert_eq!((sums(&next.accounts()).opening, next.accounts().unverified.len()), (0, 1));
}

/// Attacker: an owner who lets a closing note vanish between two books, or spends what the book before never had.
#[test]
fn neighbouring_books_are_joined_note_by_note() {
    let (held, vanished, unknown) = (note(1, 1, 10), note(2, 2, 20), note(3, 2, 30));
    let carried = Carried { closing: Some(vec![held, vanished]), ..Carried::default() };
    let book = Entries {
        before: Some(carried),
        ..entries(vec![made(&[held, unknown], &[note(4, 3, 40)], &[])], &[])
    };
    let accounts = book.accounts();
    assert_eq!(accounts.not_returned, [vanished]);
    assert_eq!(notes(&accounts.not_handed_on), [unknown]);
    assert_eq!(sums(&accounts).opening, 40);
}

#[test]
fn a_transaction_that_makes_value_does_not_balance() {
    assert!(!made(&[note(1, 3, 10)], &[note(2, 3, 11)], &[]).balances());
    let other = Opened { asset: asset(2), ..note(2, 3, 10) };
    assert!(!made(&[note(1, 3, 10)], &[other], &[]).balances());
}
