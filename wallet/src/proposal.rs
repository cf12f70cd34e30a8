//! `[wallet-proposals]`: payments that take several transactions: more payees than one transaction has room for, or
//! more notes than one spends.
//!
//! A [`Proposal`] tells beforehand how many transactions there are, what they cost, and how many blocks they take. Once
//! it is begun, it is a [`Schedule`] in the store. The host asks for one transaction after the other
//! ([`Wallet::next_transaction`]), sends it, and reads blocks while the next one needs the change of those before. Only
//! the chain says which payments are made, so that a schedule continues wherever a program was stopped.

use std::collections::BTreeMap;

use louver_core::{
    address::Address,
    asset::AssetId,
    encoding::Encode,
    epoch::Epoch,
    note::NoteCommitment,
    shape::Shape,
    spec::Fr,
    transaction::{Fee, Payment},
    value::Value,
};

use crate::{
    account::AccountNumber,
    history::{self, OutputKind},
    note::{self, NoteSummary, SpendState},
    plan::{FeeChoice, Fitted, Next, PlanError, Rounds, Shortfall, Unspendable},
    wallet::Wallet,
};

mod schedule;

pub(crate) use schedule::Membership;
pub use schedule::{NextTransaction, Progress, Schedule, ScheduleId};

/// The transactions that several payments take, before anything is signed.
#[derive(Clone, Debug)]
pub struct Proposal {
    account: AccountNumber,
    payments: Vec<Payment>,
    fee: FeeChoice,
    rounds: Vec<Vec<Step>>,
    doubled: Vec<Doubled>,
}

/// A transaction of a [`Proposal`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The payments that it makes, by their places in the list; none if it joins notes that later ones spend.
    pub payments: Vec<usize>,
    /// How many notes it spends.
    pub notes_spent: usize,
    /// Its shape. Public.
    pub shape: Shape,
    /// Its fee. Public.
    pub fee: Fee,
    /// Whether the public can tell which asset moves.
    pub shows_asset: bool,
}

/// Payments of a list that are the same: somebody may be about to be paid twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubled {
    /// The payee.
    pub to: Address,
    /// The asset.
    pub asset: AssetId,
    /// The value of each of them.
    pub value: Value,
    /// Their places in the list, two at least.
    pub places: Vec<usize>,
}

impl Proposal {
    /// The account that pays.
    pub fn account(&self) -> AccountNumber {
        self.account
    }

    /// The payments, in the order in which they were given.
    pub fn payments(&self) -> &[Payment] {
        &self.payments
    }

    /// The transactions, by rounds. Those of one round can be in one block. Each round spends outputs of the rounds
    /// before, and takes one more block.
    pub fn rounds(&self) -> &[Vec<Step>] {
        &self.rounds
    }

    /// The sum of all fees, by asset.
    pub fn fees(&self) -> BTreeMap<AssetId, u128> {
        fees(&self.rounds)
    }

    /// The sum of all payments, by asset, without the fees.
    pub fn totals(&self) -> BTreeMap<AssetId, u128> {
        let mut totals = BTreeMap::new();
        for payment in &self.payments {
            *totals.entry(payment.asset).or_default() += u128::from(payment.value.0);
        }
        totals
    }

    /// The payments that are in the list more than once, with the same amount and address.
    pub fn doubled(&self) -> &[Doubled] {
        &self.doubled
    }
}

