use std::{io, path::PathBuf};

use louver_core::pool::RulesVersion;
use thiserror::Error;

use crate::{
    cache::CacheError,
    circuit::CircuitId,
    key_file::HeaderError,
    parameters::ParameterError,
    proving_key::{ElementsError, ProvingKeyError, compressed::ExpandError},
    verifying_key::VerifyingKeyError,
};

/// Why a key of a chain cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeySetError {
    /// A production build and a development chain.
    #[error(
        "this is a development chain, and this program is a production build: anybody can forge money on a development \
         chain. Use a chain that was made for production, or try things out with a development build"
    )]
    DevelopmentChain,
    /// A chain that says it is not for development names a development key.
    #[error(
        "the chain says that it is not for development, but the key for {circuit} is a development key: anybody can \
         forge proofs with it. Do not use this chain; its genesis has to name keys from a ceremony"
    )]
    DevelopmentKey {
        /// The circuit.
        circuit: CircuitId,
    },
    /// Genesis does not allow the circuit under the rules version.
    #[error("rules version {} of the chain has no circuit {circuit}", .rules.0)]
    NotNamed {
        /// The rules version.
        rules: RulesVersion,
        /// The circuit.
        circuit: CircuitId,
    },
    /// A rules version with other keys than it had: versions are never replaced.
    #[error("rules version {} is stated with other keys than before: no chain replaces a version", .rules.0)]
    OtherRules {
        /// The rules version.
        rules: RulesVersion,
    },
    /// Genesis names no keys for the circuit.
    #[error("the chain has no circuit {circuit}")]
    NoCircuit {
        /// The circuit.
        circuit: CircuitId,
    },
    /// No rules version with the circuit counts under the chain's head.
    #[error(
        "no rules version of the chain that has {circuit} counts now: it was stopped, or it is announced for a later block. \
         Nothing can be proven with it until the chain's guardians add another version and their delay is over"
    )]
    NoneCounts {
        /// The circuit.
        circuit: CircuitId,
    },
    /// A verifying key that genesis names is not at hand.
    #[error(
        "the verifying key for {circuit} is not at hand: genesis names the file with hash {hash}{}. Give the folder with the \
         chain's keys (--keys), as `louver ceremony export` wrote it, or get the file from a node of the chain",
        found(.others)
    )]
    NoVerifyingKey {
        /// The circuit.
        circuit: CircuitId,
        /// The hash that genesis names.
        hash: String,
        /// The hashes of keys for the circuit that are in the folder.
        others: Vec<String>,
    },
    /// A proving key that genesis names is not at hand.
    #[error(
        "the proving key for {circuit} is not at hand: genesis names the file with hash {hash}. Give the folder with the \
         chain's keys, as `louver ceremony export` wrote it, or fetch the key from a node of the chain"
    )]
    NoProvingKey {
        /// The circuit.
        circuit: CircuitId,
        /// The hash that genesis names.
        hash: String,
    },
    /// A key that genesis does not name.
    #[error(
        "the chain's genesis does not name the verifying key with hash {hash}: it is a key of another chain, or damaged"
    )]
    UnknownKey {
        /// The hash of its file.
        hash: String,
    },
    /// The folder of keys cannot make a genesis.
    #[error(
        "the folder of keys has to hold exactly one key for {circuit}, and it has {found}: put there what `louver ceremony export` wrote, once for each circuit"
    )]
    Count {
        /// The circuit.
        circuit: CircuitId,
        /// How many proving keys for it are in the folder.
        found: usize,
    },
    /// A verifying key that genesis names is not sound.
    #[error("the verifying key for {circuit} is refused: {source}")]
    Verifying {
        /// The circuit.
        circuit: CircuitId,
        /// Why.
        source: VerifyingKeyError,
    },
    /// A proving key is not the one that genesis names.
    #[error("the proving key for {circuit} is refused: {source}")]
    Proving {
        /// The circuit.
        circuit: CircuitId,
        /// Why.
        source: ProvingKeyError,
    },
    /// A downloaded key does not expand to the one that genesis names.
    #[error("the downloaded key for {circuit} is refused: {source}")]
    Download {
        /// The circuit.
        circuit: CircuitId,
        /// Why.
        source: ExpandError,
    },
    /// A point of a proving key is not sound.
    #[error("the proving key for {circuit} is refused: {source}")]
    Elements {
        /// The circuit.
        circuit: CircuitId,
        /// Why.
        source: ElementsError,
    },
    /// A file or folder cannot be read.
    #[error("{path}: {source}", path = .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The watcher asked to stop.
    #[error("preparing a key was cancelled")]
    Cancelled,
    /// A development key could not be made.
    #[error(transparent)]
    Parameters(ParameterError),
}

impl KeySetError {
    /// A verifying key was refused: a development key on a chain that is not for development, or an unsound one.
    pub(super) fn verifying(circuit: CircuitId, source: VerifyingKeyError) -> Self {
        match source {
            VerifyingKeyError::Header(HeaderError::Development) => Self::DevelopmentKey { circuit },
            source => Self::Verifying { circuit, source },
        }
    }

    /// The same of a proving key.
    pub(super) fn proving(circuit: CircuitId, source: ProvingKeyError) -> Self {
        match source {
            ProvingKeyError::Header(HeaderError::Development) => Self::DevelopmentKey { circuit },
            source => Self::Proving { circuit, source },
        }
    }

    /// The same of a downloaded key.
    pub(super) fn download(circuit: CircuitId, source: ExpandError) -> Self {
        match source {
            ExpandError::Cancelled => Self::Cancelled,
            ExpandError::Key(source) => Self::proving(circuit, source),
            source => Self::Download { circuit, source },
        }
    }
}

impl From<ParameterError> for KeySetError {
    fn from(error: ParameterError) -> Self {
        match error {
            ParameterError::Cancelled => Self::Cancelled,
            error => Self::Parameters(error),
        }
    }
}

impl From<CacheError> for KeySetError {
    fn from(error: CacheError) -> Self {
        Self::Parameters(error.into())
    }
}

/// The other keys that were found, for an error.
fn found(others: &[String]) -> String {
    match others {
        [] => String::new(),
        others => format!(", and the folder has a key of another ceremony, with hash {}", others.join(", ")),
    }
}
