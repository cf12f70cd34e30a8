//! Fitting an action into a shape: the cheapest one that holds it.

use std::collections::BTreeMap;

use louver_core::{
    asset::AssetId,
    note::NoteCommitment,
    pool::RulesVersion,
    shape::Shape,
    transaction::{Fee, Payment, PublicSide, TransparentAccount},
    value::Value,
};

use super::{
    FeeChoice, PlanError, Quantity, Unspendable,
    attempts::Attempts,
    selection::{fewest, select, select_with},
    validity::Validity,
};
use crate::{chain::ChainParameters, note::NoteSummary};

mod consolidation;
mod fee;

/// The shapes, the cheapest to prove first.
pub(super) const BY_COST: [Shape; 6] = [
    Shape::TwoByThree,
    Shape::AuditedTwoByThree,
    Shape::TwoBySixteen,
    Shape::AuditedTwoBySixteen,
    Shape::FourByFour,
    Shape::EightByThree,
];

/// The account's means to fit an action.
pub(super) struct Draft<'a> {
    pub(super) chain: &'a ChainParameters,
    validity: &'a Validity,
    notes: Vec<NoteSummary>,
    attempts: Attempts,
}

/// A fitted transaction.
pub(crate) struct Fitted {
    pub(crate) rules: RulesVersion,
    pub(crate) shape: Shape,
    /// The asset that moves; the fee may be in another.
    pub(crate) main: AssetId,
    pub(crate) spends: Vec<NoteSummary>,
    pub(crate) payments: Vec<Payment>,
    pub(crate) change: Vec<(AssetId, Value)>,
    pub(crate) side: PublicSide,
    pub(crate) fee: Fee,
    pub(crate) host_fee: Option<(AssetId, Value)>,
}

/// The payments and movements of an action, and the choice of fee.
#[derive(Clone, Copy)]
pub(super) struct Task<'p> {
    pub(super) payments: &'p [Payment],
    pub(super) side: PublicSide,
    pub(super) choice: FeeChoice,
}

impl Task<'_> {
    /// How much of each asset leaves the account, without the fee.
    fn moved(&self) -> BTreeMap<AssetId, u128> {
        let withdrawn = match self.side {
            PublicSide::Withdrawal { asset, amount, .. } => Some((asset, amount)),
            _ => None,
        };
        let mut moved = BTreeMap::new();
        for (asset, value) in
            self.payments.iter().map(|payment| (payment.asset, payment.value)).chain(withdrawn)
        {
            *moved.entry(asset).or_default() += u128::from(value.0);
        }
        moved
    }
}

/// Notes that reach an amount, and the remainder.
struct Choice {
    notes: Vec<NoteSummary>,
    change: Option<(AssetId, Value)>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(
        chain: &'a ChainParameters,
        validity: &'a Validity,
        notes: Vec<NoteSummary>,
        attempts: Attempts,
    ) -> Self {
        Self { chain, validity, notes, attempts }
    }

    pub(super) fn pay(&self, payments: &[Payment], fee: FeeChoice) -> Result<Fitted, PlanError> {
        if payments.is_empty() || payments.iter().any(|payment| payment.value == Value::ZERO) {
            return Err(PlanError::Nothing);
        }
        for payment in payments {
            self.registered(payment.asset)?;
        }
        self.fit(Task { payments, side: PublicSide::Internal, choice: fee })
    }

    pub(super) fn withdraw(
        &self,
        recipient: TransparentAccount,
        asset: AssetId,
        value: Quantity,
        fee: FeeChoice,
    ) -> Result<Fitted, PlanError> {
        let side = |amount| PublicSide::Withdrawal { asset, amount, recipient };
        match value {
            Quantity::Exactly(Value::ZERO) => Err(PlanError::Nothing),
            Quantity::Exactly(value) => {
                self.registered(asset)?;
                self.fit(Task { payments: &[], side: side(value), choice: fee })
            }
            Quantity::All => {
                self.registered(asset)?;
                let (shape, rules, value) = self.everything(asset, fee)?;
                self.fit_shape(shape, rules, &[], Task { payments: &[], side: side(value), choice: fee })
            }
        }
    }

