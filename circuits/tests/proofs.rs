//! Real proofs of every shape, by the prover and the verifier that wallets and ledgers use.

#![cfg(test)]

use std::sync::LazyLock;

use core::ops::ControlFlow;

use louver_circuits::{
    keyset::{KeySet, KeySetError},
    parameters::{ParameterStore, ProvingKey},
    prover::LocalProver,
    verifier::LocalVerifier,
    verifying_key,
};
use louver_core::{
    pool::RulesVersion,
    proof::{Progress, Proof, ProofItem, Prove, ProveError, Unwatched, Verify, VerifyError},
    shape::Shape,
    spec::Fr,
    statement::{
        AuditPublic, TransferPublic, Violation,
        examples::{Story, example},
    },
    value::Value,
};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

static PROVER: LazyLock<LocalProver> =
    LazyLock::new(|| development().with_store(ParameterStore::open_default().unwrap()).prover());
static VERIFIER: LazyLock<LocalVerifier> = LazyLock::new(|| development().verifier().unwrap());

fn development() -> KeySet {
    KeySet::development().unwrap()
}

fn prove(shape: Shape, story: Story, seed: u64) -> (TransferPublic, Proof) {
    let (public, witness) = example(shape, story, &mut ChaCha8Rng::seed_from_u64(seed));
    let proof = PROVER.prove(RulesVersion::V1, shape, &public, &witness, &mut Unwatched).unwrap();
    (public, proof)
}

fn item<'a>(shape: Shape, public: &'a TransferPublic, proof: &'a Proof) -> ProofItem<'a> {
    ProofItem { rules: RulesVersion::V1, shape, public, proof }
}

/// Each public input, one after the other, changed as a thief would.
fn altered(public: &TransferPublic) -> Vec<TransferPublic> {
    let changes: [fn(&mut TransferPublic); 8] = [
        |public| public.fee = Value(public.fee.0 + 1),
        |public| public.epoch.0 += 1,
        |public| public.nullifiers.swap(0, 1),
        |public| public.commitments.swap(0, 1),
        |public| public.rk.0 = -public.rk.0,
        |public| public.anchor = louver_core::tree::Anchor::empty_tree(),
        |public| public.pool = louver_core::pool::PoolTag::from_le_bytes([7; 16]),
        |public| public.spend_tag = louver_core::note::nullifier::SpendTag::from_scalar(Fr::one()),
    ];
    changes
        .into_iter()
        .map(|change| {
            let mut public = public.clone();
            change(&mut public);
            public
        })
        .collect()
}

#[test]
fn proofs_convince_of_their_own_statement_alone() {
    let shape = Shape::TwoByThree;
    let (first, first_proof) = prove(shape, Story::Payment, 1);
    let (second, second_proof) = prove(shape, Story::Withdrawal, 2);
    let (a, b) = (item(shape, &first, &first_proof), item(shape, &second, &second_proof));
    VERIFIER.verify(&[]).unwrap();
    VERIFIER.verify(&[a]).unwrap();
    VERIFIER.verify(&[a, b, a]).unwrap();

    let swapped = item(shape, &second, &first_proof);
    assert_eq!(VERIFIER.verify(&[swapped]), Err(VerifyError::Invalid { index: 0 }));
    assert_eq!(VERIFIER.verify(&[a, b, swapped, b]), Err(VerifyError::Invalid { index: 2 }));
    for public in altered(&first) {
        assert_eq!(
            VERIFIER.verify(&[item(shape, &public, &first_proof)]),
            Err(VerifyError::Invalid { index: 0 })
        );
    }
    let other_shape = item(Shape::FourByFour, &first, &first_proof);
    assert_eq!(VERIFIER.verify(&[b, other_shape]), Err(VerifyError::Invalid { index: 1 }));
    let other_rules = ProofItem { rules: RulesVersion(2), ..a };
    assert_eq!(VERIFIER.verify(&[a, other_rules]), Err(VerifyError::NoKey { index: 1 }));
}

