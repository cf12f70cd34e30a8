use std::collections::BTreeMap;

use frost_core::{
    self as frost, Identifier, SigningKey,
    keys::{IdentifierList, KeyPackage, generate_with_dealer},
    tests::{
        batch, ciphersuite_generic as generic, coefficient_commitment, refresh, repairable, vss_commitment,
    },
};
use louver_core::{
    encoding::{Decode, Encode},
    keys::{RandomizedKey, SpendSignature},
};
use serde_json::json;

use super::*;
use crate::random::Seeded;

type Suite = JubjubBlake2b512;

fn rng(number: u8) -> Seeded {
    Seeded::new(&Zeroizing::new([number; 32]))
}

/// The tests that `frost-core` has for every ciphersuite.
#[test]
fn frost_core_finds_no_fault_with_keys() {
    generic::check_zero_key_fails::<Suite>();
    generic::check_error_culprit::<Suite>();
    generic::check_identifier_derivation::<Suite>();
    generic::check_share_generation::<Suite, _>(rng(1));
    generic::check_dkg_part1_fails_with_invalid_signers::<Suite, _>(
        1,
        3,
        frost::Error::InvalidMinSigners,
        rng(2),
    );
    vss_commitment::check_serialize_vss_commitment::<Suite, _>(rng(3));
    vss_commitment::check_deserialize_vss_commitment::<Suite, _>(rng(4));
    vss_commitment::check_deserialize_whole_vss_commitment::<Suite, _>(rng(5));
    vss_commitment::check_compute_public_key_package::<Suite, _>(rng(6));
    coefficient_commitment::check_serialization_of_coefficient_commitment::<Suite, _>(rng(7));
    coefficient_commitment::check_create_coefficient_commitment::<Suite, _>(rng(8));
    let identity = json!({ "elements": { "invalid_element": hex::encode(small_order(1)) } });
    coefficient_commitment::check_create_coefficient_commitment_error::<Suite>(&identity);
}

#[test]
fn frost_core_finds_no_fault_with_signatures() {
    generic::check_sign_with_dealer::<Suite, _>(rng(1));
    generic::check_sign_with_missing_identifier::<Suite, _>(rng(2));
    generic::check_sign_with_incorrect_commitments::<Suite, _>(rng(3));
    batch::batch_verify::<Suite, _>(rng(4));
    batch::bad_batch_verify::<Suite, _>(rng(5));
}

#[test]
fn frost_core_finds_no_fault_with_key_generation() {
    let (message, signature, key) = generic::check_sign_with_dkg::<Suite, _>(rng(1));
    assert_is_redjubjub(&message, &signature, &key);
    repairable::check_rts::<Suite, _>(rng(2));
    repairable::check_repair_share_part1::<Suite, _>(rng(3));
    refresh::check_refresh_shares_with_dealer::<Suite, _>(rng(4));
}

fn assert_is_redjubjub(
    message: &[u8],
    signature: &frost::Signature<Suite>,
    key: &frost::VerifyingKey<Suite>,
) {
    // The suite's own messages are of any length; ours are hashes.
    let key = redjubjub_key(key);
    let bytes: [u8; 64] = signature.serialize().unwrap().try_into().unwrap();
    if let Ok(message) = <&[u8; 32]>::try_from(message) {
        key.verify(message, &SpendSignature::from_array(bytes)).unwrap();
    }
}

fn redjubjub_key(key: &frost::VerifyingKey<Suite>) -> RandomizedKey {
    RandomizedKey::from_bytes(&key.serialize().unwrap()).unwrap()
}

/// Members of one key sign, and what they made is verified as core verifies the signature of a transaction.
#[test]
fn signatures_of_members_are_redjubjub_signatures() {
    let (shares, public) =
        generate_with_dealer::<Suite, _>(5, 3, IdentifierList::Default, &mut rng(1)).unwrap();
    let message = [9; 32];
    let keys: BTreeMap<_, _> = shares
        .into_iter()
        .skip(1)
        .take(3)
        .map(|(of, share)| (of, KeyPackage::try_from(share).unwrap()))
        .collect();
    let drawn = keys
        .iter()
        .map(|(of, key)| (*of, frost::round1::commit(key.signing_share(), &mut rng(2 + of.serialize()[0]))));
    let (mut nonces, mut commitments) = (BTreeMap::new(), BTreeMap::new());
    for (of, (own, commitment)) in drawn {
        nonces.insert(of, own);
        commitments.insert(of, commitment);
    }
    let package = frost::SigningPackage::new(commitments, &message);
    let shares: BTreeMap<Identifier<Suite>, _> = keys
        .iter()
        .map(|(of, key)| (*of, frost::round2::sign(&package, &nonces[of], key).unwrap()))
        .collect();
    let signature = frost::aggregate(&package, &shares, &public).unwrap();
    let key = redjubjub_key(public.verifying_key());
    let bytes: [u8; 64] = signature.serialize().unwrap().try_into().unwrap();
    assert_eq!(key.verify(&message, &SpendSignature::from_array(bytes)), Ok(()));
    assert!(key.verify(&[8; 32], &SpendSignature::from_array(bytes)).is_err());
}

