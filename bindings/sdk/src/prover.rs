//! Proving keys, fetched, checked and kept; proofs made with them.

use core::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use louver_circuits::{
    circuit::CircuitId,
    disclosure::DisclosureProver,
    keyset::{KeySet, KeySetError, NamedKeys},
};
use louver_client::{
    apart::apart,
    keys::KeyFetchError,
    watch::{self as floor, Leash},
};
use louver_core::{
    pool::RulesVersion,
    proof::{Progress, Proof, Prove, ProveError, Unwatched},
    shape::Shape,
    statement::{TransferPublic, TransferWitness},
};

use crate::{Node, ProverError, Watch, watch::watched};

choice! {
    /// A circuit, with its own proving key.
    pub enum Circuit {
        /// A transaction of two inputs and three outputs: a payment.
        Transfer2x3,
        /// A transaction of four inputs and four outputs.
        Transfer4x4,
        /// A transaction of eight inputs and three outputs, to spend many notes at once.
        Transfer8x3,
        /// A transaction of two inputs and sixteen outputs, to pay many people at once.
        Transfer2x16,
        /// A proof that a grant's keys belong to the account.
        AccountKeys,
        /// A proof that an account was part of a payment.
        AccountLink,
    }
}

impl From<Shape> for Circuit {
    fn from(shape: Shape) -> Self {
        match shape {
            Shape::TwoByThree => Self::Transfer2x3,
            Shape::FourByFour => Self::Transfer4x4,
            Shape::EightByThree => Self::Transfer8x3,
            Shape::TwoBySixteen => Self::Transfer2x16,
        }
    }
}

impl From<CircuitId> for Circuit {
    fn from(circuit: CircuitId) -> Self {
        match circuit {
            CircuitId::Transfer(shape) => shape.into(),
            CircuitId::AccountKeys => Self::AccountKeys,
            CircuitId::AccountLink => Self::AccountLink,
        }
    }
}

impl From<Circuit> for CircuitId {
    fn from(circuit: Circuit) -> Self {
        match circuit {
            Circuit::Transfer2x3 => Self::Transfer(Shape::TwoByThree),
            Circuit::Transfer4x4 => Self::Transfer(Shape::FourByFour),
            Circuit::Transfer8x3 => Self::Transfer(Shape::EightByThree),
            Circuit::Transfer2x16 => Self::Transfer(Shape::TwoBySixteen),
            Circuit::AccountKeys => Self::AccountKeys,
            Circuit::AccountLink => Self::AccountLink,
        }
    }
}

/// A place for proving keys between runs. It need not be trusted, as every key is checked by its hash. Losing the keys
/// costs a download.
#[cfg_attr(feature = "uniffi", uniffi::export(with_foreign))]
#[async_trait]
pub trait KeyCache: Send + Sync {
    /// The bytes stored under a name; none if there are none or they cannot be read.
    async fn get(&self, name: String) -> Option<Vec<u8>>;
    /// Stores bytes under a name. If this fails, the key is fetched again another time.
    async fn put(&self, name: String, bytes: Vec<u8>);
}

