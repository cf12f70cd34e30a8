//! Sentences about verdicts on books, in plain English.

use louver_core::{
    asset::{AssetId, KnownAssets},
    text::visible,
};

use super::{
    BookAccount, BookBalance, BookFact, BookFinding, BookGap, BookGuarantee, BookMark, BookNote, BookPayment,
    SpentNote, VerifiedBook,
};
use crate::{
    receipt::{self, Sentence},
    report::{Amount, Assurance, Ground, Place, Sum, words as reports},
};

/// An output that the account calls paid: the amount, and the memo if it is shown.
pub fn payment(payment: &BookPayment, assets: &KnownAssets) -> String {
    let amount = amount(&payment.amount, assets);
    match reports::written(&payment.written) {
        Some(memo) => format!("{amount} ({})", visible(&memo)),
        None => amount,
    }
}

/// The label of a mark.
pub fn label(mark: BookMark) -> &'static str {
    match mark {
        BookMark::Contradiction => "CONTRADICTION",
        BookMark::Unexplained => "UNEXPLAINED",
        BookMark::Unverified => "UNVERIFIED",
        BookMark::Noted => "NOTED",
    }
}

/// The name of a fact, in a word or two.
pub fn title(fact: &BookFact) -> &'static str {
    match fact {
        BookFact::Received { .. } => "received",
        BookFact::Made { crossing: Some(crate::report::Crossing::Deposit { .. }), .. } => "deposited",
        BookFact::Made { crossing: Some(crate::report::Crossing::Withdrawal { .. }), .. } => "withdrew",
        BookFact::Made { paid, .. } if paid.is_empty() => "moved its own",
        BookFact::Made { .. } => "paid",
    }
}

/// A finding, as a sentence.
pub fn finding(finding: &BookFinding, assets: &KnownAssets) -> String {
    let spent = |SpentNote { note, spent_in }: &SpentNote| {
        (self::note(note, assets), format!("spent in {}", place(spent_in)))
    };
    match finding {
        BookFinding::PaidAndSpent(input) => {
            let (note, spent) = spent(input);
            format!("{note} was called paid, and the account {spent}: it counts as the account's own")
        }
        BookFinding::NotOpened { place: at, .. } => format!(
            "the account made {}, and the book does not open it: no closing balance is stated",
            place(at)
        ),
        BookFinding::KeptBack(input) => {
            let (note, spent) = spent(input);
            format!("a receipt was kept back: {note}, {spent}")
        }
        BookFinding::OfNotOpened(input) => {
            let (note, spent) = spent(input);
            format!("{note}, {spent}, comes from a transaction that the book does not open")
        }
        BookFinding::NotHandedOn(input) => {
            let (note, spent) = spent(input);
            format!("a receipt was kept back from the book before: {note}, {spent}")
        }
        BookFinding::NotTakenOver { note } => {
            format!("the book before ends with {}, and this one does not have it", self::note(note, assets))
        }
        BookFinding::OpeningUnverified { note } => format!(
            "{} is said to have been there before. Nothing proves that it was not spent by then, so it does not count",
            self::note(note, assets)
        ),
        BookFinding::Gap { missing } => format!("no book shows {}", missing.name),
        BookFinding::Overlap { both } => format!("this book and the one before both show {}", both.name),
        BookFinding::NothingHandedOn => {
            "the book before states no closing balance that can be relied on, so nothing is taken over"
                .to_owned()
        }
        BookFinding::NotRead => {
            "the ledger was not read, so nothing shows whether the account made transactions that the book leaves out, and what \
             is left at the end may be spent: any node shows the ledger to you"
                .to_owned()
        }
        BookFinding::NotOver { epochs } => {
            format!("more transactions may come that declare {}", epochs.name)
        }
        BookFinding::InGrace { place: at } => {
            format!("{} stands in a block that was made after the month that it declares", place(at))
        }
    }
}

/// A guarantee, as a sentence of a verdict on a chain.
pub fn guarantee(guarantee: BookGuarantee, chain: &Ground) -> String {
    let under = chain.whoever_lies();
    match guarantee {
        BookGuarantee::Transactions => {
            format!("No transaction of the account declared in these months is missing, {under}.")
        }
        BookGuarantee::Openings => {
            format!(
                "Each note shown opens its commitment on the ledger, and the account's part in it is proven, {under}."
            )
        }
    }
}

/// A gap, as a sentence.
pub fn gap(gap: BookGap) -> &'static str {
    match gap {
        BookGap::UnseenReceipts => {
            "Receipts that were never shown and never spent. Closing balances are lower bounds."
        }
        BookGap::Recipients => "Whether a recipient is another person: he may be the account's owner.",
        BookGap::Payers => "Who paid the receipts.",
        BookGap::OtherAccounts => "Other accounts of the same person.",
        BookGap::Memos => "Memos, but for those that stand beside payments to recipients who are shown.",
        BookGap::Validity => {
            "Whether every transaction was valid: the chain's authorities vouch for it, unless your own node verified every \
             proof."
        }
    }
}

