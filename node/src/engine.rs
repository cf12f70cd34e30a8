//! The chain and the mempool together: what is submitted, what waits, and the blocks that are made of it.

use louver_chain::{
    Block, BlockLimits, Candidate, Chain, ChainError, ChainTransaction, Operation, OperationError,
    mempool::{Admission, Capacity, Claim, Id, Listing, Mempool, MempoolError},
};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::{SystemTime, UNIX_EPOCH},
};

use louver_core::{
    encoding::{Decode, DecodeError, Encode},
    ledger::{Genesis, LedgerError, RuleError},
    store::{StoreError, redb::RedbStore},
    transaction::{Transaction, TxContext},
};
use thiserror::Error;
use tokio::sync::watch;

use crate::verification::{SharedVerifier, Verification, VerificationError};

/// How many operations of one account may wait.
const OPERATIONS_OF_ONE: u64 = 64;

/// Why a transaction is not taken in.
#[derive(Debug, Error)]
pub enum SubmitError {
    /// It is no transaction.
    #[error("not a transaction: {0}")]
    Decode(#[from] DecodeError),
    /// A rule of the chain is against it.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The mempool has no place for it.
    #[error(transparent)]
    Mempool(#[from] MempoolError),
    /// Its proof or signature does not hold, or cannot be looked at now.
    #[error(transparent)]
    Verification(#[from] VerificationError),
    /// Too many operations of its sender wait.
    #[error("{0} operations of the account wait already")]
    TooManyOperations(u64),
    /// The node failed.
    #[error("the node failed")]
    Internal,
}

/// What became of a submitted transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// Its id.
    pub id: Id,
    /// Whether it waited or stood in a block before.
    pub known: bool,
    /// The ids of waiting transactions that had to leave for it.
    pub replaced: Vec<Id>,
}

/// Where a transaction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It waits for a block.
    Pending,
    /// It stands in the block at this height.
    Included(u32),
    /// It is not known, or it left the mempool.
    Unknown,
}

/// The chain, the mempool and the verifying task.
pub(crate) struct Engine {
    chain: RwLock<Chain<RedbStore>>,
    mempool: Mutex<Mempool<Candidate>>,
    verification: Verification,
    limits: BlockLimits,
    tip: watch::Sender<u32>,
}

impl Engine {
    pub(crate) fn new(
        chain: Chain<RedbStore>,
        verifier: SharedVerifier,
        capacity: Capacity,
        limits: BlockLimits,
    ) -> Self {
        let tip = watch::Sender::new(chain.height());
        Self {
            chain: RwLock::new(chain),
            mempool: Mutex::new(Mempool::new(capacity)),
            verification: Verification::start(verifier),
            limits,
            tip,
        }
    }

    /// The chain, to be read. Held over no `await`.
    pub(crate) fn chain(&self) -> RwLockReadGuard<'_, Chain<RedbStore>> {
        // Chain and mempool change by whole steps: what a panicking thread left is as good as it was.
        self.chain.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn chain_mut(&self) -> RwLockWriteGuard<'_, Chain<RedbStore>> {
        self.chain.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The mempool. To be locked after the chain, if both are.
    pub(crate) fn mempool(&self) -> MutexGuard<'_, Mempool<Candidate>> {
        self.mempool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Follows the last block's height.
    pub(crate) fn watch_tip(&self) -> watch::Receiver<u32> {
        self.tip.subscribe()
    }

    /// Runs `work` on a thread that may wait for disks and proofs.
    pub(crate) async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> Option<T> {
        let engine = self.clone();
        tokio::task::spawn_blocking(move || work(&engine)).await.ok()
    }

    /// Takes in a transaction as a client sends it.
    pub(crate) async fn submit(self: &Arc<Self>, bytes: Vec<u8>) -> Result<Submitted, SubmitError> {
        let read = self.blocking(move |engine| engine.read(&bytes)).await.ok_or(SubmitError::Internal)??;
        let candidate = match read {
            Read::Known(id) => return Ok(Submitted { id, known: true, replaced: Vec::new() }),
            Read::Operation(operation) => Candidate::Transparent(operation),
            Read::Shielded(transaction, context) => {
                Candidate::Shielded(Box::new(self.verification.verify(*transaction, context).await?))
            }
        };
        self.blocking(move |engine| engine.admit(candidate)).await.ok_or(SubmitError::Internal)?
    }

    /// All that can be known of a transaction before its proof is looked at.
    fn read(&self, bytes: &[u8]) -> Result<Read, SubmitError> {
        let chain = self.chain();
        let genesis = chain.ledger().genesis();
        match ChainTransaction::from_bytes(bytes)? {
            ChainTransaction::Transparent(operation) => {
                let id = operation.id(&genesis.hash()).0;
                Ok(match self.place_in(&chain, &id)? {
                    Place::Unknown => Read::Operation(operation),
                    _ => Read::Known(id),
                })
            }
            ChainTransaction::Shielded(transaction) => {
                let context = chain.context(&transaction)?;
                let listing = Listing::shielded(genesis, &transaction, &context);
                if self.place_in(&chain, &listing.id)? != Place::Unknown {
                    return Ok(Read::Known(listing.id));
                }
                chain.check_shielded(&transaction)?;
                self.mempool().consider(&listing)?;
                Ok(Read::Shielded(transaction, context))
            }
        }
    }

