//! `[state-root]`: the root of the state after a block: a list of labelled sections in a fixed order, each in 32 bytes.
//!
//! A section is hashed anew where a block changes it, along the ways to what changed; the rest is read.

use louver_core::{
    asset::{AssetDescriptor, AssetId},
    encoding::{Encode, put_list, put_short},
    ledger::{Finality, Genesis, Guardians, LedgerChanges, RulesEntry, SnapshotEntry, rulebook, turnstile},
    spec::b32,
    store::{
        Overlay, StoreError, Table,
        record::{array, decoded},
    },
    value::Value,
};

use crate::{
    act::{ActChanges, Auditor, Speakers, Standing, auditors, standing},
    announcement,
    commitment::{
        SetDigest,
        list::{ListUse, Path},
        map::{Map, MapUse},
        mountain::Mountain,
    },
    holdings::{self, HoldingChanges},
};

pub mod opening;

/// section (u8) -> value (32); "root" -> the root of all (32).
const SECTIONS: Table = Table("chain.sections");
/// The key of the root among the sections.
const ROOT: &[u8] = b"root";
/// asset (7, little-endian) -> its place in the list of assets (u64, little-endian).
const PLACES: Table = Table("chain.asset-places");
/// nothing -> the digest of the nullifiers.
const DIGEST: Table = Table("chain.nullifier-digest");
const ONLY: &[u8] = b"";

/// The assets, in the order of registration.
const ASSETS: Mountain = Mountain {
    table: Table("chain.asset-list"),
    of: ListUse { node: b"LouverAssetNode", root: b"LouverAssetRoot" },
};
/// asset -> issued u64, in the pool u64; no entry where both are 0.
const SUPPLY: Map = Map {
    table: Table("chain.supply-map"),
    of: MapUse {
        key: b"LouverSupplyKey",
        value: b"LouverSupplyVal",
        leaf: b"LouverSupplyLeaf",
        node: b"LouverSupplyNode",
        root: b"LouverSupplyRoot",
    },
};
/// account and asset -> balance u64; account -> count of operations u64; no entry where it is 0.
const ACCOUNTS: Map = Map {
    table: Table("chain.account-map"),
    of: MapUse {
        key: b"LouverAcctKey",
        value: b"LouverAcctVal",
        leaf: b"LouverAcctLeaf",
        node: b"LouverAcctNode",
        root: b"LouverAcctRoot",
    },
};
/// Topic of announcements -> count u64, head of the chain of hashes.
const ANNOUNCEMENTS: Map = Map {
    table: Table("chain.announcement-map"),
    of: MapUse {
        key: b"LouverAnnKey",
        value: b"LouverAnnVal",
        leaf: b"LouverAnnLeaf",
        node: b"LouverAnnNode",
        root: b"LouverAnnRoot",
    },
};
/// The snapshots of nullifiers, in the order in which the state took them in.
const SNAPSHOTS: Mountain = Mountain {
    table: Table("chain.snapshot-list"),
    of: ListUse { node: b"LouverSnapNode", root: b"LouverSnapRoot" },
};
/// The keys of auditors, by their numbers.
const AUDITORS: ListUse = ListUse { node: b"LouverAuditNode", root: b"LouverAuditRoot" };
/// The sections.
const STATE: ListUse = ListUse { node: b"LouverStateNode", root: b"LouverStateRoot" };

/// The tables of the state's commitments.
pub(crate) const TABLES: [Table; 8] = [
    SECTIONS,
    PLACES,
    DIGEST,
    ASSETS.table,
    SUPPLY.table,
    ACCOUNTS.table,
    SNAPSHOTS.table,
    ANNOUNCEMENTS.table,
];

/// A section of the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Section {
    /// The registered assets.
    Assets,
    /// How much of each asset was issued, and is in the pool.
    Supply,
    /// The versions of the rules with their switches.
    Rules,
    /// The keys that seal blocks.
    Authorities,
    /// The keys that act for the chain's safety.
    Guardians,
    /// The keys of auditors.
    Auditors,
    /// The balances of transparent accounts and how many operations they made.
    Accounts,
    /// The snapshots of nullifiers.
    Snapshots,
    /// The heads of what is announced.
    Announcements,
    /// The set of nullifiers.
    Nullifiers,
}

impl Section {
    /// All of them, in their order.
    pub const ALL: [Self; 10] = [
        Self::Assets,
        Self::Supply,
        Self::Rules,
        Self::Authorities,
        Self::Guardians,
        Self::Auditors,
        Self::Accounts,
        Self::Snapshots,
        Self::Announcements,
        Self::Nullifiers,
    ];

    /// The name that its leaf begins with.
    pub fn label(self) -> &'static str {
        match self {
            Self::Assets => "assets",
            Self::Supply => "supply",
            Self::Rules => "rules",
            Self::Authorities => "authorities",
            Self::Guardians => "guardians",
            Self::Auditors => "auditors",
            Self::Accounts => "accounts",
            Self::Snapshots => "snapshots",
            Self::Announcements => "announcements",
            Self::Nullifiers => "nullifiers",
        }
    }

    fn place(self) -> u64 {
        u64::from(self as u8)
    }

    fn leaf(self, value: &[u8; 32]) -> [u8; 32] {
        let mut label = Vec::new();
        put_short(&mut label, self.label().as_bytes());
        b32(b"LouverStateLeaf", &[&label, value])
    }
}

