use age::x25519::Identity;
use louver_core::encoding::Encode;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use super::*;
use crate::{
    package::{Chosen, Package, PackageRequest, Show, Side, What},
    testing::{
        account,
        ledger::{Ledger, Pay},
        prover, terms,
    },
};

fn package(recipient: Option<&Identity>) -> Package {
    let (mut ledger, alice) = (Ledger::new(), account(1));
    let to = Ledger::address(&alice, louver_core::keys::Direction::External, 0);
    let held = ledger.deposit(&alice, 0, &Pay { to, value: 100, memo: "mine" }).remove(0);
    let what = What::Note { side: Side::Received, show: Show::Full, note: Box::new(held.note) };
    let chosen = Chosen { height: held.height, txid: held.txid, spend_tag: held.spend_tag, what };
    let recipient = recipient.map(|key| key.to_public().to_string());
    let reader = ReaderId { name: "First Bank".to_owned(), recipient };
    let request = PackageRequest { terms: Terms { reader, ..terms() }, chosen: vec![chosen] };
    let mut rng = ChaCha20Rng::seed_from_u64(9);
    request.make(&alice.full_viewing_key(), &alice.spend_authorizing_key(), prover(), &mut rng).unwrap()
}

/// Attacker: a reader who shows a sealed file to another as if it had been made for him.
#[test]
fn a_sealed_file_is_for_the_holder_of_its_key_alone() {
    let (bank, other) = (Identity::generate(), Identity::generate());
    let made = package(Some(&bank));
    let file = made.to_file().unwrap();
    assert!(is_sealed(&file) && !file.windows(10).any(|part| part == b"First Bank"));
    assert_eq!(Package::open(&file, Some(&bank)).unwrap(), made);
    assert!(matches!(Package::open(&file, Some(&other)), Err(OpenError::Decrypt)));
    assert!(matches!(Package::open(&file, None), Err(OpenError::NoKey)));
    // He opens it and hands it on, open or sealed to the other.
    let opened = made.to_bytes();
    for key in [None, Some(&other)] {
        assert!(matches!(Package::open(&opened, key), Err(OpenError::OtherReader(_))));
    }
    let sealed_again = age::encrypt(&other.to_public(), &opened).unwrap();
    assert!(matches!(Package::open(&sealed_again, Some(&other)), Err(OpenError::OtherReader(_))));
    // The reader himself may keep it open.
    assert_eq!(Package::open(&opened, Some(&bank)).unwrap(), made);
}

#[test]
fn a_file_that_its_reader_wants_open_is_open() {
    let made = package(None);
    let file = made.to_file().unwrap();
    assert_eq!(file, made.to_bytes());
    for key in [None, Some(&Identity::generate())] {
        assert_eq!(Package::open(&file, key).unwrap(), made);
    }
    assert!(matches!(made.seal(), Err(SealError::Recipient)));
}

/// A name of all of it: one bit elsewhere is another name.
#[test]
fn a_hash_names_everything() {
    let made = package(None);
    let mut other = made.clone();
    other.about.expires += 1;
    assert_ne!(made.hash(), other.hash());
    let mut other = made.clone();
    other.signature = SpendSignature::from_array([1; 64]);
    assert_ne!(made.hash(), other.hash());
}
