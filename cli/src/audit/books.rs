//! `louver audit book`: books, checked against the ledger.

use core::fmt::Write as _;
use std::path::{Path, PathBuf};

use age::x25519::Identity;
use louver_core::{asset::KnownAssets, calendar::moment, text::visible};
use louver_viewkeys::{
    auditor::ReaderKeys,
    book::{Book, BookAccount, BookFact, BookMark, VerifiedBook, words},
    report::{Amount, Sum, words as reports},
    signed::{Asked, OpenError, Reading},
};
use pollster::block_on;

use super::{NodeArgs, asking, identity, unverified, verifier};
use crate::{
    clock,
    exit::Failure,
    file,
    output::{Output, Style, Table, progress::Line},
    trust::heading,
};

/// Checks the books of an account against the ledger, and adds up
///
/// It reads every block from the first month of the book on, finds every transaction that the account made, and names what the
/// book leaves out. Earlier books of the account are joined to it: what one ends with, the next begins with.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  louver audit book alice.book --key auditor.key --genesis-hash HASH
  louver audit book alice.book --key auditor.key --json > verdict.json
  louver audit book answer.book --request book.request --key auditor.key
  louver audit book december.book --after november.book --key auditor.key")]
pub(super) struct CheckBook {
    /// The book
    file: PathBuf,
    /// The book before, which ends where this one begins; several, the earliest first
    #[arg(long, value_name = "FILE")]
    after: Vec<PathBuf>,
    /// The auditor's secret key
    #[arg(long, value_name = "FILE", default_value = "auditor.key")]
    key: PathBuf,
    /// Your name, if the book must be for you
    #[arg(long = "as", value_name = "NAME")]
    reader: Option<String>,
    /// The request that you made, which it must answer
    #[arg(long, value_name = "FILE", conflicts_with = "reader")]
    request: Option<PathBuf>,
    /// The account that must have made it (lvraid1...)
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    #[command(flatten)]
    node: NodeArgs,
}

impl CheckBook {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        let key = identity(&self.key)?;
        let books: Vec<_> =
            self.after.iter().chain([&self.file]).map(|file| open(file, &key)).collect::<Result<_, _>>()?;
        let account = self.account.as_deref().map(str::parse).transpose().map_err(Failure::input)?;
        let ledger = self.node.ledger()?;
        let verifier = verifier(&ledger)?;
        let connection = ledger.client.connection();
        let mut before: Option<VerifiedBook> = None;
        for (index, book) in books.iter().enumerate() {
            let watch = Line::watch(output, "reading the ledger");
            let scan = block_on(connection.scan_for_book(book, watch))?;
            // A request is for the last book: the earlier ones were made for other requests.
            let asked = match &self.request {
                Some(request) if index + 1 == books.len() => {
                    Asked::Challenge(Box::new(asking::read(request, &ledger.genesis)?))
                }
                _ => Asked::Nothing,
            };
            let reading = Reading {
                genesis: ledger.genesis.hash(),
                chain: ledger.ground(),
                pool: ledger.genesis.terms().pool,
                account,
                reader: self.reader.clone(),
                asked,
                keys: Some(ReaderKeys::of(&key)),
                now: clock::now(),
            };
            let verified = connection.verify_book(book, &scan, &reading, before.as_ref(), &verifier);
            before = Some(verified.map_err(unverified)?);
        }
        let Some(verified) = before else { return Ok(()) };
        let assets = ledger.assets();
        output.document(&verified, || table(output, &verified, &assets));
        Ok(())
    }
}

fn open(path: &Path, key: &Identity) -> Result<Book, Failure> {
    Book::open(&file::read(path)?, Some(key)).map_err(|error| match error {
        OpenError::Contents(error) => Failure::input(format!("{} is not a book: {error}", path.display())),
        error => Failure::input(format!("{}: {error}", path.display())),
    })
}

fn style(mark: BookMark) -> Style {
    match mark {
        BookMark::Contradiction | BookMark::Unexplained => Style::Bad,
        BookMark::Unverified => Style::Warning,
        BookMark::Noted => Style::Good,
    }
}

