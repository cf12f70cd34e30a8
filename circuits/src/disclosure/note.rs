//! `[note-opening]` as constraints, clause by clause as in `louver_core::disclosure::NoteClaim`.

use bellman::{Circuit, ConstraintSystem, SynthesisError};
use ff::Field;
use louver_core::{
    disclosure::{AccountOpening, NoteClaim, NoteWitness},
    spec::Fr,
};

use super::{Inputs, account};
use crate::{
    linear::{Linear, enforce, enforce_equal},
    note::{Limbs, commitment},
    range::{alloc_bit, enforce_range},
};

/// `[note-opening]` with what is known of its witness.
#[derive(Clone, Copy, Default)]
pub struct NoteOpeningCircuit<'a>(Option<(&'a NoteClaim, &'a AccountOpening, &'a NoteWitness)>);

impl<'a> NoteOpeningCircuit<'a> {
    /// The statement with a witness, which may be broken: then some constraint fails. `default()` is the statement
    /// alone.
    pub fn with_witness(claim: &'a NoteClaim, opening: &'a AccountOpening, witness: &'a NoteWitness) -> Self {
        Self(Some((claim, opening, witness)))
    }
}

impl Circuit<Fr> for NoteOpeningCircuit<'_> {
    fn synthesize<CS: ConstraintSystem<Fr>>(self, cs: &mut CS) -> Result<(), SynthesisError> {
        let witness = self.0.map(|(_, _, witness)| witness);
        let known = |value: fn(&NoteWitness) -> Fr| witness.map(value);
        let scalars = self.0.map(|(claim, ..)| claim.to_scalars());
        let names = NoteClaim::NAMES.map(str::to_owned);
        let mut public = Inputs::alloc(cs, &names, scalars.as_deref())?;
        // 1. The account.
        let (account, pool) = account(cs, &mut public, self.0.map(|(_, opening, _)| opening))?;
        let [epoch, nullifier, spend_tag, cm, index] = public.several()?;

        // 2. The note. Index and epoch are the ledger's, of 8 and 16 bits; asset and value are bounded here, or the same
        //    m would open as another amount.
        let tag = Linear::alloc(cs, "tag", known(|note| note.tag))?;
        let asset = Linear::alloc(cs, "asset", known(|note| note.asset))?;
        enforce_range(cs, "asset", &asset, 56)?;
        let value = Linear::alloc(cs, "value", known(|note| note.value))?;
        enforce_range(cs, "value", &value, 64)?;
        let rcm = Linear::alloc(cs, "rcm", known(|note| note.rcm))?;
        let limbs = Limbs { index: &index, epoch: &epoch, asset: &asset, value: &value };
        let opened = commitment(cs, &tag, &nullifier, &limbs, &rcm)?;
        enforce_equal(cs, "commitment", &opened, &cm);

        // 3. The sides: a bit that is 1 says that the account is there; at least one of them is.
        let paid = alloc_bit(cs, "paid", known(|note| note.paid))?;
        let received = alloc_bit(cs, "received", known(|note| note.received))?;
        let is_internal = alloc_bit(cs, "is internal", known(|note| note.is_internal))?;
        let pk_d_hash = Linear::alloc(cs, "pk_d_hash", known(|note| note.pk_d_hash))?;
        let keys = account.epoch_keys(cs, &pool, &epoch)?;
        let apart = &spend_tag - &keys.spend_tag(cs, &nullifier)?;
        // A variable of its own, or a long combination would stand in three rows.
        let step = Linear::alloc(cs, "apart", apart.value())?;
        enforce_equal(cs, "apart", &step, &apart);
        enforce(cs, "spend tag", &paid, &step, &Linear::zero());
        let own_tag = keys.owner_tag(cs, &is_internal, &pk_d_hash)?;
        enforce(cs, "owner tag", &received, &(&tag - &own_tag), &Linear::zero());
        let (not_paid, not_received) = (&Linear::one() - &paid, &Linear::one() - &received);
        enforce(cs, "a side", &not_paid, &not_received, &Linear::zero());

        // 4. Everything that is shown.
        let [shows_paid, shows_received, shows_own] = public.several()?;
        enforce(cs, "shown paid", &shows_paid, &not_paid, &Linear::zero());
        enforce(cs, "shown received", &shows_received, &not_received, &Linear::zero());
        // 1 if the transaction is the account's own, and 0 if not: nobody chooses it.
        let inverse = step.value().map(|apart| apart.invert().unwrap_or(Fr::ZERO));
        let own = step.value().map(|apart| Fr::from(u64::from(apart == Fr::ZERO)));
        let own = Linear::alloc(cs, "own", own)?;
        let inverse = Linear::alloc(cs, "inverse", inverse)?;
        enforce(cs, "own only if not apart", &own, &step, &Linear::zero());
        enforce(cs, "own unless apart", &step, &inverse, &(&Linear::one() - &own));
        enforce(cs, "shown own", &shows_received, &own, &shows_own);
        for (name, hidden) in [
            ("shown tau", &tag),
            ("shown pk_d_hash", &pk_d_hash),
            ("shown asset", &asset),
            ("shown value", &value),
        ] {
            let [flag, shown] = public.several()?;
            enforce(cs, name, &flag, hidden, &shown);
        }
        // The verifier makes the threshold, of 64 bits: below it, the difference has no 64.
        let [threshold] = public.several()?;
        enforce_range(cs, "threshold", &(&value - &threshold), 64)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
