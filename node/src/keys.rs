//! The verifying keys of a chain: those of this build, if the chain's genesis names them.

use louver_circuits::{
    key_file::ParameterPolicy,
    verifier::LocalVerifier,
    verifying_key::{KeyError, VerifyingKey},
};
use louver_core::{ledger::Genesis, shape::Shape};

use crate::node::NodeError;

/// The hashes of this build's verifying keys, by shape: what a genesis names.
///
/// # Errors
/// In production builds: there are development keys only.
pub fn hashes() -> Result<Vec<(Shape, [u8; 32])>, KeyError> {
    Shape::ALL.into_iter().map(|shape| Ok((shape, *key(shape)?.hash()))).collect()
}

/// A verifier with the keys that `genesis` names.
///
/// # Errors
/// [`NodeError::Keys`] where this build has none, [`NodeError::OtherKey`] where the chain names another.
pub fn verifier(genesis: &Genesis) -> Result<LocalVerifier, NodeError> {
    let mut verifier = LocalVerifier::new();
    for rules in &genesis.terms().rules {
        for terms in &rules.shapes {
            let key = key(terms.shape)?;
            if *key.hash() != terms.verifying_key {
                return Err(NodeError::OtherKey { version: rules.version.0, shape: terms.shape });
            }
            verifier.insert(rules.version, key);
        }
    }
    Ok(verifier)
}

fn key(shape: Shape) -> Result<VerifyingKey, KeyError> {
    VerifyingKey::development(shape, ParameterPolicy::BUILD)
}
