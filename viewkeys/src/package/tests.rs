use louver_core::{
    address::Address,
    encoding::{Decode, DecodeError, Encode},
    epoch::Epoch,
    keys::{AddressIndex, Direction},
    note::{Note, NoteParts},
    secret::Secret,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use super::*;
use crate::testing::{
    account,
    ledger::{GENESIS, Held, Ledger, POOL, Pay},
    prover, verifier,
};

const NOW: u64 = 1_800_000_000;

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

fn make(number: u8, chosen: &[Chosen]) -> Result<Package, MakeError> {
    let account = account(number);
    let request = PackageRequest {
        genesis: GENESIS,
        pool: POOL,
        auditor: "First Bank".to_owned(),
        nonce: [3; 32],
        purpose: "origin of funds".to_owned(),
        issued: NOW,
        expires: NOW + 100,
    };
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
    package.verify(&reading(), verifier(), |height, txid| ledger.find(height, txid))
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
    assert_eq!(payment.memo.as_deref(), Some("rent"));
    let bob = Ledger::address(&account(2), Direction::External, 0).to_string();
    assert_eq!(payment.recipient.as_ref(), Some(&bob));
    assert_eq!(verified.account, account(1).full_viewing_key().account_id().to_string());
}

#[test]
fn an_amount_alone_shows_neither_memo_nor_recipient() {
    let (ledger, paid) = story();
    let package = make(1, &[chosen(&paid, Side::Sent, Detail::Amount)]).unwrap();
    let payment = &verify(&package, &ledger).unwrap().payments[0];
    assert_eq!((payment.amount.value.0, &payment.memo, &payment.recipient), (30, &None, &None));
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
    package.account = account(3).full_viewing_key().account_id();
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
        package.verify(&reading, verifier(), |height, txid| ledger.find(height, txid)).unwrap_err()
    };
    let other = account(2).full_viewing_key().account_id();
    let bank = "Second Bank".to_owned();
    assert_eq!(refusal(&|reading| reading.genesis.0[0] ^= 1), PackageError::OtherChain);
    assert_eq!(refusal(&|reading| reading.pool.0 += 1), PackageError::OtherPool);
    assert_eq!(refusal(&|reading| reading.account = Some(other)), PackageError::OtherAccount);
    let other_reader =
        PackageError::OtherReader { made_for: "First Bank".to_owned(), expected: bank.clone() };
    assert_eq!(refusal(&|reading| reading.auditor = Some(bank.clone())), other_reader);
    let mut same_name = reading();
    same_name.auditor = Some(" First Bank\u{a0}\u{feff}".to_owned());
    assert!(package.verify(&same_name, verifier(), |height, txid| ledger.find(height, txid)).is_ok());
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
