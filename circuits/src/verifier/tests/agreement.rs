//! Our verdicts, on one proof and on many, against those of the `groth16` crate on `bls12_381`, over random mixes of
//! valid proofs and of the changes that forgers, malleators and careless relays make to them.
//!
//! These tests know the key's exponents, with which anything can be proven, so the proofs here cost no proving.

use bls12_381::{Bls12, G1Affine, G1Projective, G2Affine, G2Projective, Scalar};
use ff::Field;
use louver_core::{
    proof::Proof,
    shape::Shape,
    statement::{
        TransferPublic,
        examples::{Story, example},
    },
};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

use super::*;
use crate::key_file::{ParameterPolicy, Provenance};

/// A key's exponents.
struct Trapdoor {
    shape: Shape,
    alpha: Scalar,
    beta: Scalar,
    gamma: Scalar,
    delta: Scalar,
    inputs: Vec<Scalar>,
}

fn g1(scalar: Scalar) -> G1Affine {
    (G1Affine::generator() * scalar).into()
}

fn g2(scalar: Scalar) -> G2Affine {
    (G2Affine::generator() * scalar).into()
}

impl Trapdoor {
    /// As ceremonies make them: `alpha`, `beta` and `gamma` are every key's, `delta` each its own; or all apart.
    fn new(shape: Shape, common: bool, rng: &mut ChaCha8Rng) -> Self {
        let inputs = CircuitId::from(shape).public_inputs() + 1;
        let mut draw = |shared: u64| if common { Scalar::from(shared) } else { Scalar::random(&mut *rng) };
        let (alpha, beta, gamma) = (draw(11), draw(12), draw(1));
        let inputs = (0..inputs).map(|_| Scalar::random(&mut *rng)).collect();
        Self { shape, alpha, beta, gamma, delta: Scalar::random(&mut *rng), inputs }
    }

    fn key(&self) -> groth16::VerifyingKey<Bls12> {
        groth16::VerifyingKey {
            alpha_g1: g1(self.alpha),
            beta_g1: g1(self.beta),
            beta_g2: g2(self.beta),
            gamma_g2: g2(self.gamma),
            delta_g1: g1(self.delta),
            delta_g2: g2(self.delta),
            ic: self.inputs.iter().map(|input| g1(*input)).collect(),
        }
    }

    /// A valid proof: `C = (a b - alpha beta - vk_x gamma) / delta`.
    fn prove(&self, public: &TransferPublic, rng: &mut ChaCha8Rng) -> Parts {
        let (a, b) = (Scalar::random(&mut *rng), Scalar::random(&mut *rng));
        let scalars = public.to_scalars();
        let vk_x = self.inputs[1..]
            .iter()
            .zip(&scalars)
            .fold(self.inputs[0], |sum, (input, scalar)| sum + input * scalar);
        let c = (a * b - self.alpha * self.beta - vk_x * self.gamma) * self.delta.invert().unwrap();
        Parts { a: g1(a).to_compressed(), b: g2(b).to_compressed(), c: g1(c).to_compressed() }
    }
}

/// The encodings of a proof's points.
#[derive(Clone, Copy)]
struct Parts {
    a: [u8; 48],
    b: [u8; 96],
    c: [u8; 48],
}

impl Parts {
    fn proof(&self) -> Proof {
        proof_of(self.a, self.b, self.c)
    }

    /// `C` plus a multiple of the generator.
    fn shift_c(&mut self, by: Scalar) {
        let c = G1Projective::from(G1Affine::from_compressed(&self.c).unwrap());
        self.c = G1Affine::from(c + G1Affine::generator() * by).to_compressed();
    }

    fn malleate(&mut self, by: Scalar) {
        let (a, b) =
            (G1Affine::from_compressed(&self.a).unwrap(), G2Affine::from_compressed(&self.b).unwrap());
        self.a = G1Affine::from(a * by).to_compressed();
        self.b = G2Affine::from(b * by.invert().unwrap()).to_compressed();
    }

