//! The stages between a plan and a transaction. Each holds only what is needed to leave it.

use core::fmt;

use rand_core::CryptoRng;

use super::{Authorization, Effects, SigHash, Transaction, TxContext, TxId, plan::BuildError};
use crate::{
    keys::{SigningError, SpendAuthorizingKey, SpendSignature},
    note::NoteCommitment,
    proof::{Progress, Proof, Prove, ProveError},
    secret::Secret,
    spec::Fj,
    statement::{TransferPublic, TransferWitness, holds},
    tree::{Anchor, MerklePath},
};

/// A request to a signer: effects, their context, and `alpha`. The signer may sign before, while or after others prove.
#[derive(Clone)]
pub struct SigningRequest {
    effects: Effects,
    context: TxContext,
    alpha: Secret<Fj>,
}

impl SigningRequest {
    pub(super) fn new(effects: Effects, context: TxContext, alpha: Secret<Fj>) -> Self {
        Self { effects, context, alpha }
    }

    /// The effects to sign.
    pub fn effects(&self) -> &Effects {
        &self.effects
    }

    /// The context in which it is signed.
    pub fn context(&self) -> &TxContext {
        &self.context
    }

    /// The id that the transaction will have.
    pub fn txid(&self) -> TxId {
        self.effects.txid(&self.context)
    }

    /// The hash that is signed.
    pub fn sighash(&self) -> SigHash {
        self.effects.sighash(&self.context)
    }

    /// Re-randomises the account's key. Anybody who knows it can link the transaction to the account.
    pub fn alpha(&self) -> &Secret<Fj> {
        &self.alpha
    }

    /// Signs. The key works `rk` out anew from `alpha`, and refuses to sign under any other.
    pub fn sign(
        &self,
        key: &SpendAuthorizingKey,
        rng: &mut impl CryptoRng,
    ) -> Result<SpendSignature, SigningError> {
        key.sign(self.alpha.expose(), &self.effects.rk, &self.sighash().0, rng)
    }
}

impl fmt::Debug for SigningRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningRequest({}, ..)", self.txid())
    }
}

/// A transaction that can be proven and signed, in either order.
#[derive(Clone)]
pub struct Built {
    request: SigningRequest,
    public: TransferPublic,
    witness: TransferWitness,
    leaves: Vec<Option<NoteCommitment>>,
}

impl Built {
    pub(super) fn new(
        request: SigningRequest,
        public: TransferPublic,
        witness: TransferWitness,
        leaves: Vec<Option<NoteCommitment>>,
    ) -> Self {
        Self { request, public, witness, leaves }
    }

    /// The request to the signer.
    pub fn signing_request(&self) -> &SigningRequest {
        &self.request
    }

    /// The transaction's effects.
    pub fn effects(&self) -> &Effects {
        &self.request.effects
    }

    /// The id that it will have.
    pub fn txid(&self) -> TxId {
        self.request.txid()
    }

    /// The statement's public inputs.
    pub fn public(&self) -> &TransferPublic {
        &self.public
    }

    /// The statement's witness.
    pub fn witness(&self) -> &TransferWitness {
        &self.witness
    }

    /// The commitment of the note that an input spends; `None` for a dummy.
    pub fn leaf(&self, input: usize) -> Option<NoteCommitment> {
        self.leaves.get(input).copied().flatten()
    }

    /// The same effects under another anchor: signatures stay valid. `paths` gives each spent note's path to it.
    pub fn under(
        mut self,
        anchor: Anchor,
        paths: impl Fn(NoteCommitment) -> Option<MerklePath>,
    ) -> Result<Self, BuildError> {
        for (spend, leaf) in self.leaves.iter().enumerate() {
            let Some(leaf) = *leaf else { continue };
            let path = paths(leaf).filter(|path| path.root(leaf) == anchor);
            self.witness.inputs[spend].path = path.ok_or(BuildError::Path { spend })?.children(leaf);
        }
        self.public.anchor = anchor;
        holds(self.request.effects.shape, &self.public, &self.witness)?;
        Ok(self)
    }

    /// Proves. `progress` watches and may stop it; the build stays, to be proven again.
    pub fn prove(&self, prover: &dyn Prove, progress: &mut dyn Progress) -> Result<Proven, ProveError> {
        let effects = &self.request.effects;
        let proof = prover.prove(effects.rules, effects.shape, &self.public, &self.witness, progress)?;
        Ok(Proven { request: self.request.clone(), anchor: self.public.anchor, proof })
    }
}

impl fmt::Debug for Built {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Built({}, ..)", self.txid())
    }
}

/// A transaction that lacks nothing but its signature. The witness is gone.
#[derive(Clone)]
pub struct Proven {
    request: SigningRequest,
    anchor: Anchor,
    proof: Proof,
}

impl Proven {
    /// The request to the signer.
    pub fn signing_request(&self) -> &SigningRequest {
        &self.request
    }

    /// The id that the transaction will have.
    pub fn txid(&self) -> TxId {
        self.request.txid()
    }

    /// Signs, and is done.
    pub fn sign(
        self,
        key: &SpendAuthorizingKey,
        rng: &mut impl CryptoRng,
    ) -> Result<Transaction, SigningError> {
        let signature = self.request.sign(key, rng)?;
        Ok(self.finish(signature))
    }

    /// Takes a signature made elsewhere, if it is one of these effects.
    pub fn with_signature(self, signature: SpendSignature) -> Result<Transaction, SigningError> {
        self.request.effects.rk.verify(&self.request.sighash().0, &signature)?;
        Ok(self.finish(signature))
    }

    fn finish(self, signature: SpendSignature) -> Transaction {
        let authorization = Authorization::without_host(self.anchor, self.proof, signature);
        Transaction { effects: self.request.effects, authorization }
    }
}

impl fmt::Debug for Proven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proven({}, ..)", self.txid())
    }
}
