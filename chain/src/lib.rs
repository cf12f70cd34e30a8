//! The rules of a chain that carries a shielded pool: transparent accounts, operations, blocks, and what waits for one.
//!
//! It stands on `louver-core` alone and holds no service: a host (one process, a replicated engine) drives it, and clients
//! read its blocks and sign its operations with the same types.
//!
//! - [`Chain`]: blocks and accounts over one store. [`Candidate`] and [`ProposedBlock`]: the way of a block.
//! - [`account`], [`holdings`], [`operation`]: accounts in the open, what they hold, what their owners sign.
//! - [`announcement`]: hashes that accounts publish.
//! - [`act`]: what guardians and authorities do for the whole chain.
//! - [`block`], [`compact`]: blocks with the transactions of all kinds, whole and as readers scan them.
//! - [`header`]: what binds a block: [`inclusion`] (its transactions), [`state`] and [`history`], by [`commitment`]s.
//! - [`host`]: deposits and withdrawals, as the ledger asks its host for them.
//! - [`mempool`]: what waits for a block, and which of two that clash stays.
//! - [`seals`]: what makes blocks final, kept beside them.
//! - [`integrity`]: whether what a store holds is what its blocks make.
//! - [`development`]: the terms of development chains.

pub mod account;
pub mod act;
pub mod announcement;
pub mod block;
pub mod candidate;
mod chain;
pub mod commitment;
pub mod compact;
pub mod development;
pub mod header;
pub mod history;
pub mod holdings;
pub mod host;
pub mod inclusion;
pub mod integrity;
pub mod mempool;
pub mod operation;
pub mod seals;
pub mod state;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use account::Account;
pub use act::{Act, ActError, ActId, Deed, SignedAct};
pub use block::{Block, ChainTransaction};
pub use candidate::Candidate;
pub use chain::{BlockLimits, Chain, ChainError, ProposedBlock};
pub use header::{BlockHash, Header};
pub use operation::{
    Action, FeeError, Operation, OperationError, OperationId, UnsignedOperation, VerifiedOperation,
};
