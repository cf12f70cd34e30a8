use louver_core::{
    asset::KnownAssets,
    encoding::{Decode, Encode},
    keys::Direction,
    value::Value,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use super::*;
use crate::{
    challenge::{Challenge, Demand},
    package::{Chosen, Package, PackageRequest, Show, Side, What},
    report::{Names, words},
    signed::{Asked, Reading, Terms},
    testing::{
        NOW, account,
        ledger::{GENESIS, Ledger, POOL, Pay},
        prover, reading, verifier,
    },
};

/// A package that answers a challenge, with its receipt.
fn story(key: &Identity, value: u64) -> (Challenge, Package, Receipt) {
    let mut rng = ChaCha20Rng::seed_from_u64(9);
    let demand = Demand::Payments { epochs: None, side: None, asset: None, at_least: None };
    let challenge = Challenge::new((GENESIS, POOL), "The bank", key, demand, NOW, &mut rng).unwrap();
    let (mut ledger, alice, bob) = (Ledger::new(), account(1), account(2));
    let own = Ledger::address(&alice, Direction::External, 0);
    let held = ledger.deposit(&alice, 0, &Pay { to: own, value: 100, memo: "" }).remove(0);
    let to = Ledger::address(&bob, Direction::External, 0);
    let made = ledger.pay(&alice, 0, &[&held], &[&Pay { to, value, memo: "rent" }]);
    let paid = made.into_iter().find(|held| held.note.value() == Value(value)).unwrap();
    let what = What::Note { side: Side::Sent, show: Show::Full, note: Box::new(paid.note) };
    let chosen = Chosen { height: paid.height, txid: paid.txid, spend_tag: paid.spend_tag, what };
    let terms = Terms::answering(challenge.clone(), "rent".to_owned(), NOW - 1, NOW + 9);
    let request = PackageRequest { terms, chosen: vec![chosen] };
    let (viewing, signer) = (alice.full_viewing_key(), alice.spend_authorizing_key());
    let package = request.make(&viewing, &signer, prover(), &mut rng).unwrap();
    let asked = Asked::Challenge(Box::new(challenge.clone()));
    let keys = Some(auditor::ReaderKeys::of(key));
    let reading = Reading { asked, reader: None, keys, ..reading() };
    let assets = KnownAssets::new(&[]);
    let names = Names { assets: &assets, account: &|account| hex::encode(account.0) };
    let verdict =
        package.verify(&reading, &names, verifier(), |height, txid| ledger.find(height, txid)).unwrap();
    let sentences = words::package_sentences(&verdict, &assets);
    let receipt =
        Receipt::new(&package, key, &reading.chain, Conclusion::Guaranteed, sentences, NOW).unwrap();
    (challenge, package, receipt)
}

#[test]
fn a_receipt_is_checked_without_the_data_and_with_it() {
    let key = Identity::generate();
    let (challenge, package, receipt) = story(&key, 30);
    let read = Receipt::from_bytes(&receipt.to_bytes()).unwrap();
    assert_eq!(read, receipt);
    assert_eq!(read.verify(None), Ok(()));
    assert_eq!(read.verify(Some(&challenge)), Ok(()));
    assert_eq!(read.is_about(&package), Ok(()));
    let told: Vec<_> = read.sentences().iter().map(|sentence| sentence.text.as_str()).collect();
    assert!(told.contains(&"made for \"The bank\", as you demanded"), "{told:?}");
    assert!(told.iter().any(|text| text.starts_with("paid 30")), "{told:?}");
    assert!(read.sentences().iter().any(|sentence| sentence.label == Some(Assurance::Guaranteed)));
    assert_eq!((read.head().height, read.conclusion()), (9, Conclusion::Guaranteed));
}

/// Attacker: a reader who says later that he was shown something else; somebody who makes a receipt in his name; and an
/// owner who shows a receipt beside another file.
#[test]
fn a_receipt_is_of_one_reader_and_one_file() {
    let (bank, other) = (Identity::generate(), Identity::generate());
    let (challenge, package, receipt) = story(&bank, 30);
    let bytes = receipt.to_bytes();
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 1;
        if let Ok(read) = Receipt::from_bytes(&altered) {
            assert_eq!(read.to_bytes(), altered);
            assert!(read.verify(None).is_err(), "{at}");
        }
    }
    let ground = reading().chain;
    let forged = Receipt::new(&package, &other, &ground, Conclusion::Refused, Vec::new(), NOW).unwrap();
    assert_eq!(forged.verify(None), Ok(()));
    assert_eq!(forged.verify(Some(&challenge)), Err(ReceiptError::OtherKey));
    let (second, elsewhere, _) = story(&bank, 40);
    assert_eq!(receipt.is_about(&elsewhere), Err(ReceiptError::OtherData));
    assert_ne!(second.hash(), [0; 32]);
    let demand = Demand::Payments { epochs: None, side: Some(Side::Sent), asset: None, at_least: None };
    let mut rng = ChaCha20Rng::seed_from_u64(4);
    let asked_later = Challenge::new((GENESIS, POOL), "The bank", &bank, demand, NOW, &mut rng).unwrap();
    assert_eq!(receipt.verify(Some(&asked_later)), Err(ReceiptError::OtherChallenge));
}

