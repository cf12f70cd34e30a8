//! `[state-opening]`: a record of the state, shown under the state root of a header.

use louver_core::{
    asset::{AssetDescriptor, AssetId},
    encoding::{Decode, DecodeError, Encode, Reader, put_list},
    ledger::{Finality, Genesis, Guardians, RulesEntry, SnapshotEntry, registry, rulebook, snapshot},
    store::{Overlay, StoreError, record::integer},
    value::Value,
};
use thiserror::Error;

use super::{
    ACCOUNTS, ANNOUNCEMENTS, ASSETS, PLACES, SNAPSHOTS, STATE, SUPPLY, Section, Sections, asset_leaf,
    auditors_root, authorities_hash, finality, guardians, guardians_hash, rules_hash, snapshot_leaf, supply,
    supply_value,
};
use crate::{
    Account,
    act::{Auditor, auditors},
    announcement::{self, Announced, AnnouncementTopic},
    commitment::{
        list::{Path, PathError},
        map::{MapProof, MapProofError},
    },
    holdings,
};

/// A statement that a state can show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// An asset is registered, with this descriptor.
    Asset(AssetDescriptor),
    /// How much of an asset there is.
    Supply {
        /// Which asset.
        asset: AssetId,
        /// All that was ever issued.
        issued: Value,
        /// The pool's holdings of it.
        in_pool: Value,
    },
    /// A transparent account's balance.
    Balance {
        /// Whose.
        account: Account,
        /// In which asset.
        asset: AssetId,
        /// How much.
        amount: Value,
    },
    /// How many operations a transparent account has made.
    Operations {
        /// Whose.
        account: Account,
        /// How many: the number of the next one.
        count: u64,
    },
    /// The versions of the rules.
    Rules(Vec<RulesEntry>),
    /// The authorities, who make a block final.
    Authorities {
        /// How often they have changed since genesis: the number that their next act has.
        sequence: u32,
        /// Those in office, and for how long they are trusted.
        finality: Finality,
    },
    /// The guardians, who may act for the chain's safety.
    Guardians {
        /// How often they have changed since genesis: the number that their next act has.
        sequence: u32,
        /// Those in office, and the delay of the rules versions that they add.
        guardians: Guardians,
    },
    /// Every auditor key that guardians entered, by ascending number.
    Auditors(Vec<Auditor>),
    /// A snapshot of nullifiers.
    Snapshot {
        /// Its place among all snapshots; the first is 0.
        index: u32,
        /// Its contents.
        entry: SnapshotEntry,
    },
    /// All that one account has announced of a kind about a subject.
    Announced {
        /// Of which kind, by whom, about what.
        topic: AnnouncementTopic,
        /// How much, and the head of the chain of hashes over it.
        announced: Announced,
    },
}

/// Why an opening shows nothing.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum OpeningError {
    /// The section is not in the state.
    #[error("the section is not one of the state under this header: {0}")]
    Section(PathError),
    /// The record is not in its list.
    #[error("the record is not in the state: {0}")]
    List(PathError),
    /// The record is not in its map.
    #[error("the record is not in the state: {0}")]
    Map(MapProofError),
    /// The proof is of another kind than the fact needs.
    #[error("the proof is not of the kind that the record needs")]
    Kind,
}

/// The way from a record to its section.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Inner {
    /// The section is the hash of the record.
    Whole,
    /// The section is the root of a list.
    List { root: [u8; 32], path: Path },
    /// The section is the root of a map.
    Map { root: [u8; 32], proof: MapProof },
}

/// A fact with its way to the state root.
///
/// Encoded: fact; of an asset or a snapshot the root and the path of the list, of a supply, a balance, a count or
/// announcements the root and the proof of the map; the path of the section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    fact: Fact,
    inner: Inner,
    section: Path,
}

