//! `[holdings]` as constraints, clause by clause as in `louver_core::disclosure::HoldingsClaim`.

use bellman::{Circuit, ConstraintSystem, SynthesisError};
use louver_core::{
    disclosure::{AccountOpening, HeldNote, HoldingsClaim, NOTES_PER_PROOF, RunWitness},
    spec::Fr,
};

use super::{
    Inputs, account,
    run::{Counting, Entry},
};
use crate::{
    absence,
    keys::AccountWires,
    linear::{Linear, enforce},
    note::{Limbs, Placed},
    order::Halves,
    range::{alloc_bit, enforce_range},
};

/// `[holdings]` with what is known of its witness.
#[derive(Clone, Copy)]
pub struct HoldingsCircuit<'a> {
    notes: usize,
    assignment: Option<(&'a HoldingsClaim, &'a AccountOpening, &'a RunWitness<HeldNote>)>,
}

impl Default for HoldingsCircuit<'static> {
    /// The statement without a witness.
    fn default() -> Self {
        Self { notes: NOTES_PER_PROOF, assignment: None }
    }
}

impl<'a> HoldingsCircuit<'a> {
    /// The statement with a witness, which may be broken: then some constraint fails. `None` unless it is of
    /// [`NOTES_PER_PROOF`] notes.
    pub fn with_witness(
        claim: &'a HoldingsClaim,
        opening: &'a AccountOpening,
        witness: &'a RunWitness<HeldNote>,
    ) -> Option<Self> {
        (witness.notes.len() == NOTES_PER_PROOF).then(|| Self::of_any_size(claim, opening, witness))
    }

    /// The statement about as many notes as the witness has. No key is of another number than [`NOTES_PER_PROOF`].
    pub(crate) fn of_any_size(
        claim: &'a HoldingsClaim,
        opening: &'a AccountOpening,
        witness: &'a RunWitness<HeldNote>,
    ) -> Self {
        Self { notes: witness.notes.len(), assignment: Some((claim, opening, witness)) }
    }
}

impl Circuit<Fr> for HoldingsCircuit<'_> {
    fn synthesize<CS: ConstraintSystem<Fr>>(self, cs: &mut CS) -> Result<(), SynthesisError> {
        let witness = self.assignment.map(|(.., witness)| witness);
        let scalars = self.assignment.map(|(claim, ..)| claim.to_scalars());
        let names = HoldingsClaim::NAMES.map(str::to_owned);
        let mut public = Inputs::alloc(cs, &names, scalars.as_deref())?;
        // 1. The account.
        let (account, pool) = account(cs, &mut public, self.assignment.map(|(_, opening, _)| opening))?;
        let [tree_root, nullifier_root, asset, before, after] = public.several()?;
        let snapshot = Snapshot { pool, tree_root, nullifier_root, asset };

        // 2. The notes, and 3. the run.
        let mut counting = Counting::open(cs, &before, witness.map(|witness| &witness.before))?;
        for index in 0..self.notes {
            let note = witness.and_then(|witness| witness.notes.get(index));
            held(&mut cs.namespace(|| format!("note {index}")), &account, &snapshot, &mut counting, note)?;
        }
        // No last nullifier is beyond the field's order: each is below the next of a leaf, which the ledger made.
        counting.close(cs, &after, witness.map(|witness| witness.blind), &mut public)
    }
}

/// The public inputs that all notes are held against.
struct Snapshot {
    pool: Linear,
    tree_root: Linear,
    nullifier_root: Linear,
    asset: Linear,
}

/// Counts a note that the account held, or a dummy, in 12,119 constraints; the first takes one less.
fn held<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    account: &AccountWires,
    snapshot: &Snapshot,
    counting: &mut Counting,
    witness: Option<&HeldNote>,
) -> Result<(), SynthesisError> {
    let known = |value: fn(&HeldNote) -> Fr| witness.map(value);
    // The asset is the verifier's, of 56 bits.
    let index = Linear::alloc(cs, "index", known(|held| held.note.index))?;
    enforce_range(cs, "index", &index, 8)?;
    let epoch = Linear::alloc(cs, "epoch", known(|held| held.epoch))?;
    enforce_range(cs, "epoch", &epoch, 16)?;
    let value = Linear::alloc(cs, "value", known(|held| held.note.value))?;
    enforce_range(cs, "value", &value, 64)?;
    let keys = account.epoch_keys(cs, &snapshot.pool, &epoch)?;
    let is_internal = alloc_bit(cs, "is internal", known(|held| held.is_internal))?;
    let pk_d_hash = Linear::alloc(cs, "pk_d_hash", known(|held| held.note.pk_d_hash))?;
    let tag = keys.owner_tag(cs, &is_internal, &pk_d_hash)?;
    let limbs = Limbs { index: &index, epoch: &epoch, asset: &snapshot.asset, value: &value };
    let note = Placed::alloc(cs, &tag, &limbs, witness.map(|held| (&held.note).into()))?;
    // A dummy stands nowhere.
    enforce(cs, "root", &value, &(&note.root - &snapshot.tree_root), &Linear::zero());
    let nullifier = keys.nullifier(cs, &note.commitment)?;
    let nullifier = Halves::of_congruent(cs, "halves", &nullifier)?;
    {
        let cs = &mut cs.namespace(|| "absence");
        let root = absence::root(cs, &nullifier, witness.map(|held| &held.absence))?;
        enforce(cs, "root", &value, &(&root - &snapshot.nullifier_root), &Linear::zero());
    }
    counting.count(cs, &Entry { value: &value, nullifier: &nullifier })
}

#[cfg(test)]
mod tests;
