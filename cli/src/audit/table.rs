//! Reports of audits as tables, in the words of [`louver_viewkeys::report::words`].

use core::fmt::Write as _;

use louver_core::{asset::KnownAssets, calendar::moment, text::visible};
use louver_viewkeys::{
    package::VerifiedPackage,
    report::{Amount, Assurance, Finding, Report, words},
    signed::Binding,
};

use crate::{
    output::{Output, Style, Table},
    trust::heading,
};

/// The label of a finding, in its colour.
pub(crate) fn label(output: Output, assurance: Assurance) -> String {
    let style = match assurance {
        Assurance::Guaranteed => Style::Good,
        Assurance::ChainNotChosen | Assurance::Unverified => Style::Warning,
        Assurance::Unexplained => Style::Bad,
    };
    output.paint(style, words::label(assurance))
}

/// A report for people.
pub(crate) fn report(output: Output, report: &Report, assets: &KnownAssets) -> String {
    let amount = |amount: &Amount| assets.format_amount(amount.of.asset, amount.value.0);
    let mut table = Table::new(["date", "block", "label", "finding", "amount", "detail"]).right(1).right(4);
    for labelled in &report.findings {
        let finding = &labelled.finding;
        let (how_much, memo) = match finding {
            Finding::Received { amount: of, written, .. } | Finding::Paid { amount: of, written, .. } => {
                (amount(of), words::written(written))
            }
            Finding::Change { amount: of, .. } => (amount(of), None),
            Finding::Spent { amount: of, .. } => (of.as_ref().map_or("not shown".to_owned(), amount), None),
            Finding::Authorised { fee, crossing, .. } => {
                (words::fee(fee.as_ref(), crossing.as_ref(), assets), None)
            }
            _ => continue,
        };
        table.row([
            moment(finding.place().time.unix),
            finding.place().height.to_string(),
            label(output, labelled.assurance),
            words::title(finding).to_owned(),
            how_much,
            with_memo(words::detail(finding, assets), memo),
        ]);
    }
    let read = match report.blocks {
        Some(blocks) => format!("blocks {} to {}", blocks.first, blocks.last),
        None => "no block: the period has not begun".to_owned(),
    };
    let mut out = format!(
        "{}{}{}\n  account   {}\n  shows     {}\n  period    {}\n  read      {read}\n\n",
        output.paint(Style::Title, "Audit"),
        heading(&report.chain),
        report.binding.as_ref().map(of_the_grant).unwrap_or_default(),
        report.account,
        report.directions,
        report.epochs.all.name,
    );
    out.push_str(&table.render(output.results()));
    out.push_str(&totals(output, report, assets));
    let guaranteed = words::guarantees(report);
    let unverified: Vec<_> = report.unverified.iter().map(|gap| words::gap(*gap).to_owned()).collect();
    for (assurance, lines) in [
        (Assurance::Guaranteed, guaranteed),
        (Assurance::ChainNotChosen, words::if_chosen(report)),
        (Assurance::Unverified, unverified),
    ] {
        let label = words::label(assurance);
        for line in lines {
            // Writing to a string cannot fail.
            let _ = write!(out, "\n  {label}: {line}");
        }
    }
    for remark in &report.remarks {
        let _ = write!(out, "\n  {}", words::remark(remark));
    }
    out
}

/// Whom a grant is for, whether it was asked for, until when it is valid, and for what.
fn of_the_grant(binding: &Binding) -> String {
    let lines = words::heading(binding).into_iter().chain([format!("for the purpose: {}", binding.purpose)]);
    lines.map(|line| format!("\n  {}", visible(&line))).collect()
}

/// The sums of each asset: in, out and left.
fn totals(output: Output, report: &Report, assets: &KnownAssets) -> String {
    let mut out = String::new();
    for totals in &report.totals {
        let asset = totals.of.asset;
        let mut table = Table::new(["came in", "", "went out", ""]).right(1).right(3);
        let sum = |sum| words::sum(sum, asset, assets);
        let (came, went) = (
            [("received", &totals.received), ("deposits", &totals.deposits)],
            [("paid", &totals.paid), ("withdrawn", &totals.withdrawn), ("fees", &totals.fees)],
        );
        for row in 0..went.len() {
            let cells = |column: &[(&str, _)]| match column.get(row) {
                Some((name, value)) => [(*name).to_owned(), sum(Option::as_ref(*value))],
                None => [String::new(), String::new()],
            };
            let ([name_in, value_in], [name_out, value_out]) = (cells(&came), cells(&went));
            table.row([name_in, value_in, name_out, value_out]);
        }
        table.row([String::new(), String::new(), "unspent".to_owned(), sum(totals.unspent.as_ref())]);
        let _ =
            write!(out, "\n{}  {}\n", table.render(output.results()), words::reconciliation(totals, assets));
    }
    out
}

/// A verified package for people. Its reader comes first.
pub(crate) fn package(output: Output, package: &VerifiedPackage, assets: &KnownAssets) -> String {
    let mut table =
        Table::new(["date", "block", "label", "the account", "amount", "detail"]).right(1).right(4);
    for payment in &package.payments {
        table.row([
            moment(payment.place.time.unix),
            payment.place.height.to_string(),
            label(output, payment.assurance),
            words::payment_title(payment).to_owned(),
            assets.format_amount(payment.amount.of.asset, payment.amount.value.0),
            with_memo(words::payment(payment), words::written(&payment.written)),
        ]);
    }
    let mut out = output.paint(Style::Title, "Disclosure");
    out.push_str(&heading(&package.chain));
    for line in words::heading(&package.binding) {
        let _ = write!(out, "\n  {}", visible(&line));
    }
    let _ = write!(
        out,
        "\n  for the purpose: {}\n\n{}",
        visible(&package.binding.purpose),
        table.render(output.results())
    );
    for gap in &package.unverified {
        let _ = write!(out, "\n  UNVERIFIED: {}", words::package_gap(*gap));
    }
    out
}

/// A detail, followed by somebody's memo, marked as theirs.
fn with_memo(detail: String, memo: Option<String>) -> String {
    match memo {
        Some(memo) if detail.is_empty() => format!("\"{}\"", visible(&memo)),
        Some(memo) => format!("{detail}; \"{}\"", visible(&memo)),
        None => detail,
    }
}