impl Fact {
    /// The section that shows it.
    pub fn section(&self) -> Section {
        match self {
            Self::Asset(_) => Section::Assets,
            Self::Supply { .. } => Section::Supply,
            Self::Balance { .. } | Self::Operations { .. } => Section::Accounts,
            Self::Rules(_) => Section::Rules,
            Self::Authorities { .. } => Section::Authorities,
            Self::Guardians { .. } => Section::Guardians,
            Self::Snapshot { .. } => Section::Snapshots,
            Self::Announced { .. } => Section::Announcements,
            Self::Auditors(_) => Section::Auditors,
        }
    }
}

impl Opening {
    /// Fewer bytes than any opening has.
    pub const LEAST: usize = 16;

    /// The fact. It counts as soon as [`Opening::verify`] has held.
    pub fn fact(&self) -> &Fact {
        &self.fact
    }

    /// Checks that the fact stands in the state with this root.
    ///
    /// # Errors
    /// The fault.
    pub fn verify(&self, state_root: &[u8; 32]) -> Result<&Fact, OpeningError> {
        let section = self.fact.section();
        let value = self.value()?;
        let (index, count) = (section.place(), Section::ALL.len() as u64);
        if (self.section.index(), self.section.count()) != (index, count) {
            return Err(OpeningError::Section(PathError::Index { index, count }));
        }
        let shown = self.section.verify(STATE, &section.leaf(&value), state_root);
        shown.map_err(OpeningError::Section)?;
        Ok(&self.fact)
    }

    /// The value of the section that the fact is shown by.
    fn value(&self) -> Result<[u8; 32], OpeningError> {
        let map = |of, key: &[u8], value: Option<&[u8]>| match &self.inner {
            Inner::Map { root, proof } => {
                proof.verify(of, key, value, root).map_err(OpeningError::Map).map(|()| *root)
            }
            Inner::List { .. } | Inner::Whole => Err(OpeningError::Kind),
        };
        match (&self.fact, &self.inner) {
            (Fact::Asset(descriptor), Inner::List { root, path }) => {
                let shown = path.verify(ASSETS.of, &asset_leaf(descriptor), root);
                shown.map_err(OpeningError::List).map(|()| *root)
            }
            (Fact::Snapshot { index, entry }, Inner::List { root, path }) => {
                let (index, count) = (u64::from(*index), path.count());
                if path.index() != index {
                    return Err(OpeningError::List(PathError::Index { index, count }));
                }
                let shown = path.verify(SNAPSHOTS.of, &snapshot_leaf(entry), root);
                shown.map_err(OpeningError::List).map(|()| *root)
            }
            (Fact::Announced { topic, announced }, _) => {
                let value = (*announced != Announced::default()).then(|| announced.to_bytes());
                map(ANNOUNCEMENTS.of, &topic.to_bytes(), value.as_deref())
            }
            (Fact::Supply { asset, issued, in_pool }, _) => {
                let value = supply_value(*issued, *in_pool);
                let value = (value != [0; 16]).then_some(value.as_slice());
                map(SUPPLY.of, &asset.to_le_bytes(), value)
            }
            (Fact::Balance { account, asset, amount }, _) => {
                map(ACCOUNTS.of, &holdings::balance_key(account, *asset), non_zero(&amount.0.to_le_bytes()))
            }
            (Fact::Operations { account, count }, _) => {
                map(ACCOUNTS.of, &account.0, non_zero(&count.to_le_bytes()))
            }
            (Fact::Rules(rules), Inner::Whole) => Ok(rules_hash(rules)),
            (Fact::Authorities { sequence, finality }, Inner::Whole) => {
                Ok(authorities_hash(*sequence, finality))
            }
            (Fact::Guardians { sequence, guardians }, Inner::Whole) => {
                Ok(guardians_hash(*sequence, guardians))
            }
            (Fact::Auditors(auditors), Inner::Whole) => Ok(auditors_root(auditors)),
            _ => Err(OpeningError::Kind),
        }
    }
}

/// A value as a map has it: none where it is 0.
fn non_zero(bytes: &[u8; 8]) -> Option<&[u8]> {
    (*bytes != [0; 8]).then_some(&bytes[..])
}

