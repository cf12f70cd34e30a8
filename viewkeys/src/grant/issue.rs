use core::fmt;

use louver_circuits::disclosure::{DisclosureProveError, DisclosureProver};
use louver_core::{
    disclosure::{AccountKeys, AccountOpening, EPOCHS_PER_PROOF, Randomized},
    keys::{FullViewingKey, SigningError, SpendAuthorizingKey, SpendSignature},
    pool::{GenesisHash, PoolId, PoolTag},
    proof::Proof,
    text::without_space,
};
use rand_core::CryptoRng;
use thiserror::Error;

use super::{
    Grant, GrantedKeys, MAX_PURPOSE, MAX_RECIPIENT, claim, codec::views, signing_message, statement,
};
use crate::{account::random_alpha, scope::Scope};

/// A request for a viewing grant.
#[derive(Clone, Debug)]
pub struct GrantRequest {
    /// The chain.
    pub genesis: GenesisHash,
    /// The pool.
    pub pool: PoolId,
    /// The directions and epochs that the grant opens.
    pub scope: Scope,
    /// The reader's `age` recipient, which the grant will be sealed to.
    pub recipient: String,
    /// The purpose, in the account's words: at most 512 bytes.
    pub purpose: String,
}

/// Why a grant cannot be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IssueError {
    /// The recipient or the purpose is too long.
    #[error("the {0} is too long")]
    TextTooLong(&'static str),
    /// The recipient is not an `age` X25519 recipient (`age1...`), so the grant could be sealed to nobody.
    #[error("the recipient is not an age recipient (age1...)")]
    Recipient,
    /// The signing key is another account's.
    #[error("the signing key is not this account's")]
    Signing(#[from] SigningError),
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
    /// [`IssueError`] if the request names no reader or says too much, if `signer` is another account's, or if no proof is
    /// made.
    pub fn issue<R: CryptoRng>(
        &self,
        viewing: &FullViewingKey,
        signer: &SpendAuthorizingKey,
        prover: &DisclosureProver,
        rng: &mut R,
    ) -> Result<Grant, IssueError> {
        let draft = self.draft(viewing, rng)?;
        let statements = draft.statements.iter();
        let proofs: Result<_, _> =
            statements.map(|statement| prover.prove_keys(statement, &draft.opening)).collect();
        Ok(draft.sign(proofs?, signer, rng)?)
    }

    /// Makes all of the grant but its proofs and its signature, for a prover in another place.
    ///
    /// # Errors
    ///
    /// [`IssueError`] if the request names no reader or says too much.
    pub fn draft<R: CryptoRng>(
        &self,
        viewing: &FullViewingKey,
        rng: &mut R,
    ) -> Result<GrantDraft, IssueError> {
        let recipient = without_space(&self.recipient);
        if recipient.len() > MAX_RECIPIENT {
            return Err(IssueError::TextTooLong("recipient"));
        }
        if self.purpose.len() > MAX_PURPOSE {
            return Err(IssueError::TextTooLong("purpose"));
        }
        if self.recipient.parse::<age::x25519::Recipient>().is_err() {
            return Err(IssueError::Recipient);
        }
        let pool = PoolTag::new(&self.genesis, self.pool);
        let epochs = self.scope.epochs();
        let flags = self.scope.directions().key_flags();
        let keys: Vec<_> = epochs
            .iter()
            .map(|epoch| {
                let keys = viewing.epoch_keys(pool, epoch);
                GrantedKeys {
                    external_tag: flags.external_tag.then_some(keys.external_tag),
                    internal_tag: flags.internal_tag.then_some(keys.internal_tag),
                    nullifier: flags.nullifier.then_some(keys.nullifier),
                    detection: flags.detection.then_some(keys.detection),
                }
            })
            .collect();
        let (opening, rk) = random_alpha(viewing, rng);
        let id = viewing.account_id(pool);
        let account = Randomized { aid: id.to_scalar(), rk: rk.coordinates() };
        let claims: Vec<_> = epochs.iter().zip(&keys).map(claim).collect();
        let statements =
            claims.chunks(EPOCHS_PER_PROOF).map(|chunk| statement(account, pool, chunk)).collect();
        let covers = views(self.scope.directions())
            .into_iter()
            .map(|view| viewing.cover(view, pool, epochs))
            .collect();
        let grant = Grant {
            genesis: self.genesis,
            pool: self.pool,
            account: id,
            scope: self.scope,
            recipient: recipient.into_owned(),
            purpose: self.purpose.clone(),
            covers,
            keys,
            rk,
            proofs: Vec::new(),
            signature: SpendSignature::from_array([0; 64]),
        };
        Ok(GrantDraft { grant, statements, opening })
    }
}

/// A grant that lacks its proofs and its signature. It holds secrets of the account; its `Debug` shows nothing.
pub struct GrantDraft {
    grant: Grant,
    statements: Vec<AccountKeys>,
    opening: AccountOpening,
}

impl GrantDraft {
    /// The statements to prove.
    pub fn statements(&self) -> &[AccountKeys] {
        &self.statements
    }

    /// The witness of each statement.
    pub fn opening(&self) -> &AccountOpening {
        &self.opening
    }

    /// Signs the grant with its proofs: one for each statement, in their order.
    ///
    /// # Errors
    ///
    /// [`SigningError`] if `signer` is another account's.
    pub fn sign<R: CryptoRng>(
        self,
        proofs: Vec<Proof>,
        signer: &SpendAuthorizingKey,
        rng: &mut R,
    ) -> Result<Grant, SigningError> {
        let mut grant = Grant { proofs, ..self.grant };
        let message = signing_message(&grant.contents());
        grant.signature = signer.sign(self.opening.alpha.expose(), &grant.rk, &message, rng)?;
        Ok(grant)
    }
}

impl fmt::Debug for GrantDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GrantDraft(..)")
    }
}
