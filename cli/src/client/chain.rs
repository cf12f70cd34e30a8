//! What a client believes of a chain, after checking it.
use louver_chain::Account;

use louver_core::asset::{AssetDescriptor, AssetId};
use louver_node::view;
use louver_wallet::chain::learn_assets;

use super::{Client, ClientError};
use crate::amount::Assets;

impl Client {
    /// The chain's assets: those of genesis, as its hash says, and those that the node says were registered since. The
    /// hash beside each entry comes from the same answer: it shows a mistake, not a lie.
    pub(crate) fn registry(&self) -> Result<Assets, ClientError> {
        let genesis = self.genesis()?;
        let told: Vec<_> = self.assets()?.assets.iter().map(descriptor).collect::<Result<_, _>>()?;
        let genesis = &genesis.terms().assets;
        let assets = learn_assets(genesis, told).map_err(|error| ClientError::Answer(error.to_string()))?;
        Ok(Assets::new(assets, genesis.len()))
    }
}

fn descriptor(entry: &view::Asset) -> Result<AssetDescriptor, ClientError> {
    let wrong = || ClientError::Answer(format!("asset {} is not described as it should be", entry.id));
    let id = entry.id.parse().ok().and_then(AssetId::new).ok_or_else(wrong)?;
    let issuer: Account = entry.issuer.parse().map_err(|_| wrong())?;
    let reference = hex::decode(&entry.reference).map_err(|_| wrong())?;
    let asset = AssetDescriptor::new(id, &entry.symbol, entry.decimals, issuer.0, &reference)?;
    match hex::encode(asset.hash().0) == entry.descriptor_hash {
        true => Ok(asset),
        false => Err(wrong()),
    }
}