/// The values of the sections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sections([[u8; 32]; Section::ALL.len()]);

impl Sections {
    /// Reads the sections; `None` before the genesis is written.
    fn read(state: &Overlay<'_>) -> Result<Option<Self>, StoreError> {
        let mut values = [[0; 32]; Section::ALL.len()];
        for (section, value) in Section::ALL.into_iter().zip(&mut values) {
            let Some(bytes) = state.get(SECTIONS, &[section as u8])? else { return Ok(None) };
            *value = array(SECTIONS, &bytes)?;
        }
        Ok(Some(Self(values)))
    }

    fn write(&self, state: &mut Overlay<'_>) {
        for (section, value) in Section::ALL.into_iter().zip(&self.0) {
            state.put(SECTIONS, &[section as u8], value);
        }
    }

    /// The sections of a chain before its first block, as far as genesis alone decides them.
    fn of(genesis: &Genesis) -> Self {
        let mut sections = Self([[0; 32]; Section::ALL.len()]);
        sections.set(Section::Auditors, AUDITORS.root(&[]));
        sections.set(Section::Snapshots, SNAPSHOTS.of.root(&[]));
        sections.set(Section::Announcements, ANNOUNCEMENTS.of.empty_root());
        sections.set(Section::Authorities, authorities_hash(0, &genesis.terms().finality));
        sections.set(Section::Guardians, guardians_hash(0, &genesis.terms().guardians));
        sections.set(Section::Accounts, ACCOUNTS.of.empty_root());
        sections.set(Section::Supply, SUPPLY.of.empty_root());
        sections.set(Section::Nullifiers, SetDigest::empty().root());
        sections.set(Section::Assets, ASSETS.of.root(&[]));
        sections
    }

    /// The value of a section.
    pub fn get(&self, section: Section) -> &[u8; 32] {
        &self.0[section as usize]
    }

    fn set(&mut self, section: Section, value: [u8; 32]) {
        self.0[section as usize] = value;
    }

    fn leaves(&self) -> Vec<[u8; 32]> {
        Section::ALL.into_iter().zip(&self.0).map(|(section, value)| section.leaf(value)).collect()
    }

    /// The root of the state.
    pub fn root(&self) -> [u8; 32] {
        STATE.root(&self.leaves())
    }

    /// The path to a section.
    fn path(&self, section: Section) -> Path {
        match STATE.path(&self.leaves(), section.place()) {
            Ok(path) => path,
            // Every section is in the list.
            Err(_) => unreachable!("a section stands among the sections"),
        }
    }
}

/// Brings the sections up to what a block has made of the state, and gives the state's root.
pub(crate) fn update(state: &mut Overlay<'_>, genesis: &Genesis) -> Result<[u8; 32], StoreError> {
    let before = Sections::read(state)?;
    let is_new = before.is_none();
    let mut sections = before.clone().unwrap_or_else(|| Sections::of(genesis));
    let ledger = LedgerChanges::of(state)?;
    let holdings = HoldingChanges::of(state)?;
    if !ledger.assets.is_empty() {
        for asset in &ledger.assets {
            let place = ASSETS.append(state, &asset_leaf(asset))?;
            state.put(PLACES, &asset.id().to_le_bytes(), &place.to_le_bytes());
        }
        sections.set(Section::Assets, ASSETS.root(state)?);
    }
    let mut moved = ledger.supplies;
    moved.extend(&holdings.issued);
    if !moved.is_empty() {
        sections.set(Section::Supply, update_supply(state, &moved)?);
    }
    if is_new || ledger.rules {
        sections.set(Section::Rules, rules_hash(&rulebook::all(state)?));
    }
    let acts = ActChanges::of(state)?;
    if acts.standings {
        let (sequence, finality) = finality(state, genesis)?;
        sections.set(Section::Authorities, authorities_hash(sequence, &finality));
        let (sequence, guardians) = guardians(state, genesis)?;
        sections.set(Section::Guardians, guardians_hash(sequence, &guardians));
    }
    if acts.auditors {
        sections.set(Section::Auditors, auditors_root(&auditors(state)?));
    }
    if !holdings.entries.is_empty() {
        let changes = holdings.entries.iter().map(|(key, value)| (key.as_slice(), value.as_deref()));
        sections.set(Section::Accounts, ACCOUNTS.update(state, changes)?);
    }
    let announced = announcement::changes(state)?;
    if !announced.is_empty() {
        let changes = announced.iter().map(|(topic, value)| (topic.as_slice(), value.as_deref()));
        sections.set(Section::Announcements, ANNOUNCEMENTS.update(state, changes)?);
    }
    if !ledger.snapshots.is_empty() {
        for snapshot in &ledger.snapshots {
            SNAPSHOTS.append(state, &snapshot_leaf(snapshot))?;
        }
        sections.set(Section::Snapshots, SNAPSHOTS.root(state)?);
    }
    if is_new || !ledger.nullifiers.is_empty() {
        let mut digest = nullifier_digest(state)?;
        ledger.nullifiers.iter().for_each(|nullifier| digest.add(&nullifier.to_array()));
        state.put(DIGEST, ONLY, &digest.to_bytes());
        sections.set(Section::Nullifiers, digest.root());
    }
    if before.as_ref() == Some(&sections)
        && let Some(root) = state.get(SECTIONS, ROOT)?
    {
        return array(SECTIONS, &root);
    }
    let root = sections.root();
    sections.write(state);
    state.put(SECTIONS, ROOT, &root);
    Ok(root)
}

