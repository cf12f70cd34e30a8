//! Joining notes: many small notes become one.

use std::collections::BTreeMap;

use louver_core::{asset::AssetId, shape::Shape, transaction::PublicSide, value::Value};

use super::{Draft, Fitted, insufficient};
use crate::{
    note::NoteSummary,
    plan::{FeeChoice, PlanError},
};

impl Draft<'_> {
    /// Joins as many of the smallest notes as one transaction spends.
    pub(in crate::plan) fn consolidate(
        &self,
        asset: AssetId,
        choice: FeeChoice,
    ) -> Result<Fitted, PlanError> {
        self.registered(asset)?;
        let count = self.of(asset).len();
        if count < 2 {
            return Err(PlanError::NothingToConsolidate);
        }
        let moved = BTreeMap::from([(asset, 0)]);
        let mut fitting = None;
        for shape in [self.smallest(), Shape::FourByFour, Shape::EightByThree] {
            if self.rules(shape).is_none() {
                continue;
            }
            let fee = self.fee(choice, &moved, shape)?;
            // A fee in another asset takes a note of its own, at least.
            let is_other = fee.amount() != Value::ZERO && fee.asset() != asset;
            fitting = Some((shape, fee));
            if shape.inputs() >= count + usize::from(is_other) {
                break;
            }
        }
        let (shape, _) = fitting.ok_or(PlanError::NoRules)?;
        let mut notes = self.of(asset);
        notes.sort_by_key(|note| note.value);
        self.join_in(shape, asset, notes, choice, 1)
    }

    /// Joins notes of an asset, in the cheapest shape that spends all of them.
    pub(in crate::plan) fn join(
        &self,
        asset: AssetId,
        notes: Vec<NoteSummary>,
        choice: FeeChoice,
    ) -> Result<Fitted, PlanError> {
        for shape in [self.smallest(), Shape::FourByFour] {
            let fee = self.fee(choice, &BTreeMap::from([(asset, 0)]), shape)?;
            let is_other = fee.amount() != Value::ZERO && fee.asset() != asset;
            if self.rules(shape).is_some() && notes.len() + usize::from(is_other) <= shape.inputs() {
                return self.join_in(shape, asset, notes, choice, shape.outputs() - 1);
            }
        }
        let shape = Shape::EightByThree;
        self.join_in(shape, asset, notes, choice, shape.outputs() - 1)
    }

    /// Joins the first of `notes`, as many as a shape spends. The change of a fee in another asset returns in at most
    /// `parts` notes.
    fn join_in(
        &self,
        shape: Shape,
        asset: AssetId,
        mut notes: Vec<NoteSummary>,
        choice: FeeChoice,
        parts: usize,
    ) -> Result<Fitted, PlanError> {
        let rules = self.rules(shape).ok_or(PlanError::NoRules)?;
        let fee = self.fee(choice, &BTreeMap::from([(asset, 0)]), shape)?;
        let mut spends = Vec::new();
        let mut change = Vec::new();
        if fee.asset() != asset && fee.amount() != Value::ZERO {
            let chosen = self.choose(fee.asset(), fee.amount().0.into(), shape.inputs() - 2, &[])?;
            spends.extend(chosen.notes);
            if let Some((of, rest)) = chosen.change {
                let fees = Shape::PLAIN.map(|shape| self.chain.genesis.minimum_fee(of, shape));
                let dearest = fees.into_iter().flatten().max().unwrap_or_default();
                change.extend(parted(of, rest, dearest, parts));
            }
        }
        notes.truncate(shape.inputs() - spends.len());
        if notes.len() < 2 {
            return Err(PlanError::NothingToConsolidate);
        }
        let total: u128 = notes.iter().map(|note| u128::from(note.value.0)).sum();
        let own_fee = if fee.asset() == asset { u128::from(fee.amount().0) } else { 0 };
        // The notes of one asset never exceed its supply, which has 64 bits.
        let joined = total.checked_sub(own_fee).and_then(|joined| u64::try_from(joined).ok());
        let joined =
            joined.filter(|joined| *joined > 0).ok_or_else(|| insufficient(asset, own_fee + 1, total))?;
        spends.extend(notes);
        change.push((asset, Value(joined)));
        Ok(Fitted {
            rules,
            shape,
            main: asset,
            spends,
            payments: Vec::new(),
            change,
            side: PublicSide::Internal,
            fee,
            host_fee: None,
        })
    }
}

/// The change of a fee, in equal notes: as many as there is room for, each worth at least a fee. Transactions of one
/// round each pay a fee of their own.
fn parted(asset: AssetId, rest: Value, fee: Value, parts: usize) -> Vec<(AssetId, Value)> {
    let worth = rest.0.checked_div(fee.0).map_or(1, |worth| worth.clamp(1, parts as u64));
    let each = rest.0 / worth;
    let mut change = vec![(asset, Value(each)); usize::try_from(worth).unwrap_or(1)];
    change[0].1 = Value(rest.0 - each * (worth - 1));
    change
}
