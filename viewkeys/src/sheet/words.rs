//! Sentences about statements for accountants: for each figure, how far it can be relied on and why.

use super::{
    AccountStatement, AssetStatement, DifferenceKind, Line, MissingPrice, Origin, Statement, Unexplained,
};
use crate::report::{Assurance, ChainChoice, Counterparty, Denomination, Entry, EntryKind, words};

/// A sum with its asset, as `12.50 LVR#1`.
pub fn amount(of: &Denomination, units: u128) -> String {
    format!("{} {}", of.number(units), of.unit())
}

/// A balance without its asset, as `-12.50`.
pub fn balance(of: &Denomination, balance: super::Balance) -> String {
    let sign = if balance.0 < 0 { "-" } else { "" };
    format!("{sign}{}", of.number(balance.0.unsigned_abs()))
}

/// The name of an entry's kind.
pub fn kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Received => "Received",
        EntryKind::Deposit => "Deposit",
        EntryKind::Paid => "Paid",
        EntryKind::Withdrawn => "Withdrawal",
        EntryKind::Fee => "Fee",
    }
}

/// The other side of a payment, in full. The text holds an address, if one is shown.
pub fn counterparty(counterparty: &Counterparty) -> String {
    match counterparty {
        Counterparty::Address { address } => address.clone(),
        Counterparty::Transparent { account } => format!("transparent account {account}"),
        Counterparty::BlockMaker => "network fee".to_owned(),
        Counterparty::NotShown => "not shown".to_owned(),
    }
}

/// The other side of a payment, its address shortened.
pub fn counterparty_in_short(counterparty: &Counterparty) -> String {
    match counterparty {
        Counterparty::Address { address } => words::short(address),
        Counterparty::Transparent { account } => format!("transparent account {}", words::short(account)),
        Counterparty::BlockMaker | Counterparty::NotShown => self::counterparty(counterparty),
    }
}

/// The meaning of a label, for a reader of accounts.
pub fn meaning(assurance: Assurance) -> &'static str {
    match assurance {
        Assurance::Guaranteed => {
            "Proven by the ledger. Neither the account's owner nor the other side can have made it up."
        }
        Assurance::ChainNotChosen => {
            "Proven on a chain that nobody chose beforehand. Whoever ran the server could have made up the whole chain."
        }
        Assurance::Unverified => {
            "Stated and not proven, or not known to be complete. Ask for other evidence before you rely on it."
        }
        Assurance::Unexplained => {
            "It happened, and part of it is not shown. Ask the owner where the money came from or went."
        }
    }
}

/// Why an entry has its label.
pub fn why(entry: &Entry, own_shown: bool) -> &'static str {
    match (entry.assurance, entry.kind) {
        (Assurance::ChainNotChosen, _) => {
            "True on the chain that was read, which nobody chose beforehand: a server could have made it up."
        }
        (Assurance::Unverified | Assurance::Unexplained, _) => {
            "The account's own record says so. It is not proven that this account made the payment."
        }
        (Assurance::Guaranteed, EntryKind::Received) if own_shown => {
            "The ledger proves that this amount came to the account, from a transaction that this account did not make. It \
             does not show who paid."
        }
        (Assurance::Guaranteed, EntryKind::Received) => {
            "The ledger proves that this amount came to the account. It does not show who paid: it may be the account itself."
        }
        (Assurance::Guaranteed, EntryKind::Deposit) if own_shown => {
            "The public record shows that this account brought the amount in from the transparent account named."
        }
        (Assurance::Guaranteed, EntryKind::Deposit) => {
            "The ledger proves that this amount came to the account by a deposit from the transparent account named. It may \
             be the owner's own money."
        }
        (Assurance::Guaranteed, EntryKind::Paid) => {
            "The ledger proves that this account paid the amount to the address named. It does not show whose address that is."
        }
        (Assurance::Guaranteed, EntryKind::Withdrawn) => {
            "The public record shows that this account paid the amount out to the transparent account named."
        }
        (Assurance::Guaranteed, EntryKind::Fee) => {
            "The fee stands in the public record of a transaction that this account made."
        }
    }
}

/// Why a line is not fully explained; nothing if it hides nothing.
pub fn hidden(line: &Line) -> Option<String> {
    (line.hidden_outputs > 0).then(|| {
        "The amounts named are on the ledger, but the same transaction may have moved more money, to where the grant does not \
         show. Ask the owner for it."
            .to_owned()
    })
}

/// The parts of a transaction that are not shown, in a sentence.
pub fn unexplained(of: &Unexplained) -> String {
    let outputs = match of.hidden_outputs {
        0 => None,
        1 => Some("it may have paid 1 amount that the grant does not show".to_owned()),
        more => Some(format!("it may have paid up to {more} amounts that the grant does not show")),
    };
    let notes = match of.hidden_notes {
        0 => None,
        1 => Some("it spent 1 amount whose size the grant does not show".to_owned()),
        more => Some(format!("it spent {more} amounts whose sizes the grant does not show")),
    };
    let parts: Vec<String> = outputs.into_iter().chain(notes).collect();
    format!("The account made this transaction: {}.", parts.join(", and "))
}

/// The reason of a difference, for its row.
pub fn difference(kind: DifferenceKind) -> &'static str {
    match kind {
        DifferenceKind::CameUnseen => "Came from money that is not shown",
        DifferenceKind::WentUnseen => "Went to where it is not shown",
        DifferenceKind::SpentOutside => "Spent after the period",
    }
}

