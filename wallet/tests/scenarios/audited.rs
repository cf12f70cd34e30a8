//! A pool with auditors: to whom a wallet shows its transactions, and when it sends nothing.

use louver_core::{
    audit::SharedSecret, encoding::Decode, ledger::RuleError, spec::Fj, transaction::Transaction,
    value::Value,
};
use louver_wallet::{
    chain::ChainParameters,
    plan::{Action, FeeChoice, PlanError},
};

use crate::chain::{Chain, EUR, FIRST, asset, pay, payment, send_plan, spendable};

/// The secret of an auditor key of the chain here.
fn secret(number: u32) -> Fj {
    Fj::from(u64::from(number))
}

#[test]
fn payments_show_the_auditors_their_contents_and_nobody_else() {
    let mut chain = Chain::audited();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, "rent"));
    let transaction = Transaction::from_bytes(&sent.bytes).unwrap();
    let shown = transaction.effects().audit().unwrap();
    assert_eq!(shown.number, 2, "the newest key that serves");
    let open = |number| {
        let shared = SharedSecret::new(&(shown.ciphertext.epk() * secret(number))).unwrap();
        shown.ciphertext.decrypt(&shared, transaction.effects().rho(), 2).unwrap()
    };
    let opened = open(2);
    let contents: Vec<_> = opened.outputs.iter().filter_map(|output| output.contents()).collect();
    assert_eq!(contents.len(), 3);
    assert!(contents.iter().any(|(_, _, of, value)| (*of, *value) == (asset(EUR), Value(30))));
    assert!(open(1).outputs.iter().all(|output| output.contents().is_none()), "another key reads noise");
    chain.mine(&[sent]);
    chain.sync(&mut alice);
    chain.sync(&mut bob);
    assert_eq!(spendable(&bob, EUR), 30);
    // Many are paid at once, by the one large shape that there is.
    let payments = (0..12).map(|_| payment(&mut bob, EUR, 1, "")).collect();
    let many = chain.send(&mut alice, &Action::Pay { payments, fee: FeeChoice::Least });
    let transaction = Transaction::from_bytes(&many.bytes).unwrap();
    assert_eq!(transaction.effects().shape().name(), "audited-2x16");
    chain.mine(&[many]);
}

/// Attacker: a host that would have a wallet pay while nobody audits; a former auditor whose key has ended, and who would read a
/// payment that was made before.
#[test]
fn nothing_is_paid_to_a_key_that_does_not_serve() {
    let mut chain = Chain::audited();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let action = pay(&mut bob, EUR, 30, "");
    let honest = chain.parameters();
    let with = |auditors| ChainParameters { auditors, ..honest.clone() };
    alice.update_chain(&with(Vec::new())).unwrap();
    let refused = alice.plan(FIRST, &action).unwrap_err();
    assert!(matches!(refused, PlanError::NoAuditor) && refused.to_string().contains("No money is lost"));
    let first = honest.auditors[0];
    alice.update_chain(&with(vec![first])).unwrap();
    let plan = alice.plan(FIRST, &action).unwrap();
    let late = send_plan(&mut alice, &plan).unwrap();
    // Key 1 ends with block 3.
    chain.mine_empty(1);
    let ended = chain.try_mine(&[late]).unwrap_err();
    assert_eq!(ended.to_string(), RuleError::AuditorEnded { number: 1, since: 3 }.to_string());
    alice.update_chain(&ChainParameters { height: chain.height(), ..with(vec![first]) }).unwrap();
    assert!(matches!(alice.plan(FIRST, &pay(&mut bob, EUR, 5, "")), Err(PlanError::NoAuditor)));
}
