//! `[ledger-stateless]`: the last stage: transactions whose proof and signature were checked.

use rand_core::CryptoRng;
use thiserror::Error;

use super::{CacheKey, SigHash, Transaction, TxContext, TxId, WtxId};
use crate::{
    keys::{SignedMessage, invalid_signatures},
    parallel::map,
    proof::{ProofItem, Verify, VerifyError},
    statement::TransferPublic,
};

/// A transaction whose proof and signature hold in its context: the only kind that a ledger applies.
///
/// The ledger checks everything that depends on its state: anchor, nullifiers, epoch, turnstile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    transaction: Transaction,
    context: TxContext,
    txid: TxId,
    wtxid: WtxId,
}

impl Verified {
    /// The transaction.
    pub fn transaction(&self) -> &Transaction {
        &self.transaction
    }

    /// The context it was verified in. A ledger whose registry says otherwise by now must verify it again.
    pub fn context(&self) -> &TxContext {
        &self.context
    }

    /// The id of its effects.
    pub fn txid(&self) -> TxId {
        self.txid
    }

    /// The id of its very bytes.
    pub fn wtxid(&self) -> WtxId {
        self.wtxid
    }

    /// The key under which the verification may be remembered.
    pub fn cache_key(&self) -> CacheKey {
        CacheKey::of(&self.transaction, self.wtxid, &self.context)
    }

    /// Takes a transaction as verified that nobody verified: for tests of ledgers.
    #[cfg(any(test, feature = "testing"))]
    pub fn unchecked(transaction: Transaction, context: TxContext) -> Self {
        Self::new(transaction, context)
    }

    fn new(transaction: Transaction, context: TxContext) -> Self {
        let (txid, wtxid) = ids(&transaction, &context);
        Self { transaction, context, txid, wtxid }
    }
}

fn ids(transaction: &Transaction, context: &TxContext) -> (TxId, WtxId) {
    let txid = transaction.txid(context);
    (txid, transaction.wtxid_of(&txid))
}

/// Why a transaction was refused, and which.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Refused {
    /// The signature is not one of the effects, in this context, under `rk`.
    #[error("the signature of transaction {index} is not valid")]
    Signature {
        /// Its place in the batch.
        index: usize,
    },
    /// The proof does not show the statement for the effects.
    #[error("transaction refused: {0}")]
    Proof(#[from] VerifyError),
}

impl Refused {
    /// The same, said of another place.
    #[must_use]
    pub fn at(self, index: usize) -> Self {
        match self {
            Self::Signature { .. } => Self::Signature { index },
            Self::Proof(error) => Self::Proof(error.at(index)),
        }
    }

    /// The place in the batch of the transaction that was refused.
    pub fn index(&self) -> usize {
        match self {
            Self::Signature { index } => *index,
            Self::Proof(error) => error.index(),
        }
    }
}

impl Transaction {
    /// Checks signature and proof in a context.
    pub fn verify(self, context: TxContext, verifier: &dyn Verify) -> Result<Verified, Refused> {
        let sighash = self.effects.sighash(&context);
        if !is_signed(&self, &sighash) {
            return Err(Refused::Signature { index: 0 });
        }
        let public = self.public_inputs(context.pool_tag(self.effects.pool()), context.auditor);
        verifier.verify(&[proof_item(&self, &public)])?;
        Ok(Verified::new(self, context))
    }
}

/// `[batch-verification]`: checks the signatures and proofs of many transactions, each in its context, at much less
/// than the cost of checking each by itself.
///
/// All are verified or none is: the error is that of the first that [`Transaction::verify`] would refuse, with its
/// place.
pub fn verify_batch(
    transactions: Vec<(Transaction, TxContext)>,
    verifier: &dyn Verify,
    rng: impl CryptoRng,
) -> Result<Vec<Verified>, Refused> {
    let claims = map(&transactions, Claims::new);
    let unsigned = invalid_signatures(&signed_messages(&transactions, &claims), 1, rng).first().copied();
    // Proofs beyond a wrong signature are not asked for.
    let signed = unsigned.unwrap_or(transactions.len());
    let items: Vec<ProofItem<'_>> =
        transactions.iter().zip(&claims).take(signed).map(|((tx, _), claims)| claims.item(tx)).collect();
    verifier.verify(&items)?;
    if let Some(index) = unsigned {
        return Err(Refused::Signature { index });
    }
    let ids = map(&transactions, |(transaction, context)| ids(transaction, context));
    let verified = transactions.into_iter().zip(ids);
    Ok(verified
        .map(|((transaction, context), (txid, wtxid))| Verified { transaction, context, txid, wtxid })
        .collect())
}

/// The same, for callers that go on with the valid ones: an answer for each transaction, the same as that of
/// [`Transaction::verify`].
pub fn verify_each(
    transactions: Vec<(Transaction, TxContext)>,
    verifier: &dyn Verify,
    rng: impl CryptoRng,
) -> Vec<Result<Verified, Refused>> {
    let claims = map(&transactions, Claims::new);
    let mut refused: Vec<Option<Refused>> = vec![None; transactions.len()];
    for index in invalid_signatures(&signed_messages(&transactions, &claims), usize::MAX, rng) {
        refused[index] = Some(Refused::Signature { index: 0 });
    }
    let signed: Vec<usize> = (0..transactions.len()).filter(|index| refused[*index].is_none()).collect();
    let items: Vec<ProofItem<'_>> =
        signed.iter().map(|&index| claims[index].item(&transactions[index].0)).collect();
    for error in verifier.faults(&items) {
        refused[signed[error.index()]] = Some(Refused::Proof(error.at(0)));
    }
    let answers = transactions.into_iter().zip(refused);
    answers
        .map(|((transaction, context), refused)| {
            refused.map_or_else(|| Ok(Verified::new(transaction, context)), Err)
        })
        .collect()
}

/// The statements that a transaction's signature and proof should prove.
struct Claims {
    sighash: SigHash,
    public: TransferPublic,
}

impl Claims {
    fn new((transaction, context): &(Transaction, TxContext)) -> Self {
        let sighash = transaction.effects.sighash(context);
        let pool = context.pool_tag(transaction.effects.pool());
        Self { sighash, public: transaction.public_inputs(pool, context.auditor) }
    }

    fn item<'a>(&'a self, transaction: &'a Transaction) -> ProofItem<'a> {
        proof_item(transaction, &self.public)
    }
}

fn signed_messages<'a>(
    transactions: &'a [(Transaction, TxContext)],
    claims: &'a [Claims],
) -> Vec<SignedMessage<'a>> {
    let each = transactions.iter().zip(claims);
    each.map(|((transaction, _), claims)| SignedMessage {
        key: &transaction.effects.rk,
        message: &claims.sighash.0,
        signature: transaction.authorization.signature(),
    })
    .collect()
}

fn is_signed(transaction: &Transaction, sighash: &SigHash) -> bool {
    transaction.effects.rk.verify(&sighash.0, transaction.authorization.signature()).is_ok()
}

fn proof_item<'a>(transaction: &'a Transaction, public: &'a TransferPublic) -> ProofItem<'a> {
    ProofItem {
        rules: transaction.effects.rules(),
        shape: transaction.effects.shape(),
        public,
        proof: transaction.authorization.proof(),
    }
}
