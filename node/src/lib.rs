//! The Louver ledger as a service: one process, an embedded store, an HTTP API.
//!
//! * [`verification`]: the checks of submitted proofs.
//! * [`engine`]: the chain and the mempool together; [`http`]: the API in front of them.
//! * [`keys`]: the keys of the chain, for the node and for clients that lack them.
//! * [`pages`]: web pages that a node serves beside its API.
//! * [`clock`]: the times that blocks may have; [`health`]: faults that prevent a node from working.
//! * [`node`]: all of it in a [`folder`], started and stopped; [`opening`]: the checks before it starts.
//! * [`operator`]: an operator's requests to a running node; [`backup`]: copies of its folder.
//! * [`peers`]: the limits for one client of a node.
//! * [`development`]: chains to play with.
//!
//! `louver_client::api` has the vocabulary of the API, for both of its ends. Without the feature `service`, this crate
//! is empty.

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
pub use node::{BlockMaker, NodeConfig, NodeError, RunningNode, start, start_with};
