//! `[ceremony]`: production keys whose secrets nobody knows, provided that one contributor forgot hers.
//!
//! *Phase 1* makes powers of a secret `tau`, for all circuits up to a size; it is run here ([`phase1`]) or taken from a
//! file of the `powersoftau` tool ([`source`]). *Phase 2* makes the key of one circuit from them ([`phase2`]). In each
//! phase, people contribute one after the other: each multiplies the secrets by her own, proves that she knows it and
//! forgets it. A public *beacon* closes a phase. A reader of a transcript who has the circuit can check everything
//! except that somebody forgot. The result is a [`key::ProductionKey`].
//!
//! A chain names the keys in its genesis, and its ledger, wallets and auditors take them with a
//! [`KeySet`](crate::keyset::KeySet):
//!
//! ```no_run
//! use std::path::Path;
//!
//! use louver_circuits::{
//!     keyset::{KeySet, KeySetError},
//!     prover::LocalProver,
//!     verifier::LocalVerifier,
//! };
//! use louver_core::ledger::Genesis;
//!
//! fn open(genesis: &Genesis, folder: &Path) -> Result<(LocalVerifier, LocalProver), KeySetError> {
//!     let keys = KeySet::of(genesis)?.with_folder(folder)?;
//!     Ok((keys.verifier()?, keys.prover()))
//! }
//! ```
//!
//! After Bowe, Gabizon and Miers, "Scalable Multi-party Computation for zk-SNARK Parameters in the Random Beacon Model".

mod beacon;
mod chain;
mod columns;
mod contribution;
mod initial;
pub mod key;
mod lagrange;
pub mod phase1;
pub mod phase2;
mod point;
mod powers;
mod secret;
pub mod source;
mod work;

#[cfg(test)]
mod tests;

pub use beacon::{Beacon, BeaconError};
pub use chain::{ContributeError, ContributionsError, Entered};
pub use contribution::{MAX_NAME, Name, NameError};
pub use initial::InitialError;
pub use point::{Element, Place, PointFault, ReadError};
pub use powers::{MAX_LOG2, Powers, PowersError};
pub use secret::{Entropy, EntropyError};
pub use work::Cancelled;

/// The hash by which a file of a ceremony is known: BLAKE2b-512, as `b2sum` prints it.
pub fn file_hash(bytes: &[u8]) -> [u8; 64] {
    *blake2b_simd::blake2b(bytes).as_array()
}
