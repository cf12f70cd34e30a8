//! `[account-keys]` and what comes of them: from the phrase of an account down to the keys of one epoch in one pool.
//!
//! ```text
//! seed --zip32--> AccountSpendingKey --> SpendAuthorizingKey                     authorises spends
//!                                    \-> FullViewingKey --> AccountId            names the account
//!                                                       \-> EpochKeys            tags, nullifiers, detection
//!                                                       \-> GgmCover --> leaf    incoming and outgoing keys
//! ```
//!
//! A key of one pool and epoch says nothing in another: scope is what a key is, not what its holder promises.

pub mod account;
#[cfg(any(test, feature = "testing"))]
pub mod arbitrary;
pub mod epoch;
pub mod ggm;
pub mod signing;
pub mod string;
pub mod typed;

pub use account::{AccountId, AccountSpendingKey, Direction, FullViewingKey, KeyError};
pub(crate) use epoch::EpochScalars;
pub use epoch::{
    AddressIndex, DetectionKey, EpochKeys, IncomingViewingKey, NullifierKey, OutgoingViewingKey, TagKey,
};
pub use ggm::{GgmCover, GgmLeaf, View};
pub use signing::{RandomizedKey, SigningError, SpendAuthorizingKey, SpendSignature};
pub(crate) use signing::{SignedMessage, invalid_signatures};
pub use string::{AnyString, StringError};
pub use typed::{TypedError, Wanted, read_typed};

#[cfg(test)]
mod tests;
