//! The Louver ledger as a service: one process, an embedded store, an HTTP API.
//!
//! * [`verification`]: how the proofs of what is submitted are checked.
//! * [`engine`]: the chain and the mempool together; [`http`]: the API in front of them.
//! * [`keys`]: the keys of the chain, for the node and for clients that have none.
//! * [`pages`]: web pages that a node serves beside its API.
//! * [`node`]: all of it in a [`folder`], started and stopped. [`development`]: chains to play with.
//!
//! What the API says is `louver_client::api`, for both of its ends. Without the feature `service` there is nothing here.

#[cfg(feature = "service")]
pub mod development;
#[cfg(feature = "service")]
pub mod engine;
#[cfg(feature = "service")]
pub mod folder;
#[cfg(feature = "service")]
pub mod http;
#[cfg(feature = "service")]
pub mod keys;
#[cfg(feature = "service")]
pub mod node;
#[cfg(feature = "service")]
pub mod pages;
#[cfg(feature = "service")]
pub mod verification;

#[cfg(feature = "service")]
pub use node::{NodeConfig, NodeError, RunningNode, start, start_with};