/// Makes proofs for one chain. Its keys are fetched once, checked by the hashes in the chain's genesis, and stored.
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Prover {
    /// The keys of the first chain that it was asked for.
    keys: Mutex<Option<KeySet>>,
    cache: Option<Arc<dyn KeyCache>>,
    fetching: async_lock::Mutex<()>,
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Prover {
    /// A prover that keeps its keys in memory and forgets them when it is dropped.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn new() -> Arc<Self> {
        Self::of(None)
    }

    /// A prover whose keys the host stores.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn with_cache(cache: Arc<dyn KeyCache>) -> Arc<Self> {
        Self::of(Some(cache))
    }

    /// Whether a key is loaded, so that a proof starts at once.
    pub fn is_ready(&self, circuit: Circuit) -> bool {
        let Some(keys) = self.known() else { return false };
        keys.newest(circuit).is_ok_and(|key| keys.is_ready(&key))
    }

    /// Prepares for proofs of a circuit: loads the key from the store, or fetches it from the node (some megabytes) and
    /// stores it. It does nothing if the key is loaded already. The prover serves the chain of the first node that it
    /// is given.
    pub async fn prepare(
        &self,
        circuit: Circuit,
        node: Arc<Node>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<(), ProverError> {
        // One after the other, so that nothing is fetched twice.
        let _turn = self.fetching.lock().await;
        let theirs = node.keys()?;
        let keys = self.known_or(|| Ok(theirs.clone()))?;
        let key = keys.newest(circuit)?;
        if theirs.newest(circuit)?.hashes != key.hashes {
            return Err(ProverError::OtherKey { circuit });
        }
        if keys.is_ready(&key) || self.take_kept(&keys, key).await {
            return Ok(());
        }
        let bytes = fetch(key, &node, watch.clone()).await?;
        self.add(keys, key, bytes, watch).await
    }

    /// Takes the bytes of a proving key, flat or compressed, from whatever source the host has, and stores them. A
    /// prover that is not prepared for a chain yet takes development keys.
    pub async fn install(
        &self,
        circuit: Circuit,
        bytes: Vec<u8>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<(), ProverError> {
        let keys = self.known_or(KeySet::development)?;
        let key = keys.newest(circuit)?;
        self.add(keys, key, bytes, watch).await
    }
}

impl Prover {
    fn of(cache: Option<Arc<dyn KeyCache>>) -> Arc<Self> {
        Arc::new(Self { keys: Mutex::default(), cache, fetching: async_lock::Mutex::new(()) })
    }

    fn known(&self) -> Option<KeySet> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn known_or(&self, keys: impl FnOnce() -> Result<KeySet, KeySetError>) -> Result<KeySet, ProverError> {
        let mut known = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(keys) = &*known {
            return Ok(keys.clone());
        }
        Ok(known.insert(keys()?).clone())
    }

    /// Loads a key from the host's store. A damaged key counts as missing.
    async fn take_kept(&self, keys: &KeySet, key: NamedKeys) -> bool {
        let Some(cache) = &self.cache else { return false };
        let Some(bytes) = cache.get(key.file_name()).await else { return false };
        let keys = keys.clone();
        apart(move || keys.add_proving(&key, bytes, &mut Unwatched).is_ok()).await
    }

    async fn add(
        &self,
        keys: KeySet,
        key: NamedKeys,
        bytes: Vec<u8>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<(), ProverError> {
        let leash = Leash::default();
        let mut progress = leash.watched(watched(watch).as_ref(), floor::Stage::PreparingKey);
        let flat = apart(move || keys.add_proving(&key, bytes, &mut progress)).await?;
        if let Some(cache) = &self.cache {
            cache.put(key.file_name(), flat.as_bytes().to_vec()).await;
        }
        Ok(())
    }

    /// The prover of grants and packages. Their keys must be loaded.
    pub(crate) fn disclosures(&self) -> Result<DisclosureProver, ProverError> {
        let keys = self.known().ok_or(ProverError::KeyMissing { circuit: Circuit::AccountKeys })?;
        Ok(keys.disclosure_prover(&mut Unwatched)?)
    }
}

impl Prove for Prover {
    fn prove(
        &self,
        rules: RulesVersion,
        shape: Shape,
        public: &TransferPublic,
        witness: &TransferWitness,
        progress: &mut dyn Progress,
    ) -> Result<Proof, ProveError> {
        let keys = self.known().ok_or(ProveError::NoParameters(shape))?;
        keys.prover().prove(rules, shape, public, witness, progress)
    }
}

impl fmt::Debug for Prover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prover(..)")
    }
}

/// The compressed key, as the node sends it.
async fn fetch(key: NamedKeys, node: &Node, watch: Option<Arc<dyn Watch>>) -> Result<Vec<u8>, ProverError> {
    let leash = Leash::default();
    let mut progress = leash.watched(watched(watch).as_ref(), floor::Stage::FetchingKey);
    Ok(node.connection().proving_key(&key, &mut progress).await?)
}

impl From<KeyFetchError> for ProverError {
    fn from(error: KeyFetchError) -> Self {
        match error {
            KeyFetchError::Cancelled => Self::Cancelled,
            KeyFetchError::Keys(error) => error.into(),
            KeyFetchError::Client(error) => Self::Node { error: error.into() },
            error => Self::KeyInvalid { reason: error.to_string() },
        }
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
            error => Self::System { reason: error.to_string() },
        }
    }
}

#[cfg(feature = "files")]
mod folder {
    use louver_circuits::cache::Cache;

    use super::*;
    use crate::StorageError;

    /// Keys in a folder, one file each. A file is written whole or not at all.
    struct Folder(Cache);

    #[async_trait]
    impl KeyCache for Folder {
        async fn get(&self, name: String) -> Option<Vec<u8>> {
            let path = self.0.path(&name);
            apart(move || std::fs::read(path).ok()).await
        }

        async fn put(&self, name: String, bytes: Vec<u8>) {
            let cache = self.0.clone();
            // A key that could not be stored is fetched again.
            drop(apart(move || cache.put(&name, &bytes)).await);
        }
    }

    #[cfg_attr(feature = "uniffi", uniffi::export)]
    impl Prover {
        /// A prover whose keys are stored in a folder. The folder is made if it does not exist.
        #[cfg_attr(feature = "uniffi", uniffi::constructor)]
        pub fn in_folder(path: String) -> Result<Arc<Self>, ProverError> {
            let cache =
                Cache::open(path).map_err(|error| StorageError::System { reason: error.to_string() })?;
            Ok(Self::of(Some(Arc::new(Folder(cache)))))
        }
    }
}
