//! Proving keys for clients that have none: what a node may hand out, and where it takes that from.
//!
//! Nobody has to trust a node for them: a client checks the hash of what a download expands to.

use std::{fmt, sync::Arc};

use axum::body::Bytes;
use louver_circuits::{
    circuit::CircuitId,
    parameters::{ParameterError, ParameterStore},
    proving_key::compressed,
};
use louver_core::proof::Unwatched;
use thiserror::Error;

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
    /// The store of this machine has none.
    #[error(transparent)]
    Parameters(#[from] ParameterError),
    /// A source of another kind failed.
    #[error("the proving keys cannot be had: {reason}")]
    Failed {
        /// What it says of it.
        reason: String,
    },
}

/// Where a node takes the keys from that it hands out.
pub trait KeySource: fmt::Debug + Send + Sync {
    /// The key of a circuit; `None` if there is none to hand out. Asked once for each circuit, and again only if it
    /// failed, on a thread of its own where it may take its time.
    fn key(&self, circuit: CircuitId) -> Result<Option<CompressedKey>, KeySourceError>;
}

/// The development keys of this machine: taken from its store, or made there.
#[derive(Clone, Debug)]
pub struct DevelopmentKeys {
    store: ParameterStore,
}

impl DevelopmentKeys {
    /// The keys of a store.
    pub fn new(store: ParameterStore) -> Self {
        Self { store }
    }

    /// The keys of a store, as [`NodeConfig`](crate::NodeConfig) takes them.
    pub fn shared(store: ParameterStore) -> Arc<dyn KeySource> {
        Arc::new(Self::new(store))
    }
}

impl KeySource for DevelopmentKeys {
    fn key(&self, circuit: CircuitId) -> Result<Option<CompressedKey>, KeySourceError> {
        let key = self.store.development(circuit, &mut Unwatched)?;
        Ok(Some(CompressedKey { hash: key.hash(), bytes: compressed::compress(&key).into() }))
    }
}
