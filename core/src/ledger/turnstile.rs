//! `[turnstile]`: the pool's holdings of each asset, counted at its border.
//!
//! Whatever may be wrong with a proof, no more of an asset leaves the pool than went in.

use super::rules::RuleError;
use crate::{
    asset::AssetId,
    ledger::LedgerError,
    store::{
        KeyRange, Overlay, StoreError, Table,
        record::{amount, asset_of, integer, set_amount},
    },
    value::{Balance, Value},
};

/// asset (7, little-endian) -> amount (8, little-endian); no entry where it is 0.
pub(super) const SUPPLY: Table = Table("ledger.supply");

/// How much of an asset is in the pool.
pub fn supply(state: &Overlay<'_>, asset: AssetId) -> Result<Value, StoreError> {
    amount(state, SUPPLY, &asset.to_le_bytes())
}

/// The pool's holdings of every asset that it holds, by ascending id.
pub fn supplies(state: &Overlay<'_>) -> Result<Vec<(AssetId, Value)>, StoreError> {
    let mut supplies = state
        .scan(SUPPLY, KeyRange::ALL)?
        .into_iter()
        .map(|(key, amount)| Ok((asset_of(SUPPLY, &key)?, Value(integer(SUPPLY, &amount)?))))
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
    let after = u64::try_from(after).map_err(|_| RuleError::TurnstileOverflow { asset, held })?;
    set_amount(state, SUPPLY, &asset.to_le_bytes(), Value(after));
    Ok(())
}
