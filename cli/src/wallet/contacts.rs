//! The address book: names for addresses, in a file beside the wallet's.

use std::path::PathBuf;

use clap::Subcommand;
use louver_core::{address::Address, calendar::moment, epoch::Epoch, text::visible};
use louver_viewkeys::report::words::short;
use serde::{Deserialize, Serialize};

use super::{Place, session::Session};
use crate::{
    clock,
    exit::Failure,
    file,
    inspect::seeming,
    json::{quantity::Moment, wallet},
    output::{Output, Style, Table},
};

/// The version of the book's file.
const SCHEMA: &str = "louver.contact-book/1";

/// Keeps names for addresses, to pay by name as in `--to @bob`
#[derive(Debug, clap::Args)]
pub(super) struct ContactsCommand {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Lists the contacts, and whether their addresses have expired
    #[command(after_help = "Example:
  louver wallet contacts list")]
    List,
    /// Adds a contact
    #[command(after_help = "Examples:
  louver wallet contacts add bob lvr1...
  louver wallet contacts add bob lvr1... --replace")]
    Add {
        /// The name, as you will write it after @
        name: String,
        /// The address
        address: String,
        /// Replaces the address of an existing contact
        #[arg(long)]
        replace: bool,
    },
    /// Removes a contact
    #[command(after_help = "Example:
  louver wallet contacts remove bob")]
    Remove {
        /// The name
        name: String,
    },
}

/// The contacts of a wallet.
#[derive(Serialize, Deserialize)]
pub(super) struct Book {
    schema: String,
    contacts: Vec<Entry>,
    #[serde(skip)]
    path: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    name: String,
    address: String,
    added: u64,
}

impl Book {
    /// The book of a wallet; empty if there is none.
    pub(super) fn of(place: &Place) -> Result<Self, Failure> {
        let mut path = place.wallet.clone().into_os_string();
        path.push(".contacts.json");
        let path = PathBuf::from(path);
        if !path.exists() {
            return Ok(Self { schema: SCHEMA.to_owned(), contacts: Vec::new(), path });
        }
        let bytes = file::read(&path)?;
        let mut book: Self = serde_json::from_slice(&bytes)
            .map_err(|error| seeming::not_one(&path, &bytes, seeming::CONTACTS, error))?;
        if book.schema != SCHEMA {
            return Err(Failure::input(format!(
                "{} is the address book of another version of Louver: its schema is {}, and this version reads {SCHEMA}",
                path.display(),
                visible(&book.schema)
            )));
        }
        book.path = path;
        Ok(book)
    }

    /// The address of a contact, whether it can still be paid or not.
    pub(super) fn known_address(&self, name: &str) -> Result<Address, Failure> {
        let entry = self.contacts.iter().find(|entry| entry.name == name).ok_or_else(|| {
            Failure::input(format!(
                "there is no contact @{}: `louver wallet contacts list` shows those that there are",
                visible(name)
            ))
        })?;
        read(&entry.address)
    }

    /// The address of a contact, if it can be paid now.
    pub(super) fn address(&self, name: &str, session: &Session) -> Result<Address, Failure> {
        let address = self.known_address(name)?;
        match Validity::of(&address, session)? {
            Validity { expired: true, payable_until: Some(until), .. } => Err(Failure::wallet(
                "address_expired",
                format!(
                    "the address of @{name} could be paid until {}. Nothing was sent: ask for a new one, then `louver \
                     wallet contacts add {name} ADDRESS --replace`",
                    moment(until)
                ),
            )),
            Validity { expired: true, payable_until: None, .. } => Err(Failure::wallet(
                "address_expired",
                format!(
                    "the address of @{name} is of the chain's last period, which takes withdrawals only: it can never be paid. \
                     Nothing was sent: ask for another one"
                ),
            )),
            _ => Ok(address),
        }
    }

    fn save(&self) -> Result<(), Failure> {
        let text = serde_json::to_vec_pretty(self).map_err(Failure::storage)?;
        file::replace(&self.path, &text, file::Readers::Owner)
    }
}

/// The time until which an address can be paid.
struct Validity {
    epoch: Epoch,
    /// The first second in which no block pays it any more.
    payable_until: Option<u64>,
    expired: bool,
}

impl Validity {
    fn of(address: &Address, session: &Session) -> Result<Self, Failure> {
        let (schedule, epoch) = (session.wallet().chain().schedule(), address.epoch());
        let expired =
            schedule.is_over(epoch, session.wallet().time()?) || schedule.takes_withdrawals_only(epoch);
        Ok(Self { epoch, payable_until: schedule.payable_until(epoch), expired })
    }
}

fn read(address: &str) -> Result<Address, Failure> {
    Ok(Address::from_typed(address)?)
}

impl ContactsCommand {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let mut book = Book::of(place)?;
        match self.what.unwrap_or(What::List) {
            What::List => {}
            What::Add { name, address, replace } => {
                if name.is_empty()
                    || name.starts_with('@')
                    || name.chars().any(|c| c.is_whitespace() || c.is_control())
                {
                    return Err(Failure::input("a contact's name has no white space, and no @ in front"));
                }
                let address = read(&address)?;
                if address.pool() != place.open()?.wallet().chain().pool_tag() {
                    return Err(Failure::input(
                        "the address belongs to another pool or chain than this wallet, which could never pay it. Nothing was \
                         changed",
                    ));
                }
                let address = address.to_string();
                let known = book.contacts.iter_mut().find(|entry| entry.name == name);
                match (known, replace) {
                    (Some(entry), true) => (entry.address, entry.added) = (address, clock::now()),
                    (Some(_), false) => {
                        return Err(Failure::input(format!(
                            "there is a contact @{name} already: add --replace to give it this address"
                        )));
                    }
                    (None, _) => book.contacts.push(Entry { name, address, added: clock::now() }),
                }
                book.contacts.sort_by(|one, other| one.name.cmp(&other.name));
                book.save()?;
            }
            What::Remove { name } => {
                let before = book.contacts.len();
                book.contacts.retain(|entry| entry.name != name);
                if book.contacts.len() == before {
                    return Err(Failure::input(format!("there is no contact @{}", visible(&name))));
                }
                book.save()?;
            }
        }
        list(&book, &place.open()?, output)
    }
}

fn list(book: &Book, session: &Session, output: Output) -> Result<(), Failure> {
    let mut contacts = Vec::new();
    for entry in &book.contacts {
        let validity = Validity::of(&read(&entry.address)?, session)?;
        contacts.push(wallet::Contact {
            name: entry.name.clone(),
            address: entry.address.clone(),
            epoch: validity.epoch.0,
            payable_until: validity.payable_until.map(Moment::new),
            expired: validity.expired,
            added: Moment::new(entry.added),
        });
    }
    let told = wallet::Contacts { contacts };
    output.result(&told, || {
        if told.contacts.is_empty() {
            return "no contacts yet".to_owned();
        }
        let mut table = Table::new(["name", "address", "can be paid", "added"]);
        for contact in &told.contacts {
            let until = match (contact.expired, &contact.payable_until) {
                (true, _) => output.paint(Style::Bad, "expired"),
                (false, Some(until)) => format!("until {}", moment(until.unix)),
                (false, None) => "always".to_owned(),
            };
            table.row([visible(&contact.name), short(&contact.address), until, moment(contact.added.unix)]);
        }
        table.render(output.results())
    });
    Ok(())
}
