//! A sentence about an account is proven to one reader.

use louver_sdk::{Statement, StatementClaim, StatementError, StatementRequest};

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
