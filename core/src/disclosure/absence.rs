use core::fmt;

use ff::Field;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    nullifier_tree::{Absence, LEVELS, NullifierLeaf, halves},
    poseidon::{Domain, hash},
    spec::Fr,
    statement::fits,
    tree::path::ascend,
};

/// A leaf of the nullifier tree whose two values should enclose a nullifier, and the leaf's way to the root. The leaf says
/// between which nullifiers the hidden one lies. Wiped on drop; its `Debug` shows nothing.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct AbsenceWitness {
    /// The upper and the lower 128 bits of the leaf's value.
    pub value: [Fr; 2],
    /// The upper and the lower 128 bits of the value that follows it in the set.
    pub next: [Fr; 2],
    /// At each level the four children among which the path goes on, from the leaf's up.
    pub path: [[Fr; 4]; LEVELS],
}

/// How an absence is not shown.
pub(super) enum AbsenceFault {
    /// The leaf's value is not below the nullifier.
    Value,
    /// The value after it is not above the nullifier.
    Next,
    /// The path does not hold the node at a level.
    Path(usize),
}

impl AbsenceWitness {
    /// A leaf that encloses every nullifier, in a tree that nobody knows: for entries without a value.
    pub(super) fn dummy() -> Self {
        Self::from(&Absence::new(NullifierLeaf::FIRST, 0, [[Fr::ZERO; 3]; LEVELS]))
    }

    /// The root that the path leads to, with all faults.
    pub(super) fn root(&self, nullifier: Fr) -> (Vec<AbsenceFault>, Fr) {
        let [[value_hi, value_lo], [next_hi, next_lo]] = [self.value, self.next];
        let leaf = hash(Domain::Snapshot, &[value_hi, value_lo, next_hi, next_lo]);
        let (levels, root) = ascend(leaf, &self.path);
        let nullifier = halves(nullifier);
        let below = (!is_below(self.value, nullifier)).then_some(AbsenceFault::Value);
        let above = (!is_below(nullifier, self.next)).then_some(AbsenceFault::Next);
        (below.into_iter().chain(above).chain(levels.into_iter().map(AbsenceFault::Path)).collect(), root)
    }
}

/// `[integer-order]`: whether one integer is strictly below another, each given by two halves of 128 bits. Of halves that are larger it is as
/// strict as the circuit.
pub(super) fn is_below([low_hi, low_lo]: [Fr; 2], [high_hi, high_lo]: [Fr; 2]) -> bool {
    let apart = high_hi - low_hi;
    let apart = if apart == Fr::ZERO { high_lo - low_lo } else { apart };
    fits(&(apart - Fr::ONE), 128)
}

impl From<&Absence> for AbsenceWitness {
    fn from(absence: &Absence) -> Self {
        let [value, next] = absence.leaf().halves();
        Self { value, next, path: absence.children() }
    }
}

impl fmt::Debug for AbsenceWitness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AbsenceWitness(..)")
    }
}
