//! `[cosign]` Blocks that a quorum of authorities on several machines seals.
//!
//! Such a block is set aside, durably, and becomes a part of the chain together with its seals. So nothing that this node
//! serves can be taken back, and whatever stops a machine, the same block is offered and sealed again.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use louver_chain::{
    Block, BlockHash, Candidate, ChainError, Deed, ProposedBlock,
    state::opening::{Fact, Opening},
};
use louver_core::{
    encoding::{Decode, DecodeError, Encode},
    ledger::{Finality, LedgerError, Quorum},
};
use louver_light::{
    Seals,
    rotation::Rotation,
    seal::{AuthoritySeal, SealError},
};
use thiserror::Error;
use tokio::sync::watch;

use super::{Engine, ProductionError};
use crate::{
    cosigning::{GivenSeals, ProposalRequest},
    sealing::{Sealer, SealingError, authorities_before},
};

/// For how long an authority counts as present after its last question.
const PRESENT: Duration = Duration::from_secs(60);
/// How far ahead of this machine's clock a block may be that it seals, in seconds.
const AHEAD: u64 = 120;

/// Why a seal, or a question for a block, is refused.
#[derive(Debug, Error)]
pub(crate) enum SealRefusal {
    /// The key is none of an authority.
    #[error("the key is not one of the chain's authorities in office")]
    Stranger,
    /// The signature does not hold.
    #[error("the signature is not that of the key over what it says")]
    Signature,
    /// No such block waits for seals.
    #[error("no such block waits for seals here")]
    NoProposal,
    /// The node does not make blocks.
    #[error("this node follows another one: it offers no blocks")]
    Follows,
    /// The node failed.
    #[error(transparent)]
    Chain(#[from] ChainError),
}

/// Why a block that is offered is not sealed.
#[derive(Debug, Error)]
pub(crate) enum CosignError {
    /// It is not a block.
    #[error("it offers something that is not a block: {0}")]
    Decode(#[from] DecodeError),
    /// It breaks a rule.
    #[error("it offers block {height}, which breaks a rule of the chain ({error}); it is not sealed")]
    Rule {
        /// The block.
        height: u32,
        /// The rule.
        error: ChainError,
    },
    /// Its time lies ahead.
    #[error(
        "it offers block {height}, whose time is {seconds} s ahead of this machine's clock; it is not sealed before its time. Check both clocks"
    )]
    Ahead {
        /// The block.
        height: u32,
        /// By how much.
        seconds: u64,
    },
    /// This node's folder is against it.
    #[error("it offers a block that this node does not seal: {0}")]
    Sealing(#[from] SealingError),
}

/// The outcome of a seal that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    /// How many seals of authorities in office there are.
    pub(crate) found: usize,
    /// How many there have to be.
    pub(crate) needed: u8,
    /// Whether the block is final.
    pub(crate) is_final: bool,
}

/// A block that waits for seals.
struct Waiting {
    proposal: ProposedBlock,
    hash: BlockHash,
    bytes: Arc<Vec<u8>>,
    authorities: Quorum,
    /// The authorities that it puts in office, who have to seal it too, and the record that shows them.
    next: Option<(Opening, Quorum)>,
    seals: BTreeMap<[u8; 32], AuthoritySeal>,
    since: Instant,
}

impl Waiting {
    fn height(&self) -> u32 {
        self.proposal.block().header().height
    }

    fn quorums(&self) -> impl Iterator<Item = &Quorum> {
        [Some(&self.authorities), self.next.as_ref().map(|(_, next)| next)].into_iter().flatten()
    }

    /// The first quorum that has not sealed it.
    fn missing(&self) -> Option<SealingError> {
        self.quorums().find_map(|quorum| {
            let (needed, found) = (quorum.needed(), Seals::of(quorum, self.seals.values()).count());
            let missing = quorum.keys().iter().filter(|key| !self.seals.contains_key(key.as_bytes()));
            let missing = missing.map(|key| hex::encode(&key.as_bytes()[..4])).collect();
            (found < needed.into()).then(|| SealingError::Waits {
                height: self.height(),
                needed,
                found,
                missing,
            })
        })
    }
}

/// The last question of an authority.
#[derive(Clone, Copy)]
struct Heard {
    at: Instant,
    /// The height that it wants a block of.
    height: u32,
    /// Whether it sealed a block of that height.
    has_sealed: bool,
}

/// The block that waits for seals, and the authorities that were heard of.
pub(super) struct Cosigning {
    waiting: Mutex<Option<Waiting>>,
    /// Rises with each block that is offered.
    offered: watch::Sender<u32>,
    /// The last question of each authority.
    present: Mutex<BTreeMap<[u8; 32], Heard>>,
    /// Whether a quorum was heard of since the start.
    joined: AtomicBool,
    /// Whether the folder was asked for a block that was set aside.
    looked: AtomicBool,
    /// The block that was checked last to be sealed, as it changes the chain: it is not made again once it is final.
    checked: Mutex<Option<ProposedBlock>>,
    patience: Duration,
}

