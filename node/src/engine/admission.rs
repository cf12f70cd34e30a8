//! The way in: what a stranger makes a node compute is bounded by what it cost him.
//!
//! The checks come in the order of their cost: decoding, whether it is known, the fee and the number of an operation,
//! whether the mempool would have it, the rules that need look-ups, one signature or proof, and last what stands before it.

use std::sync::{Arc, PoisonError};

use louver_chain::{
    ActError, Candidate, Chain, ChainError, ChainTransaction, Deed, Operation, OperationError, SignedAct,
    VerifiedOperation,
    mempool::{Admission, Claim, Id, Listing, Mempool, MempoolError},
};
use louver_core::{
    encoding::Decode,
    ledger::{LedgerError, RuleError},
    spec::b32,
    transaction::{Transaction, TxContext},
};

use super::{Engine, InclusionState, SubmitError, Submitted, inclusion};
use crate::store::AnyStore;

/// The origin of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A client's.
    Client,
    /// The node's own: a full mempool has room for it.
    Node,
}

enum Read {
    Known(Id),
    Operation(VerifiedOperation),
    Act(Box<SignedAct>),
    Shielded(Box<Transaction>, TxContext),
}

impl Engine {
    /// Takes in a transaction as a client sends it.
    pub(crate) async fn submit(
        self: &Arc<Self>,
        bytes: Vec<u8>,
        origin: Origin,
    ) -> Result<Submitted, SubmitError> {
        if self.health.has_evidence() {
            return Err(SubmitError::Convicted);
        }
        if !self.health.takes_writes() {
            return Err(SubmitError::NotWriting);
        }
        let read = self.blocking(move |engine| engine.read(&bytes, origin)).await;
        let candidate = match read.ok_or(SubmitError::Internal)?? {
            Read::Known(id) => return Ok(Submitted::known(id)),
            Read::Operation(operation) => Candidate::Transparent(Box::new(operation)),
            Read::Act(act) => {
                let act = Candidate::Act(act);
                // Together with other nodes, it waits until those of the new authorities are there.
                if !self.can_seal(&act) && !self.has_cosigners() {
                    return Err(SubmitError::AuthorityKeys);
                }
                act
            }
            Read::Shielded(transaction, context) => {
                Candidate::Shielded(Box::new(self.verification.verify(*transaction, context).await?))
            }
        };
        let admitted = self.blocking(move |engine| engine.admit(candidate, origin)).await;
        admitted.ok_or(SubmitError::Internal)?
    }

    /// All that can be known of a transaction before its proof is looked at.
    fn read(&self, bytes: &[u8], origin: Origin) -> Result<Read, SubmitError> {
        match ChainTransaction::from_bytes(bytes)? {
            ChainTransaction::Transparent(operation) => self.read_operation(bytes, operation, origin),
            ChainTransaction::Act(act) => self.read_act(bytes, act),
            ChainTransaction::Shielded(transaction) => {
                let chain = self.chain();
                let genesis = chain.ledger().genesis();
                let context = chain.context(&transaction)?;
                let listing = Listing::shielded(genesis, &transaction, &context);
                {
                    let mempool = self.mempool();
                    if inclusion(&chain, &mempool, &listing.id)? != InclusionState::Unknown {
                        return Ok(Read::Known(listing.id));
                    }
                    mempool.consider(&listing)?;
                }
                chain.check_shielded(&transaction, self.clock.now())?;
                Ok(Read::Shielded(transaction, context))
            }
        }
    }

    fn read_operation(
        &self,
        bytes: &[u8],
        operation: Operation,
        origin: Origin,
    ) -> Result<Read, SubmitError> {
        let genesis = {
            let chain = self.chain();
            let genesis = chain.ledger().genesis();
            let listing = Listing::transparent(genesis, &operation);
            let mempool = self.mempool();
            if inclusion(&chain, &mempool, &listing.id)? != InclusionState::Unknown {
                return Ok(Read::Known(listing.id));
            }
            operation.body().check_fee(genesis).map_err(OperationError::from).map_err(ChainError::from)?;
            operations_before(&chain, &mempool, &operation)?;
            if origin == Origin::Client {
                mempool.consider(&listing)?;
            }
            genesis.hash()
        };
        let seen = b32(b"LouverForged", &[bytes]);
        let forged = || self.forged.lock().unwrap_or_else(PoisonError::into_inner);
        if forged().get(&seen).is_some() {
            return Err(ChainError::from(OperationError::Signature).into());
        }
        operation.verify(&genesis).map(Read::Operation).map_err(|error| {
            forged().put(seen, ());
            ChainError::from(error).into()
        })
    }

