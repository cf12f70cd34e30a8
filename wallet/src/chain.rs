//! What a wallet knows of its chain, as its host tells it.

use louver_core::{
    asset::{AssetChanged, AssetDescriptor, AssetId, DescriptorHash, KnownAssets},
    encoding::{Decode, DecodeError, Encode, Reader, put_count},
    epoch::EpochSchedule,
    ledger::genesis::{Genesis, RulesTerms},
    pool::{PoolTag, RulesVersion},
    shape::Shape,
};

/// A chain and its pool: what genesis fixes, which assets were registered since, and how high the chain is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainParameters {
    /// What the chain agreed on before its first block.
    pub genesis: Genesis,
    /// The assets that were registered since, in the order in which they were learnt.
    pub assets: Vec<AssetDescriptor>,
    /// The rules versions whose off-switch was thrown.
    pub switched_off: Vec<RulesVersion>,
    /// The height of the last block.
    pub height: u32,
}

impl ChainParameters {
    /// The parameters of a chain that stands at its genesis.
    pub fn new(genesis: Genesis) -> Self {
        Self { genesis, assets: Vec::new(), switched_off: Vec::new(), height: 0 }
    }

    /// The same with the rules versions that are switched off, as a node says. Versions that genesis does not have are
    /// passed over.
    #[must_use]
    pub fn with_switches(self, off: impl IntoIterator<Item = u32>) -> Self {
        let known = |version: &RulesVersion| self.genesis.rules(*version).is_some();
        let mut switched_off: Vec<_> = off.into_iter().map(RulesVersion).filter(known).collect();
        switched_off.sort_unstable();
        switched_off.dedup();
        Self { switched_off, ..self }
    }

    /// The newest rules version that would take transactions in the block at `height`, if it and all others that would are
    /// switched off: then nothing can be sent.
    pub fn stopped_at(&self, height: u32) -> Option<RulesVersion> {
        let counts =
            |rules: &&RulesTerms| rules.from <= height && rules.until.is_none_or(|until| height < until);
        let counting: Vec<_> = self.genesis.terms().rules.iter().filter(counts).collect();
        let off = |rules: &&RulesTerms| self.switched_off.contains(&rules.version);
        counting.iter().all(off).then(|| counting.last().map(|rules| rules.version)).flatten()
    }

    /// The tag of the pool.
    pub fn pool_tag(&self) -> PoolTag {
        self.genesis.pool_tag()
    }

    /// How the chain cuts its blocks into epochs.
    pub fn schedule(&self) -> EpochSchedule {
        self.genesis.terms().schedule
    }

    /// What the registry says of an asset.
    pub fn asset(&self, id: AssetId) -> Option<&AssetDescriptor> {
        self.genesis.terms().assets.iter().chain(&self.assets).find(|asset| asset.id() == id)
    }

    /// What transactions that name an asset in public bind; zeros if none is named. `None` if it is not registered.
    pub(crate) fn descriptor_hash(&self, id: AssetId) -> Option<DescriptorHash> {
        match id {
            AssetId::NONE => Some(DescriptorHash::default()),
            id => self.asset(id).map(AssetDescriptor::hash),
        }
    }

    /// The latest rules version that the block at `height` takes, and that knows `shape`.
    pub fn rules(&self, height: u32, shape: Shape) -> Option<&RulesTerms> {
        let taken = |rules: &&RulesTerms| {
            rules.from <= height
                && rules.until.is_none_or(|until| height < until)
                && !self.switched_off.contains(&rules.version)
                && rules.shape(shape).is_some()
        };
        self.genesis.terms().rules.iter().rev().find(taken)
    }

    /// Whether the chain can have a block after this height: one that a node tells of has to leave room for it.
    pub fn goes_on_after(&self, height: u32) -> bool {
        height.checked_add(1).and_then(|next| self.schedule().epoch_of(next)).is_some()
    }

    /// Every asset of the chain, as people name them.
    ///
    /// # Errors
    /// [`AssetChanged`], if an asset is described twice and not alike.
    pub fn known_assets(&self) -> Result<KnownAssets, AssetChanged> {
        let mut known = KnownAssets::new(&self.genesis.terms().assets);
        known.recall(self.assets.iter().cloned())?;
        Ok(known)
    }

    /// These parameters, with the assets of `known`; refused where they say otherwise of one.
    pub(crate) fn after(&self, known: &Self) -> Result<Self, AssetChanged> {
        let mut assets = known.known_assets()?;
        assets.learn(self.assets.iter().cloned())?;
        Ok(Self { assets: assets.registered().to_vec(), ..self.clone() })
    }

    pub(crate) fn is_same_chain(&self, other: &Self) -> bool {
        self.genesis.hash() == other.genesis.hash()
    }
}

/// genesis || count of assets || descriptors || count of switched off versions || u32 each || height u32
impl Encode for ChainParameters {
    fn encode(&self, out: &mut Vec<u8>) {
        self.genesis.encode(out);
        put_count(out, self.assets.len());
        self.assets.iter().for_each(|asset| asset.encode(out));
        put_count(out, self.switched_off.len());
        for version in &self.switched_off {
            out.extend_from_slice(&version.0.to_le_bytes());
        }
        out.extend_from_slice(&self.height.to_le_bytes());
    }
}

impl Decode for ChainParameters {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let genesis = Genesis::decode(reader)?;
        let count = reader.count(42)?;
        let assets = (0..count).map(|_| AssetDescriptor::decode(reader)).collect::<Result<_, _>>()?;
        let count = reader.count(4)?;
        let switched_off = (0..count).map(|_| reader.u32().map(RulesVersion)).collect::<Result<_, _>>()?;
        Ok(Self { genesis, assets, switched_off, height: reader.u32()? })
    }
}
