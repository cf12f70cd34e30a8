//! The payments of a wallet beside a record of the travel rule.

use std::sync::Arc;

use louver_client::travel_rule::seen;
use louver_wallet::account::AccountNumber;

use super::Wallet;
use crate::{NodeError, TravelRuleError, TravelRuleRecord, TravelRuleReport, WalletError};

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Wallet {
    /// Finds the payment that a record of the travel rule is about, among those that an account has made and received. The record
    /// belongs to a payment if the payment's memo has the record's hash, and address, asset and amount are equal. Synchronise
    /// first.
    pub async fn travel_rule(
        &self,
        account: u32,
        record: Arc<TravelRuleRecord>,
    ) -> Result<TravelRuleReport, TravelRuleError> {
        let account = AccountNumber(account);
        let history = self.0.with(move |engine| engine.history(account)).await.map_err(WalletError::from)?;
        let seen: Vec<_> = history.iter().flat_map(seen).collect();
        let connection = self.0.node.connection();
        let learnt = connection.learn_assets([record.asset()]).await;
        learnt.map_err(|error| WalletError::from(NodeError::from(error)))?;
        let genesis = self.0.node.genesis();
        record.report((&genesis.hash(), genesis.terms().pool), &seen, &connection.assets())
    }
}
