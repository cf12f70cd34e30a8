//! A Louver chain through one of its nodes: the shared floor of the command, the SDKs and the tests.
//!
//! - [`api`]: the vocabulary of a node's HTTP API, for both of its ends. Without the feature `connection`, the crate
//!   has nothing else.
//! - [`transport`]: the ways to send requests to a node.
//! - [`trust`]: what was chosen of a chain before a node was asked.
//! - [`connection`]: the chain behind a node: genesis, assets, blocks, transparent accounts. Nothing that the chain commits
//!   to is taken from a node before a light reader has proven it under the newest head that it trusts.
//! - [`follow`]: a wallet's questions, asked over a connection. [`session`]: a wallet that follows a node, and sends.
//! - [`package`]: disclosure packages, checked against the chain. [`offline`]: the file by which they are checked without a
//!   node. [`keys`]: proving keys from a node, in parts.
//! - [`book`]: books, made from a wallet and checked against the chain.
//! - [`selection`]: the choice of payments for a package. [`reserves`]: published roots of what somebody owes.
//! - [`register`]: records of disclosures, for the register of the wallet that made them.
//! - [`watch`]: progress of long work, and the way to stop it.
//!
//! Calls that wait or compute are asynchronous. They run on any executor and never block the thread that polls them,
//! except in WebAssembly, which has one thread. Dropping a future stops its work; whatever it had recorded stays.
//!
//! ```no_run
//! # #[cfg(all(feature = "native", not(target_family = "wasm")))]
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//!
//! use louver_client::{
//!     connection::Connection,
//!     session::{Beginning, Session},
//!     transport::Http,
//!     trust::Trust,
//! };
//! use louver_core::store::MemoryStore;
//! use louver_wallet::{phrase::RecoveryPhrase, vault::Protection};
//!
//! let trust = Trust::read(Some("the chain's genesis hash, in hexadecimal"), None)?;
//! let connection = Connection::connect(Arc::new(Http::new("http://127.0.0.1:7749")?), trust).await?;
//! let phrase = RecoveryPhrase::generate(&mut rand::rng());
//! let beginning = Beginning { phrase, protection: Protection::Unsealed, birthday: None };
//! let session = Session::create(MemoryStore::default(), None, connection, beginning).await?;
//! let summary = session.follow(None).await?;
//! println!("read up to block {}", summary.height);
//! # Ok(())
//! # }
//! ```

pub mod api;

#[cfg(feature = "connection")]
pub mod apart;
#[cfg(feature = "connection")]
pub mod audit;
#[cfg(feature = "connection")]
pub mod book;
#[cfg(feature = "connection")]
pub mod connection;
#[cfg(feature = "connection")]
mod error;
#[cfg(feature = "connection")]
pub mod follow;
#[cfg(feature = "connection")]
pub mod keys;
#[cfg(feature = "connection")]
pub mod offline;
#[cfg(feature = "connection")]
pub mod package;
#[cfg(feature = "connection")]
pub mod register;
#[cfg(feature = "connection")]
pub mod reserves;
#[cfg(feature = "connection")]
pub mod selection;
#[cfg(feature = "connection")]
pub mod session;
#[cfg(feature = "connection")]
pub mod statement;
#[cfg(any(all(test, feature = "connection"), feature = "testing"))]
pub mod testing;
#[cfg(feature = "connection")]
pub mod transport;
#[cfg(feature = "connection")]
pub mod travel_rule;
#[cfg(feature = "connection")]
pub mod trust;
#[cfg(feature = "connection")]
pub mod watch;

#[cfg(feature = "connection")]
pub use error::ClientError;
#[cfg(feature = "connection")]
pub use louver_light as light;
#[cfg(feature = "connection")]
pub use louver_wallet::clock;
