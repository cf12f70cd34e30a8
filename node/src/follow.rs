//! `[follower]` Following another node: a full node of a chain that it does not make.
//!
//! Every seal, proof and rule is checked here, and nothing is believed of the [`Source`]. A source that lies, stalls or is
//! gone costs time and nothing else. A false block that the chain's authorities sealed stops the follower for good: it is
//! kept in a file that shows it to anybody.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use louver_chain::{Block, ChainError, integrity};
use louver_client::api::{Refusal, path};
use louver_core::{
    calendar::moment,
    encoding::{Decode, Encode},
    proof::VerifyError,
    transaction::Refused,
};
use louver_light::{
    Proven, Reader, Step,
    reader::{Advance, ReadError},
};
use tokio::sync::{Notify, watch};

use crate::{
    engine::Engine,
    folder::{Folder, LastSealed},
    http::serve::stopped,
    keys,
    steps::{WayError, steps},
    tending::{RETRY, lasts},
    verification::SharedVerifier,
};

pub(crate) mod cosigning;
pub mod evidence;
mod source;

pub use source::{Source, SourceError};

use evidence::RefusedBlock;
use source::nonsense;

/// How many headers are asked for at once.
const AT_ONCE: u32 = 200;
/// The most bytes of a header with its seals and a change of authorities.
const MOST_BYTES: usize = 64 * 1024;
/// How old a head may be before the source is suspected of keeping newer ones back, in seconds.
const OLD: u64 = 15 * 60;

/// The parts of a follower.
pub(crate) struct Follower {
    pub(crate) engine: Arc<Engine>,
    pub(crate) folder: Arc<Folder>,
    pub(crate) source: Source,
    pub(crate) verifier: SharedVerifier,
    /// How soon a source that had nothing new is asked again.
    pub(crate) poll: Duration,
    /// Told when the source is likely to have a new block.
    pub(crate) wake: Arc<Notify>,
    /// Whether the operator was told how a copy is put to work again.
    pub(crate) told_copy: AtomicBool,
}

/// The outcome of asking the source for more.
enum Progress {
    /// There were more blocks.
    Moved,
    /// There were none.
    CaughtUp,
}

/// The reason for which a follower does not go on.
enum Hindrance {
    /// The source, for now.
    Source(String),
    /// A want of this node's own, in a whole sentence.
    Own(String),
    /// The store.
    Store(ChainError),
    /// Something false that the authorities sealed: the file that shows it, and the sentence.
    Convicted { file: Vec<u8>, reason: String },
}

impl From<SourceError> for Hindrance {
    fn from(error: SourceError) -> Self {
        Self::Source(error.to_string())
    }
}

impl From<ChainError> for Hindrance {
    fn from(error: ChainError) -> Self {
        Self::Store(error)
    }
}

/// Follows until the node stops.
///
/// # Errors
/// [`ChainError::Store`] if the store is damaged, which no waiting cures.
pub(crate) async fn follow(follower: Follower, mut stop: watch::Receiver<bool>) -> Result<(), ChainError> {
    let (mut wait, mut reader) = (Duration::ZERO, None);
    loop {
        tokio::select! {
            () = stopped(&mut stop) => return Ok(()),
            () = tokio::time::sleep(wait) => {}
            () = follower.wake.notified() => {}
        }
        let troubles = follower.engine.troubles();
        if troubles.evidence.is_some() {
            stopped(&mut stop).await;
            return Ok(());
        }
        if troubles.storage.is_some() {
            reader = None;
            match follower.engine.blocking(Engine::recover).await {
                Some(Err(error)) if lasts(&error) => return Err(error),
                Some(Ok(())) => wait = Duration::ZERO,
                _ => wait = (2 * wait).clamp(RETRY.0, RETRY.1),
            }
            continue;
        }
        // A block that is being written is written to its end, whatever becomes of this.
        let asked = tokio::select! {
            () = stopped(&mut stop) => return Ok(()),
            asked = follower.ask(&mut reader) => asked,
        };
        wait = match asked {
            Ok(progress) => {
                follower.engine.following_is(follower.old_head());
                match progress {
                    Progress::Moved => Duration::ZERO,
                    Progress::CaughtUp => follower.poll,
                }
            }
            Err(Hindrance::Source(reason)) => {
                let name = follower.source.name();
                follower.engine.following_is(Some(format!(
                    "the node that this one follows, {name}, gives no further blocks: {reason}"
                )));
                (2 * wait).clamp(follower.poll, RETRY.1)
            }
            Err(Hindrance::Own(sentence)) => {
                follower.engine.following_is(Some(sentence));
                (2 * wait).clamp(follower.poll, RETRY.1)
            }
            Err(Hindrance::Store(error)) if error.store().is_none() || lasts(&error) => return Err(error),
            Err(Hindrance::Store(error)) => {
                follower.engine.storage_failed(&error);
                Duration::ZERO
            }
            Err(Hindrance::Convicted { file, reason }) => {
                if let Err(error) = follower.folder.put_evidence(&file) {
                    tracing::error!(%error, "the evidence cannot be written");
                }
                follower.engine.convict(&follower.folder.evidence_file(), &reason);
                Duration::ZERO
            }
        };
    }
}

