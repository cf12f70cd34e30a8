//! Louver's threshold keys: FROST over Jubjub, and the generation of a key by those who will hold it.
//!
//! A *key* has `n` *members*. Any `t` of them can use it together, and fewer learn nothing of it. Nobody ever has the
//! whole of it. Members generate it in two rounds ([`keygen`]); what they leave is an [`Entry`](keygen::Entry), from which
//! anybody can check who the members are, how many of them it takes, and that each of them agreed.
//!
//! Signatures by such a key are RedJubjub's ([`suite`]).

pub mod keygen;
mod random;
pub mod suite;

pub use keygen::{GroupKey, KeyShare};
pub use suite::JubjubBlake2b512;
