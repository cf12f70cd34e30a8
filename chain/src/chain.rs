//! The chain: blocks of shielded transactions and of operations on transparent accounts.
//!
//! Everything is kept in one store, the ledger's, so that a block is one atomic write: the pool's state, the accounts,
//! the block itself and what undoes it.

use std::collections::BTreeMap;

use louver_core::{
    compact::{CompactBlock, CompactTransaction},
    encoding::{Decode, DecodeError, Encode, Reader},
    ledger::{self, BlockBuilder, Genesis, GenesisTerms, Ledger, LedgerError, PreparedBlock, RuleError},
    pool::GenesisHash,
    proof::Verify,
    store::{Store, StoreError, Table, record::height_of},
    transaction::{Refused, Transaction, TxContext, TxId, Verified, verify_each},
};
use thiserror::Error;

use crate::{
    Block, BlockHash, Candidate, ChainTransaction, Header, OperationError, VerifiedOperation,
    account::Account, holdings, host::Accounts, mempool::Id, operation,
};

/// operation id (32) -> height (u32, big-endian).
const OPERATIONS: Table = Table("chain.operations");
/// height (u32, big-endian) -> compact block.
const COMPACT: Table = Table("chain.compact");

/// Every table of a chain whose records follow from its blocks.
pub(crate) fn tables() -> impl Iterator<Item = Table> {
    let own = [OPERATIONS, COMPACT, holdings::BALANCES, holdings::NONCES, holdings::ISSUED];
    ledger::TABLES.into_iter().chain(own)
}

/// Why the chain does not do as asked. Nothing has changed then.
#[derive(Debug, Error)]
pub enum ChainError {
    /// The ledger refuses.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// An operation is refused.
    #[error(transparent)]
    Operation(#[from] OperationError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A transaction's proof or signature does not hold.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// A block's header does not follow from the chain and the block's transactions.
    #[error("the block's {0} does not follow")]
    Header(&'static str),
    /// A stored block does not decode.
    #[error("block {height} is damaged: {source}")]
    Damaged {
        /// Which block.
        height: u32,
        /// The fault.
        source: DecodeError,
    },
}

impl ChainError {
    /// Whether it is the node's fault (the store's) rather than the transaction's.
    pub fn is_internal(&self) -> bool {
        match self {
            Self::Store(_) | Self::Damaged { .. } => true,
            Self::Ledger(error) => !matches!(error, LedgerError::Rule(_) | LedgerError::Time { .. }),
            Self::Operation(error) => error.is_internal(),
            Self::Refused(_) | Self::Header(_) => false,
        }
    }
}

impl ChainError {
    /// The store's fault, if that is what it was.
    pub fn store(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error)
            | Self::Ledger(LedgerError::Store(error))
            | Self::Operation(OperationError::Store(error)) => Some(error),
            _ => None,
        }
    }
}

/// A block that is ready to be committed.
#[derive(Debug)]
pub struct ProposedBlock {
    block: Block,
    prepared: PreparedBlock,
    refused: Vec<(Id, ChainError)>,
}

impl ProposedBlock {
    /// The block.
    pub fn block(&self) -> &Block {
        &self.block
    }

    /// Which candidates it could not take, and why.
    pub fn refused(&self) -> &[(Id, ChainError)] {
        &self.refused
    }
}

/// The most that a block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockLimits {
    /// Transactions.
    pub transactions: usize,
    /// Bytes of all of them.
    pub bytes: usize,
}

impl Default for BlockLimits {
    fn default() -> Self {
        Self { transactions: 1000, bytes: 4 << 20 }
    }
}

/// A chain over a store.
#[derive(Debug)]
pub struct Chain<S> {
    ledger: Ledger<S>,
    tip: BlockHash,
}

impl<S: Store> Chain<S> {
    /// Opens the chain that the store holds, or begins it.
    ///
    /// # Errors
    /// [`LedgerError::OtherGenesis`] if the store is of another chain; [`ChainError::Store`] and
    /// [`ChainError::Damaged`].
    pub fn open(store: S, genesis: Genesis) -> Result<Self, ChainError> {
        let balances = genesis.terms().balances.clone();
        let ledger = Ledger::open_with(store, genesis, |state| holdings::begin(state, &balances))?;
        let tip = tip_hash(&ledger)?;
        Ok(Self { ledger, tip })
    }

