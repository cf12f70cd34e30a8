//! `[grant]`: viewing grants. Scope is enforced by what the keys in a grant *are*: for anything outside its directions
//! and epochs there is no key in it.

mod codec;
mod issue;

use louver_circuits::disclosure::{DisclosureVerifier, DisclosureVerifyError};
use louver_core::{
    address::Address,
    disclosure::{AccountKeys, EPOCHS_PER_PROOF, EpochClaim, Randomized},
    epoch::Epoch,
    keys::{
        DetectionKey, Direction, FullViewingKey, GgmCover, IncomingViewingKey, NullifierKey,
        OutgoingViewingKey, TagKey, View,
    },
    pool::PoolTag,
    proof::Proof,
    secret::Secret,
    spec::Fr,
};
use thiserror::Error;

pub use issue::{GrantDraft, GrantRequest, IssueError};

use crate::{
    scope::Scope,
    signed::{Binding, EnvelopeError, Reading, Signed},
};

/// A viewing grant: keys of one account for the directions and epochs of a scope, for one reader, with proofs that
/// tie them to the account's id. A secret of the reader's.
pub type Grant = Signed<ScopeKeys>;

/// The body of a grant: the keys of a scope, and the proofs that they are the account's.
pub struct ScopeKeys {
    scope: Scope,
    covers: Vec<GgmCover>,
    keys: Vec<GrantedKeys>,
    proofs: Vec<Proof>,
}

/// The keys of one epoch in a grant, beside the covers.
#[derive(Clone)]
pub(crate) struct GrantedKeys {
    pub(crate) external_tag: Option<TagKey>,
    pub(crate) internal_tag: Option<TagKey>,
    pub(crate) nullifier: Option<NullifierKey>,
    pub(crate) detection: Option<DetectionKey>,
}

/// Why a grant is not what it says.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum GrantError {
    /// The file is not for this reader, or not signed.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The keys of some epochs are not those of the account: a proof does not hold.
    #[error("the grant's keys are not proven to be the account's: nothing that they show can be relied on")]
    Unproven {
        /// The first epoch that the proof is for.
        first: u16,
        /// The last epoch that the proof is for.
        last: u16,
    },
    /// The proofs are of rules of the chain that do not count.
    #[error(transparent)]
    Rules(DisclosureVerifyError),
}

impl GrantError {
    /// A proof of the keys of some epochs that does not hold.
    pub(crate) fn of(error: DisclosureVerifyError, (first, last): (u16, u16)) -> Self {
        match error {
            DisclosureVerifyError::Ended { .. } | DisclosureVerifyError::NotYet { .. } => Self::Rules(error),
            _ => Self::Unproven { first, last },
        }
    }
}

impl Grant {
    /// Its scope: the directions and epochs that it opens.
    pub fn scope(&self) -> &Scope {
        &self.body.scope
    }

    /// The key that reads notes received at the account's addresses of an epoch in scope, if it is granted.
    pub fn incoming(&self, epoch: Epoch) -> Option<IncomingViewingKey> {
        self.receiving(Direction::External, epoch)
    }

    /// The key that reads the account's change of an epoch in scope, if it is granted.
    pub fn change(&self, epoch: Epoch) -> Option<IncomingViewingKey> {
        self.receiving(Direction::Internal, epoch)
    }

    /// The key that reads what the account sent in an epoch in scope, if it is granted.
    pub fn outgoing(&self, epoch: Epoch) -> Option<OutgoingViewingKey> {
        let leaf = self.cover(View::Outgoing)?.leaf(epoch)?;
        Some(OutgoingViewingKey::new(self.pool(), epoch, &leaf))
    }

    /// The key that tells spends of notes of an epoch in scope, if it is granted.
    pub fn nullifier_key(&self, epoch: Epoch) -> Option<&NullifierKey> {
        self.granted(epoch)?.nullifier.as_ref()
    }

    /// The key that tells the account's transactions of an epoch in scope, if it is granted.
    pub fn detection_key(&self, epoch: Epoch) -> Option<&DetectionKey> {
        self.granted(epoch)?.detection.as_ref()
    }

    /// Whether an address of an epoch in scope is known as the account's. No key shows that an address is not: the payer of a
    /// note states its `pk_d`, and may state another one beside an owner tag of her own, with which she spends the note.
    pub(crate) fn knows_as_own(&self, address: &Address) -> bool {
        let Some(keys) = self.granted(address.epoch()) else { return false };
        let mut tags = [&keys.external_tag, &keys.internal_tag].into_iter().flatten();
        tags.any(|key| key.owner_tag(address.pk_d()) == address.tag())
    }

