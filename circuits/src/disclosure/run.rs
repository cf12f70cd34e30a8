//! `[run]` as constraints, as in `louver_core::disclosure::run`.

use bellman::{ConstraintSystem, SynthesisError};
use ff::Field;
use louver_core::{
    disclosure::{RunState, SUM_BITS},
    nullifier_tree::halves,
    poseidon::Domain,
    spec::Fr,
};

use super::Inputs;
use crate::{
    linear::{Linear, enforce, enforce_equal, product},
    order::Halves,
    poseidon::hash,
    range::{enforce_range, power_of_two},
};

/// The count of a run, note by note.
pub(super) struct Counting {
    sum: Linear,
    count: Linear,
    /// The nullifier of the last note.
    last: Halves,
    /// Whether the last entry was a note; `None` before the first, which may be one or not.
    was_note: Option<Linear>,
}

/// A nullifier and a value, as they are counted.
pub(super) struct Entry<'a> {
    /// The note's value: 64 bits.
    pub(super) value: &'a Linear,
    /// The note's nullifier.
    pub(super) nullifier: &'a Halves,
}

impl Counting {
    /// Goes on from the public commitment `before`, in 554 constraints.
    ///
    /// Of the integers that are congruent to the last nullifier, a greater one than the least leaves less room above it: it
    /// serves nobody.
    pub(super) fn open<CS: ConstraintSystem<Fr>>(
        cs: &mut CS,
        before: &Linear,
        state: Option<&RunState>,
    ) -> Result<Self, SynthesisError> {
        let cs = &mut cs.namespace(|| "before");
        let mut known = |name: &str, value: fn(&RunState) -> Fr| Linear::alloc(cs, name, state.map(value));
        let sum = known("sum", |state| state.sum)?;
        let last = known("last", |state| state.last)?;
        let count = known("count", |state| state.count)?;
        let blind = known("blind", |state| state.blind)?;
        let inputs = [sum.clone(), last.clone(), count.clone(), blind];
        let commitment = hash(&mut cs.namespace(|| "commitment"), Domain::Run, &inputs)?;
        enforce_equal(cs, "commitment", &commitment, before);
        let last = Halves::of_congruent(cs, "last", &last)?;
        Ok(Self { sum, count, last, was_note: None })
    }

    /// Counts an entry, in 135 constraints, and one more unless it is the first. With a value it is a note, and its nullifier is
    /// above that of the note before. Without a value it is a dummy, and no note comes after it.
    pub(super) fn count<CS: ConstraintSystem<Fr>>(
        &mut self,
        cs: &mut CS,
        entry: &Entry<'_>,
    ) -> Result<(), SynthesisError> {
        let Entry { value, nullifier } = entry;
        if let Some(was_note) = &self.was_note {
            enforce(cs, "after the last", &(&Linear::one() - was_note), value, &Linear::zero());
        }
        // 1 if the value has an inverse, and 0 if it is 0.
        let inverse = Linear::alloc(
            cs,
            "inverse",
            value.value().map(|value| Option::from(value.invert()).unwrap_or(Fr::ZERO)),
        )?;
        let is_note = product(cs, "is note", value, &inverse)?;
        enforce(cs, "has a value", &(&Linear::one() - &is_note), value, &Linear::zero());

        let mut last = |name: &str, last: &Linear, own: &Linear| -> Result<_, SynthesisError> {
            let known = is_note.value().zip(last.value()).zip(own.value());
            let next = Linear::alloc(cs, name, known.map(|((is, last), own)| last + is * (own - last)))?;
            enforce(cs, name, &is_note, &(own - last), &(&next - last));
            Ok(next)
        };
        let next = Halves {
            high: last("last high", &self.last.high, &nullifier.high)?,
            low: last("last low", &self.last.low, &nullifier.low)?,
        };
        self.last.enforce_below_if(cs, "order", &next, &is_note)?;
        self.sum = &self.sum + value;
        self.count = &self.count + &is_note;
        (self.last, self.was_note) = (next, Some(is_note));
        Ok(())
    }

    /// Enforces that the last nullifier is an integer below the field's order, in 131 constraints. So all before it are,
    /// for each is below the next: no note counts a second time by an integer that is congruent to its nullifier.
    pub(super) fn enforce_canonical<CS: ConstraintSystem<Fr>>(
        &self,
        cs: &mut CS,
    ) -> Result<(), SynthesisError> {
        let [high, low] = halves(-Fr::ONE);
        let order = Halves { high: Linear::constant(high), low: Linear::constant(low + Fr::ONE) };
        self.last.enforce_below(cs, "canonical", &order)
    }

    /// Ends the run at its public commitment, and holds the sum against what is shown of it. It takes the public inputs for
    /// flags and value, in 380 constraints.
    ///
    /// A run of the most proofs has a sum below `2^SUM_BITS`, and nobody makes the commitment of another one. So a difference
    /// within as many bits is not negative.
    pub(super) fn close<CS: ConstraintSystem<Fr>>(
        self,
        cs: &mut CS,
        after: &Linear,
        blind: Option<Fr>,
        public: &mut Inputs,
    ) -> Result<(), SynthesisError> {
        let [is_shown, is_exact, threshold] = public.several()?;
        let cs = &mut cs.namespace(|| "after");
        let blind = Linear::alloc(cs, "blind", blind)?;
        let last = self.last.low.add_scaled(power_of_two(128), &self.last.high);
        let inputs = [self.sum.clone(), last, self.count, blind];
        let commitment = hash(&mut cs.namespace(|| "commitment"), Domain::Run, &inputs)?;
        enforce_equal(cs, "commitment", &commitment, after);

        let shown = product(cs, "shown", &is_shown, &self.sum)?;
        enforce_range(cs, "threshold", &(&shown - &threshold), SUM_BITS)?;
        enforce(cs, "exactly", &is_exact, &(&self.sum - &threshold), &Linear::zero());
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests;
