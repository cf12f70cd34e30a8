//! A node's work on Sapling payments: from bytes to verified, all at once.

use super::{Keys, Sapling, encoding};
use crate::{
    kept,
    measure::{Contender, Failure},
};

/// A batch of whole bundles of two spends and two outputs: each is read from bytes and hashed; its proofs, its spend
/// signatures and its binding signature are checked by `BatchValidator`.
pub(crate) struct SaplingBatch {
    keys: Keys,
    payments: Vec<Vec<u8>>,
    size: usize,
}

impl SaplingBatch {
    /// `distinct` payments, repeated up to `size`. A batch with a payment that is not sound must fail.
    pub(crate) fn new(distinct: u64, size: usize) -> Result<Self, Failure> {
        let mut sapling = Sapling::new()?;
        let payments = (0..distinct)
            .map(|number| kept::obtain(&format!("sapling-0.9-{number}.bundle"), || payment(&mut sapling)));
        let payments = payments.collect::<Result<_, _>>()?;
        let batch = Self { keys: sapling.keys, payments, size };
        batch.make(batch.bytes())?;
        let mut spoilt = batch.bytes();
        if let Some(payment) = spoilt.last_mut() {
            // The nullifier of its first spend, which is any 32 bytes.
            payment[32] ^= 1;
        }
        match batch.make(spoilt) {
            Ok(()) => Err("sapling-crypto accepted a payment with another's nullifier".into()),
            Err(_) => Ok(batch),
        }
    }

    fn bytes(&self) -> Vec<Vec<u8>> {
        self.payments.iter().cycle().take(self.size).cloned().collect()
    }
}

impl Contender for SaplingBatch {
    type Given = Vec<Vec<u8>>;
    type Made = ();

    fn draw(&mut self) -> Result<Self::Given, Failure> {
        Ok(self.bytes())
    }

    fn make(&self, payments: Self::Given) -> Result<(), Failure> {
        let bundles = payments.iter().map(|bytes| encoding::read(bytes));
        self.keys.check(bundles.collect::<Result<Vec<_>, _>>()?)
    }

    fn check(&self, (): ()) -> Result<(), Failure> {
        Ok(())
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
