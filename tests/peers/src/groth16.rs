//! Peer: `groth16` on `bls12_381`, the provers that Louver's circuits are written for.

use bls12_381::Bls12;
use groth16::{
    Parameters, PreparedVerifyingKey, Proof, create_random_proof, generate_random_parameters,
    prepare_verifying_key, verify_proof,
};
use louver_circuits::statement::Transfer;
use louver_core::statement::{TransferPublic, TransferWitness};

use crate::{
    kept,
    measure::{Contender, Failure},
    transfer::{SHAPE, statement},
};

/// One proof of the very circuit that Louver proves, from public inputs and witness.
pub(crate) struct Groth16 {
    parameters: Parameters<Bls12>,
    key: PreparedVerifyingKey<Bls12>,
    public: TransferPublic,
    witness: TransferWitness,
}

impl Groth16 {
    /// With parameters of its own.
    pub(crate) fn new() -> Result<Self, Failure> {
        let bytes = kept::obtain(&kept::parameters_of("groth16-0.2", SHAPE), || {
            let circuit = Transfer::of_shape(SHAPE);
            let parameters = generate_random_parameters::<Bls12, _, _>(circuit, &mut rand::rng())?;
            let mut bytes = Vec::new();
            parameters.write(&mut bytes)?;
            Ok(bytes)
        })?;
        let parameters = Parameters::read(bytes.as_slice(), false)?;
        let key = prepare_verifying_key(&parameters.vk);
        let (public, witness) = statement();
        Ok(Self { parameters, key, public, witness })
    }
}

impl Contender for Groth16 {
    type Given = ();
    type Made = Proof<Bls12>;

    fn draw(&mut self) -> Result<(), Failure> {
        Ok(())
    }

    fn make(&self, (): ()) -> Result<Proof<Bls12>, Failure> {
        let circuit = Transfer::with_witness(SHAPE, &self.public, &self.witness);
        let circuit = circuit.ok_or("the witness has another shape")?;
        Ok(create_random_proof(circuit, &self.parameters, &mut rand::rng())?)
    }

    fn check(&self, proof: Proof<Bls12>) -> Result<(), Failure> {
        Ok(verify_proof(&self.key, &proof, &self.public.to_scalars())?)
    }
}