/// `[audited-transfer]` Attacker: a payer who proves for one key or ciphertext, and submits another.
#[test]
fn a_proof_in_an_audited_pool_convinces_of_its_own_ciphertext_alone() {
    let shape = Shape::AuditedTwoByThree;
    let (public, proof) = prove(shape, Story::Payment, 5);
    VERIFIER.verify(&[item(shape, &public, &proof)]).unwrap();
    let changes: [fn(&mut AuditPublic); 3] = [
        |audit| audit.auditor.0 = -audit.auditor.0,
        |audit| audit.epk.0 = -audit.epk.0,
        |audit| audit.body[2] += Fr::one(),
    ];
    for change in changes {
        let mut other = public.clone();
        change(other.audit.as_mut().unwrap());
        assert_eq!(VERIFIER.verify(&[item(shape, &other, &proof)]), Err(VerifyError::Invalid { index: 0 }));
    }
    let bare = TransferPublic { audit: None, ..public };
    for shape in [shape, shape.plain()] {
        assert_eq!(VERIFIER.verify(&[item(shape, &bare, &proof)]), Err(VerifyError::Invalid { index: 0 }));
    }
}

/// Two wrong proofs whose errors cancel out in a plain sum: random multipliers keep them apart.
#[test]
fn errors_do_not_cancel_in_a_batch() {
    let shape = Shape::TwoByThree;
    let (public, proof) = prove(shape, Story::Free, 3);
    let shift = |negative: bool| {
        let c: [u8; 48] = proof.as_bytes()[144..].try_into().unwrap();
        let c = bls12_381::G1Affine::from_compressed(&c).unwrap();
        let one = bls12_381::G1Affine::generator();
        let one = if negative { -one } else { one };
        let c = bls12_381::G1Affine::from(bls12_381::G1Projective::from(c) + one);
        let mut bytes = *proof.as_bytes();
        bytes[144..].copy_from_slice(&c.to_compressed());
        Proof::from_array(bytes)
    };
    let (up, down) = (shift(false), shift(true));
    let items = [item(shape, &public, &proof), item(shape, &public, &up), item(shape, &public, &down)];
    assert_eq!(VERIFIER.verify(&items), Err(VerifyError::Invalid { index: 1 }));
}

/// Anyone makes other proofs of the same statement from one: nothing may be known by a proof's bytes.
#[test]
fn proofs_are_malleable() {
    let shape = Shape::TwoByThree;
    let (public, proof) = prove(shape, Story::Empty, 6);
    let bytes = proof.as_bytes();
    let a = bls12_381::G1Affine::from_compressed(bytes[..48].try_into().unwrap()).unwrap();
    let b = bls12_381::G2Affine::from_compressed(bytes[48..144].try_into().unwrap()).unwrap();
    let z = Fr::from(3);
    let mut other = *bytes;
    other[..48].copy_from_slice(&bls12_381::G1Affine::from(a * z).to_compressed());
    other[48..144].copy_from_slice(&bls12_381::G2Affine::from(b * z.invert().unwrap()).to_compressed());
    let other = Proof::from_array(other);
    assert_ne!(other, proof);
    VERIFIER.verify(&[item(shape, &public, &other), item(shape, &public, &proof)]).unwrap();
}

#[test]
fn a_bad_witness_is_refused_with_its_clause() {
    let shape = Shape::TwoByThree;
    let (mut public, witness) = example(shape, Story::Payment, &mut ChaCha8Rng::seed_from_u64(4));
    public.fee = Value(public.fee.0 + 1);
    let refused = PROVER.prove(RulesVersion::V1, shape, &public, &witness, &mut Unwatched);
    assert!(matches!(refused, Err(ProveError::Violation(Violation::BalanceFee))));
    let refused = PROVER.prove(RulesVersion::V1, Shape::FourByFour, &public, &witness, &mut Unwatched);
    assert!(matches!(refused, Err(ProveError::Violation(Violation::Size))));
}

