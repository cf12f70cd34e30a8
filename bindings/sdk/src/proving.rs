//! Where proofs are made: here, or in another place of the host, such as a Worker of its own.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use louver_circuits::keyset::{KeySet, KeySetError, NamedKeys};
use louver_client::{
    apart::apart,
    watch::{self as floor, StopOnDrop},
};
use louver_core::{
    ledger::Genesis,
    proof::{Proof, Prove, Unwatched},
};

use crate::{Circuit, KeyCache, ProverError, Watch, watch::watched};

mod request;

pub(crate) use request::Asked;
pub use request::ProofRequest;

/// Makes proofs and holds the keys for them. Each question names the chain, by its genesis; without one it is about
/// development keys. A worker serves the chain that it is asked about first.
#[async_trait]
pub trait ProofWorker: Send + Sync {
    /// Whether a key is at hand.
    fn is_ready(&self, circuit: Circuit) -> bool;

    /// Whether a key is at hand, after taking it from where the host keeps it.
    ///
    /// # Errors
    /// [`ProverError::OtherKey`] if the worker serves another chain, with another key.
    async fn recall(&self, chain: Option<Arc<Genesis>>, circuit: Circuit) -> Result<bool, ProverError>;

    /// Takes a key by its bytes, checks it by the hash that the chain names, and keeps it.
    ///
    /// # Errors
    /// [`ProverError::KeyInvalid`] if it is not that key; [`ProverError::Cancelled`].
    async fn install(
        &self,
        chain: Option<Arc<Genesis>>,
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
        chain: Option<Arc<Genesis>>,
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
    fn of(&self, chain: Option<&Genesis>, circuit: Circuit) -> Result<(KeySet, NamedKeys), ProverError> {
        let theirs = match chain {
            Some(genesis) => Some(KeySet::of(genesis)?),
            None => None,
        };
        let keys = {
            let mut known = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
            match &*known {
                Some(keys) => keys.clone(),
                None => {
                    let keys = match &theirs {
                        Some(keys) => keys.clone(),
                        None => KeySet::development()?,
                    };
                    known.insert(keys).clone()
                }
            }
        };
        let key = keys.newest(circuit)?;
        if let Some(theirs) = theirs
            && theirs.newest(circuit)?.hashes != key.hashes
        {
            return Err(ProverError::OtherKey { circuit });
        }
        Ok((keys, key))
    }

    /// Takes the key as the host kept it. One that is damaged is as good as none.
    async fn take_kept(&self, keys: &KeySet, key: NamedKeys) -> bool {
        let Some(cache) = &self.cache else { return false };
        let Some(bytes) = cache.get(key.file_name()).await else { return false };
        let keys = keys.clone();
        apart(move || keys.add_proving(&key, bytes, &mut Unwatched).is_ok()).await
    }
}

#[async_trait]
impl ProofWorker for LocalProofs {
    fn is_ready(&self, circuit: Circuit) -> bool {
        let Some(keys) = self.known() else { return false };
        keys.newest(circuit).is_ok_and(|key| keys.is_ready(&key))
    }

    async fn recall(&self, chain: Option<Arc<Genesis>>, circuit: Circuit) -> Result<bool, ProverError> {
        let (keys, key) = self.of(chain.as_deref(), circuit)?;
        Ok(keys.is_ready(&key) || self.take_kept(&keys, key).await)
    }

    async fn install(
        &self,
        chain: Option<Arc<Genesis>>,
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
        chain: Option<Arc<Genesis>>,
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
