//! `[turnstile]`: the pool's holdings of each asset, counted at its border.
//!
//! Whatever may be wrong with a proof, no more of an asset leaves the pool than went in.

use super::{record::integer, rules::RuleError};
use crate::{
    asset::AssetId,
    encoding::DecodeError,
    ledger::{LedgerError, record::damaged},
    store::{KeyRange, Overlay, StoreError, Table},
    value::{Balance, Value},
};

/// asset (7, little-endian) -> amount (8, little-endian); no entry where it is 0.
pub(super) const SUPPLY: Table = Table("ledger.supply");

/// How much of an asset is in the pool.
pub fn supply(state: &Overlay<'_>, asset: AssetId) -> Result<Value, StoreError> {
    let bytes = state.get(SUPPLY, &asset.to_le_bytes())?;
    bytes.map_or(Ok(Value::ZERO), |bytes| integer(SUPPLY, &bytes).map(Value))
}

/// The pool's holdings of every asset that it holds, by ascending id.
pub fn supplies(state: &Overlay<'_>) -> Result<Vec<(AssetId, Value)>, StoreError> {
    let mut supplies = state
        .scan(SUPPLY, KeyRange::ALL)?
        .into_iter()
        .map(|(key, amount)| {
            let mut id = [0u8; 8];
            let wrong = || damaged(SUPPLY, DecodeError::OutOfRange { what: "asset id" });
            id[..7].copy_from_slice(key.get(..7).filter(|_| key.len() == 7).ok_or_else(wrong)?);
            let asset = AssetId::new(u64::from_le_bytes(id)).ok_or_else(wrong)?;
            Ok((asset, Value(integer(SUPPLY, &amount)?)))
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    supplies.sort_unstable();
    Ok(supplies)
}

/// Lets a net amount of an asset in (positive) or out (negative).
pub(crate) fn pass(state: &mut Overlay<'_>, asset: AssetId, net: Balance) -> Result<(), LedgerError> {
    let held = supply(state, asset)?;
    let after = i128::from(held.0) + net.0;
    if after < 0 {
        return Err(RuleError::TurnstileEmpty { asset, held }.into());
    }
    match u64::try_from(after) {
        Ok(0) => state.delete(SUPPLY, &asset.to_le_bytes()),
        Ok(after) => state.put(SUPPLY, &asset.to_le_bytes(), &after.to_le_bytes()),
        Err(_) => return Err(RuleError::TurnstileOverflow { asset, held }.into()),
    }
    Ok(())
}
