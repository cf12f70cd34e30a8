//! The Louver ledger as a service: one process, an embedded store, an HTTP API.

pub mod chain;