impl Wallet {
    /// Plans payments that may take several transactions, in as few rounds as the account's notes allow.
    ///
    /// If the wallet chooses the fee, all transactions pay it in one asset: in the pool's first fee asset, if the
    /// account can spend enough of it for all of them. Otherwise each pays it in the asset that it sends.
    ///
    /// # Errors
    /// As [`Wallet::plan`], for all payments together: what is missing is what the whole list needs beyond what is there.
    /// Nothing changes.
    pub fn propose(
        &self,
        number: AccountNumber,
        payments: Vec<Payment>,
        fee: FeeChoice,
    ) -> Result<Proposal, PlanError> {
        if payments.is_empty() {
            return Err(PlanError::Nothing);
        }
        self.account(number)?;
        let first = self.chain.genesis.terms().fees.first().map(|terms| FeeChoice::LeastIn(terms.asset));
        let all = || -> Result<_, PlanError> {
            let rounds = self.simulate(number, &payments, fee, &[]);
            Ok((fee, rounds.map_err(|error| self.in_all(number, &payments, fee, error))?))
        };
        let (fee, rounds) = match (fee, first) {
            (FeeChoice::Least, Some(first)) => match self.simulate(number, &payments, first, &[]) {
                Ok(rounds) => (first, rounds),
                Err(PlanError::InsufficientFunds { .. } | PlanError::TooManyAssets) => all()?,
                Err(error) => return Err(error),
            },
            _ => all()?,
        };
        let doubled = doubled(&payments);
        Ok(Proposal { account: number, payments, fee, rounds, doubled })
    }

    /// The notes that an account can spend, and those that come back to it.
    fn rounds(&self, number: AccountNumber, fee: FeeChoice) -> Result<Rounds, PlanError> {
        let overlay = self.overlay();
        let mut notes = note::of_account(&overlay, number)?;
        let anchor = self.anchor_height()?;
        notes.retain(|note| note.state == SpendState::Unspent);
        let (notes, mut coming): (Vec<_>, Vec<_>) = notes.into_iter().partition(|note| note.height <= anchor);
        let pending = history::pending(&overlay)?;
        let own = pending.iter().filter(|entry| entry.account == number);
        for output in own.flat_map(|entry| &entry.outputs).filter(|output| output.kind != OutputKind::Sent) {
            coming.push(NoteSummary {
                account: number,
                asset: output.asset,
                value: output.value,
                epoch: output.address.epoch(),
                commitment: output.commitment,
                height: anchor,
                state: SpendState::Unspent,
            });
        }
        Ok(Rounds { number, fee, notes, coming })
    }

    /// The error about all payments together, in place of the one about the payment at which the money ran out.
    pub(crate) fn in_all(
        &self,
        number: AccountNumber,
        payments: &[Payment],
        fee: FeeChoice,
        error: PlanError,
    ) -> PlanError {
        let PlanError::InsufficientFunds { .. } = error else { return error };
        match self.shortfalls(number, payments, fee) {
            Ok(short) => match short.as_slice() {
                [] => error,
                [Shortfall { asset, needed, spendable, missing, unspendable }] => {
                    PlanError::InsufficientFunds {
                        asset: *asset,
                        needed: *needed,
                        spendable: *spendable,
                        missing: *missing,
                        unspendable: *unspendable,
                    }
                }
                _ => PlanError::SeveralShort(short),
            },
            // Something else is in the way of these payments too.
            Err(PlanError::InsufficientFunds { .. }) => error,
            Err(other) => other,
        }
    }

    /// The amounts that the account lacks for all payments, by asset. Their fees are those of an account that has enough in one note.
    fn shortfalls(
        &self,
        number: AccountNumber,
        payments: &[Payment],
        fee: FeeChoice,
    ) -> Result<Vec<Shortfall>, PlanError> {
        let mut lent: Vec<NoteSummary> = Vec::new();
        let rounds = loop {
            match self.simulate(number, payments, fee, &lent) {
                Err(PlanError::InsufficientFunds { asset, .. })
                    if lent.iter().all(|note| note.asset != asset) =>
                {
                    lent.push(NoteSummary {
                        account: number,
                        asset,
                        value: Value(u64::MAX / 2),
                        epoch: Epoch(0),
                        commitment: NoteCommitment::from_scalar(-Fr::from(1 + lent.len() as u64)),
                        height: 0,
                        state: SpendState::Unspent,
                    });
                }
                rounds => break rounds?,
            }
        };
        let mut needed = fees(&rounds);
        for payment in payments {
            *needed.entry(payment.asset).or_default() += u128::from(payment.value.0);
        }
        let held = self.balance(number)?;
        let mut short = Vec::new();
        for (asset, needed) in needed {
            let held = held.get(&asset).copied().unwrap_or_default();
            if needed > held.total() {
                let missing = needed - held.spendable;
                let unspendable = Unspendable { immature: held.immature, pending: held.pending, newer: 0 };
                short.push(Shortfall { asset, needed, spendable: held.spendable, missing, unspendable });
            }
        }
        Ok(short)
    }

