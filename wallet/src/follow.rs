//! Following the chain: the one exchange of a wallet with a node, in the one order that keeps its privacy.
//!
//! [`Follow`] is a value that asks. Its host answers each [`Ask`] over whatever reaches the node, and nothing else:
//!
//! ```no_run
//! # use louver_wallet::{follow::{Answer, Ask, Follow, FollowError, FollowSummary}, wallet::Wallet};
//! # struct Unreachable;
//! # fn ask_the_node(ask: &Ask) -> Result<Answer, Unreachable> { Err(Unreachable) }
//! # fn follow(wallet: &mut Wallet) -> Result<FollowSummary, FollowError<Unreachable>> {
//! let mut follow = Follow::new();
//! while let Some(ask) = follow.next() {
//!     follow.answer(wallet, ask_the_node(&ask))?;
//! }
//! follow.finish()
//! # }
//! ```
//!
//! The order of questions: the height of the chain; the last block that wallet and node have in common; every block
//! after it; the assets of notes that the wallet did not know; the whole blocks that the wallet chose (`[wallet-whole-blocks]`), all of them before any is read; the
//! transactions that wait for a block (`[wallet-submission]`). The whole blocks are read last, since the time this takes
//! would tell a node how much there was. A host may stop between two questions by dropping the value. Blocks that were
//! read stay read, and the next exchange asks for whatever was left, so that a node which breaks off does not see other
//! questions.

use core::{fmt, ops::RangeInclusive};
use std::vec;

use louver_chain::compact::CompactBlock;
use louver_core::{asset::AssetId, proof::Unwatched};

use crate::{
    chain::ChainParameters,
    decoys::Reading,
    scan::BirthdayError,
    send::Outgoing,
    wallet::{Birthday, Wallet},
};

mod ask;
mod error;

pub use ask::{Answer, Ask, Submission};
pub use error::FollowError;

/// The largest number of compact blocks that are asked for at once.
pub const MOST_BLOCKS: u32 = 256;

/// The results of following the chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FollowSummary {
    /// The last block, which the wallet has read. It is above the node's last block if the node is behind.
    pub height: u32,
    /// How many blocks were read.
    pub blocks: u32,
    /// How many notes were received, change included.
    pub received: u32,
    /// How many notes were spent.
    pub spent: u32,
    /// How many of the wallet's own transactions were mined.
    pub mined: u32,
    /// How many of the wallet's own transactions expired.
    pub expired: u32,
    /// How many of the wallet's own transactions sent nothing, since others spent their notes.
    pub superseded: u32,
    /// Whether a transaction was found that spends a note which the wallet never saw: [`Wallet::late_birthday`].
    pub late_birthday: bool,
    /// How many waiting transactions were submitted to the node.
    pub submitted: u32,
    /// How many mined transactions are known from their compact part alone, since the node keeps their whole blocks no
    /// longer: the money is counted, and memos and outgoing payments are not at hand. The next exchange asks for the blocks
    /// again, so another node can help.
    pub incomplete: u32,
}

/// The progress of an exchange, in compact blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlocksRead {
    /// How many blocks were read.
    pub done: u32,
    /// How many there are to read, according to the node.
    pub total: u32,
}

/// One exchange with a node. `E` is the host's error if it has no answer.
#[must_use = "an exchange that is dropped is stopped"]
pub struct Follow<E> {
    state: State,
    summary: FollowSummary,
    progress: BlocksRead,
    fault: Option<FollowError<E>>,
}