    /// The pool's ledger, to be read.
    pub fn ledger(&self) -> &Ledger<S> {
        &self.ledger
    }

    /// The hash of the chain's genesis.
    pub fn genesis_hash(&self) -> GenesisHash {
        self.ledger.genesis().hash()
    }

    /// The terms in the genesis.
    pub fn terms(&self) -> &GenesisTerms {
        self.ledger.genesis().terms()
    }

    /// The last block's height; 0 before the first.
    pub fn height(&self) -> u32 {
        self.ledger.tip().height
    }

    /// The last block's hash; before the first block, the genesis hash.
    pub fn tip_hash(&self) -> BlockHash {
        self.tip
    }

    /// The bytes of a block, from 1 on.
    pub fn block_bytes(&self, height: u32) -> Result<Option<Vec<u8>>, StoreError> {
        match height {
            0 => Ok(None),
            _ => self.ledger.block_bytes(height),
        }
    }

    /// A block, from 1 on.
    pub fn block(&self, height: u32) -> Result<Option<Block>, ChainError> {
        let bytes = self.block_bytes(height)?;
        bytes
            .map(|bytes| Block::from_bytes(&bytes).map_err(|source| ChainError::Damaged { height, source }))
            .transpose()
    }

    /// The bytes of a compact block, from 1 on.
    pub fn compact_bytes(&self, height: u32) -> Result<Option<Vec<u8>>, StoreError> {
        self.ledger.store().get(COMPACT, &height.to_be_bytes())
    }

    /// The block that a transaction or operation stands in.
    pub fn find(&self, id: &Id) -> Result<Option<u32>, StoreError> {
        if let Some((height, _)) = self.ledger.transaction(&TxId(*id))? {
            return Ok(Some(height));
        }
        let Some(bytes) = self.ledger.store().get(OPERATIONS, id)? else { return Ok(None) };
        height_of(OPERATIONS, &bytes).map(Some)
    }

    /// The number of an account's next operation.
    pub fn nonce(&self, account: &Account) -> Result<u64, StoreError> {
        holdings::nonce(&self.ledger.state(), account)
    }

    /// The context that a transaction's hashes bind and the transaction does not carry, as the registry has it now.
    pub fn context(&self, transaction: &Transaction) -> Result<TxContext, ChainError> {
        Ok(self.next_block()?.context(transaction.effects())?)
    }

    /// Whether a transaction would meet every rule in the next block as the only one; its proof and signature are not
    /// checked.
    pub fn check_shielded(&self, transaction: &Transaction) -> Result<(), ChainError> {
        Ok(self.ledger.check(&Accounts, transaction)?)
    }

    /// Whether an operation would meet every rule in the next block between others of its sender that wait. Gives how
    /// many of those `after` it would still meet them too: once one does not, none of the rest does.
    ///
    /// # Errors
    /// [`ChainError::Operation`] if the operation, or one `before` it, breaks a rule; [`ChainError::Store`].
    pub fn check_operation(
        &self,
        before: &[&VerifiedOperation],
        operation: &VerifiedOperation,
        after: &[&VerifiedOperation],
    ) -> Result<usize, ChainError> {
        let mut next = self.next_block()?;
        let genesis = self.ledger.genesis();
        Ok(next.operate(|state| {
            before.iter().try_for_each(|earlier| operation::apply(state, genesis, earlier))?;
            operation::apply(state, genesis, operation)?;
            let mut lasting = 0;
            for later in after {
                match operation::apply(state, genesis, later) {
                    Ok(()) => lasting += 1,
                    Err(error) if error.is_internal() => return Err(error),
                    Err(_) => break,
                }
            }
            Ok(lasting)
        })?)
    }

