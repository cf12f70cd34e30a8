//! A statement out of reports.

use std::collections::{BTreeMap, BTreeSet};

use louver_core::{asset::AssetId, calendar::Month};

use super::{
    AccountStatement, AssetStatement, Balance, Difference, DifferenceKind, Figure, Labels, Line, LineEntry,
    MissingPrice, Money, MonthSum, PartySum, PriceSource, Prices, SheetError, Source, Statement,
    StatementSchema, Unexplained,
};
use crate::report::{
    Assurance, Counterparty, Denomination, Entry, EntryKind, Finding, Flow, Moment, Reconciliation, Report,
    Sum, Totals, Units, words as report_words,
};

impl Statement {
    /// The statement of these reports, with values by the reader's prices, and with labels beside the facts.
    ///
    /// # Errors
    /// [`SheetError`] if the reports do not belong together, one of them does not agree with itself, or a price does not say
    /// which asset it means.
    pub fn new(sources: &[Source], prices: Option<&Prices>, labels: &Labels) -> Result<Self, SheetError> {
        belong_together(sources)?;
        let assets: Vec<&Denomination> =
            sources.iter().flat_map(|source| &source.report.totals).map(|totals| &totals.of).collect();
        prices.map_or(Ok(()), |prices| prices.check(&assets))?;
        let mut missing = BTreeSet::new();
        let accounts = sources
            .iter()
            .map(|source| Builder { source, prices, labels, missing: &mut missing }.account())
            .collect::<Result<Vec<_>, _>>()?;
        let mut seen: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (number, account) in accounts.iter().enumerate() {
            for line in account.assets.iter().flat_map(|asset| &asset.lines) {
                seen.entry(&line.place.txid).or_default().insert(number);
            }
        }
        let shared =
            seen.into_iter().filter(|(_, of)| of.len() > 1).map(|(txid, _)| txid.to_owned()).collect();
        Ok(Self {
            schema: StatementSchema::V1,
            shared,
            prices: prices.map(|prices| PriceSource {
                file: prices.file().to_owned(),
                currency: prices.currency().to_owned(),
            }),
            missing_prices: missing.into_iter().collect(),
            accounts,
        })
    }
}

/// Reports in one statement are of one chain, describe assets alike, and show no payment twice.
fn belong_together(sources: &[Source]) -> Result<(), SheetError> {
    let Some(first) = sources.first() else { return Err(SheetError::NoReport) };
    let mut known: BTreeMap<AssetId, &Denomination> = BTreeMap::new();
    for (number, Source { name, report, .. }) in sources.iter().enumerate() {
        if report.chain.genesis_hash != first.report.chain.genesis_hash {
            return Err(SheetError::OtherChain { name: name.clone(), first: first.name.clone() });
        }
        for Totals { of, .. } in &report.totals {
            if *known.entry(of.asset).or_insert(of) != of {
                return Err(SheetError::AssetDiffers { name: name.clone(), asset: of.asset.to_u64() });
            }
        }
        if let Some(other) = sources[..number].iter().find(|other| show_the_same(&other.report, report)) {
            return Err(SheetError::Overlap { name: name.clone(), first: other.name.clone() });
        }
    }
    Ok(())
}

/// Whether two reports can both count one payment.
fn show_the_same(one: &Report, other: &Report) -> bool {
    let (a, b) = (&one.epochs.all, &other.epochs.all);
    let (first, second) = (one.directions, other.directions);
    let comes_in = |of: crate::scope::Directions| of.incoming || of.detection;
    one.account == other.account
        && a.first <= b.last
        && b.first <= a.last
        && (comes_in(first) && comes_in(second) || first.outgoing && second.outgoing)
}

/// Builds the statement of one report.
struct Builder<'a, 'm> {
    source: &'a Source,
    prices: Option<&'a Prices>,
    labels: &'a Labels,
    missing: &'m mut BTreeSet<MissingPrice>,
}

impl Builder<'_, '_> {
    fn account(&mut self) -> Result<AccountStatement, SheetError> {
        let Source { name, origin, report } = self.source;
        let entries = report.entries().map_err(|differ| SheetError::Sums { name: name.clone(), differ })?;
        let unexplained = self.unexplained();
        let assets = report
            .totals
            .iter()
            .map(|totals| self.asset(totals, &entries, &unexplained))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(AccountStatement {
            name: name.clone(),
            origin: *origin,
            account: report.account.clone(),
            label: self.label(&report.account),
            chain: report.chain.clone(),
            directions: report.directions,
            epochs: report.epochs.clone(),
            blocks: report.blocks,
            assets,
            unexplained,
            guaranteed: report.guaranteed.clone(),
            if_chosen: report.if_chosen.clone(),
            unverified: report.unverified.clone(),
            remarks: report.remarks.clone(),
            sayings: [
                (Assurance::Guaranteed, report_words::guarantees(report)),
                (Assurance::ChainNotChosen, report_words::if_chosen(report)),
            ]
            .into_iter()
            .flat_map(|(assurance, lines)| lines.into_iter().map(move |line| (assurance, line)))
            .collect(),
        })
    }