/// The question that is open now, and the knowledge that later questions need.
enum State {
    /// The block at which a second look begins.
    Birth(u32),
    /// The tree after the block at which a second look begins.
    BirthTree(Box<CompactBlock>),
    /// The state of the chain, and the place where a second look begins.
    Tip(Option<Box<Birthday>>),
    /// The search for the last block in common.
    Common {
        chain: Box<ChainParameters>,
        /// The block that the node is asked for.
        height: u32,
        /// Its hash, according to the wallet.
        hash: [u8; 32],
        /// Earlier ones, the latest first.
        earlier: vec::IntoIter<(u32, [u8; 32])>,
    },
    Blocks {
        chain: Box<ChainParameters>,
        range: RangeInclusive<u32>,
    },
    /// The assets that were met and are not known.
    Assets {
        chain: Box<ChainParameters>,
        met: Vec<AssetId>,
    },
    Whole {
        tip: u32,
        reading: Reading,
        height: u32,
        rest: vec::IntoIter<u32>,
    },
    Submit {
        reading: Reading,
        outgoing: Outgoing,
        rest: vec::IntoIter<Outgoing>,
    },
    /// The wallet's writes have to be safe before the next question.
    Save(Box<State>),
    Done,
}

impl<E> Follow<E> {
    /// Follows the chain to the node's last block.
    pub fn new() -> Self {
        Self::from(State::Tip(None))
    }

    /// Forgets every block and reads from a birthday again: the wallet's own, or an earlier one, which replaces it.
    /// Nothing is forgotten before the node has shown that block and its tree. Accounts and the wallet's own
    /// transactions stay.
    ///
    /// # Errors
    /// [`BirthdayError::Later`]: the wallet would lose sight of what it received before a later birthday.
    pub fn rescan(wallet: &Wallet, birthday: Option<u32>) -> Result<Self, BirthdayError> {
        let stored = wallet.birthday()?;
        match birthday.unwrap_or(stored) {
            height if height > stored => Err(BirthdayError::Later { stored }),
            0 => {
                let genesis = Birthday::genesis(&wallet.chain().genesis);
                Ok(Self::from(State::Tip(Some(Box::new(genesis)))))
            }
            height => Ok(Self::from(State::Birth(height))),
        }
    }

    fn from(state: State) -> Self {
        Self { state, summary: FollowSummary::default(), progress: BlocksRead::default(), fault: None }
    }

    /// The open question; `None` once the exchange is over. It stays the same until it is answered.
    pub fn next(&self) -> Option<Ask> {
        match &self.state {
            State::Birth(height) => Some(Ask::Blocks(*height..=*height)),
            State::BirthTree(block) => Some(Ask::Tree(block.height())),
            State::Tip(_) => Some(Ask::Tip),
            State::Common { height, .. } => Some(Ask::Blocks(*height..=*height)),
            State::Blocks { range, .. } => Some(Ask::Blocks(range.clone())),
            State::Assets { met, .. } => Some(Ask::Assets(met.clone())),
            State::Whole { height, .. } => Some(Ask::Whole(*height)),
            State::Submit { outgoing, .. } => Some(Ask::Submit(outgoing.clone())),
            State::Save(_) => Some(Ask::Save),
            State::Done => None,
        }
    }

    /// How many of the blocks were read.
    pub fn progress(&self) -> BlocksRead {
        self.progress
    }

    /// The results so far.
    pub fn summary(&self) -> FollowSummary {
        self.summary
    }

