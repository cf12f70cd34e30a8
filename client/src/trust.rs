//! `[trust-root]`: what a reader of a chain trusts before anything was read, and the head that it trusts now.
//!
//! The root of trust never comes from the node that is checked. The caller says before it connects what was chosen: the hash
//! of a genesis, a block, what a wallet has kept, or nothing.

use core::{fmt, str::FromStr};

use louver_chain::{Account, BlockHash};
use louver_core::{
    ledger::{Finality, Genesis},
    pool::GenesisHash,
};
use louver_light::{Choice, Proven, Reader, reader};
use thiserror::Error;

/// How old a head may be before it is shown as old, in seconds; on a chain of rare blocks five of their intervals, if that
/// is more.
const FRESH: u64 = 15 * 60;

/// The choice that was made before anything was asked of a node.
#[derive(Clone, Debug)]
pub enum Trust {
    /// The chain whose genesis has this hash, and the authorities that it names.
    Genesis(GenesisHash),
    /// A block of that chain: one that a screen, a paper or another node showed.
    Block {
        /// The hash of the chain's genesis.
        genesis: GenesisHash,
        /// The block.
        pin: Pin,
    },
    /// The reader of an earlier connection.
    Kept(Box<Reader>),
    /// Nothing: whatever the node shows is shown on a chain that nobody chose.
    FirstContact,
}

/// A block that was chosen, as `HEIGHT:HASH`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pin(pub reader::Pin);

/// The text is not a hash, or not a block.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TrustTextError {
    /// A hash has 64 hexadecimal digits.
    #[error("{0:?} is not the hash of a genesis: it has 64 hexadecimal digits")]
    Hash(String),
    /// A block is a height and a hash.
    #[error("{0:?} is not a block: write its height, a colon and the 64 hexadecimal digits of its hash")]
    Block(String),
    /// A block without the genesis of its chain.
    #[error("a block was chosen without the hash of the genesis of its chain: write that too")]
    NoGenesis,
}

/// A hash from 64 hexadecimal digits, in groups or not.
fn hash(text: &str) -> Option<[u8; 32]> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    hex::decode(digits).ok()?.try_into().ok()
}

impl FromStr for Pin {
    type Err = TrustTextError;

    fn from_str(text: &str) -> Result<Self, TrustTextError> {
        let parts = text.split_once(':').and_then(|(height, found)| {
            Some(reader::Pin { height: height.trim().parse().ok()?, hash: BlockHash(hash(found)?) })
        });
        parts.map(Self).ok_or_else(|| TrustTextError::Block(text.to_owned()))
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.0.height, hex::encode(self.0.hash.0))
    }
}

impl Trust {
    /// The choice that options state: the hash of a genesis in hexadecimal, and a block of that chain as `HEIGHT:HASH`.
    ///
    /// # Errors
    /// [`TrustTextError`] if a text cannot be read, or a block stands without its genesis.
    pub fn read(genesis: Option<&str>, pin: Option<&str>) -> Result<Self, TrustTextError> {
        let genesis = genesis
            .map(|text| hash(text).map(GenesisHash).ok_or_else(|| TrustTextError::Hash(text.to_owned())))
            .transpose()?;
        let pin: Option<Pin> = pin.map(str::parse).transpose()?;
        match (genesis, pin) {
            (Some(genesis), Some(pin)) => Ok(Self::Block { genesis, pin }),
            (Some(genesis), None) => Ok(Self::Genesis(genesis)),
            (None, Some(_)) => Err(TrustTextError::NoGenesis),
            (None, None) => Ok(Self::FirstContact),
        }
    }

    /// The genesis hash that was chosen, if one was.
    pub fn genesis(&self) -> Option<GenesisHash> {
        match self {
            Self::Genesis(hash) | Self::Block { genesis: hash, .. } => Some(*hash),
            Self::Kept(reader) => Some(reader.genesis()),
            Self::FirstContact => None,
        }
    }
}

/// The marks of a chain, which a person compares with those that its operator publishes, before the chain is trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// The hash of the genesis, in groups of four hexadecimal digits.
    pub genesis: String,
    /// How many authorities have to seal a block.
    pub needed: u8,
    /// The keys of the authorities in genesis, each as its account (`lvrt1...`).
    pub authorities: Vec<String>,
}