    pub(super) fn shield(&self, payer: TransparentAccount, payment: Payment) -> Result<Fitted, PlanError> {
        if payment.value == Value::ZERO {
            return Err(PlanError::Nothing);
        }
        self.registered(payment.asset)?;
        let shape = self.smallest();
        Ok(Fitted {
            rules: self.rules(shape).ok_or(PlanError::NoRules)?,
            shape,
            main: payment.asset,
            spends: Vec::new(),
            change: Vec::new(),
            side: PublicSide::Deposit { asset: payment.asset, amount: payment.value, payer },
            fee: Fee::NONE,
            host_fee: self.chain.genesis.deposit_fee(payment.asset, shape),
            payments: vec![payment],
        })
    }

    /// Fits a task with a note of the attempts before, or else without.
    fn fit(&self, task: Task<'_>) -> Result<Fitted, PlanError> {
        let moved = task.moved();
        // Whichever asset is the main one, an attempt spent notes of it.
        let shared: Vec<NoteCommitment> = moved
            .keys()
            .flat_map(|asset| {
                let notes = self.of(*asset);
                let shared = self.attempts.shared(&notes, task.payments, task.side);
                shared.into_iter().map(move |index| notes[index].commitment)
            })
            .collect();
        match self.fit_with(&shared, task) {
            // An attempt that can still be mined has to be excluded.
            Err(PlanError::InsufficientFunds { .. } | PlanError::TooFragmented { .. })
                if let Some(until) = self.attempts.binding(task.payments, task.side) =>
            {
                Err(PlanError::EarlierAttempt { until })
            }
            Err(_) if !shared.is_empty() => self.fit_with(&[], task),
            fitted => fitted,
        }
    }

    /// Tries the shapes from the cheapest on. If none fits, it returns a reason that the owner can do something about,
    /// if there is one. If any of the notes of the main asset is `shared`, one of those is spent.
    fn fit_with(&self, shared: &[NoteCommitment], task: Task<'_>) -> Result<Fitted, PlanError> {
        let mut reason = PlanError::NoRules;
        for shape in BY_COST {
            let Some(rules) = self.rules(shape) else { continue };
            match self.fit_shape(shape, rules, shared, task) {
                Ok(fitted) => return Ok(fitted),
                Err(error) if tells_more(&error, &reason) => reason = error,
                Err(_) => {}
            }
        }
        Err(reason)
    }

    pub(super) fn fit_shape(
        &self,
        shape: Shape,
        rules: RulesVersion,
        shared: &[NoteCommitment],
        task: Task<'_>,
    ) -> Result<Fitted, PlanError> {
        let Task { payments, side, choice } = task;
        let moved = task.moved();
        let fee = self.fee(choice, &moved, shape)?;
        let (main, needs) = needs(&moved, fee)?;
        if payments.len() > shape.outputs() {
            return Err(PlanError::TooManyPayments { payments: payments.len() });
        }
        let mut spends = Vec::new();
        let mut change = Vec::new();
        for (asset, amount) in needs {
            // One note of the attempts before is enough.
            let shared = if spends.is_empty() { shared } else { &[] };
            let chosen = self.choose(asset, amount, shape.inputs(), shared)?;
            spends.extend(chosen.notes);
            change.extend(chosen.change);
        }
        if spends.len() > shape.inputs() {
            return Err(PlanError::TooFragmented { notes: spends.len(), most: shape.inputs() });
        }
        if payments.len() + change.len() > shape.outputs() {
            return Err(PlanError::TooManyPayments { payments: payments.len() });
        }
        self.clean_up(shape, main, moved.get(&main).copied().unwrap_or_default(), &mut spends, &mut change);
        let payments = payments.to_vec();
        Ok(Fitted { rules, shape, main, spends, payments, change, side, fee, host_fee: None })
    }

    /// `[wallet-spends]`: fills spare inputs with small notes of the main asset, if there is change of it to add them
    /// to. Dummies would take these inputs otherwise: it costs nothing, and nobody sees it.
    fn clean_up(
        &self,
        shape: Shape,
        main: AssetId,
        moved: u128,
        spends: &mut Vec<NoteSummary>,
        change: &mut [(AssetId, Value)],
    ) {
        let Some((_, rest)) = change.iter_mut().find(|(asset, _)| *asset == main) else { return };
        let mut small = self.of(main);
        small.retain(|note| {
            u128::from(note.value.0) < moved
                && !spends.iter().any(|spent| spent.commitment == note.commitment)
        });
        small.sort_by_key(|note| note.value);
        // A younger note would show a younger anchor.
        let anchor = self.validity.anchor_of(spends);
        for note in small {
            if spends.len() == shape.inputs() {
                return;
            }
            if note.height <= anchor
                && let Some(sum) = rest.checked_add(note.value)
            {
                *rest = sum;
                spends.push(note);
            }
        }
    }

