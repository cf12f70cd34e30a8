//! `[disclosure-register]`: the register of disclosures. A wallet keeps what its owner showed, to whom and until when:
//! viewing grants, packages, books and statements.
//!
//! A record is written before the file is handed to anybody, so that a crash loses no record of a file that went out.
//! Nothing of a record opens anything: the keys and the openings of a disclosure are in its file alone. The register is in
//! no block, so a recovery phrase does not bring it back.

use core::fmt;

use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader, put_bytes, put_list, put_option},
    epoch::{Epoch, EpochRange},
    store::{KeyRange, Overlay, StoreError},
    transaction::TxId,
};
use thiserror::Error;

use crate::{
    account::AccountNumber,
    store::{Counter, DISCLOSURES, META, decoded, read, write},
    wallet::Wallet,
};

const NEXT_KEY: &[u8] = b"next disclosure";
const BEGUN_KEY: &[u8] = b"disclosures begun";

/// The longest label, in bytes of UTF-8.
pub const MAX_LABEL: usize = 256;

/// The origin of a wallet's accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A phrase that was made for this wallet: nothing was shown of its accounts before.
    New,
    /// A phrase or a viewing key from elsewhere: what was shown of its accounts before is not known.
    Restored,
}

/// The kind of something that was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DisclosureKind {
    /// A viewing grant.
    Grant,
    /// A package of payments, deposits and withdrawals.
    Package,
    /// A book of some epochs.
    Book,
    /// A statement.
    Statement,
}

impl DisclosureKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Grant, Self::Package, Self::Book, Self::Statement];

    /// Its name: `grant`, `package`, `book` or `statement`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Package => "package",
            Self::Book => "book",
            Self::Statement => "statement",
        }
    }
}

/// Its name.
impl fmt::Display for DisclosureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Something that an account showed to somebody. It holds no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// The account.
    pub account: AccountNumber,
    /// Its kind.
    pub kind: DisclosureKind,
    /// The owner's own words for it, which no reader sees; empty if there are none.
    pub label: String,
    /// The reader's name.
    pub reader: String,
    /// The reader's `age` recipient, which it is sealed to; `None` if it was handed over open.
    pub recipient: Option<String>,
    /// Its purpose, as the reader sees it.
    pub purpose: String,
    /// The directions that a grant shows, by their names with commas between; `None` for other kinds.
    pub directions: Option<String>,
    /// The epochs that it shows; `None` for a package, which shows single transactions.
    pub epochs: Option<EpochRange>,
    /// The transactions that a package shows, each once; empty for other kinds.
    pub transactions: Vec<TxId>,
    /// When it was made, in seconds since 1970, by this machine's clock.
    pub issued: u64,
    /// Until when it may be presented, in seconds since 1970. Nobody can take back what was seen by then.
    pub expires: u64,
    /// `[envelope-hash]`: its name, which receipts of readers repeat.
    pub hash: [u8; 32],
}

/// The number of a record in a wallet's register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DisclosureId(pub u64);

/// An account's part of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    /// Since when this wallet's file keeps it, in seconds since 1970; `None` if an earlier version made the file.
    pub since: Option<u64>,
    /// Whether nothing can have been shown before: the phrase was made for this file. Other devices with the same phrase
    /// have registers of their own all the same.
    pub is_whole: bool,
    /// The records, the latest first.
    pub records: Vec<(DisclosureId, Disclosure)>,
}

