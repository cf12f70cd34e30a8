//! Amounts and times, in the same form as in reports of audits.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

pub(crate) use louver_viewkeys::report::{Amount, Crossing, Denomination, Moment, Units, Written};

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