    /// Notes of an asset that reach an amount, and the change if there is any. If any are `shared`, one of those is
    /// among them.
    fn choose(
        &self,
        asset: AssetId,
        amount: u128,
        most: usize,
        shared: &[NoteCommitment],
    ) -> Result<Choice, PlanError> {
        let notes = self.of(asset);
        let is_shared = |index: &usize| shared.contains(&notes[*index].commitment);
        let shared: Vec<usize> = (0..notes.len()).filter(is_shared).collect();
        let values: Vec<u64> = notes.iter().map(|note| note.value.0).collect();
        let chosen = match shared.as_slice() {
            [] => select(&values, amount, most),
            shared => select_with(&values, shared, amount, most),
        };
        let Some(chosen) = chosen else {
            let spendable = values.iter().map(|value| u128::from(*value)).sum();
            return Err(match fewest(&values, amount) {
                Some(notes) => PlanError::TooFragmented { notes, most },
                None => insufficient(asset, amount, spendable),
            });
        };
        let sum: u128 = chosen.iter().map(|index| u128::from(values[*index])).sum();
        // The change is less than one of the chosen notes, so it has 64 bits.
        let rest = u64::try_from(sum - amount).ok().filter(|rest| *rest > 0);
        let notes = chosen.into_iter().map(|index| notes[index]).collect();
        Ok(Choice { notes, change: rest.map(|rest| (asset, Value(rest))) })
    }

    pub(super) fn registered(&self, asset: AssetId) -> Result<(), PlanError> {
        match self.chain.asset(asset) {
            Some(_) => Ok(()),
            None => Err(PlanError::UnknownAsset(asset)),
        }
    }

    /// The smallest shape of the chain's pool.
    pub(super) fn smallest(&self) -> Shape {
        self.chain.genesis.pool_kind().shapes()[0]
    }

    pub(super) fn rules(&self, shape: Shape) -> Option<RulesVersion> {
        self.chain.rules(self.validity.next, shape).map(|rules| rules.version)
    }

    pub(super) fn of(&self, asset: AssetId) -> Vec<NoteSummary> {
        self.notes.iter().filter(|note| note.asset == asset).cloned().collect()
    }
}

/// The main asset, and the amount of each asset that the inputs have to bring, with the main asset first. If there are
/// two assets, one is the fee's.
fn needs(moved: &BTreeMap<AssetId, u128>, fee: Fee) -> Result<(AssetId, Vec<(AssetId, u128)>), PlanError> {
    let mut others = moved.keys().filter(|asset| **asset != fee.asset());
    let main = others.next().or(moved.keys().next()).copied().ok_or(PlanError::Nothing)?;
    if others.next().is_some() {
        return Err(PlanError::TooManyAssets);
    }
    let mut needs = moved.clone();
    if fee.amount() != Value::ZERO {
        *needs.entry(fee.asset()).or_default() += u128::from(fee.amount().0);
    }
    let mut needs: Vec<_> = needs.into_iter().collect();
    needs.sort_by_key(|(asset, _)| *asset != main);
    Ok((main, needs))
}

/// The missing amount. The wallet adds why the account cannot spend more.
pub(super) fn insufficient(asset: AssetId, needed: u128, spendable: u128) -> PlanError {
    let missing = needed.saturating_sub(spendable);
    PlanError::InsufficientFunds { asset, needed, spendable, missing, unspendable: Unspendable::default() }
}

/// Chooses between the reasons of two shapes: the one that holds for the wider choice, or else the cheaper shape's.
fn tells_more(error: &PlanError, reason: &PlanError) -> bool {
    use PlanError::TooFragmented;
    match (error, reason) {
        (TooFragmented { most: wide, .. }, TooFragmented { most, .. }) => wide > most,
        _ => rank(error) > rank(reason),
    }
}

fn rank(error: &PlanError) -> u8 {
    match error {
        PlanError::NoRules | PlanError::SwitchedOff(_) => 0,
        PlanError::TooManyPayments { .. } => 1,
        PlanError::InsufficientFunds { .. } => 2,
        PlanError::TooFragmented { .. } => 3,
        _ => 4,
    }
}
