//! A node's work on Orchard payments: from bytes to verified, all at once.

use orchard::circuit::VerifyingKey;

use super::{Orchard, VERSION, check, encoding};
use crate::{
    kept,
    measure::{Contender, Failure},
};

/// A batch of whole bundles of two actions: each is read from bytes and hashed; its proof, its spend signatures and its
/// binding signature are checked by `BatchValidator`.
pub(crate) struct OrchardBatch {
    key: VerifyingKey,
    payments: Vec<Vec<u8>>,
    size: usize,
}

impl OrchardBatch {
    /// `distinct` payments, repeated up to `size`. A batch with a payment that is not sound must fail.
    pub(crate) fn new(distinct: u64, size: usize) -> Result<Self, Failure> {
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
        let batch = Self { key: VerifyingKey::build(VERSION.circuit_version()), payments, size };
        batch.make(batch.bytes())?;
        let mut spoilt = batch.bytes();
        if let Some(payment) = spoilt.last_mut() {
            // The nullifier of its first action: the lowest bit of a field element.
            payment[32] ^= 1;
        }
        match batch.make(spoilt) {
            Ok(()) => Err("orchard accepted a payment with another's nullifier".into()),
            Err(_) => Ok(batch),
        }
    }

    fn bytes(&self) -> Vec<Vec<u8>> {
        self.payments.iter().cycle().take(self.size).cloned().collect()
    }
}

impl Contender for OrchardBatch {
    type Given = Vec<Vec<u8>>;
    type Made = ();

    fn draw(&mut self) -> Result<Self::Given, Failure> {
        Ok(self.bytes())
    }

    fn make(&self, payments: Self::Given) -> Result<(), Failure> {
        let bundles = payments.iter().map(|bytes| encoding::read(bytes));
        check(&self.key, &bundles.collect::<Result<Vec<_>, _>>()?)
    }

    fn check(&self, (): ()) -> Result<(), Failure> {
        Ok(())
    }
}

/// A payment, proven and signed.
fn payment(orchard: &mut Orchard) -> Result<Vec<u8>, Failure> {
    let given = orchard.draw()?;
    let (bundle, account) = orchard.make(given)?;
    let sighash = encoding::sighash(&bundle);
    Ok(encoding::write(&bundle.apply_signatures(rand::rng(), sighash, &[account])?))
}
