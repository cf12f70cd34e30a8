//! The statements behind disclosure, as native relations: what an account proves of itself without showing its keys.
//!
//! Both speak of one account, named by its id, under a re-randomised key `rk` that signs what is disclosed. `ak` and
//! `nk` are never shown.

mod account;
mod keys;
mod link;

pub use account::{AccountOpening, Randomized};
pub use keys::{AccountKeys, EPOCHS_PER_PROOF, EpochClaim, KeyFlags};
pub use link::AccountLink;

use thiserror::Error;

/// The clause that a disclosure statement breaks.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DisclosureViolation {
    /// `ak` is not on the curve, or of small order.
    #[error("ak is not on the curve, or of small order")]
    SpendAuthority,
    /// `rk` is not `ak + [alpha] G`.
    #[error("rk does not re-randomise ak")]
    RandomizedKey,
    /// The account id is not that of `ak` and `nk` in this pool.
    #[error("the account id is another account's")]
    AccountId,
    /// The external tag key shown for an epoch is not the account's.
    #[error("the external tag key of claim {0} is not the account's")]
    ExternalTagKey(usize),
    /// The internal tag key shown for an epoch is not the account's.
    #[error("the internal tag key of claim {0} is not the account's")]
    InternalTagKey(usize),
    /// The nullifier key shown for an epoch is not the account's.
    #[error("the nullifier key of claim {0} is not the account's")]
    NullifierKey(usize),
    /// The spend-detection key shown for an epoch is not the account's.
    #[error("the detection key of claim {0} is not the account's")]
    DetectionKey(usize),
    /// The spend tag is not the account's for this nullifier and epoch.
    #[error("the spend tag is not the account's")]
    SpendTag,
    /// The owner tag is not the account's for this key and epoch.
    #[error("the owner tag is not the account's")]
    OwnerTag,
}

#[cfg(test)]
mod tests;
