use bls12_381::{G1Projective, Scalar};
use ff::Field;
use groth16::{Proof, verify_proof};
use group::Curve;
use louver_core::statement::TransferPublic;

use super::*;

const SHAPE: Shape = Shape::TwoByThree;

fn sound() -> groth16::VerifyingKey<Bls12> {
    VerifyingKey::development(SHAPE, ParameterPolicy::Development).unwrap().key
}

/// The gate's answer on the development key after a change.
fn refusal(change: impl FnOnce(&mut groth16::VerifyingKey<Bls12>)) -> VerifyingKeyError {
    let mut key = sound();
    change(&mut key);
    VerifyingKey::admit(key, SHAPE, Provenance::Development, ParameterPolicy::Development).unwrap_err()
}

/// A point of G1's curve outside the subgroup.
fn stray_g1() -> G1Affine {
    let candidates = (1u8..=255).filter_map(|byte| {
        let mut bytes = [0u8; 48];
        bytes[47] = byte;
        bytes[0] = 0x80;
        Option::<G1Affine>::from(G1Affine::from_compressed_unchecked(&bytes))
    });
    candidates.into_iter().find(|point| !bool::from(point.is_torsion_free())).unwrap()
}

/// A point of G2's curve outside the subgroup.
fn stray_g2() -> G2Affine {
    let candidates = (1u8..=255).filter_map(|byte| {
        let mut bytes = [0u8; 96];
        bytes[95] = byte;
        bytes[0] = 0x80;
        Option::<G2Affine>::from(G2Affine::from_compressed_unchecked(&bytes))
    });
    candidates.into_iter().find(|point| !bool::from(point.is_torsion_free())).unwrap()
}

#[test]
fn the_keys_built_in_pass() {
    for shape in Shape::ALL {
        let key = VerifyingKey::development(shape, ParameterPolicy::Development).unwrap();
        assert_eq!(hex::encode(key.hash()), pins::of(shape.into()).verifying_key);
        assert_eq!(key.provenance(), Provenance::Development);
        assert_eq!(key.circuit(), shape.into());
    }
}

#[test]
fn production_refuses_them() {
    for shape in Shape::ALL {
        let refused = VerifyingKey::development(shape, ParameterPolicy::Production);
        assert_eq!(refused.unwrap_err(), VerifyingKeyError::Header(HeaderError::Development));
    }
    let refused = VerifyingKey::admit(sound(), SHAPE, Provenance::Development, ParameterPolicy::Production);
    assert_eq!(refused.unwrap_err(), VerifyingKeyError::Header(HeaderError::Development));
    assert!(VerifyingKey::admit(sound(), SHAPE, Provenance::Ceremony, ParameterPolicy::Production).is_ok());
}

/// The forgery that a ceremony without contributions allows: anyone proves anything.
#[test]
fn the_forgery_of_delta_that_is_gamma() {
    let mut bad = sound();
    bad.delta_g2 = bad.gamma_g2;
    let inputs: Vec<Scalar> =
        (0..TransferPublic::count(SHAPE) as u64).map(|i| Scalar::from(1000 + i)).collect();
    let vk_x = bad.ic[1..]
        .iter()
        .zip(&inputs)
        .fold(G1Projective::from(bad.ic[0]), |sum, (element, input)| sum + element * input);
    let forged = Proof { a: bad.alpha_g1, b: bad.beta_g2, c: (-vk_x).to_affine() };
    // It verifies for inputs that nobody has a witness for...
    verify_proof(&groth16::prepare_verifying_key(&bad), &forged, &inputs).unwrap();
    // ...and the gate refuses the key. Under the sound one, it is worth nothing.
    let refused = VerifyingKey::admit(bad, SHAPE, Provenance::Ceremony, ParameterPolicy::Production);
    assert_eq!(refused.unwrap_err(), VerifyingKeyError::DeltaIsGamma);
    assert!(verify_proof(&groth16::prepare_verifying_key(&sound()), &forged, &inputs).is_err());
}

/// With its sign turned, the same forgery has `C = vk_x`.
#[test]
fn the_forgery_of_delta_that_is_the_negative_of_gamma() {
    let mut bad = sound();
    bad.delta_g2 = -bad.gamma_g2;
    let inputs = vec![Scalar::ZERO; TransferPublic::count(SHAPE)];
    let forged = Proof { a: bad.alpha_g1, b: bad.beta_g2, c: bad.ic[0] };
    verify_proof(&groth16::prepare_verifying_key(&bad), &forged, &inputs).unwrap();
    assert_eq!(refusal(|key| key.delta_g2 = -key.gamma_g2), VerifyingKeyError::DeltaIsGamma);
}

#[test]
fn delta_without_a_contribution() {
    assert_eq!(refusal(|key| key.delta_g2 = G2Affine::generator()), VerifyingKeyError::DeltaIsGenerator);
    assert_eq!(refusal(|key| key.delta_g2 = -G2Affine::generator()), VerifyingKeyError::DeltaIsGenerator);
    assert_eq!(refusal(|key| key.delta_g1 = G1Affine::generator()), VerifyingKeyError::DeltaIsGenerator);
}

