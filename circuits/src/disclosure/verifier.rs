use std::{collections::BTreeMap, sync::Arc};

use louver_core::{
    disclosure::{AccountKeys, Claim, NoteClaim, Statement},
    proof::Proof,
};
use rayon::prelude::*;
use thiserror::Error;

use crate::{
    verifier::{self, ProofFault, ProofPoints},
    verifying_key::VerifyingKey,
};

/// Why a proof of a disclosure statement was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DisclosureVerifyError {
    /// The bytes are not a proof.
    #[error(transparent)]
    Fault(#[from] ProofFault),
    /// Not a proof of this statement.
    #[error("the proof does not show this statement")]
    Invalid,
    /// No rules version of the chain has keys for the statement.
    #[error("the chain has no keys for {0}")]
    NoKey(Statement),
}

/// A claim that was refused among several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusedClaim {
    /// Its place among them, from 0 on.
    pub index: usize,
    /// Why it was refused.
    pub error: DisclosureVerifyError,
}

/// Checks proofs of the statements behind disclosure with the keys of a chain. A [`KeySet`](crate::keyset::KeySet) makes
/// it.
#[derive(Debug)]
pub struct DisclosureVerifier {
    /// The keys of each statement, those of the newest rules version first.
    keys: BTreeMap<Statement, Vec<Arc<VerifyingKey>>>,
}

impl DisclosureVerifier {
    /// A verifier that accepts a proof under any of some keys.
    pub(crate) fn new(keys: BTreeMap<Statement, Vec<Arc<VerifyingKey>>>) -> Self {
        Self { keys }
    }

    /// Checks a proof of `[grant-keys]`.
    ///
    /// # Errors
    /// If it is not a proof of this statement under a key of the chain.
    pub fn verify_keys(&self, public: &AccountKeys, proof: &Proof) -> Result<(), DisclosureVerifyError> {
        self.verify(public.into(), proof)
    }

    /// Checks a proof of `[note-opening]`.
    ///
    /// # Errors
    /// If it is not a proof of this statement under a key of the chain.
    pub fn verify_note(&self, claim: &NoteClaim, proof: &Proof) -> Result<(), DisclosureVerifyError> {
        self.verify(claim.into(), proof)
    }

    /// Checks the proof of a claim.
    ///
    /// # Errors
    /// If it is not a proof of this claim under a key of the chain.
    pub fn verify(&self, claim: Claim<'_>, proof: &Proof) -> Result<(), DisclosureVerifyError> {
        let (keys, points) = (self.keys(claim.statement())?, ProofPoints::read(proof)?);
        let inputs = claim.to_scalars();
        let admitted = keys.iter().any(|key| key.prepared().admits(&points, &inputs));
        admitted.then_some(()).ok_or(DisclosureVerifyError::Invalid)
    }

    /// `[statement-batch]`: checks the proofs of many claims at once, of any statements: several times faster than one by one.
    ///
    /// # Errors
    /// Every claim that was refused, in their order.
    pub fn verify_all(&self, claims: &[(Claim<'_>, &Proof)]) -> Result<(), Vec<RefusedClaim>> {
        let read = |(claim, proof): &(Claim<'_>, &Proof)| {
            let keys = self.keys(claim.statement())?;
            let newest = keys.first().ok_or(DisclosureVerifyError::NoKey(claim.statement()))?;
            let read = verifier::Claim::new(newest.prepared(), ProofPoints::read(proof)?, claim.to_scalars());
            read.ok_or(DisclosureVerifyError::Invalid)
        };
        let (mut places, mut batch, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        let all: Vec<_> = claims.par_iter().map(read).collect();
        for (index, claim) in all.into_iter().enumerate() {
            match claim {
                Ok(claim) => {
                    places.push(index);
                    batch.push(claim);
                }
                Err(error) => refused.push(RefusedClaim { index, error }),
            }
        }
        // Under the newest key. A claim that it does not admit may have been proven under an older one.
        for at in verifier::invalid(&batch, usize::MAX) {
            let index = places[at];
            let (claim, proof) = &claims[index];
            if let Err(error) = self.verify(*claim, proof) {
                refused.push(RefusedClaim { index, error });
            }
        }
        refused.sort_by_key(|refused| refused.index);
        if refused.is_empty() { Ok(()) } else { Err(refused) }
    }

    fn keys(&self, statement: Statement) -> Result<&[Arc<VerifyingKey>], DisclosureVerifyError> {
        let keys = self.keys.get(&statement).filter(|keys| !keys.is_empty());
        keys.map(Vec::as_slice).ok_or(DisclosureVerifyError::NoKey(statement))
    }
}
