//! `[book-accounts]`: the accounts of a book, from its openings alone. Nothing here reads a file or a ledger: every entry was
//! checked before.

use std::collections::{BTreeMap, HashMap, HashSet};

use louver_core::{
    asset::AssetId,
    epoch::{Epoch, EpochRange},
    note::{NoteCommitment, Nullifier},
    transaction::{Fee, PublicSide},
    value::Value,
};

/// A note that is opened. No two notes on the ledger have one commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Opened {
    pub(super) commitment: NoteCommitment,
    /// The first nullifier of the transaction that made it.
    pub(super) rho: Nullifier,
    /// The epoch that this transaction declares.
    pub(super) epoch: Epoch,
    pub(super) asset: AssetId,
    pub(super) value: Value,
}

/// A transaction that the account made, opened whole.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) inputs: Vec<Opened>,
    pub(super) own: Vec<Opened>,
    /// The outputs that the account calls paid, each with its index.
    pub(super) paid: Vec<(u8, Opened)>,
    pub(super) public: PublicSide,
    pub(super) fee: Fee,
    /// The fee that the payer of a deposit paid on the host's side.
    pub(super) host_fee: Option<(AssetId, Value)>,
}

/// Everything that the accounts are made of.
#[derive(Clone, Debug)]
pub(super) struct Entries {
    pub(super) epochs: EpochRange,
    /// The opened transactions, in the order of the ledger.
    pub(super) made: Vec<Made>,
    /// Notes that came from other accounts.
    pub(super) receipts: Vec<Opened>,
    /// Notes from before that the book lists, each with whether a proof shows that it was not spent before.
    pub(super) opening: Vec<(Opened, bool)>,
    /// The first nullifier of each transaction of the account that is not opened, as its bytes.
    pub(super) unopened: HashSet<[u8; 32]>,
    /// The book before, if there is one that ends where this one begins.
    pub(super) before: Option<Carried>,
}

/// The part that a book hands on to the next.
#[derive(Clone, Debug, Default)]
pub(super) struct Carried {
    /// The closing notes; `None` if no closing balance is stated.
    pub(super) closing: Option<Vec<Opened>>,
    /// Every output that the account ever called paid.
    pub(super) paid: HashMap<NoteCommitment, Opened>,
}

/// The sums of one asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) opening: u128,
    pub(super) received: u128,
    pub(super) deposits: u128,
    /// The sum that was spent and came from nowhere that the book shows.
    pub(super) unexplained: u128,
    pub(super) paid: u128,
    pub(super) withdrawn: u128,
    pub(super) fees: u128,
    pub(super) host_fees: u128,
    pub(super) closing: u128,
}

impl Sums {
    fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}

/// An input, with its transaction's place among the opened ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spent {
    pub(super) by: usize,
    pub(super) note: Opened,
}

/// The result of adding the entries up.
#[derive(Clone, Debug, Default)]
pub(super) struct Accounts {
    pub(super) sums: BTreeMap<AssetId, Sums>,
    /// Inputs that are neither opening note nor receipt nor own output: receipts that were kept back.
    pub(super) kept_back: Vec<Spent>,
    /// Inputs that a transaction made which is not opened.
    pub(super) of_unopened: Vec<Spent>,
    /// Inputs that the account had called paid.
    pub(super) paid_and_spent: Vec<Spent>,
    /// Opening notes that nothing vouches for: they stand outside every balance.
    pub(super) unverified: Vec<Opened>,
    /// Inputs from before that the book before did not hand on.
    pub(super) not_handed_on: Vec<Spent>,
    /// Notes that the book before hands on and that this one does not take over.
    pub(super) not_returned: Vec<Opened>,
    /// The notes that the account holds at the end; `None` while a transaction of its is not opened.
    pub(super) closing: Option<Vec<Opened>>,
    /// Every output that is called paid and was not spent by the account.
    pub(super) paid: HashMap<NoteCommitment, Opened>,
}