/// Phones and browsers have keys, and no folder of them.
#[test]
fn a_prover_without_a_store_proves_with_the_keys_that_it_was_given() {
    let shape = Shape::TwoByThree;
    let (public, witness) = example(shape, Story::Payment, &mut ChaCha8Rng::seed_from_u64(7));
    let key = ParameterStore::open_default().unwrap().development(shape, &mut Unwatched).unwrap();
    let keys = development();
    let prover = keys.prover();
    let refused = prover.prove(RulesVersion::V1, shape, &public, &witness, &mut Unwatched);
    assert!(matches!(refused, Err(ProveError::NoParameters(Shape::TwoByThree))));
    let refused = prover.prepare(RulesVersion::V1, Shape::FourByFour, &mut Unwatched);
    assert!(
        matches!(refused, Err(KeySetError::NoProvingKey { circuit, .. }) if circuit == Shape::FourByFour.into())
    );
    let named = keys.newest(shape).unwrap();
    keys.add_proving(&named, key.as_bytes().to_vec(), &mut Unwatched).unwrap();
    let proof = prover.prove(RulesVersion::V1, shape, &public, &witness, &mut Unwatched).unwrap();
    VERIFIER.verify(&[item(shape, &public, &proof)]).unwrap();
}

/// Takes down what it hears, and asks to stop after some steps.
struct Watch {
    heard: Vec<u32>,
    stop_at: u32,
}

impl Progress for Watch {
    fn report(&mut self, done: u32, total: u32) -> ControlFlow<()> {
        assert!(done <= total);
        self.heard.push(done);
        if done >= self.stop_at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

#[test]
fn proving_can_be_watched_and_stopped() {
    let shape = Shape::TwoByThree;
    let (public, witness) = example(shape, Story::Payment, &mut ChaCha8Rng::seed_from_u64(5));
    let mut watch = Watch { heard: Vec::new(), stop_at: u32::MAX };
    PROVER.prove(RulesVersion::V1, shape, &public, &witness, &mut watch).unwrap();
    assert!(watch.heard.len() > 5 && watch.heard.is_sorted(), "{:?}", watch.heard);
    let (first, last) = (watch.heard[0], watch.heard[watch.heard.len() - 1]);
    for stop_at in [first, first + 1, first + 2, last] {
        let mut watch = Watch { heard: Vec::new(), stop_at };
        let stopped = PROVER.prove(RulesVersion::V1, shape, &public, &witness, &mut watch);
        assert!(matches!(stopped, Err(ProveError::Cancelled)), "{stop_at}");
        assert!(watch.heard.last() >= Some(&stop_at));
    }
}

#[test]
#[ignore = "slow: large proofs"]
fn every_shape_proves_and_verifies() {
    let mut proven = Vec::new();
    for (seed, shape) in (10..).zip(Shape::ALL) {
        let (public, proof) = prove(shape, Story::FeeInAnotherAsset, seed);
        proven.push((shape, public, proof));
    }
    let items: Vec<_> = proven.iter().map(|(shape, public, proof)| item(*shape, public, proof)).collect();
    VERIFIER.verify(&items).unwrap();
    let mut wrong = items.clone();
    wrong[2].proof = items[0].proof;
    assert_eq!(VERIFIER.verify(&wrong), Err(VerifyError::Invalid { index: 2 }));
}

/// The pinned keys are those that the seed gives.
#[test]
fn development_keys_can_be_made_again() {
    let shape = Shape::TwoByThree;
    let key = ProvingKey::generate_development(shape).unwrap();
    let pin = louver_circuits::pins::of(shape.into());
    assert_eq!(hex::encode(key.hash()), pin.parameters);
    let verifying = verifying_key::hash(&key.verifying_key_to_bytes());
    assert_eq!(hex::encode(verifying), pin.verifying_key);
}