impl Cosigning {
    pub(super) fn new(patience: Duration) -> Self {
        Self {
            waiting: Mutex::default(),
            offered: watch::Sender::default(),
            present: Mutex::default(),
            joined: AtomicBool::default(),
            looked: AtomicBool::default(),
            checked: Mutex::default(),
            patience,
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Option<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The authorities that asked lately.
    fn present(&self) -> MutexGuard<'_, BTreeMap<[u8; 32], Heard>> {
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        present.retain(|_, heard| heard.at.elapsed() < PRESENT);
        present
    }

    fn checked(&self) -> MutexGuard<'_, Option<ProposedBlock>> {
        self.checked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The block of a hash, if it is the one that was checked last by every rule. Whatever else was checked is forgotten: a
    /// block of its height is final.
    pub(super) fn take_checked(&self, hash: BlockHash) -> Option<ProposedBlock> {
        self.checked().take().filter(|proposal| proposal.block().header().hash() == hash)
    }

    /// Reads the folder for a block that was set aside again.
    pub(super) fn look_again(&self) {
        *self.waiting() = None;
        self.looked.store(false, Ordering::SeqCst);
    }

    /// Whether blocks may be offered since the start.
    pub(super) fn has_joined(&self) -> bool {
        self.joined.load(Ordering::SeqCst)
    }

    /// Whether a block waits for longer than is usual.
    pub(super) fn waits_long(&self) -> bool {
        self.waiting().as_ref().is_some_and(|waiting| waiting.since.elapsed() >= self.patience)
    }
}

impl Engine {
    /// Whether a block waits for seals.
    pub(crate) fn waits_for_seals(&self) -> bool {
        self.cosigning.waiting().is_some()
    }

    /// Follows the blocks that are offered.
    pub(crate) fn watch_offers(&self) -> watch::Receiver<u32> {
        self.cosigning.offered.subscribe()
    }

    /// Goes on with a block that was set aside, if there is one: makes it final if its seals are there.
    ///
    /// # Errors
    /// [`SealingError::Waits`] if they are not; those of the chain.
    pub(super) fn resume(&self, sealer: &Sealer) -> Result<Option<Block>, ProductionError> {
        loop {
            if !self.cosigning.looked.swap(true, Ordering::SeqCst) && !self.waits_for_seals() {
                let proposal = {
                    let chain = self.chain();
                    let pending = sealer.pending(&chain).map_err(SealingError::from)?;
                    pending.map(|block| chain.replay(block, &*self.verifier)).transpose()?
                };
                if let Some(proposal) = proposal
                    && !self.offer(sealer, proposal)?
                {
                    self.cosigning.looked.store(false, Ordering::SeqCst);
                    continue;
                }
            }
            match self.publish()? {
                // The chain was opened again meanwhile.
                None if !self.cosigning.looked.load(Ordering::SeqCst) => {}
                published => return Ok(published),
            }
        }
    }

    /// Sets a block aside, seals it with the keys of this node, and offers it to the others. `false` if another block came
    /// first.
    ///
    /// # Errors
    /// Why it cannot be sealed here.
    pub(super) fn offer(&self, sealer: &Sealer, proposal: ProposedBlock) -> Result<bool, ProductionError> {
        let chain = self.chain();
        let block = proposal.block();
        let (height, hash) = (block.header().height, block.header().hash());
        if block.header().previous != chain.tip_hash() {
            return Ok(false);
        }
        let mut waiting = self.cosigning.waiting();
        if waiting.as_ref().is_some_and(|waiting| waiting.hash == hash) {
            return Ok(true);
        }
        let authorities = authorities_before(&chain, height)?;
        let own = sealer.seal_aside(&chain, block)?;
        let next = proposal.new_authorities().and_then(|opening| match opening.fact() {
            Fact::Authorities { finality: Finality::Solo { authorities, .. }, .. } => {
                Some((opening.clone(), authorities.clone()))
            }
            _ => None,
        });
        *waiting = Some(Waiting {
            hash,
            bytes: Arc::new(block.to_bytes()),
            authorities,
            next,
            seals: own.into_iter().map(|seal| (*seal.key(), seal)).collect(),
            since: Instant::now(),
            proposal,
        });
        drop(waiting);
        self.cosigning.offered.send_modify(|count| *count = count.wrapping_add(1));
        Ok(true)
    }

