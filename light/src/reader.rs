//! `[light-reader]`: from a trust that was chosen beforehand, by sealed headers, to the newest head.
//!
//! The root of trust never comes from what is being checked. A reader that follows a chain which nobody chose says so by
//! [`Choice::Nothing`]; whoever shows its results has to tell.

use louver_chain::{
    BlockHash, Chain, Header,
    commitment::Path,
    history::verify_ancestor,
    state::opening::{Fact, Opening, OpeningError},
};
use louver_core::{
    asset::AssetId,
    encoding::{Decode, DecodeError, Encode, Reader as Bytes, put_list, put_option},
    ledger::{Finality, Genesis, Quorum},
    pool::GenesisHash,
    store::MemoryStore,
};
use thiserror::Error;

use crate::{
    evidence::{self, Evidence, EvidenceError, Fault, Link, may_follow},
    rotation::{Handover, Rotation, RotationError, authorities_in},
    seal::{SealError, SealedHeader, Seals},
};

const VERSION: u8 = 2;
/// How far a header's time may be ahead of the reader's clock, in seconds.
const MOST_AHEAD: u64 = 120;
/// How many retired quorums a reader remembers.
const MOST_RETIRED: usize = 16;

/// The choice that was made before anything was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The genesis hash and the authorities' keys.
    Keys,
    /// The hash of a block, read off a screen or from another node.
    Pin,
    /// Nothing: whatever is shown is shown on a chain that nobody chose.
    Nothing,
}

/// The hash of a block that was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The block's height.
    pub height: u32,
    /// The block's hash.
    pub hash: BlockHash,
}

/// A step to a later head.
///
/// Encoded: sealed header; history path (0, or 1 and the path); rotation (0, or 1 and the rotation).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The head.
    pub sealed: SealedHeader,
    /// The path from its history root to the reader's head; not needed where it is the next block.
    pub history: Option<Path>,
    /// The authorities after it, if it changes them.
    pub rotation: Option<Rotation>,
}

/// The effect of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advance {
    /// The reader stands at a later head.
    Moved,
    /// The head is the one at which the reader stands, or one that it stands on.
    Known,
}

/// Why a reader does not take a step. It stands where it stood.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ReadError {
    /// The header is of a time that has not come.
    #[error("the block is {seconds} seconds ahead of the clock: check the clock, or ask another server")]
    Ahead {
        /// By how much.
        seconds: u64,
    },
    /// Nothing was confirmed for longer than the keys are trusted.
    #[error(
        "nothing confirmed the keys of the chain's authorities for longer than they are trusted. Nothing is lost: ask \
         somebody you trust for the chain's genesis hash and a new block of it, and choose both"
    )]
    Expired,
    /// The authorities did not seal the header.
    #[error("the block is not final: {0}")]
    Seal(#[from] SealError),
    /// Keys that a rotation retired sealed the header.
    #[error("the block is sealed by keys that were replaced at block {height}: it counts for nothing")]
    Retired {
        /// The block that replaced them.
        height: u32,
    },
    /// The header is not shown to stand on the reader's head.
    #[error("it is not shown that block {height} stands on the last trusted block")]
    NotOnHead {
        /// The header's height.
        height: u32,
    },
    /// The header is of a block before the head, and not shown to be one that the head stands on.
    #[error("block {height} is before the last trusted block, and not shown to belong to the same chain")]
    NotUnderHead {
        /// The header's height.
        height: u32,
    },
    /// The new authorities are not in the state, or did not seal the block.
    #[error("the change of authorities is not shown: {0}")]
    Rotation(RotationError),
    /// The pinned block is another.
    #[error("the block is not the one that was chosen")]
    OtherThanPinned,
    /// A record is not in the state under the reader's head.
    #[error("the server's answer does not stand under the last trusted block: {0}")]
    Opening(#[from] OpeningError),
    /// More of an asset is in the pool than was ever issued, in the state under a head that nobody sealed for this reader,
    /// such as a pinned one.
    #[error(
        "in the state of the chosen block more of asset {asset} is in the pool than was ever issued: nothing of this \
         chain can be trusted. Ask somebody you trust for another block"
    )]
    Supply {
        /// The asset.
        asset: AssetId,
    },
    /// Authorities sealed what they must not. The reader keeps the evidence and stops.
    #[error(
        "the chain's authorities sealed two chains, or a false block: nothing of this chain can be trusted"
    )]
    Convicted,
}

