//! Our verdicts on many signatures against those of `redjubjub` on each, over random mixes of valid ones and of what
//! can be made of them: with points of small order, other encodings, cancelling errors.

use group::GroupEncoding;
use jubjub::{AffinePoint, ExtendedPoint};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

use super::*;
use crate::{
    spec::{b64, to_fj},
    statement::breakages::small_order_points,
    stuck::{BYTE, Stuck},
};

#[derive(Clone)]
struct Case {
    key: RandomizedKey,
    message: [u8; 32],
    signature: SpendSignature,
}

impl Case {
    fn signed(&self) -> SignedMessage<'_> {
        SignedMessage { key: &self.key, message: &self.message, signature: &self.signature }
    }

    fn is_valid(&self) -> bool {
        self.key.verify(&self.message, &self.signature).is_ok()
    }
}

fn scalar(rng: &mut ChaCha8Rng) -> Fj {
    let mut bytes = [0u8; 64];
    rng.fill_bytes(&mut bytes);
    to_fj(&bytes)
}

/// A signature with this `R` added to the signer's own, which he knows how to answer for up to what is added.
fn sign(
    secret: &Fj,
    message: &[u8; 32],
    added: &AffinePoint,
    rng: &mut ChaCha8Rng,
) -> (RandomizedKey, [u8; 64]) {
    let key = RandomizedKey::new(&(spend_base() * secret), &Fj::zero()).unwrap();
    let nonce = scalar(rng);
    let r = (ExtendedPoint::from(spend_base() * nonce) + added).to_bytes();
    let challenge = to_fj(&b64(b"Zcash_RedJubjubH", &[&r, &key.to_array(), message]));
    let mut signature = [0u8; 64];
    signature[..32].copy_from_slice(&r);
    signature[32..].copy_from_slice(&(nonce + challenge * secret).to_bytes());
    (key, signature)
}

/// `s` plus the order of the subgroup: another encoding of the same number.
fn add_order(signature: &mut [u8; 64]) {
    let order = (-Fj::one()).to_bytes();
    let mut carry = 1u16;
    for (byte, add) in signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
}

fn add_to_s(signature: &mut [u8; 64], add: &Fj) {
    let s = Fj::from_bytes(signature[32..].try_into().unwrap()).unwrap();
    signature[32..].copy_from_slice(&(s + add).to_bytes());
}

fn draw(rng: &mut ChaCha8Rng) -> Vec<Case> {
    let torsion = small_order_points();
    let mut message = [0u8; 32];
    rng.fill_bytes(&mut message);
    let (secret, add) = (scalar(rng), scalar(rng));
    let kind = rng.next_u32() % 20;
    let added = if kind < 6 { torsion[(kind + 1) as usize] } else { torsion[0] };
    let (key, mut signature) = sign(&secret, &message, &added, rng);
    let case = |key: RandomizedKey, message: [u8; 32], signature: [u8; 64]| Case {
        key,
        message,
        signature: SpendSignature::from_array(signature),
    };
    match kind {
        6 => add_order(&mut signature),
        7 => add_to_s(&mut signature, &add),
        8 => message[3] ^= 1,
        9 => signature[31] ^= 0x80,
        10 => signature[..32].fill(0xff),
        // R of small order: the identity, the point of order 2, and both again with a sign that they do not have.
        11..=14 => {
            let small = torsion[if kind.is_multiple_of(2) { 0 } else { 4 }];
            signature[..32].copy_from_slice(&small.to_bytes());
            signature[31] |= if kind < 13 { 0 } else { 0x80 };
            // An answer for it, so that only the encoding is at fault.
            let challenge = b64(b"Zcash_RedJubjubH", &[&signature[..32], &key.to_array(), &message]);
            signature[32..].copy_from_slice(&(to_fj(&challenge) * secret).to_bytes());
        }
        15 => signature.rotate_left(32),
        // Errors that cancel in a plain sum; the same error twice.
        16 | 17 => {
            let (other_key, mut other) = sign(&scalar(rng), &message, &torsion[0], rng);
            add_to_s(&mut signature, &add);
            add_to_s(&mut other, &if kind == 16 { -add } else { add });
            return vec![case(key, message, signature), case(other_key, message, other)];
        }
        _ => {}
    }
    vec![case(key, message, signature)]
}