    /// `A` moved out of the subgroup, by a point of order 3.
    fn leave_g1(&mut self) {
        let mut small = [0u8; 48];
        small[0] = 0x80;
        let small = G1Affine::from_compressed_unchecked(&small).unwrap();
        let a = G1Projective::from(G1Affine::from_compressed(&self.a).unwrap());
        self.a = G1Affine::from(a + small).to_compressed();
    }

    /// `B` moved out of the subgroup.
    fn leave_g2(&mut self, rng: &mut ChaCha8Rng) {
        let stray = loop {
            let mut bytes = [0u8; 96];
            rng.fill_bytes(&mut bytes[60..]);
            bytes[0] = 0x80;
            if let Some(point) = Option::<G2Affine>::from(G2Affine::from_compressed_unchecked(&bytes)) {
                break point;
            }
        };
        let b = G2Projective::from(G2Affine::from_compressed(&self.b).unwrap());
        self.b = G2Affine::from(b + stray).to_compressed();
    }
}

struct World {
    trapdoors: Vec<Trapdoor>,
    prepared: Vec<groth16::PreparedVerifyingKey<Bls12>>,
    verifier: LocalVerifier,
}

impl World {
    fn new(common: bool, rng: &mut ChaCha8Rng) -> Self {
        let trapdoors: Vec<Trapdoor> =
            Shape::PLAIN.into_iter().map(|shape| Trapdoor::new(shape, common, rng)).collect();
        let verifier = LocalVerifier::default();
        for trapdoor in &trapdoors {
            let (provenance, policy) = (Provenance::Ceremony, ParameterPolicy::Development);
            let key = VerifyingKey::admit(trapdoor.key(), trapdoor.shape, provenance, policy).unwrap();
            verifier.insert(RulesVersion::V1, Arc::new(key));
        }
        let prepared =
            trapdoors.iter().map(|trapdoor| groth16::prepare_verifying_key(&trapdoor.key())).collect();
        Self { trapdoors, prepared, verifier }
    }

    /// The other implementation's answer on one case.
    fn judge(&self, index: usize, case: &Case) -> Option<VerifyError> {
        if case.rules != RulesVersion::V1 {
            return Some(VerifyError::NoKey { index });
        }
        let place = self.trapdoors.iter().position(|trapdoor| trapdoor.shape == case.shape).unwrap();
        let bytes = case.proof.as_bytes();
        let a = Option::<G1Affine>::from(G1Affine::from_compressed(bytes[..48].try_into().unwrap()));
        let b = Option::<G2Affine>::from(G2Affine::from_compressed(bytes[48..144].try_into().unwrap()));
        let c = Option::<G1Affine>::from(G1Affine::from_compressed(bytes[144..].try_into().unwrap()));
        let valid = a.zip(b).zip(c).is_some_and(|((a, b), c)| {
            let identity = bool::from(a.is_identity() | b.is_identity() | c.is_identity());
            let proof = groth16::Proof { a, b, c };
            !identity
                && groth16::verify_proof(&self.prepared[place], &proof, &case.public.to_scalars()).is_ok()
        });
        (!valid).then_some(VerifyError::Invalid { index })
    }

    /// A valid proof of a random statement.
    fn valid(&self, rng: &mut ChaCha8Rng) -> (usize, TransferPublic, Parts) {
        let place = rng.next_u32() as usize % self.trapdoors.len();
        let story = Story::ALL[rng.next_u32() as usize % Story::ALL.len()];
        let (public, _) = example(self.trapdoors[place].shape, story, rng);
        let parts = self.trapdoors[place].prove(&public, rng);
        (place, public, parts)
    }