/// A head that a reader trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its height; 0 is genesis.
    pub height: u32,
    /// Its hash.
    pub hash: BlockHash,
    place: Place,
}

/// A head as a reader knows it, beyond its height and hash.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// Genesis has no header: the root of the state that it makes.
    Genesis { state_root: [u8; 32] },
    /// The header with its seals; a pinned block may have none.
    Block(SealedHeader),
}

impl Head {
    /// The header; `None` at genesis.
    pub fn header(&self) -> Option<&Header> {
        self.sealed().map(|sealed| &sealed.header)
    }

    /// The root of the state after it.
    pub fn state_root(&self) -> &[u8; 32] {
        match &self.place {
            Place::Genesis { state_root } => state_root,
            Place::Block(sealed) => &sealed.header.state_root,
        }
    }

    /// The header with its seals; `None` at genesis. A block that was pinned is without seals.
    pub fn sealed(&self) -> Option<&SealedHeader> {
        match &self.place {
            Place::Genesis { .. } => None,
            Place::Block(sealed) => Some(sealed),
        }
    }

    fn of(sealed: SealedHeader) -> Self {
        let (height, hash) = (sealed.header.height, sealed.header.hash());
        Self { height, hash, place: Place::Block(sealed) }
    }

    fn at_genesis(hash: GenesisHash, state_root: [u8; 32]) -> Self {
        Self { height: 0, hash: BlockHash(hash.0), place: Place::Genesis { state_root } }
    }
}

/// Authorities that were replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Retired {
    quorum: Quorum,
    /// The block that replaced them.
    height: u32,
}

/// A light reader of one chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    genesis: GenesisHash,
    choice: Choice,
    authorities: Quorum,
    trusting_period: u32,
    /// When the keys were chosen, or the time of the latest block that they confirmed.
    confirmed: u64,
    head: Head,
    retired: Vec<Retired>,
    /// The changes of authorities that it took, ascending.
    handovers: Vec<Handover>,
    evidence: Option<Evidence>,
}

impl Reader {
    /// A reader that trusts the authorities of a genesis that was chosen: built in, scanned, configured. `now` is the time
    /// of the choice, in seconds since 1970.
    pub fn of_keys(genesis: &Genesis, now: u64) -> Self {
        Self::of_genesis(genesis, Choice::Keys, now)
    }

    /// A reader of a chain that nobody chose, with the genesis that a server names.
    pub fn of_nothing(genesis: &Genesis, now: u64) -> Self {
        Self::of_genesis(genesis, Choice::Nothing, now)
    }

    fn of_genesis(genesis: &Genesis, choice: Choice, now: u64) -> Self {
        let Finality::Solo { authorities, trusting_period } = genesis.terms().finality.clone();
        let head = Head::at_genesis(genesis.hash(), state_of(genesis));
        Self::new(genesis.hash(), choice, (authorities, trusting_period), now, head)
    }

    fn new(
        genesis: GenesisHash,
        choice: Choice,
        (authorities, trusting_period): (Quorum, u32),
        now: u64,
        head: Head,
    ) -> Self {
        let (retired, handovers, evidence) = (Vec::new(), Vec::new(), None);
        let confirmed = now;
        Self { genesis, choice, authorities, trusting_period, confirmed, head, retired, handovers, evidence }
    }

