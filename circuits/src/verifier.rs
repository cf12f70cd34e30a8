//! `[proof-encoding]`, `[batch-verification]`: verification on this machine, one proof or many at once.
//!
//! A Groth16 proof is malleable: from one proof anyone makes others of the same statement, `(zA, B/z, C)` among them. So
//! nothing may depend on a proof's bytes but the proof: a transaction is known by its effects, and only a cache of
//! what has been verified by all its bytes.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use louver_core::{
    pool::RulesVersion,
    proof::{ProofItem, Verify, VerifyError},
};
use rand::{TryRng, rngs::SysRng};
use rayon::prelude::*;

use crate::{circuit::CircuitId, curve::ShortScalar, keyset::KeySet, verifying_key::VerifyingKey};

mod batch;
mod points;

use batch::Batch;
pub(crate) use batch::Claim;
pub(crate) use points::ProofPoints;
pub use points::{ProofElement, ProofFault, read_proof};

/// Checks proofs of transfers with the verifying keys of a chain, by rules version and circuit. A
/// [`KeySet`] makes it.
#[derive(Debug, Default)]
pub struct LocalVerifier {
    known: RwLock<Arc<Keys>>,
    /// Where the keys of versions come from that were added since.
    chain: Option<KeySet>,
}

type Keys = BTreeMap<(RulesVersion, CircuitId), Arc<VerifyingKey>>;

impl LocalVerifier {
    /// A verifier that finds the keys of a chain, also of rules versions that are added later.
    pub(crate) fn of(chain: KeySet) -> Self {
        Self { known: RwLock::default(), chain: Some(chain) }
    }

    /// Takes a key for some rules, in place of the one that it had for them and the key's circuit.
    pub(crate) fn insert(&self, rules: RulesVersion, key: Arc<VerifyingKey>) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut known).insert((rules, key.circuit()), key);
    }

    /// The keys for some items, as far as there are any.
    fn keys(&self, items: &[ProofItem<'_>]) -> Arc<Keys> {
        let known = || self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        let keys = known();
        let mut added = false;
        for item in items.iter().filter(|item| !keys.contains_key(&(item.rules, item.shape.into()))) {
            let Some(chain) = &self.chain else { break };
            let named = chain.keys_of(item.rules, item.shape);
            if let Ok(key) = named.and_then(|named| chain.verifying(&named)) {
                self.insert(item.rules, key);
                added = true;
            }
        }
        if added { known() } else { keys }
    }

    /// Reads every item, on as many threads as there are: what each claims, or its fault.
    fn read<'k>(keys: &'k Keys, items: &[ProofItem<'_>]) -> Vec<Result<Claim<'k>, VerifyError>> {
        let read = |(index, item): (usize, &ProofItem<'_>)| {
            let key = keys.get(&(item.rules, item.shape.into())).ok_or(VerifyError::NoKey { index })?;
            let invalid = VerifyError::Invalid { index };
            let points = ProofPoints::read(item.proof).map_err(|_| invalid)?;
            Claim::new(key.prepared(), points, item.public.to_scalars().into()).ok_or(invalid)
        };
        items.par_iter().enumerate().map(read).collect()
    }
}

impl Verify for LocalVerifier {
    fn verify(&self, items: &[ProofItem<'_>]) -> Result<(), VerifyError> {
        let keys = self.keys(items);
        let (mut claims, mut fault) = (Vec::with_capacity(items.len()), None);
        for read in Self::read(&keys, items) {
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
        let keys = self.keys(items);
        let (mut claims, mut places, mut faults) = (Vec::new(), Vec::new(), Vec::new());
        for (index, read) in Self::read(&keys, items).into_iter().enumerate() {
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
pub(crate) fn invalid(claims: &[Claim<'_>], most: usize) -> Vec<usize> {
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
