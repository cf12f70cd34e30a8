//! `[transaction-opening]` as constraints, clause by clause as in `louver_core::disclosure::TransactionClaim`.

use bellman::{Circuit, ConstraintSystem, SynthesisError};
use louver_core::{
    disclosure::{AccountOpening, InputCount, TransactionClaim, TransactionWitness},
    spec::Fr,
};

use super::{Inputs, account};
use crate::{
    linear::{Linear, enforce_equal},
    range::enforce_range,
};

/// `[transaction-opening]` with what is known of its witness.
#[derive(Clone, Copy)]
pub struct TransactionOpeningCircuit<'a> {
    inputs: InputCount,
    assignment: Option<(&'a TransactionClaim, &'a AccountOpening, &'a TransactionWitness)>,
}

impl TransactionOpeningCircuit<'static> {
    /// The statement without a witness, for transactions of this many inputs.
    pub fn of_inputs(inputs: InputCount) -> Self {
        Self { inputs, assignment: None }
    }
}

impl<'a> TransactionOpeningCircuit<'a> {
    /// The statement with a witness, which may be broken: then some constraint fails. `None` unless there is an epoch for
    /// each input.
    pub fn with_witness(
        claim: &'a TransactionClaim,
        opening: &'a AccountOpening,
        witness: &'a TransactionWitness,
    ) -> Option<Self> {
        let inputs = claim.inputs.count();
        (witness.epochs.len() == inputs.get())
            .then_some(Self { inputs, assignment: Some((claim, opening, witness)) })
    }
}

impl Circuit<Fr> for TransactionOpeningCircuit<'_> {
    fn synthesize<CS: ConstraintSystem<Fr>>(self, cs: &mut CS) -> Result<(), SynthesisError> {
        let scalars = self.assignment.map(|(claim, ..)| claim.to_scalars());
        let mut public = Inputs::alloc(cs, &TransactionClaim::names(self.inputs), scalars.as_deref())?;
        // 1. The account.
        let (account, pool) = account(cs, &mut public, self.assignment.map(|(_, opening, _)| opening))?;
        let [epoch, spend_tag] = public.several()?;
        let inputs: Vec<[Linear; 2]> =
            (0..self.inputs.get()).map(|_| public.several()).collect::<Result<_, _>>()?;

        // 2. The transaction.
        let first =
            inputs.first().map(|[nullifier, _]| nullifier).ok_or(SynthesisError::AssignmentMissing)?;
        let made_by = account.epoch_keys(cs, &pool, &epoch)?.spend_tag(cs, first)?;
        enforce_equal(cs, "spend tag", &made_by, &spend_tag);

        // 3. The inputs. That no epoch is after the transaction's was proven when the notes were spent.
        for (index, [nullifier, cm]) in inputs.iter().enumerate() {
            let cs = &mut cs.namespace(|| format!("input {index}"));
            let known = self.assignment.and_then(|(.., witness)| witness.epochs.get(index).copied());
            let epoch = Linear::alloc(cs, "epoch", known)?;
            enforce_range(cs, "epoch", &epoch, 16)?;
            let spent = account.epoch_keys(cs, &pool, &epoch)?.nullifier(cs, cm)?;
            enforce_equal(cs, "nullifier", &spent, nullifier);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
