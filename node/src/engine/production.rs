//! Blocks of what waits.

use louver_chain::{
    Block, Candidate, Chain, ChainError, ChainTransaction, Deed, OperationError, mempool::Id,
};
use louver_core::ledger::{LedgerError, RuleError};

use super::{BlockOrigin, Engine, ProductionError};
use crate::{
    keys,
    sealing::{SealingError, authorities_before},
    store::AnyStore,
};

/// The bytes that are written to see whether the disk takes blocks again.
const TRIAL_BYTES: usize = 1 << 20;
/// Nullifiers that enter the tree while the chain is held.
const NULLIFIERS: usize = 256;

/// Whether a block without transactions is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Empty {
    /// It is: time is to pass on the chain.
    Made,
    /// It is not: only a transaction that can be included makes a block.
    LeftOut,
}

impl Engine {
    /// Makes a block of what waits, and commits it; `None` if it would be empty and is not to be made then. Transactions
    /// that the chain does not take any more leave the mempool, whether a block is made or not. May wait for the disk.
    ///
    /// # Errors
    /// [`ProductionError::Clock`] if no block can have the clock's time; [`ProductionError::Chain`] if the store fails;
    /// [`ProductionError::Sealing`] if blocks cannot be sealed, or must not be. All stand in [`Engine::troubles`] then.
    pub(crate) fn produce(&self, empty: Empty) -> Result<Option<Block>, ProductionError> {
        let made = self.make(empty);
        match &made {
            Ok(_) => {
                self.health.clock_is(Ok(()));
                self.health.sealing_is(None);
                self.health.cosigning_is(None);
            }
            Err(ProductionError::Clock(error)) => self.health.clock_is(Err(*error)),
            Err(ProductionError::Chain(error)) => {
                if let Some(error) = error.store() {
                    self.health.storage_failed(error);
                }
            }
            Err(ProductionError::Sealing(error @ SealingError::Waits { .. })) => {
                self.health.sealing_is(None);
                if self.cosigning.waits_long() || !self.cosigning.has_joined() {
                    self.health.cosigning_is(Some(error.to_string()));
                }
                // The seals may have come meanwhile.
                if !self.waits_for_seals() && self.cosigning.has_joined() {
                    self.health.cosigning_is(None);
                }
            }
            Err(ProductionError::Sealing(error @ SealingError::SealedElsewhere { .. })) => {
                self.health.cosigning_is(Some(error.to_string()));
            }
            Err(ProductionError::Sealing(error)) => self.not_sealed(error),
            Err(ProductionError::Follows) => {}
        }
        made
    }

    /// Seals the last block, if a crash or a full disk came between; and tells whether blocks may be made on it.
    ///
    /// # Errors
    /// Why not. It stands in [`Engine::troubles`] then.
    pub(crate) fn seal_last(&self) -> Result<(), SealingError> {
        self.cosigning.look_again();
        let sealed = self.sealed(&mut self.chain_mut());
        let sealed = sealed.and_then(|()| match &self.origin {
            BlockOrigin::Made(sealer) => match self.resume(sealer) {
                Err(ProductionError::Sealing(error)) if !matches!(error, SealingError::Waits { .. }) => {
                    Err(error)
                }
                Err(ProductionError::Chain(error)) => Err(error.into()),
                _ => Ok(()),
            },
            BlockOrigin::Followed { .. } => Ok(()),
        });
        match &sealed {
            Ok(()) => self.health.sealing_is(None),
            Err(error) => self.not_sealed(error),
        }
        sealed
    }

    /// Seals the last block of a chain that is made here; blocks that are followed come sealed.
    fn sealed(&self, chain: &mut Chain<AnyStore>) -> Result<(), SealingError> {
        let BlockOrigin::Made(sealer) = &self.origin else { return Ok(()) };
        match sealer.covers(&authorities_before(chain, chain.height())?) {
            Ok(()) => sealer.seal_last(chain),
            Err(_) => sealer.set_last_aside(chain),
        }
    }

    fn not_sealed(&self, error: &SealingError) {
        match error.is_storage() {
            true => self.health.storage_failed(error),
            false => self.health.sealing_is(Some(error)),
        }
    }

    /// Whether the node could seal a block with this transaction: a change of authorities takes the keys of the new ones.
    pub(crate) fn can_seal(&self, candidate: &Candidate) -> bool {
        match candidate {
            Candidate::Act(act) => match &act.act().deed {
                Deed::RotateAuthorities(next) => match &self.origin {
                    BlockOrigin::Made(sealer) => {
                        sealer.covers(next).is_ok() || self.are_present(sealer, next)
                    }
                    BlockOrigin::Followed { .. } => true,
                },
                _ => true,
            },
            Candidate::Shielded(_) | Candidate::Transparent(_) => true,
        }
    }

