//! The Louver ledger as a service: one process, an embedded store, an HTTP API.
//!
//! * [`chain`]: blocks, transparent accounts, and the rules that hold them together over one store.
//! * [`mempool`] and [`verification`]: what waits for a block, and how its proofs are checked.
//! * [`engine`]: the chain and the mempool together; [`http`]: the API in front of them.
//! * [`keys`]: the verifying keys of a chain.
//! * [`node`]: all of it in a [`folder`], started and stopped. [`development`]: chains to play with.

pub mod chain;
pub mod development;
pub mod engine;
pub mod folder;
pub mod http;
pub mod keys;
pub mod mempool;
pub mod node;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod verification;

pub use node::{NodeConfig, NodeError, RunningNode, start, start_with};