    /// Takes the answer to the open question. Pass the same wallet each time.
    ///
    /// # Errors
    /// The exchange is over: blocks that were read before stay read. A wrong answer changes nothing.
    pub fn answer(&mut self, wallet: &mut Wallet, answer: Result<Answer, E>) -> Result<(), FollowError<E>> {
        let asked = core::mem::replace(&mut self.state, State::Done);
        self.state = match (asked, answer) {
            (State::Birth(height), Ok(Answer::Blocks(blocks))) => {
                match in_order(&(height..=height), blocks)?.pop() {
                    Some(block) => State::BirthTree(Box::new(block)),
                    None => return Err(FollowError::Unasked),
                }
            }
            (State::BirthTree(block), Ok(Answer::Tree(tree))) => {
                State::Tip(Some(Box::new(Birthday::after(&block, tree)?)))
            }
            (State::Tip(again), Ok(Answer::Tip(chain))) => self.tip(wallet, chain, again)?,
            (State::Common { chain, height, hash, earlier }, Ok(Answer::Blocks(blocks))) => {
                match in_order(&(height..=height), blocks)?.first() {
                    Some(block) if block.hash().0 == hash => self.common(wallet, chain, height)?,
                    _ => self.search(wallet, chain, earlier)?,
                }
            }
            (State::Blocks { chain, range }, Ok(Answer::Blocks(blocks))) => {
                self.read(wallet, &in_order(&range, blocks)?)?;
                self.blocks(wallet, chain)?
            }
            (State::Assets { mut chain, .. }, Ok(Answer::Assets(assets))) => {
                chain.assets.extend(assets);
                self.choose(wallet, &chain)?
            }
            (State::Whole { tip, mut reading, rest, .. }, Ok(Answer::Whole(transactions))) => {
                reading.take(transactions);
                self.whole(wallet, tip, reading, rest)?
            }
            (State::Whole { tip, mut reading, height, rest }, Ok(Answer::Pruned)) => {
                let rest = reading.pruned(height, rest);
                self.whole(wallet, tip, reading, rest)?
            }
            (State::Submit { reading, outgoing, rest }, Ok(Answer::Submitted(submission))) => {
                submission.note(wallet, outgoing.txid)?;
                self.summary.submitted = self.summary.submitted.saturating_add(1);
                self.submit(wallet, reading, rest)?
            }
            (State::Submit { reading, .. }, Err(error)) => {
                self.fault = Some(FollowError::Node(error));
                // The whole blocks are there: they are read, and not asked for again.
                self.submit(wallet, reading, Vec::new().into_iter())?
            }
            (State::Save(next), Ok(Answer::Saved)) => *next,
            (_, Err(error)) => return Err(FollowError::Node(error)),
            (_, Ok(_)) => return Err(FollowError::Unasked),
        };
        Ok(())
    }

    /// The results, once no question is open.
    ///
    /// # Errors
    /// Why a transaction was not submitted, or why a fetched block could not be read; [`FollowError::Unfinished`] if a
    /// question is still open.
    pub fn finish(self) -> Result<FollowSummary, FollowError<E>> {
        match (self.state, self.fault) {
            (State::Done, None) => Ok(self.summary),
            (State::Done, Some(fault)) => Err(fault),
            _ => Err(FollowError::Unfinished),
        }
    }

    fn tip(
        &mut self,
        wallet: &mut Wallet,
        chain: ChainParameters,
        again: Option<Box<Birthday>>,
    ) -> Result<State, FollowError<E>> {
        let tip = chain.height;
        // The next block needs a height.
        if !chain.goes_on_after(tip) {
            return Err(FollowError::TooHigh { height: tip });
        }
        // Assets and switches are learnt now. The height is only the node's word until its blocks were read.
        wallet.update_chain(&ChainParameters { height: wallet.chain().height, ..chain.clone() })?;
        if let Some(birthday) = again {
            if birthday.height > tip {
                return Err(FollowError::FarBehind { height: tip, oldest: birthday.height });
            }
            wallet.rescan(&birthday)?;
        }
        let known = wallet.known_blocks()?;
        match known.last() {
            Some((oldest, _)) if *oldest > tip => {
                Err(FollowError::FarBehind { height: tip, oldest: *oldest })
            }
            _ => self.search(wallet, Box::new(chain), known.into_iter()),
        }
    }

    /// Goes on to the next earlier block that the node may also have.
    fn search(
        &mut self,
        wallet: &mut Wallet,
        chain: Box<ChainParameters>,
        mut known: vec::IntoIter<(u32, [u8; 32])>,
    ) -> Result<State, FollowError<E>> {
        match known.find(|(height, _)| *height <= chain.height) {
            // There is no need to ask for genesis.
            Some((0, hash)) if hash == chain.genesis.hash().0 => self.common(wallet, chain, 0),
            Some((0, _)) | None => Err(FollowError::Reorganised),
            Some((height, hash)) => Ok(State::Common { chain, height, hash, earlier: known }),
        }
    }