    /// A reader that trusts a block whose hash was chosen at `now`: its header, and the authorities in its state, may
    /// come from anybody.
    ///
    /// # Errors
    /// [`ReadError::OtherThanPinned`] if the header is another, [`ReadError::Rotation`] if the authorities are not those
    /// of its state.
    pub fn of_pin(
        genesis: GenesisHash,
        pin: Pin,
        header: Header,
        authorities: &Opening,
        now: u64,
    ) -> Result<Self, ReadError> {
        if (header.height, header.hash()) != (pin.height, pin.hash) {
            return Err(ReadError::OtherThanPinned);
        }
        let keys = authorities_in(authorities, &header).map_err(ReadError::Rotation)?;
        let head = Head::of(SealedHeader { header, seals: Seals::default() });
        Ok(Self::new(genesis, Choice::Pin, keys, now, head))
    }

    /// The hash of the chain's genesis.
    pub fn genesis(&self) -> GenesisHash {
        self.genesis
    }

    /// The choice that was made.
    pub fn choice(&self) -> Choice {
        self.choice
    }

    /// Notes that a person chose the chain since: its genesis, whose keys the reader began with, or a block that was found
    /// to be under its head.
    pub fn choose(&mut self, choice: Choice) {
        self.choice = choice;
    }

    /// The authorities that seal the blocks after the head.
    pub fn authorities(&self) -> &Quorum {
        &self.authorities
    }

    /// The newest head that it trusts.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The evidence against the authorities, if there is any. The reader takes no step any more.
    pub fn evidence(&self) -> Option<&Evidence> {
        self.evidence.as_ref()
    }

    /// The blocks that it knows by their height and hash: its head, and those that changed the authorities.
    pub fn known_blocks(&self) -> impl Iterator<Item = (u32, BlockHash)> {
        let changes = self.handovers.iter().map(|change| (change.height(), change.sealed.header.hash()));
        changes.chain([(self.head.height, self.head.hash)])
    }

    /// Takes a step to a later head. `now` is the reader's clock, in seconds since 1970.
    ///
    /// # Errors
    /// Why not. The reader stands where it stood, but after [`ReadError::Convicted`] it keeps the evidence.
    pub fn advance(&mut self, step: Step, now: u64) -> Result<Advance, ReadError> {
        self.check_time(&step.sealed.header, now)?;
        let height = step.sealed.header.height;
        if let Some(rotation) = &step.rotation
            && (height, step.sealed.header.hash()) == (self.head.height, self.head.hash)
        {
            return self.catch_up(&step.sealed, rotation);
        }
        self.check_seals(&step.sealed)?;
        let Step { sealed, history, rotation } = step;
        if height <= self.head.height {
            return self.compare(sealed, history.as_ref());
        }
        self.check_change_is_sealed()?;
        self.check_link(&sealed, history)?;
        let verify = |rotation: &Rotation| rotation.verify(&self.genesis, &sealed.header);
        let rotated = rotation.as_ref().map(verify).transpose().map_err(ReadError::Rotation)?;
        self.confirmed = self.confirmed.max(sealed.header.time);
        self.head = Head::of(sealed);
        if let Some((rotation, rotated)) = rotation.zip(rotated) {
            self.replace(rotated);
            self.hand_over(rotation);
        }
        Ok(Advance::Moved)
    }

    /// Takes the change of authorities in the head's own block, which a server may have left out when it led there.
    fn catch_up(&mut self, sealed: &SealedHeader, rotation: &Rotation) -> Result<Advance, ReadError> {
        let rotated = rotation.verify(&self.genesis, &sealed.header).map_err(ReadError::Rotation)?;
        let is_new = rotated.0 != self.authorities;
        if is_new {
            self.check_seals(sealed)?;
            self.replace(rotated);
        }
        if is_new || self.unsealed_change().is_some() {
            self.hand_over(rotation.clone());
        }
        Ok(Advance::Known)
    }

    /// Takes the authorities that the state under the head names. A server that led here and left out a change of them
    /// gains nothing: the keys that the head's block replaced seal nothing for this reader any more. It goes on once it
    /// has the seals of the new ones, so that it can show anybody who they are.
    pub(crate) fn learn(&mut self, opening: &Opening) {
        if let Some(head) = self.head.header()
            && let Ok(named) = authorities_in(opening, head)
            && named.0 != self.authorities
        {
            self.replace(named);
            self.hand_over(Rotation { authorities: opening.clone(), seals: Seals::default() });
        }
    }

