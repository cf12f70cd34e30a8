//! `[nullifier-absence]` as constraints: that a nullifier is not in the set.

use bellman::{ConstraintSystem, SynthesisError};
use louver_core::{disclosure::AbsenceWitness, poseidon::Domain, spec::Fr};

use crate::{linear::Linear, order::Halves, poseidon::hash, tree};

/// The root of a nullifier tree that `nullifier` is not in, in 5,659 constraints.
///
/// The halves of the leaf's two values need no ranges of their own: only the ledger makes leaves, and each half that it
/// hashes has 128 bits. The greatest value of a leaf is `r - 1`. So a nullifier that is below the leaf's next value is given
/// by its least halves, the canonical ones.
pub fn root<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    nullifier: &Halves,
    witness: Option<&AbsenceWitness>,
) -> Result<Linear, SynthesisError> {
    let mut half = |name: &str, value: fn(&AbsenceWitness) -> Fr| Linear::alloc(cs, name, witness.map(value));
    let value = Halves {
        high: half("value high", |leaf| leaf.value[0])?,
        low: half("value low", |leaf| leaf.value[1])?,
    };
    let next =
        Halves { high: half("next high", |leaf| leaf.next[0])?, low: half("next low", |leaf| leaf.next[1])? };
    value.enforce_below(cs, "above the value", nullifier)?;
    nullifier.enforce_below(cs, "below the next", &next)?;
    let halves = [value.high, value.low, next.high, next.low];
    let leaf = hash(&mut cs.namespace(|| "leaf"), Domain::Snapshot, &halves)?;
    tree::root(&mut cs.namespace(|| "path"), &leaf, witness.map(|leaf| &leaf.path))
}
