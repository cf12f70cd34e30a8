//! Proving keys: made once for each circuit, kept in a cache, pinned by hash.
//!
//! The keys of this build are for development. They are made from a seed that everybody knows, so everybody has the
//! same ones, and whoever wants to can forge proofs for them. They are marked, and production refuses the mark.

use core::ops::ControlFlow;
use std::sync::Arc;

use bellman::SynthesisError;
use bls12_381::Bls12;
use groth16::{Parameters, generate_random_parameters};
use louver_core::{encoding::Reader, proof::Progress};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use thiserror::Error;

use crate::{
    cache::{Cache, CacheError},
    circuit::CircuitId,
    key_file::{Header, HeaderError, Kind, ParameterPolicy, Provenance},
    pins, verifying_key,
};

/// Why there is no proving key.
#[derive(Debug, Error)]
pub enum ParameterError {
    /// Whoever watches asked to stop.
    #[error("making proving keys was cancelled")]
    Cancelled,
    /// A development key was asked for under a production policy.
    #[error("production refuses development keys, and there are no others")]
    DevelopmentRefused,
    /// The cache failed.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The key is not what its place says.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The key could not be made.
    #[error("the proving key could not be made: {0}")]
    Generation(#[from] SynthesisError),
    /// The key cannot be read.
    #[error("malformed proving key: {0}")]
    Malformed(#[source] std::io::Error),
}

/// What a prover needs for a circuit.
pub struct ProvingKey {
    circuit: CircuitId,
    provenance: Provenance,
    parameters: Parameters<Bls12>,
}

impl core::fmt::Debug for ProvingKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "ProvingKey({}, {})", self.circuit, self.provenance)
    }
}

impl ProvingKey {
    /// Makes the development key of a circuit. Takes seconds to minutes, on all cores.
    pub fn generate_development(circuit: impl Into<CircuitId>) -> Result<Self, ParameterError> {
        let circuit = circuit.into();
        let mut rng = ChaCha20Rng::from_seed(development_seed(circuit));
        let parameters = generate_random_parameters::<Bls12, _, _>(circuit, &mut rng)?;
        Ok(Self { circuit, provenance: Provenance::Development, parameters })
    }

    /// The circuit it is for.
    pub fn circuit(&self) -> CircuitId {
        self.circuit
    }

    /// Where it comes from.
    pub fn provenance(&self) -> Provenance {
        self.provenance
    }

    pub(crate) fn parameters(&self) -> &Parameters<Bls12> {
        &self.parameters
    }

    /// `[development-keys]`: the key as a file. About 7 MB for 2x3.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ParameterError> {
        let mut bytes = Header::compute(Kind::Proving, self.provenance, self.circuit)?.to_bytes();
        self.parameters.write(&mut bytes).map_err(ParameterError::Malformed)?;
        Ok(bytes)
    }

    /// `[development-keys]`: its verifying key as a file. About 3 KB.
    pub fn verifying_key_to_bytes(&self) -> Result<Vec<u8>, ParameterError> {
        let header = Header::compute(Kind::Verifying, self.provenance, self.circuit)?;
        Ok(verifying_key::to_bytes(&self.parameters.vk, &header))
    }

    /// Reads a key whose bytes have been checked against a pinned hash. Points are taken as they are: with the hash
    /// right they are those that were made, and checking them takes seconds.
    fn from_pinned(
        bytes: &[u8],
        circuit: CircuitId,
        policy: ParameterPolicy,
    ) -> Result<Self, ParameterError> {
        let mut reader = Reader::new(bytes);
        let header = Header::decode(&mut reader, Kind::Proving, circuit, policy)?;
        let rest = reader.take(reader.remaining()).map_err(HeaderError::from)?;
        let parameters = Parameters::read(rest, false).map_err(ParameterError::Malformed)?;
        Ok(Self { circuit, provenance: header.provenance, parameters })
    }
}

/// The public seed: BLAKE2b-256 of the circuit's name, personalised `LouverDevKeys`.
fn development_seed(circuit: CircuitId) -> [u8; 32] {
    louver_core::spec::b32(b"LouverDevKeys", &[circuit.name().as_bytes()])
}

/// The proving keys of a machine.
#[derive(Clone, Debug)]
pub struct ParameterStore {
    cache: Cache,
    policy: ParameterPolicy,
}

