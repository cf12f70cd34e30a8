//! A wallet's knowledge of its chain, from its host.

use louver_chain::act::Auditor;
use louver_core::{
    asset::{AssetChanged, AssetDescriptor, AssetId, KnownAssets},
    audit::{AuditorKey, NumberedKey},
    encoding::{Decode, DecodeError, Encode, Reader, put_list},
    epoch::EpochSchedule,
    ledger::{Genesis, Pause, RulesEntry, RulesTerms},
    pool::{PoolKind, PoolTag},
    shape::Shape,
    transaction::{Fee, PublicSide, TxContext},
};

/// A chain and its pool: the terms of genesis, the assets registered since, and the height of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainParameters {
    /// The rules and the assets that the chain agreed on before its first block.
    pub genesis: Genesis,
    /// The assets that were registered since, in the order in which they were learnt.
    pub assets: Vec<AssetDescriptor>,
    /// The rules versions, ascending: those of genesis and those added since, with their switches.
    pub rules: Vec<RulesEntry>,
    /// `[auditor-key]`: every auditor key that was entered, by ascending number.
    pub auditors: Vec<Auditor>,
    /// The height of the last block.
    pub height: u32,
}

impl ChainParameters {
    /// The parameters of a chain that stands at its genesis.
    pub fn new(genesis: Genesis) -> Self {
        let rules = RulesEntry::of_genesis(&genesis);
        Self { genesis, assets: Vec::new(), rules, auditors: Vec::new(), height: 0 }
    }

    /// The same parameters with the rules versions as they stand, ascending.
    #[must_use]
    pub fn with_rules(self, rules: Vec<RulesEntry>) -> Self {
        Self { rules, ..self }
    }

    /// The same parameters with the auditor keys as they stand, by ascending number.
    #[must_use]
    pub fn with_auditors(self, auditors: Vec<Auditor>) -> Self {
        Self { auditors, ..self }
    }

    /// `[wallet-audited]`: the auditor key that a transaction in the block at `height` shows its contents to: of those that serve
    /// the newest. `None` in a pool without auditors, and while no key of theirs serves.
    pub fn auditor(&self, height: u32) -> Option<&Auditor> {
        let is_audited = self.genesis.pool_kind() == PoolKind::Audited;
        self.auditors.iter().rev().find(|auditor| is_audited && auditor.serves(height))
    }

    /// Whether payments stand still after the block at `height`: every rules version that would take transactions is
    /// switched off. Nothing can be sent then. `time` is the present, in seconds since 1970.
    pub fn pause(&self, height: u32, time: u64) -> Option<Pause> {
        Pause::of(&self.rules, (height, time), self.genesis.terms().block_interval)
    }

    /// The tag of the pool.
    pub fn pool_tag(&self) -> PoolTag {
        self.genesis.pool_tag()
    }

    /// The chain's division of time into epochs.
    pub fn schedule(&self) -> EpochSchedule {
        self.genesis.terms().schedule
    }

    /// The registered description of an asset.
    pub fn asset(&self, id: AssetId) -> Option<&AssetDescriptor> {
        self.genesis.terms().assets.iter().chain(&self.assets).find(|asset| asset.id() == id)
    }

    /// The context of a transaction for the next block, with the auditor key that it shows its contents to, if the pool has
    /// auditors; `None` if an asset is not registered.
    pub(crate) fn context(&self, side: &PublicSide, fee: Fee) -> Option<TxContext> {
        let describe = |id| self.asset(id).map(AssetDescriptor::hash).ok_or(());
        let auditor = self.auditor(self.height.saturating_add(1)).and_then(|auditor| {
            let key = AuditorKey::from_bytes(&auditor.key).ok()?;
            Some(NumberedKey { number: auditor.number, key })
        });
        Some(TxContext::of(self.genesis.hash(), side, fee, describe).ok()?.with_auditor(auditor))
    }

    /// The latest rules version that is in force in the block at `height` and knows `shape`: one of genesis, or one that the
    /// guardians added since.
    pub fn rules(&self, height: u32, shape: Shape) -> Option<&RulesTerms> {
        self.rules.iter().rev().find(|entry| entry.takes(height, shape)).map(|entry| &entry.terms)
    }

    /// Whether the chain can have a block after this height. A height that a node claims has to leave room for one.
    pub fn goes_on_after(&self, height: u32) -> bool {
        height < u32::MAX
    }

    /// Every asset of the chain, with the names for people.
    ///
    /// # Errors
    /// [`AssetChanged`] if an asset is described twice, differently.
    pub fn known_assets(&self) -> Result<KnownAssets, AssetChanged> {
        let mut known = KnownAssets::new(&self.genesis.terms().assets);
        known.recall(self.assets.iter().cloned())?;
        Ok(known)
    }

    /// These parameters, with the assets of `known` before the others. Refused if the two describe an asset
    /// differently.
    pub(crate) fn after(&self, known: &Self) -> Result<Self, AssetChanged> {
        let mut assets = known.known_assets()?;
        assets.learn(self.assets.iter().cloned())?;
        Ok(Self { assets: assets.registered().to_vec(), ..self.clone() })
    }

    pub(crate) fn is_same_chain(&self, other: &Self) -> bool {
        self.genesis.hash() == other.genesis.hash()
    }
}

/// genesis || count of assets || descriptors || count of rules versions || entries || count of auditor keys || keys || height u32
impl Encode for ChainParameters {
    fn encode(&self, out: &mut Vec<u8>) {
        self.genesis.encode(out);
        put_list(out, &self.assets);
        put_list(out, &self.rules);
        put_list(out, &self.auditors);
        out.extend_from_slice(&self.height.to_le_bytes());
    }
}

impl Decode for ChainParameters {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let genesis = Genesis::decode(reader)?;
        let assets = reader.list(AssetDescriptor::LEAST)?;
        let rules = reader.list(RulesEntry::LEAST)?;
        let auditors = reader.list(Auditor::LEAST)?;
        Ok(Self { genesis, assets, rules, auditors, height: reader.u32()? })
    }
}