fn update_supply(state: &mut Overlay<'_>, assets: &[AssetId]) -> Result<[u8; 32], StoreError> {
    let mut entries = Vec::new();
    for asset in assets {
        let (issued, in_pool) = supply(state, *asset)?;
        let value = (issued, in_pool) != (Value::ZERO, Value::ZERO);
        entries.push((asset.to_le_bytes(), value.then(|| supply_value(issued, in_pool))));
    }
    let entries = entries.iter().map(|(asset, value)| (&asset[..], value.as_deref()));
    SUPPLY.update(state, entries)
}

/// How much of an asset was issued, and how much is in the pool.
fn supply(state: &Overlay<'_>, asset: AssetId) -> Result<(Value, Value), StoreError> {
    Ok((holdings::issued(state, asset)?, turnstile::supply(state, asset)?))
}

fn supply_value(issued: Value, in_pool: Value) -> Vec<u8> {
    [issued.to_bytes(), in_pool.to_bytes()].concat()
}

fn asset_leaf(asset: &AssetDescriptor) -> [u8; 32] {
    b32(b"LouverAssetLeaf", &[&asset.to_bytes()])
}

fn snapshot_leaf(snapshot: &SnapshotEntry) -> [u8; 32] {
    b32(b"LouverSnapLeaf", &[&snapshot.to_bytes()])
}

fn authorities_hash(sequence: u32, finality: &Finality) -> [u8; 32] {
    b32(b"LouverAuthorStat", &[&sequence.to_le_bytes(), &finality.to_bytes()])
}

/// How often the authorities have changed, and the finality of the chain with those in office.
fn finality(state: &Overlay<'_>, genesis: &Genesis) -> Result<(u32, Finality), StoreError> {
    let Finality::Solo { authorities, trusting_period } = &genesis.terms().finality;
    let Standing { sequence, quorum } = standing(state, Speakers::Authorities)?;
    let authorities = quorum.unwrap_or_else(|| authorities.clone());
    Ok((sequence, Finality::Solo { authorities, trusting_period: *trusting_period }))
}

/// How often the guardians have changed, and those in office with the delay of genesis.
fn guardians(state: &Overlay<'_>, genesis: &Genesis) -> Result<(u32, Guardians), StoreError> {
    let Standing { sequence, quorum } = standing(state, Speakers::Guardians)?;
    Ok((sequence, Guardians { quorum, delay: genesis.terms().guardians.delay }))
}

fn auditors_root(auditors: &[Auditor]) -> [u8; 32] {
    let leaf = |auditor: &Auditor| b32(b"LouverAuditLeaf", &[&auditor.to_bytes()]);
    AUDITORS.root(&auditors.iter().map(leaf).collect::<Vec<_>>())
}

fn guardians_hash(sequence: u32, guardians: &Guardians) -> [u8; 32] {
    b32(b"LouverGuardStat", &[&sequence.to_le_bytes(), &guardians.to_bytes()])
}

fn rules_hash(rules: &[RulesEntry]) -> [u8; 32] {
    let mut bytes = Vec::new();
    put_list(&mut bytes, rules);
    b32(b"LouverRulesState", &[&bytes])
}

/// The root of a state, from the tops of its commitments; `None` if it is not the one that is kept, or before the genesis is
/// written.
pub(crate) fn root(state: &Overlay<'_>) -> Result<Option<[u8; 32]>, StoreError> {
    let Some(mut sections) = Sections::read(state)? else { return Ok(None) };
    sections.set(Section::Assets, ASSETS.root(state)?);
    sections.set(Section::Supply, SUPPLY.root(state)?);
    sections.set(Section::Accounts, ACCOUNTS.root(state)?);
    sections.set(Section::Snapshots, SNAPSHOTS.root(state)?);
    sections.set(Section::Announcements, ANNOUNCEMENTS.root(state)?);
    sections.set(Section::Nullifiers, nullifier_digest(state)?.root());
    let (root, kept) = (sections.root(), state.get(SECTIONS, ROOT)?);
    Ok((kept.as_deref() == Some(&root)).then_some(root))
}

/// The digest of all nullifiers.
fn nullifier_digest(state: &Overlay<'_>) -> Result<SetDigest, StoreError> {
    match state.get(DIGEST, ONLY)? {
        None => Ok(SetDigest::empty()),
        Some(bytes) => decoded(DIGEST, &bytes),
    }
}

#[cfg(test)]
mod tests;
