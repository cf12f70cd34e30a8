use louver_core::{
    address::Address,
    asset::KnownAssets,
    encoding::{Decode, DecodeError, Encode},
    epoch::Epoch,
    keys::{AddressIndex, Direction},
    note::{Note, NoteParts},
    secret::Secret,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use super::*;
use crate::{
    report::{Names, Party, words},
    testing::{
        account,
        ledger::{GENESIS, Held, Ledger, POOL, Pay},
        prover, verifier,
    },
};

const NOW: u64 = 1_800_000_000;

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

fn chosen(held: &Held, side: Side, detail: Detail) -> Chosen {
    Chosen { side, detail, height: held.height, txid: held.txid, note: held.note.clone() }
}

fn request() -> PackageRequest {
    PackageRequest {
        genesis: GENESIS,
        pool: POOL,
        auditor: "First Bank".to_owned(),
        nonce: [3; 32],
        purpose: "origin of funds".to_owned(),
        issued: NOW,
        expires: NOW + 100,
    }
}

fn make(number: u8, chosen: &[Chosen]) -> Result<Package, MakeError> {
    make_as(&request(), number, chosen)
}

fn make_as(request: &PackageRequest, number: u8, chosen: &[Chosen]) -> Result<Package, MakeError> {
    let account = account(number);
    let mut rng = ChaCha20Rng::seed_from_u64(9);
    request.make(chosen, &account.full_viewing_key(), &account.spend_authorizing_key(), prover(), &mut rng)
}

fn reading() -> Reading {
    Reading {
        genesis: GENESIS,
        pool: POOL,
        account: None,
        auditor: Some("First Bank".to_owned()),
        nonce: Some([3; 32]),
        now: NOW + 1,
    }
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
    package.signature = signer.sign(opening.alpha.expose(), &package.rk, &message, &mut rng).unwrap();
}

#[test]
fn a_payment_shown_in_full_by_who_made_it() {
    let (ledger, paid) = story();
    let package = make(1, &[chosen(&paid, Side::Sent, Detail::Full)]).unwrap();
    let verified = verify(&package, &ledger).unwrap();
    let payment = &verified.payments[0];
    assert_eq!(payment.amount.value.0, 30);
    assert_eq!(payment.written.memo.as_deref(), Some("rent"));
    let bob = Ledger::address(&account(2), Direction::External, 0).to_string();
    assert_eq!(payment.recipient.as_ref(), Some(&bob));
    assert_eq!(verified.account, account(1).full_viewing_key().account_id(Ledger::pool()).to_string());
}

#[test]
fn an_amount_alone_shows_neither_memo_nor_recipient() {
    let (ledger, paid) = story();
    let package = make(1, &[chosen(&paid, Side::Sent, Detail::Amount)]).unwrap();
    let payment = &verify(&package, &ledger).unwrap().payments[0];
    assert_eq!((payment.amount.value.0, &payment.written.memo, &payment.recipient), (30, &None, &None));
    let seed: [u8; 32] = *paid.note.rseed().expose();
    assert!(!package.to_bytes().windows(32).any(|window| window == seed));
}

#[test]
fn a_payment_shown_by_who_got_it() {
    let (ledger, paid) = story();
    for detail in [Detail::Full, Detail::Amount] {
        let package = make(2, &[chosen(&paid, Side::Received, detail)]).unwrap();
        let verified = verify(&package, &ledger).unwrap();
        assert_eq!(verified.payments[0].side, Side::Received);
    }
}

#[test]
fn nobody_shows_a_payment_as_his_own_that_is_not() {
    let (ledger, paid) = story();
    // Bob knows the note, but did not pay it; Carol has neither paid nor received it.
    let package = make(2, &[chosen(&paid, Side::Sent, Detail::Full)]).unwrap();
    assert_eq!(verify(&package, &ledger), Err(PackageError::Link { item: 0 }));
    let refused = make(3, &[chosen(&paid, Side::Received, Detail::Full)]);
    assert!(matches!(refused, Err(MakeError::NotReceived)));
    // Under another account's name the proof does not hold.
    let mut package = make(1, &[chosen(&paid, Side::Sent, Detail::Full)]).unwrap();
    package.account = account(3).full_viewing_key().account_id(Ledger::pool());
    sign_again(&mut package, 1);
    assert_eq!(verify(&package, &ledger), Err(PackageError::Link { item: 0 }));
}

#[test]
fn one_payment_is_not_shown_as_two() {
    let (ledger, paid) = story();
    let (full, amount) = (chosen(&paid, Side::Sent, Detail::Full), chosen(&paid, Side::Sent, Detail::Amount));
    let package = make(1, &[full, amount]).unwrap();
    assert_eq!(verify(&package, &ledger), Err(PackageError::Repeated { item: 1 }));
}

#[test]
fn false_openings_are_refused() {
    let (ledger, paid) = story();
    for detail in [Detail::Full, Detail::Amount] {
        let mut package = make(1, &[chosen(&paid, Side::Sent, detail)]).unwrap();
        package.items[0].value.0 += 1;
        sign_again(&mut package, 1);
        assert_eq!(verify(&package, &ledger), Err(PackageError::Commitment { item: 0 }));
    }
    let mut package = make(1, &[chosen(&paid, Side::Sent, Detail::Full)]).unwrap();
    package.items[0].output = (package.items[0].output + 1) % 3;
    sign_again(&mut package, 1);
    assert_eq!(verify(&package, &ledger), Err(PackageError::Commitment { item: 0 }));
    package.items[0].output = 3;
    sign_again(&mut package, 1);
    assert_eq!(verify(&package, &ledger), Err(PackageError::NoSuchOutput { item: 0 }));
    package.items[0].height += 1;
    sign_again(&mut package, 1);
    assert_eq!(verify(&package, &ledger), Err(PackageError::NotOnLedger { item: 0 }));
}

#[test]
fn a_package_is_for_one_reader_one_challenge_and_one_time() {
    let (ledger, paid) = story();
    let package = make(1, &[chosen(&paid, Side::Sent, Detail::Full)]).unwrap();
    let refusal = |change: &dyn Fn(&mut Reading)| {
        let mut reading = reading();
        change(&mut reading);
        read(&package, &reading, &ledger).unwrap_err()
    };
    let other = account(2).full_viewing_key().account_id(Ledger::pool());
    let bank = "Second Bank".to_owned();
    assert_eq!(refusal(&|reading| reading.genesis.0[0] ^= 1), PackageError::OtherChain);
    assert_eq!(refusal(&|reading| reading.pool.0 += 1), PackageError::OtherPool);
    assert_eq!(refusal(&|reading| reading.account = Some(other)), PackageError::OtherAccount);
    let other_reader =
        PackageError::OtherReader { made_for: "First Bank".to_owned(), expected: bank.clone() };
    assert_eq!(refusal(&|reading| reading.auditor = Some(bank.clone())), other_reader);
    let mut same_name = reading();
    same_name.auditor = Some(" First Bank\u{a0}\u{feff}".to_owned());
    assert!(read(&package, &same_name, &ledger).is_ok());
    assert_eq!(refusal(&|reading| reading.nonce = Some([4; 32])), PackageError::Nonce);
    assert_eq!(refusal(&|reading| reading.now = NOW + 101), PackageError::Expired);
    let mut altered = package.clone();
    altered.expires += 1;
    assert_eq!(verify(&altered, &ledger), Err(PackageError::Signature));
}

#[test]
fn bad_requests_are_refused() {
    let (_, paid) = story();
    assert!(matches!(make(1, &[]), Err(MakeError::Empty)));
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
    let refused = make(1, &[chosen(&foreign, Side::Sent, Detail::Full)]);
    assert!(matches!(refused, Err(MakeError::OtherPool)));
}

/// Who gains: somebody who pays herself, and shows it as her salary.
#[test]
fn income_that_somebody_paid_herself_is_not_shown_as_somebody_elses() {
    let mut ledger = Ledger::new();
    let alice = account(1);
    let to = || Ledger::address(&alice, Direction::External, 0);
    let deposit = ledger.deposit(&alice, 0, &Pay { to: to(), value: 100, memo: "Salary November" });
    let salary = Pay { to: to(), value: 100, memo: "Salary December" };
    let salary = ledger.pay(&alice, 0, &[&deposit[0]], &[&salary]);
    let told = |held: &Held, sides: &[Side]| {
        let items: Vec<_> = sides.iter().map(|side| chosen(held, *side, Detail::Full)).collect();
        let verified = verify(&make(1, &items).unwrap(), &ledger).unwrap();
        let payment = verified.payments.into_iter().next().unwrap();
        (words::payment_title(&payment), words::payment(&payment), payment.payer)
    };
    for (held, deposits) in [(&deposit[0], true), (&salary[0], false)] {
        // Her receipt proves nothing about the payer, and the line says so.
        let (title, detail, payer) = told(held, &[Side::Received]);
        assert_eq!((title, payer), ("was paid", Party::NotShown));
        assert!(detail.contains("who paid is not shown: it may be the account itself"), "{detail}");
        // The public side tells where the money came from.
        assert_eq!(detail.contains("from the transparent account 0101"), deposits, "{detail}");
        // With the other side in the package, which the command adds, the line says what it is.
        let (title, detail, payer) = told(held, &[Side::Received, Side::Sent]);
        assert_eq!(payer, Party::Itself);
        assert_eq!(title, if deposits { "deposited its own money" } else { "paid itself" });
        assert!(detail.contains("by the account itself"), "{detail}");
    }
    let (_, detail, _) = told(&salary[0], &[Side::Sent]);
    assert!(detail.contains("who was paid is not shown: it may be the account itself"), "{detail}");
}

/// Who gains: whoever finds a package, and shows it to a reader who does not ask whom it is for.
#[test]
fn a_verdict_begins_with_whom_the_package_is_for() {
    let (ledger, paid) = story();
    let package = make(1, &[chosen(&paid, Side::Sent, Detail::Full)]).unwrap();
    let incurious = Reading { auditor: None, nonce: None, ..reading() };
    let verdict = read(&package, &incurious, &ledger).unwrap();
    let heading = words::heading(&verdict);
    assert!(heading[0].contains("made for First Bank, not checked against you"), "{heading:?}");
    assert!(heading[1].contains(&"03".repeat(32)) && heading[1].contains("not checked"), "{heading:?}");
    assert!(
        heading[2].contains("made 2027-01-15 08:00:00 UTC, valid until 2027-01-15 08:01:40 UTC"),
        "{heading:?}"
    );
    let heading = words::heading(&verify(&package, &ledger).unwrap());
    assert!(heading[0].contains("as you demanded") && heading[1].contains("your challenge"), "{heading:?}");
    let none = PackageRequest { nonce: [0; 32], ..request() };
    let package = make_as(&none, 1, &[chosen(&paid, Side::Sent, Detail::Full)]).unwrap();
    let verdict = read(&package, &incurious, &ledger).unwrap();
    assert_eq!(
        (verdict.nonce.as_ref(), words::heading(&verdict)[1].as_str()),
        (None, "answers no challenge")
    );
}

#[test]
fn a_package_for_nobody_or_for_no_time_is_not_made() {
    let (_, paid) = story();
    let items = [chosen(&paid, Side::Sent, Detail::Full)];
    for auditor in ["", " \t", "\u{a0}"] {
        let nobody = PackageRequest { auditor: auditor.to_owned(), ..request() };
        assert!(matches!(make_as(&nobody, 1, &items), Err(MakeError::NoReader)));
    }
    for expires in [NOW, NOW - 1] {
        let never = PackageRequest { expires, ..request() };
        assert!(matches!(make_as(&never, 1, &items), Err(MakeError::NoValidity)));
    }
}

#[test]
fn names_are_compared_as_people_read_them() {
    let (ledger, paid) = story();
    let decomposed = PackageRequest { auditor: " Cafe\u{301} Bank\n".to_owned(), ..request() };
    let package = make_as(&decomposed, 1, &[chosen(&paid, Side::Sent, Detail::Full)]).unwrap();
    assert_eq!(package.auditor(), "Caf\u{e9} Bank");
    let read = |name: &str| {
        read(&package, &Reading { auditor: Some(name.to_owned()), ..reading() }, &ledger).map(drop)
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
    let items = [chosen(&paid, Side::Sent, Detail::Full), chosen(&paid, Side::Sent, Detail::Amount)];
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
    // Magic, genesis, pool, account, rk, auditor, nonce, purpose, two times: then the count of items.
    let count_at = 8 + 32 + 4 + 32 + 32 + (2 + 10) + 32 + (2 + 15) + 16;
    let mut counted = bytes;
    counted[count_at..][..4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(Package::from_bytes(&counted), Err(DecodeError::CountTooLarge { count: u32::MAX.into() }));
}
