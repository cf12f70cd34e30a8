//! What the node's HTTP API says, for the node that writes it and for clients that read it: [`view`], the JSON, and
//! [`Refusal`], the codes of errors. The book's chapter on the node says what each path answers.

mod refusal;
pub mod view;

pub use refusal::Refusal;

/// The first byte of a submitted transaction of the pool. What follows is the transaction as the ledger has it.
pub const SHIELDED: u8 = 1;
