//! Where proofs are made: here, or in another place of the host, such as a Worker of its own.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use louver_circuits::keyset::{KeySet, KeySetError, NamedKeys};
use louver_client::{
    apart::apart,
    watch::{self as floor, StopOnDrop},
};
use louver_core::proof::{Proof, Prove, Unwatched};
use louver_wallet::chain::ChainParameters;

use crate::{Circuit, KeyCache, ProverError, Watch, watch::watched};

mod request;

pub(crate) use request::Asked;
pub use request::ProofRequest;

/// Makes proofs and holds the keys for them. Each question names the chain, with the rules versions as they stand;
/// without one it is about development keys. A worker serves the chain that it is asked about first.
#[async_trait]
pub trait ProofWorker: Send + Sync {
    /// Whether a key is at hand.
    fn is_ready(&self, circuit: Circuit) -> bool;

    /// Whether a key is at hand, after taking it from where the host keeps it.
    ///
    /// # Errors
    /// [`ProverError::OtherKey`] if the worker serves another chain, with another key.
    async fn recall(
        &self,
        chain: Option<Arc<ChainParameters>>,
        circuit: Circuit,
    ) -> Result<bool, ProverError>;

    /// Takes a key by its bytes, checks it by the hash that the chain names, and keeps it.
    ///
    /// # Errors
    /// [`ProverError::KeyInvalid`] if it is not that key; [`ProverError::Cancelled`].
    async fn install(
        &self,
        chain: Option<Arc<ChainParameters>>,
        circuit: Circuit,
        key: Vec<u8>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<(), ProverError>;

    /// Makes a proof.
    ///
    /// # Errors
    /// [`ProverError::Other`] if the witness does not show the statement; [`ProverError::KeyMissing`];
    /// [`ProverError::Cancelled`].
    async fn prove(
        &self,
        chain: Option<Arc<ChainParameters>>,
        request: ProofRequest,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Proof, ProverError>;
}

/// Makes proofs in this process.
pub struct LocalProofs {
    /// The keys of the first chain that it was asked about.
    keys: Mutex<Option<KeySet>>,
    cache: Option<Arc<dyn KeyCache>>,
}

impl LocalProofs {
    /// A worker whose keys are kept by the host, if there is a place for them.
    pub fn new(cache: Option<Arc<dyn KeyCache>>) -> Self {
        Self { keys: Mutex::default(), cache }
    }

    fn known(&self) -> Option<KeySet> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The keys to use, and the one that serves a circuit of a chain.
    fn of(
        &self,
        chain: Option<&ChainParameters>,
        circuit: Circuit,
    ) -> Result<(KeySet, NamedKeys), ProverError> {
        let theirs = match chain {
            Some(chain) => {
                let keys = KeySet::of(&chain.genesis)?.with_rules(&chain.rules, chain.height)?;
                let key = key_for(&keys, chain, circuit)?;
                Some((keys, key, chain))
            }
            None => None,
        };
        let keys = {
            let mut known = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
            match &*known {
                Some(keys) => keys.clone(),
                None => {
                    let keys = match &theirs {
                        Some((keys, ..)) => keys.clone(),
                        None => KeySet::development()?,
                    };
                    known.insert(keys).clone()
                }
            }
        };
        let Some((theirs, key, chain)) = theirs else {
            let key = keys.newest(circuit)?;
            return Ok((keys, key));
        };
        if keys.genesis() == theirs.genesis() {
            // Guardians may have added rules since it was first asked.
            return Ok((keys.with_rules(&chain.rules, chain.height)?, key));
        }
        match keys.newest(circuit)?.hashes == key.hashes {
            true => Ok((keys, key)),
            false => Err(ProverError::OtherKey { circuit }),
        }
    }

    /// Takes the key as the host kept it. One that is damaged is as good as none.
    async fn take_kept(&self, keys: &KeySet, key: NamedKeys) -> bool {
        let Some(cache) = &self.cache else { return false };
        let Some(bytes) = cache.get(key.file_name()).await else { return false };
        let keys = keys.clone();
        apart(move || keys.add_proving(&key, bytes, &mut Unwatched).is_ok()).await
    }
}

/// The keys of a circuit that the next transaction of a chain needs: those of the newest rules version in force that has it,
/// and of the newest of all if none has.
pub(crate) fn key_for(
    keys: &KeySet,
    chain: &ChainParameters,
    circuit: Circuit,
) -> Result<NamedKeys, KeySetError> {
    let next = chain.height.saturating_add(1);
    let in_force = chain.rules.iter().rev().filter(|entry| entry.is_in_force(next));
    let versions = in_force.map(|entry| entry.terms.version);
    let mut found = versions.filter_map(|version| keys.keys_of(version, circuit).ok());
    found.next().map_or_else(|| keys.newest(circuit), Ok)
}

#[async_trait]
impl ProofWorker for LocalProofs {
    fn is_ready(&self, circuit: Circuit) -> bool {
        let Some(keys) = self.known() else { return false };
        let circuit = circuit.into();
        keys.named().iter().any(|key| key.circuit == circuit && keys.is_ready(key))
    }

    async fn recall(
        &self,
        chain: Option<Arc<ChainParameters>>,
        circuit: Circuit,
    ) -> Result<bool, ProverError> {
        let (keys, key) = self.of(chain.as_deref(), circuit)?;
        Ok(keys.is_ready(&key) || self.take_kept(&keys, key).await)
    }

    async fn install(
        &self,
        chain: Option<Arc<ChainParameters>>,
        circuit: Circuit,
        bytes: Vec<u8>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<(), ProverError> {
        let (keys, key) = self.of(chain.as_deref(), circuit)?;
        let stop = StopOnDrop::default();
        let mut progress = stop.watched(watched(watch).as_ref(), floor::Stage::PreparingKey);
        let flat = apart(move || keys.add_proving(&key, bytes, &mut progress)).await?;
        if let Some(cache) = &self.cache {
            cache.put(key.file_name(), flat.as_bytes().to_vec()).await;
        }
        Ok(())
    }

    async fn prove(
        &self,
        chain: Option<Arc<ChainParameters>>,
        ProofRequest(asked): ProofRequest,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Proof, ProverError> {
        let circuit = asked.circuit();
        // A worker that was ended and began anew has nothing at hand.
        if !self.recall(chain.clone(), circuit).await? {
            return Err(ProverError::KeyMissing { circuit });
        }
        let (keys, _) = self.of(chain.as_deref(), circuit)?;
        let stop = StopOnDrop::default();
        let mut progress = stop.watched(watched(watch).as_ref(), floor::Stage::Proving);
        apart(move || match asked {
            Asked::Transfer { rules, shape, public, witness } => {
                Ok(keys.prover().prove(rules, shape, &public, &witness, &mut progress)?)
            }
            Asked::AccountKeys { public, opening } => {
                Ok(keys.disclosure_prover(&mut Unwatched)?.prove_keys(&public, &opening)?)
            }
            Asked::NoteOpening { claim, opening, witness } => {
                Ok(keys.disclosure_prover(&mut Unwatched)?.prove_note(&claim, &opening, &witness)?)
            }
            Asked::TransactionOpening { claim, opening, witness } => {
                Ok(keys.disclosure_prover(&mut Unwatched)?.prove_transaction(&claim, &opening, &witness)?)
            }
            Asked::Statement { one, opening } => {
                Ok(one.prove(&keys.disclosure_prover(&mut Unwatched)?, &opening, &mut progress)?)
            }
        })
        .await
    }
}

impl From<KeySetError> for ProverError {
    fn from(error: KeySetError) -> Self {
        match error {
            KeySetError::Cancelled => Self::Cancelled,
            KeySetError::NoProvingKey { circuit, .. } => Self::KeyMissing { circuit: circuit.into() },
            KeySetError::NoCircuit { circuit } | KeySetError::NotNamed { circuit, .. } => {
                Self::OtherKey { circuit: circuit.into() }
            }
            KeySetError::Proving { .. } | KeySetError::Download { .. } => {
                Self::KeyInvalid { reason: error.to_string() }
            }
            error => Self::Other { reason: error.to_string() },
        }
    }
}
