//! The travel rule: a record of the persons of a payment.

use louver_sdk::{TravelRuleCoverage, TravelRuleError, TravelRuleRecord, TravelRuleStanding};

use super::*;

const PERSONS: &str = r#"{
  "originator": { "originatorPersons": [ { "naturalPerson": {
    "name": { "nameIdentifier": [ { "primaryIdentifier": "Okafor", "secondaryIdentifier": "Ngozi", "nameIdentifierType": "LEGL" } ] },
    "customerIdentification": "C-2642" } } ] },
  "beneficiary": { "beneficiaryPersons": [ { "naturalPerson": {
    "name": { "nameIdentifier": [ { "primaryIdentifier": "Meyer", "secondaryIdentifier": "Jan", "nameIdentifierType": "LEGL" } ] } } } ] }
}"#;

#[test]
fn a_record_belongs_to_one_payment() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    let exchange = AuditorKey::generate();
    let payment = |text: &str| Payment { to: bob.address(), amount: world.amount(text), memo: "Rent".into() };
    let make =
        |payload: &str| TravelRuleRecord::make(world.node.clone(), payment("25 LVR"), payload.to_owned());
    for payload in ["no JSON", "{}"] {
        assert!(matches!(make(payload), Err(TravelRuleError::Refused { .. })));
    }
    let record = make(PERSONS).unwrap();
    assert_eq!(format!("{record:?}"), "TravelRuleRecord(..)");
    let marked = record.payment().unwrap();
    assert_eq!(marked.memo, format!("Rent\n{}", record.hash()));
    assert_eq!(record.seal(Vec::new()).unwrap_err(), TravelRuleError::Recipient);
    let sealed = record.seal(vec![exchange.recipient()]).unwrap();
    let open = |key| TravelRuleRecord::open(sealed.clone(), key);
    assert_eq!(open(AuditorKey::generate()).unwrap_err(), TravelRuleError::NotForThisKey);
    let opened = open(exchange).unwrap();
    assert_eq!((opened.hash(), opened.payment()), (record.hash(), None));

    let find = || {
        bob.sync();
        block_on(bob.wallet.travel_rule(0, opened.clone())).unwrap()
    };
    assert_eq!(find().coverage, TravelRuleCoverage::NoPayment);
    // Attacker: a payer who puts the record's hash into a smaller payment.
    let smaller = Payment { amount: world.amount("1 LVR"), ..marked.clone() };
    world.send(&alice, Action::Pay { payments: vec![smaller], fee: Fee::Least });
    world.blocks(1);
    alice.sync();
    let report = find();
    assert!(!report.is_good && report.payments[0].standing == TravelRuleStanding::OtherTerms, "{report:?}");
    let sent = world.send(&alice, Action::Pay { payments: vec![marked], fee: Fee::Least });
    world.blocks(1);
    let report = find();
    assert!(report.is_good && report.coverage == TravelRuleCoverage::OnePayment, "{report:?}");
    assert_eq!((report.payments[0].txid.as_str(), report.persons.len()), (sent.txid.as_str(), 2));
    assert!(report.persons[0].name.contains("Okafor"));
}
