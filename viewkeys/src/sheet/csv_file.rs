//! `[sheet-csv]`: a statement as CSV, in Louver's own form and in those that tax programs read.

use std::collections::{BTreeMap, BTreeSet};

use louver_core::{asset::AssetId, text::visible};

use super::{
    AccountStatement, Balance, DifferenceKind, Line, LineEntry, Money, Statement, build::date, words,
};
use crate::report::{Assurance, Denomination, Entry, EntryKind, Flow, Moment, words as labels};

/// The form of a CSV file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CsvForm {
    /// Louver's own: every fact of the statement, and its standing.
    Louver,
    /// The universal form of Koinly.
    Koinly,
    /// The form of CoinTracker.
    CoinTracker,
}

/// The columns of Louver's own form.
const LOUVER: [&str; 22] = [
    "account",
    "date_utc",
    "kind",
    "flow",
    "amount",
    "asset",
    "units",
    "balance",
    "counterparty",
    "memo",
    "owner_label",
    "counterparty_label",
    "price_file_value",
    "currency",
    "standing",
    "why",
    "declared_period",
    "in_grace",
    "block",
    "txid",
    "grant",
    "genesis_hash",
];

const KOINLY: [&str; 12] = [
    "Date",
    "Sent Amount",
    "Sent Currency",
    "Received Amount",
    "Received Currency",
    "Fee Amount",
    "Fee Currency",
    "Net Worth Amount",
    "Net Worth Currency",
    "Label",
    "Description",
    "TxHash",
];

const COIN_TRACKER: [&str; 8] = [
    "Date",
    "Received Quantity",
    "Received Currency",
    "Sent Quantity",
    "Sent Currency",
    "Fee Amount",
    "Fee Currency",
    "Tag",
];

