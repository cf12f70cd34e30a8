//! The Louver ledger as a service: one process, an embedded store, an HTTP API.
//!
//! * [`verification`]: the checks of submitted proofs.
//! * [`engine`]: the chain and the mempool together; [`http`]: the API in front of them.
//! * [`sealing`]: the node's authorities make blocks final.
//! * [`follow`]: a node that takes its chain from another one, and believes nothing of it.
//! * [`keys`]: the keys of the chain, for the node and for clients that lack them.
//! * [`pages`]: web pages that a node serves beside its API.
//! * [`clock`]: the times that blocks may have; [`health`]: faults that prevent a node from working.
//! * [`node`]: all of it in a [`folder`], started and stopped; [`opening`]: the checks before it starts.
//! * [`operator`]: an operator's requests to a running node; [`backup`]: copies of its folder.
//! * [`peers`]: the limits for one client of a node.
//! * [`development`]: chains to play with.
//!
//! `louver_client::api` has the vocabulary of the API, for both of its ends.

pub mod backup;
pub mod clock;
mod cosigning;
pub mod development;
pub mod engine;
pub mod folder;
pub mod follow;
pub mod health;
pub mod http;
pub mod keys;
mod metrics;
pub mod node;
pub mod opening;
pub mod operator;
pub mod pages;
pub mod peers;
mod recent;
pub mod sealing;
mod signals;
mod steps;
pub mod store;
mod tending;
pub mod verification;

pub use node::{BlockMaker, NodeConfig, NodeError, RunningNode, start, start_with};
pub use signals::StopSignals;
