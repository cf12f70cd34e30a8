//! `[vectors]`: proofs by an independent implementation, which knows the trapdoor of development keys, and proofs by our
//! prover, which that implementation has verified by its own pairing. Our verdicts stand beside those of the `groth16`
//! crate.

use bls12_381::{G1Affine, G2Affine};
use louver_core::spec::Fr;
use serde_json::Value;

use super::*;
use crate::key_file::ParameterPolicy;

fn bytes<const N: usize>(value: &Value) -> [u8; N] {
    hex::decode(value.as_str().unwrap()).unwrap().try_into().unwrap()
}

fn scalar(value: &Value) -> Fr {
    Fr::from_bytes(&bytes(value)).unwrap()
}

fn circuits() -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/vectors/proofs.json");
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    vectors["circuits"].as_array().unwrap().clone()
}

fn key(vector: &Value) -> VerifyingKey {
    let circuit = CircuitId::from_name(vector["circuit"].as_str().unwrap()).unwrap();
    let file = hex::decode(vector["verifying_key"].as_str().unwrap()).unwrap();
    let key = VerifyingKey::from_bytes(&file, circuit, ParameterPolicy::Development).unwrap();
    assert_eq!(*key.hash(), bytes(&vector["hash"]));
    assert_eq!(key.to_bytes(), file);
    key
}

#[test]
fn proofs_hold_or_do_not_by_our_verifier_and_by_another() {
    for vector in circuits() {
        let key = key(&vector);
        let prepared = groth16::prepare_verifying_key(key.elements());
        let (mut claims, mut of_the_prover) = (Vec::new(), 0);
        for case in vector["cases"].as_array().unwrap() {
            let (name, valid) = (case["name"].as_str().unwrap(), case["valid"].as_bool().unwrap());
            let inputs = case["inputs"].as_array().or(vector["inputs"].as_array()).unwrap();
            let inputs: Vec<Fr> = inputs.iter().map(scalar).collect();
            let proof = Proof::from_array(bytes(&case["proof"]));
            let claim = ProofPoints::read(&proof).ok();
            let claim = claim.and_then(|points| Claim::new(key.prepared(), points, inputs.clone().into()));
            assert_eq!(claim.as_ref().is_some_and(Claim::holds), valid, "{name}");
            let theirs = read_proof(&proof)
                .is_ok_and(|proof| groth16::verify_proof(&prepared, &proof, &inputs).is_ok());
            assert_eq!(theirs, valid, "{name}");
            claims.extend(claim.filter(|_| valid));
            of_the_prover += u32::from(name.starts_with("of the prover"));
        }
        assert!(of_the_prover > 0, "there are proofs of the prover");
        assert_eq!(invalid(&claims, usize::MAX), Vec::<usize>::new());
    }
}

#[test]
fn development_keys_have_the_trapdoor_that_everybody_can_compute() {
    for vector in circuits() {
        let key = key(&vector);
        let (key, of) = (key.elements(), |name: &str| scalar(&vector["trapdoor"][name]));
        let (g1, g2) = (G1Affine::generator(), G2Affine::generator());
        assert_eq!(key.alpha_g1, (g1 * of("alpha")).into());
        assert_eq!(key.beta_g1, (g1 * of("beta")).into());
        assert_eq!(key.beta_g2, (g2 * of("beta")).into());
        assert_eq!(key.gamma_g2, (g2 * of("gamma")).into());
        assert_eq!(key.delta_g1, (g1 * of("delta")).into());
        assert_eq!(key.delta_g2, (g2 * of("delta")).into());
    }
}