impl ParameterStore {
    /// Keys in a cache, under the policy of the build.
    pub fn new(cache: Cache) -> Self {
        Self { cache, policy: ParameterPolicy::BUILD }
    }

    /// Keys in the default cache ([`Cache::open_default`]), under the policy of the build.
    pub fn open_default() -> Result<Self, CacheError> {
        Cache::open_default().map(Self::new)
    }

    /// The same keys under another policy. That of the build stands beside it: this can only refuse more.
    #[must_use]
    pub fn with_policy(self, policy: ParameterPolicy) -> Self {
        Self { policy, ..self }
    }

    /// The cache that the keys are in.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// Whether the development key of a circuit is at hand, so that [`Self::development`] takes no time.
    pub fn has_development(&self, circuit: impl Into<CircuitId>) -> Result<bool, ParameterError> {
        let circuit = circuit.into();
        Ok(self.cache.find(&file_name(circuit), pins::of(circuit).parameters)?.is_some())
    }

    /// The development key of a circuit: read from the cache, or made and put there. `progress` hears four
    /// steps: looked for, made, written, read; those in the middle only if it is made.
    pub fn development(
        &self,
        circuit: impl Into<CircuitId>,
        progress: &mut dyn Progress,
    ) -> Result<Arc<ProvingKey>, ParameterError> {
        let circuit = circuit.into();
        if !self.policy.admits(Provenance::Development) {
            return Err(ParameterError::DevelopmentRefused);
        }
        let mut report = |done| match progress.report(done, STEPS) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(ParameterError::Cancelled),
        };
        report(0)?;
        let pinned = pins::of(circuit).parameters;
        let bytes = self.cache.obtain(&file_name(circuit), pinned, || {
            report(1)?;
            let key = ProvingKey::generate_development(circuit)?;
            report(2)?;
            key.to_bytes()
        })?;
        report(3)?;
        let key = ProvingKey::from_pinned(&bytes, circuit, self.policy)?;
        report(STEPS)?;
        Ok(Arc::new(key))
    }
}

/// Looked for, made, written, read.
const STEPS: u32 = 4;

fn file_name(circuit: CircuitId) -> String {
    let hash = pins::of(circuit).circuit;
    format!("development-{circuit}-{}.params", hash.get(..16).unwrap_or(hash))
}

#[cfg(test)]
mod tests {
    use louver_core::{proof::Unwatched, shape::Shape};

    use super::*;

    fn store(folder: &std::path::Path) -> ParameterStore {
        ParameterStore::new(Cache::open(folder).unwrap())
    }

    #[test]
    fn production_refuses_development_keys() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path()).with_policy(ParameterPolicy::Production);
        let refused = store.development(Shape::TwoByThree, &mut Unwatched);
        assert!(matches!(refused, Err(ParameterError::DevelopmentRefused)));
    }

    #[test]
    fn production_refuses_the_mark_in_a_file() {
        let header =
            Header::pinned(Kind::Proving, Provenance::Development, Shape::TwoByThree.into()).to_bytes();
        let read = |policy| ProvingKey::from_pinned(&header, Shape::TwoByThree.into(), policy);
        let refused = read(ParameterPolicy::Production);
        assert!(matches!(refused, Err(ParameterError::Header(HeaderError::Development))));
        assert!(matches!(read(ParameterPolicy::Development), Err(ParameterError::Malformed(_))));
    }

    /// Stops as soon as a key would have to be made.
    struct NoMaking;

    impl Progress for NoMaking {
        fn report(&mut self, done: u32, _: u32) -> ControlFlow<()> {
            if done == 1 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
    }

    #[test]
    fn making_a_key_can_be_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let stopped = store.development(Shape::TwoByThree, &mut NoMaking);
        assert!(matches!(stopped, Err(ParameterError::Cancelled)));
        assert!(!store.has_development(Shape::TwoByThree).unwrap());
    }

    #[test]
    fn a_file_that_is_not_the_pinned_one_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let header =
            Header::pinned(Kind::Proving, Provenance::Development, Shape::TwoByThree.into()).to_bytes();
        std::fs::write(folder.path().join(file_name(Shape::TwoByThree.into())), header).unwrap();
        assert!(!store.has_development(Shape::TwoByThree).unwrap());
        let stopped = store.development(Shape::TwoByThree, &mut NoMaking);
        assert!(matches!(stopped, Err(ParameterError::Cancelled)));
    }
}