/// A verdict for people. Its conclusion comes first.
fn table(output: Output, book: &VerifiedBook, assets: &KnownAssets) -> String {
    let mut out = output.paint(Style::Title, "Book");
    out.push_str(&heading(&book.chain));
    for line in reports::heading(&book.binding) {
        // Writing to a string cannot fail.
        let _ = write!(out, "\n  {}", visible(&line));
    }
    let beginning = match (book.from_the_beginning, book.joined) {
        (true, _) => ", from the beginning",
        (false, true) => ", after the book before",
        (false, false) => "",
    };
    let _ = write!(
        out,
        "\n  for the purpose: {}\n  period    {}{beginning}\n\n  {}\n\n{}",
        visible(&book.binding.purpose),
        book.epochs.all.name,
        words::conclusion(book),
        facts(output, book, assets),
    );
    for account in &book.accounts {
        let _ = write!(out, "\n{}  {}\n", sums(output, account, assets), words::balance(account, assets));
    }
    for marked in &book.findings {
        let label = output.paint(style(marked.mark), words::label(marked.mark));
        let _ = write!(out, "\n  {label}: {}", words::finding(&marked.finding, assets));
    }
    for (label, guarantees) in [("GUARANTEED", &book.guaranteed), ("CHAIN NOT CHOSEN", &book.if_chosen)] {
        for guarantee in guarantees {
            let _ = write!(out, "\n  {label}: {}", words::guarantee(*guarantee));
        }
    }
    for gap in &book.unverified {
        let _ = write!(out, "\n  UNVERIFIED: {}", words::gap(*gap));
    }
    out
}

/// Every transaction and receipt.
fn facts(output: Output, book: &VerifiedBook, assets: &KnownAssets) -> String {
    let amount = |amount: &Amount| words::amount(amount, assets);
    let amounts = |amounts: Vec<String>| amounts.join(", ");
    let mut table = Table::new(["date (UTC)", "block", "what", "came in", "went out", "fee"]).right(1);
    for fact in &book.facts {
        let (came, went, fee) = match fact {
            BookFact::Received { amount: of, .. } => (amount(of), String::new(), String::new()),
            BookFact::Made { paid, crossing, fee, host_fee, .. } => {
                let fees = [fee, host_fee].into_iter().flatten().map(amount).collect();
                let mut went: Vec<_> = paid.iter().map(|paid| amount(&paid.amount)).collect();
                let came = match crossing {
                    Some(louver_viewkeys::report::Crossing::Deposit { amount: of, .. }) => amount(of),
                    Some(louver_viewkeys::report::Crossing::Withdrawal { amount: of, .. }) => {
                        went.push(amount(of));
                        String::new()
                    }
                    _ => String::new(),
                };
                (came, amounts(went), amounts(fees))
            }
            _ => continue,
        };
        table.row([
            moment(fact.place().time.unix),
            fact.place().height.to_string(),
            words::title(fact).to_owned(),
            came,
            went,
            fee,
        ]);
    }
    table.render(output.results())
}

/// The account of one asset.
fn sums(output: Output, account: &BookAccount, assets: &KnownAssets) -> String {
    let asset = account.of.asset;
    let sum = |sum: &Sum| reports::sum(Some(sum), asset, assets);
    let units = |units: u128| assets.format_amount(asset, units);
    let mut table = Table::new(["came in", "", "went out", ""]).right(1).right(3);
    let closing = account.closing.as_ref().map_or("not stated".to_owned(), sum);
    let rows = [
        ("opening", sum(&account.opening), "paid", sum(&account.paid)),
        ("received", sum(&account.received), "withdrawn", sum(&account.withdrawn)),
        ("deposits", sum(&account.deposits), "fees", sum(&account.fees)),
        ("unexplained", units(account.unexplained.0), "closing", closing),
    ];
    for (left, came, right, went) in rows {
        table.row([left.to_owned(), came, right.to_owned(), went]);
    }
    let host = (account.host_fees.0 > 0).then(|| {
        format!("  beside it, paid outside the pool for deposits: {}\n", units(account.host_fees.0))
    });
    table.render(output.results()) + &host.unwrap_or_default()
}
