//! A node's work on Orchard payments.

use orchard::circuit::VerifyingKey;

use super::{Orchard, VERSION, check, encoding};
use crate::{
    kept,
    measure::{Contender, Failure},
    payments::{Batch, Verifier, with_other_nullifier},
};

/// Verifies whole bundles of two actions: each is read from bytes and hashed; its proof, its spend signatures and its
/// binding signature are checked by `BatchValidator`.
pub(crate) struct OrchardVerifier(VerifyingKey);

impl OrchardVerifier {
    /// A batch of `distinct` payments, repeated up to `size`.
    pub(crate) fn batch(distinct: u64, size: usize) -> Result<Batch<Self>, Failure> {
        let mut prover = None;
        let mut payments = Vec::new();
        for number in 0..distinct {
            payments.push(kept::obtain(&format!("orchard-0.16-{number}.bundle"), || {
                if prover.is_none() {
                    prover = Some(Orchard::new()?);
                }
                prover.as_mut().map_or_else(|| Err("no prover".into()), payment)
            })?);
        }
        Batch::new(Self(VerifyingKey::build(VERSION.circuit_version())), payments, size)
    }
}

impl Verifier for OrchardVerifier {
    fn verify(&self, payments: &[Vec<u8>]) -> Result<(), Failure> {
        let bundles = payments.iter().map(|bytes| encoding::read(bytes));
        check(&self.0, &bundles.collect::<Result<Vec<_>, _>>()?)
    }

    fn spoil(payment: &[u8], _: &[u8]) -> Result<Vec<u8>, Failure> {
        with_other_nullifier(payment)
    }
}

/// A payment, proven and signed.
fn payment(orchard: &mut Orchard) -> Result<Vec<u8>, Failure> {
    let given = orchard.draw()?;
    let (bundle, account) = orchard.make(given)?;
    let sighash = encoding::sighash(&bundle);
    Ok(encoding::write(&bundle.apply_signatures(rand::rng(), sighash, &[account])?))
}