    fn receiving(&self, direction: Direction, epoch: Epoch) -> Option<IncomingViewingKey> {
        let leaf = self.cover(direction.view())?.leaf(epoch)?;
        let keys = self.granted(epoch)?;
        let tag = match direction {
            Direction::External => keys.external_tag.clone()?,
            Direction::Internal => keys.internal_tag.clone()?,
        };
        Some(IncomingViewingKey::new(self.pool(), epoch, &leaf, tag))
    }

    fn cover(&self, view: View) -> Option<&GgmCover> {
        self.body.covers.iter().find(|cover| cover.view() == view)
    }

    fn granted(&self, epoch: Epoch) -> Option<&GrantedKeys> {
        self.body.keys.get(self.body.scope.index(epoch)?)
    }

    /// Checks that the grant is for this reader, chain and pool, that its keys are the account's, and that the account signed
    /// it. [`crate::report`] says what a checked grant guarantees.
    ///
    /// # Errors
    /// [`GrantError`].
    pub fn verify(&self, reading: &Reading, verifier: &DisclosureVerifier) -> Result<Binding, GrantError> {
        let binding = self.check(reading)?;
        if let Some(demand) = reading.asked.demand() {
            demand.met_by_scope(&self.body.scope).map_err(EnvelopeError::from)?;
        }
        let statements = self.body.statements(self.about.randomized(), self.pool());
        for ((first, last), (statement, proof)) in
            self.body.spans().zip(statements.iter().zip(&self.body.proofs))
        {
            verifier.verify_keys(statement, proof).map_err(|error| GrantError::of(error, (first, last)))?;
        }
        Ok(binding)
    }
}

impl ScopeKeys {
    /// An account's keys of a scope, without covers and proofs.
    pub(crate) fn of(viewing: &FullViewingKey, pool: PoolTag, scope: Scope) -> Self {
        let flags = scope.directions().key_flags();
        let keys = scope.epochs().iter().map(|epoch| {
            let keys = viewing.epoch_keys(pool, epoch);
            GrantedKeys {
                external_tag: flags.external_tag.then_some(keys.external_tag),
                internal_tag: flags.internal_tag.then_some(keys.internal_tag),
                nullifier: flags.nullifier.then_some(keys.nullifier),
                detection: flags.detection.then_some(keys.detection),
            }
        });
        Self { scope, covers: Vec::new(), keys: keys.collect(), proofs: Vec::new() }
    }

    /// Its directions and epochs.
    pub(crate) fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Its keys, without the covers and the proofs.
    pub(crate) fn bare(&self) -> Self {
        Self { scope: self.scope, covers: Vec::new(), keys: self.keys.clone(), proofs: Vec::new() }
    }

    /// One proof for each of [`Self::statements`].
    pub(crate) fn proofs(&self) -> &[Proof] {
        &self.proofs
    }

    /// Everything that has to be proven of them.
    pub(crate) fn statements(&self, account: Randomized, pool: PoolTag) -> Vec<AccountKeys> {
        let claims: Vec<_> = self.scope.epochs().iter().zip(&self.keys).map(claim).collect();
        claims.chunks(EPOCHS_PER_PROOF).map(|chunk| statement(account, pool, chunk)).collect()
    }

    /// The first and the last epoch of each of [`Self::statements`].
    pub(crate) fn spans(&self) -> impl Iterator<Item = (u16, u16)> + use<> {
        let (first, last) = (self.scope.epochs().first().0, self.scope.epochs().last().0);
        let begins = (first..=last).step_by(EPOCHS_PER_PROOF);
        let ends = (first..=last).skip(EPOCHS_PER_PROOF - 1).step_by(EPOCHS_PER_PROOF);
        begins.zip(ends.chain(core::iter::once(last)))
    }
}

/// The claim that the keys of one epoch make.
fn claim((epoch, keys): (Epoch, &GrantedKeys)) -> EpochClaim {
    let shown = |key: Option<&Secret<Fr>>| key.map(|key| *key.expose());
    EpochClaim {
        epoch,
        external_tag: shown(keys.external_tag.as_ref().map(TagKey::to_scalar)),
        internal_tag: shown(keys.internal_tag.as_ref().map(TagKey::to_scalar)),
        nullifier: shown(keys.nullifier.as_ref().map(NullifierKey::to_scalar)),
        detection: shown(keys.detection.as_ref().map(DetectionKey::to_scalar)),
    }
}

/// `[grant-keys]` for the epochs of a chunk, which has one at least and no more than a proof speaks of.
fn statement(account: Randomized, pool: PoolTag, chunk: &[EpochClaim]) -> AccountKeys {
    let claims = AccountKeys::filled(chunk).expect("a chunk of at least one and at most 16 epochs");
    AccountKeys { account, pool, claims }
}

#[cfg(test)]
mod tests;
