use louver_circuits::disclosure::{DisclosureProveError, DisclosureProver};
use louver_core::keys::{FullViewingKey, SpendAuthorizingKey};
use rand_core::CryptoRng;
use thiserror::Error;

use super::{Grant, ScopeKeys, codec::views};
use crate::{
    scope::Scope,
    signed::{Draft, DraftError, Terms, TermsError},
};

/// A request for a viewing grant.
#[derive(Clone, Debug)]
pub struct GrantRequest {
    /// For whom, for what and until when. The reader's `age` recipient is needed, as a grant is always sealed.
    pub terms: Terms,
    /// The directions and epochs that the grant opens.
    pub scope: Scope,
}

/// A grant that lacks its proofs and its signature.
pub type GrantDraft = Draft<ScopeKeys>;

/// Why a grant cannot be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IssueError {
    /// The terms are not ones on which a grant can be made.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// The signing key is another account's, or a proof is missing.
    #[error(transparent)]
    Signing(#[from] DraftError),
    /// The proof was not made.
    #[error(transparent)]
    Prove(#[from] DisclosureProveError),
}

impl GrantRequest {
    /// Makes the grant: takes the keys of the scope, proves that they are the account's, and signs. One proof for
    /// every 16 epochs begun.
    ///
    /// # Errors
    ///
    /// [`IssueError`] if the terms name no reader or say too much, if `signer` is another account's, or if no proof is
    /// made.
    pub fn issue<R: CryptoRng>(
        &self,
        viewing: &FullViewingKey,
        signer: &SpendAuthorizingKey,
        prover: &DisclosureProver,
        rng: &mut R,
    ) -> Result<Grant, IssueError> {
        let draft = self.draft(viewing, rng)?;
        let statements = draft.statements().iter();
        let proofs: Result<_, _> =
            statements.map(|statement| prover.prove_keys(statement, draft.opening())).collect();
        Ok(draft.sign(proofs?, signer, rng)?)
    }

    /// Makes all of the grant but its proofs and its signature, for a prover in another place.
    ///
    /// # Errors
    ///
    /// [`IssueError`] if the terms name no reader or say too much.
    pub fn draft<R: CryptoRng>(
        &self,
        viewing: &FullViewingKey,
        rng: &mut R,
    ) -> Result<GrantDraft, IssueError> {
        if let Some(demand) = self.terms.asked.demand() {
            demand.met_by_scope(&self.scope).map_err(TermsError::from)?;
        }
        let (about, opening) = self.terms.about::<ScopeKeys, R>(viewing, rng)?;
        let pool = about.pool_tag();
        let body = ScopeKeys {
            covers: views(self.scope.directions())
                .into_iter()
                .map(|view| viewing.cover(view, pool, self.scope.epochs()))
                .collect(),
            ..ScopeKeys::of(viewing, pool, self.scope)
        };
        let statements = body.statements(about.randomized(), pool);
        Ok(Draft::new((about, opening), body, statements))
    }
}