impl Statement {
    /// The statement as CSV: UTF-8, commas, a decimal point, times in UTC. Text of people that a table program would take for
    /// a formula has an apostrophe before it, and characters that nobody sees stand as their escapes.
    pub fn csv(&self, form: CsvForm) -> String {
        let rows: Vec<Vec<String>> = match form {
            CsvForm::Louver => self.accounts.iter().flat_map(|account| self.own_rows(account)).collect(),
            CsvForm::Koinly => self.payments().into_iter().map(|payment| payment.koinly(self)).collect(),
            CsvForm::CoinTracker => {
                self.payments().into_iter().map(|payment| payment.coin_tracker()).collect()
            }
        };
        let columns: &[&str] = match form {
            CsvForm::Louver => &LOUVER,
            CsvForm::Koinly => &KOINLY,
            CsvForm::CoinTracker => &COIN_TRACKER,
        };
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Writing to memory cannot fail, and each row has as many fields as there are columns.
        let _ = writer.write_record(columns);
        for row in &rows {
            let _ = writer.write_record(row);
        }
        writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// How many payments of a tax program's file are not guaranteed. Its columns have no place to say so.
    pub fn not_guaranteed(&self) -> usize {
        let lines = self.accounts.iter().flat_map(|account| &account.assets).flat_map(|asset| &asset.lines);
        lines.filter(|line| line.assurance != Assurance::Guaranteed).count()
    }

    fn own_rows(&self, account: &AccountStatement) -> Vec<Vec<String>> {
        let own = account.directions.detection;
        let mut rows = Vec::new();
        for asset in &account.assets {
            let row = Row { account, of: &asset.of };
            rows.push(row.balance(
                "opening_balance",
                asset.opening.value,
                asset.opening.assurance,
                words::opening(asset),
            ));
            let mut balance = asset.closing.value.map(|_| 0i128);
            for line in &asset.lines {
                for LineEntry { entry, value } in &line.entries {
                    let units = i128::from(entry.amount.value.0);
                    let moved = if entry.flow == Flow::In { units } else { -units };
                    balance = balance.map(|balance| balance.saturating_add(moved));
                    let mut why = words::why(entry, own).to_owned();
                    why.extend(words::hidden(line).map(|hidden| format!(" {hidden}")));
                    let assurance = line.assurance.max(entry.assurance);
                    let mut cells = row.empty();
                    cells[1] = seconds(&entry.place.time);
                    cells[2] = kind(entry.kind).to_owned();
                    cells[3] = if entry.flow == Flow::In { "in" } else { "out" }.to_owned();
                    cells[4] = asset.of.number(entry.amount.value.0.into());
                    cells[6] = entry.amount.value.0.to_string();
                    cells[7] = balance.map(|sum| words::balance(&asset.of, Balance(sum))).unwrap_or_default();
                    cells[8] = text(&words::counterparty(&entry.counterparty));
                    cells[9] = labels::written(&entry.written).map(|memo| text(&memo)).unwrap_or_default();
                    cells[10] = line.label.as_deref().map(text).unwrap_or_default();
                    let party =
                        asset.counterparties.iter().find(|sum| sum.counterparty == entry.counterparty);
                    cells[11] = party.and_then(|sum| sum.label.as_deref()).map(text).unwrap_or_default();
                    cells[12] = value.map(|value| value.to_string()).unwrap_or_default();
                    cells[13] = match (&self.prices, cells[12].is_empty()) {
                        (Some(prices), false) => prices.currency.clone(),
                        _ => String::new(),
                    };
                    cells[14] = labels::label(assurance).to_owned();
                    cells[15] = why;
                    cells[16] = text(&entry.place.declared.period);
                    cells[17] = entry.place.declared.in_grace.to_string();
                    cells[18] = entry.place.height.to_string();
                    cells[19] = text(&entry.place.txid);
                    rows.push(cells);
                }
            }
            for difference in &asset.differences {
                let why = words::why_difference(difference.kind);
                let kind = match difference.kind {
                    DifferenceKind::CameUnseen => "came_unseen",
                    DifferenceKind::WentUnseen => "went_unseen",
                    DifferenceKind::SpentOutside => "spent_outside",
                };
                let mut cells = row.balance(kind, Some(difference.balance), difference.assurance, why);
                cells[3] = if difference.amount.0 > 0 { "in" } else { "out" }.to_owned();
                cells[4] = asset.of.number(difference.amount.0.unsigned_abs());
                cells[6] = difference.amount.0.unsigned_abs().to_string();
                rows.push(cells);
            }
            rows.push(row.balance(
                "closing_balance",
                asset.closing.value,
                asset.closing.assurance,
                words::closing(asset),
            ));
        }
        for unexplained in &account.unexplained {
            let nothing = Denomination { asset: AssetId::NONE, symbol: None, decimals: None };
            let why = words::unexplained(unexplained);
            let mut cells =
                Row { account, of: &nothing }.balance("unexplained", None, Assurance::Unexplained, &why);
            cells[5].clear();
            cells[1] = seconds(&unexplained.place.time);
            cells[10] = unexplained.label.as_deref().map(text).unwrap_or_default();
            cells[18] = unexplained.place.height.to_string();
            cells[19] = text(&unexplained.place.txid);
            rows.push(cells);
        }
        rows
    }

    /// The rows of a tax program's file: each payment, with the fee of its transaction beside the first that goes out.
    fn payments(&self) -> Vec<Payment<'_>> {
        let of_accounts = self.accounts.iter().flat_map(|account| {
            let lines = || account.assets.iter().flat_map(|asset| &asset.lines);
            let entries = || lines().flat_map(|line| line.entries.iter().map(move |entry| (line, entry)));
            let out = |entry: &Entry| entry.flow == Flow::Out && entry.kind != EntryKind::Fee;
            let first_out = |txid: &str| {
                entries().map(|(_, of)| &of.entry).find(|entry| out(entry) && entry.place.txid == txid)
            };
            let mut payments: Vec<Payment<'_>> = Vec::new();
            let fees: BTreeMap<&str, &Entry> =
                lines().filter_map(Line::fee).map(|fee| (fee.place.txid.as_str(), fee)).collect();
            let mut paid_fees = BTreeSet::new();
            for (line, LineEntry { entry, value }) in entries() {
                let txid = entry.place.txid.as_str();
                let fee = fees.get(txid).copied();
                if entry.kind == EntryKind::Fee {
                    // A fee by itself is money that goes out.
                    if first_out(txid).is_none() {
                        payments.push(Payment { account, line, entry, value: *value, fee: None });
                    }
                } else {
                    let fee = fee.filter(|_| out(entry) && paid_fees.insert(txid));
                    payments.push(Payment { account, line, entry, value: *value, fee });
                }
            }
            payments
        });
        let mut payments: Vec<_> = of_accounts.collect();
        payments.sort_by_key(|payment| payment.entry.place.height);
        payments
    }
}

/// A row of Louver's own form.
struct Row<'a> {
    account: &'a AccountStatement,
    of: &'a Denomination,
}

