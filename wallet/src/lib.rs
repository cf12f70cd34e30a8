//! Louver's wallet engine: accounts, scanning, planning, building and signing.
//!
//! A [`wallet::Wallet`] talks to nobody. Its host fetches blocks and hands them over ([`wallet::Wallet::scan`],
//! [`wallet::Wallet::begin_reading`]), and sends what the wallet hands out ([`wallet::Wallet::send`],
//! [`wallet::Wallet::waiting`]). State is kept in any store of the protocol crate: in one SQLite file
//! ([`store::SqliteStore`]), or in memory. Every change is one atomic write.
//!
//! - [`phrase`], [`vault`]: the recovery phrase, and how it is kept.
//! - [`wallet`], [`chain`], [`account`]: a wallet of one pool, what it knows of its chain, its accounts and addresses.
//! - [`scan`], [`tree`], [`note`]: finding notes in compact blocks, following the commitment tree, going back.
//! - [`cover`]: which whole blocks to fetch, so that a node does not see where a wallet was paid.
//! - [`balance`], [`history`]: what an account holds, and what became of it.
//! - [`plan`], [`send`]: what a payment spends, costs and shows; making it.
//! - [`hand_in`]: when a node is handed it again.
//! - [`disclosure`]: what grants and disclosure packages are made from.

pub mod account;
pub mod balance;
pub mod chain;
pub mod cover;
pub mod disclosure;
pub mod hand_in;
pub mod history;
pub mod note;
pub mod phrase;
pub mod plan;
pub mod scan;
pub mod send;

pub mod store;
pub mod tree;
pub mod vault;
pub mod wallet;
