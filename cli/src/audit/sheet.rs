//! Statements for accountants: files beside a scan, and `louver audit export`.

use core::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use louver_core::text::visible;
use louver_viewkeys::{
    report::{Report, words as labels},
    sheet::{
        AccountStatement, AssetStatement, CsvForm, Figure, Labels, Line, Origin, Prices, SheetError, Source,
        Statement, words,
    },
};

use super::table::label;
use crate::{
    clock,
    exit::Failure,
    file,
    output::{Output, Style, Table},
    trust::heading,
};

impl From<SheetError> for Failure {
    fn from(error: SheetError) -> Self {
        Self::input(error)
    }
}

/// The columns of a CSV file
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Every fact, with its standing and why
    Louver,
    /// The universal form of Koinly
    Koinly,
    /// The form of CoinTracker
    #[value(name = "cointracker")]
    CoinTracker,
}

/// Files for an accountant
#[derive(Debug, clap::Args)]
pub(super) struct SheetArgs {
    /// Writes the payments as CSV
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// The columns of the CSV file
    #[arg(long, value_enum, default_value_t = Format::Louver, requires = "csv")]
    format: Format,
    /// Writes a statement of account as a page, to read in a browser and to print
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Your prices: CSV with the columns date,asset,currency,price. Nothing else gives amounts a value
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,
    /// Labels of transactions and addresses: CSV with the columns of,label. They stand apart from facts
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
}

/// Makes statements for an accountant out of stored reports, without a node
///
/// A report is stored by `louver audit scan --json > report.json`. Nobody signs it: store it where nobody else can alter it.
/// Several reports make one statement, if they are of one chain and no payment stands in two of them for one account.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  louver audit export report.json
  louver audit export report.json --html statement.html --csv payments.csv
  louver audit export report.json --csv koinly.csv --format koinly --prices prices.csv
  louver audit export report.json --json")]
pub(super) struct Export {
    /// The stored reports
    #[arg(required = true, value_name = "REPORT")]
    reports: Vec<PathBuf>,
    #[command(flatten)]
    sheets: SheetArgs,
}

impl Export {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        let sheets = self.sheets.open()?;
        let sources = self.reports.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
        let statement = sheets.write(&sources, output)?;
        output.document(&statement, || human(output, &statement));
        Ok(())
    }
}

fn read(path: &Path) -> Result<Source, Failure> {
    let name = path.display().to_string();
    let report =
        Report::from_json(&file::read(path)?).map_err(|error| Failure::input(format!("{name}: {error}")))?;
    Ok(Source { name, origin: Origin::Stored, report })
}

/// The files to write, and the files that the reader brought.
pub(super) struct Sheets {
    args: SheetArgs,
    prices: Option<Prices>,
    labels: Labels,
}

impl SheetArgs {
    /// Reads what the reader brought, and sees that nothing is overwritten, before any long work.
    pub(super) fn open(self) -> Result<Sheets, Failure> {
        for path in [&self.csv, &self.html].into_iter().flatten() {
            file::is_free(path)?;
        }
        if self.csv.is_some() && self.csv == self.html {
            return Err(Failure::usage("the CSV file and the page need two names"));
        }
        let name = |path: &Path| path.display().to_string();
        let prices = self
            .prices
            .as_deref()
            .map(|path| Ok::<_, Failure>(Prices::read(&name(path), &file::read(path)?)?));
        let labels = self
            .labels
            .as_deref()
            .map(|path| Ok::<_, Failure>(Labels::read(&name(path), &file::read(path)?)?));
        Ok(Sheets {
            prices: prices.transpose()?,
            labels: labels.transpose()?.unwrap_or_default(),
            args: self,
        })
    }
}

impl Sheets {
    /// Writes the files that were asked for, and returns their statement.
    pub(super) fn write(&self, sources: &[Source], output: Output) -> Result<Statement, Failure> {
        let statement = Statement::new(sources, self.prices.as_ref(), &self.labels)?;
        let SheetArgs { csv, format, html, .. } = &self.args;
        if let Some(path) = csv {
            let form = match format {
                Format::Louver => CsvForm::Louver,
                Format::Koinly => CsvForm::Koinly,
                Format::CoinTracker => CsvForm::CoinTracker,
            };
            file::write_new(path, statement.csv(form).as_bytes(), file::Readers::Owner)?;
            let count = statement.not_guaranteed();
            if count > 0 && !matches!(format, Format::Louver) {
                output.note(format!(
                    "{count} transactions in {} are not guaranteed, and its columns have no place to say so: read the \
                     statement before you file them",
                    path.display()
                ));
            }
        }
        if let Some(path) = html {
            file::write_new(path, statement.html(clock::now()).as_bytes(), file::Readers::Owner)?;
        }
        for path in [csv, html].into_iter().flatten() {
            output.note(format!("{} is written", path.display()));
        }
        for missing in &statement.missing_prices {
            output.note(words::missing(missing));
        }
        Ok(statement)
    }

