//! The prover's knowledge.
//!
//! Limbs are field elements and paths are bare children, so that a broken witness can be written down: the relation and
//! the circuit must refuse it, not the type.

use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    shape::Shape,
    spec::{Fj, Fr},
    tree::LEVELS,
};

/// A spent note, or a dummy of value 0.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct InputWitness {
    /// The note's index in its transaction: 8 bits.
    pub index: Fr,
    /// The note's epoch `e`: 16 bits, not after `E`.
    pub epoch: Fr,
    /// 0 if the note is of `main`, 1 if it is of the fee's asset.
    pub is_fee_asset: Fr,
    /// The note's value: 64 bits.
    pub value: Fr,
    /// 0 if the note came to an address that the account gave out, 1 if to one of its change: which of the epoch's two
    /// tag keys made the owner tag.
    pub is_internal: Fr,
    /// The hash of the address's `pk_d`.
    pub pk_d_hash: Fr,
    /// The first nullifier of the transaction that made the note.
    pub rho: Fr,
    /// The commitment's randomness.
    pub rcm: Fr,
    /// At each level the four children among which the path goes on, from the leaf's up.
    pub path: [[Fr; 4]; LEVELS],
}

/// A note to make, or a dummy of value 0.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct OutputWitness {
    /// The owner tag `tau`.
    pub tag: Fr,
    /// The commitment's randomness.
    pub rcm: Fr,
    /// 0 if the note is of `main`, 1 if it is of the fee's asset.
    pub is_fee_asset: Fr,
    /// The note's value: 64 bits.
    pub value: Fr,
}

/// The witness of the transfer statement. Wiped on drop; its `Debug` shows nothing.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct TransferWitness {
    /// The affine coordinates `(u, v)` of the spend validating key.
    pub ak: (Fr, Fr),
    /// The randomizer that `rk` adds to `ak`.
    pub alpha: Fj,
    /// The account's nullifier root.
    pub nk: Fr,
    /// The id of the asset that the transaction moves: 56 bits.
    pub main: Fr,
    /// `x`: what passes between the two balances; 0 unless `main` is the fee's asset.
    pub exchange: Fr,
    /// The inputs, as many as the shape has.
    pub inputs: Vec<InputWitness>,
    /// The outputs, as many as the shape has.
    pub outputs: Vec<OutputWitness>,
    /// `s`, the secret of the audit ciphertext; present exactly in shapes of audited pools.
    pub audit_secret: Option<Fj>,
}

impl TransferWitness {
    /// Whether it has as many of everything as a shape has.
    pub fn fits(&self, shape: Shape) -> bool {
        self.inputs.len() == shape.inputs()
            && self.outputs.len() == shape.outputs()
            && self.audit_secret.is_some() == shape.is_audited()
    }
}

impl fmt::Debug for InputWitness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InputWitness(..)")
    }
}

impl fmt::Debug for OutputWitness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OutputWitness(..)")
    }
}

impl fmt::Debug for TransferWitness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TransferWitness(..)")
    }
}
