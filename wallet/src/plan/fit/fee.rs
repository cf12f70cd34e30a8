//! `[wallet-fees]`: the fee of a transaction, and the asset that pays it.

use std::collections::BTreeMap;

use louver_core::{asset::AssetId, shape::Shape, transaction::Fee, value::Value};

use super::Draft;
use crate::plan::{FeeChoice, PlanError};

impl Draft<'_> {
    /// The fee of a transaction of a shape that moves these amounts.
    pub(in crate::plan) fn fee(
        &self,
        choice: FeeChoice,
        moved: &BTreeMap<AssetId, u128>,
        shape: Shape,
    ) -> Result<Fee, PlanError> {
        let genesis = &self.chain.genesis;
        let least = |asset| genesis.minimum_fee(asset, shape).ok_or(PlanError::FeeAsset(asset));
        let (asset, amount) = match choice {
            FeeChoice::Least if genesis.is_free(shape) => return Ok(Fee::NONE),
            FeeChoice::Least => {
                let asset = self.fee_asset(moved, shape);
                (asset, least(asset)?)
            }
            FeeChoice::LeastIn(asset) => (asset, least(asset)?),
            FeeChoice::Exactly { value: Value::ZERO, .. } if genesis.is_free(shape) => return Ok(Fee::NONE),
            FeeChoice::Exactly { asset, value } => match least(asset)? {
                least if value < least => return Err(PlanError::FeeTooLow { asset, given: value, least }),
                _ => (asset, value),
            },
        };
        self.registered(asset)?;
        // A fee of zero in an asset that the pool does not take means that there is no fee.
        Ok(Fee::new(asset, amount).unwrap_or(Fee::NONE))
    }

    /// `[wallet-fees]`: the asset that the least fee is paid in.
    fn fee_asset(&self, moved: &BTreeMap<AssetId, u128>, shape: Shape) -> AssetId {
        let genesis = &self.chain.genesis;
        let Some(first) = genesis.terms().fees.first() else { return AssetId::NONE };
        let held: u128 = self
            .notes
            .iter()
            .filter(|note| note.asset == first.asset)
            .map(|note| u128::from(note.value.0))
            .sum();
        let needed =
            moved.get(&first.asset).copied().unwrap_or_default() + u128::from(first.minimum(shape).0);
        let others = moved.keys().filter(|asset| **asset != first.asset).count();
        if held >= needed && others <= 1 {
            return first.asset;
        }
        let is_taken = |asset: &&AssetId| genesis.minimum_fee(**asset, shape).is_some();
        moved.keys().find(|asset| **asset != first.asset && is_taken(asset)).copied().unwrap_or(first.asset)
    }
}