    /// Lets a candidate wait, if the chain as it is now would take it.
    fn admit(&self, candidate: Candidate) -> Result<Submitted, SubmitError> {
        // Held to the end, so that no block comes between the check and the mempool.
        let chain = self.chain();
        let genesis = chain.ledger().genesis();
        let id = candidate.id(genesis);
        if self.place_in(&chain, &id)? != Place::Unknown {
            return Ok(Submitted { id, known: true, replaced: Vec::new() });
        }
        let listing = self.check(&chain, &candidate)?;
        match self.mempool().insert(listing, candidate)? {
            Admission::AlreadyWaiting => Ok(Submitted { id, known: true, replaced: Vec::new() }),
            Admission::Waiting { removed } => Ok(Submitted { id, known: false, replaced: removed }),
        }
    }

    fn check(&self, chain: &Chain<RedbStore>, candidate: &Candidate) -> Result<Listing, SubmitError> {
        let genesis = chain.ledger().genesis();
        match candidate {
            Candidate::Shielded(verified) => {
                let transaction = verified.transaction();
                if chain.context(transaction)? != *verified.context() {
                    return Err(ChainError::from(LedgerError::from(RuleError::Context)).into());
                }
                chain.check_shielded(transaction)?;
                Ok(Listing::shielded(genesis, transaction, verified.context()))
            }
            Candidate::Transparent(operation) => {
                let before = self.operations_before(chain, operation)?;
                chain.check_operation(operation, &before.iter().collect::<Vec<_>>())?;
                Ok(Listing::transparent(genesis, operation))
            }
        }
    }

    /// The waiting operations of the sender that come before this one.
    fn operations_before(
        &self,
        chain: &Chain<RedbStore>,
        operation: &Operation,
    ) -> Result<Vec<Operation>, SubmitError> {
        let body = operation.body();
        let next = chain.nonce(&body.sender)?;
        if body.nonce.saturating_sub(next) >= OPERATIONS_OF_ONE {
            return Err(SubmitError::TooManyOperations(OPERATIONS_OF_ONE));
        }
        let mempool = self.mempool();
        let waiting = |nonce| match mempool.get(&mempool.claimant(&Claim::Nonce(body.sender, nonce))?) {
            Some(Candidate::Transparent(operation)) => Some(operation.clone()),
            _ => None,
        };
        Ok((next..body.nonce).map_while(waiting).collect())
    }

    /// Where a transaction is.
    pub(crate) fn place(&self, id: &Id) -> Result<Place, StoreError> {
        self.place_in(&self.chain(), id)
    }

    fn place_in(&self, chain: &Chain<RedbStore>, id: &Id) -> Result<Place, StoreError> {
        if let Some(height) = chain.find(id)? {
            return Ok(Place::Included(height));
        }
        Ok(if self.mempool().contains(id) { Place::Pending } else { Place::Unknown })
    }

    /// Makes a block of what waits, and commits it. May wait for the disk.
    pub(crate) fn produce(&self) -> Result<Block, ChainError> {
        // Building reads only: requests go on meanwhile. If another block comes first, build again.
        loop {
            let proposal = {
                let chain = self.chain();
                let candidates: Vec<Candidate> =
                    self.mempool().ordered().into_iter().map(|(_, candidate)| candidate.clone()).collect();
                chain.propose(now(), self.limits, &candidates)?
            };
            let refused: Vec<Id> =
                proposal.refused().iter().filter(|(_, error)| !may_come(error)).map(|(id, _)| *id).collect();
            let mut chain = self.chain_mut();
            let block = match chain.commit(proposal) {
                Err(ChainError::Ledger(LedgerError::Stale)) => continue,
                Err(error) => return Err(error),
                Ok(block) => block,
            };
            self.settle(chain.ledger().genesis(), &block, &refused);
            self.tip.send_replace(block.header.height);
            return Ok(block);
        }
    }

    /// Takes out of the mempool what a block has included, ruled out or outlived.
    fn settle(&self, genesis: &Genesis, block: &Block, refused: &[Id]) {
        let mut mempool = self.mempool();
        for transaction in &block.transactions {
            let claims: Vec<Claim> = match transaction {
                ChainTransaction::Shielded(transaction) => {
                    let nullifiers = transaction.effects().nullifiers();
                    nullifiers.iter().map(|nullifier| Claim::Nullifier(nullifier.to_array())).collect()
                }
                ChainTransaction::Transparent(operation) => Listing::transparent(genesis, operation).claims,
            };
            mempool.remove_claimants(&claims);
        }
        for id in refused {
            mempool.remove(id);
        }
        mempool.remove_expired(block.header.height.saturating_add(1));
    }

    /// What waits, oldest first, as it was submitted.
    pub(crate) fn waiting(&self) -> Vec<Vec<u8>> {
        self.mempool()
            .by_arrival()
            .into_iter()
            .map(|candidate| candidate.to_transaction().to_bytes())
            .collect()
    }
}

enum Read {
    Known(Id),
    Operation(Operation),
    Shielded(Box<Transaction>, TxContext),
}

impl From<StoreError> for SubmitError {
    fn from(error: StoreError) -> Self {
        Self::Chain(error.into())
    }
}

/// Whether what was refused may be taken later: an operation before it found no room in the block.
fn may_come(error: &ChainError) -> bool {
    matches!(error, ChainError::Operation(OperationError::Nonce { expected, found }) if found > expected)
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