impl Follower {
    /// Takes the blocks that the source has after the last one.
    async fn ask(&self, kept: &mut Option<Reader>) -> Result<Progress, Hindrance> {
        let mut reader = match kept.take() {
            Some(reader) => reader,
            None => self.reader().await?,
        };
        let asked = self.ask_with(&mut reader).await;
        *kept = Some(reader);
        // Keys of a rules version that guardians add are fetched before the version counts.
        if let Some(keys) = self.engine.keys().filter(|keys| keys::lacks(keys))
            && let Err(error) = keys::fetch(keys, &self.source, self.folder.path()).await
        {
            tracing::debug!(%error, "keys of a rules version are missing");
        }
        asked
    }

    async fn ask_with(&self, reader: &mut Reader) -> Result<Progress, Hindrance> {
        let from = reader.head().height.saturating_add(1);
        let to = from.saturating_add(AT_ONCE - 1);
        let frames = match self.source.get(&format!("{}?from={from}&to={to}", path::HEADERS)).await {
            Ok(frames) => frames,
            Err(SourceError::Refused { refusal: Refusal::HeightUnknown, .. }) => {
                return self.compare(reader).await;
            }
            Err(error) => return Err(error.into()),
        };
        let steps = headers(&frames)?;
        if steps.is_empty() {
            return Err(nonsense("no header where one was asked for").into());
        }
        for step in steps {
            self.take(reader, step).await?;
        }
        Ok(Progress::Moved)
    }

    /// Takes one block: its header by its seals, and its body by every rule.
    async fn take(&self, reader: &mut Reader, step: Step) -> Result<(), Hindrance> {
        let header = step.sealed.header.clone();
        let (height, expected) = (header.height, reader.head().height.saturating_add(1));
        if height != expected {
            return Err(nonsense(format!("header {height} where {expected} was asked for")).into());
        }
        let mut next = reader.clone();
        match next.advance(step.clone(), self.now(header.time)) {
            Ok(Advance::Moved) => {}
            Ok(Advance::Known) => return Err(nonsense("a header that is known").into()),
            Err(error) => return Err(refused(&next, &error)),
        }
        let body = self.source.get(&path::with(path::BLOCK, height)).await.map_err(|error| match error {
            SourceError::Refused { refusal: Refusal::BlockPruned, .. } => Hindrance::Source(format!(
                "it does not keep block {height} any more, and only a node that keeps all blocks can be followed from here"
            )),
            error => error.into(),
        })?;
        let block = Block::from_bytes(&body).map_err(nonsense)?;
        if *block.header() != header {
            return Err(nonsense(format!("another block {height} than the one that is sealed")).into());
        }
        match (block.new_authorities(), &step.rotation) {
            (None, None) => {}
            (Some(named), Some(_)) if named == next.authorities() => {}
            _ => {
                return Err(nonsense(format!(
                    "the change of authorities in block {height} is left out or made up"
                ))
                .into());
            }
        }
        let (verifier, sealed) = (self.verifier.clone(), step.clone());
        let taken = self.engine.blocking(move |engine| engine.take_block(&sealed, block, &*verifier)).await;
        match taken {
            Some(Ok(())) => {}
            Some(Err(error)) if error.is_internal() => return Err(error.into()),
            Some(Err(ChainError::Refused(Refused::Proof(VerifyError::NoKey { .. })))) => {
                let fetched = match self.engine.keys() {
                    Some(keys) => keys::fetch(keys, &self.source, self.folder.path())
                        .await
                        .map_err(|error| error.to_string()),
                    None => Err("it has no keys".to_owned()),
                };
                // With the keys the block is taken when it is asked for again.
                return Err(Hindrance::Own(match fetched {
                    Ok(()) => format!("block {height} used a rules version whose keys are being fetched"),
                    Err(reason) => format!(
                        "block {height} uses a rules version whose keys this node does not have. Nothing is wrong with the \
                         chain: put the keys into this node's folder of keys (--keys), and start it again. {reason}"
                    ),
                }));
            }
            Some(Err(error)) => {
                self.check_own(height).await?;
                let reason = format!("block {height}, which breaks a rule of the chain ({error})");
                return Err(Hindrance::Convicted { file: RefusedBlock { step, body }.to_bytes(), reason });
            }
            None => return Err(Hindrance::Source("taking its block failed here".to_owned())),
        }
        *reader = next;
        Ok(())
    }

