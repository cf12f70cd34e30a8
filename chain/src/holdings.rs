//! Holdings of accounts: balances by asset, operation counts, and how much of each asset was ever issued.

use louver_core::{
    asset::AssetId,
    ledger::GenesisBalance,
    store::{
        KeyRange, Overlay, StoreError, Table,
        record::{amount, asset_of, integer, set_amount},
    },
    value::Value,
};
use thiserror::Error;

use crate::account::Account;

/// account (32) || asset (7) -> amount (8, little-endian); no entry where it is 0.
pub(crate) const BALANCES: Table = Table("chain.balances");
/// account (32) -> count of operations (8, little-endian).
pub(crate) const NONCES: Table = Table("chain.nonces");
/// asset (7) -> amount (8, little-endian).
pub(crate) const ISSUED: Table = Table("chain.issued");

/// Why a balance does not change as asked.
#[derive(Debug, Error)]
pub enum HoldingsError {
    /// The account has too little.
    #[error("the account holds {balance} of asset {asset}, {needed} are needed")]
    InsufficientBalance {
        /// Which asset.
        asset: AssetId,
        /// The balance.
        balance: Value,
        /// The amount that was asked for.
        needed: Value,
    },
    /// More than 2^64 - 1 of an asset would have been issued, or held by one account.
    #[error("the amount of asset {asset} would pass 64 bits")]
    Overflow {
        /// Which asset.
        asset: AssetId,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The records of holdings that differ between the last block and a block in the making, for those who commit to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct HoldingChanges {
    /// The assets of which another amount was issued.
    pub(crate) issued: Vec<AssetId>,
    /// Balances and counts of operations: key and value as their tables have them.
    pub(crate) entries: Vec<Entry>,
}

/// A key of a map of the state, and its value; `None` where it has none.
pub(crate) type Entry = (Vec<u8>, Option<Vec<u8>>);

impl HoldingChanges {
    /// The changes that a state has over its store.
    pub(crate) fn of(state: &Overlay<'_>) -> Result<Self, StoreError> {
        let issued = state.changed(ISSUED)?;
        let (balances, nonces) = (state.changed(BALANCES)?, state.changed(NONCES)?);
        Ok(Self {
            issued: issued.iter().map(|change| asset_of(ISSUED, &change.key)).collect::<Result<_, _>>()?,
            entries: balances.into_iter().chain(nonces).map(|change| (change.key, change.after)).collect(),
        })
    }
}

/// The balance of `account` in `asset`.
pub fn balance(state: &Overlay<'_>, account: &Account, asset: AssetId) -> Result<Value, StoreError> {
    amount(state, BALANCES, &balance_key(account, asset))
}

/// All that `account` holds, by ascending bytes of the asset id.
///
/// # Errors
/// Any that reading the store has.
pub fn balances(state: &Overlay<'_>, account: &Account) -> Result<Vec<(AssetId, Value)>, StoreError> {
    balances_after(state, account, AssetId::NONE, usize::MAX)
}

/// The balances of `account` in the assets after one, by ascending bytes of the asset id, at most `limit`;
/// [`AssetId::NONE`] is before all of them.
///
/// # Errors
/// Any that reading the store has.
pub fn balances_after(
    state: &Overlay<'_>,
    account: &Account,
    asset: AssetId,
    limit: usize,
) -> Result<Vec<(AssetId, Value)>, StoreError> {
    let from = [balance_key(account, asset).as_slice(), &[0]].concat();
    let until = [account.0.as_slice(), &[0xff; 8]].concat();
    let range = KeyRange { from: &from, until: Some(&until), limit };
    state
        .scan(BALANCES, range)?
        .into_iter()
        .map(|(key, value)| {
            let asset = asset_of(BALANCES, key.get(32..).unwrap_or_default())?;
            Ok((asset, Value(integer(BALANCES, &value)?)))
        })
        .collect()
}

/// How many operations `account` has made: the nonce of its next one.
pub fn nonce(state: &Overlay<'_>, account: &Account) -> Result<u64, StoreError> {
    state.get(NONCES, &account.0)?.map_or(Ok(0), |bytes| integer(NONCES, &bytes))
}

/// How much of `asset` was ever issued, in the pool or out of it.
pub fn issued(state: &Overlay<'_>, asset: AssetId) -> Result<Value, StoreError> {
    amount(state, ISSUED, &asset.to_le_bytes())
}

/// Counts one operation of `account`.
pub(crate) fn advance_nonce(state: &mut Overlay<'_>, account: &Account) -> Result<(), StoreError> {
    let next = nonce(state, account)?.saturating_add(1);
    state.put(NONCES, &account.0, &next.to_le_bytes());
    Ok(())
}

/// Adds to a balance.
pub(crate) fn credit(
    state: &mut Overlay<'_>,
    account: &Account,
    asset: AssetId,
    by: Value,
) -> Result<(), HoldingsError> {
    change(state, account, asset, |held| held.checked_add(by).ok_or(HoldingsError::Overflow { asset }))
}

/// Takes from a balance.
pub(crate) fn debit(
    state: &mut Overlay<'_>,
    account: &Account,
    asset: AssetId,
    by: Value,
) -> Result<(), HoldingsError> {
    change(state, account, asset, |balance| {
        balance.checked_sub(by).ok_or(HoldingsError::InsufficientBalance { asset, balance, needed: by })
    })
}

/// Makes a balance another one.
fn change(
    state: &mut Overlay<'_>,
    account: &Account,
    asset: AssetId,
    to: impl FnOnce(Value) -> Result<Value, HoldingsError>,
) -> Result<(), HoldingsError> {
    let key = balance_key(account, asset);
    let value = to(amount(state, BALANCES, &key)?)?;
    set_amount(state, BALANCES, &key, value);
    Ok(())
}

/// Issues an amount to an account. All that was ever issued of an asset stays within 64 bits.
pub(crate) fn issue(
    state: &mut Overlay<'_>,
    to: &Account,
    asset: AssetId,
    by: Value,
) -> Result<(), HoldingsError> {
    let sum = issued(state, asset)?.checked_add(by).ok_or(HoldingsError::Overflow { asset })?;
    set_amount(state, ISSUED, &asset.to_le_bytes(), sum);
    credit(state, to, asset, by)
}

/// Credits the accounts that hold something from the start. All of it counts as issued.
pub(crate) fn begin(state: &mut Overlay<'_>, balances: &[GenesisBalance]) -> Result<(), StoreError> {
    for GenesisBalance { account, asset, amount } in balances {
        let account = Account::from(*account);
        issue(state, &account, *asset, *amount).map_err(|error| match error {
            HoldingsError::Store(error) => error,
            // A genesis whose balances pass 64 bits cannot be made, and nothing was issued before it.
            error => StoreError::Corrupt { detail: error.to_string() },
        })?;
    }
    Ok(())
}

pub(crate) fn balance_key(account: &Account, asset: AssetId) -> Vec<u8> {
    [account.0.as_slice(), &asset.to_le_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use louver_core::store::MemoryStore;

    use super::*;

    fn asset(id: u64) -> AssetId {
        AssetId::new(id).unwrap()
    }

    #[test]
    fn money_moves_and_is_never_made() {
        let store = MemoryStore::default();
        let mut state = Overlay::new(&store);
        let (alice, bob) = (Account([1; 32]), Account([0xff; 32]));
        issue(&mut state, &alice, asset(1), Value(10)).unwrap();
        issue(&mut state, &bob, asset(1), Value(1)).unwrap();
        issue(&mut state, &bob, asset((1 << 56) - 1), Value(5)).unwrap();
        debit(&mut state, &alice, asset(1), Value(4)).unwrap();
        credit(&mut state, &bob, asset(1), Value(4)).unwrap();
        assert_eq!(balances(&state, &alice).unwrap(), [(asset(1), Value(6))]);
        assert_eq!(balances(&state, &bob).unwrap(), [(asset(1), Value(5)), (asset((1 << 56) - 1), Value(5))]);
        assert_eq!(issued(&state, asset(1)).unwrap(), Value(11));
        let after = |of: AssetId, limit| balances_after(&state, &bob, of, limit).unwrap();
        assert_eq!(after(AssetId::NONE, 1), [(asset(1), Value(5))]);
        assert_eq!(after(asset(1), 9), [(asset((1 << 56) - 1), Value(5))]);
        assert_eq!(after(asset((1 << 56) - 1), 9), []);
    }

    /// Attacker: an account that spends what it has not, or that wraps a balance around.
    #[test]
    fn balances_stay_in_range() {
        let store = MemoryStore::default();
        let mut state = Overlay::new(&store);
        let alice = Account([1; 32]);
        issue(&mut state, &alice, asset(1), Value(u64::MAX)).unwrap();
        assert!(matches!(
            debit(&mut state, &alice, asset(2), Value(1)),
            Err(HoldingsError::InsufficientBalance { .. })
        ));
        assert!(matches!(
            issue(&mut state, &Account([2; 32]), asset(1), Value(1)),
            Err(HoldingsError::Overflow { .. })
        ));
        debit(&mut state, &alice, asset(1), Value(u64::MAX)).unwrap();
        assert_eq!(balances(&state, &alice).unwrap(), []);
    }
}
