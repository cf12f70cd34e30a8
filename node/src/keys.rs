//! The keys of a node's chain: what it checks proofs with, and what it hands out to clients that have none.
//!
//! Nobody has to trust a node for a key: genesis names each by its hash, and a client checks it.

use std::{fmt, fs, path::Path, sync::Arc};

use axum::body::Bytes;
use louver_chain::Chain;
use louver_circuits::{
    keyset::{KeySet, KeySetError, NamedKeys},
    proving_key::compressed,
};
use louver_core::{proof::Unwatched, store::Store};
use thiserror::Error;

use crate::{
    follow::{Source, SourceError},
    node::NodeError,
};

/// A proving key in the form for downloads.
#[derive(Clone, PartialEq, Eq)]
pub struct CompressedKey {
    /// The hash of the key that it expands to.
    pub hash: [u8; 32],
    /// `[compressed-key-file]`
    pub bytes: Bytes,
}

impl fmt::Debug for CompressedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CompressedKey({}, {} bytes)", hex::encode(self.hash), self.bytes.len())
    }
}

/// Why a source has no key to give now.
#[derive(Debug, Error)]
pub enum KeySourceError {
    /// The key cannot be read or made.
    #[error(transparent)]
    Keys(#[from] KeySetError),
    /// A source of another kind failed.
    #[error("the keys cannot be had: {reason}")]
    Failed {
        /// The source's message.
        reason: String,
    },
}

/// Where a node takes the keys from that it hands out.
pub trait KeySource: fmt::Debug + Send + Sync {
    /// A proving key; `None` if it is not handed out. Asked once for each key, and again only if it failed, on a thread of
    /// its own where it may take its time.
    ///
    /// # Errors
    /// If the key should be there, and cannot be read or made.
    fn proving(&self, key: &NamedKeys) -> Result<Option<CompressedKey>, KeySourceError>;

    /// The file of a verifying key; `None` if it is not handed out.
    fn verifying(&self, key: &NamedKeys) -> Option<Vec<u8>>;
}

/// The keys of a chain, handed out as far as they are at hand. A development key that is not is made when somebody first
/// asks, if there is a store for it.
#[derive(Clone, Debug)]
pub struct ChainKeys(KeySet);

impl ChainKeys {
    /// The keys of a chain, as [`NodeConfig`](crate::NodeConfig) takes them.
    pub fn shared(keys: KeySet) -> Arc<dyn KeySource> {
        Arc::new(Self(keys))
    }
}

/// Has a key set know the rules versions of a chain. A version in force whose verifying keys are not at hand stops a node;
/// one that counts later is told of in the log. A follower fetches what it lacks, so nothing stops it.
///
/// # Errors
/// [`NodeError::Keys`], and those of the store.
pub(crate) fn learn_rules<S: Store>(keys: &KeySet, chain: &Chain<S>, follows: bool) -> Result<(), NodeError> {
    let rules = chain.ledger().rules()?;
    let keys = keys.clone().with_rules(&rules, chain.height())?;
    for entry in rules.iter().filter(|entry| entry.switched_off.is_none()) {
        let version = entry.terms.version;
        for key in keys.named().iter().filter(|key| key.rules == version) {
            match keys.verifying_key_file(key) {
                Ok(_) => {}
                Err(_) if follows => {}
                Err(error) if entry.is_in_force(chain.height().saturating_add(1)) => return Err(error.into()),
                Err(error) => tracing::warn!(
                    rules = version.0, from = entry.terms.from, %error,
                    "a rules version counts soon: put its keys into the folder, and start the node again before that block"
                ),
            }
        }
    }
    Ok(())
}

/// The folder in a node's folder with the verifying keys that it fetched.
const FETCHED: &str = "verifying-keys";

/// Why the keys of a chain that is followed are not at hand.
#[derive(Debug, Error)]
pub enum FetchError {
    /// The source does not give one.
    #[error(
        "the node that is followed does not give the verifying key of {circuit}: {error}. Name a folder with the chain's keys (--keys), or follow another node"
    )]
    Source {
        /// The circuit.
        circuit: String,
        /// Why.
        error: SourceError,
    },
    /// The source gives another key than the chain names.
    #[error(
        "the node that is followed gives another key than the chain names: {0}. Nothing was kept of it: follow another node, or name a folder with the chain's keys (--keys)"
    )]
    Keys(#[from] KeySetError),
}

/// Takes the verifying keys that were fetched into a node's folder before, as far as the chain names them.
pub fn take_fetched(keys: &KeySet, data: &Path) {
    for entry in fs::read_dir(data.join(FETCHED)).into_iter().flatten().flatten() {
        // Whatever else lies there is passed over: a key that is missing is said to be.
        if let Ok(bytes) = fs::read(entry.path()) {
            drop(keys.add_verifying(&bytes));
        }
    }
}

/// Whether a verifying key that the chain names, under whatever rules version, is not at hand.
pub(crate) fn lacks(keys: &KeySet) -> bool {
    keys.named().iter().any(|key| keys.verifying_key_file(key).is_err())
}

/// Fetches the verifying keys that a chain names and that are not at hand from the node that is followed, and keeps them in
/// the node's folder. Nothing is believed of that node: each key has the hash that the chain names.
///
/// # Errors
/// [`FetchError`]. Keys that cannot be kept are fetched again at the next start.
pub(crate) async fn fetch(keys: &KeySet, source: &Source, data: &Path) -> Result<(), FetchError> {
    let lacking = keys.named().into_iter().filter(|key| keys.verifying_key_file(key).is_err());
    for key in lacking.collect::<Vec<_>>() {
        let bytes = source.verifying_key(&key).await;
        let bytes = bytes.map_err(|error| FetchError::Source { circuit: key.circuit.to_string(), error })?;
        keys.add_verifying(&bytes)?;
        let folder = data.join(FETCHED);
        let file = folder.join(format!("{}-{}.vk", key.circuit, hex::encode(&key.hashes.verifying[..16])));
        if let Err(error) = fs::create_dir_all(&folder).and_then(|()| fs::write(&file, &bytes)) {
            tracing::warn!(%error, "a verifying key that was fetched cannot be kept");
        }
    }
    Ok(())
}

impl KeySource for ChainKeys {
    fn proving(&self, key: &NamedKeys) -> Result<Option<CompressedKey>, KeySourceError> {
        match self.0.proving_key(key, &mut Unwatched) {
            Ok(found) => Ok(Some(CompressedKey {
                hash: key.hashes.proving,
                bytes: compressed::compress(&found).into(),
            })),
            Err(KeySetError::NoProvingKey { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn verifying(&self, key: &NamedKeys) -> Option<Vec<u8>> {
        self.0.verifying_key_file(key).ok()
    }
}
