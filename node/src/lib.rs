//! The Louver ledger as a service: one process, an embedded store, an HTTP API.
//!
//! * [`verification`]: how the proofs of what is submitted are checked.
//! * [`engine`]: the chain and the mempool together; [`http`]: the API in front of them.
//! * [`keys`]: the keys of the chain, for the node and for clients that have none.
//! * [`pages`]: web pages that a node serves beside its API.
//! * [`clock`]: which times blocks may have; [`health`]: what keeps a node from its work.
//! * [`node`]: all of it in a [`folder`], started and stopped; [`opening`]: what is checked before it starts.
//! * [`operator`]: what a running node is asked by its operator; [`backup`]: copies of its folder.
//! * [`peers`]: what one client may have of a node.
//! * [`development`]: chains to play with.
//!
//! What the API says is `louver_client::api`, for both of its ends. Without the feature `service` there is nothing here.

#[cfg(feature = "service")]
pub mod backup;
#[cfg(feature = "service")]
pub mod clock;
#[cfg(feature = "service")]
pub mod development;
#[cfg(feature = "service")]
pub mod engine;
#[cfg(feature = "service")]
pub mod folder;
#[cfg(feature = "service")]
pub mod health;
#[cfg(feature = "service")]
pub mod http;
#[cfg(feature = "service")]
pub mod keys;
#[cfg(feature = "service")]
mod metrics;
#[cfg(feature = "service")]
pub mod node;
#[cfg(feature = "service")]
pub mod opening;
#[cfg(feature = "service")]
pub mod operator;
#[cfg(feature = "service")]
pub mod pages;
#[cfg(feature = "service")]
pub mod peers;
#[cfg(feature = "service")]
mod recent;
#[cfg(feature = "service")]
pub mod store;
#[cfg(feature = "service")]
mod tending;
#[cfg(feature = "service")]
pub mod verification;

#[cfg(feature = "service")]
pub use node::{NodeConfig, NodeError, RunningNode, start, start_with};
