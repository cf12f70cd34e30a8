//! Records of the travel rule: opened, and shown beside the payments that their reader looked at.

use std::path::Path;

use age::x25519::Recipient;
use louver_core::{asset::KnownAssets, calendar::moment};
use louver_viewkeys::{
    signed::OpenError,
    travel_rule::{Record, Report},
};

use crate::{
    audit::identity,
    exit::{Failure, Kind},
    file,
    output::{Output, Style, Table},
};

/// Opens a record with the file of its reader's secret key.
pub(crate) fn open(path: &Path, key: &Path) -> Result<Record, Failure> {
    Record::open(&file::read(path)?, &identity(key)?).map_err(|error| match error {
        OpenError::Contents(error) => {
            Failure::input(format!("{} is not a travel-rule record: {error}", path.display()))
        }
        error => Failure::input(format!("{}: {error}", path.display())),
    })
}

/// A reader's public key. The error does not repeat another text, which may be a secret key.
pub(crate) fn reader(text: &str) -> Result<Recipient, Failure> {
    text.trim().parse().map_err(|_| {
        Failure::input(
            "a record is sealed to an age key, which begins with age1: what you gave is not one. Ask the reader for the public \
             half of his key",
        )
    })
}

/// Shows a report, and fails if the record does not stand for one payment.
pub(crate) fn tell(report: &Report, assets: &KnownAssets, output: Output) -> Result<(), Failure> {
    output.result(report, || told(report, assets, output));
    match (report.is_good(), report.faults.is_empty()) {
        (true, _) => Ok(()),
        (false, true) => Err(Failure::new(
            Kind::Expectation,
            "not_covered",
            "the record does not stand for one of these payments: do not book any of them under it",
        )),
        (false, false) => Err(Failure::new(
            Kind::Expectation,
            "payload_refused",
            "the payload breaks the standard: do not book a payment under it",
        )),
    }
}

fn told(report: &Report, assets: &KnownAssets, output: Output) -> String {
    let mut out = format!(
        "{}\n  hash      {}\n  pays      {}\n  to        {}\n",
        output.paint(Style::Title, "The travel-rule record"),
        report.hash,
        assets.format_amount(report.amount.of.asset, report.amount.value.0),
        report.address,
    );
    for payment in &report.payments {
        out += &format!(
            "  payment   {}, output {}, block {}, {}\n",
            payment.txid,
            payment.output,
            payment.height,
            moment(payment.time.unix)
        );
    }
    let persons = report.persons();
    if !persons.is_empty() {
        let mut table = Table::new(["part", "name", "particulars"]);
        for row in persons {
            table.row(row);
        }
        out += &format!("\n{}", table.render(output.results()));
    }
    for fault in &report.faults {
        out += &format!("\n  {fault}");
    }
    let style = if report.is_good() { Style::Good } else { Style::Bad };
    for line in report.verdict() {
        out += &format!("\n  {}", output.paint(style, line));
    }
    out + &format!("\n  UNVERIFIED: {}", report.unverified())
}