#[test]
fn batches_say_what_redjubjub_says_of_each() {
    let rng = &mut ChaCha8Rng::seed_from_u64(1);
    let (mut valid, mut invalid) = (0, 0);
    for round in 0..40 {
        let mut cases = Vec::new();
        while cases.len() < round {
            cases.extend(draw(rng));
        }
        let verdicts: Vec<bool> = cases.iter().map(Case::is_valid).collect();
        let expected: Vec<usize> = (0..cases.len()).filter(|at| !verdicts[*at]).collect();
        let messages: Vec<SignedMessage<'_>> = cases.iter().map(Case::signed).collect();
        for most in [usize::MAX, 1, 3, 0] {
            let expected: Vec<usize> = expected.iter().copied().take(most).collect();
            assert_eq!(invalid_signatures(&messages, most, &mut *rng), expected);
        }
        // Each by itself, and the whole without the faults.
        for (message, valid) in messages.iter().zip(&verdicts) {
            assert_eq!(invalid_signatures(&[*message], 1, &mut *rng).is_empty(), *valid);
        }
        let kept: Vec<SignedMessage<'_>> = messages
            .iter()
            .zip(&verdicts)
            .filter(|(_, valid)| **valid)
            .map(|(message, _)| *message)
            .collect();
        assert_eq!(invalid_signatures(&kept, 1, &mut *rng), Vec::<usize>::new());
        valid += kept.len();
        invalid += expected.len();
    }
    assert!(valid > 100 && invalid > 100, "{valid} {invalid}");
}

/// A part of small order in `R` counts as nothing, both for one check and for many together.
#[test]
fn parts_of_small_order_are_nothing() {
    let rng = &mut ChaCha8Rng::seed_from_u64(2);
    let message = [5; 32];
    let cases: Vec<Case> = small_order_points()
        .iter()
        .map(|small| {
            let (key, signature) = sign(&scalar(rng), &message, small, rng);
            Case { key, message, signature: SpendSignature::from_array(signature) }
        })
        .collect();
    assert!(cases.iter().all(Case::is_valid));
    let messages: Vec<SignedMessage<'_>> = cases.iter().map(Case::signed).collect();
    assert!(invalid_signatures(&messages, usize::MAX, rng).is_empty());
}

/// A source of randomness that begins with zeros would leave a signature out.
#[test]
fn multipliers_are_never_zero() {
    struct Zeros(u32, ChaCha8Rng);
    impl rand_core::TryRng for Zeros {
        type Error = core::convert::Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            Ok(0)
        }

        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            self.0 += 1;
            if self.0 < 100 { Ok(0) } else { self.1.try_next_u64() }
        }

        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
            self.1.try_fill_bytes(bytes)
        }
    }
    impl rand_core::TryCryptoRng for Zeros {}
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let (key, mut signature) = sign(&scalar(&mut rng), &[1; 32], &AffinePoint::identity(), &mut rng);
    add_to_s(&mut signature, &Fj::one());
    let case = Case { key, message: [1; 32], signature: SpendSignature::from_array(signature) };
    assert_eq!(invalid_signatures(&[case.signed()], 1, Zeros(0, rng)), [0]);
}

/// The secret of a signature whose nonce's randomness is known to be `BYTE` throughout, if it has one.
fn secret_by_nonce(key: &RandomizedKey, message: &[u8; 32], signature: &[u8; 64]) -> Option<Fj> {
    let hash = |parts: &[&[u8]]| to_fj(&b64(b"Zcash_RedJubjubH", parts));
    let nonce = hash(&[&[BYTE; 80], &key.to_array(), message]);
    let challenge = hash(&[&signature[..32], &key.to_array(), message]);
    let response = Option::<Fj>::from(Fj::from_bytes(signature[32..].try_into().unwrap()))?;
    Option::<Fj>::from(challenge.invert()).map(|inverse| (response - nonce) * inverse)
}

/// Attacker: somebody who knows what the signer's machine draws. From the nonce of one signature he has the key.
#[test]
fn a_generator_that_is_foretold_gives_no_key_away() {
    let (ask, alpha, message) = (Fj::from(4711), Fj::from(12), [5; 32]);
    let signer = SpendAuthorizingKey::from_scalar(Secret::new(ask));
    let key = RandomizedKey::new(&signer.public(), &alpha).unwrap();
    // The attack is real: on the library's own use of the generator it succeeds.
    let plain = SigningKey::<SpendAuth>::from_bytes(&(ask + alpha).to_bytes()).unwrap();
    let signature: [u8; 64] = plain.sign(Stuck, &message).into();
    assert_eq!(secret_by_nonce(&key, &message, &signature), Some(ask + alpha));

    let signature = signer.sign(&alpha, &key, &message, Stuck).unwrap();
    assert_eq!(key.verify(&message, &signature), Ok(()));
    assert_ne!(secret_by_nonce(&key, &message, &signature.to_array()), Some(ask + alpha));
    // Nor does a nonce come twice, for two messages or two keys.
    let second = signer.sign(&alpha, &key, &[6; 32], Stuck).unwrap();
    let other = RandomizedKey::new(&signer.public(), &Fj::from(13)).unwrap();
    let third = signer.sign(&Fj::from(13), &other, &message, Stuck).unwrap();
    let nonces = [signature, second, third].map(|signature| signature.to_array()[..32].to_vec());
    assert!(nonces[0] != nonces[1] && nonces[0] != nonces[2] && nonces[1] != nonces[2]);
}
