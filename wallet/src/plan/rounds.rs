//! `[wallet-proposals]`: the next of several transactions. It makes the payments that fit, or joins notes for later
//! ones.

use louver_core::{asset::AssetId, shape::Shape, transaction::Payment, value::Value};

use super::{
    Action, FeeChoice, PlanError,
    attempts::Attempts,
    fit::{Draft, Fitted},
    selection::fewest,
    validity::Validity,
};
use crate::{account::AccountNumber, note::NoteSummary, wallet::Wallet};

/// The notes that an account can spend now, and those that its waiting transactions bring.
pub(crate) struct Rounds {
    pub(crate) number: AccountNumber,
    pub(crate) fee: FeeChoice,
    pub(crate) notes: Vec<NoteSummary>,
    pub(crate) coming: Vec<NoteSummary>,
}

/// The next step.
pub(crate) enum Next {
    /// Make these payments, by their places.
    Pay { fitted: Fitted, validity: Validity, payments: Vec<usize> },
    /// Join notes, so that later transactions can make payments.
    Join { fitted: Fitted, validity: Validity },
    /// Nothing, until waiting transactions are mined.
    Wait,
}

/// The result of trying to put payments into one transaction.
enum Outcome {
    Next(Next),
    /// Fewer payments may do.
    Fewer(PlanError),
}

impl Rounds {
    /// The next step for the first of the remaining payments, and for as many others as fit with it.
    pub(crate) fn next(&self, wallet: &Wallet, remaining: &[(usize, Payment)]) -> Result<Next, PlanError> {
        let Some((_, first)) = remaining.first() else { return Err(PlanError::Nothing) };
        let alike: Vec<&(usize, Payment)> = remaining
            .iter()
            .filter(|(_, payment)| payment.asset == first.asset && payment.to.epoch() == first.to.epoch())
            .collect();
        let mut count = alike.len().min(Shape::TwoBySixteen.outputs());
        loop {
            let chunk: Vec<Payment> = alike[..count].iter().map(|(_, payment)| payment.clone()).collect();
            let places = alike[..count].iter().map(|(place, _)| *place).collect();
            match self.attempt(wallet, chunk, places)? {
                Outcome::Next(next) => return Ok(next),
                Outcome::Fewer(error) if count == 1 => return Err(error),
                Outcome::Fewer(PlanError::TooManyPayments { .. }) => count -= 1,
                Outcome::Fewer(_) => count = count.div_ceil(2),
            }
        }
    }

    fn attempt(
        &self,
        wallet: &Wallet,
        payments: Vec<Payment>,
        places: Vec<usize>,
    ) -> Result<Outcome, PlanError> {
        let asset = payments[0].asset;
        let amount: u128 = payments.iter().map(|payment| u128::from(payment.value.0)).sum();
        let action = Action::Pay { payments, fee: self.fee };
        let validity = wallet.validity(&action, None)?;
        let Action::Pay { payments, fee } = action else { return Err(PlanError::Nothing) };
        let mut notes = self.notes.clone();
        notes.retain(|note| note.epoch <= validity.epoch);
        let attempts = Attempts::of(wallet, self.number, validity.next)?;
        let draft = Draft::new(wallet.chain(), &validity, notes, attempts);
        let error = match draft.pay(&payments, fee) {
            Ok(fitted) => {
                return Ok(Outcome::Next(Next::Pay { fitted, validity, payments: places }));
            }
            Err(error @ (PlanError::TooFragmented { .. } | PlanError::InsufficientFunds { .. })) => error,
            Err(error @ PlanError::TooManyPayments { .. }) => return Ok(Outcome::Fewer(error)),
            Err(error) => return Err(error),
        };
        if let PlanError::InsufficientFunds { asset: missing, .. } = &error
            && *missing != asset
        {
            // The fee's asset is missing: its change comes back.
            return Ok(match self.coming.iter().any(|note| note.asset == *missing) {
                true => Outcome::Next(Next::Wait),
                false => Outcome::Fewer(error),
            });
        }
        // The notes that the payments need, among those that are there and those that come.
        let of_asset = |note: &&NoteSummary| note.asset == asset && note.epoch <= validity.epoch;
        let mut all: Vec<&NoteSummary> = self.notes.iter().chain(&self.coming).filter(of_asset).collect();
        all.sort_by_key(|note| core::cmp::Reverse(note.value));
        let (shape, is_own) = match draft.widest(payments.len(), asset, fee) {
            Err(error @ PlanError::TooManyPayments { .. }) => return Ok(Outcome::Fewer(error)),
            widest => widest?,
        };
        let own_fee = if is_own { u128::from(draft.least(asset, fee, shape)?.0) } else { 0 };
        let values: Vec<u64> = all.iter().map(|note| note.value.0).collect();
        let Some(needed) = fewest(&values, amount + own_fee) else {
            return Ok(Outcome::Fewer(error));
        };
        let room = shape.inputs() - usize::from(!is_own);
        let excess = needed.saturating_sub(room);
        let there = |note: &&&NoteSummary| self.notes.iter().any(|held| held.commitment == note.commitment);
        let mut joined: Vec<NoteSummary> =
            all[..needed].iter().rev().filter(there).map(|note| **note).collect();
        joined.truncate((excess + 1).min(Shape::EightByThree.inputs() - usize::from(!is_own)));
        if excess == 0 || joined.len() < 2 {
            return Ok(match self.coming.iter().any(|note| note.asset == asset) {
                true => Outcome::Next(Next::Wait),
                false => Outcome::Fewer(error),
            });
        }
        match draft.join(asset, joined, fee) {
            Ok(fitted) => Ok(Outcome::Next(Next::Join { fitted, validity })),
            // The fee's own change comes back first.
            Err(PlanError::InsufficientFunds { asset: missing, .. })
                if self.coming.iter().any(|note| note.asset == missing) =>
            {
                Ok(Outcome::Next(Next::Wait))
            }
            Err(error) => Err(error),
        }
    }
}

impl Draft<'_> {
    /// The shape that spends the most notes for this number of payments and their change, and whether the fee is paid
    /// in the asset.
    fn widest(&self, payments: usize, asset: AssetId, choice: FeeChoice) -> Result<(Shape, bool), PlanError> {
        let mut widest = None;
        for shape in Shape::ALL {
            if self.rules(shape).is_none() {
                continue;
            }
            let fee = self.fee(choice, &[(asset, 0)].into(), shape)?;
            let is_own = fee.asset() == asset || fee.amount() == Value::ZERO;
            let outputs = payments + 1 + usize::from(!is_own);
            if outputs <= shape.outputs()
                && widest.is_none_or(|(widest, _): (Shape, bool)| shape.inputs() > widest.inputs())
            {
                widest = Some((shape, is_own));
            }
        }
        widest.ok_or(PlanError::TooManyPayments { payments })
    }

    /// The fee of a shape.
    fn least(&self, asset: AssetId, choice: FeeChoice, shape: Shape) -> Result<Value, PlanError> {
        Ok(self.fee(choice, &[(asset, 0)].into(), shape)?.amount())
    }
}
