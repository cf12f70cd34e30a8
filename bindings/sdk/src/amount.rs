//! Assets and amounts, as data.

use louver_chain::Account;
use louver_core::{
    asset::{AssetDescriptor, AssetId, KnownAssets},
    value::Value,
};

use crate::PlanError;

data! {
    /// An asset of the chain.
    pub struct Asset {
        /// Its id.
        pub id: u64,
        /// Its symbol. Symbols are not unique: anybody may register an asset of any symbol. Show the name instead.
        pub symbol: String,
        /// Its name: the symbol, followed by `#` and the id where another asset was known by the symbol first. It is read
        /// wherever an asset is asked for.
        pub name: String,
        /// How many decimals its amounts have.
        pub decimals: u8,
        /// The transparent account of its issuer.
        pub issuer: String,
    }
}

data! {
    /// An amount of an asset.
    pub struct Amount {
        /// The asset's id.
        pub asset: u64,
        /// How much, in the asset's smallest unit.
        pub value: u64,
    }
}

impl Amount {
    pub(crate) fn new(asset: AssetId, value: Value) -> Self {
        Self { asset: asset.to_u64(), value: value.0 }
    }

    /// The asset and the value, if such an asset can exist.
    pub(crate) fn parts(&self) -> Result<(AssetId, Value), PlanError> {
        Ok((asset_id(self.asset)?, Value(self.value)))
    }
}

/// The asset of an id.
pub(crate) fn asset_id(id: u64) -> Result<AssetId, PlanError> {
    let unknown = || louver_core::asset::AssetNameError::UnknownId { id };
    AssetId::new(id).ok_or_else(|| PlanError::Other { reason: unknown().to_string() })
}

/// The assets as people choose from them, by ascending id.
pub(crate) fn list(assets: &KnownAssets) -> Vec<Asset> {
    let asset = |asset: &AssetDescriptor| Asset {
        id: asset.id().to_u64(),
        symbol: asset.symbol().to_owned(),
        name: assets.name(asset.id()),
        decimals: asset.decimals(),
        issuer: Account(*asset.issuer()).to_string(),
    };
    let mut list: Vec<Asset> = assets.iter().map(asset).collect();
    list.sort_by_key(|asset| asset.id);
    list
}

/// Writes an amount with its asset, in a form that can be read again.
pub(crate) fn format(assets: &KnownAssets, amount: &Amount) -> String {
    match AssetId::new(amount.asset) {
        Some(asset) => assets.format_amount(asset, amount.value),
        None => format!("{} units of #{}", amount.value, amount.asset),
    }
}
