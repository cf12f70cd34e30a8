//! Signed payments with valid proofs, under a key whose exponents are known: who knows them proves anything, at once.

use std::error::Error;

use bls12_381::{Bls12, G1Affine, G2Affine, Scalar};
use ff::Field;
use louver_circuits::{
    circuit::CircuitId,
    key_file::{ParameterPolicy, Provenance},
    keyset::KeySet,
    verifier::LocalVerifier,
    verifying_key::VerifyingKey,
};
use louver_core::{
    encoding::{Decode, DecodeError, Encode, subgroup_point_from_bytes},
    ledger::{Genesis, GenesisTerms, testing},
    proof::Proof,
    shape::Shape,
    transaction::{
        Authorization, Refused, Transaction, Verified,
        examples::{context, signed},
        verify_batch,
    },
};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use rayon::prelude::*;
use redjubjub::{Signature, SpendAuth, VerificationKeyBytes, batch};

const SHAPE: Shape = Shape::TwoByThree;

/// Payments as bytes, and the verifier that takes them.
pub(crate) struct Payments {
    pub(crate) bytes: Vec<Vec<u8>>,
    verifier: LocalVerifier,
    key: groth16::VerifyingKey<Bls12>,
}

impl Payments {
    /// This many random payments.
    pub(crate) fn new(count: usize) -> Result<Self, Box<dyn Error>> {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let mut draw = || Scalar::random(&mut rng);
        let (alpha, beta, gamma, delta) = (draw(), draw(), draw(), draw());
        let inputs: Vec<Scalar> = (0..=CircuitId::from(SHAPE).public_inputs()).map(|_| draw()).collect();
        let g1 = |scalar: Scalar| G1Affine::from(G1Affine::generator() * scalar);
        let g2 = |scalar: Scalar| G2Affine::from(G2Affine::generator() * scalar);
        let key = groth16::VerifyingKey {
            alpha_g1: g1(alpha),
            beta_g1: g1(beta),
            beta_g2: g2(beta),
            gamma_g2: g2(gamma),
            delta_g1: g1(delta),
            delta_g2: g2(delta),
            ic: inputs.iter().map(|input| g1(*input)).collect(),
        };
        let inverse = delta.invert().into_option().ok_or("delta is not zero")?;
        let mut bytes = Vec::new();
        for _ in 0..count {
            let transaction = signed(SHAPE, &mut rng);
            let public = transaction.public_inputs(context().pool_tag(transaction.effects().pool()), None);
            let vk_x = inputs[1..]
                .iter()
                .zip(public.to_scalars())
                .fold(inputs[0], |sum, (input, scalar)| sum + input * scalar);
            let (a, b) = (Scalar::random(&mut rng), Scalar::random(&mut rng));
            let c = (a * b - alpha * beta - vk_x * gamma) * inverse;
            let mut proof = [0u8; 192];
            proof[..48].copy_from_slice(&g1(a).to_compressed());
            proof[48..144].copy_from_slice(&g2(b).to_compressed());
            proof[144..].copy_from_slice(&g1(c).to_compressed());
            let own = transaction.authorization();
            let authorization =
                Authorization::new(own.anchor(), Proof::from_array(proof), *own.signature(), Vec::new())?;
            bytes.push(Transaction::new(transaction.effects().clone(), authorization)?.to_bytes());
        }
        let (provenance, policy) = (Provenance::Ceremony, ParameterPolicy::Development);
        let admitted = VerifyingKey::admit(key.clone(), SHAPE, provenance, policy)?;
        // A chain that only names this key.
        let mut rules = testing::rules(1, 1, None, &[SHAPE]);
        rules.shapes[0].keys.verifying = *admitted.hash();
        let genesis =
            Genesis::new(GenesisTerms { rules: vec![rules], ..testing::genesis().terms().clone() })?;
        let keys = KeySet::of(&genesis)?;
        keys.add_verifying(&admitted.to_bytes())?;
        Ok(Self { bytes, verifier: keys.verifier()?, key })
    }

    /// Everything that a ledger does before it applies the first of them: from their bytes to verified transactions.
    pub(crate) fn verify(&self, count: usize) -> Result<Vec<Verified>, Refused> {
        let decoded: Vec<_> = self.bytes[..count]
            .par_iter()
            .filter_map(|bytes| Some((Transaction::from_bytes(bytes).ok()?, context())))
            .collect();
        assert_eq!(decoded.len(), count);
        verify_batch(decoded, &self.verifier, rand::rng())
    }

    /// The part that is arithmetic of curves, by the crates `jubjub`, `bls12_381`, `redjubjub` and `groth16` in
    /// batches.
    pub(crate) fn verify_by_others(&self, count: usize) -> Result<(), Box<dyn Error>> {
        let (mut proofs, mut signatures) = (groth16::batch::Verifier::<Bls12>::new(), batch::Verifier::new());
        for bytes in &self.bytes[..count] {
            let transaction = Transaction::from_bytes(bytes)?;
            let effects = transaction.effects();
            let rk = effects.rk().to_array();
            subgroup_point_from_bytes(&rk)?;
            let public = transaction.public_inputs(context().pool_tag(effects.pool()), None);
            let authorization = transaction.authorization();
            let proof = authorization.proof().as_bytes();
            let read = groth16::Proof {
                a: point(G1Affine::from_compressed(proof[..48].try_into()?).into())?,
                b: point(G2Affine::from_compressed(proof[48..144].try_into()?).into())?,
                c: point(G1Affine::from_compressed(proof[144..].try_into()?).into())?,
            };
            proofs.queue((read, public.to_scalars()));
            let signature = Signature::<SpendAuth>::from(authorization.signature().to_array());
            let sighash = effects.sighash(&context());
            signatures.queue((VerificationKeyBytes::<SpendAuth>::from(rk), signature, &sighash.0));
        }
        signatures.verify(rand::rng())?;
        proofs.verify(rand::rng(), &self.key)?;
        Ok(())
    }

    /// Decodes the first of them.
    pub(crate) fn decode(&self, count: usize) -> Result<Vec<Transaction>, DecodeError> {
        self.bytes[..count].iter().map(|bytes| Transaction::from_bytes(bytes)).collect()
    }
}

fn point<T>(point: Option<T>) -> Result<T, DecodeError> {
    point.ok_or(DecodeError::NotInSubgroup)
}
