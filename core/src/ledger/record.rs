//! Reading back what the ledger wrote. A record that does not decode is a damaged store.

use crate::{
    encoding::{Decode, DecodeError},
    store::{StoreError, Table},
};

pub(crate) fn damaged(table: Table, source: DecodeError) -> StoreError {
    StoreError::Record { table: table.0, source }
}

pub(crate) fn decoded<T: Decode>(table: Table, bytes: &[u8]) -> Result<T, StoreError> {
    T::from_bytes(bytes).map_err(|source| damaged(table, source))
}

/// A record of exactly `N` bytes.
pub(crate) fn array<const N: usize>(table: Table, bytes: &[u8]) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(|_| damaged(table, DecodeError::OutOfRange { what: "length of a record" }))
}

/// A little-endian amount.
pub(crate) fn integer(table: Table, bytes: &[u8]) -> Result<u64, StoreError> {
    array(table, bytes).map(u64::from_le_bytes)
}

/// A big-endian block height, so that keys and values of heights sort.
pub(crate) fn height_of(table: Table, bytes: &[u8]) -> Result<u32, StoreError> {
    array(table, bytes).map(u32::from_be_bytes)
}
