//! Peer: `bellperson` on `blstrs`, whose curve arithmetic is `blst`'s.

use bellperson::{
    Circuit, ConstraintSystem, LinearCombination, SynthesisError,
    groth16::{
        Parameters, PreparedVerifyingKey, Proof, create_random_proof, generate_random_parameters,
        prepare_verifying_key, verify_proof,
    },
};
use blstrs::{Bls12, Scalar};
use rand_08::rngs::OsRng;

use crate::{
    kept,
    measure::{Contender, Failure},
    transfer::{Rows, SHAPE, Terms},
};

/// One proof of Louver's constraints, given row by row with their assignment: the computing of the witness is not
/// counted.
pub(crate) struct Bellperson {
    parameters: Parameters<Bls12>,
    key: PreparedVerifyingKey<Bls12>,
    rows: Rows<Scalar>,
}

impl Bellperson {
    /// With parameters of its own.
    pub(crate) fn new() -> Result<Self, Failure> {
        let rows = Rows::of_statement(|bytes| Scalar::from_bytes_le(&bytes).into())?;
        let bytes = kept::obtain(&kept::parameters_of("bellperson-0.27", SHAPE), || {
            let parameters = generate_random_parameters::<Bls12, _, _>(&rows, &mut OsRng)?;
            let mut bytes = Vec::new();
            parameters.write(&mut bytes)?;
            Ok(bytes)
        })?;
        let parameters = Parameters::read(bytes.as_slice(), false)?;
        let key = prepare_verifying_key(&parameters.vk);
        Ok(Self { parameters, key, rows })
    }
}

impl Contender for Bellperson {
    type Given = ();
    type Made = Proof<Bls12>;

    fn draw(&mut self) -> Result<(), Failure> {
        Ok(())
    }

    fn make(&self, (): ()) -> Result<Proof<Bls12>, Failure> {
        Ok(create_random_proof(&self.rows, &self.parameters, &mut OsRng)?)
    }

    fn check(&self, proof: Proof<Bls12>) -> Result<(), Failure> {
        let holds = verify_proof(&self.key, &proof, &self.rows.inputs[1..])?;
        if holds { Ok(()) } else { Err("bellperson refuses its own proof".into()) }
    }
}

impl Circuit<Scalar> for &Rows<Scalar> {
    fn synthesize<CS: ConstraintSystem<Scalar>>(self, system: &mut CS) -> Result<(), SynthesisError> {
        let mut variables = vec![CS::one()];
        for value in &self.inputs[1..] {
            variables.push(system.alloc_input(|| "", || Ok(*value))?);
        }
        for value in &self.aux {
            variables.push(system.alloc(|| "", || Ok(*value))?);
        }
        let sum = |zero: LinearCombination<Scalar>, terms: &Terms<Scalar>| {
            terms.iter().fold(zero, |sum, (variable, factor)| sum + (*factor, variables[*variable]))
        };
        for [a, b, c] in &self.constraints {
            system.enforce(|| "", |zero| sum(zero, a), |zero| sum(zero, b), |zero| sum(zero, c));
        }
        Ok(())
    }
}
