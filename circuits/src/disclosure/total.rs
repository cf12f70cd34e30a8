//! `[total]` as constraints, clause by clause as in `louver_core::disclosure::TotalClaim`.

use bellman::{Circuit, ConstraintSystem, SynthesisError};
use louver_core::{
    disclosure::{AccountOpening, NOTES_PER_PROOF, ReceivedNote, RunWitness, TotalClaim},
    spec::Fr,
};

use super::{
    Inputs, account,
    run::{Counting, Entry},
};
use crate::{
    keys::AccountWires,
    linear::{Linear, enforce},
    note::{Limbs, Placed},
    order::Halves,
    range::enforce_range,
};

/// `[total]` with what is known of its witness.
#[derive(Clone, Copy)]
pub struct TotalCircuit<'a> {
    notes: usize,
    assignment: Option<(&'a TotalClaim, &'a AccountOpening, &'a RunWitness<ReceivedNote>)>,
}

impl Default for TotalCircuit<'static> {
    /// The statement without a witness.
    fn default() -> Self {
        Self { notes: NOTES_PER_PROOF, assignment: None }
    }
}

impl<'a> TotalCircuit<'a> {
    /// The statement with a witness, which may be broken: then some constraint fails. `None` unless it is of
    /// [`NOTES_PER_PROOF`] notes.
    pub fn with_witness(
        claim: &'a TotalClaim,
        opening: &'a AccountOpening,
        witness: &'a RunWitness<ReceivedNote>,
    ) -> Option<Self> {
        (witness.notes.len() == NOTES_PER_PROOF).then(|| Self::of_any_size(claim, opening, witness))
    }

    /// The statement about as many notes as the witness has. No key is of another number than [`NOTES_PER_PROOF`].
    pub(crate) fn of_any_size(
        claim: &'a TotalClaim,
        opening: &'a AccountOpening,
        witness: &'a RunWitness<ReceivedNote>,
    ) -> Self {
        Self { notes: witness.notes.len(), assignment: Some((claim, opening, witness)) }
    }
}

impl Circuit<Fr> for TotalCircuit<'_> {
    fn synthesize<CS: ConstraintSystem<Fr>>(self, cs: &mut CS) -> Result<(), SynthesisError> {
        let witness = self.assignment.map(|(.., witness)| witness);
        let scalars = self.assignment.map(|(claim, ..)| claim.to_scalars());
        let names = TotalClaim::NAMES.map(str::to_owned);
        let mut public = Inputs::alloc(cs, &names, scalars.as_deref())?;
        // 1. The account.
        let (account, pool) = account(cs, &mut public, self.assignment.map(|(_, opening, _)| opening))?;
        let [tree_root, asset, first, last, before, after] = public.several()?;
        let scope = Scope { pool, tree_root, asset, first, last };

        // 2. The notes, and 3. the run.
        let mut counting = Counting::open(cs, &before, witness.map(|witness| &witness.before))?;
        for index in 0..self.notes {
            let note = witness.and_then(|witness| witness.notes.get(index));
            received(&mut cs.namespace(|| format!("note {index}")), &account, &scope, &mut counting, note)?;
        }
        counting.enforce_canonical(cs)?;
        counting.close(cs, &after, witness.map(|witness| witness.blind), &mut public)
    }
}

/// The public inputs that all notes are held against.
struct Scope {
    pool: Linear,
    tree_root: Linear,
    asset: Linear,
    first: Linear,
    last: Linear,
}

/// Counts a note that came to an address of the account, or a dummy, in 6,473 constraints; the first takes one less.
fn received<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    account: &AccountWires,
    scope: &Scope,
    counting: &mut Counting,
    witness: Option<&ReceivedNote>,
) -> Result<(), SynthesisError> {
    let known = |value: fn(&ReceivedNote) -> Fr| witness.map(value);
    // The asset is the verifier's, of 56 bits; the first and the last epoch are, too, each of 16 bits, so that an epoch
    // between them has no more.
    let index = Linear::alloc(cs, "index", known(|received| received.note.index))?;
    enforce_range(cs, "index", &index, 8)?;
    let epoch = Linear::alloc(cs, "epoch", known(|received| received.epoch))?;
    enforce_range(cs, "since the first", &(&epoch - &scope.first), 16)?;
    enforce_range(cs, "until the last", &(&scope.last - &epoch), 16)?;
    let value = Linear::alloc(cs, "value", known(|received| received.note.value))?;
    enforce_range(cs, "value", &value, 64)?;
    let keys = account.epoch_keys(cs, &scope.pool, &epoch)?;
    let pk_d_hash = Linear::alloc(cs, "pk_d_hash", known(|received| received.note.pk_d_hash))?;
    let tag = keys.external_tag(cs, &pk_d_hash)?;
    let limbs = Limbs { index: &index, epoch: &epoch, asset: &scope.asset, value: &value };
    let note = Placed::alloc(cs, &tag, &limbs, witness.map(|received| (&received.note).into()))?;
    // A dummy stands nowhere.
    enforce(cs, "root", &value, &(&note.root - &scope.tree_root), &Linear::zero());
    let nullifier = keys.nullifier(cs, &note.commitment)?;
    let nullifier = Halves::of_congruent(cs, "halves", &nullifier)?;
    counting.count(cs, &Entry { value: &value, nullifier: &nullifier })
}

#[cfg(test)]
mod tests;
