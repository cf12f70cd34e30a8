//! The chain: blocks of shielded transactions and of operations on transparent accounts.
//!
//! Everything is kept in one store, the ledger's, so that a block is one atomic write: the pool's state, the accounts,
//! the block itself and what undoes it.

use std::collections::BTreeMap;

use louver_core::{
    compact::CompactTransaction,
    encoding::{Decode, DecodeError, Encode, Reader},
    ledger::{self, BlockBuilder, Genesis, GenesisTerms, Ledger, LedgerError, PreparedBlock, RuleError},
    nullifier_tree,
    pool::GenesisHash,
    proof::Verify,
    store::{Batch, Store, StoreError, Table, record::height_of},
    transaction::{Refused, Transaction, TxContext, TxId, Verified, verify_each},
};
use thiserror::Error;

use crate::{
    ActError, Block, BlockHash, Candidate, ChainTransaction, Deed, Header, OperationError, SignedAct,
    VerifiedOperation,
    account::Account,
    act, announcement,
    commitment::Path,
    compact::{BlockError, CompactBlock, CompactEntry, CompactForm},
    development::{PublicKey, check_keys},
    history, holdings,
    host::Accounts,
    inclusion::{self, TRANSACTIONS, full_hash, transactions_root},
    mempool::Id,
    operation,
    state::{
        self,
        opening::{self, Opening, Question},
    },
};

/// id of an operation or an act (32) -> height (u32, big-endian).
const OPERATIONS: Table = Table("chain.operations");
/// height (u32, big-endian) -> compact block.
pub(crate) const COMPACT: Table = Table("chain.compact");
/// height (u32, big-endian) -> the authorities in the state after the block, opened under its root.
const AUTHORITIES: Table = Table("chain.authorities");

