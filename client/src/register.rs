//! `[disclosure-register]`: the records of disclosures for the register of their owner's wallet.

use louver_core::transaction::TxId;
use louver_viewkeys::{
    book::Book,
    grant::Grant,
    package::Package,
    scope::Directions,
    signed::{Body, Signed},
    statement::{Says, StatementFile},
};
use louver_wallet::{
    account::AccountNumber,
    register::{Disclosure, DisclosureKind},
};

/// The owner's side of a disclosure, which its file does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The account that discloses.
    pub account: AccountNumber,
    /// The owner's own words for it, which no reader sees; empty if there are none.
    pub label: String,
}

impl Owner {
    /// The record of a grant. It has all that the grant says, but none of its keys.
    pub fn granted(self, grant: &Grant) -> Disclosure {
        let scope = grant.scope();
        Disclosure {
            directions: Some(scope.directions().to_string()),
            epochs: Some(scope.epochs()),
            ..self.disclosed(DisclosureKind::Grant, grant)
        }
    }

    /// The record of a package: its transactions, without what it opens of them.
    pub fn packed(self, package: &Package) -> Disclosure {
        let mut transactions: Vec<TxId> = Vec::new();
        for item in package.items() {
            if !transactions.contains(&item.txid) {
                transactions.push(item.txid);
            }
        }
        Disclosure { transactions, ..self.disclosed(DisclosureKind::Package, package) }
    }

    /// The record of a book.
    pub fn booked(self, book: &Book) -> Disclosure {
        Disclosure { epochs: Some(book.epochs()), ..self.disclosed(DisclosureKind::Book, book) }
    }

    /// The record of a statement: the epochs or the transaction that it is about, if it names some.
    pub fn stated(self, statement: &StatementFile) -> Disclosure {
        let (epochs, transactions) = match statement.says() {
            Says::Total { epochs, .. } => (Some(*epochs), Vec::new()),
            Says::Unspent { txid, .. } => (None, vec![*txid]),
            _ => (None, Vec::new()),
        };
        Disclosure { epochs, transactions, ..self.disclosed(DisclosureKind::Statement, statement) }
    }

    fn disclosed<B: Body>(self, kind: DisclosureKind, signed: &Signed<B>) -> Disclosure {
        let reader = signed.reader().clone();
        Disclosure {
            account: self.account,
            kind,
            label: self.label,
            reader: reader.name,
            recipient: reader.recipient,
            purpose: signed.purpose().to_owned(),
            directions: None,
            epochs: None,
            transactions: Vec::new(),
            issued: signed.issued(),
            expires: signed.expires(),
            hash: signed.hash(),
        }
    }
}

/// The directions that a record has, if it is of a grant.
pub fn directions(disclosure: &Disclosure) -> Option<Directions> {
    disclosure.directions.as_deref().and_then(|names| Directions::parse(names).ok())
}