impl Entries {
    /// Adds them up.
    pub(super) fn accounts(&self) -> Accounts {
        let mut accounts = Accounts::default();
        let before = self.before.as_ref();
        let handed: HashMap<_, _> = by_commitment(before.and_then(|before| before.closing.as_deref()));
        let mut called_paid = before.map(|before| before.paid.clone()).unwrap_or_default();
        let mut paid_here = HashSet::new();
        for (_, note) in self.made.iter().flat_map(|made| &made.paid) {
            called_paid.insert(note.commitment, *note);
            paid_here.insert(note.commitment);
        }
        let receipts = by_commitment(Some(&self.receipts));
        let own: HashMap<_, _> =
            self.made.iter().flat_map(|made| &made.own).map(|note| (note.commitment, *note)).collect();
        let first = self.epochs.first();

        // The notes from before that count, each once.
        let mut opening = HashMap::new();
        for (note, proven) in &self.opening {
            if *proven || handed.contains_key(&note.commitment) {
                opening.insert(note.commitment, *note);
            }
        }
        let mut spent = HashSet::new();
        let mut became_own = HashMap::new();
        for (by, made) in self.made.iter().enumerate() {
            for note in made.inputs.iter().filter(|note| note.value != Value::ZERO) {
                let (input, cm) = (Spent { by, note: *note }, note.commitment);
                spent.insert(cm);
                let contradicts = called_paid.remove(&cm).is_some();
                if contradicts {
                    accounts.paid_and_spent.push(input);
                    if paid_here.contains(&cm) {
                        became_own.insert(cm, *note);
                        continue;
                    }
                }
                if note.epoch < first {
                    // The account spent it: it was there.
                    opening.insert(cm, *note);
                    let is_due = !contradicts && before.is_some_and(|before| before.closing.is_some());
                    if is_due && !handed.contains_key(&cm) {
                        accounts.not_handed_on.push(input);
                    }
                } else if self.unopened.contains(&note.rho.to_array()) {
                    accounts.of_unopened.push(input);
                } else if !receipts.contains_key(&cm) && !own.contains_key(&cm) {
                    accounts.kept_back.push(input);
                }
            }
        }
        let listed = self.opening.iter().map(|(note, _)| *note);
        accounts.unverified = listed.clone().filter(|note| !opening.contains_key(&note.commitment)).collect();
        let listed: HashSet<_> = listed.map(|note| note.commitment).collect();
        let is_missing = |note: &&Opened| {
            let cm = note.commitment;
            !listed.contains(&cm) && !spent.contains(&cm)
        };
        let closing_before = before.and_then(|before| before.closing.as_ref());
        accounts.not_returned = closing_before.into_iter().flatten().filter(is_missing).copied().collect();

        let held = [&opening, &receipts, &own, &became_own].into_iter().flat_map(HashMap::values);
        let mut closing: Vec<_> = held
            .filter(|note| note.value != Value::ZERO && !spent.contains(&note.commitment))
            .copied()
            .collect();
        closing.sort_by_key(|note| (note.asset, note.epoch, note.commitment.to_array()));

        let sums = &mut accounts.sums;
        let mut add = |asset: AssetId, value: Value, column: fn(&mut Sums) -> &mut u128| {
            *column(sums.entry(asset).or_default()) += u128::from(value.0);
        };
        opening.values().for_each(|note| add(note.asset, note.value, |sums| &mut sums.opening));
        self.receipts.iter().for_each(|note| add(note.asset, note.value, |sums| &mut sums.received));
        closing.iter().for_each(|note| add(note.asset, note.value, |sums| &mut sums.closing));
        let unexplained = accounts.kept_back.iter().chain(&accounts.of_unopened);
        unexplained.for_each(|input| add(input.note.asset, input.note.value, |sums| &mut sums.unexplained));
        for made in &self.made {
            match made.public {
                PublicSide::Internal => {}
                PublicSide::Deposit { asset, amount, .. } => add(asset, amount, |sums| &mut sums.deposits),
                PublicSide::Withdrawal { asset, amount, .. } => {
                    add(asset, amount, |sums| &mut sums.withdrawn);
                }
            }
            add(made.fee.asset(), made.fee.amount(), |sums| &mut sums.fees);
            if let Some((asset, value)) = made.host_fee {
                add(asset, value, |sums| &mut sums.host_fees);
            }
            let paid = made.paid.iter().filter(|(_, note)| !became_own.contains_key(&note.commitment));
            paid.for_each(|(_, note)| add(note.asset, note.value, |sums| &mut sums.paid));
        }
        accounts.sums.retain(|_, sums| !sums.is_zero());
        accounts.closing = self.unopened.is_empty().then_some(closing);
        accounts.paid = called_paid;
        accounts
    }
}

impl Made {
    /// Whether no value appears or vanishes in it. The transfer's own proof says so of whatever is on the ledger.
    pub(super) fn balances(&self) -> bool {
        let mut balance: BTreeMap<AssetId, i128> = BTreeMap::new();
        let mut add = |asset: AssetId, value: Value, sign: i128| {
            *balance.entry(asset).or_default() += sign * i128::from(value.0);
        };
        self.inputs.iter().for_each(|note| add(note.asset, note.value, 1));
        let paid = self.paid.iter().map(|(_, note)| note);
        self.own.iter().chain(paid).for_each(|note| add(note.asset, note.value, -1));
        add(self.fee.asset(), self.fee.amount(), -1);
        match self.public {
            PublicSide::Internal => {}
            PublicSide::Deposit { asset, amount, .. } => add(asset, amount, 1),
            PublicSide::Withdrawal { asset, amount, .. } => add(asset, amount, -1),
        }
        balance.values().all(|sum| *sum == 0)
    }
}

fn by_commitment(notes: Option<&[Opened]>) -> HashMap<NoteCommitment, Opened> {
    notes.into_iter().flatten().map(|note| (note.commitment, *note)).collect()
}

#[cfg(test)]
mod tests;
