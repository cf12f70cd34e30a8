//! `[audited-transfer]` as constraints: that a ciphertext shows a transaction to the holders of an auditor key.

use bellman::{ConstraintSystem, SynthesisError};
use ff::Field;
use louver_core::{
    poseidon::Domain,
    spec::{Fj, Fr},
};

use crate::{
    jubjub::{Point, ScalarDigits, multiple, spend_base_multiple},
    linear::{Linear, enforce_equal},
    poseidon::lanes,
};

/// The public inputs of a shape of audited pools beside those of every shape.
pub(crate) struct AuditWires {
    /// `A`. That it is in the prime-order subgroup and not the identity is for the ledger to see to.
    pub(crate) auditor: Point,
    /// `epk`
    pub(crate) epk: Point,
    /// The encrypted elements.
    pub(crate) body: Vec<Linear>,
}

impl AuditWires {
    /// Enforces that the ciphertext holds what is `said`, under the keystream of `S = [s] A` for the `s` of `epk = [s] G`,
    /// in 2,187 constraints, 294 more for each four elements, and one for each element.
    ///
    /// One set of digits stands for `s` in both products. `S` is never the identity, nor of small order, as [`multiple`]
    /// shows; so neither is `epk`, whose discrete logarithm is the same.
    pub(crate) fn enforce<CS: ConstraintSystem<Fr>>(
        &self,
        cs: &mut CS,
        secret: Option<&Fj>,
        first_nullifier: &Linear,
        said: &[Linear],
    ) -> Result<(), SynthesisError> {
        let digits = ScalarDigits::alloc_wide(&mut cs.namespace(|| "secret"), secret)?;
        let epk = spend_base_multiple(&mut cs.namespace(|| "epk"), &digits)?;
        enforce_equal(cs, "epk u", &epk.u, &self.epk.u);
        enforce_equal(cs, "epk v", &epk.v, &self.epk.v);
        let shared = multiple(&mut cs.namespace(|| "shared"), &digits, &self.auditor)?;
        for (block, (said, encrypted)) in (0u64..).zip(said.chunks(4).zip(self.body.chunks(4))) {
            let counter = Linear::constant(Fr::from(block));
            let inputs = [shared.u.clone(), shared.v.clone(), first_nullifier.clone(), counter];
            let stream = lanes(&mut cs.namespace(|| format!("keystream {block}")), Domain::Audit, &inputs)?;
            for (place, ((said, key), encrypted)) in
                (4 * block..).zip(said.iter().zip(&stream).zip(encrypted))
            {
                enforce_equal(cs, &format!("element {place}"), &said.add_scaled(Fr::ONE, key), encrypted);
            }
        }
        Ok(())
    }
}