/// Why a difference has its label.
pub fn why_difference(kind: DifferenceKind) -> &'static str {
    match kind {
        DifferenceKind::CameUnseen => {
            "The account spent this money, and nothing shows how it came in: it is from before the period, or its receipt was \
             kept back."
        }
        DifferenceKind::WentUnseen => "The account spent this money, and nothing shows where it went.",
        DifferenceKind::SpentOutside => {
            "The ledger proves that this money was spent by a transaction of another period than the grant's, so that where it \
             went is not shown here."
        }
    }
}

/// Why the opening balance has its label.
pub fn opening(asset: &AssetStatement) -> &'static str {
    match (asset.opening.value, asset.opening.assurance) {
        (Some(_), Assurance::Guaranteed) => {
            "The period begins with the ledger itself, so the account had nothing before it."
        }
        (Some(_), _) => "The period begins with the ledger that was read, which nobody chose beforehand.",
        (None, _) if asset.closing.value.is_some() => {
            "The grant does not show what the account had before the period. The lines count from zero."
        }
        (None, _) => {
            "The grant does not show everything that comes in and goes out, so no balance can be stated."
        }
    }
}

/// Why the closing balance has its label.
pub fn closing(asset: &AssetStatement) -> &'static str {
    match (asset.closing.value, asset.closing.assurance) {
        (None, _) => {
            "The grant does not show everything that comes in and goes out, so no balance can be stated."
        }
        (Some(_), Assurance::Guaranteed) => {
            "What came in is what went out and what is left. It is at least this: money that was never shown to you may be \
             there too."
        }
        (Some(_), Assurance::ChainNotChosen) => {
            "What came in is what went out and what is left, on a chain that nobody chose beforehand."
        }
        (Some(_), Assurance::Unverified) => "The sums meet by the account's own record, which is not proven.",
        (Some(_), Assurance::Unexplained) => {
            "The money that is shown and not spent. Part of what came or went is not explained: see the lines before it."
        }
    }
}

/// Why a sum of what came in or went out has its label.
pub fn sum(assurance: Assurance, own_shown: bool) -> &'static str {
    match (assurance, own_shown) {
        (Assurance::Guaranteed, true) => {
            "The sum of the lines below, each of which is proven. More may exist that the grant does not show."
        }
        (Assurance::Guaranteed, false) => {
            "The sum of the lines below. Payments of the account to itself may be among them."
        }
        (Assurance::ChainNotChosen, _) => {
            "The sum of the lines below, on a chain that nobody chose beforehand."
        }
        (Assurance::Unverified, _) => {
            "The sum of the lines below, some of which only the account's own record states."
        }
        (Assurance::Unexplained, _) => "The sum of the lines below, some of which are not explained.",
    }
}

/// The sentences that a reader has to see before any figure.
pub fn first(account: &AccountStatement) -> Vec<String> {
    let chosen = match account.chain.chosen {
        ChainChoice::Genesis | ChainChoice::Block => {
            "The ledger that was read is the one that the reader named beforehand.".to_owned()
        }
        ChainChoice::Nothing => {
            "The reader named no ledger beforehand, so nothing here is guaranteed: a server could have made up all of it. Ask \
             somebody you trust for the chain's genesis hash, and scan again with it."
                .to_owned()
        }
    };
    let origin = match account.origin {
        Origin::Scanned => None,
        Origin::Stored => Some(
            "The figures come from a stored report and were not checked against the ledger again. Nobody signs a report: rely \
             on it only if you stored it yourself."
                .to_owned(),
        ),
    };
    [chosen].into_iter().chain(origin).collect()
}

/// Sentences on the prices of a statement.
pub fn prices(statement: &Statement) -> Option<String> {
    let prices = statement.prices.as_ref()?;
    let missing = match statement.missing_prices.len() {
        0 => String::new(),
        1 => " One price is missing, and is listed: its amounts have no value.".to_owned(),
        more => format!(" {more} prices are missing, and are listed: their amounts have no value."),
    };
    Some(format!(
        "Values in {} are by the prices in the file {}, which the reader brought. Nobody checked these prices. Each is of the \
         day in UTC, and a value is rounded to the nearest hundredth.{missing}",
        prices.currency, prices.file
    ))
}

/// A price that is missing.
pub fn missing(missing: &MissingPrice) -> String {
    format!("no price of {} for {}: amounts of that day have no value", missing.asset, missing.date)
}

/// How many transactions stand in more than one account's statement.
pub fn shared(transactions: usize) -> String {
    match transactions {
        1 => "1 transaction stands in more than one of these accounts".to_owned(),
        more => format!("{more} transactions stand in more than one of these accounts"),
    }
}

/// The directions that a grant shows, in words.
pub fn shows(account: &AccountStatement) -> String {
    let of = account.directions;
    let parts: Vec<&str> = [
        (of.incoming, "what came in"),
        (of.change, "the account's own change"),
        (of.outgoing, "what was paid to others"),
        (of.spends, "what was spent"),
        (of.detection, "every transaction that the account made"),
    ]
    .into_iter()
    .filter_map(|(shown, name)| shown.then_some(name))
    .collect();
    parts.join(", ")
}

/// The memo of an entry, with whose words they are.
pub fn memo(entry: &Entry) -> Option<(&'static str, String)> {
    let whose = match entry.kind {
        EntryKind::Received | EntryKind::Deposit => "The payer wrote",
        EntryKind::Paid | EntryKind::Withdrawn | EntryKind::Fee => "The owner wrote",
    };
    words::written(&entry.written).map(|memo| (whose, memo))
}
