//! Proving keys, fetched, checked and kept; proofs made with them.

use core::fmt;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use louver_circuits::{
    circuit::CircuitId,
    disclosure::DisclosureProver,
    key_file::{Kind, ParameterPolicy, pinned_key},
    prover::LocalProver,
    proving_key::{ProvingKey, compressed},
};
use louver_core::{
    proof::{Progress, Proof, Prove, ProveError},
    shape::Shape,
    statement::{TransferPublic, TransferWitness},
};

use crate::{
    Node, NodeError, ProverError, Refusal, Stage, Watch,
    apart::apart,
    watch::{Leash, Watched},
};

choice! {
    /// What is proven: a circuit, with a proving key of its own.
    pub enum Circuit {
        /// A transaction of two inputs and three outputs: a payment.
        Transfer2x3,
        /// A transaction of four inputs and four outputs.
        Transfer4x4,
        /// A transaction of eight inputs and three outputs: many notes at once.
        Transfer8x3,
        /// A transaction of two inputs and sixteen outputs: paying out.
        Transfer2x16,
        /// That a grant's keys are the account's.
        AccountKeys,
        /// That an account was part of a payment.
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

/// Where proving keys are kept between runs: any place, as their hashes are checked. Losing them costs a download.
#[cfg_attr(feature = "uniffi", uniffi::export(with_foreign))]
#[async_trait]
pub trait KeyCache: Send + Sync {
    /// The bytes that were kept under a name; none if there are none, or if they cannot be read.
    async fn get(&self, name: String) -> Option<Vec<u8>>;
    /// Keeps bytes under a name. If that fails, the key is fetched again another time.
    async fn put(&self, name: String, bytes: Vec<u8>);
}

/// Makes proofs, with keys that are fetched once, checked by their hashes, and kept.
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Prover {
    keys: Mutex<HashMap<Circuit, Arc<ProvingKey>>>,
    transfers: LocalProver,
    disclosures: Mutex<Option<DisclosureProver>>,
    cache: Option<Arc<dyn KeyCache>>,
    fetching: async_lock::Mutex<()>,
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Prover {
    /// A prover that forgets its keys when it goes.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn new() -> Arc<Self> {
        Self::of(None)
    }

    /// A prover whose keys are kept by the host.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn with_cache(cache: Arc<dyn KeyCache>) -> Arc<Self> {
        Self::of(Some(cache))
    }

    /// Whether a key is at hand, so that a proof starts at once.
    pub fn is_ready(&self, circuit: Circuit) -> bool {
        self.key(circuit).is_some()
    }

    /// Makes ready for proofs of a circuit: takes the key from where it is kept, or fetches it from the node, some
    /// megabytes, and keeps it. Does nothing if the key is at hand.
    pub async fn prepare(
        &self,
        circuit: Circuit,
        node: Arc<Node>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<(), ProverError> {
        // One after the other, so that nothing is fetched twice.
        let _turn = self.fetching.lock().await;
        if self.is_ready(circuit) {
            return self.agrees(circuit, &node);
        }
        if let Some(key) = self.kept(circuit).await {
            self.insert(circuit, key).await?;
            return self.agrees(circuit, &node);
        }
        let fetched = fetch(circuit, &node, watch.as_ref()).await?;
        self.install(circuit, fetched, watch).await?;
        self.agrees(circuit, &node)
    }

    /// Takes a proving key by its bytes, flat or compressed, however the host came by them, and keeps it.
    pub async fn install(
        &self,
        circuit: Circuit,
        bytes: Vec<u8>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<(), ProverError> {
        let leash = Leash::default();
        let mut progress = leash.watched(watch.as_ref(), Stage::PreparingKey);
        let key = apart(move || read(circuit, bytes, &mut progress)).await?;
        if let Some(cache) = &self.cache {
            cache.put(file_name(circuit), key.as_bytes().to_vec()).await;
        }
        self.insert(circuit, key).await
    }
}

impl Prover {
    fn of(cache: Option<Arc<dyn KeyCache>>) -> Arc<Self> {
        Arc::new(Self {
            keys: Mutex::default(),
            transfers: LocalProver::default(),
            disclosures: Mutex::default(),
            cache,
            fetching: async_lock::Mutex::new(()),
        })
    }

    fn key(&self, circuit: Circuit) -> Option<Arc<ProvingKey>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).get(&circuit).cloned()
    }

    /// The key as it was kept. One that is damaged is as good as none.
    async fn kept(&self, circuit: Circuit) -> Option<ProvingKey> {
        let bytes = self.cache.as_ref()?.get(file_name(circuit)).await?;
        apart(move || {
            ProvingKey::from_bytes(bytes, circuit, &pinned_key(circuit.into()), ParameterPolicy::BUILD).ok()
        })
        .await
    }

    async fn insert(&self, circuit: Circuit, key: ProvingKey) -> Result<(), ProverError> {
        let key = Arc::new(key);
        if let CircuitId::Transfer(_) = circuit.into() {
            self.transfers.insert(key.clone()).map_err(system)?;
        }
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).insert(circuit, key);
        Ok(())
    }

    /// Whether the chain takes what the key proves.
    fn agrees(&self, circuit: Circuit, node: &Node) -> Result<(), ProverError> {
        let key = self.key(circuit).ok_or(ProverError::KeyMissing { circuit })?;
        let own = || louver_circuits::verifying_key::hash(&key.verifying_key_to_bytes());
        match node.verifying_key(circuit) {
            Some(expected) if own() != expected => Err(ProverError::OtherKey { circuit }),
            _ => Ok(()),
        }
    }

    /// The prover of grants and packages, whose keys have to be at hand.
    pub(crate) fn disclosures(&self) -> Result<DisclosureProver, ProverError> {
        let mut made = self.disclosures.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(prover) = &*made {
            return Ok(prover.clone());
        }
        let key = |circuit| self.key(circuit).ok_or(ProverError::KeyMissing { circuit });
        let prover = DisclosureProver::of_keys(key(Circuit::AccountKeys)?, key(Circuit::AccountLink)?);
        Ok(made.insert(prover.map_err(system)?).clone())
    }
}

