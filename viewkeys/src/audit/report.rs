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
            totals: self.totals(&findings),
            findings,
            guaranteed: guarantees(scope),
            unverified: UNVERIFIED.to_vec(),
            remarks: remarks(scope, endless),
        }
    }

    fn finding(&self, authorised: &Authorised) -> Finding {
        // With every epoch from the first, an input that is not known is empty.
        let scope = self.grant.scope();
        let whole = scope.directions().spends && scope.epochs().first() == Epoch(0);
        Finding::Authorised {
            place: authorised.place.clone(),
            public: describe(&authorised.public),
            fee: Amount { asset: authorised.fee.asset(), value: authorised.fee.amount() },
            unexplained_outputs: authorised.unexplained_outputs(whole),
        }
    }

    fn totals(&self, findings: &[Labelled]) -> Vec<AssetTotals> {
        let mut totals: BTreeMap<AssetId, AssetTotals> = BTreeMap::new();
        let mut of = |asset: AssetId, change: &dyn Fn(&mut AssetTotals)| {
            let empty = AssetTotals { asset, received: 0, paid: 0, unspent: 0 };
            change(totals.entry(asset).or_insert(empty));
        };
        for labelled in findings {
            match &labelled.finding {
                Finding::Received { amount, .. } => {
                    of(amount.asset, &|totals| totals.received += u128::from(amount.value.0));
                }
                Finding::Paid { amount, .. } => {
                    of(amount.asset, &|totals| totals.paid += u128::from(amount.value.0));
                }
                Finding::Change { .. } | Finding::Spent { .. } | Finding::Authorised { .. } => {}
            }
        }
        for watched in self.watched.values().filter(|watched| !watched.spent) {
            if let Some(amount) = watched.amount {
                of(amount.asset, &|totals| totals.unspent += u128::from(amount.value.0));
            }
        }
        totals.into_values().collect()
    }
}

fn describe(public: &PublicSide) -> String {
    match public {
        PublicSide::Internal => "nothing".to_owned(),
        PublicSide::Deposit { asset, amount, .. } => format!("{amount} of asset {asset} into the pool"),
        PublicSide::Withdrawal { asset, amount, .. } => format!("{amount} of asset {asset} out of the pool"),
    }
}
