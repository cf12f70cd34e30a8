//! Disclosures: their contents, their readers and their time.

use louver_client::register;
use louver_core::epoch::{Epoch, EpochRange};
use louver_viewkeys::scope;
use louver_wallet::register as engine;

use crate::{Amount, DiscloseError, PackageChoice};

data! {
    /// Which sides of an account a grant shows.
    pub struct Directions {
        /// Notes received at the account's addresses.
        pub incoming: bool,
        /// The account's own change.
        pub change: bool,
        /// Payments that the account made: recipients, amounts and memos.
        pub outgoing: bool,
        /// Spends of notes of these epochs, whenever they were made.
        pub spends: bool,
        /// Every transaction that the account makes in these epochs.
        pub detection: bool,
    }
}

data! {
    /// A request for a viewing grant. A grant cannot be taken back once its reader has read it.
    pub struct GrantRequest {
        /// The reader's name: at most 256 bytes.
        pub auditor: String,
        /// The reader's `age` key (`age1...`). Nobody else can open the grant.
        pub recipient: String,
        /// The directions that the grant shows.
        pub directions: Directions,
        /// The first epoch that it shows.
        pub first_epoch: u16,
        /// The last epoch that it shows.
        pub last_epoch: u16,
        /// The purpose: at most 512 bytes.
        pub purpose: String,
        /// For how many days it may be presented.
        pub days: u32,
        /// The file of the reader's challenge, which it answers. The challenge names the reader, in place of `auditor` and
        /// `recipient`: read it first (`Node::read_challenge`), and show its owner what it asks for.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        #[cfg_attr(feature = "web", serde(default, with = "serde_bytes"))]
        #[cfg_attr(feature = "web", tsify(type = "Uint8Array | undefined"))]
        pub challenge: Option<Vec<u8>>,
    }
}

variant! {
    /// How much of a payment is opened. A deposit or a withdrawal lies open on the ledger anyway.
    pub enum Detail {
        /// Asset, amount, the recipient's address and the memo.
        Full,
        /// Asset and amount.
        Amount,
        /// The asset, and that the payment has at least this much.
        AtLeast {
            /// The amount, with its asset: a payment of another asset cannot be shown so.
            amount: Amount,
        },
    }
}

data! {
    /// A disclosure of payments, deposits and withdrawals, with proofs that the account made or received them.
    pub struct PackageRequest {
        /// The payments that it shows.
        pub choice: PackageChoice,
        /// How much of them is opened.
        pub detail: Detail,
        /// The reader's name: at most 256 bytes.
        pub auditor: String,
        /// The reader's `age` key (`age1...`), so that nobody else can open the package; absent if it is handed over open.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub recipient: Option<String>,
        /// A number that the reader gave in place of a challenge, 64 hexadecimal digits; absent if the reader gave none.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub nonce: Option<String>,
        /// The purpose: at most 512 bytes.
        pub purpose: String,
        /// For how many days it may be presented.
        pub days: u32,
        /// The file of the reader's challenge, which it answers. The challenge names the reader, in place of `auditor`,
        /// `recipient` and `nonce`: read it first (`Node::read_challenge`), and show its owner what it asks for.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        #[cfg_attr(feature = "web", serde(default, with = "serde_bytes"))]
        #[cfg_attr(feature = "web", tsify(type = "Uint8Array | undefined"))]
        pub challenge: Option<Vec<u8>>,
    }
}

choice! {
    /// The kind of something that was shown.
    pub enum DisclosureKind {
        /// A viewing grant.
        Grant,
        /// A package of payments.
        Package,
        /// A book.
        Book,
        /// A statement.
        Statement,
    }
}

