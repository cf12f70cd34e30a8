//! Stories across the crates: a real node over HTTP, real wallets, real proofs, and people who cheat.

#![allow(clippy::unwrap_used, reason = "what fails here fails a test")]

mod auditor;
mod books;
mod client;
mod forgery;
mod liar;
mod onlooker;
mod person;
mod statements;
mod story;
mod tiers;
mod town;
mod upgrade;
