//! A sentence about an account is proven to one reader.

use louver_sdk::{
    ChallengeError, Demand, Receipt, ReceiptConclusion, ReceiptError, Statement, StatementClaim,
    StatementError, StatementRequest,
};

use super::*;

/// Attacker: an owner who calls another's address his own, or states more than came in; a reader who hands the file on.
#[test]
fn a_statement_lives() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    let (bank, press) = (AuditorKey::generate(), AuditorKey::generate());
    let nonce = "2a".repeat(32);
    let request = |claim| StatementRequest {
        claim,
        auditor: "The bank".to_owned(),
        recipient: Some(bank.recipient()),
        nonce: Some(nonce.clone()),
        purpose: "a payout".to_owned(),
        days: 7,
        challenge: None,
    };
    let state = |person: &Person, claim| {
        let (keys, prover) = (person.keys.clone(), world.prover.clone());
        block_on(person.wallet.prove_statement(0, request(claim), keys, prover, None))
    };
    let address = alice.address();
    let own = StatementClaim::Address { address: address.clone() };
    let refused = |made| matches!(made, Err(DiscloseError::NotStated { .. }));
    assert!(refused(state(&bob, own.clone())));
    let (amount, first_epoch, last_epoch) = (world.amount("1 LVR"), 0, 9);
    // Alice brought in herself all that she has.
    let total = StatementClaim::Total { at_least: amount.clone(), first_epoch, last_epoch };
    assert!(refused(state(&alice, total)));
    // The chain has not taken a snapshot yet.
    assert!(refused(state(&alice, StatementClaim::Holdings { at_least: amount, snapshot: None })));

    let sealed = state(&alice, own).unwrap();
    assert_eq!(Statement::read(sealed.clone()).unwrap_err(), StatementError::Sealed);
    assert_eq!(Statement::open(sealed.clone(), press).unwrap_err(), StatementError::NotForThisKey);
    let statement = Statement::open(sealed, bank).unwrap();
    assert_eq!((statement.info().auditor.as_str(), statement.info().proofs), ("The bank", 1));
    let verify = |auditor: &str, nonce: &str| {
        let (auditor, nonce) = (Some(auditor.to_owned()), Some(nonce.to_owned()));
        block_on(
            statement
                .verify(world.node.clone(), Expectations { account: None, auditor, nonce, challenge: None }),
        )
    };
    let report = verify("The bank", &nonce).unwrap();
    assert!(report.says.contains(&address) && report.json.contains("louver.statement-report/1"));
    assert_eq!(report.assurance, Assurance::Guaranteed);
    assert!(matches!(verify("The press", &nonce), Err(StatementError::Refused { .. })));
    assert!(matches!(verify("The bank", &"2b".repeat(32)), Err(StatementError::Refused { .. })));
    assert_eq!(verify("The bank", "2b"), Err(StatementError::Expectation { what: "nonce".into() }));
}

/// Attacker: an owner who answers for another address than she was asked about, or asks for a receipt of what failed; somebody
/// who shows a receipt of another statement.
#[test]
fn a_statement_answers_what_its_reader_asks() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    let (bank, press) = (AuditorKey::generate(), AuditorKey::generate());
    let ask = |demand| block_on(bank.challenge(world.node.clone(), "The bank".into(), demand));
    let amount = |value| Amount { asset: 1, value };
    let demands = [
        Demand::Address { address: alice.address() },
        Demand::Unspent { txid: "2a".repeat(32), output: 1, since: Some(7) },
        Demand::Holdings { at_least: amount(5), since: None },
        Demand::Total { at_least: amount(5), first_epoch: 0, last_epoch: 3 },
    ];
    for demand in demands {
        let told = block_on(world.node.read_challenge(ask(demand.clone()).unwrap())).unwrap();
        assert_eq!(told.demand, demand);
        assert!(!told.asks.is_empty());
    }
    let never = [
        Demand::Address { address: "lvr1oops".into() },
        Demand::Unspent { txid: "2a".into(), output: 1, since: None },
        Demand::Holdings { at_least: amount(0), since: None },
        Demand::Holdings { at_least: Amount { asset: 99, value: 5 }, since: None },
        Demand::Total { at_least: amount(5), first_epoch: 3, last_epoch: 0 },
    ];
    for demand in never {
        let refused = ask(demand);
        assert!(matches!(refused, Err(ChallengeError::Demand { .. })), "{refused:?}");
    }

    let address = alice.address();
    let asked = ask(Demand::Address { address: address.clone() }).unwrap();
    let state = |person: &Person, address: &str, challenge: &[u8]| {
        let request = StatementRequest {
            claim: StatementClaim::Address { address: address.to_owned() },
            auditor: String::new(),
            recipient: None,
            nonce: None,
            purpose: String::new(),
            days: 7,
            challenge: Some(challenge.to_vec()),
        };
        let (keys, prover) = (person.keys.clone(), world.prover.clone());
        block_on(person.wallet.prove_statement(0, request, keys, prover, None))
    };
    let other = state(&bob, &bob.address(), &asked);
    assert!(matches!(other, Err(DiscloseError::Challenge { .. })), "{other:?}");

    let statement = Statement::open(state(&alice, &address, &asked).unwrap(), bank.clone()).unwrap();
    assert_eq!(statement.receipt(bank.clone()), Err(ReceiptError::NothingVerified));
    let wanted = Expectations { challenge: Some(asked.clone()), ..Expectations::default() };
    let report = block_on(statement.verify(world.node.clone(), wanted)).unwrap();
    assert!(report.heading[0].contains("as you demanded"), "{:?}", report.heading);
    let receipt = Receipt::read(statement.receipt(bank.clone()).unwrap()).unwrap();
    receipt.verify(Some(asked)).unwrap();
    receipt.verify_about_statement(statement.clone()).unwrap();
    assert_eq!(receipt.info().conclusion, ReceiptConclusion::Guaranteed);
    assert!(receipt.info().sentences.iter().any(|sentence| sentence.text.contains(&address)));
    let again = ask(Demand::Address { address: address.clone() }).unwrap();
    let another = Statement::open(state(&alice, &address, &again).unwrap(), bank.clone()).unwrap();
    let about = receipt.verify_about_statement(another);
    assert!(matches!(about, Err(ReceiptError::NotShown { .. })), "{about:?}");
    let failed = Expectations { auditor: Some("The press".into()), ..Expectations::default() };
    assert!(block_on(statement.verify(world.node.clone(), failed)).is_err());
    assert_eq!(statement.receipt(press), Err(ReceiptError::NothingVerified));
}
