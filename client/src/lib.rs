//! A Louver chain through one of its nodes: what stands under the command, the SDKs and the tests.
//!
//! - [`api`]: what a node's HTTP API says, for both of its ends. It is all there is without the feature `connection`.
//! - [`transport`]: how requests get to a node.
//! - [`connection`]: the chain behind a node: genesis, assets, blocks, transparent accounts. What is known of genesis and of
//!   an asset never changes while a connection lives.
//! - [`follow`]: what a wallet asks, asked over a connection. [`session`]: a wallet that follows a node, and sends.
//! - [`package`]: disclosure packages, checked against the chain. [`keys`]: proving keys from a node, in parts.
//! - [`watch`]: progress of long work, and the way to stop it.
//!
//! Everything that waits or computes is asynchronous, on any executor, and never blocks the thread that polls it, except in
//! WebAssembly, which has one thread. A future that is dropped stops its work; what it had recorded stays.
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
//! };
//! use louver_core::store::MemoryStore;
//! use louver_wallet::{phrase::RecoveryPhrase, vault::Protection};
//!
//! let connection = Connection::connect(Arc::new(Http::new("http://127.0.0.1:7749")?)).await?;
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
pub mod clock;
#[cfg(feature = "connection")]
pub mod connection;
#[cfg(feature = "connection")]
mod error;
#[cfg(feature = "connection")]
pub mod follow;
#[cfg(feature = "connection")]
pub mod keys;
#[cfg(feature = "connection")]
pub mod package;
#[cfg(feature = "connection")]
pub mod session;
#[cfg(feature = "connection")]
pub mod transport;
#[cfg(feature = "connection")]
pub mod watch;

#[cfg(feature = "connection")]
pub use error::ClientError;
