//! `[asset-registry]`: which assets there are, and what is said of them.

use thiserror::Error;

use crate::{
    asset::{AssetDescriptor, AssetId},
    encoding::{DecodeError, Encode},
    store::{
        KeyRange, Overlay, StoreError, Table,
        record::{decoded, integer},
    },
    transaction::TransparentAccount,
};

/// asset (7, big-endian) -> descriptor.
pub(super) const ASSETS: Table = Table("ledger.assets");
/// "last" -> the greatest id given out (u64).
pub(super) const LAST_ASSET: Table = Table("ledger.last-asset");

/// The contents of a registration. The registry chooses the id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registration<'a> {
    /// The ticker, 1 to 16 of `A-Z0-9`, the first a letter.
    pub symbol: &'a str,
    /// How many decimals people write, at most 18.
    pub decimals: u8,
    /// The transparent account that may mint.
    pub issuer: TransparentAccount,
    /// The asset's name on the host, at most 64 bytes.
    pub host_reference: &'a [u8],
}

/// Why an asset is not registered.
#[derive(Debug, Error)]
pub enum RegistryError {
    /// The symbol, the decimals or the reference are out of range.
    #[error("the descriptor is not sound: {0}")]
    Descriptor(DecodeError),
    /// All 2^56 - 1 ids are given out.
    #[error("no asset id is left")]
    Exhausted,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Registers an asset under the next free id.
pub fn register(
    state: &mut Overlay<'_>,
    registration: &Registration<'_>,
) -> Result<AssetDescriptor, RegistryError> {
    let id = next(state)?.ok_or(RegistryError::Exhausted)?;
    let Registration { symbol, decimals, issuer, host_reference } = *registration;
    let descriptor = AssetDescriptor::new(id, symbol, decimals, issuer.0, host_reference)
        .map_err(RegistryError::Descriptor)?;
    insert(state, &descriptor);
    Ok(descriptor)
}

/// The registered description of an asset; `None` if it is not registered.
pub fn descriptor(state: &Overlay<'_>, asset: AssetId) -> Result<Option<AssetDescriptor>, StoreError> {
    state.get(ASSETS, &key(asset))?.map(|bytes| decoded(ASSETS, &bytes)).transpose()
}

/// Every asset, by ascending id.
pub fn all(state: &Overlay<'_>) -> Result<Vec<AssetDescriptor>, StoreError> {
    state.scan(ASSETS, KeyRange::ALL)?.iter().map(|(_, bytes)| decoded(ASSETS, bytes)).collect()
}

/// The assets from an id on, by ascending id, at most `limit`.
pub fn from(state: &Overlay<'_>, asset: AssetId, limit: usize) -> Result<Vec<AssetDescriptor>, StoreError> {
    let range = KeyRange { from: &key(asset), until: None, limit };
    state.scan(ASSETS, range)?.iter().map(|(_, bytes)| decoded(ASSETS, bytes)).collect()
}

/// Adds a descriptor, and gives out no id up to its own any more.
pub(crate) fn insert(state: &mut Overlay<'_>, descriptor: &AssetDescriptor) {
    state.put(ASSETS, &key(descriptor.id()), &descriptor.to_bytes());
    state.put(LAST_ASSET, b"last", &descriptor.id().to_u64().to_le_bytes());
}

/// The id after the last that was given out.
fn next(state: &Overlay<'_>) -> Result<Option<AssetId>, StoreError> {
    let last = state.get(LAST_ASSET, b"last")?.map_or(Ok(0), |bytes| integer(LAST_ASSET, &bytes))?;
    Ok(last.checked_add(1).and_then(AssetId::new))
}

fn key(asset: AssetId) -> [u8; 7] {
    let mut key = asset.to_le_bytes();
    key.reverse();
    key
}
