use std::{collections::BTreeMap, sync::Arc};

use louver_core::{
    disclosure::{AccountKeys, Claim, NoteClaim, Statement},
    pool::RulesVersion,
    proof::Proof,
};
use rayon::prelude::*;
use thiserror::Error;

use crate::{
    keyset::Standing,
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
    /// It is a proof under a rules version that was stopped: what is proven under it may be made up.
    #[error(
        "the proof was made under rules version {} of the chain, which is stopped since block {since}: nothing that it \
         shows can be relied on any more. Ask the account's owner for a new one", rules.0
    )]
    Ended {
        /// The version.
        rules: RulesVersion,
        /// The first block without it.
        since: u32,
    },
    /// It is a proof under a rules version that does not count yet.
    #[error(
        "the proof was made under rules version {} of the chain, which counts from block {from}: wait for that block, or \
         ask the account's owner for a new one", rules.0
    )]
    NotYet {
        /// The version.
        rules: RulesVersion,
        /// The first block with it.
        from: u32,
    },
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
    /// Keys of rules versions that do not count.
    others: BTreeMap<Statement, Vec<OtherKey>>,
}

/// The key of a rules version that does not count. No proof holds by it.
#[derive(Debug)]
pub(crate) struct OtherKey {
    pub(crate) rules: RulesVersion,
    pub(crate) standing: Standing,
    pub(crate) key: Arc<VerifyingKey>,
}

impl DisclosureVerifier {
    /// A verifier that accepts a proof under any of some keys, and under none of the others.
    pub(crate) fn new(
        keys: BTreeMap<Statement, Vec<Arc<VerifyingKey>>>,
        others: BTreeMap<Statement, Vec<OtherKey>>,
    ) -> Self {
        Self { keys, others }
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
        if keys.iter().any(|key| key.prepared().admits(&points, &inputs)) {
            return Ok(());
        }
        let others = self.others.get(&claim.statement()).into_iter().flatten();
        let mut made_under = others.filter(|other| other.key.prepared().admits(&points, &inputs));
        Err(match made_under.next() {
            Some(OtherKey { rules, standing: Standing::Ended { since }, .. }) => {
                DisclosureVerifyError::Ended { rules: *rules, since: *since }
            }
            Some(OtherKey { rules, standing: Standing::NotYet { from }, .. }) => {
                DisclosureVerifyError::NotYet { rules: *rules, from: *from }
            }
            _ => DisclosureVerifyError::Invalid,
        })
    }

    /// `[statement-batch]`: checks the proofs of many claims at once, of any statements: several times faster than one by one.
    ///
    /// # Errors
    /// Every claim that was refused, in their order.
    pub fn verify_all(&self, claims: &[(Claim<'_>, &Proof)]) -> Result<(), Vec<RefusedClaim>> {
        let read = |(claim, proof): &(Claim<'_>, &Proof)| {
            let Some(newest) = self.keys(claim.statement())?.first() else {
                return Err(self.verify(*claim, proof).err().unwrap_or(DisclosureVerifyError::Invalid));
            };
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
        match self.keys.get(&statement) {
            Some(keys) => Ok(keys),
            None if self.others.contains_key(&statement) => Ok(&[]),
            None => Err(DisclosureVerifyError::NoKey(statement)),
        }
    }
}
