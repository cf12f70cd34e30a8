//! A node's work on payments: from bytes to verified, all at once.

use crate::measure::{Contender, Failure};

/// Verifies payments from their bytes.
pub(crate) trait Verifier {
    /// Verifies all of them at once.
    fn verify(&self, payments: &[Vec<u8>]) -> Result<(), Failure>;

    /// A payment with one thing about it that is not its own but `other`'s, or nobody's: what must be refused.
    fn spoil(payment: &[u8], other: &[u8]) -> Result<Vec<u8>, Failure>;
}

/// A batch of payments, each of them read, hashed and verified.
pub(crate) struct Batch<V> {
    verifier: V,
    payments: Vec<Vec<u8>>,
    size: usize,
}

impl<V: Verifier> Batch<V> {
    /// These payments, repeated up to `size`. A batch with a payment that is not sound must fail.
    pub(crate) fn new(verifier: V, payments: Vec<Vec<u8>>, size: usize) -> Result<Self, Failure> {
        let batch = Self { verifier, payments, size };
        batch.make(batch.bytes())?;
        let mut spoilt = batch.bytes();
        if let Some(payment) = spoilt.last_mut() {
            *payment = V::spoil(payment, &batch.payments[0])?;
        }
        match batch.make(spoilt) {
            Ok(()) => Err("a payment that is not sound was accepted".into()),
            Err(_) => Ok(batch),
        }
    }

    fn bytes(&self) -> Vec<Vec<u8>> {
        self.payments.iter().cycle().take(self.size).cloned().collect()
    }
}

impl<V: Verifier> Contender for Batch<V> {
    type Given = Vec<Vec<u8>>;
    type Made = ();

    fn draw(&mut self) -> Result<Self::Given, Failure> {
        Ok(self.bytes())
    }

    fn make(&self, payments: Self::Given) -> Result<(), Failure> {
        self.verifier.verify(&payments)
    }

    fn check(&self, (): ()) -> Result<(), Failure> {
        Ok(())
    }
}

/// A payment whose first nullifier is another: in the bundles of Zcash it begins at byte 32.
pub(crate) fn with_other_nullifier(payment: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut bytes = payment.to_vec();
    // The lowest bit of a field element.
    *bytes.get_mut(32).ok_or("a payment too short")? ^= 1;
    Ok(bytes)
}