impl Row<'_> {
    fn empty(&self) -> Vec<String> {
        let mut cells = vec![String::new(); LOUVER.len()];
        cells[0] = text(&self.account.account);
        cells[5] = text(&self.of.unit());
        cells[20] = text(&self.account.name);
        cells[21] = text(&self.account.chain.genesis_hash);
        cells
    }

    fn balance(&self, kind: &str, balance: Option<Balance>, assurance: Assurance, why: &str) -> Vec<String> {
        let mut cells = self.empty();
        cells[2] = kind.to_owned();
        cells[7] = balance.map(|sum| words::balance(self.of, sum)).unwrap_or_default();
        cells[14] = labels::label(assurance).to_owned();
        cells[15] = why.to_owned();
        cells
    }
}

/// A row of a tax program's file.
struct Payment<'a> {
    account: &'a AccountStatement,
    line: &'a Line,
    entry: &'a Entry,
    value: Option<Money>,
    fee: Option<&'a Entry>,
}

impl Payment<'_> {
    /// The amounts and currencies: received, sent and fee.
    fn cells(&self) -> [[String; 2]; 3] {
        let of = |entry: &Entry| {
            [entry.amount.of.number(entry.amount.value.0.into()), text(&entry.amount.of.unit())]
        };
        let none = || [String::new(), String::new()];
        let (received, sent) = match self.entry.flow {
            Flow::In => (of(self.entry), none()),
            Flow::Out => (none(), of(self.entry)),
        };
        [received, sent, self.fee.map_or_else(none, of)]
    }

    fn koinly(&self, statement: &Statement) -> Vec<String> {
        let [received, sent, fee] = self.cells();
        let value = self.value.map(|value| value.to_string());
        let currency = value.as_ref().and(statement.prices.as_ref()).map(|prices| prices.currency.clone());
        let memo = labels::written(&self.entry.written).map(|memo| format!("memo: {memo}"));
        let label = self.line.label.as_ref().map(|label| format!("owner's label: {label}"));
        let standing = format!("{}, {}", words::kind(self.entry.kind), labels::label(self.line.assurance));
        let account = format!("account {}", self.account.account);
        let description: Vec<String> =
            [Some(standing), memo, label, Some(account)].into_iter().flatten().collect();
        let [[received_amount, received_of], [sent_amount, sent_of], [fee_amount, fee_of]] =
            [received, sent, fee];
        vec![
            seconds(&self.entry.place.time),
            sent_amount,
            sent_of,
            received_amount,
            received_of,
            fee_amount,
            fee_of,
            value.unwrap_or_default(),
            currency.unwrap_or_default(),
            String::new(),
            text(&description.join("; ")),
            text(&self.entry.place.txid),
        ]
    }

    fn coin_tracker(&self) -> Vec<String> {
        let [[received, received_of], [sent, sent_of], [fee, fee_of]] = self.cells();
        let written = seconds(&self.entry.place.time);
        // From `2026-11-30 23:59:59 UTC` to `11/30/2026 23:59:59`.
        let day = date(&self.entry.place.time).unwrap_or_default();
        let mut parts = day.splitn(3, '-');
        let [year, month, day] = core::array::from_fn(|_| parts.next().unwrap_or_default());
        let clock = written.get(11..19).unwrap_or_default();
        let when = format!("{month}/{day}/{year} {clock}");
        vec![when, received, received_of, sent, sent_of, fee, fee_of, String::new()]
    }
}

/// A kind, for programs.
fn kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Received => "received",
        EntryKind::Deposit => "deposit",
        EntryKind::Paid => "paid",
        EntryKind::Withdrawn => "withdrawn",
        EntryKind::Fee => "fee",
    }
}

/// A time as tax programs read it: `2026-11-30 23:59:59 UTC`.
fn seconds(time: &Moment) -> String {
    labels::time(time)
}

/// Text of people, so that no table program takes it for a formula: at its beginning, and after a semicolon, which some
/// programs take for a column's end.
pub fn text(text: &str) -> String {
    let mut out = String::new();
    let mut may_begin = true;
    for c in visible(text).chars() {
        let is_formula = matches!(
            c,
            '=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}' | '\u{2212}'
        );
        if may_begin && is_formula {
            out.push('\'');
        }
        may_begin = c == ';' || may_begin && (c.is_whitespace() || c == '"');
        out.push(c);
    }
    out
}
