//! `[address-control]` as constraints, clause by clause as in `louver_core::disclosure::AddressClaim`.

use bellman::{Circuit, ConstraintSystem, SynthesisError};
use louver_core::{
    disclosure::{AccountOpening, AddressClaim},
    spec::Fr,
};

use super::{Inputs, account};
use crate::linear::enforce_equal;

/// `[address-control]` with what is known of its witness.
#[derive(Clone, Copy, Default)]
pub struct AddressCircuit<'a>(Option<(&'a AddressClaim, &'a AccountOpening)>);

impl<'a> AddressCircuit<'a> {
    /// The statement with a witness, which may be broken: then some constraint fails. `default()` is the statement
    /// alone.
    pub fn with_witness(claim: &'a AddressClaim, opening: &'a AccountOpening) -> Self {
        Self(Some((claim, opening)))
    }
}

impl Circuit<Fr> for AddressCircuit<'_> {
    fn synthesize<CS: ConstraintSystem<Fr>>(self, cs: &mut CS) -> Result<(), SynthesisError> {
        let scalars = self.0.map(|(claim, _)| claim.to_scalars());
        let names = AddressClaim::NAMES.map(str::to_owned);
        let mut public = Inputs::alloc(cs, &names, scalars.as_deref())?;
        // 1. The account.
        let (account, pool) = account(cs, &mut public, self.0.map(|(_, opening)| opening))?;
        // 2. The address.
        let [epoch, tag, pk_d_hash] = public.several()?;
        let own = account.epoch_keys(cs, &pool, &epoch)?.external_tag(cs, &pk_d_hash)?;
        enforce_equal(cs, "owner tag", &own, &tag);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