data! {
    /// A record of something that an account showed to somebody. It holds no key.
    pub struct DisclosureRecord {
        /// Its number in the wallet.
        pub number: u64,
        /// Its kind.
        pub kind: DisclosureKind,
        /// The owner's own words for it, which no reader sees; empty if there are none.
        pub label: String,
        /// The reader's name.
        pub auditor: String,
        /// The reader's `age` key; absent if it was handed over open.
        pub recipient: Option<String>,
        /// Its purpose, as the reader sees it.
        pub purpose: String,
        /// The directions that a grant shows; absent for other kinds.
        pub directions: Option<Directions>,
        /// The first epoch that it shows; absent if it shows single transactions.
        pub first_epoch: Option<u16>,
        /// The last epoch that it shows; absent if it shows single transactions.
        pub last_epoch: Option<u16>,
        /// The ids of the transactions that a package shows, in hexadecimal.
        pub transactions: Vec<String>,
        /// When it was made, in seconds since 1970, by this device's clock.
        pub issued: u64,
        /// Until when it may be presented, in seconds since 1970. Nobody can take back what was seen by then.
        pub expires: u64,
        /// The hash of its contents, in hexadecimal, which receipts of readers name.
        pub hash: String,
    }
}

data! {
    /// The register of an account's disclosures by this wallet. No block has it: a recovery phrase does not bring it back.
    pub struct DisclosureRegister {
        /// Since when the wallet keeps it, in seconds since 1970; absent if an earlier version made the wallet.
        pub since: Option<u64>,
        /// Whether nothing can have been shown before: the wallet was made then, and not restored. Other devices with the same
        /// phrase keep registers of their own. Say so where it is not whole: an empty list then shows nothing.
        pub is_whole: bool,
        /// The records, the latest first.
        pub records: Vec<DisclosureRecord>,
    }
}

impl DisclosureRegister {
    pub(crate) fn of(register: engine::Register) -> Self {
        let engine::Register { since, is_whole, records } = register;
        Self { since, is_whole, records: records.into_iter().map(DisclosureRecord::of).collect() }
    }
}

impl DisclosureRecord {
    fn of((engine::DisclosureId(number), of): (engine::DisclosureId, engine::Disclosure)) -> Self {
        Self {
            number,
            kind: match of.kind {
                engine::DisclosureKind::Grant => DisclosureKind::Grant,
                engine::DisclosureKind::Package => DisclosureKind::Package,
                engine::DisclosureKind::Book => DisclosureKind::Book,
                engine::DisclosureKind::Statement => DisclosureKind::Statement,
            },
            directions: register::directions(&of).map(Directions::from),
            label: of.label,
            auditor: of.reader,
            recipient: of.recipient,
            purpose: of.purpose,
            first_epoch: of.epochs.map(|epochs| epochs.first().0),
            last_epoch: of.epochs.map(|epochs| epochs.last().0),
            transactions: of.transactions.iter().map(ToString::to_string).collect(),
            issued: of.issued,
            expires: of.expires,
            hash: hex::encode(of.hash),
        }
    }
}

impl From<Directions> for scope::Directions {
    fn from(directions: Directions) -> Self {
        let Directions { incoming, change, outgoing, spends, detection } = directions;
        Self { incoming, change, outgoing, spends, detection }
    }
}

impl From<scope::Directions> for Directions {
    fn from(directions: scope::Directions) -> Self {
        let scope::Directions { incoming, change, outgoing, spends, detection } = directions;
        Self { incoming, change, outgoing, spends, detection }
    }
}

impl GrantRequest {
    /// The directions and epochs that the grant opens.
    pub(crate) fn scope(&self) -> Result<scope::Scope, DiscloseError> {
        let epochs = EpochRange::new(Epoch(self.first_epoch), Epoch(self.last_epoch));
        let epochs = epochs.ok_or(DiscloseError::Epochs)?;
        scope::Scope::new(self.directions.clone().into(), epochs).map_err(|error| match error {
            scope::ScopeError::TooManyEpochs => DiscloseError::TooManyEpochs { most: most_epochs() },
            scope::ScopeError::NoDirection | scope::ScopeError::UnknownDirection(_) => DiscloseError::Nothing,
        })
    }
}

/// The most epochs that one disclosure opens.
pub(crate) fn most_epochs() -> u32 {
    u32::try_from(scope::Scope::MAX_EPOCHS).unwrap_or(u32::MAX)
}

/// 32 bytes in hexadecimal.
pub(crate) fn bytes32(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0u8; 32];
    hex::decode_to_slice(text, &mut bytes).ok().map(|()| bytes)
}
