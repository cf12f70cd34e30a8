//! The transparent side as the ledger asks for it: accounts pay into the pool and are paid out of it.

use louver_core::{
    asset::AssetId,
    audit::AuditorKey,
    encoding::Decode,
    ledger::{EnteredKey, Host, HostError, HostRefusal},
    store::{Overlay, StoreError, record::damaged},
    transaction::TransparentAccount,
    value::Value,
};

use crate::{
    account::Account,
    act::{self, Auditor},
    holdings::{self, HoldingsError},
};

/// Accounts and their balances, in the chain's own tables.
#[derive(Clone, Copy, Debug, Default)]
pub struct Accounts;

impl From<HoldingsError> for HostError {
    fn from(error: HoldingsError) -> Self {
        match error {
            HoldingsError::InsufficientBalance { balance, needed, .. } => {
                HostRefusal::InsufficientBalance { balance, needed }.into()
            }
            HoldingsError::Overflow { .. } => HostRefusal::Overflow.into(),
            HoldingsError::Store(error) => error.into(),
        }
    }
}

impl Host for Accounts {
    fn auditor(&self, state: &Overlay<'_>, number: u32) -> Result<Option<EnteredKey>, StoreError> {
        let entered = act::auditor(state, number)?;
        let key = |auditor: Auditor| {
            let key =
                AuditorKey::from_bytes(&auditor.key).map_err(|source| damaged(act::AUDITORS, source))?;
            Ok(EnteredKey { key, until: auditor.until })
        };
        entered.map(key).transpose()
    }

    fn debit(
        &self,
        state: &mut Overlay<'_>,
        account: &TransparentAccount,
        asset: AssetId,
        amount: Value,
    ) -> Result<(), HostError> {
        Ok(holdings::debit(state, &Account::from(*account), asset, amount)?)
    }

    fn credit(
        &self,
        state: &mut Overlay<'_>,
        account: &TransparentAccount,
        asset: AssetId,
        amount: Value,
    ) -> Result<(), HostError> {
        Ok(holdings::credit(state, &Account::from(*account), asset, amount)?)
    }

    /// The authorisation is a strict Ed25519 signature of the account over the message.
    fn authorize(
        &self,
        _: &Overlay<'_>,
        account: &TransparentAccount,
        message: &[u8; 32],
        authorization: &[u8],
    ) -> Result<(), HostError> {
        let signature: &[u8; 64] = authorization.try_into().map_err(|_| HostRefusal::Unauthorized)?;
        match Account::from(*account).verifies(message, signature) {
            true => Ok(()),
            false => Err(HostRefusal::Unauthorized.into()),
        }
    }
}
