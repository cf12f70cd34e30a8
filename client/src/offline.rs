//! `[offline-proof]`: a file beside a disclosure package, a statement or a book, by which that is checked without a node.
//!
//! It has the chain's genesis, the way from there to one head, the rules, assets and snapshots in the state under that head, a
//! chain proof of each transaction that the file names, the block whose tree a statement names, and those keys of the chain
//! that the file's own proofs are checked with and that no build has. Anybody makes it or renews it: the file's signature does
//! not cover it. It does no input or output.

mod shown;

use core::convert::Infallible;

use louver_chain::{
    BlockHash, ChainTransaction, Header,
    commitment::Path,
    compact::{CompactEntry, CompactForm},
    state::opening::Fact,
};
use louver_circuits::{circuit::CircuitId, keyset::NamedKeys, verifying_key};
use louver_core::{
    asset::{AssetChanged, AssetDescriptor, AssetId, KnownAssets},
    encoding::{Decode, DecodeError, Encode, Reader as Bytes, put_bytes, put_count, put_list, put_option},
    ledger::{Genesis, RulesEntry},
    transaction::TxContext,
};
use louver_light::{
    ChainProof, Choice, Proven, Reader,
    chain_proof::{ProofError, Shown},
    reader::ReadError,
};
use louver_viewkeys::{
    package::{Items, OnLedger},
    refusal::Refusal,
    report::{Declared, Ground},
    statement::{NumberedSnapshot, TreeAt},
};
use thiserror::Error;

pub use shown::ShownChain;
use shown::ShownCompact;

use crate::{
    audit,
    connection::stands_under,
    package::Found,
    trust::{Pin, Trust, TrustedHead, clock_of},
};

const MAGIC: &[u8] = b"LouverOfflineProof";
const VERSION: u8 = 3;
/// Fewer bytes than any chain proof has.
const LEAST: usize = 64;

/// Why an offline proof shows nothing.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum OfflineError {
    /// The proof is of another chain.
    #[error("the proof is of the chain with genesis hash {shown}, and the one with {chosen} was chosen")]
    OtherGenesis {
        /// The genesis hash that was chosen, in hexadecimal.
        chosen: String,
        /// The proof's, in hexadecimal.
        shown: String,
    },
    /// The chosen block is not among those that the proof shows.
    #[error(
        "the proof does not show that its head stands on the chosen block {height}. Choose the chain by its genesis hash \
         alone, or choose the block of one of the package's transactions"
    )]
    OtherBlock {
        /// The height of the chosen block.
        height: u32,
    },
    /// The head is not shown to be final.
    #[error("the head of the proof is not taken: {0}")]
    Head(#[from] ReadError),
    /// The way to the head has another block than the reader knows for the same height, or passes over a change of
    /// authorities that it knows.
    #[error("the proof has another block {height} than the one that was final before: take it for false")]
    OtherHead {
        /// The height of both.
        height: u32,
    },
    /// Other authorities seal the blocks after a height than those that the reader knows.
    #[error(
        "the proof has other authorities after block {height} than those that this reader knows: their keys may be stolen \
         ones, which were replaced. Take the proof for false, and ask for one of the chain's newest block"
    )]
    OtherAuthorities {
        /// The height of the reader's head.
        height: u32,
    },
    /// The proof has no rules, or more than what is asked of the state.
    #[error("the proof does not show the rules and assets of the chain, and nothing else of its state")]
    Facts,
    /// Two descriptions of an asset.
    #[error(transparent)]
    Assets(#[from] AssetChanged),
    /// A transaction is not shown to stand on the chain.
    #[error("transaction {place} of the proof is not shown: {error}")]
    Transaction {
        /// Its place in the proof, from 1.
        place: usize,
        /// The fault.
        error: ProofError,
    },
    /// A transaction is shown under another head.
    #[error("transaction {place} of the proof is shown under another head than the proof's")]
    UnderOtherHead {
        /// Its place in the proof, from 1.
        place: usize,
    },
    /// It is not a whole transaction of the pool, or its assets are not those that its block binds.
    #[error(
        "transaction {place} of the proof is not a transaction of the pool with the assets that its block binds"
    )]
    Form {
        /// Its place in the proof, from 1.
        place: usize,
    },
    /// A verifying key in the proof is not one that the chain names.
    #[error("verifying key {place} of the proof is not a key of the chain")]
    Key {
        /// Its place in the proof, from 1.
        place: usize,
    },
    /// A block whose tree is shown is not one that the head stands on.
    #[error("the proof does not show that its head stands on block {height}, whose tree of notes it shows")]
    Tree {
        /// The block's height.
        height: u32,
    },
    /// The proof lacks something that the file names.
    #[error(
        "the proof does not show {part}, which the file names. It belongs to another file, or the file is false: anybody \
         makes the proof anew through a node"
    )]
    LacksPart {
        /// The thing.
        part: String,
    },
    /// The proof lacks a transaction of the package.
    #[error(
        "the proof does not show the transaction of item {item} of the package. It belongs to another package, or the \
         package is false: anybody makes the proof anew through a node"
    )]
    LacksTransaction {
        /// The item's place in the package.
        item: usize,
    },
    /// The proof lacks an asset of the file.
    #[error(
        "the proof does not show asset {asset}, which the file names: anybody makes the proof anew through a node"
    )]
    LacksAsset {
        /// The asset.
        asset: AssetId,
    },
}

