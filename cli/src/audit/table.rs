//! Reports of audits as tables.

use core::fmt::Write as _;

use louver_core::{asset::KnownAssets, text::visible};
use louver_viewkeys::{
    package::{Side, VerifiedPackage},
    report::{Amount, Assurance, Finding, Report},
};

use crate::output::{Output, Style, Table};

/// The label of a finding, in its colour.
pub(crate) fn label(output: Output, assurance: Assurance) -> String {
    match assurance {
        Assurance::Guaranteed => output.paint(Style::Good, "GUARANTEED"),
        Assurance::Unverified => output.paint(Style::Warning, "UNVERIFIED"),
        Assurance::Unexplained => output.paint(Style::Bad, "UNEXPLAINED"),
    }
}

/// A report for people.
pub(crate) fn report(output: Output, report: &Report, assets: &KnownAssets) -> String {
    let amount = |amount: &Amount| assets.format_amount(amount.asset, amount.value.0);
    let mut table = Table::new(["block", "label", "finding", "amount", "detail"]).right(0).right(3);
    for labelled in &report.findings {
        let finding = &labelled.finding;
        let (what, how_much, detail) = match finding {
            Finding::Received { amount: received, memo, .. } => {
                ("received", amount(received), memo.as_deref().map(visible).unwrap_or_default())
            }
            Finding::Change { amount: change, .. } => ("change", amount(change), String::new()),
            Finding::Spent { note, amount: spent, .. } => (
                "spent a note",
                spent.as_ref().map_or_else(|| "not shown".to_owned(), amount),
                format!("of {} output {}, epoch {}", short(&note.txid), note.output, note.epoch),
            ),
            Finding::Authorised { public, fee, unexplained_outputs, .. } => {
                let mut detail = in_public(public, assets);
                if *unexplained_outputs > 0 {
                    let hidden = format!("{unexplained_outputs} outputs whose contents are not shown");
                    detail = if detail.is_empty() { hidden } else { format!("{hidden}; {detail}") };
                }
                ("authorised", fee_of(fee, assets), detail)
            }
            Finding::Paid { recipient, amount: paid, memo, .. } => {
                let memo = memo.as_ref().map(|memo| format!(", {}", visible(memo))).unwrap_or_default();
                ("paid", amount(paid), format!("to {}{memo}", short(recipient)))
            }
        };
        let place = finding.place();
        table.row([
            place.height.to_string(),
            label(output, labelled.assurance),
            what.to_owned(),
            how_much,
            detail,
        ]);
    }
    let mut out = format!(
        "{}\n  account   {}\n  shows     {}\n  epochs    {} to {}\n  read      blocks {} to {}\n\n",
        output.paint(Style::Title, "Audit"),
        report.account,
        report.directions,
        report.first_epoch,
        report.last_epoch,
        report.first_height,
        report.last_height
    );
    out.push_str(&table.render());
    let mut totals = Table::new(["asset", "received", "paid", "unspent"]).right(1).right(2).right(3);
    let spends = report.directions.contains("spends");
    for total in &report.totals {
        totals.row([
            assets.name(total.asset),
            assets.format_amount(total.asset, total.received),
            assets.format_amount(total.asset, total.paid),
            match spends {
                true => assets.format_amount(total.asset, total.unspent),
                false => "not shown".to_owned(),
            },
        ]);
    }
    out.push('\n');
    out.push_str(&totals.render());
    for (label, lines) in [("GUARANTEED", &report.guaranteed), ("UNVERIFIED", &report.unverified)] {
        for line in lines {
            // Writing to a string cannot fail.
            let _ = write!(out, "\n  {label}: {line}");
        }
    }
    for line in &report.remarks {
        let _ = write!(out, "\n  {line}");
    }
    out
}

fn fee_of(fee: &Amount, assets: &KnownAssets) -> String {
    match fee.value.0 {
        0 => "no fee".to_owned(),
        _ => format!("fee {}", assets.format_amount(fee.asset, fee.value.0)),
    }
}

/// What a transaction moves in public: `60000000 of asset 1 into the pool`, with the amount as people write it.
fn in_public(told: &str, assets: &KnownAssets) -> String {
    let mut words = told.splitn(5, ' ');
    let parts = (words.next(), words.nth(2), words.next());
    if let (Some(amount), Some(asset), Some(rest)) = parts
        && let (Ok(amount), Ok(id)) = (amount.parse::<u64>(), asset.parse())
        && let Some(id) = louver_core::asset::AssetId::new(id)
    {
        return format!("{} {rest}", assets.format_amount(id, amount));
    }
    if told == "nothing" { String::new() } else { told.to_owned() }
}

/// A verified package for people.
pub(crate) fn package(output: Output, package: &VerifiedPackage, assets: &KnownAssets) -> String {
    let mut table =
        Table::new(["block", "label", "the account", "amount", "counterparty", "memo"]).right(0).right(3);
    for payment in &package.payments {
        table.row([
            payment.place.height.to_string(),
            label(output, payment.assurance),
            match payment.side {
                Side::Sent => "paid",
                Side::Received => "was paid",
            }
            .to_owned(),
            assets.format_amount(payment.amount.asset, payment.amount.value.0),
            match (payment.side, &payment.recipient) {
                (Side::Sent, Some(recipient)) => short(recipient),
                _ => "not shown".to_owned(),
            },
            payment.memo.as_deref().map(visible).unwrap_or_default(),
        ]);
    }
    format!(
        "{}\n  account   {}\n  purpose   {}\n\n{}\n  UNVERIFIED: {}",
        output.paint(Style::Title, "Disclosure"),
        package.account,
        visible(&package.purpose),
        table.render(),
        package.unverified
    )
}

/// A long id by its beginning; of our strings, which all begin alike in one pool, by their end.
pub(crate) fn short(id: &str) -> String {
    if let Some((kind, _)) = id.split_once('1').filter(|(kind, _)| kind.starts_with("lvr"))
        && let Some(end) = id.len().checked_sub(10).and_then(|start| id.get(start..))
    {
        return format!("{kind}1..{end}");
    }
    match id.char_indices().nth(14) {
        Some((end, _)) => format!("{}..", &id[..end]),
        None => id.to_owned(),
    }
}
