use louver_core::{
    address::Address,
    asset::KnownAssets,
    encoding::{Decode, DecodeError, Encode},
    epoch::Epoch,
    keys::{AddressIndex, Direction},
    note::{Note, NoteParts},
    pool::PoolTag,
    proof::Proof,
    secret::Secret,
    transaction::TxId,
    value::Value,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use super::*;
use crate::{
    report::{Assurance, ChainChoice, Ground, Names, Party, words},
    signed::{Asked, DraftError, EnvelopeError, ReaderId, Reading, Terms, TermsError},
    testing::{
        NOW, account, ground,
        ledger::{Held, Ledger, Pay},
        prover, reading, terms, verifier,
    },
};

/// Reads a package with names of no asset.
fn read(package: &Package, reading: &Reading, ledger: &Ledger) -> Result<VerifiedPackage, PackageError> {
    let names = Names { assets: &KnownAssets::new(&[]), account: &|account| hex::encode(account.0) };
    package.verify(reading, &names, verifier(), |height, txid| ledger.find(height, txid))
}

/// Alice pays Bob 30 of her 100 with a memo. Gives the ledger and the note that Bob got.
fn story() -> (Ledger, Held) {
    let mut ledger = Ledger::new();
    let (alice, bob) = (account(1), account(2));
    let own = Pay { to: Ledger::address(&alice, Direction::External, 0), value: 100, memo: "" };
    let deposit = ledger.deposit(&alice, 0, &own);
    let rent = Pay { to: Ledger::address(&bob, Direction::External, 0), value: 30, memo: "rent" };
    let made = ledger.pay(&alice, 0, &[&deposit[0]], &[&rent]);
    let paid = made.into_iter().find(|held| held.note.value().0 == 30).unwrap();
    (ledger, paid)
}

fn chosen(held: &Held, side: Side, show: Show) -> Chosen {
    let what = What::Note { side, show, note: Box::new(held.note.clone()) };
    Chosen { height: held.height, txid: held.txid, spend_tag: held.spend_tag, what }
}

fn make(number: u8, chosen: &[Chosen]) -> Result<Package, MakeError> {
    make_as(terms(), number, chosen)
}

fn make_as(terms: Terms, number: u8, chosen: &[Chosen]) -> Result<Package, MakeError> {
    let account = account(number);
    let mut rng = ChaCha20Rng::seed_from_u64(9);
    let request = PackageRequest { terms, chosen: chosen.to_vec() };
    request.make(&account.full_viewing_key(), &account.spend_authorizing_key(), prover(), &mut rng)
}

fn verify(package: &Package, ledger: &Ledger) -> Result<VerifiedPackage, PackageError> {
    read(package, &reading(), ledger)
}

/// The account signs again what it has altered: only the ledger and proofs stand against it.
fn sign_again(package: &mut Package, number: u8) {
    let account = account(number);
    let mut rng = ChaCha20Rng::seed_from_u64(9);
    let (opening, _) = crate::account::random_alpha(&account.full_viewing_key(), &mut rng);
    let signer = account.spend_authorizing_key();
    let message = package.message();
    package.signature = signer.sign(opening.alpha.expose(), &package.about.rk, &message, &mut rng).unwrap();
}

#[test]
fn a_payment_shown_in_full_by_who_made_it() {
    let (ledger, paid) = story();
    let package = make(1, &[chosen(&paid, Side::Sent, Show::Full)]).unwrap();
    let verified = verify(&package, &ledger).unwrap();
    let payment = &verified.payments[0];
    assert_eq!(payment.amount.value.0, 30);
    assert_eq!(payment.written.memo.as_deref(), Some("rent"));
    let bob = Ledger::address(&account(2), Direction::External, 0).to_string();
    assert_eq!(payment.recipient.as_ref(), Some(&bob));
    assert_eq!(
        verified.binding.account,
        account(1).full_viewing_key().account_id(Ledger::pool()).to_string()
    );
}

/// Attacker: the reader of an amount, who knows the addresses of many people and tries them all.
#[test]
fn an_amount_alone_shows_neither_memo_nor_recipient() {
    let (ledger, paid) = story();
    for (number, side) in [(1, Side::Sent), (2, Side::Received)] {
        for (show, detail) in
            [(Show::Amount, Detail::Amount), (Show::AtLeast(paid.note.asset(), Value(30)), Detail::AtLeast)]
        {
            let package = make(number, &[chosen(&paid, side, show)]).unwrap();
            let payment = &verify(&package, &ledger).unwrap().payments[0];
            assert_eq!(
                (payment.amount.value.0, &payment.written.memo, &payment.recipient),
                (30, &None, &None)
            );
            assert_eq!(payment.shows, detail);
            let bytes = package.to_bytes();
            let to = paid.note.to();
            let hidden = [
                *paid.note.rseed().expose(),
                paid.note.rcm().expose().to_bytes(),
                to.tag().to_scalar().to_bytes(),
                to.pk_d().to_array(),
                to.pk_d().hash().to_bytes(),
            ];
            for secret in hidden {
                assert!(!bytes.windows(32).any(|window| window == secret));
            }
            assert!(!bytes.windows(16).any(|window| window == to.diversifier().as_bytes()));
        }
    }
    // Two payments to one address, as they are shown, have nothing in common but the account and the signing key.
    let mut ledger = Ledger::new();
    let (alice, bob) = (account(1), account(2));
    let own = |value| Pay { to: Ledger::address(&alice, Direction::External, 0), value, memo: "" };
    let rent = |value| Pay { to: Ledger::address(&bob, Direction::External, 0), value, memo: "rent" };
    let first = ledger.deposit(&alice, 0, &own(100));
    let second = ledger.deposit(&alice, 0, &own(200));
    let paid = [(&first, 30), (&second, 30)].map(|(spent, value)| {
        let made = ledger.pay(&alice, 0, &[&spent[0]], &[&rent(value)]);
        made.into_iter().find(|held| held.note.value().0 == value).unwrap()
    });
    let both = paid.each_ref().map(|held| chosen(held, Side::Sent, Show::Amount));
    let package = make(1, &both).unwrap();
    verify(&package, &ledger).unwrap();
    let [one, other] = [0, 1].map(|index| package.items()[index].to_bytes());
    // The same detail, asset and amount stand in both; the rest is places and proofs.
    let common = one.windows(20).filter(|part| other.windows(20).any(|window| window == *part)).count();
    assert_eq!(common, 0);
}

#[test]
fn at_least_says_no_more_than_that() {
    let (ledger, paid) = story();
    for threshold in [0, 1, 29, 30] {
        let package =
            make(1, &[chosen(&paid, Side::Sent, Show::AtLeast(paid.note.asset(), Value(threshold)))])
                .unwrap();
        let payment = verify(&package, &ledger).unwrap().payments.remove(0);
        assert_eq!((payment.amount.value.0, words::payment_title(&payment)), (threshold, "paid at least"));
        assert!(words::payment(&payment).contains("the exact amount, address and memo are hidden"));
        // Attacker: a borrower who shows more than there is.
        let mut package = package;
        package.body.0[0].shown = Shown::AtLeast { asset: paid.note.asset(), threshold: Value(31) };
        sign_again(&mut package, 1);
        assert_eq!(verify(&package, &ledger), Err(PackageError::Unproven { item: 0 }));
    }
    let refused = make(1, &[chosen(&paid, Side::Sent, Show::AtLeast(paid.note.asset(), Value(31)))]);
    assert!(matches!(refused, Err(MakeError::Less)));
    // Attacker: an owner whose 30 units of one asset pass for 7 of a dearer one.
    let other = louver_core::asset::AssetId::new(paid.note.asset().to_u64() + 1).unwrap();
    let refused = make(1, &[chosen(&paid, Side::Sent, Show::AtLeast(other, Value(7)))]);
    assert!(matches!(refused, Err(MakeError::Less)));
}

/// The withdrawal of a note, and the deposit that it came from, are shown with nothing of their outputs.
#[test]
fn a_deposit_and_a_withdrawal_are_shown_by_who_made_them() {
    let mut ledger = Ledger::new();
    let alice = account(1);
    let own = Pay { to: Ledger::address(&alice, Direction::External, 0), value: 100, memo: "mine" };
    let held = ledger.deposit(&alice, 0, &own).remove(0);
    ledger.withdraw(&alice, 0, &held);
    let deposit = Chosen {
        what: What::Crossing(OutputOpening::of(&held.note)),
        ..chosen(&held, Side::Received, Show::Full)
    };
    // The withdrawal has dummies alone: their owner opens one.
    let (_, withdrawn) = ledger.blocks.last().unwrap();
    let effects = withdrawn.transaction().effects();
    let viewing = alice.full_viewing_key();
    let dummy = OutputOpening::of_dummy(effects, 0, &viewing, held.note.asset()).unwrap();
    let withdrawal = Chosen {
        height: ledger.height(),
        txid: withdrawn.txid(),
        spend_tag: effects.spend_tag(),
        what: What::Crossing(dummy),
    };
    let package = make(1, &[deposit, withdrawal]).unwrap();
    let payments = verify(&package, &ledger).unwrap().payments;
    let told: Vec<_> = payments
        .iter()
        .map(|payment| (words::payment_title(payment), payment.amount.value.0, payment.output))
        .collect();
    assert_eq!(told, [("deposited", 100, None), ("withdrew", 100, None)]);
    assert!(words::payment(&payments[0]).contains("from the transparent account 0101"));
    assert!(words::payment(&payments[1]).contains("to the transparent account 0202"));
    // Attacker: somebody who shows another's withdrawal, or a payment as one.
    let mut another = make(1, &[chosen(&held, Side::Received, Show::Full)]).unwrap();
    another.body.0[0].part = Part::Paid;
    another.body.0[0].shown = Shown::Crossing;
    another.body.0[0].txid = withdrawn.txid();
    another.body.0[0].height = ledger.height();
    sign_again(&mut another, 1);
    assert_eq!(verify(&another, &ledger), Err(PackageError::Unproven { item: 0 }));
    let (ledger, paid) = story();
    let payment = Chosen {
        what: What::Crossing(OutputOpening::of(&paid.note)),
        ..chosen(&paid, Side::Sent, Show::Full)
    };
    assert_eq!(
        verify(&make(1, std::slice::from_ref(&payment)).unwrap(), &ledger),
        Err(PackageError::NoCrossing { item: 0 })
    );
    assert!(matches!(make(2, &[payment]), Err(MakeError::NotPaid)));
}

#[test]
fn a_payment_shown_by_who_got_it() {
    let (ledger, paid) = story();
    for show in [Show::Full, Show::Amount] {
        let package = make(2, &[chosen(&paid, Side::Received, show)]).unwrap();
        let verified = verify(&package, &ledger).unwrap();
        assert_eq!(verified.payments[0].side, Side::Received);
    }
}

#[test]
fn nobody_shows_a_payment_as_his_own_that_is_not() {
    let (ledger, paid) = story();
    // Bob knows the note, but did not pay it; Carol has neither paid nor received it.
    let refused = make(2, &[chosen(&paid, Side::Sent, Show::Full)]);
    assert!(matches!(refused, Err(MakeError::NotPaid)));
    let mut package = make(2, &[chosen(&paid, Side::Received, Show::Full)]).unwrap();
    package.body.0[0].part = Part::Paid;
    sign_again(&mut package, 2);
    assert_eq!(verify(&package, &ledger), Err(PackageError::Unproven { item: 0 }));
    // Nor does he show it as what he paid himself.
    package.body.0[0].part = Part::Received { own: true };
    sign_again(&mut package, 2);
    assert_eq!(verify(&package, &ledger), Err(PackageError::Unproven { item: 0 }));
    let refused = make(3, &[chosen(&paid, Side::Received, Show::Full)]);
    assert!(matches!(refused, Err(MakeError::NotReceived)));
    // Under another account's name the proof does not hold.
    let mut package = make(1, &[chosen(&paid, Side::Sent, Show::Full)]).unwrap();
    package.about.account = account(3).full_viewing_key().account_id(Ledger::pool());
    sign_again(&mut package, 1);
    assert_eq!(verify(&package, &ledger), Err(PackageError::Unproven { item: 0 }));
}

#[test]
fn one_payment_is_not_shown_as_two() {
    let (ledger, paid) = story();
    let (full, amount) = (chosen(&paid, Side::Sent, Show::Full), chosen(&paid, Side::Sent, Show::Amount));
    assert!(matches!(make(1, &[full.clone(), amount]), Err(MakeError::Repeated)));
    let mut package = make(1, &[full]).unwrap();
    let again = package.body.0[0].clone();
    package.body.0.push(again);
    sign_again(&mut package, 1);
    assert_eq!(verify(&package, &ledger), Err(PackageError::Repeated { item: 1 }));
    assert!(matches!(Package::from_bytes(&package.to_bytes()), Err(DecodeError::NotCanonical { .. })));
}

/// Attacker: a stranger with an account of his own, whose file names every block there is, so that its reader fetches all.
#[test]
fn a_package_does_not_send_its_reader_through_the_chain() {
    let (_, paid) = story();
    let mut package = make(1, &[chosen(&paid, Side::Sent, Show::Full)]).unwrap();
    let first = package.body.0[0].clone();
    let most = u32::try_from(Items::MOST_TRANSACTIONS).unwrap();
    let many = |count: u32| {
        (0..count).map(|number| {
            let mut txid = [0; 32];
            txid[..4].copy_from_slice(&number.to_le_bytes());
            Item { height: number + 1, txid: TxId(txid), ..first.clone() }
        })
    };
    package.body.0 = many(most).collect();
    assert!(Package::from_bytes(&package.to_bytes()).is_ok());
    package.body.0 = many(most + 1).collect();
    let refused = Package::from_bytes(&package.to_bytes());
    assert!(matches!(refused, Err(DecodeError::OutOfRange { .. })), "{refused:?}");
}

/// Attacker: a prover in another place, who sends back fewer proofs than there are statements.
#[test]
fn a_draft_is_signed_with_a_proof_for_each_statement() {
    let (_, paid) = story();
    let (account, mut rng) = (account(1), ChaCha20Rng::seed_from_u64(9));
    for proofs in [0, 2] {
        let chosen = vec![chosen(&paid, Side::Sent, Show::Full)];
        let request = PackageRequest { terms: terms(), chosen };
        let draft = request.draft(&account.full_viewing_key(), &mut rng).unwrap();
        let proofs = vec![Proof::from_array([0; 192]); proofs];
        let signed = draft.sign(proofs, &account.spend_authorizing_key(), &mut rng);
        assert!(matches!(signed, Err(DraftError::Proofs { statements: 1, .. })), "{signed:?}");
    }
}

#[test]
fn false_openings_are_refused() {
    let (ledger, paid) = story();
    for (show, fault) in [
        (Show::Full, PackageError::Commitment { item: 0 }),
        (Show::Amount, PackageError::Unproven { item: 0 }),
    ] {
        let mut package = make(1, &[chosen(&paid, Side::Sent, show)]).unwrap();
        match &mut package.body.0[0].shown {
            Shown::Full { value, .. } | Shown::Amount { value, .. } => value.0 += 1,
            other => panic!("{:?}", core::mem::discriminant(other)),
        }
        sign_again(&mut package, 1);
        assert_eq!(verify(&package, &ledger), Err(fault));
    }
    let mut package = make(1, &[chosen(&paid, Side::Sent, Show::Full)]).unwrap();
    package.body.0[0].output = (package.body.0[0].output + 1) % 3;
    sign_again(&mut package, 1);
    assert_eq!(verify(&package, &ledger), Err(PackageError::Commitment { item: 0 }));
    package.body.0[0].output = 3;
    sign_again(&mut package, 1);
    assert_eq!(verify(&package, &ledger), Err(PackageError::NoSuchOutput { item: 0 }));
    package.body.0[0].height += 1;
    sign_again(&mut package, 1);
    assert_eq!(verify(&package, &ledger), Err(PackageError::NotOnLedger { item: 0 }));
}

#[test]
fn a_package_is_for_one_reader_one_challenge_and_one_time() {
    let (ledger, paid) = story();
    let package = make(1, &[chosen(&paid, Side::Sent, Show::Full)]).unwrap();
    let refusal = |change: &dyn Fn(&mut Reading)| {
        let mut reading = reading();
        change(&mut reading);
        match read(&package, &reading, &ledger) {
            Err(PackageError::Envelope(error)) => error,
            other => panic!("{other:?}"),
        }
    };
    let other = account(2).full_viewing_key().account_id(Ledger::pool());
    let bank = "Second Bank".to_owned();
    assert_eq!(refusal(&|reading| reading.genesis.0[0] ^= 1), EnvelopeError::OtherChain);
    assert_eq!(refusal(&|reading| reading.pool.0 += 1), EnvelopeError::OtherPool);
    assert_eq!(refusal(&|reading| reading.account = Some(other)), EnvelopeError::OtherAccount);
    let other_reader =
        EnvelopeError::OtherReader { made_for: "First Bank".to_owned(), expected: bank.clone() };
    assert_eq!(refusal(&|reading| reading.reader = Some(bank.clone())), other_reader);
    let mut same_name = reading();
    same_name.reader = Some(" First Bank\u{a0}\u{feff}".to_owned());
    assert!(read(&package, &same_name, &ledger).is_ok());
    assert_eq!(refusal(&|reading| reading.asked = Asked::Nonce([4; 32])), EnvelopeError::Nonce);
    assert_eq!(refusal(&|reading| reading.now = NOW + 100), EnvelopeError::Expired(NOW + 99));
    let mut altered = package.clone();
    altered.about.expires += 1;
    assert_eq!(verify(&altered, &ledger), Err(EnvelopeError::Signature.into()));
}

#[test]
fn bad_requests_are_refused() {
    let (_, paid) = story();
    assert!(matches!(make(1, &[]), Err(MakeError::Empty)));
    // Attacker: an owner whose file shows nothing, and whose reader signs that it is true.
    let mut empty = make(1, &[chosen(&paid, Side::Sent, Show::Full)]).unwrap();
    empty.body.0.clear();
    let bytes = empty.to_bytes();
    assert_eq!(Package::from_bytes(&bytes), Err(DecodeError::OutOfRange { what: "number of items" }));
    let elsewhere = PoolTag::from_le_bytes([1; 16]);
    let viewing = account(1).full_viewing_key();
    let to: Address = viewing.address(elsewhere, Epoch(0), Direction::External, AddressIndex(0));
    let note = Note::from_parts(NoteParts {
        to,
        asset: paid.note.asset(),
        value: paid.note.value(),
        index: 0,
        rho: paid.note.rho(),
        rseed: Secret::new([1; 32]),
    });
    let foreign = Held { note: note.unwrap(), ..paid };
    let refused = make(1, &[chosen(&foreign, Side::Sent, Show::Full)]);
    assert!(matches!(refused, Err(MakeError::OtherPool)));
}

/// Attacker: somebody who pays herself, and shows it as her salary.
#[test]
fn income_that_somebody_paid_herself_is_not_shown_as_somebody_elses() {
    let mut ledger = Ledger::new();
    let alice = account(1);
    let to = || Ledger::address(&alice, Direction::External, 0);
    let deposit = ledger.deposit(&alice, 0, &Pay { to: to(), value: 100, memo: "Salary November" });
    let salary = Pay { to: to(), value: 100, memo: "Salary December" };
    let salary = ledger.pay(&alice, 0, &[&deposit[0]], &[&salary]);
    for (held, deposited) in [(&deposit[0], true), (&salary[0], false)] {
        for show in [Show::Full, Show::Amount] {
            let package = make(1, &[chosen(held, Side::Received, show)]).unwrap();
            let payment = verify(&package, &ledger).unwrap().payments.remove(0);
            // An account that shows a receipt shows who it came from: it is computed, and no clause hides it.
            assert_eq!((payment.payer, payment.payee), (Party::Itself, Party::Itself));
            let title = words::payment_title(&payment);
            assert_eq!(title, if deposited { "brought into the pool" } else { "paid itself" });
            let detail = words::payment(&payment);
            assert!(detail.contains(if deposited { "to itself" } else { "from itself" }), "{detail}");
            // Attacker: an owner whose employer pays the deposit, and who calls the salary her own money.
            assert_eq!(
                detail.contains("whose the transparent account is, is not shown"),
                deposited,
                "{detail}"
            );
            // The public side tells where the money came from.
            assert_eq!(detail.contains("from the transparent account 0101"), deposited, "{detail}");
            // She says that another account paid her, and signs that.
            let mut income = package;
            income.body.0[0].part = Part::Received { own: false };
            sign_again(&mut income, 1);
            assert_eq!(verify(&income, &ledger), Err(PackageError::Unproven { item: 0 }));
        }
    }
    // It is not made as a payment of hers.
    assert!(matches!(make(1, &[chosen(&salary[0], Side::Sent, Show::Full)]), Err(MakeError::Own)));
}

/// A payment by another account is shown to be that, and no more: the other account may be the same person's.
#[test]
fn income_from_another_account_is_shown_as_that() {
    let (ledger, paid) = story();
    let package = make(2, &[chosen(&paid, Side::Received, Show::Amount)]).unwrap();
    let payment = verify(&package, &ledger).unwrap().payments.remove(0);
    assert_eq!((payment.payer, payment.payee), (Party::Another, Party::Itself));
    assert_eq!(words::payment_title(&payment), "was paid");
    let detail = words::payment(&payment);
    assert!(detail.contains("not from this account; perhaps from another of the same person"), "{detail}");
}

/// Attacker: a reader of a grant, who shows the income of its owner as her own.
#[test]
fn a_reader_cannot_show_the_receipts_that_she_reads() {
    let (ledger, paid) = story();
    let refused = make(3, &[chosen(&paid, Side::Received, Show::Full)]);
    assert!(matches!(refused, Err(MakeError::NotReceived)));
    let mut stolen = make(2, &[chosen(&paid, Side::Received, Show::Full)]).unwrap();
    stolen.about.account = account(3).full_viewing_key().account_id(Ledger::pool());
    let mut rng = ChaCha20Rng::seed_from_u64(9);
    (_, stolen.about.rk) = crate::account::random_alpha(&account(3).full_viewing_key(), &mut rng);
    sign_again(&mut stolen, 3);
    assert!(verify(&stolen, &ledger).is_err());
}

/// A finder of a package gains by showing it to a reader who does not ask whom it is for.
#[test]
fn a_verdict_begins_with_whom_the_package_is_for() {
    let (ledger, paid) = story();
    let package = make(1, &[chosen(&paid, Side::Sent, Show::Full)]).unwrap();
    let incurious = Reading { reader: None, asked: Asked::Nothing, ..reading() };
    let verdict = read(&package, &incurious, &ledger).unwrap();
    let heading = words::heading(&verdict.binding);
    assert!(heading[0].contains("made for \"First Bank\", not asked for by you"), "{heading:?}");
    assert!(heading[1].contains(&"03".repeat(32)) && heading[1].contains("not checked"), "{heading:?}");
    assert!(
        heading[2].contains("made 2027-01-15 08:00:00 UTC, valid until 2027-01-15 08:01:40 UTC"),
        "{heading:?}"
    );
    let heading = words::heading(&verify(&package, &ledger).unwrap().binding);
    assert!(heading[0].contains("with your nonce") && heading[1].contains("your nonce"), "{heading:?}");
    let none = Terms { asked: Asked::Nothing, ..terms() };
    let package = make_as(none, 1, &[chosen(&paid, Side::Sent, Show::Full)]).unwrap();
    let verdict = read(&package, &incurious, &ledger).unwrap();
    assert_eq!(
        (verdict.binding.nonce.as_ref(), words::heading(&verdict.binding)[1].as_str()),
        (None, "answers no challenge")
    );
}

#[test]
fn a_package_for_nobody_or_for_no_time_is_neither_made_nor_read() {
    let (_, paid) = story();
    let items = [chosen(&paid, Side::Sent, Show::Full)];
    for name in ["", " \t", "\u{a0}"] {
        let nobody = Terms { reader: ReaderId { name: name.to_owned(), recipient: None }, ..terms() };
        assert!(matches!(make_as(nobody, 1, &items), Err(MakeError::Terms(TermsError::NoReader))));
    }
    for expires in [NOW - 1, NOW - 2] {
        let never = Terms { expires, ..terms() };
        assert!(matches!(make_as(never, 1, &items), Err(MakeError::Terms(TermsError::NoValidity))));
    }
    // An account gains by a package of another program's making that anybody may read as his.
    let package = make(1, &items).unwrap();
    let read = |change: fn(&mut Package)| {
        let mut other = package.clone();
        change(&mut other);
        sign_again(&mut other, 1);
        Package::from_bytes(&other.to_bytes()).unwrap_err()
    };
    let nobody = DecodeError::OutOfRange { what: "reader's name" };
    assert_eq!(read(|package| package.about.reader.name = String::new()), nobody);
    let blank = DecodeError::NotCanonical { what: "reader's name" };
    assert_eq!(read(|package| package.about.reader.name = " \t".to_owned()), blank);
    let sealed_to_nobody = DecodeError::NotCanonical { what: "recipient" };
    assert_eq!(read(|package| package.about.reader.recipient = Some("Carol".to_owned())), sealed_to_nobody);
    let never = DecodeError::OutOfRange { what: "expiry" };
    assert_eq!(read(|package| package.about.expires = package.about.issued), never);
}

#[test]
fn names_are_compared_as_people_read_them() {
    let (ledger, paid) = story();
    let reader = ReaderId { name: " Cafe\u{301} Bank\n".to_owned(), recipient: None };
    let package = make_as(Terms { reader, ..terms() }, 1, &[chosen(&paid, Side::Sent, Show::Full)]).unwrap();
    assert_eq!(package.reader().name, "Caf\u{e9} Bank");
    let read = |name: &str| {
        read(&package, &Reading { reader: Some(name.to_owned()), ..reading() }, &ledger).map(drop)
    };
    for name in ["Caf\u{e9} Bank", "Cafe\u{301} Bank ", "\u{a0}Caf\u{e9} Bank"] {
        assert_eq!(read(name), Ok(()), "{name}");
    }
    let refused = read("Cafe Bank").unwrap_err().to_string();
    assert!(refused.contains("Caf\u{e9} Bank") && refused.contains("Cafe Bank"), "{refused}");
}

#[test]
fn whatever_decodes_is_written_again_the_same() {
    let (_, paid) = story();
    let mut items = [Show::Full, Show::Amount, Show::AtLeast(paid.note.asset(), Value(7))]
        .map(|show| chosen(&paid, Side::Sent, show));
    // Each of another transaction.
    (0..).zip(&mut items).for_each(|(number, item)| item.txid.0[0] = number);
    let bytes = make(1, &items).unwrap().to_bytes();
    assert_eq!(Package::from_bytes(&bytes).unwrap().to_bytes(), bytes);
    let mut longer = bytes.clone();
    longer.push(0);
    assert_eq!(Package::from_bytes(&longer), Err(DecodeError::TrailingBytes { count: 1 }));
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 0x41;
        if let Ok(package) = Package::from_bytes(&altered) {
            assert_eq!(package.to_bytes(), altered);
        }
    }
    // Magic, genesis, pool, account, rk, reader, recipient, nonce, purpose, two times: then the count of items.
    let count_at = 8 + 32 + 4 + 32 + 32 + (2 + 10) + (2 + 62) + 32 + (2 + 15) + 16;
    let mut counted = bytes;
    counted[count_at..][..4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(Package::from_bytes(&counted), Err(DecodeError::CountTooLarge { count: u32::MAX.into() }));
}

/// Attacker: whoever makes up a whole chain with a payment in it, and runs a node that serves it.
#[test]
fn a_package_on_a_chain_that_nobody_chose_is_never_guaranteed() {
    let (ledger, paid) = story();
    let package = make(2, &[chosen(&paid, Side::Received, Show::Full)]).unwrap();
    let trying = words::ground(&Ground { development: true, ..ground() });
    assert!(trying.last().unwrap().contains("anybody can make up proofs"), "{trying:?}");
    assert_eq!(trying.len(), words::ground(&ground()).len() + 1);
    let unchosen = Reading { chain: Ground { chosen: ChainChoice::Nothing, ..ground() }, ..reading() };
    let verdict = read(&package, &unchosen, &ledger).unwrap();
    assert_eq!(verdict.payments[0].assurance, Assurance::ChainNotChosen);
    assert_eq!(verify(&package, &ledger).unwrap().payments[0].assurance, Assurance::Guaranteed);
}
