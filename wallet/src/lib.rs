//! Louver's wallet engine: accounts, scanning, planning, building and signing.
//!
//! A [`wallet::Wallet`] does not talk to anybody. [`follow::Follow`] says what to ask a node, in which order, and takes
//! the answers; the host carries them. The host also submits the transactions that the wallet makes
//! ([`wallet::Wallet::send`]). State is stored in any store of the protocol crate: in one SQLite file
//! ([`store::SqliteStore`]), or in memory. Every change is one atomic write.
//!
//! - [`phrase`], [`vault`]: the recovery phrase, and its storage.
//! - [`wallet`], [`chain`], [`account`]: a wallet of one pool, its knowledge of its chain, its accounts and addresses.
//! - [`clock`]: the time of day, which decides the epoch that a transaction declares.
//! - [`scan`], [`tree`], [`note`]: finding notes in compact blocks, following the commitment tree, rolling back.
//! - [`transparent`]: the key that authorises deposits.
//! - [`follow`]: the exchange with a node, as a value that asks and is answered.
//! - [`birthday`]: the block to begin at, from a date.
//! - [`decoys`]: the choice of whole blocks to fetch, with decoys that hide from a node where a wallet was paid.
//! - [`balance`], [`history`]: an account's holdings and its transactions.
//! - [`plan`], [`send`]: the notes that a payment spends, its cost and what it shows; making it.
//! - [`payment_request`]: `louver:` URIs, by which a payee asks for payments; `payment_list`: lists of payments (CSV).
//! - [`proposal`]: payments that take several transactions.
//! - [`resubmission`]: when a transaction is submitted again.
//! - [`abandonment`]: giving up transactions that no block takes.
//! - [`disclosure`]: the material of grants and disclosure packages; [`bookkeeping`]: the material of books;
//!   [`statement`]: the material of statements.
//! - [`register`]: what was shown, to whom and until when.

pub mod abandonment;
pub mod account;
pub mod balance;
pub mod birthday;
pub mod bookkeeping;
pub mod chain;
pub mod clock;
pub mod decoys;
pub mod disclosure;
pub mod follow;
pub mod history;
pub mod note;
#[cfg(feature = "lists")]
pub mod payment_list;
pub mod payment_request;
pub mod phrase;
pub mod plan;
pub mod proposal;
pub mod register;
pub mod resubmission;
pub mod scan;
pub mod send;
pub mod statement;
pub mod store;
pub mod transparent;
pub mod tree;
pub mod vault;
pub mod wallet;
