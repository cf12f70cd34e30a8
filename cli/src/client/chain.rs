//! What a client believes of a chain, after checking it.

use louver_core::asset::{AssetDescriptor, AssetId};
use louver_node::{chain::Account, view};

use super::{Client, ClientError};
use crate::amount::Assets;

impl Client {
    /// The registry, each entry checked against its hash, which transactions bind.
    pub(crate) fn registry(&self) -> Result<Assets, ClientError> {
        let entries = self.assets()?.assets;
        Ok(Assets::new(entries.iter().map(descriptor).collect::<Result<_, _>>()?))
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