    /// Compares the newest head with that of a source that has nothing after it.
    async fn compare(&self, reader: &Reader) -> Result<Progress, Hindrance> {
        let height = reader.head().height;
        let answer = match self.source.get(&format!("{}?head={height}", path::HEAD)).await {
            Ok(answer) => answer,
            Err(SourceError::Refused { refusal: Refusal::HeadUnknown, .. }) => {
                return Err(Hindrance::Source(format!(
                    "it does not have block {height}, which this node has from it"
                )));
            }
            Err(error) => return Err(error.into()),
        };
        let proven = Proven::from_bytes(&answer).map_err(nonsense)?;
        let mut same = reader.clone();
        let time = proven.steps.last().map_or(0, |step| step.sealed.header.time);
        if let Err(error) = same.take(proven, self.now(time)) {
            return Err(refused(&same, &error));
        }
        if same.head().height > height {
            return Ok(Progress::Moved);
        }
        // The source may be behind, or keep blocks back: only the operator knows that nothing else was sealed.
        if let Ok(Some(LastSealed::Unknown)) = self.folder.last_sealed()
            && !self.told_copy.swap(true, Ordering::Relaxed)
        {
            let (hash, day) =
                (hex::encode(reader.head().hash.0), reader.head().header().map(|header| moment(header.time)));
            tracing::warn!(
                "this folder is a copy, and the followed node has nothing after block {height} of {}. If you know that no later \
                 block was sealed, start this node without --follow and with --nothing-after {height}:{hash}",
                day.unwrap_or_default(),
            );
        }
        Ok(Progress::CaughtUp)
    }

    /// Makes this node's own chain again before a block counts as false: damage here accuses nobody.
    async fn check_own(&self, height: u32) -> Result<(), Hindrance> {
        let verifier = self.verifier.clone();
        let checked =
            self.engine.blocking(move |engine| integrity::check_all(&engine.chain(), &*verifier, |_| {}));
        let damage = match checked.await {
            Some(Ok(faults)) => faults.into_iter().next(),
            Some(Err(damage)) => Some(damage),
            None => {
                return Err(Hindrance::Own(format!(
                    "checking the chain of this node failed at block {height}"
                )));
            }
        };
        match damage {
            None => Ok(()),
            Some(damage) => Err(Hindrance::Own(format!(
                "block {height} does not follow here because the data of this node is damaged: {damage}. Nothing is wrong with \
                 the chain. Stop this node, move its folder away, and follow the chain into a new one"
            ))),
        }
    }

    /// The reader at the last block of the chain. A last block that was never sealed is nobody's, and is taken back.
    async fn reader(&self) -> Result<Reader, Hindrance> {
        let now = self.now(0);
        let read = self.engine.blocking(move |engine| {
            engine.drop_unsealed()?;
            let chain = engine.chain();
            let mut reader = Reader::of_keys(chain.ledger().genesis(), now.max(chain.ledger().tip().time));
            while reader.head().height < chain.height() {
                let steps = match steps(&chain, reader.head().height) {
                    Ok(steps) => steps,
                    Err(WayError::Chain(error)) => return Err(error),
                    Err(_) => break,
                };
                let now = now.max(chain.ledger().tip().time);
                if reader.take(Proven { steps, openings: Vec::new() }, now).is_err() {
                    return Err(ChainError::Header("seals"));
                }
            }
            Ok(reader)
        });
        match read.await {
            Some(read) => Ok(read?),
            None => Err(Hindrance::Source("reading the chain failed here".to_owned())),
        }
    }

    /// The clock, for a header of a time: on development chains time is let pass as people like.
    fn now(&self, time: u64) -> u64 {
        let now = self.engine.now();
        match self.engine.chain().terms().development {
            true => now.max(time),
            false => now,
        }
    }

    /// The sentence about a head that is old, on a chain that makes blocks by the clock.
    fn old_head(&self) -> Option<String> {
        let chain = self.engine.chain();
        let (terms, tip) = (chain.terms(), chain.ledger().tip());
        let age = self.engine.now().saturating_sub(tip.time);
        let old = age > OLD.max(5 * u64::from(terms.block_interval));
        (old && !terms.development).then(|| {
            format!(
                "the newest block, {}, is {} minutes old: no blocks are made, or {} keeps them back",
                tip.height,
                age / 60,
                self.source.name()
            )
        })
    }
}

/// The reason for which a reader does not take a header.
fn refused(reader: &Reader, error: &ReadError) -> Hindrance {
    match reader.evidence() {
        Some(evidence) => Hindrance::Convicted {
            file: evidence.to_bytes(),
            reason: "two chains, or a block that cannot follow the one before it".to_owned(),
        },
        None => Hindrance::Source(error.to_string()),
    }
}

/// The steps in an answer of headers, at most as many as were asked for.
fn headers(mut bytes: &[u8]) -> Result<Vec<Step>, SourceError> {
    let mut steps = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk()
        && steps.len() < AT_ONCE as usize
    {
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let frame = rest.get(..length).filter(|frame| frame.len() <= MOST_BYTES);
        let frame = frame.ok_or_else(|| nonsense("headers that end early, or have no end"))?;
        steps.push(Step::from_bytes(frame).map_err(nonsense)?);
        bytes = rest.get(length..).unwrap_or_default();
    }
    Ok(steps)
}
