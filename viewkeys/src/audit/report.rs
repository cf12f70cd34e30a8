use std::collections::BTreeMap;

use louver_core::{asset::AssetId, epoch::Epoch, transaction::PublicSide};

use super::{Audit, Authorised};
use crate::report::{Amount, AssetTotals, Finding, Labelled, Report, UNVERIFIED, guarantees, remarks};

impl Audit {
    /// What was found so far. `endless` says that the chain has one endless epoch.
    pub fn report(&self, endless: bool) -> Report {
        let scope = self.grant.scope();
        let mut findings = self.findings.clone();
        for ((height, index), authorised) in &self.authorised {
            findings.push(((*height, *index, 3, 0), self.finding(authorised)));
        }
        findings.sort_by_key(|(order, _)| *order);
        let findings: Vec<_> = findings
            .into_iter()
            .map(|(_, finding)| Labelled { assurance: finding.assurance(), finding })
            .collect();
        let (first_height, last_height) = self.chain.heights();
        Report {
            account: self.grant.account().to_string(),
            directions: scope.directions().to_string(),
            first_epoch: scope.epochs().first().0,
            last_epoch: scope.epochs().last().0,
            first_height,
            last_height,
            totals: self.totals(),
            findings,
            guaranteed: guarantees(scope),
            unverified: UNVERIFIED.to_vec(),
            remarks: remarks(scope, endless, first_height),
        }
    }

    fn finding(&self, authorised: &Authorised) -> Finding {
        // With every epoch and every block from the first, an input that is not known is empty.
        let scope = self.grant.scope();
        let epochs = scope.directions().spends && scope.epochs().first() == Epoch(0);
        let whole = epochs && self.chain.heights().0 == 1;
        Finding::Authorised {
            place: authorised.place.clone(),
            public: describe(&authorised.public),
            fee: Amount { asset: authorised.fee.asset(), value: authorised.fee.amount() },
            unexplained_outputs: authorised.unexplained_outputs(whole),
        }
    }

    fn totals(&self) -> Vec<AssetTotals> {
        let detection = self.grant.scope().directions().detection;
        let mut totals = Totals::default();
        let mut received_from_itself: BTreeMap<((u32, u32), AssetId), u128> = BTreeMap::new();
        for ((height, index, ..), finding) in &self.findings {
            let transaction = (*height, *index);
            match finding {
                Finding::Received { amount, .. } if self.authorised.contains_key(&transaction) => {
                    *received_from_itself.entry((transaction, amount.asset)).or_default() += units(amount);
                }
                Finding::Received { amount, .. } => totals.of(amount.asset).received += units(amount),
                // Where spend tags are shown, what lacks the account's was paid by somebody else.
                Finding::Paid { amount, authorised, .. } if *authorised || !detection => {
                    totals.of(amount.asset).paid += units(amount);
                }
                Finding::Paid { .. }
                | Finding::Change { .. }
                | Finding::Spent { .. }
                | Finding::Authorised { .. } => {}
            }
        }
        // What the account gave itself it had before, but for what it brought into the pool.
        for ((transaction, asset), sum) in received_from_itself {
            totals.of(asset).received += match self.authorised.get(&transaction).map(|own| own.public) {
                Some(PublicSide::Deposit { asset: deposited, amount, .. }) if deposited == asset => {
                    sum.min(amount.0.into())
                }
                _ => 0,
            };
        }
        for amount in self.watched.values().filter(|watched| !watched.spent).filter_map(|held| held.amount) {
            totals.of(amount.asset).unspent += units(&amount);
        }
        totals.0.into_values().collect()
    }
}

/// The totals of every asset that was met, by ascending id.
#[derive(Default)]
struct Totals(BTreeMap<AssetId, AssetTotals>);

impl Totals {
    fn of(&mut self, asset: AssetId) -> &mut AssetTotals {
        self.0.entry(asset).or_insert(AssetTotals { asset, received: 0, paid: 0, unspent: 0 })
    }
}

fn units(amount: &Amount) -> u128 {
    amount.value.0.into()
}

fn describe(public: &PublicSide) -> String {
    match public {
        PublicSide::Internal => "nothing".to_owned(),
        PublicSide::Deposit { asset, amount, .. } => format!("{amount} of asset {asset} into the pool"),
        PublicSide::Withdrawal { asset, amount, .. } => format!("{amount} of asset {asset} out of the pool"),
    }
}