impl Fingerprint {
    /// The fingerprint of a chain.
    pub fn of(genesis: &Genesis) -> Self {
        let Finality::Solo { authorities, .. } = &genesis.terms().finality;
        Self {
            genesis: groups(&genesis.hash().0),
            needed: authorities.needed(),
            authorities: authorities.keys().iter().map(|key| Account(key.to_bytes()).to_string()).collect(),
        }
    }
}

fn groups(bytes: &[u8]) -> String {
    bytes.chunks(2).map(hex::encode).collect::<Vec<_>>().join(" ")
}

/// The newest head that a connection trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedHead {
    /// The hash of the chain's genesis.
    pub genesis: GenesisHash,
    /// The choice that the trust stands on.
    pub choice: Choice,
    /// Its height; 0 is genesis.
    pub height: u32,
    /// Its hash.
    pub hash: BlockHash,
    /// Its time, in seconds since 1970.
    pub time: u64,
    /// How many seconds before the reader's clock that was.
    pub age: u64,
    /// Whether it is so old that newer blocks are missing: the chain stands still, or the node withholds blocks.
    pub is_old: bool,
}

impl TrustedHead {
    /// The head of a reader of a chain, by the reader's clock.
    pub(crate) fn of(reader: &Reader, genesis: &Genesis, now: u64) -> Self {
        let (head, terms) = (reader.head(), genesis.terms());
        let time = head.header().map_or(terms.time, |header| header.time);
        let age = now.saturating_sub(time);
        let limit = FRESH.max(u64::from(terms.block_interval).saturating_mul(5));
        // The genesis of a development chain is older than the chain: its date says nothing about blocks that are missing.
        let is_unused = terms.development && head.height == 0;
        let (choice, genesis) = (reader.choice(), reader.genesis());
        Self {
            genesis,
            choice,
            height: head.height,
            hash: head.hash,
            time,
            age,
            is_old: age > limit && !is_unused,
        }
    }
}

/// The clock by which what is proven of a chain is taken: the reader's own. The clock of a development chain is moved at
/// will, and nothing on it is worth anything: there it is as late as its blocks.
pub(crate) fn clock_of(genesis: &Genesis, proven: &Proven, now: u64) -> u64 {
    let times = proven.steps.iter().map(|step| step.sealed.header.time);
    match genesis.terms().development {
        true => times.fold(now, u64::max),
        false => now,
    }
}

#[cfg(test)]
mod tests {
    use louver_core::ledger::testing;

    use super::*;

    #[test]
    fn choices_are_read_as_people_write_them() {
        let digits = "0a".repeat(32);
        let genesis = GenesisHash([10; 32]);
        assert!(matches!(Trust::read(None, None), Ok(Trust::FirstContact)));
        let grouped = groups(&genesis.0);
        for text in [digits.as_str(), grouped.as_str(), &digits.to_uppercase()] {
            assert!(matches!(Trust::read(Some(text), None), Ok(Trust::Genesis(found)) if found == genesis));
        }
        let block = format!("12:{digits}");
        let Ok(Trust::Block { genesis: found, pin }) = Trust::read(Some(&digits), Some(&block)) else {
            panic!("a block was chosen")
        };
        assert_eq!((found, pin.to_string()), (genesis, block.clone()));
        assert_eq!(Trust::read(None, Some(&block)).unwrap_err(), TrustTextError::NoGenesis);
        for wrong in ["", "0a", &digits[1..], &format!("{digits}0a"), "x".repeat(64).as_str()] {
            assert_eq!(Trust::read(Some(wrong), None).unwrap_err(), TrustTextError::Hash(wrong.to_owned()));
            let wrong = format!("1:{wrong}");
            assert_eq!(wrong.parse::<Pin>(), Err(TrustTextError::Block(wrong.clone())));
        }
        for wrong in [digits.as_str(), "-1:00", ":"] {
            assert!(wrong.parse::<Pin>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_fingerprint_names_the_chain_and_its_authorities() {
        let genesis = testing::genesis();
        let shown = Fingerprint::of(&genesis);
        assert_eq!(hash(&shown.genesis), Some(genesis.hash().0));
        let Finality::Solo { authorities, .. } = &genesis.terms().finality;
        let account = Account(authorities.keys()[0].to_bytes()).to_string();
        assert_eq!((shown.authorities, shown.needed), (vec![account], 1));
    }
}