/// `[refusals]`
impl Refusal for OfflineError {
    fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::OtherGenesis { .. } => "offline-chain", // [offline-chain]
            Self::OtherBlock { .. } => "offline-block",   // [offline-block]
            Self::Head(_) => "offline-head",              // [offline-head]
            Self::OtherHead { .. } => "offline-fork",     // [offline-fork]
            Self::OtherAuthorities { .. } => "offline-authorities", // [offline-authorities]
            Self::Facts | Self::Assets(_) => "offline-state", // [offline-state]
            Self::Transaction { .. } | Self::UnderOtherHead { .. } | Self::Form { .. } => {
                "offline-transaction" // [offline-transaction]
            }
            Self::Key { .. } => "offline-key",   // [offline-key]
            Self::Tree { .. } => "offline-tree", // [offline-tree]
            Self::LacksTransaction { .. } | Self::LacksPart { .. } => "offline-lacks", // [offline-lacks]
            Self::LacksAsset { .. } => "offline-asset", // [offline-asset]
        })
    }
}

/// The chain as far as a package, a statement or a book needs it, in a file.
///
/// Encoded: "LouverOfflineProof", version u8 (3); the genesis, after its length u32; the way from genesis to the head, with
/// openings (`[proven]`); count u32 of chain proofs (`[chain-proof]`), and they; count u32 of blocks whose trees are shown, and
/// each by its header, and 0 if it is the head, or 1 and the path from the head's history root; count u32 of verifying keys
/// (`[verifying-key-file]`), and each after its length u32.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfflineProof {
    pub(crate) genesis: Genesis,
    pub(crate) proven: Proven,
    pub(crate) transactions: Vec<ChainProof>,
    pub(crate) trees: Vec<PastBlock>,
    /// Files of the verifying keys that disclosures are checked with, without those that builds have.
    pub(crate) keys: Vec<Vec<u8>>,
}

/// A block, and the path to it from the history root of the proof's head; none if it is the head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PastBlock {
    pub(crate) header: Header,
    pub(crate) history: Option<Path>,
}

impl OfflineProof {
    /// The most transactions that a file shows: all that a package names.
    pub const MOST_TRANSACTIONS: usize = Items::MOST_TRANSACTIONS;
    /// The most trees that a file shows. A statement names one.
    pub const MOST_TREES: usize = 16;
    /// The most records of the state that a file opens.
    pub const MOST_OPENINGS: usize = 4096;
    /// The most verifying keys in a file.
    pub const MOST_KEYS: usize = 256;

