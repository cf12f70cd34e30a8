//! `louver wallet disclosures`: the register of what was shown to others.

use std::path::{Path, PathBuf};

use louver_core::{calendar::moment, epoch::EpochSchedule, text::visible};
use louver_viewkeys::{report::words::short, sheet::csv_text};
use louver_wallet::{
    register::{Disclosure, DisclosureId, DisclosureKind, LabelError, MAX_LABEL, Register},
    wallet::Wallet,
};

use super::{Place, disclosing::bytes32};
use crate::{
    clock,
    exit::Failure,
    file,
    json::{audit, quantity::Moment},
    output::{Output, Style, Table},
};

/// The columns of the CSV file.
const COLUMNS: [&str; 15] = [
    "number",
    "kind",
    "label",
    "reader",
    "recipient",
    "purpose",
    "directions",
    "first_epoch",
    "last_epoch",
    "period",
    "transactions",
    "issued_utc",
    "expires_utc",
    "hash",
    "account_number",
];

/// Lists what was shown to others: grants, packages, books and statements, the latest first
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The register is in the wallet's file. No block has it, so the recovery phrase does not bring it back: \
keep a copy of the file, or export the register. Nothing in it opens anything.

Examples:
  louver wallet disclosures --wallet alice.wallet
  louver wallet disclosures --current --json
  louver wallet disclosures --label 0 \"The tax office\"
  louver wallet disclosures --csv shown.csv"
)]
pub(super) struct Disclosures {
    /// Only disclosures that can still be presented
    #[arg(long)]
    current: bool,
    /// Only this kind: grant, package, book or statement
    #[arg(long, value_parser = kind)]
    kind: Option<DisclosureKind>,
    /// Only what has this hash, which a reader's receipt names
    #[arg(long, value_name = "HEX")]
    hash: Option<String>,
    /// Gives a record another label, which no reader sees
    #[arg(long, num_args = 2, value_names = ["NUMBER", "LABEL"])]
    label: Option<Vec<String>>,
    /// Writes the register as CSV
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
}

fn kind(text: &str) -> Result<DisclosureKind, String> {
    let named = DisclosureKind::ALL.into_iter().find(|kind| kind.name() == text);
    named.ok_or_else(|| "it is grant, package, book or statement".to_owned())
}

/// A label as it is typed.
pub(super) fn label(text: &str) -> Result<String, String> {
    match text.len() {
        length if length > MAX_LABEL => Err(LabelError::TooLong(length).to_string()),
        _ => Ok(text.to_owned()),
    }
}

/// Records a disclosure, then writes its file: so no file is anywhere that the register does not have. If the file cannot be
/// written, nobody was shown anything, and the record goes.
pub(super) fn hand_over(
    wallet: &mut Wallet,
    disclosure: &Disclosure,
    path: &Path,
    bytes: &[u8],
) -> Result<(), Failure> {
    let id = wallet.record_disclosure(disclosure).map_err(Failure::storage)?;
    let written = file::write_new(path, bytes, file::Readers::Owner);
    if written.is_err() {
        wallet.withdraw_disclosure(id)?;
    }
    written
}

impl Disclosures {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let mut wallet = place.file()?;
        let account_id = wallet.account_id(wallet.account(place.account())?).to_string();
        if let Some(path) = &self.csv {
            file::is_free(path)?;
        }
        if let Some([number, label]) = self.label.as_deref() {
            let number =
                number.parse().map_err(|_| Failure::usage("--label takes a record's number first"))?;
            wallet.label_disclosure(DisclosureId(number), label).map_err(|error| match error {
                LabelError::Store(error) => error.into(),
                error => Failure::input(error),
            })?;
        }
        let mut register = wallet.disclosures(place.account())?;
        let all = register.records.len();
        let hash = self.hash.as_deref().map(|hash| bytes32("hash", hash)).transpose()?;
        let now = clock::now();
        register.records.retain(|(_, disclosure)| {
            (!self.current || disclosure.expires > now)
                && self.kind.is_none_or(|kind| kind == disclosure.kind)
                && hash.is_none_or(|hash| hash == disclosure.hash)
        });
        let schedule = wallet.chain().schedule();
        if let Some(path) = &self.csv {
            file::write_new(path, csv(&register, &schedule).as_bytes(), file::Readers::Owner)?;
        }
        let told = audit::Disclosures {
            account_id,
            since: register.since.map(Moment::new),
            is_whole: register.is_whole,
            disclosures: register.records.iter().map(|record| told(record, &schedule)).collect(),
        };
        output.result(&told, || table(&register, all, &schedule, now, output));
        output.note(standing(&register));
        if let Some(path) = &self.csv {
            output.note(format!("{} is written", path.display()));
        }
        Ok(())
    }
}

/// The limits of the register.
fn standing(register: &Register) -> String {
    match (register.is_whole, register.since) {
        (true, Some(since)) => format!(
            "this file keeps the register since the wallet was made, {}. Another device with the same phrase keeps its own",
            moment(since)
        ),
        (_, Some(since)) => format!(
            "the register is not backed up by the recovery phrase: this one begins on {}, when the wallet was restored. What \
             was shown before, or from another device, is not in it",
            moment(since)
        ),
        (_, None) => {
            "an earlier version of Louver made this file: what was shown with it is not in the register"
                .to_owned()
        }
    }
}