    /// Whether anything is asked for.
    pub(super) fn are_asked(&self) -> bool {
        self.args.csv.is_some() || self.args.html.is_some()
    }
}

/// A statement for people.
fn human(output: Output, statement: &Statement) -> String {
    let mut out = output.paint(Style::Title, "Statement of account");
    // Writing to a string cannot fail.
    for account in &statement.accounts {
        let _ = write!(out, "{}\n  account   {}", heading(&account.chain), visible(&account.account));
        if let Some(label) = &account.label {
            let _ = write!(out, " (label, not checked: \"{}\")", visible(label));
        }
        let _ = write!(
            out,
            "\n  period    {}\n  shows     {}\n",
            visible(&account.epochs.all.name),
            words::shows(account)
        );
        for line in words::first(account) {
            let _ = write!(out, "\n  {line}");
        }
        out.push('\n');
        for asset in &account.assets {
            of_asset(&mut out, output, account, asset);
        }
        for of in &account.unexplained {
            let _ = write!(
                out,
                "\n  {}: {} {} Transaction {}.",
                label(output, louver_viewkeys::report::Assurance::Unexplained),
                labels::time(&of.place.time),
                words::unexplained(of),
                labels::short(&visible(&of.place.txid)),
            );
        }
    }
    if statement.accounts.len() > 1 {
        out.push_str("\n\nNo sum runs over two accounts: a payment from one to the other would count twice.");
    }
    if let Some(prices) = words::prices(statement) {
        let _ = write!(out, "\n\n{}", visible(&prices));
    }
    out
}

fn of_asset(out: &mut String, output: Output, account: &AccountStatement, asset: &AssetStatement) {
    let mut table =
        Table::new(["date (UTC)", "what", "in", "out", "balance", "label"]).right(2).right(3).right(4);
    let balance = |figure: Figure| {
        figure.value.map_or("not stated".to_owned(), |value| words::balance(&asset.of, value))
    };
    let edge = |name: &str, figure: Figure| {
        let empty = String::new;
        [empty(), name.to_owned(), empty(), empty(), balance(figure), label(output, figure.assurance)]
    };
    let number = |units: u128| if units == 0 { String::new() } else { asset.of.number(units) };
    table.row(edge("opening balance", asset.opening));
    for line in &asset.lines {
        let of = Figure { value: line.balance, assurance: line.assurance };
        table.row([
            labels::time(&line.place.time).replace(" UTC", ""),
            what(line),
            number(line.incoming.0),
            number(line.outgoing.0),
            balance(of),
            label(output, line.assurance),
        ]);
    }
    for difference in &asset.differences {
        let (size, of) = (
            number(difference.amount.0.unsigned_abs()),
            Figure { value: Some(difference.balance), assurance: difference.assurance },
        );
        let (came, went) =
            if difference.amount.0 > 0 { (size, String::new()) } else { (String::new(), size) };
        let name = words::difference(difference.kind).to_lowercase();
        table.row([String::new(), name, came, went, balance(of), label(output, difference.assurance)]);
    }
    table.row(edge("closing balance", asset.closing));
    let _ = write!(
        out,
        "\n{}\n\n{}",
        output.paint(Style::Title, asset.of.unit()),
        table.render(output.results())
    );
    let own = account.directions.detection;
    for (name, figure, why) in [
        ("opening balance", Some(asset.opening), words::opening(asset)),
        ("came in", asset.incoming, asset.incoming.map_or("", |sum| words::sum(sum.assurance, own))),
        ("went out", asset.outgoing, asset.outgoing.map_or("", |sum| words::sum(sum.assurance, own))),
        ("closing balance", Some(asset.closing), words::closing(asset)),
    ] {
        match figure {
            Some(figure) => {
                let _ =
                    write!(out, "\n  {name} {}: {}. {why}", balance(figure), label(output, figure.assurance));
            }
            None => {
                let _ = write!(out, "\n  {name}: the grant does not show it. That is not the same as zero.");
            }
        }
    }
    for difference in &asset.differences {
        let _ = write!(
            out,
            "\n  {}: {}. {}",
            words::difference(difference.kind).to_lowercase(),
            label(output, difference.assurance),
            words::why_difference(difference.kind)
        );
    }
    out.push('\n');
}

/// A line in words: its entries, then what people say.
fn what(line: &Line) -> String {
    let mut parts: Vec<String> = Vec::new();
    for of in &line.entries {
        let other = words::counterparty_in_short(&of.entry.counterparty);
        parts.push(format!("{}, {}", words::kind(of.entry.kind).to_lowercase(), visible(&other)));
        parts.extend(words::memo(&of.entry).map(|(_, memo)| format!("\"{}\"", visible(&memo))));
    }
    parts.extend(line.label.as_ref().map(|label| format!("label: \"{}\"", visible(label))));
    parts.join("; ")
}