    /// One case, or several that belong together.
    fn draw(&self, rng: &mut ChaCha8Rng) -> Vec<Case> {
        let (place, mut public, mut parts) = self.valid(rng);
        let (mut rules, mut shape) = (RulesVersion::V1, self.trapdoors[place].shape);
        let shift = Scalar::random(&mut *rng);
        match rng.next_u32() % 28 {
            0 => parts.malleate(shift),
            1 => parts.shift_c(shift),
            2 => public.fee.0 ^= 1,
            3 => public.nullifiers.swap(0, 1),
            4 => core::mem::swap(&mut parts.a, &mut parts.c),
            5 => parts.a = self.valid(rng).2.a,
            6 => parts.b = self.valid(rng).2.b,
            7 => parts.leave_g1(),
            8 => parts.leave_g2(rng),
            9 => parts.a = G1Affine::identity().to_compressed(),
            10 => parts.b = G2Affine::identity().to_compressed(),
            11 => parts.c = G1Affine::identity().to_compressed(),
            // A zero proof; another flag; a flipped sign, which is minus the point; a coordinate without a point.
            12 => parts = Parts { a: [0; 48], b: [0; 96], c: [0; 48] },
            13 => parts.a[0] ^= 0x80,
            14 => parts.b[0] ^= 0x20,
            15 => parts.c[0] |= 0x1f,
            // A proof that a key with delta = gamma would accept.
            16 => {
                let trapdoor = &self.trapdoors[place];
                parts.a = g1(trapdoor.alpha).to_compressed();
                parts.b = g2(trapdoor.beta).to_compressed();
            }
            17 => rules = RulesVersion(2),
            18 => shape = self.trapdoors[rng.next_u32() as usize % 4].shape,
            // Errors that cancel in a plain sum: of one key or, where `delta` differs, in the exponents.
            19 | 20 => {
                let (other, other_public, mut other_parts) = self.valid(rng);
                let delta = |place: usize| self.trapdoors[place].delta;
                parts.shift_c(shift);
                other_parts.shift_c(-shift * delta(place) * delta(other).invert().unwrap());
                let shape = self.trapdoors[other].shape;
                let other = Case { rules, shape, public: other_public, proof: other_parts.proof() };
                let first = Case { rules, shape: self.trapdoors[place].shape, public, proof: parts.proof() };
                return vec![first, other];
            }
            // One valid proof twice, then one invalid one twice.
            21 => {
                let case = Case { rules, shape, public, proof: parts.proof() };
                return vec![case.clone(), case];
            }
            22 => {
                parts.shift_c(Scalar::ONE);
                let case = Case { rules, shape, public, proof: parts.proof() };
                return vec![case.clone(), case];
            }
            _ => {}
        }
        vec![Case { rules, shape, public, proof: parts.proof() }]
    }
}

#[derive(Clone)]
struct Case {
    rules: RulesVersion,
    shape: Shape,
    public: TransferPublic,
    proof: Proof,
}

impl Case {
    fn item(&self) -> ProofItem<'_> {
        ProofItem { rules: self.rules, shape: self.shape, public: &self.public, proof: &self.proof }
    }
}

#[test]
fn single_and_batch_and_the_other_implementation_agree() {
    for (seed, common) in [(1, true), (2, false), (3, true), (4, false)] {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let world = World::new(common, rng);
        let count = 1 + rng.next_u32() as usize % 90;
        let mut cases = Vec::new();
        while cases.len() < count {
            cases.extend(world.draw(rng));
        }
        let judged: Vec<Option<VerifyError>> =
            cases.iter().enumerate().map(|(index, case)| world.judge(index, case)).collect();
        for (case, judged) in cases.iter().zip(&judged) {
            let alone = world.verifier.verify(&[case.item()]).err();
            assert_eq!(alone, judged.map(|error| error.at(0)));
        }
        // The whole and parts of it, of every alignment.
        let items: Vec<ProofItem<'_>> = cases.iter().map(Case::item).collect();
        for _ in 0..20 {
            let start = rng.next_u32() as usize % items.len();
            let end = start + rng.next_u32() as usize % (items.len() - start + 1);
            let expected: Vec<VerifyError> =
                judged[start..end].iter().flatten().map(|error| error.at(error.index() - start)).collect();
            assert_eq!(world.verifier.faults(&items[start..end]), expected);
            assert_eq!(world.verifier.verify(&items[start..end]).err(), expected.first().copied());
        }
        let expected: Vec<VerifyError> = judged.iter().flatten().copied().collect();
        assert_eq!(world.verifier.faults(&items), expected);
        // The batch without the faulty items holds.
        let kept: Vec<ProofItem<'_>> =
            items.iter().zip(&judged).filter(|(_, error)| error.is_none()).map(|(item, _)| *item).collect();
        assert_eq!(world.verifier.verify(&kept), Ok(()));
        assert_eq!(world.verifier.faults(&kept), vec![]);
    }
}