/// And the other way: a signature by one signer of `redjubjub` is one of this suite.
#[test]
fn signatures_of_one_signer_agree() {
    let signer = SigningKey::<Suite>::new(&mut rng(1));
    let signature: [u8; 64] = signer.sign(rng(2), &[7; 32]).serialize().unwrap().try_into().unwrap();
    let key = frost::VerifyingKey::from(&signer);
    redjubjub_key(&key).verify(&[7; 32], &SpendSignature::from_array(signature)).unwrap();
    assert_eq!(redjubjub_key(&key).to_bytes(), key.serialize().unwrap());
}

/// The encoding of a point whose order divides 8: of order 1, 2, or 4.
fn small_order(order: u8) -> [u8; 32] {
    let mut bytes = [0; 32];
    match order {
        1 => bytes[0] = 1,
        2 => bytes = (-louver_core::spec::Fr::one()).to_bytes(),
        _ => {}
    }
    bytes
}

/// Attacker: a member who sends an element of small order, or one outside the subgroup, to learn its peers' secrets modulo 8
/// or to have a key that everybody knows.
#[test]
fn elements_outside_the_subgroup_are_refused() {
    for (order, fault) in [
        (1, GroupError::InvalidIdentityElement),
        (2, GroupError::InvalidNonPrimeOrderElement),
        (4, GroupError::InvalidNonPrimeOrderElement),
    ] {
        assert_eq!(JubjubSubgroup::deserialize(&small_order(order)).err(), Some(fault), "{order}");
    }
    let small = jubjub::AffinePoint::from_bytes(small_order(2)).unwrap();
    let mixed = jubjub::ExtendedPoint::from(spend_base()) + small;
    let mixed = jubjub::AffinePoint::from(mixed).to_bytes();
    assert_eq!(JubjubSubgroup::deserialize(&mixed).err(), Some(GroupError::InvalidNonPrimeOrderElement));
    assert_eq!(JubjubSubgroup::deserialize(&[0xff; 32]).err(), Some(GroupError::MalformedElement));
    assert!(JubjubSubgroup::serialize(&SubgroupPoint::identity()).is_err());
    assert!(JubjubSubgroup::deserialize(&point_bytes(&spend_base())).is_ok());
}

/// Attacker: one who gives a scalar two encodings, so that two members see two values.
#[test]
fn a_scalar_has_one_encoding() {
    let mut order = (-Fj::one()).to_bytes();
    order[0] += 1;
    assert!(JubjubScalars::deserialize(&order).is_err());
    assert!(JubjubScalars::deserialize(&[0xff; 32]).is_err());
}

/// Attacker: one who has members hash the same bytes for two purposes, so that an answer to one is an answer to the other.
#[test]
fn no_two_hashes_agree() {
    let m = b"message";
    let scalars = [
        Suite::H1(m),
        Suite::H2(m),
        Suite::H3(m),
        Suite::HDKG(m).unwrap(),
        Suite::HID(m).unwrap(),
        to_fj(&Suite::H4(m)),
        to_fj(&Suite::H5(m)),
    ];
    for (at, one) in scalars.iter().enumerate() {
        assert!(!scalars[at + 1..].contains(one));
    }
}

/// `[vectors]`: the hashes are those of the independent generator.
#[test]
fn hashes_agree_with_the_vectors() {
    let file = include_str!("../../../spec/vectors/committee.json");
    let file: serde_json::Value = serde_json::from_str(file).unwrap();
    let cases = file["suite"].as_array().unwrap();
    assert_eq!(cases.len(), 3);
    for case in cases {
        let m = hex::decode(case["message"].as_str().unwrap()).unwrap();
        let scalars = [
            ("h1", Suite::H1(&m)),
            ("h2", Suite::H2(&m)),
            ("h3", Suite::H3(&m)),
            ("hdkg", Suite::HDKG(&m).unwrap()),
            ("hid", Suite::HID(&m).unwrap()),
        ];
        scalars
            .iter()
            .for_each(|(name, value)| assert_eq!(case[name], hex::encode(value.to_bytes()), "{name}"));
        assert_eq!(case["h4"], hex::encode(Suite::H4(&m)));
        assert_eq!(case["h5"], hex::encode(Suite::H5(&m)));
    }
}