    /// Puts the authorities after the head in place of those before.
    fn replace(&mut self, (authorities, trusting_period): (Quorum, u32)) {
        let quorum = core::mem::replace(&mut self.authorities, authorities);
        self.trusting_period = trusting_period;
        self.retired.push(Retired { quorum, height: self.head.height });
        let surplus = self.retired.len().saturating_sub(MOST_RETIRED);
        self.retired.drain(..surplus);
    }

    /// Keeps the change of authorities in the head's block, for evidence. With their seals the head becomes one for which
    /// the new authorities answer.
    fn hand_over(&mut self, rotation: Rotation) {
        let Place::Block(head) = &mut self.head.place else { return };
        let known = self.handovers.pop_if(|last| last.height() == head.header.height);
        let sealed = known.map_or_else(|| head.clone(), |known| known.sealed);
        if rotation.seals.count() > 0 {
            head.seals = rotation.seals.clone();
        }
        self.handovers.push(Handover { sealed, rotation });
        let surplus = self.handovers.len().saturating_sub(Evidence::MOST_HANDOVERS);
        self.handovers.drain(..surplus);
    }

    /// The change of authorities in the head's block, if their seals were left out.
    fn unsealed_change(&self) -> Option<&Handover> {
        let last = self.handovers.last().filter(|last| last.height() == self.head.height);
        last.filter(|last| last.rotation.seals.count() == 0)
    }

    fn check_change_is_sealed(&self) -> Result<(), ReadError> {
        let Some(change) = self.unsealed_change() else { return Ok(()) };
        let sealed = change.rotation.seals.verify(&self.genesis, self.head.hash, &self.authorities);
        sealed.map_err(|error| ReadError::Rotation(error.into()))
    }

    /// Whether nothing confirmed the keys for longer than they are trusted: only a fresh choice leads on from here.
    pub fn is_expired(&self, now: u64) -> bool {
        now > self.confirmed.saturating_add(self.trusting_period.into())
    }

    /// Counts the keys as confirmed until `now`. Only for chains whose keys everybody has, and whose clock is moved at will.
    pub fn confirm(&mut self, now: u64) {
        self.confirmed = self.confirmed.max(now);
    }

    /// Remembers what an earlier reader of the same chain knew: the authorities that it saw replaced, and its evidence.
    pub fn remember(&mut self, earlier: &Self) {
        let mut retired = earlier.retired.clone();
        retired.retain(|old| self.retired.iter().all(|known| known.quorum != old.quorum));
        self.retired.splice(0..0, retired);
        let surplus = self.retired.len().saturating_sub(MOST_RETIRED);
        self.retired.drain(..surplus);
        if self.handovers.is_empty() && self.authorities == earlier.authorities {
            self.handovers.clone_from(&earlier.handovers);
        }
        if self.evidence.is_none() {
            self.evidence.clone_from(&earlier.evidence);
        }
    }

    /// Takes evidence that somebody else found. If it holds, the reader keeps it and stops.
    ///
    /// # Errors
    /// Why it shows nothing; [`EvidenceError::Retired`] if it accuses keys that were replaced. The reader goes on.
    pub fn convict(&mut self, evidence: Evidence) -> Result<(), EvidenceError> {
        let Err(error) = evidence.verify(&self.genesis, &self.authorities) else {
            self.evidence.get_or_insert(evidence);
            return Ok(());
        };
        let by = |retired: &&Retired| evidence.verify(&self.genesis, &retired.quorum).is_ok();
        Err(match self.retired.iter().rev().find(by) {
            Some(Retired { height, .. }) => EvidenceError::Retired { height: *height },
            None => error,
        })
    }

