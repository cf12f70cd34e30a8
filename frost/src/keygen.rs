//! `[frost-keygen]`: the generation of a key by its members, in two rounds and an echo.
//!
//! ```text
//! round 1  each member publishes its commitment          Participant::commit
//! round 2  each member deals a secret share to each      Participant::deal
//! echo     each member checks all that it got and signs  Participant::finish
//! ```
//!
//! The [`Entry`] is what remains: commitments and the signatures of all members. If one member is shown other
//! commitments than the rest, it signs another transcript, and no entry comes about.
//!
//! Source: Komlo and Goldberg, "FROST" (SAC 2020), figure 1, as `frost-core` has it. The key's purpose, its members
//! and their threshold are in every member's identifier, so they are in every proof and share.

mod commitment;
mod deal;
mod entry;
mod error;
mod evidence;
mod participant;
mod share;
mod terms;

pub use commitment::Commitment;
pub use deal::Deal;
pub use entry::{Confirmation, Entry, GroupKey};
pub use error::{KeygenError, TermsError};
pub use evidence::Evidence;
pub use participant::Participant;
pub use share::KeyShare;
pub use terms::Terms;

#[cfg(test)]
mod tests;
