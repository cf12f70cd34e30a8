//! What a client believes of a chain, after checking it.
use louver_chain::Account;

use louver_client::api::view;
use louver_core::asset::{AssetDescriptor, AssetId, KnownAssets};

use super::{Client, ClientError};

impl Client {
    /// The chain's assets: those of genesis, as its hash says, and those that the node says were registered since.
    pub(crate) fn registry(&self) -> Result<KnownAssets, ClientError> {
        let mut known = KnownAssets::new(&self.genesis()?.terms().assets);
        self.learn_assets(&mut known)?;
        Ok(known)
    }

    /// Adds the assets that the node tells of to those that are known. A node that says otherwise of one is refused.
    pub(crate) fn learn_assets(&self, known: &mut KnownAssets) -> Result<(), ClientError> {
        let told: Vec<_> = self.assets()?.assets.iter().map(descriptor).collect::<Result<_, _>>()?;
        known.learn(told).map_err(|error| ClientError::Answer(error.to_string()))
    }
}

/// An asset as the node describes it. The hash beside each entry comes from the same answer: it shows a mistake, not a
/// lie.
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
