//! Louver's prover, as a wallet uses it.

use louver_circuits::{
    keyset::KeySet, parameters::ParameterStore, prover::LocalProver, verifier::LocalVerifier,
};
use louver_core::{
    pool::RulesVersion,
    proof::{Proof, ProofItem, Prove, Unwatched, Verify},
    statement::{TransferPublic, TransferWitness},
};

use crate::{
    measure::{Contender, Failure},
    transfer::{SHAPE, statement},
};

pub(crate) mod batch;
pub(crate) mod scan;

/// One 2x3 proof from public inputs and witness, with the native check of the witness that a wallet gets.
pub(crate) struct Louver {
    prover: LocalProver,
    verifier: LocalVerifier,
    public: TransferPublic,
    witness: TransferWitness,
}

impl Louver {
    /// With its proving key in memory.
    pub(crate) fn new() -> Result<Self, Failure> {
        let prover = prover()?;
        let (public, witness) = statement();
        Ok(Self { prover, verifier: KeySet::development()?.verifier()?, public, witness })
    }
}

/// A prover that has read its key, or made it.
pub(crate) fn prover() -> Result<LocalProver, Failure> {
    let prover = KeySet::development()?.with_store(ParameterStore::open_default()?).prover();
    prover.prepare(RulesVersion::V1, SHAPE, &mut Unwatched)?;
    Ok(prover)
}

impl Contender for Louver {
    type Given = ();
    type Made = Proof;

    fn draw(&mut self) -> Result<(), Failure> {
        Ok(())
    }

    fn make(&self, (): ()) -> Result<Proof, Failure> {
        Ok(self.prover.prove(RulesVersion::V1, SHAPE, &self.public, &self.witness, &mut Unwatched)?)
    }

    fn check(&self, proof: Proof) -> Result<(), Failure> {
        let item = ProofItem { rules: RulesVersion::V1, shape: SHAPE, public: &self.public, proof: &proof };
        Ok(self.verifier.verify(&[item])?)
    }
}