    /// Accuses the authorities of what was found under the head, or under an earlier one of the same authorities. If they
    /// sealed it and must not have, the reader keeps the evidence and stops.
    ///
    /// # Errors
    /// As [`Reader::convict`].
    pub fn accuse(&mut self, fault: Fault) -> Result<(), EvidenceError> {
        self.convict(Evidence { handovers: self.handovers.clone(), fault })
    }

    /// Refuses a state under the head in which more of an asset is in the pool than was ever issued. If the authorities
    /// sealed the head, that is evidence.
    pub(crate) fn check_supply(&mut self, opening: &Opening) -> Result<(), ReadError> {
        let Fact::Supply { asset, issued, in_pool } = *opening.fact() else { return Ok(()) };
        if in_pool <= issued {
            return Ok(());
        }
        let block = self.head.sealed().cloned().map(Box::new);
        let fault = block.map(|block| Fault::Supply { block, supply: Box::new(opening.clone()) });
        Err(match fault.map(|fault| self.accuse(fault)) {
            Some(Ok(())) => ReadError::Convicted,
            _ => ReadError::Supply { asset },
        })
    }

    fn check_time(&self, header: &Header, now: u64) -> Result<(), ReadError> {
        if self.evidence.is_some() {
            return Err(ReadError::Convicted);
        }
        if self.is_expired(now) {
            return Err(ReadError::Expired);
        }
        match header.time.saturating_sub(now) {
            ..=MOST_AHEAD => Ok(()),
            seconds => Err(ReadError::Ahead { seconds }),
        }
    }

    fn check_seals(&self, sealed: &SealedHeader) -> Result<(), ReadError> {
        let Err(error) = sealed.verify(&self.genesis, &self.authorities) else { return Ok(()) };
        let by = |retired: &&Retired| sealed.verify(&self.genesis, &retired.quorum).is_ok();
        Err(match self.retired.iter().rev().find(by) {
            Some(retired) => ReadError::Retired { height: retired.height },
            None => error.into(),
        })
    }

    /// Compares a sealed header with the head, when it is not later.
    fn compare(&mut self, sealed: SealedHeader, history: Option<&Path>) -> Result<Advance, ReadError> {
        let (height, hash) = (sealed.header.height, sealed.header.hash());
        if (height, hash) == (self.head.height, self.head.hash) {
            return Ok(Advance::Known);
        }
        if height == self.head.height
            && let Some(head) = self.head.sealed().cloned()
        {
            return Err(self.stop(Fault::TwoHeads(Box::new([head, sealed]))));
        }
        let known = self.head.header().zip(history);
        let known = known.is_some_and(|(head, path)| verify_ancestor(path, height, hash, head).is_ok());
        match known {
            true => Ok(Advance::Known),
            false => Err(ReadError::NotUnderHead { height }),
        }
    }

    /// Checks that a later header stands on the head.
    fn check_link(&mut self, sealed: &SealedHeader, history: Option<Path>) -> Result<(), ReadError> {
        let height = sealed.header.height;
        let link = match history {
            None => Link::Previous,
            Some(path) => Link::History { hash: self.head.hash, path },
        };
        let named = link.hash_at(self.head.height, &sealed.header);
        let named = named.map_err(|_| ReadError::NotOnHead { height })?;
        let follows = self.head.header().is_none_or(|head| may_follow(head, &sealed.header));
        if named == self.head.hash && follows {
            return Ok(());
        }
        let Some(head) = self.head.sealed().cloned() else { return Err(ReadError::NotOnHead { height }) };
        let blocks = Box::new([head, sealed.clone()]);
        match self.stop(Fault::Broken { blocks, link }) {
            ReadError::Convicted => Err(ReadError::Convicted),
            _ => Err(ReadError::NotOnHead { height }),
        }
    }

    /// Keeps evidence if it holds: it does not against a head that was pinned and is not sealed.
    fn stop(&mut self, fault: Fault) -> ReadError {
        match self.accuse(fault) {
            Ok(()) => ReadError::Convicted,
            Err(_) => ReadError::OtherThanPinned,
        }
    }
}

