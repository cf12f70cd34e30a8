//! Records of the ledger and its host. A record that does not decode is a damaged store.

use crate::{
    asset::AssetId,
    encoding::{Decode, DecodeError},
    store::{Overlay, StoreError, Table},
    value::Value,
};

/// The error for a record of a table that does not decode.
pub fn damaged(table: Table, source: DecodeError) -> StoreError {
    StoreError::Record { table: table.0, source }
}

/// A record.
///
/// # Errors
/// [`StoreError::Record`] if it does not decode.
pub fn decoded<T: Decode>(table: Table, bytes: &[u8]) -> Result<T, StoreError> {
    T::from_bytes(bytes).map_err(|source| damaged(table, source))
}

/// A record of exactly `N` bytes.
///
/// # Errors
/// [`StoreError::Record`] if it has another length.
pub fn array<const N: usize>(table: Table, bytes: &[u8]) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(|_| damaged(table, DecodeError::OutOfRange { what: "length of a record" }))
}

/// A little-endian amount.
///
/// # Errors
/// As [`array()`].
pub fn integer(table: Table, bytes: &[u8]) -> Result<u64, StoreError> {
    array(table, bytes).map(u64::from_le_bytes)
}

/// A big-endian block height, so that keys and values of heights sort.
///
/// # Errors
/// As [`array()`].
pub fn height_of(table: Table, bytes: &[u8]) -> Result<u32, StoreError> {
    array(table, bytes).map(u32::from_be_bytes)
}

/// The id of an asset (7, little-endian).
///
/// # Errors
/// [`StoreError::Record`] if no asset has that id.
pub fn asset_of(table: Table, bytes: &[u8]) -> Result<AssetId, StoreError> {
    match decoded(table, bytes)? {
        AssetId::NONE => Err(damaged(table, DecodeError::OutOfRange { what: "asset id" })),
        asset => Ok(asset),
    }
}

/// The amount at a key; zero if there is none.
///
/// # Errors
/// Those of the store.
pub fn amount(state: &Overlay<'_>, table: Table, key: &[u8]) -> Result<Value, StoreError> {
    state.get(table, key)?.map_or(Ok(Value::ZERO), |bytes| integer(table, &bytes).map(Value))
}

/// Sets the amount at a key. An amount of zero is not stored.
pub fn set_amount(state: &mut Overlay<'_>, table: Table, key: &[u8], value: Value) {
    match value {
        Value::ZERO => state.delete(table, key),
        value => state.put(table, key, &value.0.to_le_bytes()),
    }
}
