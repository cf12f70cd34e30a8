//! A node's work on Sapling payments.

use super::{Keys, Sapling, encoding};
use crate::{
    kept,
    measure::{Contender, Failure},
    payments::{Batch, Verifier, with_other_nullifier},
};

/// Verifies whole bundles of two spends and two outputs: each is read from bytes and hashed; its proofs, its spend
/// signatures and its binding signature are checked by `BatchValidator`.
pub(crate) struct SaplingVerifier(Keys);

impl SaplingVerifier {
    /// A batch of `distinct` payments, repeated up to `size`.
    pub(crate) fn batch(distinct: u64, size: usize) -> Result<Batch<Self>, Failure> {
        let mut sapling = Sapling::new()?;
        let payments = (0..distinct)
            .map(|number| kept::obtain(&format!("sapling-0.9-{number}.bundle"), || payment(&mut sapling)));
        let payments = payments.collect::<Result<_, _>>()?;
        Batch::new(Self(sapling.keys), payments, size)
    }
}

impl Verifier for SaplingVerifier {
    fn verify(&self, payments: &[Vec<u8>]) -> Result<(), Failure> {
        let bundles = payments.iter().map(|bytes| encoding::read(bytes));
        self.0.check(bundles.collect::<Result<Vec<_>, _>>()?)
    }

    fn spoil(payment: &[u8], _: &[u8]) -> Result<Vec<u8>, Failure> {
        with_other_nullifier(payment)
    }
}

/// A payment, proven and signed.
fn payment(sapling: &mut Sapling) -> Result<Vec<u8>, Failure> {
    let given = sapling.draw()?;
    let (bundle, account) = sapling.make(given)?;
    let sighash = encoding::sighash(&bundle);
    let bundle = bundle.apply_signatures(rand::rng(), sighash, &[account.expsk().ask().clone()])?;
    Ok(encoding::write(&bundle))
}
