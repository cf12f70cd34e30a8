//! A wallet's knowledge of its chain, from its host.

use louver_core::{
    asset::{AssetChanged, AssetDescriptor, AssetId, KnownAssets},
    encoding::{Decode, DecodeError, Encode, Reader, put_list},
    epoch::EpochSchedule,
    ledger::{Genesis, Pause, RulesEntry, RulesTerms},
    pool::PoolTag,
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
    /// The height of the last block.
    pub height: u32,
}

impl ChainParameters {
    /// The parameters of a chain that stands at its genesis.
    pub fn new(genesis: Genesis) -> Self {
        let rules = RulesEntry::of_genesis(&genesis);
        Self { genesis, assets: Vec::new(), rules, height: 0 }
    }

    /// The same parameters with the rules versions as they stand, ascending.
    #[must_use]
    pub fn with_rules(self, rules: Vec<RulesEntry>) -> Self {
        Self { rules, ..self }
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

    /// The context that a transaction's hashes bind in addition to its bytes; `None` if an asset is not registered.
    pub(crate) fn context(&self, side: &PublicSide, fee: Fee) -> Option<TxContext> {
        let describe = |id| self.asset(id).map(AssetDescriptor::hash).ok_or(());
        TxContext::of(self.genesis.hash(), side, fee, describe).ok()
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

/// genesis || count of assets || descriptors || count of rules versions || entries || height u32
impl Encode for ChainParameters {
    fn encode(&self, out: &mut Vec<u8>) {
        self.genesis.encode(out);
        put_list(out, &self.assets);
        put_list(out, &self.rules);
        out.extend_from_slice(&self.height.to_le_bytes());
    }
}

impl Decode for ChainParameters {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let genesis = Genesis::decode(reader)?;
        let assets = reader.list(AssetDescriptor::LEAST)?;
        let rules = reader.list(RulesEntry::LEAST)?;
        Ok(Self { genesis, assets, rules, height: reader.u32()? })
    }
}