    /// Goes through all rounds with what the account holds now, and with notes that are `lent` to it.
    fn simulate(
        &self,
        number: AccountNumber,
        payments: &[Payment],
        fee: FeeChoice,
        lent: &[NoteSummary],
    ) -> Result<Vec<Vec<Step>>, PlanError> {
        let mut state = self.rounds(number, fee)?;
        state.notes.extend_from_slice(lent);
        let mut remaining: Vec<(usize, Payment)> = payments.iter().cloned().enumerate().collect();
        let mut rounds = Vec::new();
        let mut round = Vec::new();
        let mut made = 0u64;
        while !remaining.is_empty() {
            let (fitted, paid, epoch) = match state.next(self, &remaining)? {
                Next::Wait => {
                    if round.is_empty() && !rounds.is_empty() {
                        return Err(PlanError::NoRules);
                    }
                    rounds.push(core::mem::take(&mut round));
                    state.notes.append(&mut state.coming);
                    continue;
                }
                Next::Join { fitted, validity } => (fitted, Vec::new(), validity.epoch),
                Next::Pay { fitted, validity, payments } => (fitted, payments, validity.epoch),
            };
            let Fitted { shape, spends, change, .. } = &fitted;
            state.notes.retain(|note| spends.iter().all(|spent| spent.commitment != note.commitment));
            for (asset, value) in change {
                made += 1;
                state.coming.push(NoteSummary {
                    account: number,
                    asset: *asset,
                    value: *value,
                    epoch,
                    // The note does not exist yet: any commitment that no other note has will do.
                    commitment: NoteCommitment::from_scalar(Fr::from(made)),
                    height: 0,
                    state: SpendState::Unspent,
                });
            }
            remaining.retain(|(place, _)| !paid.contains(place));
            let (shape, notes_spent) = (*shape, spends.len());
            let shows_asset = self.shows_asset(&fitted);
            round.push(Step { payments: paid, notes_spent, shape, fee: fitted.fee, shows_asset });
        }
        rounds.push(round);
        // Waiting for earlier transactions of the account does not count as a round.
        rounds.retain(|round| !round.is_empty());
        Ok(rounds)
    }
}

/// The sum of all fees, by asset.
fn fees(rounds: &[Vec<Step>]) -> BTreeMap<AssetId, u128> {
    let mut fees = BTreeMap::new();
    for step in rounds.iter().flatten().filter(|step| step.fee.amount() != Value::ZERO) {
        *fees.entry(step.fee.asset()).or_default() += u128::from(step.fee.amount().0);
    }
    fees
}

/// The payments that are the same as others.
fn doubled(payments: &[Payment]) -> Vec<Doubled> {
    let mut same = BTreeMap::<Vec<u8>, Vec<usize>>::new();
    for (place, payment) in payments.iter().enumerate() {
        let mut key = payment.to.to_bytes();
        payment.asset.encode(&mut key);
        payment.value.encode(&mut key);
        same.entry(key).or_default().push(place);
    }
    let mut doubled: Vec<Doubled> = same
        .into_values()
        .filter(|places| places.len() > 1)
        .map(|places| {
            let Payment { to, asset, value, .. } = payments[places[0]];
            Doubled { to, asset, value, places }
        })
        .collect();
    doubled.sort_by_key(|doubled| doubled.places[0]);
    doubled
}
