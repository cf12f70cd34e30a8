//! Moving everything: out of an account, or out of a transparent account into the pool.

use std::collections::BTreeMap;

use louver_core::{
    address::Address,
    asset::AssetId,
    note::Memo,
    pool::RulesVersion,
    shape::Shape,
    transaction::{Payment, PublicSide},
    value::Value,
};

use super::{
    FeeChoice, PlanError, Quantity,
    fit::{BY_COST, Draft, Fitted, Task, insufficient},
};

impl Draft<'_> {
    /// Pays all that can be spent of an asset.
    pub(super) fn pay_all(
        &self,
        to: &Address,
        asset: AssetId,
        memo: &Memo,
        fee: FeeChoice,
    ) -> Result<Fitted, PlanError> {
        self.registered(asset)?;
        let (shape, rules, value) = self.everything(asset, fee)?;
        let payments = [Payment { to: *to, asset, value, memo: memo.clone() }];
        let task = Task { payments: &payments, side: PublicSide::Internal, choice: fee };
        self.fit_shape(shape, rules, &[], task)
    }

    /// Everything that can be spent of an asset in one transaction, less the fee if it is paid in that asset, and the
    /// cheapest shape that holds all the notes.
    pub(super) fn everything(
        &self,
        asset: AssetId,
        choice: FeeChoice,
    ) -> Result<(Shape, RulesVersion, Value), PlanError> {
        let notes = self.of(asset);
        let total: u128 = notes.iter().map(|note| u128::from(note.value.0)).sum();
        let moved = BTreeMap::from([(asset, 0)]);
        let mut reason = PlanError::NoRules;
        for shape in BY_COST {
            let Some(rules) = self.rules(shape) else { continue };
            let fee = self.fee(choice, &moved, shape)?;
            let is_own = fee.asset() == asset || fee.amount() == Value::ZERO;
            // A fee in another asset takes a note of its own, at least.
            let count = notes.len() + usize::from(!is_own);
            if count > shape.inputs() {
                reason = PlanError::TooFragmented { notes: count, most: shape.inputs() };
                continue;
            }
            let own_fee = if is_own { u128::from(fee.amount().0) } else { 0 };
            // The notes of one asset never exceed its supply, which has 64 bits.
            let rest = total.checked_sub(own_fee).and_then(|rest| u64::try_from(rest).ok());
            let rest =
                rest.filter(|rest| *rest > 0).ok_or_else(|| insufficient(asset, own_fee + 1, total))?;
            return Ok((shape, rules, Value(rest)));
        }
        Err(reason)
    }

    /// The amount that a deposit moves. The payer pays the pool's fee in addition, in the same asset or in another.
    pub(super) fn deposit(
        &self,
        asset: AssetId,
        value: Quantity,
        available: Option<&BTreeMap<AssetId, Value>>,
    ) -> Result<Value, PlanError> {
        let Some(available) = available else {
            return match value {
                Quantity::Exactly(value) => Ok(value),
                Quantity::All => Err(PlanError::BalanceUnknown),
            };
        };
        let held = |asset: AssetId| available.get(&asset).copied().unwrap_or_default();
        let fee = self.chain.genesis.deposit_fee(asset, Shape::TwoByThree);
        let fits = match fee {
            None => held(asset),
            Some((of, fee)) if of == asset => held(asset).checked_sub(fee).unwrap_or_default(),
            Some((of, fee)) if held(of) >= fee => held(asset),
            Some(_) => Value::ZERO,
        };
        let wanted = match value {
            Quantity::Exactly(value) => value,
            // If there is nothing, not even one unit can be moved.
            Quantity::All => Value(fits.0.max(1)),
        };
        if wanted <= fits {
            return Ok(wanted);
        }
        let deposit = asset;
        let refuse = |asset: AssetId, needed: u128| PlanError::TransparentFunds {
            asset,
            needed,
            available: held(asset),
            deposit,
            fits,
        };

        Err(match fee {
            Some((of, fee)) if of != asset && held(of) < fee => refuse(of, fee.0.into()),
            Some((of, fee)) if of == asset => refuse(asset, u128::from(wanted.0) + u128::from(fee.0)),
            _ => refuse(asset, wanted.0.into()),
        })
    }
}
