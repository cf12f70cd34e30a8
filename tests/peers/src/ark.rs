//! Peer: `ark-groth16` on `ark-bls12-381`.

use ark_bls12_381::{Bls12_381, Fr};
use ark_ff::{PrimeField, UniformRand};
use ark_groth16::{Groth16, PreparedVerifyingKey, Proof, ProvingKey, prepare_verifying_key};
use ark_relations::gr1cs::{
    ConstraintSynthesizer, ConstraintSystem, ConstraintSystemRef, LinearCombination, Matrix,
    OptimizationGoal, R1CS_PREDICATE_LABEL, SynthesisError, SynthesisMode, Variable,
};
use ark_serialize::{CanonicalDeserialize, CanonicalSerialize};
use rand_08::rngs::OsRng;

use crate::{
    kept,
    measure::{Contender, Failure},
    transfer::{Rows, SHAPE, Terms},
};

/// One proof of Louver's constraints. It starts from finished matrices and a full assignment: neither synthesis nor
/// the computing of the witness is counted, as they would be for a wallet.
pub(crate) struct Ark {
    parameters: ProvingKey<Bls12_381>,
    key: PreparedVerifyingKey<Bls12_381>,
    matrices: Vec<Matrix<Fr>>,
    constraints: usize,
    inputs: usize,
    assignment: Vec<Fr>,
}

impl Ark {
    /// With parameters of its own.
    pub(crate) fn new() -> Result<Self, Failure> {
        let rows = Rows::of_statement(|bytes| Some(Fr::from_le_bytes_mod_order(&bytes)))?;
        let bytes = kept::obtain(&kept::parameters_of("ark-groth16-0.6", SHAPE), || {
            let parameters =
                Groth16::<Bls12_381>::generate_random_parameters_with_reduction(&rows, &mut OsRng)?;
            let mut bytes = Vec::new();
            parameters.serialize_uncompressed(&mut bytes)?;
            Ok(bytes)
        })?;
        let parameters = ProvingKey::deserialize_uncompressed_unchecked(bytes.as_slice())?;

        let system = ConstraintSystem::new_ref();
        system.set_optimization_goal(OptimizationGoal::Constraints);
        system.set_mode(SynthesisMode::Prove { construct_matrices: true, generate_lc_assignments: false });
        rows.generate_constraints(system.clone())?;
        system.finalize();
        let matrices = system.to_matrices()?.remove(R1CS_PREDICATE_LABEL).ok_or("no matrices")?;
        let assignment = [system.instance_assignment()?, system.witness_assignment()?].concat();
        Ok(Self {
            key: prepare_verifying_key(&parameters.vk),
            parameters,
            matrices,
            constraints: system.num_constraints(),
            inputs: system.num_instance_variables(),
            assignment,
        })
    }
}

impl Contender for Ark {
    type Given = ();
    type Made = Proof<Bls12_381>;

    fn draw(&mut self) -> Result<(), Failure> {
        Ok(())
    }

    fn make(&self, (): ()) -> Result<Proof<Bls12_381>, Failure> {
        Ok(Groth16::<Bls12_381>::create_proof_with_reduction_and_matrices(
            &self.parameters,
            Fr::rand(&mut OsRng),
            Fr::rand(&mut OsRng),
            &self.matrices,
            self.inputs,
            self.constraints,
            &self.assignment,
        )?)
    }

    fn check(&self, proof: Proof<Bls12_381>) -> Result<(), Failure> {
        let public = &self.assignment[1..self.inputs];
        let holds = Groth16::<Bls12_381>::verify_proof(&self.key, &proof, public)?;
        if holds { Ok(()) } else { Err("ark-groth16 refuses its own proof".into()) }
    }
}

impl ConstraintSynthesizer<Fr> for &Rows<Fr> {
    fn generate_constraints(self, system: ConstraintSystemRef<Fr>) -> Result<(), SynthesisError> {
        let mut variables = vec![Variable::One];
        for value in &self.inputs[1..] {
            variables.push(system.new_input_variable(|| Ok(*value))?);
        }
        for value in &self.aux {
            variables.push(system.new_witness_variable(|| Ok(*value))?);
        }
        let sum = |terms: &Terms<Fr>| {
            let terms = terms.iter().map(|(variable, factor)| (*factor, variables[*variable]));
            LinearCombination(terms.collect())
        };
        for [a, b, c] in &self.constraints {
            system.enforce_r1cs_constraint(|| sum(a), || sum(b), || sum(c))?;
        }
        Ok(())
    }
}