/// A record that somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// [`Fact::Asset`].
    Asset(AssetId),
    /// [`Fact::Supply`].
    Supply(AssetId),
    /// [`Fact::Balance`].
    Balance(Account, AssetId),
    /// [`Fact::Operations`].
    Operations(Account),
    /// [`Fact::Rules`].
    Rules,
    /// [`Fact::Authorities`].
    Authorities,
    /// [`Fact::Guardians`].
    Guardians,
    /// [`Fact::Auditors`].
    Auditors,
    /// [`Fact::Snapshot`], by its place.
    Snapshot(u32),
    /// [`Fact::Announced`].
    Announced(AnnouncementTopic),
}

/// Opens the state; `None` for an asset that is not registered and a snapshot that is not taken, as a list does not show
/// absence.
pub(crate) fn open(
    state: &Overlay<'_>,
    genesis: &Genesis,
    question: Question,
) -> Result<Option<Opening>, StoreError> {
    let Some(sections) = Sections::read(state)? else { return Ok(None) };
    let root = |section| *sections.get(section);
    let (fact, inner) = match question {
        Question::Asset(asset) => {
            let (Some(descriptor), Some(place)) =
                (registry::descriptor(state, asset)?, state.get(PLACES, &asset.to_le_bytes())?)
            else {
                return Ok(None);
            };
            let place = integer(PLACES, &place)?;
            let Some(path) = ASSETS.path(state, place, ASSETS.count(state)?)? else { return Ok(None) };
            (Fact::Asset(descriptor), Inner::List { root: root(Section::Assets), path })
        }
        Question::Supply(asset) => {
            let (issued, in_pool) = supply(state, asset)?;
            let proof = SUPPLY.prove(state, &asset.to_le_bytes())?;
            (Fact::Supply { asset, issued, in_pool }, Inner::Map { root: root(Section::Supply), proof })
        }
        Question::Balance(account, asset) => {
            let amount = holdings::balance(state, &account, asset)?;
            let proof = ACCOUNTS.prove(state, &holdings::balance_key(&account, asset))?;
            (Fact::Balance { account, asset, amount }, Inner::Map { root: root(Section::Accounts), proof })
        }
        Question::Operations(account) => {
            let count = holdings::nonce(state, &account)?;
            let proof = ACCOUNTS.prove(state, &account.0)?;
            (Fact::Operations { account, count }, Inner::Map { root: root(Section::Accounts), proof })
        }
        Question::Rules => (Fact::Rules(rulebook::all(state)?), Inner::Whole),
        Question::Authorities => {
            let (sequence, finality) = finality(state, genesis)?;
            (Fact::Authorities { sequence, finality }, Inner::Whole)
        }
        Question::Guardians => {
            let (sequence, guardians) = guardians(state, genesis)?;
            (Fact::Guardians { sequence, guardians }, Inner::Whole)
        }
        Question::Snapshot(index) => {
            let Some(entry) = snapshot::snapshot(state, index)? else { return Ok(None) };
            let path = SNAPSHOTS.path(state, index.into(), SNAPSHOTS.count(state)?)?;
            let Some(path) = path else { return Ok(None) };
            (Fact::Snapshot { index, entry }, Inner::List { root: root(Section::Snapshots), path })
        }
        Question::Announced(topic) => {
            let announced = announcement::announced(state, &topic)?;
            let proof = ANNOUNCEMENTS.prove(state, &topic.to_bytes())?;
            let root = root(Section::Announcements);
            (Fact::Announced { topic, announced }, Inner::Map { root, proof })
        }
        Question::Auditors => (Fact::Auditors(auditors(state)?), Inner::Whole),
    };
    let section = sections.path(fact.section());
    Ok(Some(Opening { fact, inner, section }))
}

