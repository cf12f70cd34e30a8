//! The embedded chain: blocks of shielded transactions and of operations on transparent accounts.

pub mod account;
pub mod operation;