/// The root of the state that a genesis makes; of a genesis that makes no chain, one under which nothing stands.
fn state_of(genesis: &Genesis) -> [u8; 32] {
    let chain = Chain::open(MemoryStore::default(), genesis.clone()).ok();
    chain.and_then(|chain| chain.state_root().ok().flatten()).unwrap_or_default()
}

impl Step {
    /// Fewer bytes than any step has.
    pub const LEAST: usize = Header::BYTES + 3;
}

impl Encode for Step {
    fn encode(&self, out: &mut Vec<u8>) {
        self.sealed.encode(out);
        put_option(out, self.history.as_ref());
        put_option(out, self.rotation.as_ref());
    }
}

impl Decode for Step {
    fn decode(bytes: &mut Bytes<'_>) -> Result<Self, DecodeError> {
        Ok(Self { sealed: SealedHeader::decode(bytes)?, history: bytes.option()?, rotation: bytes.option()? })
    }
}

/// The quorum, and the height of the block that replaced it u32.
impl Encode for Retired {
    fn encode(&self, out: &mut Vec<u8>) {
        self.quorum.encode(out);
        out.extend_from_slice(&self.height.to_le_bytes());
    }
}

impl Decode for Retired {
    fn decode(bytes: &mut Bytes<'_>) -> Result<Self, DecodeError> {
        Ok(Self { quorum: Quorum::decode(bytes)?, height: bytes.u32()? })
    }
}

/// Version u8 (2), genesis hash, choice u8 (1: keys, 2: pin, 3: nothing), quorum, trusting period u32, confirmed u64; the
/// head: 0 and the root of the state of genesis, or 1 and the sealed header; count u32 of retired quorums, and they; count u32
/// of handovers, and they; evidence (0, or 1 and the evidence).
impl Encode for Reader {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(VERSION);
        out.extend_from_slice(&self.genesis.0);
        out.push(match self.choice {
            Choice::Keys => 1,
            Choice::Pin => 2,
            Choice::Nothing => 3,
        });
        self.authorities.encode(out);
        out.extend_from_slice(&self.trusting_period.to_le_bytes());
        out.extend_from_slice(&self.confirmed.to_le_bytes());
        match &self.head.place {
            Place::Genesis { state_root } => {
                out.push(0);
                out.extend_from_slice(state_root);
            }
            Place::Block(sealed) => {
                out.push(1);
                sealed.encode(out);
            }
        }
        put_list(out, &self.retired);
        put_list(out, &self.handovers);
        put_option(out, self.evidence.as_ref());
    }
}

impl Decode for Reader {
    fn decode(bytes: &mut Bytes<'_>) -> Result<Self, DecodeError> {
        let unknown = |what, tag: u8| Err(DecodeError::UnknownTag { what, tag: tag.into() });
        match bytes.u8()? {
            VERSION => {}
            tag => return unknown("version of a reader", tag),
        }
        let genesis = GenesisHash(bytes.array()?);
        let choice = match bytes.u8()? {
            1 => Choice::Keys,
            2 => Choice::Pin,
            3 => Choice::Nothing,
            tag => return unknown("choice", tag),
        };
        let (authorities, trusting_period) = (Quorum::decode(bytes)?, bytes.u32()?);
        let confirmed = bytes.u64()?;
        let head = match bytes.flag()? {
            false => Head::at_genesis(genesis, bytes.array()?),
            true => Head::of(SealedHeader::decode(bytes)?),
        };
        let retired: Vec<Retired> = bytes.list(2 + 32 + 4)?;
        if retired.len() > MOST_RETIRED {
            return Err(DecodeError::OutOfRange { what: "number of retired quorums" });
        }
        let (handovers, evidence) = (evidence::handovers(bytes)?, bytes.option()?);
        Ok(Self {
            genesis,
            choice,
            authorities,
            trusting_period,
            confirmed,
            head,
            retired,
            handovers,
            evidence,
        })
    }
}

#[cfg(test)]
mod tests;