impl Prove for Prover {
    fn prove(
        &self,
        shape: Shape,
        public: &TransferPublic,
        witness: &TransferWitness,
        progress: &mut dyn Progress,
    ) -> Result<Proof, ProveError> {
        self.transfers.prove(shape, public, witness, progress)
    }
}

impl fmt::Debug for Prover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prover(..)")
    }
}

/// The name that a flat key is kept under: its circuit and its hash.
fn file_name(circuit: Circuit) -> String {
    let circuit = circuit.into();
    format!("{circuit}-{}.key", hex::encode(&pinned_key(circuit)[..8]))
}

/// A key from bytes of either form.
fn read(circuit: Circuit, bytes: Vec<u8>, progress: &mut Watched) -> Result<ProvingKey, ProverError> {
    let pinned = pinned_key(circuit.into());
    let wrong = |error: &dyn fmt::Display| ProverError::KeyInvalid { reason: error.to_string() };
    if !bytes.starts_with(Kind::Compressed.magic()) {
        return ProvingKey::from_bytes(bytes, circuit, &pinned, ParameterPolicy::BUILD)
            .map_err(|error| wrong(&error));
    }
    compressed::expand(&bytes, circuit, &pinned, ParameterPolicy::BUILD, progress).map_err(
        |error| match error {
            compressed::ExpandError::Cancelled => ProverError::Cancelled,
            error => wrong(&error),
        },
    )
}

/// The compressed key, part by part.
async fn fetch(
    circuit: Circuit,
    node: &Node,
    watch: Option<&Arc<dyn Watch>>,
) -> Result<Vec<u8>, ProverError> {
    const MOST: usize = 64 << 20;
    let leash = Leash::default();
    let mut progress = leash.watched(watch, Stage::FetchingKey);
    let name = CircuitId::from(circuit).name();
    let mut bytes = Vec::new();
    let mut tries = 10;
    loop {
        let (part, whole) = match node.client().proving_key_part(name, bytes.len()).await {
            // It is made when somebody first asks, which may take longer than a request.
            Err(NodeError::Refused { refusal: Refusal::KeyBeingMade, .. }) if tries > 0 => {
                tries -= 1;
                if progress.report(0, 1).is_break() {
                    return Err(ProverError::Cancelled);
                }
                continue;
            }
            answer => answer?,
        };
        bytes.extend_from_slice(&part);
        if part.is_empty() || bytes.len() > whole || whole > MOST {
            return Err(ProverError::KeyInvalid { reason: "the node sends no whole key".to_owned() });
        }
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        if progress.report(number(bytes.len()), number(whole)).is_break() {
            return Err(ProverError::Cancelled);
        }
        if bytes.len() == whole {
            return Ok(bytes);
        }
    }
}

fn system(error: impl fmt::Display) -> ProverError {
    ProverError::System { reason: error.to_string() }
}

#[cfg(feature = "files")]
mod folder {
    use louver_circuits::cache::Cache;

    use super::*;
    use crate::StorageError;

    /// Keys in a folder: each a file, written whole or not at all.
    struct Folder(Cache);

    #[async_trait]
    impl KeyCache for Folder {
        async fn get(&self, name: String) -> Option<Vec<u8>> {
            let path = self.0.path(&name);
            apart(move || std::fs::read(path).ok()).await
        }

        async fn put(&self, name: String, bytes: Vec<u8>) {
            let cache = self.0.clone();
            // A key that is not kept is fetched again.
            drop(apart(move || cache.put(&name, &bytes)).await);
        }
    }

    #[cfg_attr(feature = "uniffi", uniffi::export)]
    impl Prover {
        /// A prover whose keys are kept in a folder, which is made if it is not there.
        #[cfg_attr(feature = "uniffi", uniffi::constructor)]
        pub fn in_folder(path: String) -> Result<Arc<Self>, ProverError> {
            let cache =
                Cache::open(path).map_err(|error| StorageError::System { reason: error.to_string() })?;
            Ok(Self::of(Some(Arc::new(Folder(cache)))))
        }
    }
}