/// Attacker: a reader who signs that a file answers his question, or is for him, or of this chain, which it is not.
#[test]
fn a_receipt_says_of_the_file_what_the_file_says() {
    let bank = Identity::generate();
    let (challenge, package, receipt) = story(&bank, 30);
    let (asked_of_another, ..) = story(&bank, 40);
    assert_eq!(receipt.is_about(&package), Ok(()));
    let signer = auditor::signing_key(&bank);
    let alter = |change: &dyn Fn(&mut Receipt)| {
        let mut altered = receipt.clone();
        change(&mut altered);
        altered.signature = signer.sign(&altered.message());
        altered
    };
    let nonce = alter(&|receipt| receipt.nonce = [7; 32]);
    let name = alter(&|receipt| receipt.reader = "The other bank".to_owned());
    let chain = alter(&|receipt| receipt.head.genesis = [9; 32]);
    for altered in [nonce, name.clone(), chain.clone()] {
        assert_eq!(altered.verify(None), Ok(()));
        assert_eq!(altered.is_about(&package), Err(ReceiptError::OtherData));
    }
    for altered in [name, chain] {
        assert_eq!(altered.verify(Some(&challenge)), Err(ReceiptError::OtherChallenge));
    }
    assert_eq!(asked_of_another.key(), challenge.key());
}

/// Attacker: a payer who chooses an address of his own that ends as the payee's does.
#[test]
fn a_receipt_has_the_whole_address_and_the_memo() {
    let (_, _, receipt) = story(&Identity::generate(), 30);
    let bob = Ledger::address(&account(2), Direction::External, 0).to_string();
    let line = receipt.sentences().iter().find(|sentence| sentence.text.starts_with("paid 30")).unwrap();
    assert!(line.text.contains(&bob) && line.text.contains("memo: \"rent\""), "{}", line.text);
    assert!(receipt.sentences().iter().any(|sentence| sentence.text.contains("\"rent\"")));
}

#[test]
fn a_sentence_that_is_too_long_is_cut_where_a_character_ends() {
    let (_, package, _) = story(&Identity::generate(), 30);
    let sentence = Sentence { label: None, text: "\u{20ac}".repeat(3000) };
    let receipt = Receipt::new(
        &package,
        &Identity::generate(),
        &reading().chain,
        Conclusion::Refused,
        vec![sentence],
        NOW,
    )
    .unwrap();
    assert_eq!(receipt.sentences()[0].text.len(), 4095);
    assert_eq!(Receipt::from_bytes(&receipt.to_bytes()).unwrap(), receipt);
}