    fn make(&self, empty: Empty) -> Result<Option<Block>, ProductionError> {
        let BlockOrigin::Made(sealer) = &self.origin else { return Err(ProductionError::Follows) };
        if let Some(block) = self.resume(sealer)? {
            return Ok(Some(block));
        }
        self.sealed(&mut self.chain_mut())?;
        // Building reads only: requests go on meanwhile. If another block comes first, build again.
        loop {
            let proposal = {
                let chain = self.chain();
                let tip = chain.ledger().tip();
                let time = self.clock.block_time(tip.time, tip.height > 0)?;
                self.mempool().remove_aged(self.clock.now());
                let waiting = self
                    .mempool()
                    .ordered()
                    .into_iter()
                    .map(|(_, candidate)| candidate.clone())
                    .collect::<Vec<_>>();
                let candidates: Vec<Candidate> =
                    waiting.into_iter().filter(|candidate| self.can_seal(candidate)).collect();
                chain.propose(time, self.limits, &candidates)?
            };
            let refused = proposal.refused().iter().filter(|(_, error)| !may_come(error));
            let refused: Vec<Id> = refused.map(|(id, _)| *id).collect();
            if empty == Empty::LeftOut && proposal.block().transactions().is_empty() {
                self.drop_refused(&refused);
                return Ok(None);
            }
            let authorities = authorities_before(&self.chain(), proposal.block().header().height)?;
            let quorums = [Some(&authorities), proposal.block().new_authorities()];
            if !quorums.into_iter().flatten().all(|quorum| sealer.covers(quorum).is_ok()) {
                self.drop_refused(&refused);
                self.check_heard(sealer, &authorities, proposal.block().header().height)?;
                if !self.offer(sealer, proposal)? {
                    continue;
                }
                return self.publish();
            }
            let mut chain = self.chain_mut();
            let block = match chain.commit(proposal) {
                Err(ChainError::Ledger(LedgerError::Stale)) => continue,
                Err(error) => return Err(error.into()),
                Ok(block) => block,
            };
            self.settle(&block);
            self.learn_rules(&chain, &block);
            self.look_for_pause(&chain);
            self.drop_refused(&refused);
            sealer.seal_last(&mut chain)?;
            self.tip.send_replace(block.header().height);
            drop(chain);
            self.grow_nullifier_tree()?;
            return Ok(Some(block));
        }
    }

    /// Has the verifier know the rules versions that a block adds.
    pub(super) fn learn_rules(&self, chain: &Chain<AnyStore>, block: &Block) {
        let adds = |transaction: &ChainTransaction| match transaction {
            ChainTransaction::Act(act) => matches!(act.act().deed, Deed::AddRules(_)),
            _ => false,
        };
        if let Some(keys) = self.keys.as_ref().filter(|_| block.transactions().iter().any(adds))
            && let Err(error) = keys::learn_rules(keys, chain, false)
        {
            tracing::error!(%error, "a rules version that was added cannot be used here");
        }
    }

    /// Brings the tree of nullifiers up to the last block. Requests go on between the steps.
    pub(super) fn grow_nullifier_tree(&self) -> Result<(), ChainError> {
        while self.chain_mut().grow_nullifier_tree(NULLIFIERS)? {}
        Ok(())
    }

    /// Takes out of the mempool what a block has included or outlived.
    pub(super) fn settle(&self, block: &Block) {
        let mut mempool = self.mempool();
        for transaction in block.transactions() {
            mempool.remove_claimants(&transaction.claims());
        }
        let header = block.header();
        mempool.remove_expired(header.height.saturating_add(1), header.time);
    }

    fn drop_refused(&self, refused: &[Id]) {
        let mut mempool = self.mempool();
        for id in refused {
            mempool.remove(id);
        }
    }

    /// Opens the store again after a write has failed, and tries whether it takes blocks.
    pub(crate) fn recover(&self) -> Result<(), ChainError> {
        self.cosigning.look_again();
        let mut chain = self.chain_mut();
        let recovered = chain.recover().and_then(|()| chain.try_writing(TRIAL_BYTES));
        // The block whose write failed may stand in it.
        let sealed = recovered.is_ok().then(|| self.sealed(&mut chain));
        match &sealed {
            Some(Ok(())) => {
                self.tip.send_replace(chain.height());
            }
            Some(Err(error)) => self.not_sealed(error),
            None => {}
        }
        if let Some(Err(error)) = sealed
            && error.is_storage()
        {
            return Ok(());
        }
        // A trial that failed closed the store again: it is to be read meanwhile.
        let reopened = if recovered.is_err() { chain.recover() } else { Ok(()) };
        match recovered.and(reopened) {
            Ok(()) => self.health.storage_works(),
            Err(error) => {
                self.health.storage_failed(&error);
                return Err(error);
            }
        }
        Ok(())
    }
}

/// Whether what was refused may be taken later: an operation before it found no room in the block, or its epoch begins
/// with a later block than this one, whose time is not the clock's.
fn may_come(error: &ChainError) -> bool {
    match error {
        ChainError::Operation(OperationError::Nonce { expected, found }) => found > expected,
        ChainError::Ledger(LedgerError::Rule(RuleError::EpochNotYet { begins, .. })) => begins.is_some(),
        _ => false,
    }
}