#[test]
fn elements_that_are_the_identity() {
    let (zero_1, zero_2) = (G1Affine::identity(), G2Affine::identity());
    assert_eq!(refusal(|key| key.alpha_g1 = zero_1), VerifyingKeyError::Identity(Element::Alpha));
    assert_eq!(refusal(|key| key.beta_g1 = zero_1), VerifyingKeyError::Identity(Element::BetaG1));
    assert_eq!(refusal(|key| key.beta_g2 = zero_2), VerifyingKeyError::Identity(Element::BetaG2));
    assert_eq!(refusal(|key| key.gamma_g2 = zero_2), VerifyingKeyError::Identity(Element::Gamma));
    assert_eq!(refusal(|key| key.delta_g1 = zero_1), VerifyingKeyError::Identity(Element::DeltaG1));
    assert_eq!(refusal(|key| key.delta_g2 = zero_2), VerifyingKeyError::Identity(Element::DeltaG2));
    for index in 0..=TransferPublic::count(SHAPE) {
        assert_eq!(refusal(|key| key.ic[index] = zero_1), VerifyingKeyError::Identity(Element::Input(index)));
    }
}

#[test]
fn elements_outside_the_subgroup() {
    let (stray_1, stray_2) = (stray_g1(), stray_g2());
    assert_eq!(refusal(|key| key.alpha_g1 = stray_1), VerifyingKeyError::OutsideSubgroup(Element::Alpha));
    assert_eq!(refusal(|key| key.beta_g1 = stray_1), VerifyingKeyError::OutsideSubgroup(Element::BetaG1));
    assert_eq!(refusal(|key| key.beta_g2 = stray_2), VerifyingKeyError::OutsideSubgroup(Element::BetaG2));
    assert_eq!(refusal(|key| key.gamma_g2 = stray_2), VerifyingKeyError::OutsideSubgroup(Element::Gamma));
    assert_eq!(refusal(|key| key.delta_g1 = stray_1), VerifyingKeyError::OutsideSubgroup(Element::DeltaG1));
    assert_eq!(refusal(|key| key.delta_g2 = stray_2), VerifyingKeyError::OutsideSubgroup(Element::DeltaG2));
    assert_eq!(refusal(|key| key.ic[3] = stray_1), VerifyingKeyError::OutsideSubgroup(Element::Input(3)));
}

#[test]
fn forms_of_another_exponent() {
    assert_eq!(refusal(|key| key.delta_g1 = key.alpha_g1), VerifyingKeyError::Unequal(Element::DeltaG2));
    assert_eq!(refusal(|key| key.beta_g1 = key.alpha_g1), VerifyingKeyError::Unequal(Element::DeltaG2));
}

#[test]
fn elements_missing_or_left_over() {
    let expected = TransferPublic::count(SHAPE) + 1;
    let short = refusal(|key| {
        key.ic.pop();
    });
    assert_eq!(short, VerifyingKeyError::InputCount { expected, found: expected - 1 });
    let long = refusal(|key| key.ic.push(key.alpha_g1));
    assert_eq!(long, VerifyingKeyError::InputCount { expected, found: expected + 1 });
}

#[test]
fn bytes_that_are_no_key() {
    let bytes = development_bytes(SHAPE.into());
    let read =
        |bytes: &[u8]| VerifyingKey::from_bytes(bytes, SHAPE, ParameterPolicy::Development).map(|_| ());
    assert_eq!(read(bytes), Ok(()));
    assert!(matches!(
        read(&bytes[..bytes.len() - 1]),
        Err(VerifyingKeyError::Malformed(DecodeError::UnexpectedEnd { .. }))
    ));
    let long = [bytes, &[0]].concat();
    assert_eq!(read(&long), Err(VerifyingKeyError::Malformed(DecodeError::TrailingBytes { count: 1 })));
    let other = VerifyingKey::from_bytes(bytes, Shape::FourByFour, ParameterPolicy::Development);
    assert_eq!(other.unwrap_err(), VerifyingKeyError::Header(HeaderError::Circuit(SHAPE.into())));
    let tampered = |at: usize, byte: u8| {
        let mut bytes = bytes.to_vec();
        bytes[at] = byte;
        read(&bytes)
    };
    // Header 43 bytes, then alpha: a coordinate of all ones is not below the modulus.
    assert_eq!(tampered(43, 0x1f), Err(VerifyingKeyError::Encoding(Element::Alpha)));
    assert_eq!(tampered(43 + 95, bytes[43 + 95] ^ 1), Err(VerifyingKeyError::OffCurve(Element::Alpha)));
    let count = 43 + 96 + 96 + 192 + 192 + 96 + 192;
    let expected = TransferPublic::count(SHAPE) + 1;
    assert_eq!(
        tampered(count, 0xff),
        Err(VerifyingKeyError::InputCount { expected, found: 0xff00_0000 + expected })
    );
}
