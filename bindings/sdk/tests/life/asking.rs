//! A reader demands something, and tells what he was shown.

use louver_sdk::{ChallengeError, Demand, Receipt, ReceiptConclusion, ReceiptError};

use super::*;

fn demand() -> Demand {
    Demand::Grant { directions: Directions { outgoing: false, ..EVERYTHING }, first_epoch: 0, last_epoch: 1 }
}

#[test]
fn a_grant_is_for_whom_and_what_its_reader_demands() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    let (auditor, somebody) = (AuditorKey::generate(), AuditorKey::generate());
    let request = |challenge: Option<Vec<u8>>, last_epoch: u16| GrantRequest {
        auditor: "Smith".to_owned(),
        recipient: auditor.recipient(),
        directions: EVERYTHING,
        first_epoch: 0,
        last_epoch,
        purpose: "Tax 2025".to_owned(),
        days: 365,
        challenge,
    };
    let make =
        |request| block_on(alice.wallet.grant(0, request, alice.keys.clone(), world.prover.clone(), None));
    let ask =
        |key: &AuditorKey| block_on(key.challenge(world.node.clone(), "Smith".into(), demand())).unwrap();
    let (asked, id) = (ask(&auditor), |person: &Person| block_on(person.wallet.accounts())[0].id.clone());
    let told = block_on(world.node.read_challenge(asked.clone())).unwrap();
    assert_eq!((told.auditor.as_str(), &told.recipient), ("Smith", &auditor.recipient()));
    assert!(told.asks.iter().any(|line| line.contains("asks for a grant of")), "{:?}", told.asks);

    // Attacker: an owner submits a grant of another account, or one that was made for another question.
    let unasked = Grant::open(make(request(None, 2)).unwrap(), auditor.clone()).unwrap();
    let check = |wanted: Expectations| block_on(unasked.verify(world.node.clone(), wanted));
    let any = Expectations::default();
    assert_eq!(check(Expectations { account: Some(id(&alice)), ..any.clone() }), Ok(()));
    let other = Expectations { account: Some(id(&bob)), ..any.clone() };
    assert_eq!(check(other.clone()), Err(AuditError::OtherAccount));
    assert_eq!(
        block_on(unasked.audit(world.node.clone(), other, None)).unwrap_err(),
        AuditError::OtherAccount
    );
    let name = Expectations { auditor: Some("Jones".into()), ..any.clone() };
    let (made_for, expected) = ("Smith".to_owned(), "Jones".to_owned());
    assert_eq!(check(name), Err(AuditError::OtherName { made_for, expected }));
    let answer = |challenge: &[u8]| Expectations { challenge: Some(challenge.to_vec()), ..any.clone() };
    assert_eq!(check(answer(&asked)), Err(AuditError::Nonce));
    let unread = Expectations { challenge: Some(b"no challenge".to_vec()), ..any.clone() };
    assert_eq!(check(unread), Err(AuditError::Expectation { what: "challenge".into() }));

    // She answers it, and cannot answer it with less.
    let answered = Grant::open(make(request(Some(asked.clone()), 2)).unwrap(), auditor.clone()).unwrap();
    let report = block_on(answered.audit(world.node.clone(), answer(&asked), None)).unwrap();
    assert!(report.heading[0].contains("as you demanded"), "{:?}", report.heading);
    assert!(matches!(make(request(Some(asked), 0)), Err(DiscloseError::Challenge { .. })));
    // Attacker: an owner who hands back a question of her own making beside her answer.
    let hers = ask(&somebody);
    let refused = block_on(answered.verify(world.node.clone(), answer(&hers)));
    assert!(matches!(refused, Err(AuditError::Challenge { .. })), "{refused:?}");
}

#[test]
fn a_receipt_says_what_its_reader_was_shown() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    let sent = world.send(&alice, world.pay("25 LVR", &bob.address(), "Rent"));
    world.blocks(1);
    alice.sync();
    let (bank, press) = (AuditorKey::generate(), AuditorKey::generate());
    let payments = |asset, at_least| Demand::Payments {
        first_epoch: None,
        last_epoch: None,
        side: Some(Side::Sent),
        asset,
        at_least,
    };
    let ask = |demand| block_on(bank.challenge(world.node.clone(), "The bank".into(), demand));
    for (asset, at_least) in [(Some(99), None), (None, Some(1))] {
        assert!(matches!(ask(payments(asset, at_least)), Err(ChallengeError::Demand { .. })));
    }
    let asked = ask(payments(Some(1), Some(25_000_000))).unwrap();
    let request = PackageRequest {
        choice: PackageChoice::Transaction { txid: sent.txid.clone(), output: None },
        detail: Detail::Full,
        auditor: String::new(),
        recipient: None,
        nonce: None,
        purpose: "Proof of rent".to_owned(),
        days: 7,
        challenge: Some(asked.clone()),
    };
    let made = block_on(alice.wallet.disclose(0, request, alice.keys.clone(), world.prover.clone(), None));
    let package = Package::open(made.unwrap(), bank.clone()).unwrap();
    assert_eq!(package.receipt(bank.clone()).unwrap_err(), ReceiptError::NothingVerified);
    let wanted = Expectations { challenge: Some(asked.clone()), ..Expectations::default() };
    let report = block_on(package.verify(world.node.clone(), wanted)).unwrap();
    assert!(report.heading[0].contains("as you demanded"), "{:?}", report.heading);

    let bytes = package.receipt(bank).unwrap();
    let receipt = Receipt::read(bytes.clone()).unwrap();
    receipt.verify(Some(asked.clone())).unwrap();
    receipt.verify_about(package.clone()).unwrap();
    let told = receipt.info();
    assert_eq!((told.auditor.as_str(), told.conclusion), ("The bank", ReceiptConclusion::Guaranteed));
    assert_eq!(told.height, report.head.height);
    assert!(told.sentences.iter().any(|sentence| sentence.text.contains(&sent.txid)));

    // Attacker: an owner whose package failed what was demanded of it, and who asks for a receipt all the same.
    let other = Expectations { auditor: Some("The press".into()), ..Expectations::default() };
    assert!(block_on(package.verify(world.node.clone(), other)).is_err());
    assert_eq!(package.receipt(press.clone()).unwrap_err(), ReceiptError::NothingVerified);
    block_on(package.verify(world.node.clone(), Expectations::default())).unwrap();
    // Attacker: somebody else who signs a receipt of his own, or alters one.
    let forged = Receipt::read(package.receipt(press).unwrap()).unwrap();
    forged.verify(None).unwrap();
    assert!(matches!(forged.verify(Some(asked)), Err(ReceiptError::NotShown { .. })));
    let mut altered = bytes;
    *altered.last_mut().unwrap() ^= 1;
    let altered = Receipt::read(altered).and_then(|receipt| receipt.verify(None));
    assert!(matches!(altered, Err(ReceiptError::NotShown { .. })), "{altered:?}");
    assert!(matches!(Receipt::read(b"no receipt".to_vec()), Err(ReceiptError::NotAReceipt { .. })));
}
