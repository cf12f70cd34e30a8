//! The keys of a chain, for commands. They come from a folder, from this user's cache, or from the node; development
//! keys can also be made here. Wherever a key comes from, it must have the hash that genesis names.

use louver_circuits::{
    disclosure::{DisclosureProver, DisclosureVerifier},
    keyset::{KeySet, KeySetError, NamedKeys},
    parameters::{ParameterError, ParameterStore},
    prover::LocalProver,
};
use louver_client::keys::KeyFetchError;
use louver_core::{disclosure::Statement, pool::RulesVersion, shape::Shape};

use crate::{
    client::Client,
    exit::{Failure, Kind},
    output::{Output, progress::Line},
};

/// The store of proving keys, in the cache of this user.
pub(crate) fn store() -> Result<ParameterStore, Failure> {
    ParameterStore::open_default().map_err(Failure::storage)
}

/// The keys of a chain, those of rules versions that its guardians added too, with this user's cache.
pub(crate) fn of(client: &Client) -> Result<KeySet, Failure> {
    Ok(pollster::block_on(client.connection().keys())?.with_store(store()?))
}

/// A prover whose key for a shape is in memory.
pub(crate) fn transfers(
    keys: &KeySet,
    (rules, shape): (RulesVersion, Shape),
    client: &Client,
    output: Output,
) -> Result<LocalProver, Failure> {
    let named = keys.keys_of(rules, shape)?;
    let label = obtain(keys, &named, client, output)?;
    let prover = keys.prover();
    prover.prepare(rules, shape, &mut Line::new(output, label))?;
    Ok(prover)
}

/// A prover for grants and packages.
pub(crate) fn disclosures(
    keys: &KeySet,
    client: &Client,
    output: Output,
) -> Result<DisclosureProver, Failure> {
    disclosures_of(keys, &Statement::NEEDED, client, output)
}

/// A prover for some statements of disclosure.
pub(crate) fn disclosures_of(
    keys: &KeySet,
    statements: &[Statement],
    client: &Client,
    output: Output,
) -> Result<DisclosureProver, Failure> {
    let mut label = String::new();
    for statement in statements {
        label = obtain(keys, &keys.newest(*statement)?, client, output)?;
    }
    Ok(keys.disclosure_prover(&mut Line::new(output, label))?)
}

/// A verifier for grants and packages.
pub(crate) fn disclosure_verifier(keys: &KeySet, client: &Client) -> Result<DisclosureVerifier, Failure> {
    Ok(pollster::block_on(client.connection().disclosure_verifier(keys))?)
}

/// Fetches a proving key if it is neither stored nor made here. Returns a name for the step that follows.
fn obtain(keys: &KeySet, key: &NamedKeys, client: &Client, output: Output) -> Result<String, Failure> {
    let circuit = key.circuit;
    if keys.is_at_hand(key)? {
        return Ok(format!("reading the proving key for {circuit}"));
    }
    if keys.is_made_here(key) {
        return Ok(format!("making the proving key for {circuit}, once for this machine"));
    }
    let mut line = Line::new(output, format!("fetching the proving key for {circuit}"));
    let bytes = pollster::block_on(client.connection().proving_key(key, &mut line))?;
    keys.add_proving(key, bytes, &mut Line::new(output, format!("expanding the proving key for {circuit}")))?;
    Ok(format!("reading the proving key for {circuit}"))
}

impl From<KeyFetchError> for Failure {
    fn from(error: KeyFetchError) -> Self {
        match error {
            KeyFetchError::Keys(error) => error.into(),
            KeyFetchError::Client(error) => error.into(),
            error => Self::node(error),
        }
    }
}

impl From<KeySetError> for Failure {
    fn from(error: KeySetError) -> Self {
        match error {
            KeySetError::Io { path, source } => crate::file::failed(&path, &source, "is not there"),
            KeySetError::Parameters(_) => Self::storage(error),
            KeySetError::DevelopmentChain | KeySetError::DevelopmentKey { .. } => {
                Self::new(Kind::Input, "keys_for_development", error)
            }
            KeySetError::NoVerifyingKey { .. } | KeySetError::NoProvingKey { .. } => {
                Self::new(Kind::Input, "keys_missing", error)
            }
            error => Self::new(Kind::Input, "keys_refused", error),
        }
    }
}

impl From<ParameterError> for Failure {
    fn from(error: ParameterError) -> Self {
        Self::storage(error)
    }
}
