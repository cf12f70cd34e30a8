//! The vocabulary of the node's HTTP API, for the node that writes it and for clients that read it: [`path`]s, the JSON
//! ([`view`]), and [`Refusal`], the codes of errors. The book's chapter on the node describes the answer at each path.

pub mod path;
mod refusal;
#[cfg(feature = "connection")]
mod state;
pub mod view;

pub use refusal::Refusal;

/// The first byte of a submitted transaction of the pool. The transaction's encoding follows.
pub const SHIELDED: u8 = 1;