    /// Makes the next block of the candidates that the rules let in, in the order given, at a time in seconds since
    /// 1970. The chain changes only when it is committed.
    ///
    /// # Errors
    /// [`LedgerError::Time`] if the last block is of a later time; [`LedgerError::EndOfEpochs`]; [`ChainError::Store`].
    pub fn propose(
        &self,
        time: u64,
        limits: BlockLimits,
        candidates: &[Candidate],
    ) -> Result<ProposedBlock, ChainError> {
        let mut builder = self.begin(time)?;
        let (mut taken, mut compact, mut refused, mut bytes) = (Vec::new(), Vec::new(), Vec::new(), 0usize);
        // Off-switches come first: they count from the start of their block.
        let (switches, others): (Vec<_>, Vec<_>) =
            candidates.iter().partition(|candidate| candidate.switches_off().is_some());
        for candidate in switches.into_iter().chain(others) {
            if taken.len() == limits.transactions {
                break;
            }
            let transaction = candidate.to_transaction();
            let size = transaction.to_bytes().len();
            if bytes + size > limits.bytes {
                continue;
            }
            match self.take(&mut builder, candidate, taken.len()) {
                Ok(short) => {
                    bytes += size;
                    compact.extend(short);
                    taken.push(transaction);
                }
                Err(error) if error.is_internal() => return Err(error),
                Err(error) => refused.push((candidate.id(), error)),
            }
        }
        let header = Header {
            height: builder.height(),
            previous: self.tip,
            time: builder.time(),
            anchor: builder.anchor(),
            body: Block::body_hash(&taken),
        };
        self.finish(builder, Block { header, transactions: taken }, compact, refused)
    }

    /// Makes a block of the chain again: every transaction is verified and every rule holds, and the header is what
    /// follows.
    pub fn replay(&self, block: Block, verify: &dyn Verify) -> Result<ProposedBlock, ChainError> {
        let mut builder = self.begin(block.header.time.max(self.ledger.tip().time))?;
        if block.header.height != builder.height() {
            return Err(ChainError::Header("height"));
        }
        if block.header.previous != self.tip {
            return Err(ChainError::Header("previous hash"));
        }
        if block.header.time != builder.time() {
            return Err(ChainError::Header("time"));
        }
        let mut verified = verify_together(&builder, &block, verify);
        let mut compact = Vec::new();
        for (place, transaction) in block.transactions.iter().enumerate() {
            let candidate = match transaction {
                ChainTransaction::Transparent(operation) => {
                    Candidate::Transparent(Box::new(operation.clone().verify(&self.genesis_hash())?))
                }
                ChainTransaction::Shielded(transaction) => {
                    let context = builder.context(transaction.effects())?;
                    // The block itself may have changed the context since.
                    let verified = match verified.remove(&place) {
                        Some((seen, answer)) if seen == context => answer?,
                        _ => Transaction::clone(transaction).verify(context, verify)?,
                    };
                    Candidate::Shielded(Box::new(verified))
                }
            };
            compact.extend(self.take(&mut builder, &candidate, place)?);
        }
        if block.header.body != Block::body_hash(&block.transactions) {
            return Err(ChainError::Header("body hash"));
        }
        if block.header.anchor != builder.anchor() {
            return Err(ChainError::Header("anchor"));
        }
        self.finish(builder, block, compact, Vec::new())
    }

    /// Writes a block, all of it or nothing.
    pub fn commit(&mut self, proposal: ProposedBlock) -> Result<Block, ChainError> {
        self.ledger.commit(proposal.prepared)?;
        self.tip = proposal.block.header.hash();
        Ok(proposal.block)
    }

    /// Makes the chain usable again after a write has failed. A block whose write failed may stand in it all the same.
    ///
    /// # Errors
    /// [`ChainError::Store`] while the store cannot be opened or read.
    pub fn recover(&mut self) -> Result<(), ChainError> {
        self.ledger.recover()?;
        self.tip = tip_hash(&self.ledger)?;
        Ok(())
    }

    /// Writes and removes `bytes` bytes that mean nothing, to learn whether the store takes blocks.
    ///
    /// # Errors
    /// [`ChainError::Store`] if it does not.
    pub fn try_writing(&mut self, bytes: usize) -> Result<(), ChainError> {
        Ok(self.ledger.try_writing(bytes)?)
    }