    /// Makes the block that waits a part of the chain, with its seals, in one write; `None` if none waits.
    ///
    /// # Errors
    /// [`SealingError::Waits`] if seals are missing; those of the store.
    pub(super) fn publish(&self) -> Result<Option<Block>, ProductionError> {
        let mut chain = self.chain_mut();
        let mut waiting = self.cosigning.waiting();
        if let Some(missing) = waiting.as_ref().and_then(Waiting::missing) {
            return Err(missing.into());
        }
        let Some(Waiting { proposal, authorities, next, seals, .. }) = waiting.take() else {
            return Ok(None);
        };
        drop(waiting);
        let rotation = next.map(|(opening, quorum)| {
            Rotation { authorities: opening, seals: Seals::of(&quorum, seals.values()) }.to_bytes()
        });
        let seals = Seals::of(&authorities, seals.values()).to_bytes();
        let block = match chain.commit(proposal.sealed(&seals, rotation.as_deref())) {
            Ok(block) => block,
            Err(error) => {
                // It is set aside still, and the seals are given again.
                self.cosigning.looked.store(false, Ordering::SeqCst);
                return match error {
                    ChainError::Ledger(LedgerError::Stale) => Ok(None),
                    error => Err(error.into()),
                };
            }
        };
        // A quorum had nothing after the block before it.
        self.cosigning.joined.store(true, Ordering::SeqCst);
        self.settle(&block);
        self.learn_rules(&chain, &block);
        self.look_for_pause(&chain);
        self.tip.send_replace(block.header().height);
        drop(chain);
        self.grow_nullifier_tree()?;
        Ok(Some(block))
    }

    /// The block that an authority asks for, if one goes on its last block and it has not sealed it.
    ///
    /// # Errors
    /// [`SealRefusal::Stranger`] and [`SealRefusal::Signature`]: nobody else is shown a block that is not final.
    pub(crate) fn proposal_for(&self, asked: &ProposalRequest) -> Result<Option<Arc<Vec<u8>>>, SealRefusal> {
        self.check_maker()?;
        let chain = self.chain();
        let next = chain.height().saturating_add(1);
        let in_office = authorities_before(&chain, next)?;
        if !self.is_authority(&asked.key, &in_office) {
            return Err(SealRefusal::Stranger);
        }
        if !asked.is_signed(&chain.genesis_hash()) {
            return Err(SealRefusal::Signature);
        }
        let heard = Heard { at: Instant::now(), height: asked.height, has_sealed: asked.sealed.is_some() };
        self.cosigning.present().insert(asked.key, heard);
        if asked.height != next || asked.previous != chain.tip_hash() {
            return Err(SealRefusal::NoProposal);
        }
        let waiting = self.cosigning.waiting();
        let has_sealed =
            |waiting: &&Waiting| asked.sealed == Some(waiting.hash) && waiting.seals.contains_key(&asked.key);
        Ok(waiting.as_ref().filter(|waiting| !has_sealed(waiting)).map(|waiting| waiting.bytes.clone()))
    }

    /// Takes the seals of an authority. With the last one that is needed, the block becomes final.
    ///
    /// # Errors
    /// Why not; none of them counts then.
    pub(crate) fn take_seals(&self, given: &GivenSeals) -> Result<Taken, SealRefusal> {
        self.check_maker()?;
        let genesis = self.chain().genesis_hash();
        let taken = {
            let mut waiting = self.cosigning.waiting();
            let waiting = waiting.as_mut().filter(|waiting| waiting.hash == given.block);
            let waiting = waiting.ok_or(SealRefusal::NoProposal)?;
            for seal in &given.seals {
                // Of an authority in office or of the next ones: the signature is the same.
                let check = |quorum| seal.verify(&genesis, waiting.hash, quorum);
                let checked: Vec<_> = waiting.quorums().map(check).collect();
                if checked.iter().all(Result::is_err) {
                    let is_strange = checked.iter().all(|checked| *checked == Err(SealError::Stranger));
                    return Err(if is_strange { SealRefusal::Stranger } else { SealRefusal::Signature });
                }
            }
            waiting.seals.extend(given.seals.iter().map(|seal| (*seal.key(), *seal)));
            let found = Seals::of(&waiting.authorities, waiting.seals.values()).count();
            let needed = waiting.authorities.needed();
            Taken { found, needed, is_final: waiting.missing().is_none() }
        };
        if taken.is_final {
            match self.publish() {
                Ok(_) => self.health.cosigning_is(None),
                // The maker of blocks meets it too, and says so.
                Err(error) => tracing::warn!(%error, "a block with all its seals could not be written yet"),
            }
        }
        Ok(taken)
    }

