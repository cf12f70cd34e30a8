//! `louver audit book`: books, checked against the ledger.

use core::fmt::Write as _;
use std::path::{Path, PathBuf};

use age::x25519::Identity;
use louver_client::offline::ShownChain;
use louver_core::{asset::KnownAssets, calendar::moment, text::visible};
use louver_viewkeys::{
    book::{Book, BookAccount, BookFact, BookMark, VerifiedBook, words},
    report::{Amount, Sum, words as reports},
    signed::{Asked, OpenError, Reading},
};
use pollster::block_on;

use super::{NodeArgs, Writing, demands::Demands, identity, offline, receipts, unverified, verifier};
use crate::{
    exit::Failure,
    file,
    output::{Output, Style, Table, progress::Line},
    trust::heading,
};

/// Checks the books of an account against the ledger, and adds up
///
/// It reads every block from the first month of the book on, finds every transaction that the account made, and names what the
/// book leaves out. Earlier books of the account are joined to it: what one ends with, the next begins with.
///
/// With --offline no node is asked: the proof beside each book shows the transactions that it names. Then nothing shows what it
/// leaves out, and nothing passes on to the next book.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  louver audit book alice.book --key auditor.key --memos --genesis-hash HASH
  louver audit book alice.book --key auditor.key --json > verdict.json
  louver audit book answer.book --request book.request --key auditor.key --receipt book.receipt
  louver audit book answer.book --offline --key auditor.key --genesis-hash HASH
  louver audit book december.book --after november.book --key auditor.key")]
pub(super) struct CheckBook {
    /// The book
    file: PathBuf,
    /// The book before, which ends where this one begins; several, the earliest first
    #[arg(long, value_name = "FILE")]
    after: Vec<PathBuf>,
    #[command(flatten)]
    demands: Demands,
    /// Reads the memos of payments whose recipients the book shows. The node learns in which blocks they are
    #[arg(long, conflicts_with = "offline")]
    memos: bool,
    /// Asks no node: everything stands in the proof beside the book
    #[arg(long)]
    offline: bool,
    #[command(flatten)]
    node: NodeArgs,
}

impl CheckBook {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        let key = self.demands.key.as_deref().map(identity).transpose()?;
        let files: Vec<&PathBuf> = self.after.iter().chain([&self.file]).collect();
        let books: Vec<Book> = files.iter().map(|file| open(file, key.as_ref())).collect::<Result<_, _>>()?;
        let (writing, key) = (self.demands.writing()?, self.demands.key.clone());
        let demanded = self.demands.read()?;
        if self.offline {
            let shown = |file: &PathBuf| offline::shown(file, None, key.as_deref(), &self.node.chain);
            let chains: Vec<ShownChain> = files.iter().map(|file| shown(file)).collect::<Result<_, _>>()?;
            let Some(chain) = chains.last() else { return Ok(()) };
            let reading = demanded.reading(&chain.genesis, chain.ground.clone())?;
            let verified = each(&books, &reading, |index, book, reading, before| {
                let chain = &chains[index];
                let reading = Reading { chain: chain.ground.clone(), ..reading };
                let (ledger, verifier) = (chain.ledger_of(book)?, chain.verifier()?);
                let place = (&chain.assets, &chain.genesis);
                ledger.verify(book, place, &reading, before, &verifier).map_err(unverified)
            })?;
            return tell(&books, verified, &chain.assets, writing, output);
        }
        let ledger = self.node.ledger()?;
        let reading = demanded.reading(&ledger.genesis, ledger.ground())?;
        let verifier = verifier(&ledger)?;
        let connection = ledger.client.connection();
        let verified = each(&books, &reading, |_, book, reading, before| {
            let watch = Line::watch(output, "reading the ledger");
            let mut scan = block_on(connection.scan_for_book(book, watch))?;
            if self.memos {
                scan = block_on(connection.read_memos(book, scan))?;
            }
            // The head moved on when the ledger was read.
            let reading = Reading { chain: ledger.ground(), ..reading };
            connection.verify_book(book, &scan, &reading, before, &verifier).map_err(unverified)
        })?;
        tell(&books, verified, &ledger.assets(), writing, output)
    }
}

/// Checks books one after the other, each with the one before. A request is for the last one: the earlier ones were made for others.
fn each(
    books: &[Book],
    reading: &Reading,
    verify: impl Fn(usize, &Book, Reading, Option<&VerifiedBook>) -> Result<VerifiedBook, Failure>,
) -> Result<Option<VerifiedBook>, Failure> {
    let mut last = None;
    for (index, book) in books.iter().enumerate() {
        let asked = if index + 1 == books.len() { reading.asked.clone() } else { Asked::Nothing };
        let reading = Reading { asked, ..reading.clone() };
        // It takes long to read the ledger: first it is seen whether the book is for this reader.
        book.check(&reading).map_err(unverified)?;
        last = Some(verify(index, book, reading, last.as_ref())?);
    }
    Ok(last)
}

/// Says what the last of some books shows, and writes a receipt for it.
fn tell(
    books: &[Book],
    verified: Option<VerifiedBook>,
    assets: &KnownAssets,
    Writing(writing): Writing,
    output: Output,
) -> Result<(), Failure> {
    let Some((book, verified)) = books.last().zip(verified) else { return Ok(()) };
    if let Some((path, key)) = writing {
        receipts::write(&path, book, &key, &verified.chain, words::sentences(&verified, assets))?;
        output.note(format!("{} says under your signature what you were shown", path.display()));
    }
    output.document(&verified, || table(output, &verified, assets));
    Ok(())
}

pub(super) fn open(path: &Path, key: Option<&Identity>) -> Result<Book, Failure> {
    Book::open(&file::read(path)?, key).map_err(|error| match error {
        OpenError::NoKey => Failure::input(format!(
            "{} is sealed to its reader: name the file of your secret key with --key",
            path.display()
        )),
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
    let _ = write!(
        out,
        "\n  for the purpose: {}\n  period    {}\n\n  {}\n\n{}",
        visible(&book.binding.purpose),
        words::period(book),
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
            let _ = write!(out, "\n  {label}: {}", words::guarantee(*guarantee, &book.chain));
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
                let mut went: Vec<_> = paid.iter().map(|paid| words::payment(paid, assets)).collect();
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
