//! Amounts, sums and times, as people's programs read them.

use std::borrow::Cow;

use louver_core::{
    amount::decimal,
    asset::{AssetDescriptor, AssetId, KnownAssets},
    calendar::rfc3339,
    value::Value,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A count of an asset's smallest unit. In JSON it is a string of digits, as it may exceed 2^53.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Units(pub u128);

impl Serialize for Units {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Units {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let is_canonical =
            text.bytes().all(|c| c.is_ascii_digit()) && (text.len() == 1 || !text.starts_with('0'));
        let units = text.parse().ok().filter(|_| is_canonical);
        units.map(Self).ok_or_else(|| D::Error::custom("a count is a string of digits"))
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

fn read_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AssetId, D::Error> {
    let Units(id) = Units::deserialize(deserializer)?;
    let id = u64::try_from(id).ok().and_then(AssetId::new);
    id.ok_or_else(|| D::Error::custom("an asset's id has 56 bits"))
}

/// The asset of an amount. Symbols are not unique: the id tells assets apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Denomination {
    /// The asset's id.
    #[serde(serialize_with = "id", deserialize_with = "read_id")]
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

impl Denomination {
    /// Its name, which no other asset of the chain has: `EURX#7`, or `#7` if it is not known.
    pub fn name(&self) -> String {
        format!("{}#{}", self.symbol.as_deref().unwrap_or_default(), self.asset)
    }

    /// A sum without the asset's name: a decimal number, or a count of the smallest unit if the asset is not known.
    pub fn number(&self, units: u128) -> String {
        self.decimals.map_or_else(|| units.to_string(), |decimals| decimal(units, decimals))
    }

    /// The name of the unit that [`Self::number`] counts: `EURX#7`, or `units of #7` if the asset is not known.
    pub fn unit(&self) -> String {
        let unit = if self.decimals.is_some() { "" } else { "units of " };
        format!("{unit}{}", self.name())
    }
}

/// An amount of an asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Amount {
    /// The amount, in the asset's smallest unit.
    #[serde(serialize_with = "units", deserialize_with = "read_value")]
    #[schemars(with = "Units")]
    pub value: Value,
    /// The asset.
    #[serde(flatten)]
    pub of: Denomination,
}

fn units<S: Serializer>(value: &Value, serializer: S) -> Result<S::Ok, S::Error> {
    Units::from(*value).serialize(serializer)
}

fn read_value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    let Units(value) = Units::deserialize(deserializer)?;
    u64::try_from(value).map(Value).map_err(|_| D::Error::custom("an amount has 64 bits"))
}

impl Amount {
    /// So much of an asset.
    pub fn new(asset: AssetId, value: Value, assets: &KnownAssets) -> Self {
        Self { value, of: Denomination::new(asset, assets) }
    }
}

/// A time, in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Moment {
    /// Seconds since 1970. Times that JSON cannot hold exactly are written as 2^53 - 1.
    pub unix: u64,
    /// The same as RFC 3339 writes it; absent past the year 9999.
    pub rfc3339: Option<String>,
}

impl Moment {
    /// The time `unix` seconds after the start of 1970.
    pub fn new(unix: u64) -> Self {
        Self { unix: unix.min((1 << 53) - 1), rfc3339: rfc3339(unix) }
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