/// One invalid proof among many valid ones, wherever it stands.
#[test]
fn a_needle_is_found_in_a_haystack() {
    let rng = &mut ChaCha8Rng::seed_from_u64(5);
    let world = World::new(true, rng);
    for count in [2, 3, 15, 16, 17, 31, 32, 33, 47, 64, 100] {
        let mut cases: Vec<Case> = (0..count)
            .map(|_| {
                let (place, public, parts) = world.valid(rng);
                let shape = world.trapdoors[place].shape;
                Case { rules: RulesVersion::V1, shape, public, proof: parts.proof() }
            })
            .collect();
        let at = rng.next_u32() as usize % count;
        cases[at].public.epoch.0 ^= 1;
        let items: Vec<ProofItem<'_>> = cases.iter().map(Case::item).collect();
        let error = VerifyError::Invalid { index: at };
        assert_eq!(world.verifier.verify(&items), Err(error), "{at} of {count}");
        assert_eq!(world.verifier.faults(&items), vec![error]);
    }
}

/// A prover who chose the multipliers, or knew them before, could have a pair of wrong proofs pass.
#[test]
fn multipliers_are_fresh_and_never_zero() {
    let (one, other) = (multipliers(64).unwrap(), multipliers(64).unwrap());
    assert_ne!(one, other);
    let scalars: std::collections::BTreeSet<[u8; 32]> =
        one.iter().chain(&other).map(|multiplier| multiplier.to_scalar().to_bytes()).collect();
    assert_eq!(scalars.len(), 128);
    assert!(!scalars.contains(&[0; 32]));
}

/// An attacker who knows the multipliers makes wrong proofs that pass together. They are therefore drawn after all
/// proofs are known.
#[test]
fn known_multipliers_let_wrong_proofs_pass() {
    let rng = &mut ChaCha8Rng::seed_from_u64(6);
    let world = World::new(true, rng);
    let trapdoor = &world.trapdoors[0];
    let (public, _) = example(trapdoor.shape, Story::Payment, rng);
    let (mut first, mut second) = (trapdoor.prove(&public, rng), trapdoor.prove(&public, rng));
    let known = multipliers(2).unwrap();
    first.shift_c(Scalar::ONE);
    second.shift_c(-known[0].to_scalar() * known[1].to_scalar().invert().unwrap());
    let cases = [first, second].map(|parts| Case {
        rules: RulesVersion::V1,
        shape: trapdoor.shape,
        public: public.clone(),
        proof: parts.proof(),
    });
    let items = [cases[0].item(), cases[1].item()];
    let keys = world.verifier.keys(&items);
    let claims: Vec<Claim<'_>> = LocalVerifier::read(&keys, &items).into_iter().map(Result::unwrap).collect();
    assert_eq!(Batch::new(&claims, known).invalid(2), Vec::<usize>::new());
    assert_eq!(Batch::new(&claims, multipliers(2).unwrap()).invalid(2), vec![0, 1]);
    assert_eq!(world.verifier.faults(&items).len(), 2);
}
