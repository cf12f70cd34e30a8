//! `[unspent]` as constraints, clause by clause as in `louver_core::disclosure::UnspentClaim`.

use bellman::{Circuit, ConstraintSystem, SynthesisError};
use louver_core::{
    disclosure::{AccountOpening, UnspentClaim, UnspentWitness},
    spec::Fr,
};

use super::{Inputs, account};
use crate::{
    absence,
    linear::{Linear, enforce_equal},
    note::{Limbs, Placed},
    order::Halves,
    range::{alloc_bit, enforce_range},
};

/// `[unspent]` with what is known of its witness.
#[derive(Clone, Copy, Default)]
pub struct UnspentCircuit<'a>(Option<(&'a UnspentClaim, &'a AccountOpening, &'a UnspentWitness)>);

impl<'a> UnspentCircuit<'a> {
    /// The statement with a witness, which may be broken: then some constraint fails. `default()` is the statement
    /// alone.
    pub fn with_witness(
        claim: &'a UnspentClaim,
        opening: &'a AccountOpening,
        witness: &'a UnspentWitness,
    ) -> Self {
        Self(Some((claim, opening, witness)))
    }
}

impl Circuit<Fr> for UnspentCircuit<'_> {
    fn synthesize<CS: ConstraintSystem<Fr>>(self, cs: &mut CS) -> Result<(), SynthesisError> {
        let witness = self.0.map(|(_, _, witness)| witness);
        let known = |value: fn(&UnspentWitness) -> Fr| witness.map(value);
        let scalars = self.0.map(|(claim, ..)| claim.to_scalars());
        let names = UnspentClaim::NAMES.map(str::to_owned);
        let mut public = Inputs::alloc(cs, &names, scalars.as_deref())?;
        // 1. The account.
        let (account, pool) = account(cs, &mut public, self.0.map(|(_, opening, _)| opening))?;
        let [tree_root, nullifier_root, cm, epoch] = public.several()?;

        // 2. The note. The epoch is the verifier's; all other limbs are bounded here, or m would open as of another epoch.
        let index = Linear::alloc(cs, "index", known(|witness| witness.note.index))?;
        enforce_range(cs, "index", &index, 8)?;
        let asset = Linear::alloc(cs, "asset", known(|witness| witness.asset))?;
        enforce_range(cs, "asset", &asset, 56)?;
        let value = Linear::alloc(cs, "value", known(|witness| witness.note.value))?;
        enforce_range(cs, "value", &value, 64)?;
        let keys = account.epoch_keys(cs, &pool, &epoch)?;
        let is_internal = alloc_bit(cs, "is internal", known(|witness| witness.is_internal))?;
        let pk_d_hash = Linear::alloc(cs, "pk_d_hash", known(|witness| witness.note.pk_d_hash))?;
        let tag = keys.owner_tag(cs, &is_internal, &pk_d_hash)?;
        let limbs = Limbs { index: &index, epoch: &epoch, asset: &asset, value: &value };
        let note = Placed::alloc(cs, &tag, &limbs, witness.map(|witness| (&witness.note).into()))?;
        enforce_equal(cs, "commitment", &note.commitment, &cm);

        // 3. It stood in the tree.
        enforce_equal(cs, "root", &note.root, &tree_root);

        // 4. Its nullifier was not in the set.
        let nullifier = keys.nullifier(cs, &note.commitment)?;
        let nullifier = Halves::of_congruent(cs, "halves", &nullifier)?;
        let cs = &mut cs.namespace(|| "absence");
        let root = absence::root(cs, &nullifier, witness.map(|witness| &witness.absence))?;
        enforce_equal(cs, "root", &root, &nullifier_root);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