/// Whether the sums of an asset agree, and the difference if they do not.
pub fn balance(account: &BookAccount, assets: &KnownAssets) -> String {
    match account.balance {
        BookBalance::Closed => "opening + received + deposits = paid + withdrawn + fees + closing".to_owned(),
        BookBalance::Unexplained { came_unseen } => format!(
            "{} more was spent than came in: receipts were kept back",
            assets.format_amount(account.of.asset, came_unseen.0)
        ),
        BookBalance::NotStated => "no closing balance: a transaction of the account is not opened".to_owned(),
    }
}

/// The first sentence of a verdict: what it comes to.
pub fn conclusion(book: &VerifiedBook) -> String {
    let worst = book.findings.iter().map(|finding| finding.mark).min();
    match worst {
        Some(BookMark::Contradiction) => "The book contradicts itself.".to_owned(),
        Some(BookMark::Unexplained) => "The book leaves something out.".to_owned(),
        Some(BookMark::Unverified) => "Everything shown is proven, and something stays open.".to_owned(),
        Some(BookMark::Noted) | None => "Everything is opened, proven and accounted for.".to_owned(),
    }
}

/// The period of a book, and what it is joined to.
pub fn period(book: &VerifiedBook) -> String {
    let beginning = match (book.from_the_beginning, book.joined) {
        (true, _) => ", from the beginning",
        (false, true) => ", after the book before",
        (false, false) => "",
    };
    format!("{}{beginning}", book.epochs.all.name)
}

/// The sentences of a verdict, for a receipt. Sums have no label: the sentences after them say how far they hold.
pub fn sentences(book: &VerifiedBook, assets: &KnownAssets) -> Vec<Sentence> {
    let plain = |text: String| Sentence { label: None, text };
    let labelled = |label: Assurance, text: &str| Sentence { label: Some(label), text: text.to_owned() };
    let ground = reports::ground(&book.chain).into_iter().map(plain);
    let purpose = format!("for the purpose, in its owner's words: {:?}", visible(&book.binding.purpose));
    let said = format!("a book of {}. {}", period(book), conclusion(book));
    let accounts = book.accounts.iter().map(|account| plain(sums(account, assets)));
    let findings = book.findings.iter().map(|marked| {
        let text = finding(&marked.finding, assets);
        match marked.mark {
            BookMark::Contradiction => labelled(Assurance::Unexplained, &format!("contradiction: {text}")),
            BookMark::Unexplained => labelled(Assurance::Unexplained, &text),
            BookMark::Unverified => labelled(Assurance::Unverified, &text),
            BookMark::Noted => plain(text),
        }
    });
    let held =
        book.guaranteed.iter().map(|held| labelled(Assurance::Guaranteed, &guarantee(*held, &book.chain)));
    let open =
        book.if_chosen.iter().map(|held| labelled(Assurance::ChainNotChosen, &guarantee(*held, &book.chain)));
    let gaps = book.unverified.iter().map(|open| labelled(Assurance::Unverified, gap(*open)));
    let about = receipt::about(&book.binding).into_iter().chain([plain(purpose), plain(said)]);
    ground.chain(about).chain(accounts).chain(findings).chain(held).chain(open).chain(gaps).collect()
}

/// The sums of an asset in one sentence, and whether they agree.
fn sums(account: &BookAccount, assets: &KnownAssets) -> String {
    let asset = account.of.asset;
    let sum = |sum: &Sum| reports::sum(Some(sum), asset, assets);
    format!(
        "{}: opening {}, received {}, deposits {}, paid {}, withdrawn {}, fees {}, closing {}. {}",
        reports::asset_in_full(asset, assets),
        sum(&account.opening),
        sum(&account.received),
        sum(&account.deposits),
        sum(&account.paid),
        sum(&account.withdrawn),
        sum(&account.fees),
        account.closing.as_ref().map_or("not stated".to_owned(), sum),
        balance(account, assets)
    )
}

/// An amount of a known asset.
pub fn amount(amount: &Amount, assets: &KnownAssets) -> String {
    of(amount.of.asset, u128::from(amount.value.0), assets)
}

fn of(asset: AssetId, value: u128, assets: &KnownAssets) -> String {
    assets.format_amount(asset, value)
}

fn note(note: &BookNote, assets: &KnownAssets) -> String {
    format!("{} of {}", amount(&note.amount, assets), note.period)
}

fn place(place: &Place) -> String {
    format!("transaction {} in block {}", place.txid.get(..12).unwrap_or(&place.txid), place.height)
}