fn told(
    (DisclosureId(number), of): &(DisclosureId, Disclosure),
    schedule: &EpochSchedule,
) -> audit::DisclosureRecord {
    audit::DisclosureRecord {
        number: *number,
        kind: of.kind.name().to_owned(),
        label: of.label.clone(),
        auditor: of.reader.clone(),
        recipient: of.recipient.clone(),
        purpose: of.purpose.clone(),
        directions: of.directions.clone(),
        first_epoch: of.epochs.map(|epochs| epochs.first().0),
        last_epoch: of.epochs.map(|epochs| epochs.last().0),
        period: of.epochs.map(|epochs| schedule.name_range(epochs)),
        transactions: of.transactions.iter().map(ToString::to_string).collect(),
        issued: Moment::new(of.issued),
        expires: Moment::new(of.expires),
        hash: hex::encode(of.hash),
    }
}

/// The contents of a record, for people.
fn shows(of: &Disclosure, schedule: &EpochSchedule) -> String {
    let period = of.epochs.map(|epochs| schedule.name_range(epochs));
    match (&of.directions, period, of.transactions.as_slice()) {
        (Some(directions), Some(period), _) => format!("{period}: {}", directions.replace(',', ", ")),
        (None, Some(period), _) => period,
        (.., []) => of.kind.name().to_owned(),
        (.., [txid]) => format!("transaction {}", short(&txid.to_string())),
        (.., transactions) => format!("{} transactions", transactions.len()),
    }
}

fn table(register: &Register, all: usize, schedule: &EpochSchedule, now: u64, output: Output) -> String {
    if register.records.is_empty() {
        return match (all, register.is_whole) {
            (0, true) => "nothing was shown to anybody with this wallet".to_owned(),
            (0, false) => "nothing is known to have been shown".to_owned(),
            _ => format!("none of the {all} records is of this kind"),
        };
    }
    let mut table =
        Table::new(["no", "made", "kind", "label", "reader", "shows", "purpose", "can be presented"])
            .right(0);
    for (DisclosureId(number), of) in &register.records {
        let until = match of.expires > now {
            true => format!("until {}", moment(of.expires)),
            false => output.paint(Style::Bad, "no more"),
        };
        table.row([
            number.to_string(),
            moment(of.issued),
            of.kind.name().to_owned(),
            visible(&of.label),
            visible(&of.reader),
            shows(of, schedule),
            visible(&of.purpose),
            until,
        ]);
    }
    table.render(output.results())
}

fn csv(register: &Register, schedule: &EpochSchedule) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(COLUMNS);
    for (DisclosureId(number), of) in &register.records {
        let epoch = |epoch: Option<u16>| epoch.map_or_else(String::new, |epoch| epoch.to_string());
        let txids: Vec<String> = of.transactions.iter().map(ToString::to_string).collect();
        let _ = writer.write_record([
            number.to_string(),
            of.kind.name().to_owned(),
            csv_text(&of.label),
            csv_text(&of.reader),
            of.recipient.clone().unwrap_or_default(),
            csv_text(&of.purpose),
            of.directions.clone().unwrap_or_default(),
            epoch(of.epochs.map(|epochs| epochs.first().0)),
            epoch(of.epochs.map(|epochs| epochs.last().0)),
            of.epochs.map_or_else(String::new, |epochs| schedule.name_range(epochs)),
            txids.join(" "),
            moment(of.issued),
            moment(of.expires),
            hex::encode(of.hash),
            of.account.to_string(),
        ]);
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use louver_core::epoch::{Epoch, EpochRange};
    use louver_wallet::account::AccountNumber;

    use super::*;

    /// Attacker: a reader who asks under a name that a table program takes for a formula, or that breaks the line.
    #[test]
    fn nothing_in_the_file_is_a_formula_or_breaks_its_line() {
        let of = Disclosure {
            account: AccountNumber(0),
            kind: DisclosureKind::Grant,
            label: "=SUM(A1)".to_owned(),
            reader: "@evil\r\n2,grant".to_owned(),
            recipient: Some("age1reader".to_owned()),
            purpose: "+1".to_owned(),
            directions: Some("incoming,change".to_owned()),
            epochs: EpochRange::new(Epoch(0), Epoch(0)),
            transactions: Vec::new(),
            issued: 0,
            expires: 60,
            hash: [1; 32],
        };
        let register = Register { since: Some(0), is_whole: true, records: vec![(DisclosureId(7), of)] };
        let schedule = EpochSchedule::ENDLESS;
        let csv = csv(&register, &schedule);
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        let [row] = rows.as_slice() else { panic!("{csv}") };
        for (column, cell) in row.iter().enumerate() {
            let first = cell.chars().next();
            assert!(!matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r')), "{column}: {cell}");
            assert!(!cell.contains(['\r', '\n']), "{column}: {cell}");
        }
    }
}
