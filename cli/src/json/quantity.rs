//! Amounts and times, in the same form as in reports of audits.

use std::borrow::Cow;

use louver_core::{
    asset::{AssetDescriptor, AssetId, KnownAssets},
    value::Value,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

pub(crate) use louver_viewkeys::report::{Amount, Denomination, Moment, Units};

/// A known asset, or an unknown one by its id.
pub(crate) fn denomination(assets: &KnownAssets, asset: AssetId) -> Denomination {
    let known = assets.get(asset);
    Denomination {
        asset,
        symbol: known.map(|known| known.symbol().to_owned()),
        decimals: known.map(AssetDescriptor::decimals),
    }
}

/// An amount of an asset.
pub(crate) fn amount(assets: &KnownAssets, asset: AssetId, value: Value) -> Amount {
    Amount { value, of: denomination(assets, asset) }
}

/// The change of the balance of an asset.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct NetAmount {
    /// The change, in the asset's smallest unit.
    pub(crate) value: SignedUnits,
    /// The asset.
    #[serde(flatten)]
    pub(crate) of: Denomination,
}

/// A change of a count of an asset's smallest unit, as a string of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SignedUnits(pub(crate) i128);

impl Serialize for SignedUnits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl JsonSchema for SignedUnits {
    fn schema_name() -> Cow<'static, str> {
        "SignedUnits".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^(0|-?[1-9][0-9]*)$" })
    }
}
