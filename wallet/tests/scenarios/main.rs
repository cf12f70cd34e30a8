//! The wallet against a ledger in memory. Proofs are not made here: the native relation stands in for them, and every
//! signature is checked.

#![allow(clippy::unwrap_used, reason = "what fails here fails a test")]

mod adversaries;
mod audited;
mod chain;
mod clocks;
mod decoys;
mod following;
mod funds;
mod giving_up;
mod lifecycle;
mod proposals;
mod register;
mod reorganisations;
mod slow;
