//! `[proof-encoding]`, `[batch-verification]`: verification on this machine, one proof or many at once.
//!
//! A Groth16 proof is malleable: from one proof anyone makes others of the same statement, `(zA, B/z, C)` among them. So
//! nothing may depend on a proof's bytes but the proof: a transaction is known by its effects, and only a cache of
//! what has been verified by all its bytes.

use std::{collections::BTreeMap, sync::Arc};

use louver_core::{
    pool::RulesVersion,
    proof::{ProofItem, Verify, VerifyError},
};
use rand::{TryRng, rngs::SysRng};
use rayon::prelude::*;

use crate::{circuit::CircuitId, curve::ShortScalar, verifying_key::VerifyingKey};

mod batch;
mod points;

use batch::{Batch, Claim};
pub(crate) use points::ProofPoints;
pub use points::{ProofElement, ProofFault, read_proof};

/// Checks proofs of transfers with the verifying keys of a chain, by rules version and circuit. A
/// [`KeySet`](crate::keyset::KeySet) makes it.
#[derive(Debug, Default)]
pub struct LocalVerifier {
    keys: BTreeMap<(RulesVersion, CircuitId), Arc<VerifyingKey>>,
}

impl LocalVerifier {
    /// A verifier without keys.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Takes a key for some rules, in place of the one that it had for them and the key's circuit.
    pub(crate) fn insert(&mut self, rules: RulesVersion, key: Arc<VerifyingKey>) {
        self.keys.insert((rules, key.circuit()), key);
    }

    /// Reads every item, on as many threads as there are: what each claims, or its fault.
    fn read(&self, items: &[ProofItem<'_>]) -> Vec<Result<Claim<'_>, VerifyError>> {
        let read = |(index, item): (usize, &ProofItem<'_>)| {
            let key = self.keys.get(&(item.rules, item.shape.into())).ok_or(VerifyError::NoKey { index })?;
            let invalid = VerifyError::Invalid { index };
            let points = ProofPoints::read(item.proof).map_err(|_| invalid)?;
            Claim::new(key.prepared(), points, item.public.to_scalars()).ok_or(invalid)
        };
        items.par_iter().enumerate().map(read).collect()
    }
}

impl Verify for LocalVerifier {
    fn verify(&self, items: &[ProofItem<'_>]) -> Result<(), VerifyError> {
        let (mut claims, mut fault) = (Vec::with_capacity(items.len()), None);
        for read in self.read(items) {
            match read {
                Ok(claim) => claims.push(claim),
                Err(error) => {
                    // An earlier claim may be invalid too, and later ones do not matter.
                    fault = Some(error);
                    break;
                }
            }
        }
        match (invalid(&claims, 1).first(), fault) {
            (Some(&index), _) => Err(VerifyError::Invalid { index }),
            (None, Some(error)) => Err(error),
            (None, None) => Ok(()),
        }
    }

    fn faults(&self, items: &[ProofItem<'_>]) -> Vec<VerifyError> {
        let (mut claims, mut places, mut faults) = (Vec::new(), Vec::new(), Vec::new());
        for (index, read) in self.read(items).into_iter().enumerate() {
            match read {
                Ok(claim) => {
                    claims.push(claim);
                    places.push(index);
                }
                Err(error) => faults.push(error),
            }
        }
        let invalid = invalid(&claims, usize::MAX);
        faults.extend(invalid.into_iter().map(|at| VerifyError::Invalid { index: places[at] }));
        faults.sort_by_key(VerifyError::index);
        faults
    }
}

/// The places of the claims that do not hold, in order, `most` of them at the most.
fn invalid(claims: &[Claim<'_>], most: usize) -> Vec<usize> {
    match multipliers(claims.len()) {
        Some(multipliers) if claims.len() > 1 => Batch::new(claims, multipliers).invalid(most),
        // A single claim needs no multipliers. If the system has no randomness to draw them from, each claim is checked
        // by itself.
        _ => {
            let places = claims.iter().enumerate().filter(|(_, claim)| !claim.holds());
            places.map(|(at, _)| at).take(most).collect()
        }
    }
}

/// `[batch-verification]`: multipliers from the operating system; none if it has no randomness.
fn multipliers(count: usize) -> Option<Vec<ShortScalar>> {
    let mut bytes = vec![[0u8; 16]; count];
    SysRng.try_fill_bytes(bytes.as_flattened_mut()).ok()?;
    bytes
        .into_iter()
        .map(|mut bytes| {
            loop {
                // Zero would leave a proof out.
                if let Some(multiplier) = ShortScalar::from_bytes(bytes) {
                    return Some(multiplier);
                }
                SysRng.try_fill_bytes(&mut bytes).ok()?;
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
