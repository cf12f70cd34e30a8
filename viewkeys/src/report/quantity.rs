//! Amounts, sums and times, as people's programs read them.

use std::borrow::Cow;

use jiff::Timestamp;
use louver_core::{
    asset::{AssetDescriptor, AssetId, KnownAssets},
    value::Value,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

/// A count of an asset's smallest unit. In JSON it is a string of digits, as it may exceed 2^53.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Units(pub u128);

impl Serialize for Units {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl JsonSchema for Units {
    fn schema_name() -> Cow<'static, str> {
        "Units".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^(0|[1-9][0-9]*)$" })
    }
}

impl From<Value> for Units {
    fn from(value: Value) -> Self {
        Self(value.0.into())
    }
}

fn id<S: Serializer>(asset: &AssetId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(asset)
}

/// The asset of an amount. Symbols are not unique: the id tells assets apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Denomination {
    /// The asset's id.
    #[serde(serialize_with = "id")]
    #[schemars(with = "Units")]
    pub asset: AssetId,
    /// Its symbol; absent if the reader's node does not know the asset.
    pub symbol: Option<String>,
    /// How many decimals people write: 10^decimals units make one of the asset.
    pub decimals: Option<u8>,
}

impl Denomination {
    /// An asset as it is known, or by its id alone.
    pub fn new(asset: AssetId, assets: &KnownAssets) -> Self {
        let known = assets.get(asset);
        Self {
            asset,
            symbol: known.map(|known| known.symbol().to_owned()),
            decimals: known.map(AssetDescriptor::decimals),
        }
    }
}

/// An amount of an asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Amount {
    /// The amount, in the asset's smallest unit.
    #[serde(serialize_with = "units")]
    #[schemars(with = "Units")]
    pub value: Value,
    /// The asset.
    #[serde(flatten)]
    pub of: Denomination,
}

fn units<S: Serializer>(value: &Value, serializer: S) -> Result<S::Ok, S::Error> {
    Units::from(*value).serialize(serializer)
}

impl Amount {
    /// So much of an asset.
    pub fn new(asset: AssetId, value: Value, assets: &KnownAssets) -> Self {
        Self { value, of: Denomination::new(asset, assets) }
    }
}

/// A time, in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Moment {
    /// Seconds since 1970. Times that JSON cannot hold exactly are written as 2^53 - 1.
    pub unix: u64,
    /// The same as RFC 3339 writes it; absent past the year 9999.
    pub rfc3339: Option<String>,
}

impl Moment {
    /// The time `unix` seconds after the start of 1970.
    pub fn new(unix: u64) -> Self {
        let time = i64::try_from(unix).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
        Self { unix: unix.min((1 << 53) - 1), rfc3339: time.map(|time| time.to_string()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_twice() {
        assert_eq!(Moment::new(1_796_169_600).rfc3339.as_deref(), Some("2026-12-02T00:00:00Z"));
        assert_eq!(Moment::new(0).rfc3339.as_deref(), Some("1970-01-01T00:00:00Z"));
        assert_eq!(Moment::new(u64::MAX), Moment { unix: (1 << 53) - 1, rfc3339: None });
    }

    #[test]
    fn no_digit_of_an_amount_is_lost() {
        let asset = AssetId::new((1 << 56) - 1).unwrap();
        let assets = KnownAssets::new(&[]);
        let json = serde_json::to_value(Amount::new(asset, Value(u64::MAX), &assets)).unwrap();
        let expected = serde_json::json!({
            "value": "18446744073709551615", "asset": "72057594037927935", "symbol": null, "decimals": null
        });
        assert_eq!(json, expected);
    }
}