/// Every table of a chain whose records follow from its blocks.
pub(crate) fn tables() -> impl Iterator<Item = Table> {
    let own = [OPERATIONS, COMPACT, AUTHORITIES, holdings::BALANCES, holdings::NONCES, holdings::ISSUED];
    let own = own.into_iter().chain(act::TABLES).chain(announcement::TABLES);
    let trees = nullifier_tree::TABLES.into_iter().chain([history::HISTORY_TABLE]);
    ledger::TABLES.into_iter().chain(own).chain(state::TABLES).chain(trees)
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
    /// An act is refused.
    #[error(transparent)]
    Act(#[from] ActError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A transaction's proof or signature does not hold.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The chain is not for development, and trusts a key that everybody has.
    #[error(transparent)]
    PublicKey(#[from] PublicKey),
    /// A block's header does not follow from the chain and the block's transactions.
    #[error("the block's {0} does not follow")]
    Header(&'static str),
    /// A header and transactions make no block.
    #[error(transparent)]
    Block(#[from] BlockError),
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
            Self::Act(error) => error.is_internal(),
            Self::Refused(_) | Self::Header(_) | Self::Block(_) | Self::PublicKey(_) => false,
        }
    }
}

impl ChainError {
    /// The store's fault, if that is what it was.
    pub fn store(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error)
            | Self::Ledger(LedgerError::Store(error))
            | Self::Operation(OperationError::Store(error))
            | Self::Act(ActError::Store(error)) => Some(error),
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
    new_authorities: Option<Opening>,
}

impl ProposedBlock {
    /// The block.
    pub fn block(&self) -> &Block {
        &self.block
    }

    /// Adds what is written with it and beside it.
    pub(crate) fn add_beside(&mut self, batch: Batch) {
        self.prepared.add_beside(batch);
    }

    /// The record of the authorities in the state after it, if it puts others in office.
    pub fn new_authorities(&self) -> Option<&Opening> {
        self.new_authorities.as_ref()
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
    /// [`LedgerError::OtherGenesis`] if the store is of another chain; [`ChainError::PublicKey`]; [`ChainError::Store`] and
    /// [`ChainError::Damaged`].
    pub fn open(store: S, genesis: Genesis) -> Result<Self, ChainError> {
        check_keys(&genesis)?;
        let begun = genesis.clone();
        let ledger = Ledger::open_with(store, genesis, |state| {
            act::begin(state, &begun);
            holdings::begin(state, &begun.terms().balances)?;
            state::update(state, &begun).map(|_| ())
        })?;
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

    /// The first block whose body is kept: 1, unless bodies were forgotten.
    ///
    /// # Errors
    /// Those of the store.
    pub fn oldest_body(&self) -> Result<u32, StoreError> {
        Ok(self.ledger.oldest_body()?.unwrap_or(1))
    }

    /// Forgets the bodies of the blocks before a height, at most `limit` of them; the last block's is always kept. Headers,
    /// compact blocks and the state stay. Gives how many were forgotten.
    ///
    /// # Errors
    /// [`ChainError::Ledger`] if the store fails.
    pub fn forget_bodies(&mut self, before: u32, limit: usize) -> Result<usize, ChainError> {
        Ok(self.ledger.forget_bodies(before, limit)?)
    }

    /// A block, from 1 on; `None` also if its body is not kept any more.
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

    /// A compact block, from 1 on.
    ///
    /// # Errors
    /// [`ChainError::Damaged`] if it does not decode; [`ChainError::Store`].
    pub fn compact_block(&self, height: u32) -> Result<Option<CompactBlock>, ChainError> {
        let bytes = self.compact_bytes(height)?;
        bytes
            .map(|bytes| {
                CompactBlock::from_bytes(&bytes).map_err(|source| ChainError::Damaged { height, source })
            })
            .transpose()
    }

    /// A record of the state after the last block, with its way to the last header's state root; `None` for an asset
    /// that is not registered, and for a snapshot that is not taken.
    ///
    /// # Errors
    /// Those of the store.
    pub fn open_state(&self, question: Question) -> Result<Option<Opening>, StoreError> {
        opening::open(&self.ledger.state(), self.ledger.genesis(), question)
    }

    /// The authorities in the state after a block, from 1 on, opened under its header's state root: an encoded [`Opening`]. A
    /// reader who chose that block begins with them.
    ///
    /// # Errors
    /// Those of the store.
    pub fn authorities_after(&self, height: u32) -> Result<Option<Vec<u8>>, StoreError> {
        self.ledger.store().get(AUTHORITIES, &height.to_be_bytes())
    }

    /// The root of the state after the last block, as its commitments make it; `None` if it is not the one that is kept.
    ///
    /// # Errors
    /// Those of the store.
    pub fn state_root(&self) -> Result<Option<[u8; 32]>, StoreError> {
        state::root(&self.ledger.state())
    }

    /// The path from a later header's history root to the block of a height; at height 0, to the genesis hash. `None` if
    /// there is no such header, or if it is not later.
    ///
    /// # Errors
    /// Those of the store.
    pub fn history_path(&self, height: u32, head: u32) -> Result<Option<Path>, StoreError> {
        match head <= self.height() {
            true => history::path(&self.ledger.state(), height, head),
            false => Ok(None),
        }
    }

    /// The leaf of a transaction by its block and its place there, and the path from the header's transactions root.
    ///
    /// # Errors
    /// [`ChainError::Damaged`] if the block does not decode; [`ChainError::Store`].
    pub fn transaction_path(
        &self,
        height: u32,
        place: u32,
    ) -> Result<Option<(inclusion::Leaf, Path)>, ChainError> {
        let Some(block) = self.compact_block(height)? else { return Ok(None) };
        let leaves: Vec<_> = block.entries().iter().map(CompactEntry::leaf).collect();
        let hashes: Vec<_> = leaves.iter().map(inclusion::Leaf::hash).collect();
        let leaf = usize::try_from(place).ok().and_then(|place| leaves.get(place).copied());
        Ok(leaf.zip(TRANSACTIONS.path(&hashes, place.into()).ok()))
    }

    /// The block that a transaction, operation or act stands in.
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

    /// Whether a transaction would meet every rule in the next block as the only one, if that block is made at
    /// `now`, in seconds since 1970; its proof and signature are not
    /// checked.
    pub fn check_shielded(&self, transaction: &Transaction, now: u64) -> Result<(), ChainError> {
        Ok(self.ledger.check(&Accounts, transaction, now)?)
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
        let (genesis, height) = (self.ledger.genesis(), next.height());
        Ok(next.operate(|state| {
            before.iter().try_for_each(|earlier| operation::apply(state, genesis, height, earlier))?;
            operation::apply(state, genesis, height, operation)?;
            let mut lasting = 0;
            for later in after {
                match operation::apply(state, genesis, height, later) {
                    Ok(()) => lasting += 1,
                    Err(error) if error.is_internal() => return Err(error),
                    Err(_) => break,
                }
            }
            Ok(lasting)
        })?)
    }

    /// Whether an act would be taken in the next block as the only one; its signatures are checked.
    ///
    /// # Errors
    /// [`ChainError::Act`] if it breaks a rule; [`ChainError::Store`].
    pub fn check_act(&self, signed: &SignedAct) -> Result<(), ChainError> {
        let mut next = self.next_block()?;
        let (genesis, height) = (self.ledger.genesis(), next.height());
        Ok(next.operate(|state| act::apply(state, genesis, height, signed))?)
    }

    /// Makes the next block of the candidates that the rules let in, in the order given, at a time in seconds since
    /// 1970. The chain changes only when it is committed.
    ///
    /// # Errors
    /// [`LedgerError::Time`] if the last block is of a later time; [`LedgerError::EndOfHeights`]; [`ChainError::Store`].
    pub fn propose(
        &self,
        time: u64,
        limits: BlockLimits,
        candidates: &[Candidate],
    ) -> Result<ProposedBlock, ChainError> {
        let mut builder = self.begin(time)?;
        let (mut taken, mut refused, mut bytes) = (Vec::new(), Vec::new(), 0usize);
        // Acts come first: an off-switch counts from the start of its block.
        let (mut acts, others): (Vec<_>, Vec<_>) =
            candidates.iter().partition(|candidate| matches!(candidate, Candidate::Act(_)));
        // A signature counts only while its signer is in office: hand-overs come last.
        acts.sort_by_key(|candidate| matches!(candidate, Candidate::Act(act) if act.act().deed.hands_over()));
        for candidate in acts.into_iter().chain(others) {
            if taken.len() == limits.transactions {
                break;
            }
            let transaction = candidate.to_transaction();
            let size = transaction.to_bytes().len();
            if bytes + size > limits.bytes {
                continue;
            }
            match self.take(&mut builder, candidate) {
                Ok(form) => {
                    bytes += size;
                    taken.push((transaction, form));
                }
                Err(error) if error.is_internal() => return Err(error),
                Err(error) => refused.push((candidate.id(&self.genesis_hash()), error)),
            }
        }
        self.close(builder, taken, refused)
    }

    /// Makes a block of the chain again: every transaction is verified and every rule holds, and the header is what
    /// follows.
    ///
    /// # Errors
    /// [`ChainError::Header`] names the part of the header that does not follow.
    pub fn replay(&self, block: Block, verify: &dyn Verify) -> Result<ProposedBlock, ChainError> {
        let mut builder = self.begin(block.header().time.max(self.ledger.tip().time))?;
        if block.header().height != builder.height() {
            return Err(ChainError::Header("height"));
        }
        if block.header().previous != self.tip {
            return Err(ChainError::Header("previous hash"));
        }
        if block.header().time != builder.time() {
            return Err(ChainError::Header("time"));
        }
        let header = block.header().clone();
        let mut verified = verify_together(&builder, &block, verify);
        let mut taken = Vec::new();
        for (place, transaction) in block.into_transactions().into_iter().enumerate() {
            let candidate = match &transaction {
                ChainTransaction::Transparent(operation) => {
                    Candidate::Transparent(Box::new(operation.clone().verify(&self.genesis_hash())?))
                }
                ChainTransaction::Act(act) => Candidate::Act(act.clone()),
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
            let form = self.take(&mut builder, &candidate)?;
            taken.push((transaction, form));
        }
        let made = self.close(builder, taken, Vec::new())?;
        match difference(&header, made.block.header()) {
            None => Ok(made),
            Some(part) => Err(ChainError::Header(part)),
        }
    }

    /// Writes a block, all of it or nothing.
    pub fn commit(&mut self, proposal: ProposedBlock) -> Result<Block, ChainError> {
        self.ledger.commit(proposal.prepared)?;
        self.tip = proposal.block.header().hash();
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

    /// Lets the tree of nullifiers grow beside the path of blocks, by at most `most` nullifiers, and says whether it has
    /// further to go.
    ///
    /// # Errors
    /// [`ChainError::Store`].
    pub fn grow_nullifier_tree(&mut self, most: usize) -> Result<bool, ChainError> {
        Ok(self.ledger.grow_nullifier_tree(most)?)
    }

    /// Writes what is kept beside the blocks, in no table of the ledger or of the chain's state.
    pub(crate) fn write_beside(&mut self, batch: &Batch) -> Result<(), LedgerError> {
        self.ledger.write_beside(batch)
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

    /// Makes the header that follows, and the block.
    fn close(
        &self,
        mut builder: BlockBuilder<'_>,
        taken: Vec<(ChainTransaction, CompactForm)>,
        refused: Vec<(Id, ChainError)>,
    ) -> Result<ProposedBlock, ChainError> {
        builder.take_snapshot()?;
        let last = self.ledger.tip().height;
        let (state_root, history_root) = builder.operate(|state| {
            let root = state::update(state, self.ledger.genesis())?;
            Ok::<_, StoreError>((root, history::append(state, last, self.tip)?))
        })?;
        let hands_over = taken.iter().any(|(transaction, _)| match transaction {
            ChainTransaction::Act(act) => matches!(act.act().deed, Deed::RotateAuthorities(_)),
            _ => false,
        });
        let authorities =
            builder.operate(|state| opening::open(state, self.ledger.genesis(), Question::Authorities))?;
        let entries: Vec<_> = taken
            .iter()
            .map(|(transaction, form)| CompactEntry { form: form.clone(), full: full_hash(transaction) })
            .collect();
        let leaves: Vec<_> = entries.iter().map(CompactEntry::leaf).collect();
        let header = Header {
            height: builder.height(),
            previous: self.tip,
            time: builder.time(),
            anchor: builder.anchor(),
            tree_size: builder.tree_size(),
            transactions_root: transactions_root(&leaves),
            state_root,
            history_root,
        };
        let bodies = taken.into_iter().map(|(transaction, _)| transaction);
        let block = Block::new(header.clone(), bodies.zip(leaves.iter().map(|leaf| leaf.compact)))?;
        let key = header.height.to_be_bytes();
        let compact = CompactBlock::new(header, entries)?;
        builder.operate(|state| {
            state.put(COMPACT, &key, &compact.to_bytes());
            if let Some(authorities) = &authorities {
                state.put(AUTHORITIES, &key, &authorities.to_bytes());
            }
            Ok::<_, StoreError>(())
        })?;
        let new_authorities = authorities.filter(|_| hands_over);
        let prepared = builder.finish(&block.to_bytes())?;
        Ok(ProposedBlock { block, prepared, refused, new_authorities })
    }

    /// Applies a candidate: all of it, or on an error nothing.
    fn take(&self, builder: &mut BlockBuilder<'_>, candidate: &Candidate) -> Result<CompactForm, ChainError> {
        match candidate {
            Candidate::Shielded(verified) => {
                builder.apply(verified)?;
                Ok(CompactForm::Shielded(Box::new(CompactTransaction::new(verified))))
            }
            Candidate::Transparent(operation) => {
                let genesis = self.ledger.genesis();
                let height = builder.height();
                builder.operate(|state| {
                    operation::apply(state, genesis, height, operation)?;
                    state.put(OPERATIONS, &operation.id().0, &height.to_be_bytes());
                    Ok::<_, OperationError>(())
                })?;
                Ok(CompactForm::Transparent)
            }
            Candidate::Act(act) => {
                let genesis = self.ledger.genesis();
                let height = builder.height();
                if let Some(rules) = act.act().switches_off().filter(|rules| builder.uses(*rules)) {
                    return Err(LedgerError::from(RuleError::RulesUsed(rules)).into());
                }
                builder.operate(|state| {
                    act::apply(state, genesis, height, act)?;
                    act::record(state, height, act)?;
                    state.put(OPERATIONS, &act.id(&genesis.hash()).0, &height.to_be_bytes());
                    Ok::<_, ActError>(())
                })?;
                Ok(CompactForm::Act)
            }
        }
    }
}

/// The first part in which a header is not the one that follows.
fn difference(found: &Header, right: &Header) -> Option<&'static str> {
    let parts = [
        ("anchor", found.anchor == right.anchor),
        ("tree size", found.tree_size == right.tree_size),
        ("transactions root", found.transactions_root == right.transactions_root),
        ("state root", found.state_root == right.state_root),
        ("history root", found.history_root == right.history_root),
        ("header", found == right),
    ];
    parts.into_iter().find(|(_, same)| !same).map(|(part, _)| part)
}

/// Verifies a block's shielded transactions together, in the contexts that they have before it: those contexts and
/// answers by place.
fn verify_together(
    builder: &BlockBuilder<'_>,
    block: &Block,
    verify: &dyn Verify,
) -> BTreeMap<usize, (TxContext, Result<Verified, Refused>)> {
    let (mut places, mut together) = (Vec::new(), Vec::new());
    for (place, transaction) in block.transactions().iter().enumerate() {
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
    // Bodies may be forgotten; compact blocks never are.
    let bytes = ledger.store().get(COMPACT, &height.to_be_bytes())?.unwrap_or_default();
    let header = Header::decode(&mut Reader::new(&bytes));
    Ok(header.map_err(|source| ChainError::Damaged { height, source })?.hash())
}

#[cfg(test)]
mod tests;
