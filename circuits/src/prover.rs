//! Proving on this machine.
//!
//! A proof is four sums of the key's points times numbers made from the witness, three of them taken together. The
//! synthesis gives the witness alone, with the value of every row of the matrices; a few transforms give the quotient
//! polynomial; the sums take nearly all the time, and are shared out window by window.
//!
//! Proving takes time and touches memory by the witness: a prover should not share its processor with a stranger. The
//! assignment, the values of rows, what the sums multiply by and the blinding are wiped; combinations that `bellman` holds
//! while a constraint is made, and sums of points on their way, are not.

mod domain;
mod groth16;

use core::fmt;
use std::sync::Arc;

use bellman::Circuit;
use louver_core::{
    pool::RulesVersion,
    proof::{Progress, Proof, Prove, ProveError, Unwatched},
    shape::Shape,
    spec::Fr,
    statement::{TransferPublic, TransferWitness, Violation, holds},
};
use rand::{TryRng, rngs::SysRng};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use rayon::ThreadPool;
use zeroize::Zeroize;

use self::groth16::{Blinding, PreparedKey, Threads};
use crate::{
    assignment::Assignment,
    circuit::CircuitId,
    keyset::{KeySet, KeySetError},
    parameters::{ParameterError, ProvingKey},
    statement::Transfer,
};

/// A proving key in use: made ready for this machine once, shared by all its proofs.
#[derive(Clone)]
pub struct Prover {
    key: Arc<ProvingKey>,
    prepared: Arc<PreparedKey>,
    threads: Option<Arc<ThreadPool>>,
}

impl fmt::Debug for Prover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Prover({:?})", self.key)
    }
}

/// Synthesised, transformed; then come the windows of the sums.
const FIRST_STEPS: u32 = 2;

impl Prover {
    /// Prepares a key, in tens of milliseconds. Proofs use all cores.
    pub fn new(key: Arc<ProvingKey>) -> Result<Self, ParameterError> {
        let prepared = PreparedKey::new(&key).ok_or(ParameterError::Domain(key.domain_log2()))?;
        Ok(Self { key, prepared: Arc::new(prepared), threads: None })
    }

    /// The same on the threads of a pool.
    #[must_use]
    pub fn with_threads(self, threads: Arc<ThreadPool>) -> Self {
        Self { threads: Some(threads), ..self }
    }

    /// The circuit that the key is for.
    pub fn circuit(&self) -> CircuitId {
        self.key.circuit()
    }

    /// The key.
    pub fn key(&self) -> &ProvingKey {
        &self.key
    }

    pub(crate) fn shared_key(&self) -> Arc<ProvingKey> {
        self.key.clone()
    }

    /// A proof with fresh blinding that a circuit with its witness is satisfied. `progress` hears of each part of the
    /// work, tens of milliseconds long, and may stop it there.
    pub fn prove(&self, circuit: impl Circuit<Fr>, progress: &mut dyn Progress) -> Result<Proof, ProveError> {
        self.prove_blinded(circuit, &Blinding::random(&mut random_source()?), progress)
    }

    fn prove_blinded(
        &self,
        circuit: impl Circuit<Fr>,
        blinding: &Blinding,
        progress: &mut dyn Progress,
    ) -> Result<Proof, ProveError> {
        let mut report = |done, total| progress.report(done, total);
        let (rows, aux) = (self.prepared.rows(), self.prepared.aux());
        let assignment = Assignment::of(circuit, rows, aux).map_err(system)?;
        let threads = Threads(self.threads.as_deref());
        self.prepared.prove(assignment, blinding, threads, &mut |done, total| {
            report(FIRST_STEPS + done, FIRST_STEPS.saturating_add(total))
        })
    }
}

/// Makes proofs of transfers with the keys of a chain, each read when it is first needed and kept. A [`KeySet`] makes it.
#[derive(Clone, Debug)]
pub struct LocalProver {
    keys: KeySet,
    threads: Option<Arc<ThreadPool>>,
}

impl LocalProver {
    /// A prover with the keys of a chain, on all cores.
    pub(crate) fn of(keys: KeySet) -> Self {
        Self { keys, threads: None }
    }

    /// The same on the threads of a pool.
    #[must_use]
    pub fn with_threads(self, threads: Arc<ThreadPool>) -> Self {
        Self { threads: Some(threads), ..self }
    }

    /// The keys that it proves with.
    pub fn keys(&self) -> &KeySet {
        &self.keys
    }

    /// Makes ready for proofs of a shape under a rules version: reads the key, or makes a development key, which takes
    /// seconds. Does nothing if it is in memory.
    ///
    /// # Errors
    /// [`KeySetError::NotNamed`] if genesis does not allow the shape, [`KeySetError::NoProvingKey`] if its key is not at
    /// hand.
    pub fn prepare(
        &self,
        rules: RulesVersion,
        shape: Shape,
        progress: &mut dyn Progress,
    ) -> Result<Prover, KeySetError> {
        let prover = self.keys.prover_of(&self.keys.keys_of(rules, shape)?, progress)?;
        Ok(Prover { threads: self.threads.clone(), ..prover })
    }
}

impl Prove for LocalProver {
    /// Checks the statement natively first, so that a bad witness is refused with the clause it breaks. A development key
    /// that is not at hand is made without a word: call [`LocalProver::prepare`] before, to watch.
    fn prove(
        &self,
        rules: RulesVersion,
        shape: Shape,
        public: &TransferPublic,
        witness: &TransferWitness,
        progress: &mut dyn Progress,
    ) -> Result<Proof, ProveError> {
        holds(shape, public, witness)?;
        let circuit = Transfer::with_witness(shape, public, witness).ok_or(Violation::Size)?;
        let prover = self.prepare(rules, shape, &mut Unwatched).map_err(|error| match error {
            KeySetError::NotNamed { .. } | KeySetError::NoProvingKey { .. } => {
                ProveError::NoParameters(shape)
            }
            error => system(error),
        })?;
        prover.prove(circuit, progress)
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
