//! Proving on this machine.

use core::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use bellman::{Circuit, ConstraintSystem, SynthesisError};
use groth16::create_random_proof;
use louver_core::{
    proof::{Progress, Proof, Prove, ProveError, Unwatched},
    shape::Shape,
    spec::Fr,
    statement::{TransferPublic, TransferWitness, Violation, holds},
};
use rand::{TryRng, rngs::SysRng};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use zeroize::Zeroize;

use crate::{
    parameters::{ParameterError, ParameterStore, ProvingKey},
    statement::Transfer,
};

/// Makes proofs with the keys of a store, each read when it is first needed and kept.
#[derive(Debug)]
pub struct LocalProver {
    store: ParameterStore,
    keys: Mutex<Vec<Arc<ProvingKey>>>,
}

impl LocalProver {
    /// A prover with the keys of a store.
    pub fn new(store: ParameterStore) -> Self {
        Self { store, keys: Mutex::default() }
    }

    /// The key of a shape: in memory, from the cache, or made now, which takes seconds.
    pub fn prepare(
        &self,
        shape: Shape,
        progress: &mut dyn Progress,
    ) -> Result<Arc<ProvingKey>, ParameterError> {
        // A panic elsewhere leaves the list whole: keys are only added.
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = keys.iter().find(|key| key.circuit() == shape.into()) {
            return Ok(Arc::clone(key));
        }
        let key = self.store.development(shape, progress)?;
        keys.push(Arc::clone(&key));
        Ok(key)
    }
}

/// Checked, key at hand, synthesised, proven.
const STEPS: u32 = 4;

impl Prove for LocalProver {
    /// Checks the statement natively first, so that a bad witness is refused with the clause it breaks. A key that is
    /// not at hand is made without a word: call [`LocalProver::prepare`] before, to watch.
    ///
    /// The copies of the witness that `bellman` makes are dropped with the proof, but not wiped.
    fn prove(
        &self,
        shape: Shape,
        public: &TransferPublic,
        witness: &TransferWitness,
        progress: &mut dyn Progress,
    ) -> Result<Proof, ProveError> {
        report(progress, 0)?;
        holds(shape, public, witness)?;
        let circuit = Transfer::with_witness(shape, public, witness).ok_or(Violation::Size)?;
        report(progress, 1)?;
        let key = self.prepare(shape, &mut Unwatched).map_err(|error| match error {
            ParameterError::DevelopmentRefused => ProveError::NoParameters(shape),
            error => system(error),
        })?;
        report(progress, 2)?;
        let mut cancelled = false;
        let watched = Watched { circuit, progress: &mut *progress, cancelled: &mut cancelled };
        let proof = create_proof(watched, &key);
        if cancelled {
            return Err(ProveError::Cancelled);
        }
        let proof = proof?;
        report(progress, STEPS)?;
        Ok(proof)
    }
}

/// A proof with fresh blinding.
pub(crate) fn create_proof(circuit: impl Circuit<Fr>, key: &ProvingKey) -> Result<Proof, ProveError> {
    let mut rng = random_source()?;
    let proof = create_random_proof(circuit, &key.to_groth16(), &mut rng).map_err(system)?;
    let mut bytes = [0u8; 192];
    proof.write(&mut bytes[..]).map_err(system)?;
    Ok(Proof::from_array(bytes))
}

/// A circuit after whose synthesis the watcher is asked.
struct Watched<'a, 'w> {
    circuit: Transfer<'w>,
    progress: &'a mut dyn Progress,
    cancelled: &'a mut bool,
}

impl Circuit<Fr> for Watched<'_, '_> {
    fn synthesize<CS: ConstraintSystem<Fr>>(self, cs: &mut CS) -> Result<(), SynthesisError> {
        self.circuit.synthesize(cs)?;
        if report(self.progress, 3).is_err() {
            *self.cancelled = true;
            // Stops the proof; what is reported is the cancellation.
            return Err(SynthesisError::AssignmentMissing);
        }
        Ok(())
    }
}

fn report(progress: &mut dyn Progress, done: u32) -> Result<(), ProveError> {
    match progress.report(done, STEPS) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(ProveError::Cancelled),
    }
}

/// Randomness for the proof's blinding: ChaCha20 from 32 bytes of the operating system's.
fn random_source() -> Result<ChaCha20Rng, ProveError> {
    let mut seed = [0u8; 32];
    SysRng.try_fill_bytes(&mut seed).map_err(system)?;
    let rng = ChaCha20Rng::from_seed(seed);
    seed.zeroize();
    Ok(rng)
}

fn system(error: impl std::error::Error + Send + Sync + 'static) -> ProveError {
    ProveError::System(Box::new(error))
}
