//! A fault is found in the rules. The guardian switches them off and adds rules without it; money moves again.

use louver_chain::{Act, Deed, SignedAct, development::guardian_key};
use louver_circuits::{keyset::development_rules, parameters::ParameterStore};
use louver_core::{
    ledger::{NewRules, Pause},
    pool::RulesVersion,
};
use louver_wallet::plan::PlanError;
use pollster::block_on;

use crate::{client::Client, person::Person, town::Town};

fn decide(town: &Town, deed: Deed) {
    let act = Act { sequence: 0, deed };
    let signature = act.sign(&town.client.genesis().hash(), &guardian_key());
    block_on(town.client.submit_act(&SignedAct::new(act, vec![signature]))).unwrap();
    town.client.mine(1);
}

fn stops(alice: &mut Person, bob: &mut Person) {
    let to = bob.address();
    let refused = alice.cannot_pay(to, 10_000);
    assert!(matches!(refused, PlanError::SwitchedOff(Pause { version: RulesVersion(1), .. })), "{refused}");
}

#[test]
fn a_fault_is_found_and_all_money_moves_again_under_rules_without_it() {
    let mut town = Town::new();
    let (mut alice, mut bob) = (Person::new(&town.client), Person::new(&town.client));
    town.client.faucet(alice.account(), 1_000_000);
    town.client.mine(1);
    let deposit = alice.shield(500_000, &town.transfers);
    town.client.submit(&deposit.bytes).unwrap();
    town.client.mine(1);

    decide(&town, Deed::SwitchOff { rules: RulesVersion(1) });
    stops(&mut alice, &mut bob);
    // Two keys of this build under a second number stand for the keys of the mended circuits.
    let mended = development_rules().unwrap();
    let (shapes, disclosures) = (mended.shapes, mended.disclosures);
    decide(&town, Deed::AddRules(NewRules { version: RulesVersion(2), shapes, disclosures }));
    let counts = town.client.height() + town.client.genesis().terms().guardians.delay;
    while town.client.height() + 1 < counts {
        stops(&mut alice, &mut bob);
        town.client.mine(1);
    }

    // The client names the keys of the new version, and the node verifies with them without a new start.
    let store = ParameterStore::open_default().unwrap();
    let prover = block_on(town.client.keys()).unwrap().with_store(store).prover();
    let first = alice.pay(bob.address(), 100_000, "under the mended rules", &prover);
    town.client.submit(&first.bytes).unwrap();
    town.client.mine(1);
    assert_eq!(bob.balance(), 100_000);
    assert_eq!(alice.balance(), 400_000 - 1_000);

    // A node that starts again has them too.
    let second = alice.pay(bob.address(), 50_000, "after a new start", &prover);
    town.restart();
    let client = Client::new(&town.url(), town.client.genesis().hash());
    client.submit(&second.bytes).unwrap();
    client.mine(1);
    let state = block_on(client.status()).unwrap();
    assert_eq!(state.rules_version, 2);
    assert_eq!(client.block(client.height()).transactions().len(), 1);
}
