//! A verifying key as the verifier uses it.

use bls12_381::Bls12;
use louver_core::spec::Fr;

use crate::{
    curve::{Fixed, G1, G1Affine, G2Affine, Group, MillerValue, miller_loop},
    verifier::ProofPoints,
};

/// The elements of a key that has passed the gate, with what does not depend on a proof computed once.
pub(crate) struct PreparedKey {
    pub(crate) alpha: G1Affine,
    pub(crate) beta: G2Affine,
    pub(crate) minus_gamma: G2Affine,
    pub(crate) minus_delta: G2Affine,
    inverse_alpha_beta: MillerValue,
    inputs: Fixed,
}

impl PreparedKey {
    /// Prepares a key. None if it has no element for inputs, or the identity for one, which the gate admits never.
    pub(super) fn new(key: &groth16::VerifyingKey<Bls12>) -> Option<Self> {
        let inputs: Vec<G1Affine> = key.ic.iter().map(G1Affine::from).collect();
        let (alpha, beta) = (G1Affine::from(&key.alpha_g1), G2Affine::from(&key.beta_g2));
        Some(Self {
            alpha,
            beta,
            minus_gamma: (&-key.gamma_g2).into(),
            minus_delta: (&-key.delta_g2).into(),
            inverse_alpha_beta: miller_loop(&[G1::from(alpha).neg().to_affine()], &[beta]),
            inputs: Fixed::new(&inputs)?,
        })
    }

    /// How many scalars [`PreparedKey::combine`] takes: one for each public input, and one for the constant.
    pub(crate) fn inputs(&self) -> usize {
        self.inputs.count()
    }

    /// `Σ s_i IC_i`. None unless there are as many scalars as the key has elements for inputs.
    pub(crate) fn combine(&self, scalars: &[Fr]) -> Option<G1> {
        self.inputs.sum_vartime(scalars)
    }

    /// `[proof-encoding]`: whether one proof is valid for these public inputs:
    /// `e(A, B) · e(vk_x, -gamma) · e(C, -delta) · e(-alpha, beta) = 1`, the last factor computed before.
    pub(crate) fn admits(&self, proof: &ProofPoints, public: &[Fr]) -> bool {
        let scalars: Vec<Fr> = [Fr::one()].iter().chain(public).copied().collect();
        let Some(vk_x) = self.combine(&scalars) else { return false };
        miller_loop(&[proof.a, vk_x.to_affine(), proof.c], &[proof.b, self.minus_gamma, self.minus_delta])
            .mul(&self.inverse_alpha_beta)
            .is_one()
    }
}
