//! Louver's light reader: a chain's headers and their finality up to a head that is trusted, without trust in a server.
//!
//! It does no input or output and keeps no clock: a host brings headers, proofs and the time. It builds for WebAssembly.
//!
//! - [`seal`]: the signatures by which a quorum of authorities makes a block final.
//! - [`reader`]: from a trust that was chosen beforehand to the newest head; its state is small and has an encoding.
//! - [`rotation`]: a block that hands over to new authorities.
//! - [`proven`]: what a server answers to a reader: the steps to its newest head, and records of the state under it.
//! - [`chain_proof`]: one old transaction under a head, for files that are checked offline.
//! - [`evidence`]: a file that shows anybody that authorities sealed what they must not.
//!
//! Records of the state (assets, supply, balances, rules) are opened under a trusted head with
//! [`louver_chain::state::opening::Opening`].

pub mod chain_proof;
pub mod evidence;
pub mod proven;
pub mod reader;
pub mod rotation;
pub mod seal;
#[cfg(test)]
mod testing;

pub use chain_proof::ChainProof;
pub use evidence::Evidence;
pub use proven::Proven;
pub use reader::{Choice, Reader, Step};
pub use seal::{SealedHeader, Seals};
