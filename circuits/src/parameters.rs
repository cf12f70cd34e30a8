//! Proving keys: made once for each circuit, kept in a cache, pinned by hash.
//!
//! The keys of this build are for development. They are made from a seed that everybody knows, so everybody has the
//! same ones, and whoever wants to can forge proofs for them. They are marked, and production refuses the mark.

use core::ops::ControlFlow;
use std::{io, path::Path, sync::Arc};

use louver_core::proof::Progress;
use thiserror::Error;

pub use crate::proving_key::ProvingKey;
use crate::{
    cache::{Cache, CacheError},
    circuit::CircuitId,
    key_file::{ParameterPolicy, Provenance, pinned_key},
    pins,
    proving_key::{ElementsError, ProvingKeyError},
    threads::apart,
};

/// Why there is no proving key.
#[derive(Debug, Error)]
pub enum ParameterError {
    /// The watching caller asked to stop.
    #[error("making proving keys was cancelled")]
    Cancelled,
    /// A development key was asked for under a production policy.
    #[error("production refuses development keys, and there are no others")]
    DevelopmentRefused,
    /// The cache failed.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The key could not be made.
    #[error("the proving key could not be made: {0}")]
    Generation(#[from] ElementsError),
    /// The new key is not the pinned one: the program and its pins do not belong together.
    #[error("the key for {circuit} was made anew, with hash {found} where {pinned} is pinned")]
    Unpinned {
        /// The circuit.
        circuit: CircuitId,
        /// The pinned hash.
        pinned: String,
        /// The hash of what was made.
        found: String,
    },
    /// The field has no domain of so large a power of two.
    #[error("the key's domain of 2^{0} elements is larger than the field has")]
    Domain(u32),
    /// The key cannot be read.
    #[error(transparent)]
    Key(#[from] ProvingKeyError),
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

    /// The development key of a circuit, if it is in the cache.
    pub(crate) fn find_development(&self, circuit: CircuitId) -> Result<Option<ProvingKey>, ParameterError> {
        self.look_up(&self.cache.path(&file_name(circuit)), circuit)
    }

    /// The development key of a circuit: mapped from the cache, or made and put there. `progress` hears four
    /// steps: looked for, made, written, mapped; those in the middle only if it is made.
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
        let look_up = |path: &Path| self.look_up(path, circuit);
        let key = self.cache.obtain(&file_name(circuit), look_up, || {
            report(1)?;
            let key = apart(|| ProvingKey::generate_development(circuit))?;
            report(2)?;
            let (pinned, found) =
                (pins::of(circuit).parameters.to_owned(), hex::encode(apart(|| key.hash())));
            if found == pinned { Ok(key) } else { Err(ParameterError::Unpinned { circuit, pinned, found }) }
        })?;
        report(3)?;
        report(STEPS)?;
        Ok(Arc::new(key))
    }

    /// The key in a file of the cache; `None` if it is not there, or is not the pinned one: then it is made again.
    fn look_up(&self, path: &Path, circuit: CircuitId) -> Result<Option<ProvingKey>, ParameterError> {
        // Other tasks, here and in other processes, wait for this one.
        match apart(|| ProvingKey::open(path, circuit, &pinned_key(circuit), self.policy)) {
            Ok(key) => Ok(Some(key)),
            Err(ProvingKeyError::Io(error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(ProvingKeyError::Io(source)) => Err(CacheError::Io { path: path.to_owned(), source }.into()),
            Err(_) => Ok(None),
        }
    }
}

/// Looked for, made, written, mapped.
const STEPS: u32 = 4;

fn file_name(circuit: CircuitId) -> String {
    let hash = pins::of(circuit).circuit;
    format!("development-{circuit}-{}.key", hash.get(..16).unwrap_or(hash))
}

#[cfg(test)]
mod tests {
    use louver_core::{disclosure::Statement, proof::Unwatched, shape::Shape};

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
        assert!(store.find_development(Shape::TwoByThree.into()).unwrap().is_none());
    }

    #[test]
    fn a_damaged_key_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let (store, circuit) = (store(folder.path()), CircuitId::Disclosure(Statement::NoteOpening));
        let made = store.development(circuit, &mut Unwatched).unwrap();
        assert_eq!(hex::encode(made.hash()), pins::of(circuit).parameters);
        let path = folder.path().join(file_name(circuit));
        let good = std::fs::read(&path).unwrap();
        let (mut flipped, mut old) = (good.clone(), good.clone());
        flipped[good.len() / 2] ^= 1;
        old[8] = 1;
        for damaged in [&flipped[..], &old, &good[..good.len() - 1], &[]] {
            // As another process would: beside the file that is mapped, and over its name.
            store.cache().put(&file_name(circuit), damaged).unwrap();
            assert!(store.find_development(circuit).unwrap().is_none());
            let stopped = store.development(circuit, &mut NoMaking);
            assert!(matches!(stopped, Err(ParameterError::Cancelled)));
        }
        let again = store.development(circuit, &mut Unwatched).unwrap();
        assert!(store.find_development(circuit).unwrap().is_some());
        assert!(again.as_bytes() == good && made.as_bytes() == good, "and the old map is what it was");
    }

    #[test]
    fn a_file_that_is_not_the_pinned_one_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        std::fs::write(folder.path().join(file_name(Shape::TwoByThree.into())), b"LouverPK").unwrap();
        assert!(store.find_development(Shape::TwoByThree.into()).unwrap().is_none());
        let stopped = store.development(Shape::TwoByThree, &mut NoMaking);
        assert!(matches!(stopped, Err(ParameterError::Cancelled)));
    }
}