    /// An act whose signatures hold, by those who are in office now. Nobody else gets one in, so it costs no fee; a forged
    /// one costs the check of one signature, once.
    fn read_act(&self, bytes: &[u8], act: Box<SignedAct>) -> Result<Read, SubmitError> {
        let chain = self.chain();
        let listing = Listing::act(&chain.genesis_hash(), &act);
        {
            let mempool = self.mempool();
            if inclusion(&chain, &mempool, &listing.id)? != InclusionState::Unknown {
                return Ok(Read::Known(listing.id));
            }
            mempool.consider(&listing)?;
        }
        let seen = b32(b"LouverForged", &[bytes]);
        let forged = || self.forged.lock().unwrap_or_else(PoisonError::into_inner);
        if forged().get(&seen).is_some() {
            return Err(ChainError::from(OperationError::Signature).into());
        }
        if let (Deed::AddRules(new), Some(keys)) = (&act.act().deed, &self.keys) {
            keys.check_rules(new)?;
        }
        match chain.check_act(&act) {
            Ok(()) => Ok(Read::Act(act)),
            Err(error) => {
                if let ChainError::Act(ActError::Signature { .. }) = error {
                    forged().put(seen, ());
                }
                Err(error.into())
            }
        }
    }

    /// Lets a candidate wait, if the chain as it is now would take it.
    fn admit(&self, candidate: Candidate, origin: Origin) -> Result<Submitted, SubmitError> {
        // Both held to the end, so that neither a block nor another transaction comes between the check and the mempool.
        let chain = self.chain();
        let mut mempool = self.mempool();
        let genesis = chain.ledger().genesis();
        let id = candidate.id(&genesis.hash());
        if inclusion(&chain, &mempool, &id)? != InclusionState::Unknown {
            return Ok(Submitted::known(id));
        }
        let (listing, outdone) = match &candidate {
            Candidate::Shielded(verified) => {
                let transaction = verified.transaction();
                if chain.context(transaction)? != *verified.context() {
                    return Err(ChainError::from(LedgerError::from(RuleError::Context)).into());
                }
                chain.check_shielded(transaction, self.clock.now())?;
                (Listing::shielded(genesis, transaction, verified.context()), None)
            }
            Candidate::Transparent(operation) => {
                let outdone = try_between(&chain, &mempool, operation)?;
                (Listing::transparent(genesis, operation.operation()), outdone)
            }
            Candidate::Act(act) => {
                chain.check_act(act)?;
                (Listing::act(&genesis.hash(), act), None)
            }
        };
        let now = self.clock.now();
        let admission = match origin {
            Origin::Client => mempool.insert(listing, candidate, now)?,
            Origin::Node => mempool.insert_own(listing, candidate, now)?,
        };
        match admission {
            Admission::AlreadyWaiting => Ok(Submitted::known(id)),
            Admission::Waiting { mut removed } => {
                removed.extend(outdone.map(|id| mempool.remove(&id)).unwrap_or_default());
                Ok(Submitted { id, known: false, replaced: removed })
            }
        }
    }
}

/// The ids of the sender's waiting operations that come before this one: all numbers from the account's next on.
fn operations_before(
    chain: &Chain<AnyStore>,
    mempool: &Mempool<Candidate>,
    operation: &Operation,
) -> Result<Vec<Id>, SubmitError> {
    let body = operation.body();
    let (next, most) = (chain.nonce(&body.sender)?, mempool.capacity().operations_of_one);
    let wrong = |expected| ChainError::from(OperationError::Nonce { expected, found: body.nonce }).into();
    if body.nonce < next {
        return Err(wrong(next));
    }
    if body.nonce - next >= most {
        return Err(MempoolError::TooManyOperations(most).into());
    }
    let claimed = |nonce| mempool.claimant(&Claim::Nonce(body.sender, nonce)).ok_or_else(|| wrong(nonce));
    (next..body.nonce).map(claimed).collect()
}

/// Tries an operation between those of its sender that wait. Gives the first of those after it that could not be
/// included any more.
fn try_between(
    chain: &Chain<AnyStore>,
    mempool: &Mempool<Candidate>,
    operation: &VerifiedOperation,
) -> Result<Option<Id>, SubmitError> {
    let waiting = |id: &Id| match mempool.get(id) {
        Some(Candidate::Transparent(operation)) => Some(&**operation),
        _ => None,
    };
    let before = operations_before(chain, mempool, operation.operation())?;
    let before: Vec<_> = before.iter().filter_map(waiting).collect();
    let body = operation.body();
    let after: Vec<Id> = match body.nonce.checked_add(1) {
        Some(next) => mempool.operations(body.sender, next).map(|(_, id)| id).collect(),
        None => Vec::new(),
    };
    let lasting =
        chain.check_operation(&before, operation, &after.iter().filter_map(waiting).collect::<Vec<_>>())?;
    Ok(after.get(lasting).copied())
}
