//! The transfer statement as a native relation: what every transaction's proof shows.
//!
//! One proof a transaction. The clauses stand here in the order of the specification, and `louver-circuits` has the
//! same ones as constraints:
//!
//! 1. `[transfer-input]` For each input: limbs in range, its epoch not after the transaction's, its asset one of the
//!    two, its path sound; a note of non-zero value stands under the anchor; its nullifier is the public one.
//! 2. `[transfer-account]` All inputs belong to one account, whose key is sound and is what `rk` re-randomises.
//! 3. `[transfer-output]` For each output: its asset one of the two, its value 64 bits, its commitment the public one.
//! 4. `[transfer-balance]` Both assets balance.
//! 5. `[transfer-spend-tag]` The spend tag is the account's, of the transaction's epoch.

mod public;
mod violation;
mod witness;

pub use public::{PublicValue, TransferPublic};
pub use violation::Violation;
pub use witness::{InputWitness, LEVELS, OutputWitness, TransferWitness};