    /// Returns to the last common block. If that is the node's last block, the node is behind, and the wallet stays
    /// where it is.
    fn common(
        &mut self,
        wallet: &mut Wallet,
        chain: Box<ChainParameters>,
        height: u32,
    ) -> Result<State, FollowError<E>> {
        let position = wallet.position()?.height;
        let is_behind = height == chain.height;
        if height < position && !is_behind {
            wallet.roll_back(height)?;
        }
        let position = wallet.position()?.height;
        self.summary.height = chain.height.max(position);
        self.progress = BlocksRead { done: 0, total: chain.height.saturating_sub(position) };
        self.blocks(wallet, chain)
    }

    fn read(&mut self, wallet: &mut Wallet, blocks: &[CompactBlock]) -> Result<(), FollowError<E>> {
        let scanned = wallet.scan(blocks, &mut Unwatched)?;
        let add = |sum: &mut u32, more: usize| {
            *sum = sum.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
        };
        add(&mut self.summary.blocks, scanned.blocks);
        add(&mut self.summary.received, scanned.received);
        add(&mut self.summary.spent, scanned.spent);
        add(&mut self.summary.mined, scanned.mined);
        add(&mut self.summary.expired, scanned.expired);
        add(&mut self.summary.superseded, scanned.superseded);
        self.summary.late_birthday |= scanned.late_birthday;
        add(&mut self.progress.done, scanned.blocks);
        Ok(())
    }

    /// Asks for the next blocks, or if there are none, for the assets that were met, and then for the whole blocks that the
    /// wallet chooses.
    fn blocks(&mut self, wallet: &mut Wallet, chain: Box<ChainParameters>) -> Result<State, FollowError<E>> {
        let tip = chain.height;
        let first = wallet.position()?.height.saturating_add(1);
        if first <= tip {
            let range = first..=first.saturating_add(MOST_BLOCKS - 1).min(tip);
            return Ok(State::Blocks { chain, range }.saved());
        }
        let met = wallet.unknown_assets()?;
        match met.is_empty() {
            true => self.choose(wallet, &chain),
            false => Ok(State::Assets { chain, met }.saved()),
        }
    }

    /// Asks for the whole blocks that the wallet chooses.
    fn choose(&mut self, wallet: &mut Wallet, chain: &ChainParameters) -> Result<State, FollowError<E>> {
        let tip = chain.height;
        wallet.update_chain(chain)?;
        // The choice is safe before its first block is asked for.
        let reading = wallet.begin_reading()?;
        let heights = reading.heights().into_iter();
        self.whole(wallet, tip, reading, heights).map(State::saved)
    }

    fn whole(
        &mut self,
        wallet: &mut Wallet,
        tip: u32,
        reading: Reading,
        mut rest: vec::IntoIter<u32>,
    ) -> Result<State, FollowError<E>> {
        match rest.next() {
            Some(height) => Ok(State::Whole { tip, reading, height, rest }),
            None => {
                let overdue = wallet.overdue(tip)?;
                self.submit(wallet, reading, overdue.into_iter())
            }
        }
    }

    fn submit(
        &mut self,
        wallet: &mut Wallet,
        reading: Reading,
        mut rest: vec::IntoIter<Outgoing>,
    ) -> Result<State, FollowError<E>> {
        if let Some(outgoing) = rest.next() {
            return Ok(State::Submit { reading, outgoing, rest });
        }
        self.summary.incomplete = u32::try_from(reading.incomplete()).unwrap_or(u32::MAX);
        // This comes last, as the node would see how long it takes.
        if let Err(error) = wallet.finish_reading(reading) {
            self.fault.get_or_insert(error.into());
        }
        Ok(State::Done.saved())
    }
}

impl State {
    fn saved(self) -> Self {
        Self::Save(Box::new(self))
    }
}

impl<E> Default for Follow<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E> fmt::Debug for Follow<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follow").field("asks", &self.next()).finish_non_exhaustive()
    }
}

/// The blocks that were asked for: each of the range, once, in order.
fn in_order<E>(
    range: &RangeInclusive<u32>,
    blocks: Vec<CompactBlock>,
) -> Result<Vec<CompactBlock>, FollowError<E>> {
    match blocks.iter().map(CompactBlock::height).eq(range.clone()) {
        true => Ok(blocks),
        false => Err(FollowError::OtherBlocks { first: *range.start(), last: *range.end() }),
    }
}
