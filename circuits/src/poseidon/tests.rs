use louver_core::poseidon;
use proptest::prelude::*;

use super::*;
use crate::{matrices::Matrices, rank};

fn inputs(cs: &mut Matrices, values: &[Fr]) -> Vec<Linear> {
    values.iter().map(|value| Linear::alloc(cs, "input", Some(*value)).unwrap()).collect()
}

#[test]
fn every_domain_costs_what_it_should_and_agrees() {
    for domain in Domain::ALL {
        let values: Vec<Fr> = (1..=domain.arity() as u64).map(Fr::from).collect();
        let mut cs = Matrices::with_witness();
        let inputs = inputs(&mut cs, &values);
        let found = lanes(&mut cs, domain, &inputs).unwrap();
        assert_eq!(cs.constraints(), 285 + 3 * domain.arity(), "{domain:?}");
        assert!(cs.is_satisfied());
        let native = poseidon::lanes(domain, &values);
        assert_eq!(found.map(|lane| lane.value()), native.map(Some), "{domain:?}");
    }
}

#[test]
fn constants_fold() {
    let mut cs = Matrices::with_witness();
    let constants = [1, 2, 3, 4].map(|value| Linear::constant(Fr::from(value)));
    let lane = hash(&mut cs, Domain::Node, &constants).unwrap();
    // Nothing is left to constrain once the first five S-boxes are constant, for all the others follow.
    assert_eq!(lane.value(), Some(poseidon::hash(Domain::Node, &[1, 2, 3, 4].map(Fr::from))));
    assert_eq!(cs.constraints(), 0);
    assert!(lane.as_constant().is_some());
}

#[test]
fn every_variable_follows_from_the_inputs() {
    let mut cs = Matrices::with_witness();
    let inputs = inputs(&mut cs, &[7, 8, 9, 10].map(Fr::from));
    hash(&mut cs, Domain::Commitment, &inputs).unwrap();
    assert_eq!(rank::undetermined(&cs, |name| name == "input"), Vec::<String>::new());
    // Without the inputs declared free, everything is open.
    assert_eq!(rank::undetermined(&cs, |_| false), cs.aux());
}

#[test]
fn a_wrong_variable_is_refused() {
    for tampered in [4, 100, 290] {
        let mut cs = Matrices::with_witness();
        let inputs = inputs(&mut cs, &[7, 8, 9, 10].map(Fr::from));
        hash(&mut cs, Domain::Commitment, &inputs).unwrap();
        cs.tamper(tampered, Fr::from(3));
        assert!(!cs.is_satisfied());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn agrees_with_the_native_hash(bytes in prop::array::uniform4(prop::array::uniform32(any::<u8>()))) {
        let values = bytes.map(|bytes| {
            let mut wide = [0u8; 64];
            wide[..32].copy_from_slice(&bytes);
            Fr::from_bytes_wide(&wide)
        });
        let mut cs = Matrices::with_witness();
        let inputs = inputs(&mut cs, &values);
        let found = lanes(&mut cs, Domain::Account, &inputs).unwrap();
        prop_assert_eq!(found.map(|lane| lane.value()), poseidon::lanes(Domain::Account, &values).map(Some));
        prop_assert!(cs.is_satisfied());
    }
}