    /// Whether a file begins as an offline proof does.
    pub fn is_begun_by(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// The heights of the blocks with the transactions that it shows. They are claims until it was checked.
    pub fn heights(&self) -> Vec<u32> {
        self.transactions.iter().map(|proof| proof.block.height).collect()
    }

    /// The chain's genesis.
    pub fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// The head that everything in it stands under, before anything is checked.
    pub fn head(&self) -> Option<&Header> {
        self.proven.steps.last().map(|step| &step.sealed.header)
    }

    /// Checks the proof by what was chosen of the chain beforehand. `now` is the reader's clock, in seconds since 1970. An
    /// old head is taken and shown with its time; nothing is known of what happened after it.
    ///
    /// # Errors
    /// The fault.
    pub fn check(&self, trust: &Trust, now: u64) -> Result<ShownChain, OfflineError> {
        let reader = self.reader(trust, now)?;
        let mut assets = KnownAssets::new(&self.genesis.terms().assets);
        let (mut rules, mut snapshots) = (None, Vec::new());
        for opening in &self.proven.openings {
            // The reader has verified them.
            match opening.fact() {
                Fact::Rules(entries) if rules.is_none() => rules = Some(entries.clone()),
                Fact::Asset(asset) => assets.learn([asset.clone()])?,
                Fact::Snapshot { index, entry } => {
                    snapshots.push(NumberedSnapshot { index: *index, entry: *entry });
                }
                _ => return Err(OfflineError::Facts),
            }
        }
        let rules = rules.ok_or(OfflineError::Facts)?;
        let (mut found, mut compact) = (Found::default(), Vec::new());
        for (place, proof) in (1..).zip(&self.transactions) {
            match self.transaction(place, proof, &reader, &assets)? {
                OneShown::Whole(transaction) => found.add(*transaction),
                OneShown::Compact(transaction) => compact.push(transaction),
            }
        }
        let trees = self.trees.iter().map(|past| tree(past, &reader)).collect::<Result<_, _>>()?;
        let keys = self.named_keys(&rules)?;
        let head = TrustedHead::of(&reader, &self.genesis, now);
        let ground = Ground { offline: true, ..audit::ground(&head, &self.genesis) };
        let genesis = self.genesis.clone();
        Ok(ShownChain { genesis, found, assets, rules, ground, compact, snapshots, trees, keys })
    }

    /// The verifying keys. The chain has to name each of them for disclosures.
    fn named_keys(&self, rules: &[RulesEntry]) -> Result<Vec<Vec<u8>>, OfflineError> {
        let versions = self.genesis.terms().rules.iter().chain(rules.iter().map(|entry| &entry.terms));
        let named: Vec<_> = versions.flat_map(NamedKeys::of_rules).filter(checks_disclosures).collect();
        for (place, file) in (1..).zip(&self.keys) {
            let hash = verifying_key::hash(file);
            if !named.iter().any(|key| key.hashes.verifying == hash) {
                return Err(OfflineError::Key { place });
            }
        }
        Ok(self.keys.clone())
    }

    /// A reader at the proof's head, which trusts it by the choice.
    fn reader(&self, trust: &Trust, now: u64) -> Result<Reader, OfflineError> {
        let hash = self.genesis.hash();
        if let Some(chosen) = trust.genesis().filter(|chosen| *chosen != hash) {
            let [chosen, shown] = [chosen, hash].map(|hash| hex::encode(hash.0));
            return Err(OfflineError::OtherGenesis { chosen, shown });
        }
        let is_chosen = match trust {
            Trust::Genesis(_) | Trust::Block { .. } => true,
            Trust::Kept(kept) => kept.choice() != Choice::Nothing,
            Trust::FirstContact => false,
        };
        let clock = clock_of(&self.genesis, &self.proven, now);
        let mut reader = match is_chosen {
            true => Reader::of_keys(&self.genesis, now),
            false => Reader::of_nothing(&self.genesis, now),
        };
        if self.genesis.terms().development {
            reader.confirm(clock);
        }
        if let Trust::Kept(kept) = trust {
            self.agrees_with(kept, reader.clone(), clock)?;
        }
        reader.take(self.proven.clone(), clock)?;
        match trust {
            Trust::Block { pin, .. } if !self.shows(*pin) => {
                return Err(OfflineError::OtherBlock { height: pin.0.height });
            }
            // An earlier block does not say which keys sealed the blocks after it: the chain is then chosen by its genesis.
            Trust::Block { pin, .. }
                if (pin.0.height, pin.0.hash) == (reader.head().height, reader.head().hash) =>
            {
                reader.choose(Choice::Pin);
            }
            Trust::Block { .. } => {}
            Trust::Kept(kept) => reader.remember(kept),
            Trust::Genesis(_) | Trust::FirstContact => {}
        }
        Ok(reader)
    }

    /// Checks the way to the head by what a reader knows of the chain already. The way from genesis stops at each change of
    /// authorities, so it has each that the reader took; and at the reader's head it has the reader's authorities. Keys that
    /// were replaced, and stolen since, lead nowhere then.
    ///
    /// A head before the reader's is not shown to be of its chain by this, beyond the changes that lie before it.
    fn agrees_with(&self, kept: &Reader, mut at: Reader, clock: u64) -> Result<(), OfflineError> {
        if kept.evidence().is_some() {
            return Err(ReadError::Convicted.into());
        }
        let known = kept.head().height;
        let way = || self.proven.steps.iter().map(|step| &step.sealed.header);
        let last = self.head().map_or(0, |header| header.height);
        for (height, hash) in kept.known_blocks().filter(|(height, _)| (1..=last).contains(height)) {
            match way().find(|header| header.height == height) {
                Some(header) if header.hash() == hash => {}
                None if height == known => {}
                _ => return Err(OfflineError::OtherHead { height }),
            }
        }
        if last < known {
            return Ok(());
        }
        for step in self.proven.steps.iter().filter(|step| step.sealed.header.height <= known) {
            at.advance(step.clone(), clock)?;
        }
        match at.authorities() == kept.authorities() {
            true => Ok(()),
            false => Err(OfflineError::OtherAuthorities { height: known }),
        }
    }

    /// Whether a block is one that the proof shows under its head: one on the way to it, one of a transaction, or one whose tree
    /// it shows. These are checked afterwards, or nothing counts.
    fn shows(&self, Pin(pin): Pin) -> bool {
        let genesis = (0, BlockHash(self.genesis.hash().0));
        let way = self.proven.steps.iter().map(|step| &step.sealed.header);
        let blocks = way.chain(self.transactions.iter().map(|proof| &proof.block));
        let blocks = blocks.chain(self.trees.iter().map(|past| &past.header));
        let mut blocks = blocks.map(|header| (header.height, header.hash())).chain([genesis]);
        blocks.any(|block| block == (pin.height, pin.hash))
    }

    fn transaction(
        &self,
        place: usize,
        proof: &ChainProof,
        reader: &Reader,
        assets: &KnownAssets,
    ) -> Result<OneShown, OfflineError> {
        if proof.head.header.hash() != reader.head().hash {
            return Err(OfflineError::UnderOtherHead { place });
        }
        let included = proof.verify(reader).map_err(|error| OfflineError::Transaction { place, error })?;
        let (height, time) = (included.block.height, included.block.time);
        if let Shown::Compact(CompactEntry { form: CompactForm::Shielded(form), .. }) = included.shown {
            let order = u32::try_from(included.place).map_err(|_| OfflineError::Form { place })?;
            let transaction = (**form).clone();
            return Ok(OneShown::Compact(ShownCompact { height, place: order, time, transaction }));
        }
        let form = included.shown.compact_form(|shown| self.context(shown, assets));
        let (Some(form), Shown::Whole { transaction, .. }) = (form, included.shown) else {
            return Err(OfflineError::Form { place });
        };
        let ChainTransaction::Shielded(transaction) = &**transaction else {
            return Err(OfflineError::Form { place });
        };
        let schedule = &self.genesis.terms().schedule;
        let declared = Declared::new(schedule, transaction.effects().epoch(), time);
        let (txid, transaction) = (form.txid, (**transaction).clone());
        Ok(OneShown::Whole(Box::new(OnLedger { height, time, txid, declared, transaction })))
    }

    /// The context of a transaction of the pool. An asset that is not shown counts as none, so that the compact form is not
    /// the one that the block binds.
    fn context(&self, transaction: &ChainTransaction, assets: &KnownAssets) -> Option<TxContext> {
        let ChainTransaction::Shielded(transaction) = transaction else { return None };
        let effects = transaction.effects();
        let hash = |id| Ok(assets.get(id).map(AssetDescriptor::hash).unwrap_or_default());
        let Ok(context) =
            TxContext::of::<Infallible>(self.genesis.hash(), effects.public_side(), effects.fee(), hash);
        Some(context)
    }
}

/// A transaction that a proof shows.
enum OneShown {
    Whole(Box<OnLedger>),
    Compact(ShownCompact),
}

/// The tree of notes after a block that the reader's head stands on.
fn tree(past: &PastBlock, reader: &Reader) -> Result<TreeAt, OfflineError> {
    let PastBlock { header, history } = past;
    let (height, time, root) = (header.height, header.time, header.anchor);
    match stands_under(header, history.as_ref(), reader.head()) {
        true => Ok(TreeAt { height, time, root }),
        false => Err(OfflineError::Tree { height }),
    }
}

/// Whether proofs of disclosures are checked with a key.
pub(crate) fn checks_disclosures(key: &NamedKeys) -> bool {
    !matches!(key.circuit, CircuitId::Transfer(_))
}

impl Encode for OfflineProof {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(MAGIC);
        out.push(VERSION);
        put_bytes(out, &self.genesis.to_bytes());
        self.proven.encode(out);
        put_list(out, &self.transactions);
        put_list(out, &self.trees);
        put_count(out, self.keys.len());
        self.keys.iter().for_each(|file| put_bytes(out, file));
    }
}

