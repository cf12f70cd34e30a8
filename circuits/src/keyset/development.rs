use hex::FromHex;
use louver_core::{
    disclosure::Statement,
    ledger::{DisclosureTerms, KeyHashes, RulesTerms, ShapeTerms},
    pool::{PoolKind, RulesVersion},
};

use super::{KeySetError, NamedKeys};
use crate::{
    circuit::CircuitId,
    key_file::{ParameterPolicy, Provenance, pinned_key},
    pins, verifying_key,
};

/// The first rules version of a development chain without auditors: every shape of such pools, with the development keys of
/// this build.
///
/// # Errors
/// [`KeySetError::DevelopmentChain`] in production builds.
pub fn development_rules() -> Result<RulesTerms, KeySetError> {
    development_rules_of(PoolKind::Plain)
}

/// The same of a development chain whose pool is of a kind.
///
/// # Errors
/// [`KeySetError::DevelopmentChain`] in production builds.
pub fn development_rules_of(kind: PoolKind) -> Result<RulesTerms, KeySetError> {
    if !ParameterPolicy::BUILD.admits(Provenance::Development) {
        return Err(KeySetError::DevelopmentChain);
    }
    let shapes = kind.shapes().iter().copied();
    let shapes = shapes.map(|shape| ShapeTerms { shape, keys: hashes(shape.into()) }).collect();
    let keys = Statement::ALL.map(|statement| (statement, hashes(statement.into())));
    let disclosures = DisclosureTerms::new(keys).ok_or(KeySetError::DevelopmentChain)?;
    Ok(RulesTerms { version: RulesVersion::V1, from: 1, until: None, shapes, disclosures })
}

/// Whether one of the two is a development key of this build.
pub(super) fn is_named_in(key: &NamedKeys) -> bool {
    let ours = hashes(key.circuit);
    key.hashes.verifying == ours.verifying || key.hashes.proving == ours.proving
}

/// The built-in verifying key, if it is the one that is named and may be used.
pub(super) fn verifying_key(key: &NamedKeys, policy: ParameterPolicy) -> Option<&'static [u8]> {
    let bytes = verifying_key::development_bytes(key.circuit);
    let wanted = policy.admits(Provenance::Development) && verifying_key::hash(bytes) == key.hashes.verifying;
    wanted.then_some(bytes)
}

fn hashes(circuit: CircuitId) -> KeyHashes {
    // The pins are hexadecimal, as a test sees to.
    let verifying = <[u8; 32]>::from_hex(pins::of(circuit).verifying_key).unwrap_or_default();
    KeyHashes { verifying, proving: pinned_key(circuit) }
}