    fn label(&self, of: &str) -> Option<String> {
        self.labels.get(of).map(str::to_owned)
    }

    /// The transactions whose contents are not all shown, in the order of the ledger.
    fn unexplained(&self) -> Vec<Unexplained> {
        let mut found: Vec<Unexplained> = Vec::new();
        for labelled in &self.source.report.findings {
            let (hidden_outputs, hidden_notes) = match &labelled.finding {
                Finding::Authorised { hidden_outputs, .. } if *hidden_outputs > 0 => (*hidden_outputs, 0),
                Finding::Spent { amount: None, .. } => (0, 1),
                _ => continue,
            };
            let place = labelled.finding.place().clone();
            match found.last_mut().filter(|last| last.place.txid == place.txid) {
                Some(last) => {
                    last.hidden_outputs = last.hidden_outputs.saturating_add(hidden_outputs);
                    last.hidden_notes = last.hidden_notes.saturating_add(hidden_notes);
                }
                None => {
                    let label = self.label(&place.txid);
                    found.push(Unexplained { place, hidden_outputs, hidden_notes, label });
                }
            }
        }
        found
    }

    fn asset(
        &mut self,
        totals: &Totals,
        entries: &[Entry],
        unexplained: &[Unexplained],
    ) -> Result<AssetStatement, SheetError> {
        let report = &self.source.report;
        let guaranteed = report.chain.allow(Assurance::Guaranteed);
        // Without one of the directions, what is not shown is not 0.
        let is_balanced = totals.reconciliation != Reconciliation::NotShown;
        let from_the_first = is_balanced && report.epochs.all.first == 0;
        let opening = Figure {
            value: from_the_first.then_some(Balance(0)),
            assurance: if from_the_first { guaranteed } else { Assurance::Unverified },
        };
        let of_asset = entries.iter().filter(|entry| entry.amount.of.asset == totals.of.asset);
        let (lines, last) = self.lines(&totals.of, of_asset, unexplained, is_balanced)?;
        let differences = self.differences(totals, last)?;
        let closing = match (is_balanced, totals.unspent) {
            (true, Some(unspent)) => Figure {
                value: Some(self.balance(unspent.value)?),
                assurance: match totals.reconciliation {
                    Reconciliation::Closed => unspent.assurance,
                    Reconciliation::IfPaid => unspent.assurance.max(Assurance::Unverified),
                    _ => unspent.assurance.max(Assurance::Unexplained),
                },
            },
            _ => Figure { value: None, assurance: Assurance::Unverified },
        };
        Ok(AssetStatement {
            of: totals.of.clone(),
            opening,
            incoming: self.figure(&[totals.received, totals.deposits])?,
            outgoing: self.figure(&[totals.paid, totals.withdrawn, totals.fees])?,
            fees: self.figure(&[totals.fees])?,
            differences,
            closing,
            months: self.months(&lines)?,
            counterparties: self.parties(&lines),
            lines,
        })
    }

    fn too_large(&self) -> SheetError {
        SheetError::TooLarge { name: self.source.name.clone() }
    }

    fn balance(&self, units: Units) -> Result<Balance, SheetError> {
        i128::try_from(units.0).map(Balance).map_err(|_| self.too_large())
    }

    /// The sum of those that are shown; absent if none is.
    fn figure(&self, sums: &[Option<Sum>]) -> Result<Option<Figure>, SheetError> {
        let mut shown = sums.iter().flatten();
        let Some(first) = shown.next() else { return Ok(None) };
        let (mut value, mut assurance) = (first.value.0, first.assurance);
        for sum in shown {
            value = value.checked_add(sum.value.0).ok_or_else(|| self.too_large())?;
            assurance = assurance.max(sum.assurance);
        }
        Ok(Some(Figure { value: Some(self.balance(Units(value))?), assurance }))
    }