    /// Returns to the state after the block at `height`, all of it or nothing.
    pub fn roll_back(&mut self, height: u32) -> Result<(), ChainError> {
        self.ledger.roll_back(height)?;
        self.tip = tip_hash(&self.ledger)?;
        Ok(())
    }

    fn begin(&self, time: u64) -> Result<BlockBuilder<'_>, ChainError> {
        let tip = self.ledger.tip();
        Ok(self.ledger.begin_block(&Accounts, tip.height.saturating_add(1), time)?)
    }

    fn next_block(&self) -> Result<BlockBuilder<'_>, ChainError> {
        self.begin(self.ledger.tip().time)
    }

    fn finish(
        &self,
        mut builder: BlockBuilder<'_>,
        block: Block,
        transactions: Vec<CompactTransaction>,
        refused: Vec<(Id, ChainError)>,
    ) -> Result<ProposedBlock, ChainError> {
        let header = &block.header;
        let schedule = &self.terms().schedule;
        let compact = CompactBlock {
            height: header.height,
            hash: header.hash().0,
            previous: header.previous.0,
            time: header.time,
            epoch: schedule.epoch_of(header.height).ok_or(LedgerError::EndOfEpochs)?,
            tree_size: self.ledger.tip().size,
            root: header.anchor,
            transactions,
        };
        builder.operate(|state| {
            state.put(COMPACT, &header.height.to_be_bytes(), &compact.to_bytes());
            Ok::<_, StoreError>(())
        })?;
        let prepared = builder.finish(&block.to_bytes())?;
        Ok(ProposedBlock { block, prepared, refused })
    }

    /// Applies a candidate at its place in the block: all of it, or on an error nothing.
    fn take(
        &self,
        builder: &mut BlockBuilder<'_>,
        candidate: &Candidate,
        place: usize,
    ) -> Result<Option<CompactTransaction>, ChainError> {
        match candidate {
            Candidate::Shielded(verified) => {
                builder.apply(verified)?;
                // A block has fewer than 2^32 transactions.
                let index = u32::try_from(place).unwrap_or(u32::MAX);
                Ok(Some(CompactTransaction::new(index, verified)))
            }
            Candidate::Transparent(operation) => {
                let genesis = self.ledger.genesis();
                let height = builder.height();
                if let Some(rules) = candidate.switches_off()
                    && builder.uses(rules)
                {
                    return Err(
                        LedgerError::from(RuleError::RulesOff { version: rules, since: height }).into()
                    );
                }
                builder.operate(|state| {
                    operation::apply(state, genesis, operation)?;
                    state.put(OPERATIONS, &operation.id().0, &height.to_be_bytes());
                    Ok::<_, OperationError>(())
                })?;
                if let Some(rules) = candidate.switches_off() {
                    builder.switch_off(rules)?;
                }
                Ok(None)
            }
        }
    }
}

/// Verifies a block's shielded transactions together, in the contexts that they have before it: those contexts and
/// answers by place.
fn verify_together(
    builder: &BlockBuilder<'_>,
    block: &Block,
    verify: &dyn Verify,
) -> BTreeMap<usize, (TxContext, Result<Verified, Refused>)> {
    let (mut places, mut together) = (Vec::new(), Vec::new());
    for (place, transaction) in block.transactions.iter().enumerate() {
        if let ChainTransaction::Shielded(transaction) = transaction
            && let Ok(context) = builder.context(transaction.effects())
        {
            places.push((place, context));
            together.push((Transaction::clone(transaction), context));
        }
    }
    let answers = verify_each(together, verify, rand::rng());
    places.into_iter().zip(answers).map(|((place, context), answer)| (place, (context, answer))).collect()
}

fn tip_hash<S: Store>(ledger: &Ledger<S>) -> Result<BlockHash, ChainError> {
    let height = ledger.tip().height;
    if height == 0 {
        return Ok(BlockHash(ledger.genesis().hash().0));
    }
    let bytes = ledger.block_bytes(height)?.unwrap_or_default();
    let header = Header::decode(&mut Reader::new(&bytes));
    Ok(header.map_err(|source| ChainError::Damaged { height, source })?.hash())
}

#[cfg(test)]
mod tests;
