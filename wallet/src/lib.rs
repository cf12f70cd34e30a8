//! Louver's wallet engine: accounts, scanning, planning, building and signing.
//!
//! A [`wallet::Wallet`] talks to nobody. [`follow::Follow`] says what to ask of a node, in which order, and takes the
//! answers; the host brings them. What the wallet makes ([`wallet::Wallet::send`]) the host submits. State is kept in any store of the protocol crate: in one SQLite file
//! ([`store::SqliteStore`]), or in memory. Every change is one atomic write.
//!
//! - [`phrase`], [`vault`]: the recovery phrase, and how it is kept.
//! - [`wallet`], [`chain`], [`account`]: a wallet of one pool, what it knows of its chain, its accounts and addresses.
//! - [`scan`], [`tree`], [`note`]: finding notes in compact blocks, following the commitment tree, going back.
//! - [`transparent`]: the key that deposits are authorised with.
//! - [`follow`]: the exchange with a node, as a value that asks and is answered.
//! - [`birthday`]: where to begin, from a date.
//! - [`cover`]: which whole blocks to fetch, so that a node does not see where a wallet was paid.
//! - [`balance`], [`history`]: what an account holds, and what became of it.
//! - [`plan`], [`send`]: what a payment spends, costs and shows; making it.
//! - [`payment_request`]: `louver:` URIs, by which a payee asks for payments; `payment_list`: lists of payments (CSV).
//! - [`proposal`]: payments that take several transactions.
//! - [`hand_in`]: when a node is handed it again.
//! - [`abandonment`]: giving up what no block takes.
//! - [`disclosure`]: what grants and disclosure packages are made from.

pub mod abandonment;
pub mod account;
pub mod balance;
pub mod birthday;
pub mod chain;
pub mod cover;
pub mod disclosure;
pub mod follow;
pub mod hand_in;
pub mod history;
pub mod note;
#[cfg(feature = "lists")]
pub mod payment_list;
pub mod payment_request;
pub mod phrase;
pub mod plan;
pub mod proposal;
pub mod scan;
pub mod send;

pub mod store;
pub mod transparent;
pub mod tree;
pub mod vault;
pub mod wallet;