    /// `[cosign]` Checks a block that the source offers by every rule, and seals it: `None` if it does not go on the last
    /// block.
    ///
    /// # Errors
    /// Why it is not sealed.
    pub(crate) fn cosign(&self, sealer: &Sealer, bytes: &[u8]) -> Result<Option<GivenSeals>, CosignError> {
        let block = Block::from_bytes(bytes)?;
        let (header, chain) = (block.header(), self.chain());
        let (height, hash) = (header.height, header.hash());
        if height != chain.height().saturating_add(1) || header.previous != chain.tip_hash() {
            return Ok(None);
        }
        let seconds = header.time.saturating_sub(self.clock.now());
        if seconds > AHEAD && !chain.terms().development {
            return Err(CosignError::Ahead { height, seconds });
        }
        // A block that was sealed here was checked before.
        if sealer.sealed_at(height).map_err(SealingError::from)? != Some(hash) {
            match chain.replay(block.clone(), &*self.verifier) {
                Ok(proposal) => *self.cosigning.checked() = Some(proposal),
                Err(error) if error.is_internal() => return Err(SealingError::from(error).into()),
                Err(error) => return Err(CosignError::Rule { height, error }),
            }
        }
        Ok(Some(GivenSeals { block: hash, seals: sealer.seal_aside(&chain, &block)? }))
    }

    /// Takes note of what keeps this node from sealing the source's blocks.
    pub(crate) fn cosigning_is(&self, trouble: Option<String>) {
        self.health.cosigning_is(trouble);
    }

    /// Whether enough of some authorities are there to seal: their keys are at hand, or their nodes asked lately.
    pub(super) fn are_present(&self, sealer: &Sealer, quorum: &Quorum) -> bool {
        self.there(sealer, quorum, |_| true) >= usize::from(quorum.needed())
    }

    /// How many of a quorum are there: their keys are at hand, or they asked lately for what is wanted.
    fn there(&self, sealer: &Sealer, quorum: &Quorum, is_wanted: impl Fn(&Heard) -> bool) -> usize {
        let own: Vec<_> = sealer.public_keys().collect();
        let present = self.cosigning.present();
        let is_there = |key: &[u8; 32]| own.contains(key) || present.get(key).is_some_and(&is_wanted);
        quorum.keys().iter().filter(|key| is_there(key.as_bytes())).count()
    }

    /// Whether a new block may be offered. Another node may have made blocks before this one did, and offered one of this height
    /// to some: so the first block after a start waits until a quorum has been heard of, and none is made in place of one that
    /// another authority has sealed.
    ///
    /// # Errors
    /// [`SealingError::Waits`], [`SealingError::SealedElsewhere`].
    pub(super) fn check_heard(
        &self,
        sealer: &Sealer,
        authorities: &Quorum,
        height: u32,
    ) -> Result<(), SealingError> {
        let sealed = self.cosigning.present().iter().find_map(|(key, heard)| {
            (heard.height == height && heard.has_sealed).then(|| hex::encode(&key[..4]))
        });
        if let Some(key) = sealed {
            return Err(SealingError::SealedElsewhere { height, key });
        }
        let (needed, found) =
            (authorities.needed(), self.there(sealer, authorities, |heard| heard.height == height));
        if height > 1 && !self.cosigning.joined.load(Ordering::SeqCst) && found < needed.into() {
            let own: Vec<_> = sealer.public_keys().collect();
            let missing = authorities.keys().iter().filter(|key| !own.contains(key.as_bytes()));
            let missing = missing.map(|key| hex::encode(&key.as_bytes()[..4])).collect();
            return Err(SealingError::Waits { height, needed, found, missing });
        }
        self.cosigning.joined.store(true, Ordering::SeqCst);
        Ok(())
    }

    /// Whether this node makes blocks together with others: acts that change the authorities wait for those then.
    pub(super) fn has_cosigners(&self) -> bool {
        let super::BlockOrigin::Made(sealer) = &self.origin else { return false };
        let chain = self.chain();
        authorities_before(&chain, chain.height().saturating_add(1))
            .is_ok_and(|authorities| sealer.covers(&authorities).is_err())
    }

    fn check_maker(&self) -> Result<(), SealRefusal> {
        match &self.origin {
            super::BlockOrigin::Made(_) => Ok(()),
            super::BlockOrigin::Followed { .. } => Err(SealRefusal::Follows),
        }
    }

    /// Whether a key is one of the authorities in office, of those that the waiting block puts in office, or of those that an
    /// act would which waits for a block.
    fn is_authority(&self, key: &[u8; 32], in_office: &Quorum) -> bool {
        let has = |quorum: &Quorum| quorum.keys().iter().any(|known| known.as_bytes() == key);
        let next = |candidate: &Candidate| match candidate {
            Candidate::Act(act) => match &act.act().deed {
                Deed::RotateAuthorities(next) => has(next),
                _ => false,
            },
            _ => false,
        };
        has(in_office)
            || self.cosigning.waiting().as_ref().is_some_and(|waiting| waiting.quorums().any(has))
            || self.mempool().by_arrival().into_iter().any(next)
    }
}
