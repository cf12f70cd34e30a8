use ff::Field;
use proptest::prelude::*;

use super::*;
use crate::spec::b32;

fn parse(hex: &str) -> Fr {
    let mut bytes: [u8; 32] = hex::decode(hex).unwrap().try_into().unwrap();
    bytes.reverse();
    Fr::from_bytes(&bytes).unwrap()
}

#[test]
fn the_published_vector() {
    let input = [0u64, 1, 2, 3, 4].map(Fr::from);
    let output = [
        "2a918b9c9f9bd7bb509331c81e297b5707f6fc7393dcee1b13901a0b22202e18",
        "65ebf8671739eeb11fb217f2d5c5bf4a0c3f210e3f3cd3b08b5db75675d797f7",
        "2cc176fc26bc70737a696a9dfd1b636ce360ee76926d182390cdb7459cf585ce",
        "4dc4e29d283afd2a491fe6aef122b9a968e74eff05341f3cc23fda1781dcb566",
        "03ff622da276830b9451b88b85e6184fd6ae15c8ab3ee25a5667be8592cce3b1",
    ]
    .map(parse);
    assert_eq!(reference::permute(input), output);
    assert_eq!(permute(input), output);
}

#[test]
fn constants_are_those_of_the_reference() {
    let (constants, matrix) = reference::parameters();
    assert_eq!(round_constants().as_flattened(), constants);
    assert_eq!(mds().as_flattened(), matrix.concat());
}

#[test]
fn constants_are_pinned() {
    let bytes: Vec<u8> =
        round_constants().iter().chain(mds()).flatten().flat_map(|element| element.to_bytes()).collect();
    assert_eq!(
        hex::encode(b32(b"constants", &[&bytes])),
        "5251d9ba19785b67b486af6afdf1047b68394ca8d4969599ab2331035f4d467c"
    );
}

#[test]
fn domains_differ_in_constant_or_are_the_same() {
    for (i, one) in Domain::ALL.iter().enumerate() {
        for other in &Domain::ALL[..i] {
            assert_ne!(one.constant(), other.constant());
        }
        assert!((2..=4).contains(&one.arity()));
    }
    // "Louver/1/cm" read as a little-endian integer.
    assert_eq!(Domain::Commitment.constant(), parse(&format!("{:0>64}", hex::encode("mc/1/revuoL"))));
}

#[test]
fn the_result_is_lane_one_and_absent_inputs_are_zero() {
    let (x, y) = (Fr::from(7), Fr::from(8));
    let state = [Domain::Nullifier.constant(), x, y, Fr::zero(), Fr::zero()];
    assert_eq!(hash(Domain::Nullifier, &[x, y]), permute(state)[1]);
    assert_eq!(lanes(Domain::Nullifier, &[x, y]), permute(state)[1..]);
    assert_ne!(hash(Domain::Nullifier, &[x, y]), hash(Domain::SpendTag, &[x, y]));
}

#[test]
#[should_panic(expected = "arity")]
fn arity_is_fixed() {
    hash(Domain::Tag, &[Fr::ONE]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn fast_is_plain(seeds in prop::array::uniform5(prop::array::uniform32(any::<u8>()))) {
        let state = seeds.map(|seed| {
            let mut wide = [0u8; 64];
            wide[16..48].copy_from_slice(&seed);
            Fr::from_bytes_wide(&wide)
        });
        prop_assert_eq!(permute(state), reference::permute(state));
    }
}