/// Why a record was not labelled. Nothing has changed.
#[derive(Debug, Error)]
pub enum LabelError {
    /// The register has no such record.
    #[error("the register has no disclosure number {}", .0.0)]
    Unknown(DisclosureId),
    /// The label is longer than 256 bytes.
    #[error("a label has at most {MAX_LABEL} bytes: this one has {0}")]
    TooLong(usize),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Wallet {
    /// The disclosures that an account made with this wallet's file.
    ///
    /// # Errors
    /// Those of the store.
    pub fn disclosures(&self, account: AccountNumber) -> Result<Register, StoreError> {
        let overlay = self.overlay();
        let begun: Option<Begun> = read(&overlay, META, BEGUN_KEY)?;
        let mut records = Vec::new();
        for (key, bytes) in overlay.scan(DISCLOSURES, KeyRange::ALL)? {
            let number = key.try_into().map(u64::from_be_bytes).map_err(|_| StoreError::Corrupt {
                detail: "the number of a disclosure in the register".to_owned(),
            })?;
            let disclosure: Disclosure = decoded(DISCLOSURES, &bytes)?;
            if disclosure.account == account {
                records.push((DisclosureId(number), disclosure));
            }
        }
        records.reverse();
        let is_whole = begun.as_ref().is_some_and(|begun| begun.origin == Origin::New);
        Ok(Register { since: begun.map(|begun| begun.time), is_whole, records })
    }

    /// Records something that is about to be handed over. Do it before anybody gets the file.
    ///
    /// # Errors
    /// [`LabelError::TooLong`] and those of the store. Then nothing must be handed over.
    pub fn record_disclosure(&mut self, disclosure: &Disclosure) -> Result<DisclosureId, LabelError> {
        fits(&disclosure.label)?;
        self.change(|overlay, _| {
            let Counter(next) = read(overlay, META, NEXT_KEY)?.unwrap_or_default();
            write(overlay, META, NEXT_KEY, &Counter(next + 1));
            write(overlay, DISCLOSURES, &next.to_be_bytes(), disclosure);
            Ok(DisclosureId(next))
        })
    }

    /// Takes back the record of something that was not handed to anybody, as its file could not be written.
    ///
    /// # Errors
    /// Those of the store.
    pub fn withdraw_disclosure(&mut self, id: DisclosureId) -> Result<(), StoreError> {
        self.change(|overlay, _| {
            overlay.delete(DISCLOSURES, &id.0.to_be_bytes());
            Ok(())
        })
    }

    /// Gives a record another label.
    ///
    /// # Errors
    /// [`LabelError`] if there is no such record, or if the label is too long.
    pub fn label_disclosure(&mut self, id: DisclosureId, label: &str) -> Result<(), LabelError> {
        fits(label)?;
        self.change(|overlay, _| {
            let key = id.0.to_be_bytes();
            let disclosure: Option<Disclosure> = read(overlay, DISCLOSURES, &key)?;
            let disclosure = disclosure.ok_or(LabelError::Unknown(id))?;
            write(overlay, DISCLOSURES, &key, &Disclosure { label: label.to_owned(), ..disclosure });
            Ok(())
        })
    }
}

fn fits(label: &str) -> Result<(), LabelError> {
    match label.len() {
        length if length > MAX_LABEL => Err(LabelError::TooLong(length)),
        _ => Ok(()),
    }
}

/// Begins the register of a new wallet.
pub(crate) fn begin(overlay: &mut Overlay<'_>, origin: Origin, time: u64) {
    write(overlay, META, BEGUN_KEY, &Begun { origin, time });
}

/// The beginning of a register: origin u8 (1 new, 2 restored) || time u64
struct Begun {
    origin: Origin,
    time: u64,
}

impl Encode for Begun {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(match self.origin {
            Origin::New => 1,
            Origin::Restored => 2,
        });
        out.extend_from_slice(&self.time.to_le_bytes());
    }
}

impl Decode for Begun {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let origin = match reader.u8()? {
            1 => Origin::New,
            2 => Origin::Restored,
            tag => return Err(DecodeError::UnknownTag { what: "origin of a wallet", tag: tag.into() }),
        };
        Ok(Self { origin, time: reader.u64()? })
    }
}

/// account u32 || kind u8 (1 grant, 2 package, 3 book, 4 statement) || label, reader, recipient (empty if open), purpose
/// (count and bytes each) || directions (the same, empty for none) || first and last epoch (0; or 1 and u16 each) ||
/// transactions (count, 32 each) || issued u64 || expires u64 || hash 32
impl Encode for Disclosure {
    fn encode(&self, out: &mut Vec<u8>) {
        self.account.encode(out);
        out.push(match self.kind {
            DisclosureKind::Grant => 1,
            DisclosureKind::Package => 2,
            DisclosureKind::Book => 3,
            DisclosureKind::Statement => 4,
        });
        let recipient = self.recipient.as_deref().unwrap_or_default();
        let directions = self.directions.as_deref().unwrap_or_default();
        for text in [&self.label, &self.reader, recipient, &self.purpose, directions] {
            put_bytes(out, text.as_bytes());
        }
        put_option(out, self.epochs.map(Epochs).as_ref());
        put_list(out, &self.transactions);
        out.extend_from_slice(&self.issued.to_le_bytes());
        out.extend_from_slice(&self.expires.to_le_bytes());
        out.extend_from_slice(&self.hash);
    }
}

impl Decode for Disclosure {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let account = AccountNumber::decode(reader)?;
        let kind = match reader.u8()? {
            1 => DisclosureKind::Grant,
            2 => DisclosureKind::Package,
            3 => DisclosureKind::Book,
            4 => DisclosureKind::Statement,
            tag => return Err(DecodeError::UnknownTag { what: "kind of a disclosure", tag: tag.into() }),
        };
        let (label, name, recipient) = (text(reader)?, text(reader)?, text(reader)?);
        let (purpose, directions) = (text(reader)?, text(reader)?);
        let some = |text: String| if text.is_empty() { None } else { Some(text) };
        Ok(Self {
            account,
            kind,
            label,
            reader: name,
            recipient: some(recipient),
            purpose,
            directions: some(directions),
            epochs: reader.option::<Epochs>()?.map(|Epochs(epochs)| epochs),
            transactions: reader.list(32)?,
            issued: reader.u64()?,
            expires: reader.u64()?,
            hash: reader.array()?,
        })
    }
}

fn text(reader: &mut Reader<'_>) -> Result<String, DecodeError> {
    let text = core::str::from_utf8(reader.bytes()?);
    Ok(text.map_err(|_| DecodeError::NotCanonical { what: "text of a disclosure" })?.to_owned())
}

struct Epochs(EpochRange);

impl Encode for Epochs {
    fn encode(&self, out: &mut Vec<u8>) {
        self.0.first().encode(out);
        self.0.last().encode(out);
    }
}

impl Decode for Epochs {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (first, last) = (Epoch::decode(reader)?, Epoch::decode(reader)?);
        let range = EpochRange::new(first, last);
        range.map(Self).ok_or(DecodeError::NotCanonical { what: "epochs of a disclosure" })
    }
}

#[cfg(test)]
mod tests;