/// Kind u8 (1 to 10), and its fields in their order.
impl Encode for Fact {
    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Asset(descriptor) => {
                out.push(1);
                descriptor.encode(out);
            }
            Self::Supply { asset, issued, in_pool } => {
                out.push(2);
                asset.encode(out);
                issued.encode(out);
                in_pool.encode(out);
            }
            Self::Balance { account, asset, amount } => {
                out.push(3);
                account.encode(out);
                asset.encode(out);
                amount.encode(out);
            }
            Self::Operations { account, count } => {
                out.push(4);
                account.encode(out);
                out.extend_from_slice(&count.to_le_bytes());
            }
            Self::Rules(rules) => {
                out.push(5);
                put_list(out, rules);
            }
            Self::Authorities { sequence, finality } => {
                out.push(6);
                out.extend_from_slice(&sequence.to_le_bytes());
                finality.encode(out);
            }
            Self::Guardians { sequence, guardians } => {
                out.push(7);
                out.extend_from_slice(&sequence.to_le_bytes());
                guardians.encode(out);
            }
            Self::Auditors(auditors) => {
                out.push(8);
                put_list(out, auditors);
            }
            Self::Snapshot { index, entry } => {
                out.push(9);
                out.extend_from_slice(&index.to_le_bytes());
                entry.encode(out);
            }
            Self::Announced { topic, announced } => {
                out.push(10);
                topic.encode(out);
                announced.encode(out);
            }
        }
    }
}

impl Decode for Fact {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        // The fields are read in the order in which they stand here.
        match reader.u8()? {
            1 => Ok(Self::Asset(AssetDescriptor::decode(reader)?)),
            2 => Ok(Self::Supply {
                asset: AssetId::decode(reader)?,
                issued: Value::decode(reader)?,
                in_pool: Value::decode(reader)?,
            }),
            3 => Ok(Self::Balance {
                account: Account::decode(reader)?,
                asset: AssetId::decode(reader)?,
                amount: Value::decode(reader)?,
            }),
            4 => Ok(Self::Operations { account: Account::decode(reader)?, count: reader.u64()? }),
            5 => Ok(Self::Rules(reader.list(RulesEntry::LEAST)?)),
            6 => Ok(Self::Authorities { sequence: reader.u32()?, finality: Finality::decode(reader)? }),
            7 => Ok(Self::Guardians { sequence: reader.u32()?, guardians: Guardians::decode(reader)? }),
            8 => Ok(Self::Auditors(reader.list(Auditor::LEAST)?)),
            9 => Ok(Self::Snapshot { index: reader.u32()?, entry: SnapshotEntry::decode(reader)? }),
            10 => Ok(Self::Announced {
                topic: AnnouncementTopic::decode(reader)?,
                announced: Announced::decode(reader)?,
            }),
            tag => Err(DecodeError::UnknownTag { what: "fact of a state", tag: tag.into() }),
        }
    }
}

impl Encode for Opening {
    fn encode(&self, out: &mut Vec<u8>) {
        self.fact.encode(out);
        match &self.inner {
            Inner::Whole => {}
            Inner::List { root, path } => {
                out.extend_from_slice(root);
                path.encode(out);
            }
            Inner::Map { root, proof } => {
                out.extend_from_slice(root);
                proof.encode(out);
            }
        }
        self.section.encode(out);
    }
}

impl Decode for Opening {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let fact = Fact::decode(reader)?;
        let inner = match &fact {
            Fact::Asset(_) | Fact::Snapshot { .. } => {
                Inner::List { root: reader.array()?, path: Path::decode(reader)? }
            }
            Fact::Supply { .. } | Fact::Balance { .. } | Fact::Operations { .. } | Fact::Announced { .. } => {
                Inner::Map { root: reader.array()?, proof: MapProof::decode(reader)? }
            }
            Fact::Rules(_) | Fact::Authorities { .. } | Fact::Guardians { .. } | Fact::Auditors(_) => {
                Inner::Whole
            }
        };
        Ok(Self { fact, inner, section: Path::decode(reader)? })
    }
}