    /// The lines of an asset, and the balance after the last.
    fn lines<'e>(
        &mut self,
        of: &Denomination,
        entries: impl Iterator<Item = &'e Entry>,
        unexplained: &[Unexplained],
        is_balanced: bool,
    ) -> Result<(Vec<Line>, i128), SheetError> {
        let mut lines: Vec<Line> = Vec::new();
        for entry in entries {
            let value = self.value(of, &entry.place.time, entry.amount.value.0.into())?;
            let same = lines.last_mut().filter(|line| line.place.txid == entry.place.txid);
            let priced = LineEntry { entry: entry.clone(), value };
            match same {
                Some(line) => line.entries.push(priced),
                None => lines.push(Line {
                    place: entry.place.clone(),
                    incoming: Units(0),
                    outgoing: Units(0),
                    balance: None,
                    entries: vec![priced],
                    hidden_outputs: 0,
                    assurance: entry.assurance,
                    label: self.label(&entry.place.txid),
                }),
            }
        }
        let hidden: BTreeMap<&str, u32> =
            unexplained.iter().map(|of| (of.place.txid.as_str(), of.hidden_outputs)).collect();
        let mut balance = 0i128;
        for line in &mut lines {
            for LineEntry { entry, .. } in &line.entries {
                let units = u128::from(entry.amount.value.0);
                let sum = match entry.flow {
                    Flow::In => &mut line.incoming,
                    Flow::Out => &mut line.outgoing,
                };
                sum.0 = sum.0.saturating_add(units);
                line.assurance = line.assurance.max(entry.assurance);
            }
            let moved = self.balance(line.incoming)?.0 - self.balance(line.outgoing)?.0;
            balance = balance.checked_add(moved).ok_or_else(|| self.too_large())?;
            line.balance = is_balanced.then_some(Balance(balance));
            line.hidden_outputs = hidden.get(line.place.txid.as_str()).copied().unwrap_or_default();
            if line.hidden_outputs > 0 {
                line.assurance = line.assurance.max(Assurance::Unexplained);
            }
        }
        Ok((lines, balance))
    }

    /// The value of an amount on its day. A price that is missing is noted.
    fn value(&mut self, of: &Denomination, time: &Moment, units: u128) -> Result<Option<Money>, SheetError> {
        let Some(prices) = self.prices else { return Ok(None) };
        let date = date(time).ok_or_else(|| SheetError::Time { name: self.source.name.clone() })?;
        let value = prices.value(of, date, units)?;
        if value.is_none() {
            self.missing.insert(MissingPrice { date: date.to_owned(), asset: of.name() });
        }
        Ok(value)
    }

    /// The amounts between the last line and the closing balance.
    fn differences(&self, totals: &Totals, last: i128) -> Result<Vec<Difference>, SheetError> {
        let Reconciliation::Open { spent_outside, went_unseen, came_unseen } = totals.reconciliation else {
            return Ok(vec![]);
        };
        let guaranteed = self.source.report.chain.allow(Assurance::Guaranteed);
        let mut balance = last;
        let mut differences = Vec::new();
        for (kind, units, sign, assurance) in [
            (DifferenceKind::CameUnseen, came_unseen, 1, Assurance::Unexplained),
            (DifferenceKind::WentUnseen, went_unseen, -1, Assurance::Unexplained),
            (DifferenceKind::SpentOutside, spent_outside, -1, guaranteed),
        ] {
            let amount = sign * self.balance(units)?.0;
            balance = balance.checked_add(amount).ok_or_else(|| self.too_large())?;
            if amount != 0 {
                differences.push(Difference {
                    kind,
                    amount: Balance(amount),
                    balance: Balance(balance),
                    assurance,
                });
            }
        }
        Ok(differences)
    }

    fn months(&self, lines: &[Line]) -> Result<Vec<MonthSum>, SheetError> {
        let mut months: BTreeMap<Month, MonthSum> = BTreeMap::new();
        for line in lines {
            let month = Month::of(line.place.time.unix)
                .ok_or_else(|| SheetError::Time { name: self.source.name.clone() })?;
            let sum = months.entry(month).or_insert_with(|| MonthSum {
                month: month.to_iso(),
                transactions: 0,
                incoming: Units(0),
                outgoing: Units(0),
                assurance: line.assurance,
            });
            sum.transactions = sum.transactions.saturating_add(1);
            sum.incoming.0 = sum.incoming.0.saturating_add(line.incoming.0);
            sum.outgoing.0 = sum.outgoing.0.saturating_add(line.outgoing.0);
            sum.assurance = sum.assurance.max(line.assurance);
        }
        Ok(months.into_values().collect())
    }

    fn parties(&self, lines: &[Line]) -> Vec<PartySum> {
        let mut parties: BTreeMap<&Counterparty, PartySum> = BTreeMap::new();
        for LineEntry { entry, .. } in lines.iter().flat_map(|line| &line.entries) {
            let sum = parties.entry(&entry.counterparty).or_insert_with(|| PartySum {
                counterparty: entry.counterparty.clone(),
                label: entry.counterparty.id().and_then(|id| self.label(id)),
                payments: 0,
                incoming: Units(0),
                outgoing: Units(0),
                assurance: entry.assurance,
            });
            let units = u128::from(entry.amount.value.0);
            let of = if entry.kind.flow() == Flow::In { &mut sum.incoming } else { &mut sum.outgoing };
            of.0 = of.0.saturating_add(units);
            sum.payments = sum.payments.saturating_add(1);
            sum.assurance = sum.assurance.max(entry.assurance);
        }
        parties.into_values().collect()
    }
}

/// The day of a time in UTC, as `2026-11-30`.
pub(super) fn date(time: &Moment) -> Option<&str> {
    time.rfc3339.as_deref().and_then(|time| time.get(..10))
}

impl Line {
    /// The fee of the transaction in this asset.
    pub(super) fn fee(&self) -> Option<&Entry> {
        self.entries.iter().map(|of| &of.entry).find(|entry| entry.kind == EntryKind::Fee)
    }
}