impl Decode for OfflineProof {
    fn decode(bytes: &mut Bytes<'_>) -> Result<Self, DecodeError> {
        if bytes.take(MAGIC.len())? != MAGIC {
            return Err(DecodeError::NotCanonical { what: "the beginning of an offline proof" });
        }
        match bytes.u8()? {
            VERSION => {}
            tag => {
                return Err(DecodeError::UnknownTag { what: "version of an offline proof", tag: tag.into() });
            }
        }
        let genesis = Genesis::from_bytes(bytes.bytes()?)?;
        let proven = Proven::decode(bytes)?;
        if proven.openings.len() > Self::MOST_OPENINGS {
            return Err(DecodeError::OutOfRange { what: "number of openings" });
        }
        let transactions: Vec<ChainProof> = bytes.list(LEAST)?;
        if transactions.len() > Self::MOST_TRANSACTIONS {
            return Err(DecodeError::OutOfRange { what: "number of transactions" });
        }
        let trees: Vec<PastBlock> = bytes.list(LEAST)?;
        if trees.len() > Self::MOST_TREES {
            return Err(DecodeError::OutOfRange { what: "number of trees" });
        }
        let count = bytes.count(LEAST)?;
        if count > Self::MOST_KEYS {
            return Err(DecodeError::OutOfRange { what: "number of verifying keys" });
        }
        let keys = (0..count).map(|_| Ok(bytes.bytes()?.to_vec())).collect::<Result<_, DecodeError>>()?;
        Ok(Self { genesis, proven, transactions, trees, keys })
    }
}

impl Encode for PastBlock {
    fn encode(&self, out: &mut Vec<u8>) {
        self.header.encode(out);
        put_option(out, self.history.as_ref());
    }
}

impl Decode for PastBlock {
    fn decode(bytes: &mut Bytes<'_>) -> Result<Self, DecodeError> {
        Ok(Self { header: Header::decode(bytes)?, history: bytes.option()? })
    }
}
