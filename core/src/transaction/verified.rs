//! `[ledger-stateless]`: the last stage: transactions whose proof and signature were checked.

use rand_core::CryptoRng;
use redjubjub::{Signature, SpendAuth, VerificationKeyBytes, batch};
use thiserror::Error;

use super::{CacheKey, SigHash, Transaction, TxContext, TxId, WtxId};
use crate::{
    proof::{ProofItem, Verify, VerifyError},
    statement::TransferPublic,
};

/// A transaction whose proof and signature hold in its context: the only kind that a ledger applies.
///
/// What depends on the ledger's state (anchor, nullifiers, epoch, turnstile) is for the ledger to check.
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

    /// What the verification may be remembered under.
    pub fn cache_key(&self) -> CacheKey {
        CacheKey { wtxid: self.wtxid, rules: self.transaction.effects().rules() }
    }

    /// Takes a transaction as verified that nobody verified: for tests of ledgers.
    #[cfg(any(test, feature = "testing"))]
    pub fn unchecked(transaction: Transaction, context: TxContext) -> Self {
        Self::new(transaction, context)
    }

    fn new(transaction: Transaction, context: TxContext) -> Self {
        let (txid, wtxid) = (transaction.txid(&context), transaction.wtxid(&context));
        Self { transaction, context, txid, wtxid }
    }
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
        let public = self.public_inputs(context.pool_tag(self.effects.pool()));
        verifier.verify(&[proof_item(&self, &public)])?;
        Ok(Verified::new(self, context))
    }
}

/// Checks the signatures and proofs of many transactions, each in its context, at much less than the cost of each alone.
///
/// All are verified or none is: the error names one that is to be left out. What is verified here is verified by
/// [`Transaction::verify`] too, and the reverse.
pub fn verify_batch(
    transactions: Vec<(Transaction, TxContext)>,
    verifier: &dyn Verify,
    rng: impl CryptoRng,
) -> Result<Vec<Verified>, Refused> {
    let sighashes: Vec<SigHash> =
        transactions.iter().map(|(tx, context)| tx.effects.sighash(context)).collect();
    let mut signatures = batch::Verifier::new();
    for ((transaction, _), sighash) in transactions.iter().zip(&sighashes) {
        let key = VerificationKeyBytes::<SpendAuth>::from(transaction.effects.rk.to_array());
        let signature = Signature::<SpendAuth>::from(transaction.authorization.signature().to_array());
        signatures.queue((key, signature, &sighash.0));
    }
    if signatures.verify(rng).is_err() {
        let mut each = transactions.iter().zip(&sighashes);
        let index = each.position(|((transaction, _), sighash)| !is_signed(transaction, sighash));
        // Both checks multiply by the cofactor, so a batch fails only where one of its signatures does.
        return Err(Refused::Signature { index: index.unwrap_or_default() });
    }
    let publics: Vec<TransferPublic> = transactions
        .iter()
        .map(|(tx, context)| tx.public_inputs(context.pool_tag(tx.effects.pool())))
        .collect();
    let items: Vec<ProofItem<'_>> =
        transactions.iter().zip(&publics).map(|((tx, _), public)| proof_item(tx, public)).collect();
    verifier.verify(&items)?;
    Ok(transactions.into_iter().map(|(transaction, context)| Verified::new(transaction, context)).collect())
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
