//! Circuits that are not those of the key that they are to be proven with.

#![cfg(test)]

use bellman::{Circuit, ConstraintSystem, SynthesisError};
use louver_circuits::{circuit::CircuitId, parameters::ParameterStore, pins, prover::Prover};
use louver_core::{
    disclosure::Statement,
    proof::{ProveError, Unwatched},
    spec::Fr,
};

/// This many variables, and no constraint.
struct Stranger {
    inputs: usize,
    aux: usize,
}

impl Circuit<Fr> for Stranger {
    fn synthesize<CS: ConstraintSystem<Fr>>(self, cs: &mut CS) -> Result<(), SynthesisError> {
        for _ in 0..self.inputs {
            cs.alloc_input(|| "input", || Ok(Fr::one()))?;
        }
        for _ in 0..self.aux {
            cs.alloc(|| "aux", || Ok(Fr::one()))?;
        }
        Ok(())
    }
}

#[test]
fn a_circuit_with_other_variables_is_refused() {
    let circuit = CircuitId::Disclosure(Statement::NoteOpening);
    let key = ParameterStore::open_default().unwrap().development(circuit, &mut Unwatched).unwrap();
    let prover = Prover::new(key).unwrap();
    let (inputs, aux) = (circuit.public_inputs(), pins::of(circuit).aux);
    for (inputs, aux) in
        [(0, aux), (inputs - 1, aux), (inputs + 1, aux), (inputs, aux - 1), (inputs, aux + 1), (0, 0)]
    {
        let refused = prover.prove(Stranger { inputs, aux }, &mut Unwatched);
        assert!(matches!(refused, Err(ProveError::System(_))), "{inputs} and {aux}");
    }
}
